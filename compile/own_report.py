"""A unit's own report as a docx in the layout of Nghị định 30/2020: its text, its forms as annexes, to be signed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from compile.attaching import Attaching
from compile.coverage import copy
from compile.document import Annex, annex_head, table_annex
from compile.foot import foot_of
from compile.numbering import printed
from compile.own_tables import OwnForm, tables_of
from compile.own_text import ends_itself, text_of
from compile.story import Story
from compile.story_blocks import FIRST_LINE, story_block
from registry.catalogue.model import Regime, Unit
from registry.periods import Period
from vietnamese.letters import first_upper
from workbook_templates.official import blocks as official_blocks
from workbook_templates.official import document as official
from workbook_templates.official.letterhead import Letterhead, Signature, letterhead
from workbook_templates.official.wordml import Run, Setting, paragraph

_TEXT = Setting("both", first_line=FIRST_LINE, before=6, line=264)


@dataclass(frozen=True)
class OwnReport:
    """Everything one report of a unit is made from; equal ones give equal bytes."""

    regime: Regime
    period: Period
    unit: Unit
    province: Unit
    at: datetime  # aware; its year is printed beside the blank day and month
    inputs_sha: str  # of the figures and the text it rests on
    forms: tuple[OwnForm, ...] = ()
    missing: tuple[str, ...] = ()  # titles of forms without figures yet
    story: Story | None = None  # None: no narrative, or one that cannot be read
    narrative_name: str = ""
    prompts: Collection[str] = ()  # of the outline, where nobody wrote over them
    signature: Signature | None = None
    is_draft: bool = False
    sample: bool = False

    @property
    def subject(self) -> str:
        """The trích yếu."""
        return official_blocks.filled(self.regime.report_title or self.regime.name, self.period)


def build(report: OwnReport) -> bytes:
    """The report as docx; number, day and month stay blank, and the signer's name where nobody is on record."""
    issuer = letterhead(report.unit, report.province, report.signature)
    made = official.blank(report.regime.name, report.unit.name, report.at)
    code = foot_of(report.inputs_sha)
    official.set_foot(made, (copy("own.draft_foot", code=code[0]),) if report.is_draft else code)
    attaching = Attaching()
    blocks = [paragraph([Run(copy("own.draft"), bold=True)], Setting("right", after=6))] if report.is_draft else []
    blocks += official_blocks.opening_blocks(issuer, first_upper(report.subject), report.at.year)
    blocks += _body(report, issuer, attaching)
    blocks += official_blocks.signature_blocks(issuer)
    sheet = ("A4", False)
    annexes = [table_annex(table) for one in report.forms for table in tables_of(one)]
    attached = copy("document.attached", symbol=issuer.symbol, year=report.at.year, issuer=issuer.name)
    for place, annex in enumerate(annexes, 1):
        blocks.append(official.section_end(made, *sheet))
        blocks += annex_head(printed(place, "upperRoman"), annex.title, attached)
        blocks += annex.blocks
        sheet = _sheet(annex)
    official.set_section(made.sections[-1], *sheet)
    return official.finished(made, blocks, attaching.attached)


def _sheet(annex: Annex) -> tuple[str, bool]:
    return annex.paper, annex.landscape


def _body(report: OwnReport, issuer: Letterhead, attaching: Attaching) -> list[str]:
    text = text_of(report.story, report.prompts) if report.story else ()
    blocks = [story_block(block, attaching, 0) for block in text]
    if not text:
        unread = bool(report.narrative_name) and report.story is None
        line = copy("own.unreadable", name=report.narrative_name) if unread else copy("own.figures_only")
        blocks.append(paragraph(line, _TEXT))
    blocks += [paragraph(copy("own.missing", forms="; ".join(report.missing)), _TEXT)] if report.missing else []
    blocks += [paragraph([Run(copy("head.sample"), italic=True)], _TEXT)] if report.sample else []
    if not ends_itself(text):
        blocks.append(paragraph(official_blocks.closing(report.subject, issuer), _TEXT))
    return blocks
