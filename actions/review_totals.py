"""A total in two lines: "đã duyệt tại đơn vị" and "đã rà soát" (PRACTICE F13)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from actions import compiling
from actions.desk import Desk
from actions.reviewed import only_reviewed, unreviewed
from actions.reviewing import Sheet, charge_of
from compile.contributions import main_inputs
from compile.coverage import Coverage
from compile.totals import CellTotal, Difference, Totals, totals
from registry.catalogue.model import Row
from registry.catalogue.values import CellKey
from registry.store import openings, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.policy import EVERYWHERE


@dataclass(frozen=True)
class TwoLines:
    """The total of one cell of the period: of what units approved, and of what was reviewed of it."""

    row: Row
    column: str
    measure: str
    approved: Decimal | None
    reviewed: Decimal | None
    coverage: Coverage | None  # of the first
    reviewed_units: int
    agency: Decimal | None = None  # its own figure, where the row has one besides
    percent: Decimal | None = None  # by which it differs from the sum, of its own
    is_within: bool | None = None


def two_lines(desk: Desk, connection: Connection, snapshot: Snapshot, sheet: Sheet) -> list[TwoLines]:
    """Both totals of every row of a sheet, with everything that counts for its reviewer now."""
    counted = submissions.counted(connection, sheet.opening.id, sheet.reviewer_id, desk.moment)
    mine = [one for one in counted if one.form == sheet.form.code]
    receiver = snapshot.units_by_id[sheet.reviewer_id].code
    order = compiling.gather(
        desk, connection, snapshot, sheet.opening, mine, receiver, desk.moment, 0, tables_of={sheet.form.code}
    )
    form = next(one for one in order.forms if one.form.code == sheet.form.code)
    works = openings.work(connection, EVERYWHERE, opening_id=sheet.opening.id, form=sheet.form.code)
    waiting = unreviewed(connection, snapshot, works, mine, desk.moment)
    whole, part = totals(form, order), totals(only_reviewed(form, order, waiting), order)
    charge = charge_of(snapshot, sheet.form, sheet.regime)
    main = main_inputs(whole.view)
    found = []
    for row, _ in whole.view.rows:
        if charge.get(row.code) != receiver:
            continue
        for key in main.get(row.code, ()):
            approved, reviewed = _sum(whole, key), _sum(part, key)
            if approved is None or approved.coverage is None:
                continue  # nothing of other units is added here
            spec, beside = whole.view.cells[key], _beside(whole, key)
            heading = next(column.path for column in whole.view.columns if column.code == key.column)
            found.append(
                TwoLines(
                    row,
                    " – ".join(heading),
                    spec.measure,
                    approved.number,
                    reviewed.number if reviewed else None,
                    approved.coverage,
                    reviewed.coverage.have if reviewed and reviewed.coverage else 0,
                    beside.official.number if beside else None,
                    beside.percent if beside else None,
                    beside.is_within if beside else None,
                )
            )
    return found


def _beside(made: Totals, key: CellKey) -> Difference | None:
    """The communes' sum beside the agency's own figure."""
    return next((one for one in made.differences if one.key == key and one.other_unit is None), None)


def _sum(made: Totals, key: CellKey) -> CellTotal | None:
    beside = _beside(made, key)
    return beside.other if beside else made.cells.get(key)
