"""Charts of the issuer's dashboards in the document: pictures as wide as the text, each kept with its words."""

from __future__ import annotations

from collections.abc import Sequence

from compile.attaching import Attaching
from compile.model import ChartPicture
from compile.pictures import Picture
from compile.story import Figure
from workbook_templates.official.document import MARGIN_LEFT, MARGIN_RIGHT, PAPERS
from workbook_templates.official.wordml import Setting, paragraph, twips

_ROOM = twips(PAPERS["A4"][0] - MARGIN_LEFT - MARGIN_RIGHT)
_EMU = 9525  # of a unit of a drawing: 96 to the inch
_SETTING = Setting("center", after=6)


def chart_blocks(charts: Sequence[ChartPicture], attaching: Attaching) -> list[str]:
    """A paragraph for each chart; title, coverage and moment are in the picture, the title is also its description."""
    return [
        paragraph(
            attaching.inlines(
                [Figure(Picture("png", one.data), one.width * _EMU, one.height * _EMU, said=one.title)], _ROOM
            ),
            _SETTING,
        )
        for one in charts
    ]
