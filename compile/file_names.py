"""Names of the files a compile gives: ASCII, code first (F30)."""

from __future__ import annotations

from vietnamese.fold import slug


def report_name(regime: str, period: str, version: int, suffix: str, content: str = "tong-hop") -> str:
    """``BC_KTXH_202610_tong-hop_v1.xlsx``; ``suffix`` without its dot.

    >>> report_name("ĐX", "2026DX003", 2, "docx")
    'BC_DX_2026DX003_tong-hop_v2.docx'
    """
    return f"BC_{_code(regime)}_{_code(period)}_{slug(content)}_v{version}.{suffix}"


def _code(text: str) -> str:
    return slug(text).upper()
