"""A file without any code (tệp không có mã biểu): which open form it is, by its layout and its sender's word."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ingest.judge import grid_of
from ingest.layout import Difference, Layout, Pages, match
from ingest.model import Extraction
from ingest.unicode import in_unicode
from registry.catalogue.forms import View
from registry.findings import Finding, finding
from workbook_templates.list_grid import place_lists
from workbook_templates.wording import HeadLines

_NEAR = 0.3  # likeness from which a form is worth naming
_MOST_CONVERTED = 20_000  # cells of a file that is looked at again as typed in an old font
_NOTHING = "–"
_BETWEEN = "; "


@dataclass(frozen=True)
class Candidate:
    """An open assignment of the sender's unit."""

    assignment_id: int
    form: str
    period: str  # in words
    view: View
    head: HeadLines


@dataclass(frozen=True)
class Recognised:
    """The assignment a file without a code is taken for, and where its cells stand."""

    assignment_id: int
    layout: Layout


def recognise(
    extraction: Extraction, candidates: Sequence[Candidate], confirmed: Collection[int]
) -> Recognised | Finding:
    """The one candidate the file is laid out as, where its sender has ``confirmed`` it; else what to ask or to say."""
    found = _compared(Pages(extraction), candidates)
    is_small = sum(len(sheet.cells) for sheet in extraction.sheets) <= _MOST_CONVERTED
    if candidates and is_small and not any(isinstance(one, Layout) for one in found):
        converted = in_unicode(extraction)
        found = _compared(Pages(converted.extraction), candidates) if converted.changes else found
    return decide(candidates, found, confirmed)


def layout_of(extraction: Extraction, candidate: Candidate) -> Layout | None:
    """Where the cells of a file recognised before stand."""
    found = recognise(extraction, [candidate], {candidate.assignment_id})
    return found.layout if isinstance(found, Recognised) else None


def _compared(pages: Pages, candidates: Sequence[Candidate]) -> list[Layout | Difference]:
    return [match(pages, grid_of(one.view), place_lists(one.view), one.head) for one in candidates]


def decide(
    candidates: Sequence[Candidate], found: Sequence[Layout | Difference], confirmed: Collection[int]
) -> Recognised | Finding:
    """What follows from how the file compares with each candidate."""
    layouts = [(one, layout) for one, layout in zip(candidates, found, strict=True) if isinstance(layout, Layout)]
    sure = [(one, layout) for one, layout in layouts if one.assignment_id in confirmed]
    if len(sure) == 1:
        return Recognised(sure[0][0].assignment_id, sure[0][1])
    if len(layouts) == 1:
        one = layouts[0][0]
        return finding("identity-confirm-layout", found=one.form, expected=one.period, assignment=one.assignment_id)
    if layouts:
        named = _BETWEEN.join(f"{one.form}, {one.period}" for one, _ in layouts)
        return finding("identity-several-layouts", expected=named)
    differences = [(one, other) for one, other in zip(candidates, found, strict=True) if isinstance(other, Difference)]
    nearest, difference = max(differences, key=lambda pair: pair[1].alike, default=(None, Difference(0.0)))
    if nearest is None or difference.alike < _NEAR:
        return finding("identity-no-token")
    if difference.other_unit:
        return finding("identity-other-unit")
    if difference.other_period:
        return finding("identity-other-head", found=difference.other_period, expected=nearest.period)
    return finding(
        "identity-other-layout",
        found=nearest.form,
        expected=nearest.period,
        rows=_BETWEEN.join(difference.rows) or _NOTHING,
        columns=_BETWEEN.join(difference.columns) or _NOTHING,
    )
