"""Trouble and difficulties of half a year (15.2): the tables, the document laid out as NĐ 30 has it, the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from compile import tables_book
from compile.coverage import copy
from compile.document_table import table_blocks
from compile.tables import Align, Cell, RowStyle, Table, TableColumn, TableRow, text_cell
from registry.catalogue.model import Unit
from registry.periods import Period
from registry.workflow.feedback import OPEN, FeedbackKind, FeedbackState
from vietnamese.dates import format_date, format_moment
from vietnamese.letters import first_upper
from vietnamese.numbers import format_number
from workbook_templates.official import blocks
from workbook_templates.official import document as official
from workbook_templates.official.document import MARGIN_LEFT, MARGIN_RIGHT, PAPERS
from workbook_templates.official.letterhead import Signature, letterhead
from workbook_templates.official.wordml import Run, Setting, paragraph, twips

_TEXT = Setting("both", first_line=twips(12.7), before=6, line=264)
_HEADING = Setting("left", before=9, after=3, keep_next=True)
_ROOM = twips(PAPERS["A4"][0] - MARGIN_LEFT - MARGIN_RIGHT)
_LONGEST = 300  # characters of what somebody wrote
_COUNTED = ("received", "answered", "open", "overdue", "days")


@dataclass(frozen=True, slots=True)
class Difficulty:
    """One thing somebody wrote."""

    number: int
    kind: FeedbackKind
    unit: Unit
    at: datetime
    text: str
    state: FeedbackState
    standing: str  # the state in words
    answer: str  # the last one given
    days: int | None  # working days until it was first answered
    is_overdue: bool


@dataclass(frozen=True)
class HalfYear:
    """What was written in half a year, and who says so."""

    period: Period
    as_of: datetime
    issuer: Unit
    province: Unit
    signature: Signature | None
    kinds: dict[FeedbackKind, str]  # in words
    lines: tuple[Difficulty, ...]
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of some lines; ``days`` is the mean of working days until the first answer, None without one."""

    received: int
    answered: int
    open: int
    overdue: int
    days: Decimal | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of something written is counted."""

    state: FeedbackState
    days: int | None  # working days until it was first answered
    is_overdue: bool


def tally(lines: Iterable[Difficulty | Asked]) -> Tally:
    """How many were written, answered, are open still and late, and how long answers took."""
    held = list(lines)
    taken = [one.days for one in held if one.days is not None]
    return Tally(
        len(held),
        len(taken),
        sum(one.state in OPEN for one in held),
        sum(one.is_overdue for one in held),
        Decimal(sum(taken)) / len(taken) if taken else None,
    )


# --- tables ----------------------------------------------------------------------------------------------------------


def by_kind(half: HalfYear) -> Table:
    """One line a kind, the sum first."""
    groups = [(words, [one for one in half.lines if one.kind is kind]) for kind, words in half.kinds.items()]
    return _tallies("kinds", half, groups)


def by_unit(half: HalfYear) -> Table:
    """One line a unit that wrote, in official order, the sum first."""
    units = sorted({one.unit for one in half.lines}, key=lambda unit: (unit.order, unit.code))
    return _tallies("units", half, [(unit.name, [one for one in half.lines if one.unit == unit]) for unit in units])


def _tallies(room: str, half: HalfYear, groups: list[tuple[str, list[Difficulty]]]) -> Table:
    columns = [
        TableColumn((copy("difficulties.ordinal"),), "", 5),
        TableColumn((copy(f"difficulties.{room}"),), "", 30),
    ]
    columns += [TableColumn((copy(f"difficulties.{name}"),), "", 11) for name in _COUNTED]
    rows = [_tally_row("", copy("difficulties.total"), tally(half.lines), RowStyle.TOTAL)]
    rows += [_tally_row(str(n), words, tally(lines)) for n, (words, lines) in enumerate(groups, 1)]
    return Table(copy(f"difficulties.by_{room}"), tuple(columns), tuple(rows))


def _tally_row(ordinal: str, words: str, counted: Tally, style: RowStyle = RowStyle.DATA) -> TableRow:
    counts = [_number(Decimal(getattr(counted, name)), 0) for name in _COUNTED[:-1]]
    days = Cell("–", align=Align.CENTRE) if counted.days is None else _number(counted.days, 1)
    return TableRow((text_cell(ordinal, Align.CENTRE), text_cell(words), *counts, days), style)


def _number(number: Decimal, decimals: int) -> Cell:
    return Cell(format_number(number, decimals), number, decimals, Align.RIGHT)


_LISTED: tuple[tuple[str, float, Callable[[Difficulty], Cell]], ...] = (
    ("number", 7, lambda one: text_cell(str(one.number), Align.CENTRE)),
    ("unit", 18, lambda one: text_cell(one.unit.name)),
    ("at", 11, lambda one: text_cell(format_date(one.at), Align.CENTRE)),
    ("text", 38, lambda one: text_cell(_short(one.text))),
    ("result", 32, lambda one: text_cell(_result(one))),
    ("after", 11, lambda one: Cell("–", align=Align.CENTRE) if one.days is None else _number(Decimal(one.days), 0)),
)


def listed(half: HalfYear) -> Table:
    """Every one of them under its kind, by unit in official order."""
    columns = tuple(TableColumn((copy(f"difficulties.{name}"),), "", width) for name, width, _ in _LISTED)
    return Table(copy("difficulties.listed"), columns, tuple(_listed_rows(half)), label_column=3)


def _listed_rows(half: HalfYear) -> Iterator[TableRow]:
    for kind, words in half.kinds.items():
        mine = sorted((one for one in half.lines if one.kind is kind), key=lambda one: (one.unit.order, one.number))
        if mine:
            cells = [text_cell("")] * len(_LISTED)
            cells[3] = text_cell(f"{words} ({len(mine)})")
            yield TableRow(tuple(cells), RowStyle.GROUP)
        yield from (TableRow(tuple(cell(one) for _, _, cell in _LISTED)) for one in mine)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


def _result(one: Difficulty) -> str:
    late = f" ({copy('difficulties.late')})" if one.is_overdue else ""
    return f"{one.standing}{late}" + (f": {_short(one.answer)}" if one.answer else "")


# --- document --------------------------------------------------------------------------------------------------------


def document(half: HalfYear) -> bytes:
    """The list as docx bytes; number, day and signer's name stay blank where they are not on record."""
    issuer = letterhead(half.issuer, half.province, half.signature)
    subject = copy("difficulties.subject", period=half.period.label)
    made = official.blank(subject, half.issuer.name, half.as_of)
    counted, kinds = tally(half.lines), by_kind(half)
    says = copy("difficulties.none" if not half.lines else "difficulties.opening", **_counts(half, counted))
    parts = [*blocks.opening_blocks(issuer, subject, half.as_of.year), paragraph(says, _TEXT)]
    if half.is_sample:
        parts.append(paragraph([Run(copy("head.sample"), italic=True)], _TEXT))
    if half.lines:
        for n, table in enumerate((kinds, by_unit(half), listed(half)), 1):
            parts += [paragraph([Run(f"{n}. {table.title}", bold=True)], _HEADING), *table_blocks(table, _ROOM)]
    parts += [paragraph(blocks.closing(subject, issuer), _TEXT), *blocks.signature_blocks(issuer)]
    return official.finished(made, parts)


def _counts(half: HalfYear, counted: Tally) -> dict[str, object]:
    days = "" if counted.days is None else copy("difficulties.mean", days=format_number(counted.days, 1))
    units = len({one.unit.code for one in half.lines})
    return {
        "period": half.period.label,
        "moment": format_moment(half.as_of),
        "received": counted.received,
        "units": units,
        "answered": counted.answered,
        "open": counted.open,
        "overdue": counted.overdue,
        "days": days,
    }


# --- workbook --------------------------------------------------------------------------------------------------------


def workbook(half: HalfYear) -> bytes:
    """The same tables as xlsx bytes, a sheet each."""
    tables = (("kinds", by_kind(half)), ("units", by_unit(half)), ("list", listed(half)))
    sheets = [(copy(f"difficulties.sheet_{name}"), table) for name, table in tables]
    return tables_book.build(sheets, first_upper(half.period.label))
