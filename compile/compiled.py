"""One compiled report: every form's totals, with what is missing and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from compile.coverage import Coverage, coverage
from compile.model import CompileInput, Narrative, official_order
from compile.narratives import Story, UnreadableNarrative, read_story
from compile.totals import Totals, totals
from registry.findings import Finding, finding


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

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found while compiling: form by form, then narratives that could not be read."""
        return (
            *(found for one in self.totals for found in one.findings),
            *(finding("compile-empty", form=one.view.form.code) for one in self.totals if not one.form_input.sources),
            *(
                finding("compile-narrative-unreadable", name=narrative.file_name, unit=narrative.unit.name)
                for narrative, story in self.stories
                if story is None
            ),
        )


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
