"""Columns that look like personal data (PRACTICE F21): lawful only with a basis, so the designer is asked for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.catalogue.model import CellKind, Column, Form
from registry.catalogue.places import Key, Places
from registry.findings import Finding, finding
from vietnamese.fold import fold

_PERSONAL = re.compile(
    r"\b(ho (va |, ?)?ten|cccd|cmnd|cmtnd|(the |so )?can cuoc|(so )?dinh danh ca nhan"
    r"|ngay,?( thang,?)?( nam)? sinh(?! hoat)|nam sinh|dia chi|noi o|thuong tru|tam tru|(so )?dien thoai|sdt|so dt)\b"
)
_TYPED = frozenset({CellKind.INPUT, CellKind.TEXT, CellKind.DATE, CellKind.CHOICE, CellKind.UNIT, CellKind.NOTE})


def is_personal(heading: str) -> bool:
    """True when a heading reads like họ tên, CCCD, ngày sinh, địa chỉ, điện thoại.

    >>> is_personal("Họ và tên chủ hộ"), is_personal("Tên dự án")
    (True, False)
    """
    return bool(_PERSONAL.search(fold(heading)))


def personal_findings(form: Form, places: Places) -> Iterator[Finding]:
    """The columns of a form and its lists that ask for personal data while the form names no legal basis."""
    if form.legal_basis.strip():
        return
    listed: list[tuple[str, Key, Column]] = [("columns", (form.code, one.code), one) for one in form.columns]
    listed += [
        ("list_columns", (form.code, table.code, one.code), one) for table in form.lists for one in table.columns
    ]
    for stem, key, column in listed:
        heading = " > ".join(column.path)
        if column.kind in _TYPED and is_personal(heading):
            where = places.where(stem, key, "path")
            yield finding("catalogue-personal-column", **where, column=heading, found=heading, form=form.code)
