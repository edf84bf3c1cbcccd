"""How units keep their deadlines and use the system (R29; 15.1, 17.3): the report as NĐ 30 has it, and its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from compile import tables_book
from compile.coverage import copy
from compile.difficulties import Tally
from compile.document_table import table_blocks
from compile.history import (
    Kept,
    Record,
    by_unit,
    count_cell,
    percent_cell,
    record_cells,
    record_columns,
    unit_table,
)
from compile.tables import Align, Cell, RowStyle, Table, TableColumn, TableRow, text_cell
from registry.catalogue.model import Unit
from registry.periods import Period
from registry.workflow.timeliness import Arrival
from vietnamese.dates import format_due, format_moment
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


@dataclass(frozen=True, slots=True)
class Used:
    """How a unit used the system."""

    unit: Unit
    accounts: int
    active: int
    sign_ins: int
    uploads: int
    first_files: int
    accepted_first: int
    approvals: int
    own_entries: int
    delegated: int
    on_behalf: int

    @property
    def percent(self) -> Decimal | None:
        """Of first files those accepted at once, one decimal."""
        return share(self.accepted_first, self.first_files)


def share(part: int, whole: int) -> Decimal | None:
    """In per cent, one decimal; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


@dataclass(frozen=True)
class UsageReport:
    """What the report of a period is made of; of one unit alone when it tells of itself."""

    period: Period
    as_of: datetime
    issuer: Unit
    province: Unit
    signature: Signature | None
    regimes: dict[str, str]  # code -> name
    held: tuple[Kept, ...]  # sendings whose deadline lies in the period
    used: tuple[Used, ...]  # in official order
    feedback: Tally
    is_own: bool  # a unit about itself (17.3)
    is_sample: bool = False

    @property
    def record(self) -> Record:
        """Of all sendings."""
        return Record.of(self.held)

    @property
    def subject(self) -> str:
        """``Tình hình gửi báo cáo và sử dụng Hệ thống …``."""
        return copy("usage.subject", period=self.period.label)


# --- tables ----------------------------------------------------------------------------------------------------------


def _columns(*named: tuple[str, float]) -> tuple[TableColumn, ...]:
    return tuple(TableColumn((copy(f"usage.{name}"),), "", width) for name, width in named)


def by_period(report: UsageReport) -> Table:
    """One line a regime and period, the sum first."""
    groups: dict[tuple[str, str], list[Kept]] = {}
    for one in report.held:
        groups.setdefault((one.regime, one.period.code), []).append(one)
    rows = [TableRow((text_cell(""), text_cell(copy("usage.total")), *record_cells(report.record)), RowStyle.TOTAL)]
    for place, ((regime, _), some) in enumerate(groups.items(), 1):
        words = f"{report.regimes.get(regime, regime)}, {some[0].period.label}"
        rows.append(TableRow((text_cell(str(place), Align.CENTRE), text_cell(words), *record_cells(Record.of(some)))))
    return Table(copy("usage.by_period"), (*_columns(("ordinal", 5), ("regime", 30)), *record_columns()), tuple(rows))


def late(report: UsageReport) -> Table:
    """Who sent late, by how many working days."""
    return _listed(
        "late",
        (one for one in report.held if one.standing.arrival is Arrival.LATE),
        ("days", 14, lambda one: count_cell(one.standing.days_late)),
    )


def missing(report: UsageReport) -> Table:
    """Who has not sent what is overdue."""
    return _listed(
        "missing",
        (one for one in report.held if one.standing.arrival is Arrival.MISSING),
        ("due", 24, lambda one: text_cell(format_due(one.sending.due_at), Align.CENTRE)),
    )


def extended(report: UsageReport) -> Table:
    """Who was given more time, and why; everybody asked is one line."""
    asked = Counter((one.regime, one.period.code) for one in report.held)
    groups: dict[tuple[str, str, tuple[str, ...]], list[Kept]] = {}
    for one in report.held:
        if one.extensions:
            groups.setdefault((one.regime, one.period.code, one.extensions), []).append(one)
    rows: list[tuple[str, Kept]] = []
    for (regime, period, _), some in groups.items():
        is_all = len(some) == asked[regime, period] > 1
        whole = [(copy("usage.all_asked", count=len(some)), some[0])]
        rows += whole if is_all else [(one.unit.name, one) for one in some]
    return _lines("extended", rows, ("why", 44, lambda one: text_cell("; ".join(dict.fromkeys(one.extensions)))))


_Last = tuple[str, float, Callable[[Kept], Cell]]


def _listed(name: str, held: Iterable[Kept], last: _Last) -> Table:
    ordered = sorted(held, key=lambda one: (one.unit.order, one.regime, one.period.code))
    return _lines(name, [(one.unit.name, one) for one in ordered], last)


def _lines(name: str, named: Iterable[tuple[str, Kept]], last: _Last) -> Table:
    key, width, cell = last
    rows = tuple(
        TableRow(
            (
                text_cell(str(place), Align.CENTRE),
                text_cell(who),
                text_cell(f"{one.regime}, {one.period.label}"),
                cell(one),
            )
        )
        for place, (who, one) in enumerate(named, 1)
    )
    head = _columns(("ordinal", 5), ("unit", 34), ("period", 28), (key, width))
    return Table(copy(f"usage.{name}"), head, rows, notes=() if rows else (copy("usage.nobody"),))


