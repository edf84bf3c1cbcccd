"""What is remarked about the text of a narrative or a draft: where, on what, and beside which cell."""

from __future__ import annotations

from dataclasses import dataclass

from compile.filled import Origin
from registry.findings import Finding


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document, NFC."""

    number: int  # from 1, as they follow one another
    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding about the characters ``start`` to ``end`` of a paragraph; ``origin`` is the cell it is held against."""

    finding: Finding
    paragraph: int
    start: int
    end: int
    origin: Origin | None = None
