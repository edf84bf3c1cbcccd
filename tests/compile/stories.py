"""Narratives as units write them."""

from __future__ import annotations

from io import BytesIO

import docx


def a_story(*paragraphs: str) -> bytes:
    """A docx with these paragraphs."""
    held = docx.Document()
    for text in paragraphs:
        held.add_paragraph(text)
    return saved(held)


def saved(held: object) -> bytes:
    buffer = BytesIO()
    held.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()
