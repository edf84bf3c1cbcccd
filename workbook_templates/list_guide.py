"""What the guide says of list tables: how to fill lines, and what each column is."""

from __future__ import annotations

from pathlib import Path

from registry.catalogue.model import CellKind, Column
from registry.catalogue.values import CellKey
from registry.rules.lines import adds_up
from vietnamese.copydeck import deck
from workbook_templates.list_grid import ListGrid

_say = deck(Path(__file__).parent / "copy.toml")


def facts(lists: tuple[ListGrid, ...]) -> str:
    """Which lists the workbook has and how many lines are prepared."""
    return " ".join(_say("guide.lists.fact", title=one.table.title, sheet=one.sheet, lines=one.lines) for one in lists)


def steps(lists: tuple[ListGrid, ...]) -> list[str]:
    """How lines are filled."""
    if not lists:
        return []
    sheets = ", ".join(f"“{one.sheet}”" for one in lists)
    keys = "; ".join(column.path[-1] for one in lists for column in one.view.columns if column.key)
    prefilled = _say("guide.lists.prefilled") if any(one.table.prefill for one in lists) else ""
    found = (
        _say("guide.lists.lines", sheets=sheets),
        prefilled,
        _say("guide.lists.key", keys=keys) if keys else "",
        _say("guide.lists.print"),
    )
    return [step for step in found if step]


def columns(grid: ListGrid) -> list[tuple[str, str]]:
    """Each column of a list: its number and heading, and what stands in it."""
    return [
        (f"({column.number.strip('()')}) {column.path[-1]}", _described(grid, column)) for column in grid.view.columns
    ]


def _described(grid: ListGrid, column: Column) -> str:
    spec = grid.view.cells[CellKey(grid.table.code, column.code)]
    kind = "input-carried" if spec.kind is CellKind.INPUT and spec.prefill else spec.kind.name.lower()
    parts = [
        _say(f"guide.kinds.{kind}"),
        _say("guide.lists.measure", measure=spec.measure) if spec.kind.is_figure and spec.measure else "",
        _say("guide.lists.required") if column.required or column.key else "",
        _say("guide.lists.added") if adds_up(grid.view, spec) and spec.keep else "",
        column.hint,
    ]
    return f"{' > '.join(column.heading(grid.view.row_set.audience))}: {'; '.join(part for part in parts if part)}"
