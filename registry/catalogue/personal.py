"""Which columns of a form hold personal data (PRACTICE F21, R51): those marked so, and those whose heading reads so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.catalogue.model import CellKind, Column, Form
from vietnamese.fold import fold

_PERSONAL = re.compile(
    r"\b(ho (va |, ?)?ten|cccd|cmnd|cmtnd|(the |so )?can cuoc|(so )?dinh danh ca nhan"
    r"|ngay,?( thang,?)?( nam)? sinh(?! hoat)|nam sinh|dia chi|noi o|thuong tru|tam tru|(so )?dien thoai|sdt|so dt)\b"
)
_TYPED = frozenset({CellKind.INPUT, CellKind.TEXT, CellKind.DATE, CellKind.CHOICE, CellKind.UNIT, CellKind.NOTE})
PersonalColumns = frozenset[tuple[str, str]]  # (code of the list table, or "", code of the column)


def is_personal(heading: str) -> bool:
    """True when a heading reads like họ tên, CCCD, ngày sinh, địa chỉ, điện thoại.

    >>> is_personal("Họ và tên chủ hộ"), is_personal("Tên dự án")
    (True, False)
    """
    return bool(_PERSONAL.search(fold(heading)))


def is_personal_column(column: Column) -> bool:
    """True for a column people type personal data into."""
    marked = is_personal(" > ".join(column.path)) if column.personal is None else column.personal
    return marked and column.kind in _TYPED


def personal_columns(form: Form) -> PersonalColumns:
    """All of a form's, those of its lists too."""
    return frozenset(_personal(form))


def _personal(form: Form) -> Iterator[tuple[str, str]]:
    yield from (("", column.code) for column in form.columns if is_personal_column(column))
    for table in form.lists:
        yield from ((table.code, column.code) for column in table.columns if is_personal_column(column))
