"""A form without fixed rows as a list table: every column by its heading, the key, the choices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.numbers import is_date_format
from ingest.official.codes import Codes, initials
from ingest.official.columns import PERCENT, by_number
from ingest.official.doubts import Doubts, Target
from ingest.official.formats import decimals_of, shared_format
from ingest.official.formula import NotOurs, of_hint
from ingest.official.known import Known
from ingest.official.paper import At
from ingest.official.table import HeadColumn, Table
from ingest.official.words import Folded
from registry.catalogue.model import CellKind, Column, Form, ListTable, Member
from vietnamese.fold import fold, slug

LINES = 200
_OPTIONS = re.compile(r"\((?:gồm |ghi |chọn )?(?P<options>[^()]*[,;/][^()]*)\)\s*$", re.IGNORECASE)
_REMARK = re.compile(
    r"(?:cột|\()\s*\(?(?P<number>\d{1,3})\)?\s*[:.]?\s*(?:ghi|chọn|nhập)?\s*(?:một trong(?: các)?[^:]*)?:\s*"
    r"(?P<options>.+)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(giai ngan|ke hoach von|\bvon\b|kinh phi|so tien|gia tri|muc dau tu|du toan|thanh tien)")
_COUNTED = re.compile(
    r"(tong|so luong|so (ho|nguoi|tien|vu|xa)|ho (?!va ten|ten)|luy ke|uoc|ty le|ti le|dien tich|san luong|%)"
)
_CHOSEN = re.compile(r"(nhom|nguon|hinh thuc|loai|muc do|trang thai|linh vuc|tinh trang)\b.*")
_KINDS: tuple[tuple[re.Pattern[str], CellKind], ...] = (
    (re.compile(r"ghi chu.*"), CellKind.NOTE),
    (
        re.compile(r"(ma|so hieu|so quyet dinh|quyet dinh|can cu|ten|dia diem|dia chi|noi dung|thoi gian)\b.*"),
        CellKind.TEXT,
    ),
    (re.compile(r"(ngay|thoi diem)\b.*"), CellKind.DATE),
    (
        re.compile(
            r".*(kho khan|vuong mac|de xuat|kien nghi|giai phap|ly do|nguyen nhan|thao go|tien do|ket qua xu ly).*"
        ),
        CellKind.TEXT,
    ),
    (
        re.compile(r"(chu dau tu|don vi (thuc hien|chu tri|quan ly|bao cao)|co quan|xa, phuong|dia phuong|don vi)\b.*"),
        CellKind.UNIT,
    ),
    (_CHOSEN, CellKind.CHOICE),
    (re.compile(r"(thon|buon|to dan pho|ho va ten|ho ten|dan toc|doi tuong|cong trinh|du an)\b.*"), CellKind.TEXT),
)
_CHOOSABLE = (CellKind.TEXT, CellKind.CHOICE, CellKind.INPUT)  # where a list drawn on the cells says what is typed
_TREASURY = re.compile(r"kho bac( nha nuoc)?")  # its own figures are the official ones, never typed by others
_SOME_COMMUNE = re.compile(r"\(xa, phuong\)")
_KEY = re.compile(r"(ma|so hieu|nguon von|thon|buon)\b.*")


def list_of(
    table: Table,
    form: Form,
    same: Form | None,
    unit: str,
    known: Known,
    doubts: Doubts,
    remarks: Sequence[tuple[At, str]],
) -> tuple[ListTable, tuple[Member, ...]]:
    """The list table and the members of the choices it offers; ``same`` is the form's last version, if there is one."""
    heads = [head for head in table.columns if head is not table.number_column]
    if not any(head.number for head in heads):
        heads = [head._replace(number=str(place)) for place, head in enumerate(heads, start=1)]
    options = {found["number"]: found["options"] for _, line in remarks if (found := _REMARK.match(line))}
    columns: list[Column] = []
    members: list[Member] = []
    codes = Codes()
    for head in heads:
        column, offered = _column(table, head, codes, options.get(head.number, ""), known)
        members += offered
        columns.append(_measured(column, unit, known))
    shown = _keyed(
        [
            _computed(column, head, columns, doubts, n)
            for n, (column, head) in enumerate(zip(columns, heads, strict=True))
        ]
    )
    for place, (column, head) in enumerate(zip(shown, heads, strict=True)):
        _doubt(column, head, place, doubts)
    last = same.lists[0] if same and same.lists else None
    code, title, lines = (last.code, last.title, last.lines) if last else (form.code, form.title, LINES)
    return ListTable(code, title, tuple(shown), lines, bool(last and last.prefill)), tuple(members)


