"""What was done with a unit's forms and reports, as a text: every step with its moment, person and reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from actions.desk import say
from registry.store import reports, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Work
from registry.store.reports import Report
from vietnamese.dates import format_moment


def told(connection: Connection, snapshot: Snapshot, works: Sequence[Work], mine: Sequence[Report]) -> str:
    """One step a line, the oldest first; of what was handed in the number of its receipt."""
    steps = [*_of_forms(connection, works), *_of_reports(connection, snapshot, mine)]
    return "".join(f"{line}\n" for _, line in sorted(steps))


def _of_forms(connection: Connection, works: Sequence[Work]) -> Iterator[tuple[datetime, str]]:
    for work in works:
        for one in submissions.events(connection, work.submission_id):
            about = f"{work.regime} {work.period} {work.form}"
            receipt = say("export.receipt", n=one.id) if one.action == "submit" else ""
            yield one.at, _line(one.at, about, one.n, one.action, one.by_name, one.reason, receipt)


def _of_reports(connection: Connection, snapshot: Snapshot, mine: Sequence[Report]) -> Iterator[tuple[datetime, str]]:
    for report in mine:
        about = f"{report.regime} {report.period}"
        for step in reports.events(connection, report.id):
            yield step.at, _line(step.at, about, step.n, step.step, step.by_name, step.reason)
        for one in reports.decisions(connection, report.id):
            receiver = snapshot.units_by_id[one.receiver_id].name
            yield one.at, _line(one.at, about, one.n, one.state, f"{receiver}, {one.by_name}", one.reason)


def _line(at: datetime, about: str, n: int, step: str, by: str, reason: str | None, receipt: str = "") -> str:
    words = say("export.line", at=format_moment(at), about=about, n=n, step=say(f"export.step.{step}"), by=by)
    return " ".join(filter(None, (words, receipt, f"– {reason}" if reason else "")))
