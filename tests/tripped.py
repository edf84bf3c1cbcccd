"""What each battery's file makes the system say: examples of docs/findings, and the proof that no code is untried."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ingest import guard
from ingest.identity import decide
from ingest.narrative import check_docx
from registry.findings import Finding
from tests.ingest import test_guard_battery as of_containers
from tests.ingest import test_identity as of_identity
from tests.ingest import test_narrative as of_narratives
from tests.ingest import test_new_accounts as of_accounts
from tests.ingest import test_plausibility as of_experience
from tests.ingest import test_unmarked as of_layouts
from tests.ingest import test_verdict_battery as of_forms
from tests.ingest.returned import Returned
from tests.lists import test_lines_read as of_lists

NAME = "Biểu tháng 10.xlsx"


@cache
def tripped() -> dict[str, Finding]:
    """The first finding of each code that a battery trips, the sentence a person would read in it."""
    found: dict[str, Finding] = {}
    for code, findings in _all():
        mine = next((one for one in findings if one.code == code), None)
        if mine is not None:
            found.setdefault(code, mine)
    return found


def _all() -> Iterator[tuple[str, tuple[Finding, ...]]]:
    for one in of_containers.PAIRS:
        yield one.code, guard.check(one.trips(), NAME, one.limits)
    for told in of_narratives.PAIRS:
        yield told.code, check_docx(told.trips(), "Thuyết minh.docx", told.limits)
    for pair in of_forms.PAIRS:
        yield pair.code, pair.trips(Returned.filled()).verdict().findings
    for line in of_lists.PAIRS:
        yield line.code, line.trips(of_lists.returned(line.form)).verdict().findings
    for table in of_experience.PAIRS:
        yield table.code, tuple(table.trips.found)
    yield from of_accounts.tripped()
    for code, asked in of_identity.DECISIONS.items():
        decision = decide(*asked)
        if isinstance(decision, Finding):
            yield code, (decision,)
    for code, (candidates, seen) in of_layouts.DECISIONS.items():
        told_apart = of_layouts.decide(candidates, seen, ())
        if isinstance(told_apart, Finding):
            yield code, (told_apart,)
