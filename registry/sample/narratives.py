"""Invented narratives (phần thuyết minh) of units, as the Word documents they would attach."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from registry.catalogue.model import Unit
from registry.periods import Period
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "narratives.toml")
_BODY = ("production", "trade", "budget", "society", "administration")


def narrative(unit: Unit, period: Period, told: Iterable[str] = ()) -> bytes:
    """A short report of a unit in a period, with what it tells besides; the same of both gives the same text."""
    from docx import Document
    from docx.shared import Pt

    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    document.core_properties.created = document.core_properties.modified = datetime(2026, 1, 1, tzinfo=UTC)
    document.core_properties.author = unit.name
    variant = (unit.order + period.number) % 2
    title = document.add_paragraph()
    title.add_run(_copy("title", unit=unit.name, period=period.label)).bold = True
    for number, part in enumerate(("results", "difficulties", "tasks"), start=1):
        heading = document.add_paragraph()
        heading.add_run(_copy(f"heading.{part}", number="I" * number)).bold = True
        keys = [f"{part}.{key}" for key in _BODY] if part == "results" else [f"{part}.{variant}"]
        for key in keys:
            document.add_paragraph(_copy(key, unit=unit.name, period=period.label))
        for words in told if part == "results" else ():
            document.add_paragraph(words)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, key in zip(table.rows[0].cells, ("content", "agency", "ground"), strict=True):
        cell.text = _copy(f"proposal.{key}")
    row = table.add_row()
    for cell, key in zip(row.cells, ("content", "agency", "ground"), strict=True):
        cell.text = _copy(f"proposal.{variant}.{key}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
