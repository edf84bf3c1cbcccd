"""The answers to a request as they stand: units × cells, as counted so far, with what they add up to (F20)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from actions.desk import Desk
from actions.personal import sight_of
from registry.catalogue.aggregation import adds_up
from registry.catalogue.forms import CellSpec, View, row_set
from registry.catalogue.model import CellKind, Form, Row, RowKind, Unit
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from registry.periods import parse
from registry.store import submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.submissions import Counted

MOST_CELLS = 60  # side by side on a page; a larger form is read in its compiled workbook


@dataclass(frozen=True, slots=True)
class Heading:
    """One cell of the form as a column of the table: as the first unit that meets it does."""

    spec: CellSpec
    row: Row
    column: str
    measures: tuple[str, ...]  # in which the units meet it, usually one

    @property
    def is_text(self) -> bool:
        """True for words."""
        return not self.spec.kind.is_figure


@dataclass(frozen=True, slots=True)
class Answer:
    """One unit's line; ``values`` is None until its leader has approved."""

    unit: Unit
    work: Work
    view: View
    values: tuple[CellValue, ...] | None


@dataclass(frozen=True)
class Answers:
    """The table of one form of a round."""

    form: Form
    headings: tuple[Heading, ...]
    lines: tuple[Answer, ...]
    totals: tuple[Decimal | None, ...]

    @property
    def count(self) -> int:
        """How many have answered."""
        return sum(line.values is not None for line in self.lines)


def answers(
    desk: Desk, connection: Connection, snapshot: Snapshot, form: Form, works: list[Work], counted: list[Counted]
) -> Answers | None:
    """The table of one form as the round asked it of these works; None for a form too wide to stand on a page."""
    mine = sorted(works, key=lambda work: snapshot.units_by_id[work.unit_id].order)
    if not mine:
        return None
    views = _views(snapshot, form, mine)
    headings = _headings(form, list({view.row_set: view for view in views}.values()))
    if not headings or len(headings) > MOST_CELLS:
        return None
    keys = {one.assignment_id: one.version_id for one in counted}
    versions = submissions.by_ids(connection, keys.values())
    values = {
        work.assignment_id: sight_of(desk, snapshot, form, work.unit_id).values(versions[key].values)
        for work in mine
        if (key := keys.get(work.assignment_id)) is not None
    }
    lines = tuple(
        Answer(
            snapshot.units_by_id[work.unit_id],
            work,
            view,
            tuple(values[work.assignment_id].get(one.spec.key, BLANK) for one in headings)
            if work.assignment_id in keys
            else None,
        )
        for work, view in zip(mine, views, strict=True)
    )
    return Answers(
        form, headings, lines, tuple(_total(snapshot, place, one, lines) for place, one in enumerate(headings))
    )


def _views(snapshot: Snapshot, form: Form, works: list[Work]) -> list[View]:
    """The form as each unit meets it; units of equal row sets share a view."""
    shape = parse(works[0].period).shape
    sets = [row_set(form, snapshot.units_by_id[work.unit_id], shape) for work in works]
    made = {rows: View(form, shape, rows, snapshot.definitions) for rows in dict.fromkeys(sets)}
    return [made[rows] for rows in sets]


def _headings(form: Form, views: list[View]) -> tuple[Heading, ...]:
    """The cells any of the units meets, in the form's order."""
    met: dict[CellKey, list[CellSpec]] = {}
    for view in views:
        for key, spec in view.cells.items():
            if _is_shown(spec):
                met.setdefault(key, []).append(spec)
    return tuple(
        Heading(met[key][0], row, " – ".join(column.path), tuple(dict.fromkeys(spec.measure for spec in met[key])))
        for row in form.rows
        if row.kind is not RowKind.SECTION
        for column in form.columns
        if (key := CellKey(row.code, column.code)) in met
    )


def _is_shown(spec: CellSpec) -> bool:
    return spec.kind.is_typed or spec.kind is CellKind.COMPUTED


def _total(snapshot: Snapshot, place: int, heading: Heading, lines: tuple[Answer, ...]) -> Decimal | None:
    """Σ of what there is, where figures of units add up and are shown in one measure; else None."""
    indicator = snapshot.definitions.indicators.get(heading.row.indicator or "")
    if heading.is_text or indicator is None or not adds_up(indicator):
        return None
    if len(heading.measures) > 1:
        return None
    given = [line.values[place] for line in lines if line.values is not None]
    numbers = [one.amount for one in given if one.amount is not None and one.state is not State.BLANK]
    return sum(numbers, Decimal(0)) if numbers else None
