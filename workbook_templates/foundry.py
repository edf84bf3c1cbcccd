"""Workbooks of one form in one period for any number of units: a base once, then what differs (decision 0006)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Protocol

import msgspec
import xlsxwriter

from registry.catalogue.model import Rule
from registry.catalogue.values import BLANK
from registry.rules.context import Context
from workbook_templates import guide, styles, template
from workbook_templates.base import Base, cut
from workbook_templates.content import Content, of_cell
from workbook_templates.filling import Filling, fill, skeleton
from workbook_templates.grid import UNIT_PLACES, place
from workbook_templates.order import Order
from workbook_templates.stamp import Filled, filled, stamp
from workbook_templates.stamps import Stamp
from workbook_templates.text_width import line_count
from workbook_templates.wording import Wording, wording

Layout = tuple[int, ...]
_LEANS_ON = ("registry/catalogue", "registry/findings", "registry/periods", "registry/rules", "vietnamese")
_PATTERNS = 16  # kept by a process; any of them can be made again from its base


class Shelf(Protocol):
    """Where bases wait for other processes and for the next start."""

    def get(self, key: str) -> bytes | None:
        """What was put under a key, if it is still there."""

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes that can be made again."""


@dataclass(frozen=True)
class Pattern:
    """What all workbooks of one form, period and row set have in common; equal keys mean equal patterns."""

    key: str  # names form version, definitions, rules, period, row set and closing window
    context: Context = field(compare=False)  # of any unit
    rules: tuple[Rule, ...] = field(compare=False)


class Foundry:
    """Makes the workbooks of one pattern."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.form = place(pattern.context.view)
        self.shared = skeleton(pattern.context, pattern.rules, self.form)
        self.slots = template.slots(self.shared.grid)
        self._bases: dict[Layout, Base] = {}

    def make(self, order: Order, how: Stamp, shelf: Shelf) -> bytes:
        """The workbook of an order of this pattern, every input as the warehouse prefills it.

        Lists are built in full: a unit's workbook has as many lines as the unit began with.
        """
        if how is Stamp.FULL or order.form.lists:
            return template.build(order)
        base, values = self.prepare(order, shelf)
        return stamp(base, values, how)

    def prepare(self, order: Order, shelf: Shelf) -> tuple[Base, Filled]:
        """The base of an order's workbook and the bytes of its holes."""
        words, filling = wording(order), fill(order, self.shared, {})
        contents = self._contents(order, words, filling)
        layout = self._layout(order, words)
        if layout not in self._bases:
            key = "-".join((generator(), self.pattern.key, *map(str, layout)))
            kept = _revived(shelf.get(key))
            if kept is None:
                full = template.written(order, self.form, self.shared.grid, words, filling)
                kept = cut(full, self.slots, contents, _outside(order, words))
                shelf.put(key, msgspec.msgpack.encode(kept))
            self._bases[layout] = kept
        base = self._bases[layout]
        return base, filled(base, contents)

    def _contents(self, order: Order, words: Wording, filling: Filling) -> list[Content]:
        """What stands in each of ``slots``, then the words outside cells (``_outside``)."""
        status, _ = filling.status
        said = words.head | words.foot
        return [
            *(Content(text) for text in guide.unit_facts(order, words).values()),
            Content(status.cached, guide.follows(self.form)),
            *(Content(said[name]) for name in UNIT_PLACES),
            *self._table(filling),
            Content(template.identity_line(order, self.form)),
            *(Content(text) for text in _outside(order, words)),
        ]

    def _table(self, filling: Filling) -> chain[Content]:
        values, formulas, checks = filling.values, filling.formulas, filling.checks
        return chain(
            (of_cell(values.get(key, BLANK), formulas.get(key)) for key in self.shared.grid.unit_cells),
            (Content(figure) for figure in filling.background.values()),
            (Content(live.cached, live.formula) for live in filling.status),
            (
                Content(checks[row].cached, checks[row].formula) if row in checks else Content()
                for row in self.shared.grid.rows
            ),
        )

    def _layout(self, order: Order, words: Wording) -> Layout:
        """Lines taken by the words that decide heights of rows, and with them the number of pages."""
        _, _, right = self.shared.grid.zones
        points = self.shared.grid.points(*right)
        head = (
            line_count(words.head[name], points, styles.HEAD_SIZE, bold=name == "unit")
            for name in ("unit", "receivers", "due")
        )
        return (*head, *map(guide.lines, guide.unit_facts(order, words).values()))


@lru_cache(maxsize=_PATTERNS)
def foundry(pattern: Pattern) -> Foundry:
    """The foundry of a pattern, kept by the process for the next unit."""
    return Foundry(pattern)


@cache
def generator() -> str:
    """The version of everything that decides the bytes of a base: this package, what it leans on, xlsxwriter."""
    digest = hashlib.sha256(xlsxwriter.__version__.encode())
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def sources() -> list[Path]:
    """Every file of ours that a base follows from: modules, copy decks, catalogues of words."""
    here = Path(__file__).parent
    folders = (here, *(here.parent / name for name in _LEANS_ON))
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if path.parent.name != "__pycache__")


def _outside(order: Order, words: Wording) -> tuple[str, ...]:
    """Words that differ between units and stand in no cell."""
    return (order.token, words.footer)


def _revived(data: bytes | None) -> Base | None:
    try:
        return msgspec.msgpack.decode(data, type=Base) if data else None
    except msgspec.MsgspecError:
        return None
