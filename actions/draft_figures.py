"""The figures a draft may use: what counts now, filled into its texts, and what may be said under each heading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from actions.compiling import gather
from actions.desk import Desk, NotYours
from actions.reviewed import as_its_regime_counts
from compile.compiled import Compiled, compiled
from compile.contradictions import contradictions
from compile.filled import Filled, table_of
from compile.marked import paragraphs
from compile.placeholders import Filler
from compile.remarks import Paragraph, Remark
from compile.rows_in_text import Named
from compile.sayings import RowSayings, filler_of, sayings
from compile.stale import stale_words
from registry.catalogue.model import Heading as OutlineHeading
from registry.catalogue.model import Outline
from registry.findings import Finding
from registry.periods import Period, parse
from registry.store import draft_texts, openings, submissions
from registry.store.codec import sha
from registry.store.draft_texts import Heading
from registry.store.drafts import Draft
from registry.store.engine import Connection

_MOST_KNOWN = 6


@dataclass(frozen=True)
class Facts:
    """The figures of a draft's report as they count now."""

    filler: Filler
    report: Compiled
    by_tag: Mapping[str, tuple[RowSayings, ...]]
    of_outline: Mapping[str, str]  # the outline's own sentences

    @cached_property
    def named(self) -> Named:
        """The rows of its tables by the names a text may call them."""
        return Named(map(table_of, self.report.totals))


def remarks(known: Facts, text: str, last: Period | None, before: str) -> tuple[Remark, ...]:
    """What to look at again in a printed text: what the tables contradict, and what is left over from ``before``, the
    text of the last report.
    """
    order = known.report.order
    now, then = _numbered(text), _numbered(before)
    told = contradictions(now, known.named, order.period, order.definitions, order.province.name)
    return (*told, *stale_words(now, order.period, last, then))


def warnings(
    known: Facts, title: str, body: str, last: Period | None, before: str
) -> tuple[Filled, tuple[Finding, ...]]:
    """A text as it prints, and everything to warn of: placeholders without a figure, and what `remarks` say."""
    printed = known.filler.fill(body, title)
    return printed, (*printed.findings, *(one.finding for one in remarks(known, printed.text, last, before)))


def _numbered(text: str) -> list[Paragraph]:
    return [Paragraph(n, one.text) for n, one in enumerate(paragraphs(text), 1)]


def last_period(connection: Connection, draft: Draft) -> Period | None:
    """The period of the report before, None of a first one."""
    key = openings.before(connection, draft.opening_id)
    found = openings.get(connection, key) if key is not None else None
    return parse(found.period) if found else None


_KNOWN: dict[tuple[object, ...], Facts] = {}  # by what counts: an approval makes another


def facts(desk: Desk, connection: Connection, draft: Draft, headings: tuple[Heading, ...]) -> Facts:
    """What counts at this moment of what the draft's unit receives; compiled once until something else counts."""
    snapshot = desk.snapshot(connection)
    opening = openings.get(connection, draft.opening_id)
    if opening is None:
        raise NotYours
    counted = submissions.counted(connection, draft.opening_id, draft.unit_id, desk.moment)
    told = [[one.version_id, one.provisional] for one in counted]
    key = (desk.instance.settings.root, draft.id, desk.day, id(snapshot), sha(told))
    known = _KNOWN.get(key)
    if known is None:
        receiver = snapshot.units_by_id[draft.unit_id].code
        given = gather(desk, connection, snapshot, opening, counted, receiver, desk.moment, 1, with_narratives=False)
        report = compiled(as_its_regime_counts(connection, snapshot, opening, given, counted))
        filler = filler_of(report)
        of_outline = [_of_outline(one, given.outline) for one in headings]
        found = sayings(report, filler, of_outline)
        sentences = {one.tag: told.text for one, told in zip(headings, of_outline, strict=True) if told.text}
        known = Facts(filler, report, {headings[at].tag: some for at, some in found.items() if at >= 0}, sentences)
        while len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[key] = known
    return known


def printed(desk: Desk, connection: Connection, draft: Draft, headings: tuple[Heading, ...]) -> dict[int, str]:
    """The texts of a draft's headings by number, their figures as they are now."""
    filler = facts(desk, connection, draft, tuple(draft_texts.headings(connection, draft.id))).filler
    return {one.n: filler.fill(one.body, one.title).text for one in headings}


def _of_outline(one: Heading, outline: Outline | None) -> OutlineHeading:
    """The outline's heading; owners say where a row belongs, so one that is not written has none."""
    _, code, n = one.tag.split(":")
    if outline is not None and outline.code == code:
        return outline.headings[int(n)]
    return OutlineHeading("", one.title, one.level, one.units if one.is_written else ())
