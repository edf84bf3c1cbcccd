"""How a unit's request to have approved figures open again (đề nghị mở lại) stands."""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """What became of a request."""

    ASKED = "asked"  # Chờ cơ quan nhận
    GRANTED = "granted"  # Đồng ý mở lại
    REFUSED = "refused"  # Không đồng ý
