"""What a report says when it takes the place of one that was sent already (đính chính, PRACTICE F17)."""

from __future__ import annotations

from dataclasses import replace

from compile.changes import Change
from compile.compiled import Compiled
from compile.coverage import copy
from compile.head import moment
from compile.model import Occasion

MOST_SAID = 10  # figures named in the text; the annex has them all


def against_sent(report: Compiled) -> Compiled | None:
    """The report held against the version that was sent; None where none was."""
    sent = report.order.replaced
    return replace(report, order=replace(report.order, before=sent)) if sent is not None else None


def correction_note(held: Compiled, annex: str) -> tuple[str, ...]:
    """Which version this one replaces and which figures are corrected, a paragraph each.

    ``held`` is against the version that was sent, ``annex`` the Roman number of the annex that lists every change.
    """
    sent = held.order.before
    assert sent is not None
    replaces = copy("correction.replaces", version=sent.label, moment=moment(sent.order.as_of))
    if not held.changes:
        return (f"{replaces} {copy('correction.nothing')}",)
    totals = [one for one in held.changes if one.unit == held.order.province.name]
    listed = totals or list(held.changes)
    said = "; ".join(_said(one, is_total=bool(totals)) for one in listed[:MOST_SAID])
    more = copy("correction.more", count=len(listed) - MOST_SAID) if len(listed) > MOST_SAID else ""
    figures = copy("correction.figures", said=said, more=more, annex=annex)
    basis = "; ".join(copy("correction.document", n=one.n, document=one.document) for one in _documents(held))
    return (replaces, figures, *((copy("correction.basis", documents=basis),) if basis else ()))


def _said(one: Change, *, is_total: bool) -> str:
    words = copy("correction.figure", row=one.row, column=one.column, old=one.old or "–", new=one.new or "–")
    return words if is_total else copy("correction.of_unit", unit=one.unit, figure=words)


def _documents(held: Compiled) -> list[Occasion]:
    """The documents of the corrections counted here that the version sent did not count, by their number."""
    before = held.order.before
    then = before.order.forms if before is not None else ()
    known = {source.version_id for form in then for source in form.sources}
    mine = {source.version_id for form in held.order.forms for source in form.sources}
    told = {held.order.occasions[key] for key in mine - known if key in held.order.occasions}
    return sorted((one for one in told if one.document), key=lambda one: one.n)
