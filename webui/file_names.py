"""Names of files that people choose: safe to keep, and safe to hand back in a header."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from werkzeug.datastructures import FileStorage

from vietnamese.dates import HO_CHI_MINH

_FOLDERS = re.compile(r".*(?<!<)[/\\]", re.DOTALL)  # no folder's name ends in "<"


def arrived_as(file: FileStorage) -> str:
    """The file's own name, without folders; may be empty."""
    return _clean(_FOLDERS.sub("", file.filename or ""))


def handed_back_as(name: str | None, fallback: str) -> str:
    """The name a browser saves a file under: its own, or ``fallback`` when nothing is left of that."""
    return _clean(name or "") or fallback


def for_official_use(name: str, login: str, moment: datetime) -> str:
    """A file's name with who took it and when (dùng cho công vụ): its bytes stay those whose hash is on record.

    >>> for_official_use("BC_KTXH_202610_tong-hop_v1.xlsx", "vpub", datetime(2026, 10, 15, 9, 5, tzinfo=HO_CHI_MINH))
    'BC_KTXH_202610_tong-hop_v1_cong-vu_vpub_20261015-0905.xlsx'
    """
    stem, dot, kind = name.rpartition(".")
    return f"{stem}_cong-vu_{login}_{moment.astimezone(HO_CHI_MINH):%Y%m%d-%H%M}{dot}{kind}"


def _clean(name: str) -> str:
    return "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip()