def _column(table: Table, head: HeadColumn, codes: Codes, options: str, known: Known) -> tuple[Column, list[Member]]:
    code = codes.take(f"c{int(head.number):02d}" if head.number.isdecimal() else f"c{head.number or head.column}")
    path, inner = _without_options(head.path)
    kind = _kind(table, head, path)
    drawn = _drawn(table, head) if kind in _CHOOSABLE else ()
    offered: list[Member] = []
    choices = ""
    if kind is CellKind.CHOICE or inner or options or drawn:
        breakdown = slug(path[-1]).replace("-", "_")[:24]
        named = drawn or [one.strip(" .") for one in re.split(r"[;,/]", options or inner) if one.strip(" .")]
        if known.has_breakdown(breakdown):
            kind, choices = CellKind.CHOICE, breakdown
        elif len(named) >= 2 and (kind is CellKind.CHOICE or options or drawn):
            members = Codes()
            offered = [Member(breakdown, members.take(initials(one)), one, n) for n, one in enumerate(named, start=1)]
            kind, choices = CellKind.CHOICE, breakdown
        elif kind is CellKind.CHOICE:
            kind = CellKind.TEXT
    whole = path if choices and inner and not options else head.path
    width = 30 if kind in (CellKind.TEXT, CellKind.NOTE) else 14
    decimals = decimals_of(shared_format(table, head.column)) if kind in (CellKind.INPUT, CellKind.SHOWN) else None
    return Column(code, head.number, whole, kind, decimals=decimals, choices=choices, width=width), offered


def _drawn(table: Table, head: HeadColumn) -> tuple[str, ...]:
    """The words a list drawn on the column's cells offers; of one word or of figures nothing can be chosen."""
    listed = table.paper.offered((table.number_row or head.at[0]) + 1, head.column)
    return listed if len(listed) > 1 and not all(one.isdecimal() for one in listed) else ()


def _without_options(path: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    found = _OPTIONS.search(path[-1])
    if found is None or fold(found["options"]) in ("xa, phuong", "so, ngay", "so/ngay"):
        return path, ""
    return (*path[:-1], path[-1][: found.start()].strip() or path[-1]), found["options"]


def _kind(table: Table, head: HeadColumn, path: tuple[str, ...]) -> CellKind:
    code, folded = shared_format(table, head.column), Folded.of(path)
    if _TREASURY.fullmatch(folded.leaf):
        return CellKind.SHOWN
    if code and code != "@":
        return CellKind.DATE if is_date_format(code) else CellKind.INPUT
    if _SOME_COMMUNE.search(fold(head.path[-1])):
        return CellKind.UNIT
    if len(path) > 1 and (_MONEY.search(folded.whole) or _COUNTED.search(folded.whole)) and code != "@":
        return CellKind.INPUT
    if not _COUNTED.match(folded.leaf) or code == "@":
        for shape, kind in _KINDS:
            if shape.fullmatch(folded.leaf):
                return kind
    return CellKind.TEXT if code == "@" or head.column == table.label_column.column else CellKind.INPUT


def _measured(column: Column, unit: str, known: Known) -> Column:
    """A column of figures in the measure its heading names, else in the unit line's."""
    if column.kind not in (CellKind.INPUT, CellKind.SHOWN):
        return column
    if re.search(r"(ty le|ti le|%)", fold(column.path[-1])):
        return replace(column, measure=PERCENT, decimals=2 if column.decimals is None else column.decimals, width=10)
    own = re.search(r"\(([^()]+)\)\s*$", column.path[-1])
    common = (known.measure(unit) or known.measure_within(unit)) if unit else None
    found = (known.measure(own[1]) if own else None) or common
    if found is None:
        return replace(column, decimals=column.decimals or 0)
    return replace(column, measure=found.code, decimals=min(column.decimals or 0, found.decimals))


def _computed(column: Column, head: HeadColumn, columns: Sequence[Column], doubts: Doubts, place: int) -> Column:
    if not head.hint:
        return column
    try:
        formula = of_hint(head.hint, by_number(columns))
    except NotOurs:
        doubts.add("official-formula-foreign", head.at, Target("list_columns", place, "formula"), found=head.hint)
        return column
    return replace(column, kind=CellKind.COMPUTED, formula=formula)


def _keyed(columns: Sequence[Column]) -> list[Column]:
    """The columns that tell one line from another: codes and sources, else the first column of words."""
    typed = [one for one in columns if one.kind in (CellKind.TEXT, CellKind.CHOICE, CellKind.UNIT)]
    keys = [one.code for one in typed if _KEY.fullmatch(fold(one.path[-1]))] or [one.code for one in typed[:1]]
    return [replace(one, key=True, required=True) if one.code in keys else one for one in columns]


def _doubt(column: Column, head: HeadColumn, place: int, doubts: Doubts) -> None:
    path = " > ".join(column.path)
    if column.key:
        doubts.add("official-list-key", head.at, Target("list_columns", place, "key"), column=path)
    if column.kind is CellKind.TEXT and _CHOSEN.fullmatch(fold(column.path[-1])):
        doubts.add("official-choices-missing", head.at, Target("list_columns", place, "choices"), column=path)
    if column.kind in (CellKind.UNIT, CellKind.SHOWN):
        kind = Target("list_columns", place, "kind")
        doubts.add("official-column-kind", head.at, kind, column=path, found=column.kind.value)
