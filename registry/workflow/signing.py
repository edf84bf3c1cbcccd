"""In what capacity somebody signs (NĐ 30/2020, Điều 13; R45)."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """tư cách ký."""

    DIRECT = "direct"  # ký trực tiếp: the head
    FOR = "KT"  # ký thay: a deputy, in the field assigned to him
    BY_ORDER = "TL"  # thừa lệnh: the head of a sub-unit
    BY_MANDATE = "TUQ"  # thừa ủy quyền
    ACTING = "Q"  # quyền

    @property
    def needs_document(self) -> bool:
        """True for those that rest on a written basis with its scope and time."""
        return self in (Standing.BY_ORDER, Standing.BY_MANDATE)

    @property
    def may_be_lent(self) -> bool:
        """False for a mandate: it is not passed on."""
        return not self.needs_document
