"""What units ask with their reports (kiến nghị, đề xuất), as one table under its heading: by whom it is for (F12)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from compile.coverage import copy
from compile.model import Petitioned
from registry.catalogue.model import Heading
from workbook_templates.official import letterhead
from workbook_templates.official.blocks import LEFT_COLUMN, RIGHT_COLUMN
from workbook_templates.official.wordml import Box, Line, Run, Setting, paragraph, table, twips

_SIZE = 12
_SHARES = (8, 56, 36, 65)  # of the columns


def heading_of(headings: Sequence[Heading]) -> int | None:
    """The last heading whose instruction asks for a table, None where no heading does."""
    columns = letterhead.copy("outline.columns")
    return max((at for at, one in enumerate(headings) if columns in one.instruction), default=None)


def petition_table(asked: Sequence[Petitioned]) -> str:
    """The table; ``asked`` comes in the order of those it is addressed to."""
    names = ("ordinal", "content", "unit", "basis")
    lines = [Line(tuple(_box(copy(f"petitions.{name}"), bold=True, align="center") for name in names), True)]
    n = 0
    for addressee, some in groupby(asked, key=lambda one: one.addressee):
        lines.append(Line((Box(_cell(addressee, "left", bold=True), span=len(names)),)))
        for one in some:
            n += 1
            cells = (_box(str(n), align="center"), *(_box(text) for text in (one.content, one.unit, one.basis)))
            lines.append(Line(cells))
    room = twips(LEFT_COLUMN + RIGHT_COLUMN)
    return table([room * share // sum(_SHARES) for share in _SHARES], lines)


def _box(text: str, *, bold: bool = False, align: str = "left") -> Box:
    return Box(_cell(text, align, bold=bold))


def _cell(text: str, align: str, *, bold: bool = False) -> str:
    return paragraph([Run(text, bold=bold, size=_SIZE)], Setting(align))
