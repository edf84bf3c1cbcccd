"""Which figures approved in units were reviewed: the second line of a total, the report's where its regime says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.cases import rows_by_series
from actions.reviewing import Part, lines, rows_for
from compile.model import CompileInput, FormInput, Source, SourceKind
from compile.report_tables import printed_view
from registry.store import openings, reviews
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening, Work
from registry.store.submissions import Counted
from registry.workflow.review import ReviewState


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not reviewed of a version: rows (list tables), and whether these are all that its reviewers look at."""

    rows: frozenset[str] = frozenset()
    is_everything: bool = False


NOTHING = Waiting()
Open = Mapping[int, Waiting]  # by version


def unreviewed(
    connection: Connection, snapshot: Snapshot, works: Sequence[Work], counted: Sequence[Counted], as_of: datetime
) -> Open:
    """Of each version that counts the rows their reviewers had not accepted by a moment."""
    parts = []
    for work in works:
        regime = snapshot.regimes[work.regime]
        _, rows = rows_for(connection, snapshot, work, regime)
        known = ((snapshot.unit_ids.get(code), mine) for code, mine in rows.items())
        parts += [Part(work, key, mine) for key, mine in known if key is not None]
    told = reviews.of_submissions(connection, [work.submission_id for work in works], as_of)
    states: dict[int, dict[bool, set[str]]] = defaultdict(lambda: {True: set(), False: set()})
    for line in lines(connection, parts, {one.reviewer_id: counted for one in parts}, told):
        for row, state in line.rows.items():
            states[line.version_id][state is ReviewState.REVIEWED].add(row)
    return {key: Waiting(frozenset(rows[False]), not rows[True]) for key, rows in states.items()}


def as_its_regime_counts(
    connection: Connection, snapshot: Snapshot, opening: Opening, order: CompileInput, counted: Sequence[Counted]
) -> CompileInput:
    """What a report is made from: all that is approved in units, or where its regime says so what is reviewed of it."""
    if not order.regime.counts_reviewed:
        return order
    works = openings.asked_at(connection, opening.id, order.as_of, {one.assignment_id for one in counted})
    waiting = unreviewed(connection, snapshot, works, counted, order.as_of)
    return replace(order, forms=tuple(only_reviewed(form, order, waiting) for form in order.forms))


def only_reviewed(form: FormInput, order: CompileInput, waiting: Open) -> FormInput:
    """A form's input without the rows that are not reviewed; a unit of which nothing is left has given nothing yet.

    A report of nothing at all counts whole or not at all.
    """
    view = printed_view(form.form, order.period.shape, order.definitions)
    rows = {series: row.code for series, row in rows_by_series(view).items()}
    tables = frozenset(table.code for table in form.form.lists)

    def is_left(version_id: int, row: str | None) -> bool:
        out = waiting.get(version_id, NOTHING).rows
        return not out & tables if row is None else row not in out

    sources = [kept for one in form.sources if (kept := _kept(one, waiting.get(one.version_id, NOTHING)))]
    left = {one.version_id for one in sources}
    figures = (one for one in form.figures if one.version_id in left)
    return replace(
        form,
        sources=tuple(sources),
        figures=tuple(
            one for one in figures if is_left(one.version_id, rows.get((one.series.indicator, one.series.members)))
        ),
    )


def _kept(source: Source, waiting: Waiting) -> Source | None:
    if not waiting.rows:
        return source
    if source.kind is SourceKind.NIL or waiting.is_everything:
        return None
    values = {key: value for key, value in source.values.items() if key.row not in waiting.rows}
    addresses = {key: at for key, at in source.addresses.items() if key.row not in waiting.rows}
    return replace(source, values=values, addresses=addresses)
