"""Why a report stands in somebody's work: what it waits for of him; nothing where it waits for others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.store.reports import Report
from registry.workflow.report import ReportState
from webui.standing import Badge
from webui.wording import say

_STEPS = {  # of a form, in the order they are told: the tone and icon of the reason
    ("returned",): ("bad", "arrow-return-left"),
    ("approve",): ("wait", "hourglass-split"),
    ("template", "upload", "result"): ("info", "pencil-fill"),
}


def of_forms(steps: Iterable[tuple[str, str]]) -> Iterator[Badge]:
    """The forms that wait for their reader, each (code, the step he takes next), by what is asked of him."""
    known = list(steps)
    for names, (tone, icon) in _STEPS.items():
        forms = [form for form, step in known if step in names]
        if forms:
            yield Badge(tone, icon, say(f"work.why.{names[0]}", forms=", ".join(forms)))


def of_report(
    report: Report | None, *, is_sent_back: bool, can_send: bool, can_attach: bool, can_decide: bool
) -> Iterator[Badge]:
    """The report itself; ``is_sent_back`` by a receiver, ``can_send`` with every form approved, by who sends it."""
    if report is None:
        return
    if is_sent_back and (can_send or can_attach):
        yield Badge("bad", "arrow-return-left", say("work.why.report-back"))
    elif report.state is ReportState.RETURNED and can_attach:
        yield Badge("bad", "arrow-return-left", say("work.why.text-back"))
    if can_decide and report.state is ReportState.PENDING:
        yield Badge("wait", "hourglass-split", say("work.why.report"))
    if can_send:
        yield Badge("wait", "send-fill", say("work.why.send"))
