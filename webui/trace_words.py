"""A figure's trace as `baocao trace` tells it: lines to read, or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from actions.tracing import Contributor, Trace
from registry.catalogue.values import State
from registry.store.codec import plain
from vietnamese.dates import format_moment
from vietnamese.numbers import format_number, places
from webui.wording import period_words, say


def as_json(trace: Trace) -> dict[str, Any]:
    """Everything of it: figures as exact decimal strings, moments in ISO 8601."""
    version, figure = trace.report.version, trace.figure
    return {
        "report": {
            "id": version.id,
            "regime": version.regime,
            "period": version.period,
            "n": version.n,
            "as_of": version.as_of.isoformat(),
            "receiver": trace.report.receiver.code,
        },
        "form": trace.sheet.form,
        "figure": plain(figure) | {"code": figure.code, "sum": plain(figure.total)},
        "contributors": [_contributor(one) for one in trace.contributors],
        "beside": [_contributor(one) for one in trace.beside],
        "leaned": [
            plain(one.asked)
            | {
                "name": one.name,
                "documents": list(one.origin),
                "units": [
                    {"unit": unit.code, "number": plain(number), "version": vintage.version_id}
                    for unit, vintage, number in one.units
                ],
            }
            for one in trace.leaned
        ],
    }


def _contributor(one: Contributor) -> dict[str, Any]:
    given: dict[str, Any] = plain(one.given)
    return given | {
        "came": plain(one.came),
        "earlier": [plain(was) for was in one.earlier],
        "waivers": list(one.waived),
    }


def as_lines(trace: Trace) -> Iterator[str]:
    """The same to be read at the console."""
    figure, version = trace.figure, trace.report.version
    yield f"{trace.report.regime.name}, {period_words(version.period)}, {say('trace.title', n=version.n)}"
    yield say("trace.figure", label=figure.label, heading=figure.heading)
    yield f"{figure.text} {figure.measure}. {say(f'trace.way-{figure.way}')}"
    if figure.words:
        yield f"{say('trace.formula')}: {figure.words}"
    for part in figure.parts:
        label = say("trace.figure", label=part.label, heading=part.heading)
        yield f"  {part.code} {label}: {_number(part.number, part.state)}"
    for leaned in trace.leaned:
        asked = leaned.asked
        number = say("trace.leaned-unknown") if asked.number is None else _number(asked.number, State.VALUE)
        aspect = say(f"trace.aspect-{asked.series.aspect}")
        yield f"  {leaned.name}, {aspect}, {period_words(asked.period)}: {number}"
        if leaned.origin:
            yield f"    {say('trace.document', names='; '.join(leaned.origin))}"
    for one in trace.contributors:
        yield from _lines_of(one)
    if len(trace.contributors) > 1:
        yield f"{say('trace.sum', count=len(trace.contributors))}: {_number(figure.total, State.VALUE)}"
    if figure.missing:
        yield f"{say('trace.lacking', count=len(figure.missing))}: {'; '.join(figure.missing)}"


def _lines_of(one: Contributor) -> Iterator[str]:
    given, came = one.given, one.came
    cell = "!".join(given.address) if given.address else say("trace.no-cell")
    yield f"  {given.name}: {_number(given.number, given.state)} ({given.nature}), {cell}"
    if came is None:
        return
    if came.file_name:
        upload = say("trace.upload", number=came.upload_id)
        yield f"    {came.file_name}, {upload}, {say('trace.sha')} {came.file_sha}"
    entered = say("trace.at", name=came.submitted_by, at=format_moment(came.submitted_at))
    approved = say("trace.at", name=came.approved_by, at=format_moment(came.approved_at))
    yield f"    {say('trace.entered')}: {entered}; {say('trace.approved')}: {approved}"
    for was in one.earlier:
        yield "    " + say("trace.earlier", number=_number(was.number, was.state), at=format_moment(was.approved_at))


def _number(number: Decimal | None, state: State) -> str:
    if state is State.NIL:
        return say("trace.nil")
    return say("trace.blank") if number is None else format_number(number, places(number))
