"""The text of the compiled report: the outline's headings with what the figures say under each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compile.compiled import Compiled
from compile.coverage import copy, names, sentences
from compile.document_parts import filled, subject_of
from compile.head import moment
from compile.marked import paragraphs
from compile.matrix_sentences import say_matrix
from compile.model import official_order
from compile.petition_table import heading_of, petition_table
from compile.placing import place_rows
from compile.sentences import Said, say
from compile.totals import RowTotal, Totals
from compile.unit_table import is_matrix
from registry.catalogue.model import Heading, RowKind
from vietnamese.letters import first_lower
from workbook_templates.official.blocks import closing
from workbook_templates.official.letterhead import Letterhead
from workbook_templates.official.wordml import Run, Setting, paragraph, twips

_FIRST_LINE = twips(12.7)
TEXT = Setting("both", first_line=_FIRST_LINE, before=6, line=264)
_ANNEX = "Phụ lục"  # how an outline's own list of annexes begins; the document numbers those it has


@dataclass(frozen=True, slots=True)
class Words:
    """What units wrote: blocks by index of the outline's heading, and who stands apart in which annex (Roman)."""

    under: Mapping[int, Sequence[str]] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()  # unit codes
    annex: str = ""


def body_blocks(report: Compiled, issuer: Letterhead, words: Words) -> list[str]:
    """Opening, state of the figures, headings with sentences and what units wrote, closing."""
    blocks = [_text(line) for line in _opening(report, issuer)]
    outline = report.order.outline
    if outline is not None:
        blocks += _by_outline(report, outline.headings, words)
    else:
        blocks += _by_form(report)
    return [*blocks, _text(closing(subject_of(report), issuer))]


def _text(text: str) -> str:
    return paragraph(text, TEXT)


def _opening(report: Compiled, issuer: Letterhead) -> Iterator[str]:
    regime = report.order.regime
    basis = copy("document.basis", basis=regime.legal_basis) if regime.legal_basis else ""
    yield copy("document.opening", regime=first_lower(regime.name), basis=basis, issuer=issuer.name)
    lines = dict.fromkeys(line for one in report.totals for line in sentences(one.coverage))
    state = copy("document.state", moment=moment(report.order.as_of))
    reviewed = (copy("document.reviewed"),) if regime.counts_reviewed else ()
    yield " ".join([state, *reviewed, *lines])
    if report.order.sample:
        yield copy("head.sample") + "."


# --- by outline ------------------------------------------------------------------------------------------------------


def _by_outline(report: Compiled, headings: Sequence[Heading], words: Words) -> list[str]:
    places = [
        at
        for at, heading in enumerate(headings)
        if heading.occasion.is_open(report.order.period.shape) and not heading.number.startswith(_ANNEX)
    ]
    shown = [headings[at] for at in places]
    rows = [(one, place_rows(one, shown)) for one in report.totals if not is_matrix(one.view.form)]
    told = _told(report)
    drafted = _drafted(report)
    asked = heading_of(shown) if report.order.petitions else None
    blocks: list[str] = []
    for index, heading in enumerate(shown):
        blocks.append(_heading(heading, report))
        if index == asked:
            blocks.append(petition_table(report.order.petitions))
        if drafted:
            blocks += drafted.get(places[index], ())
            continue
        blocks += [_text(one.text) for one in report.texts.get(places[index], ())]
        for one, placed in rows:
            blocks += _said(say(placed.get(index, []), one, report.order, told.get(one.view.form.code, frozenset())))
        blocks += words.under.get(places[index], ())
        blocks += [_text(line) for line in _contributions(heading, shown, index, report, words)]
    if drafted:
        return blocks
    unplaced = [(one, placed.get(-1, [])) for one, placed in rows]
    for one, left in unplaced:
        blocks += _said(say(left, one, report.order, told.get(one.view.form.code, frozenset())))
    for one in report.totals:
        if is_matrix(one.view.form):
            blocks += [_text(line) for line in say_matrix(one)]
    return blocks


def _drafted(report: Compiled) -> Mapping[int, Sequence[str]]:
    """What the last approval of the report's draft passed, to the letter: a figure given anew changes no text that
    leaders have passed (`compile.passed` names it).
    """
    return {
        at: [paragraph(one.runs, TEXT) for one in paragraphs(passed.text)] for at, passed in report.order.passed.items()
    }


def _told(report: Compiled) -> dict[str, frozenset[str]]:
    """By form the rows the outline's own sentences speak of: they are not spoken of twice."""
    rows: dict[str, set[str]] = defaultdict(set)
    for text in (text for texts in report.texts.values() for text in texts):
        for origin in (span.origin for span in text.spans if span.origin):
            rows[origin.form] |= {key.row for key in origin.cells}
    return {form: frozenset(codes) for form, codes in rows.items()}


def _heading(heading: Heading, report: Compiled) -> str:
    text = f"{heading.number} {filled(heading.title, report)}".strip()
    is_part = heading.level == 1
    setting = Setting(
        "center" if is_part else "both",
        first_line=0 if is_part else _FIRST_LINE,
        before=12 if is_part else 6,
        line=264,
        keep_next=True,
        outline=heading.level - 1,
    )
    return paragraph([Run(text, bold=heading.level <= 4, italic=heading.level >= 4)], setting)


def _contributions(
    heading: Heading, shown: Sequence[Heading], index: int, report: Compiled, words: Words
) -> Iterator[str]:
    """Where the owners' own words are to be found, said once under the highest heading they own."""
    above = _parent(shown, index)
    if not heading.owners or (above is not None and set(heading.owners) <= set(above.owners)):
        return
    owners = sorted((unit for unit in report.order.units if unit.code in heading.owners), key=official_order)
    having = [unit for unit in owners if unit.code in words.apart]
    if having:
        yield copy("document.details", units=names(having), number=words.annex)


def _parent(shown: Sequence[Heading], index: int) -> Heading | None:
    return next((one for one in reversed(shown[:index]) if one.level < shown[index].level), None)


def _said(said: Said) -> list[str]:
    blocks = [_text(f"- {sentence}") for sentence in said.sentences]
    if said.without_data:
        blocks.append(paragraph([Run(copy("document.no_data", rows="; ".join(said.without_data)), italic=True)], TEXT))
    return blocks


# --- by form, where the regime has no outline ------------------------------------------------------------------------


def _by_form(report: Compiled) -> list[str]:
    blocks: list[str] = []
    for one in report.totals:
        if is_matrix(one.view.form):
            blocks += [_text(line) for line in say_matrix(one)]
        else:
            blocks += _by_section(one, report)
    return blocks


def _by_section(one: Totals, report: Compiled) -> list[str]:
    blocks: list[str] = []
    rows: list[RowTotal] = []
    for row in one.rows:
        if row.row.kind is RowKind.SECTION:
            blocks += _said(say(rows, one, report.order))
            rows = []
            heading = Heading(f"{row.row.number}.", row.row.label, 2)
            blocks.append(_heading(heading, report))
        else:
            rows.append(row)
    return blocks + _said(say(rows, one, report.order))
