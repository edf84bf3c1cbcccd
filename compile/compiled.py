"""One compiled report: every form's totals, with what is missing and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from compile.changes import Change, changes
from compile.coverage import Coverage, coverage
from compile.filled import Filled, table_of
from compile.model import CompileInput, Narrative, official_order
from compile.narratives import UnreadableNarrative, read_story
from compile.placeholders import Filler
from compile.story import Story
from compile.totals import Totals, totals
from ingest.text import short
from registry.findings import Finding, finding

MOST_LISTED = 20  # comments of one narrative


@dataclass(frozen=True)
class Compiled:
    """What workbook and document are built from."""

    order: CompileInput
    totals: tuple[Totals, ...]
    stories: tuple[tuple[Narrative, Story | None], ...] = ()  # in official order; None = cannot be read

    @property
    def coverage(self) -> Coverage:
        """Units that owe any form of the report; a unit counts when every form it owes has come in."""
        lacking = {unit.code for one in self.totals for unit in one.coverage.missing}
        having = frozenset(unit.code for unit in self.order.reporters) - lacking
        tentative = frozenset(unit.code for one in self.totals for unit in one.coverage.provisional)
        return coverage(self.order.reporters, having, tentative)

    @cached_property
    def texts(self) -> Mapping[int, tuple[Filled, ...]]:
        """The outline's own sentences with their figures, by index of heading: a paragraph each."""
        headings = self.order.outline.headings if self.order.outline else ()
        written = {at: heading for at, heading in enumerate(headings) if heading.text}
        if not written:
            return {}
        tables = map(table_of, self.totals)
        filler = Filler(tables, self.order.period, self.order.definitions, self.order.units)
        return {
            at: tuple(filler.fill(line, heading.title) for line in heading.text.splitlines())
            for at, heading in written.items()
            if heading.occasion.is_open(self.order.period.shape)
        }

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is not what it was in the version before, as far as there is one."""
        return changes(self.order, self.totals)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found while compiling: form by form, then narratives that could not be read, then sentences
        of the outline that lack a figure.
        """
        return (
            *(found for one in self.totals for found in one.findings),
            *(finding("compile-empty", form=one.view.form.code) for one in self.totals if not one.form_input.sources),
            *(found for narrative, story in self.stories for found in _of_narrative(narrative, story)),
            *(found for texts in self.texts.values() for text in texts for found in text.findings),
        )


def _of_narrative(narrative: Narrative, story: Story | None) -> Iterator[Finding]:
    """What of a narrative is not in the report, and what was taken as decided."""
    told = {"name": narrative.file_name, "unit": narrative.unit.name}
    if story is None:
        yield finding("compile-narrative-unreadable", **told)
        return
    if story.comments:
        yield finding("compile-narrative-comments", **told, count=len(story.comments), said=_listed(story.comments))
    if story.changes:
        yield finding("compile-narrative-changes", **told, count=story.changes)
    if story.left_out:
        yield finding("compile-narrative-pictures", **told, count=story.left_out)


def _listed(comments: tuple[str, ...]) -> str:
    return "; ".join(short(one) for one in comments[:MOST_LISTED]) + ("; …" if len(comments) > MOST_LISTED else "")


def compiled(order: CompileInput) -> Compiled:
    """Compile every form of the order and read every narrative."""
    narratives = sorted(order.narratives, key=lambda one: official_order(one.unit))
    return Compiled(
        order,
        tuple(totals(form, order) for form in order.forms),
        tuple((narrative, _story(narrative)) for narrative in narratives),
    )


def _story(narrative: Narrative) -> Story | None:
    try:
        story = read_story(narrative.data)
    except UnreadableNarrative:
        return None
    return None if story.is_empty else story
