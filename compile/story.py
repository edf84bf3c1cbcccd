"""What a narrative holds once it is read: paragraphs, tables, pictures, footnotes; none of its formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from compile.pictures import Picture
from workbook_templates.official.wordml import Run


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in the text, as wide and high as its author drew it."""

    picture: Picture
    width: int  # EMU
    height: int
    crop: tuple[int, int, int, int] = (0, 0, 0, 0)  # thousandths of a percent cut at left, top, right, bottom
    turned: int = 0  # 60,000ths of a degree
    said: str = ""  # its description


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote or endnote where its mark stands."""

    texts: tuple[Text, ...]


Inline = Run | Figure | Footnote


class Text(NamedTuple):
    """A paragraph; ``level`` is its heading level, None for body text."""

    runs: tuple[Inline, ...]
    align: str = "both"
    level: int | None = None
    tag: str = ""  # of the content control around it

    @property
    def said(self) -> str:
        """Its words, blanks as one space."""
        return " ".join("".join(run.text for run in self.runs if isinstance(run, Run)).split())

    @property
    def is_empty(self) -> bool:
        """True without a word, a picture or a footnote."""
        return not self.said and all(isinstance(run, Run) for run in self.runs)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: per row its cells as (paragraphs, columns spanned, continues the cell above)."""

    rows: tuple[tuple[tuple[tuple[Text, ...], int, bool], ...], ...]
    shares: tuple[int, ...] = ()  # widths of the columns as the file gives them, in any one unit
    headings: int = 0  # rows at its top that are repeated on every page
    tag: str = ""

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((sum(span for _, span, _ in row) for row in self.rows), default=0)

    @property
    def texts(self) -> Iterator[Text]:
        """The paragraphs of its cells in reading order."""
        return (text for row in self.rows for cell, _, _ in row for text in cell)

    @property
    def is_empty(self) -> bool:
        """True when no cell says anything."""
        return all(text.is_empty for text in self.texts)


Block = Text | Grid


@dataclass(frozen=True)
class Story:
    """What a narrative holds, in order, and what of it is not carried into the report."""

    blocks: tuple[Block, ...] = ()
    left_out: int = 0  # pictures, drawings and objects of kinds that are not carried
    comments: tuple[str, ...] = ()  # "Nguyễn Thị Hoa: Xem lại số này"
    changes: int = 0  # tracked changes taken as accepted

    @property
    def is_empty(self) -> bool:
        """True when there is nothing in it to be read."""
        return all(block.is_empty for block in self.blocks)
