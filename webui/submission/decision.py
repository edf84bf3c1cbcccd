"""What a leader reads before deciding on a form: the greatest changes, the warnings with their explanations."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from actions import batch, comparing, ripples, sealing
from actions.cell_courses import Course, courses
from actions.comparing import Compared, Comparison
from actions.experience import confided
from actions.paired_lines import Unpaired
from actions.panel_charts import short_name
from actions.ripples import Touched
from actions.sealing import Again
from compile.charts import Chart, Reading, Rows, Strand, draw, rows_of
from compile.charts.drawing import Drawing
from ingest.seen import spec_of
from registry.catalogue.dashboards import Kind
from registry.findings import Finding, fix, message
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.workflow.submission import State
from webui.cell_names import Named
from webui.clusters import EXPLAIN, Group, groups_of
from webui.explaining import by_place, is_brief
from webui.submission.look import Look
from webui.table import key_of

MOST_CHANGED, MOST_DRAWN = 6, 3
_WIDTH = 340  # of a chart, on a phone and three beside each other


@dataclass(frozen=True)
class Changes:
    """The cells that changed most, and what they were in the periods before."""

    found: Comparison
    lines: Sequence[tuple[Named, Compared]]
    charts: Sequence[tuple[Drawing, Rows]]


@dataclass(frozen=True)
class Decision:
    """Everything beside the figures themselves."""

    changes: Changes | None
    changed_n: int | None  # cells that say something else; None where that cannot be told
    unpaired: Sequence[Unpaired]  # lists with lines not found again
    warnings: Group | None
    told: Mapping[int, str]  # explanations, by the place of their warning
    brief: Container[int]  # the places of those in very few words
    confided: Sequence[tuple[str, str]]
    touched: Touched
    again: Again | None  # what became of the cells it came back for
    same_again: Sequence[Named]
    next: Work | None  # the form that waits for the same leader after this one
    waiting_n: int  # how many do, without this one


def decision_of(connection: Connection, look: Look, *, is_asked: bool) -> Decision:
    """What is read before deciding; the greatest changes only for whom it is asked of (``is_asked``)."""
    work, newest, situated = look.work, look.newest, look.situated
    found = comparing.compare(connection, situated)
    is_pending = newest is not None and work.state is State.PENDING
    again = sealing.again(connection, situated, look.versions) if is_pending else None
    told = by_place(look.findings, look.explanations)
    others = [one for one in batch.queue(look.own, connection) if one.assignment_id != work.assignment_id]
    return Decision(
        changes=_changes(connection, look, found) if is_asked and found else None,
        changed_n=found.count if found else None,
        unpaired=found.unpaired if found else (),
        warnings=next((group for group in groups_of(look.findings) if group.name == EXPLAIN), None),
        told=told,
        brief={at for at, text in told.items() if is_brief(text)},
        confided=[(message(one), fix(one)) for one in _confided(connection, look)],
        touched=ripples.of_earlier_months(connection, look.snapshot, situated, newest)
        if newest is not None and is_pending
        else ripples.NOTHING,
        again=again,
        same_again=look.called(dict.fromkeys(again.same, "")) if again else (),
        next=next((one for one in others if one.due_at >= work.due_at), others[0] if others else None),
        waiting_n=len(others),
    )


def _confided(connection: Connection, look: Look) -> Iterator[Finding]:
    if look.newest is not None:
        yield from confided(look.at, connection, look.snapshot, look.situated, look.newest.values)


def _changes(connection: Connection, look: Look, found: Comparison) -> Changes:
    addresses = {address: key for key, address in found.newest.addresses.items()}
    doubted = {key_of(one, addresses) for one in look.findings}
    shown = (one for one in found.greatest(doubted) if not look.sight.hides(one.key))
    greatest = list(islice(shown, MOST_CHANGED))
    names = {one.key: one for one in look.called(dict.fromkeys((one.key for one in greatest), ""))}
    before = courses(connection, look.situated, found.newest.values, names)
    charts = [_chart(look, names[key], course) for key, course in islice(before.items(), MOST_DRAWN)]
    return Changes(
        found,
        [(names[one.key], one) for one in greatest if one.key in names],
        [(draw(one, _WIDTH, f"thay-doi-{n}"), rows_of(one)) for n, one in enumerate(charts)],
    )


def _chart(look: Look, name: Named, course: Course) -> Chart:
    spec, newest = spec_of(look.situated.view, name.key), look.newest
    assert spec is not None
    assert newest is not None
    known = [Reading(short_name(period), value, period.code) for period, value in course]
    held = newest.values.get(name.key)
    period = look.situated.period
    now = Reading(short_name(period), held.amount if held else None, period.code, is_provisional=True)
    return Chart(Kind.TREND, f"{name.row} – {name.column}", spec.measure, (Strand(name.column, (*known, now)),))