_USED: Sequence[tuple[str, float, Callable[[Used], Cell]]] = (
    *(
        (name, 10.0, lambda one, name=name: count_cell(getattr(one, name)))
        for name in ("accounts", "active", "sign_ins", "uploads", "first_files")
    ),
    ("accepted", 11.0, lambda one: percent_cell(one.percent)),
    *(
        (name, 10.0, lambda one, name=name: count_cell(getattr(one, name)))
        for name in ("approvals", "own_entries", "delegated", "on_behalf")
    ),
)


def used_table(report: UsageReport) -> Table:
    """One line a unit, the sum first."""
    head = (*_columns(("ordinal", 5), ("unit", 26)), *_columns(*((name, width) for name, width, _ in _USED)))
    whole = (cell(_sum(report)) for _, _, cell in _USED)
    rows = [TableRow((text_cell(""), text_cell(copy("usage.total")), *whole), RowStyle.TOTAL)]
    rows += [
        TableRow((text_cell(str(n), Align.CENTRE), text_cell(one.unit.name), *(cell(one) for _, _, cell in _USED)))
        for n, one in enumerate(report.used, 1)
    ]
    return Table(copy("usage.used"), head, tuple(rows))


def _sum(report: UsageReport) -> Used:
    counted = [name for name in Used.__slots__ if name != "unit"]
    return Used(report.issuer, *(sum(getattr(one, name) for one in report.used) for name in counted))


def feedback_table(report: UsageReport) -> Table:
    """What was written of trouble, as `compile.difficulties` counts it."""
    told = report.feedback
    days = None if told.days is None else told.days.quantize(Decimal("0.1"))
    cells = (*map(count_cell, (told.received, told.answered, told.open, told.overdue)), percent_cell(days))
    head = _columns(("received", 12), ("answered", 12), ("open", 12), ("overdue", 14), ("answer_days", 20))
    return Table(copy("usage.feedback"), head, (TableRow(cells),), labels=0, label_column=0)


def _parts(report: UsageReport) -> list[tuple[str, Table]]:
    units = [] if report.is_own else [("sheet_units", unit_table(by_unit(report.held), report.held))]
    return [
        ("sheet_periods", by_period(report)),
        *units,
        ("sheet_late", late(report)),
        ("sheet_missing", missing(report)),
        ("sheet_extended", extended(report)),
        ("sheet_used", used_table(report)),
        ("sheet_feedback", feedback_table(report)),
    ]


def tables(report: UsageReport) -> list[Table]:
    """All of them, as they follow one another."""
    return [table for _, table in _parts(report)]


# --- document --------------------------------------------------------------------------------------------------------


def document(report: UsageReport) -> bytes:
    """The report as docx bytes; number, day and signer's name stay blank where they are not on record."""
    issuer = letterhead(report.issuer, report.province, report.signature)
    made = official.blank(report.subject, report.issuer.name, report.as_of)
    addressees = copy("usage.addressees").split(";") if report.is_own else ()
    parts = [*blocks.opening_blocks(issuer, report.subject, report.as_of.year, addressees)]
    parts += [paragraph(line, _TEXT) for line in summary(report)]
    if report.is_sample:
        parts.append(paragraph([Run(copy("head.sample"), italic=True)], _TEXT))
    for n, (_, table) in enumerate(_parts(report), 1):
        parts.append(paragraph([Run(f"{n}. {table.title}", bold=True)], _HEADING))
        parts += table_blocks(table, _ROOM) if table.rows else [paragraph(note, _TEXT) for note in table.notes]
    parts += [paragraph(line, _TEXT) for line in _sources(report)]
    parts += [paragraph(blocks.closing(report.subject, issuer), _TEXT), *blocks.signature_blocks(issuer)]
    return official.finished(made, parts)


def summary(report: UsageReport) -> tuple[str, ...]:
    """What the tables come to, in sentences."""
    record, used = report.record, _sum(report)
    issuer = letterhead(report.issuer, report.province)
    who = issuer.name if report.is_own else copy("usage.everybody", count=len(by_unit(report.held)))
    percent = "" if record.percent is None else copy("usage.percent", percent=format_number(record.percent, 1))
    sent = copy(
        "usage.sent" if record.asked else "usage.nothing_due",
        who=who,
        period=report.period.label,
        asked=record.asked,
        in_time=record.in_time,
        percent=percent,
        extended=record.counts[Arrival.EXTENDED],
        late=record.counts[Arrival.LATE],
        days=record.days_late,
        missing=record.counts[Arrival.MISSING],
        waiting=record.counts[Arrival.WAITING],
        returns=record.returns,
    )
    first = "" if used.percent is None else copy("usage.first_try", percent=format_number(used.percent, 1))
    said = {name: getattr(used, name) for name in ("accounts", "active", "sign_ins", "uploads", "approvals")}
    said |= {name: getattr(used, name) for name in ("own_entries", "delegated", "on_behalf")}
    told = report.feedback
    key = "usage.asked" if told.received else "usage.nothing_asked"
    asked = copy(key, received=told.received, answered=told.answered, open=told.open, overdue=told.overdue)
    return sent, copy("usage.use", **said, first=first), asked


def _sources(report: UsageReport) -> tuple[str, ...]:
    return (copy("usage.measured"), copy("usage.source", moment=format_moment(report.as_of)))


def workbook(report: UsageReport) -> bytes:
    """The same tables as xlsx bytes, a sheet each."""
    sheets = [(copy(f"usage.{name}"), table) for name, table in _parts(report)]
    moment = copy("usage.source", moment=format_moment(report.as_of))
    return tables_book.build(sheets, f"{first_upper(report.period.label)}. {moment}")
