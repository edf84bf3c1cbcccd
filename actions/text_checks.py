"""What a unit is told of its own narrative: numbers its tables contradict, and words of its last report (F12)."""

from __future__ import annotations

from actions.desk import Desk
from actions.own_figures import own_tables
from compile.contradictions import contradictions
from compile.remarks import Paragraph, Remark
from compile.rows_in_text import Named
from compile.stale import stale_words
from registry.periods import NoSuchPeriod, Period, previous
from registry.store import openings, reports
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.reports import Report
from registry.workflow.policy import EVERYWHERE, Action

_THEIRS = (Action.ATTACH_NARRATIVE, Action.SEND_REPORT)


def remarks(desk: Desk, report: Report) -> tuple[Remark, ...]:
    """Remarks on a report's narrative, for those who write or approve it; none for anybody else, and none where it
    cannot be read. Its figures are those handed in last, approved or not.
    """
    if report.readable_sha is None or not any(desk.scope(one).allows(report.unit_id, report.regime) for one in _THEIRS):
        return ()
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = openings.work(connection, EVERYWHERE, opening_id=report.opening_id, unit_id=report.unit_id)
        tables = own_tables(connection, snapshot, works).get(report.unit_id, ())
        period = openings.period_of(connection, report.regime, report.opening_id, report.period)
        last, sha = _last(connection, snapshot, report, period)
    text = paragraphs(desk, report.readable_sha)
    before = paragraphs(desk, sha) if sha else ()
    name = snapshot.units_by_id[report.unit_id].name
    told = contradictions(text, Named(tables), period, snapshot.definitions, name)
    return tuple(sorted((*told, *stale_words(text, period, last, before)), key=lambda one: (one.paragraph, one.start)))


def _last(
    connection: Connection, snapshot: Snapshot, report: Report, period: Period
) -> tuple[Period | None, str | None]:
    """The period reported before, and the unit's narrative of it."""
    try:
        last = previous(period, snapshot.regimes[report.regime].frequency)
    except NoSuchPeriod:
        return None, None
    opening = openings.find(connection, report.regime, last.code)
    found = reports.find(connection, EVERYWHERE, opening.id, report.unit_id) if opening else None
    return last, found.readable_sha if found else None


def paragraphs(desk: Desk, sha: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a narrative on file."""
    lines = desk.instance.pool.lines(desk.instance.files.read(sha))
    return tuple(Paragraph(n, one.text, one.is_heading) for n, one in enumerate(lines, 1))
