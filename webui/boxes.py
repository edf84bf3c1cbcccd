"""Cells offered for correction: what stands in each, how a person calls it, what was found there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from actions.correct import Made
from ingest.seen import spec_of, view_of
from ingest.text import row_name
from registry.catalogue.forms import COMMUNE, View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue
from registry.catalogue.words import choices
from registry.rules.lines import lines_of, name_of
from registry.store.uploads import Upload

_LISTED = (CellKind.CHOICE, CellKind.UNIT)
_NAME = re.compile(r"o:([^:]{1,40}):([^:]{1,40})(?::([0-9]{1,6}))?")


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as a field of a page."""

    key: CellKey
    row: str
    column: str
    measure: str
    address: str  # A1
    text: str
    kind: str  # figure | words | note | choice | day
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the field."""
        parts = [self.key.row, self.key.column, *([] if self.key.line is None else [str(self.key.line)])]
        return ":".join(["o", *parts])

    @property
    def id(self) -> str:
        """Of the field, once on a page."""
        return "sua-" + "-".join(self.name.split(":")[1:])


def texts_in(form: Iterable[tuple[str, str]]) -> dict[CellKey, str]:
    """What was typed into the boxes of a posted form."""
    found = ((_NAME.fullmatch(name), text) for name, text in form)
    return {CellKey(at[1], at[2], int(at[3]) if at[3] else None): text for at, text in found if at}


class Boxes:
    """Makes the boxes of one form."""

    def __init__(
        self, view: View, values: Mapping[CellKey, CellValue], addresses: Mapping[CellKey, tuple[str, str]]
    ) -> None:
        self.view, self.addresses = view, addresses
        self.rows = {row.code: row for row, _ in view.rows}
        self.lines = lines_of(values)

    def of(self, texts: Mapping[CellKey, str]) -> Iterator[Box]:
        """A box for each text, in the order given."""
        for key, text in texts.items():
            view, spec = view_of(self.view, key), spec_of(self.view, key)
            if view is None or spec is None:
                continue
            column = next(one for one in view.columns if one.code == key.column)
            heading = " – ".join(column.heading(view.row_set.audience))
            options = choices(view, spec) if spec.kind in _LISTED and not spec.several else ()
            kind = "choice" if options else _KINDS.get(spec.kind, "words")
            yield Box(key, self.row_of(key), heading, self._measure(key), self.addresses[key][1], text, kind, options)

    def row_of(self, key: CellKey) -> str:
        """What a person calls the row or line of a cell."""
        if key.line is None:
            return row_name(self.rows[key.row])
        return name_of(self.view.lists[key.row], key.line, self.lines.get(key.row, {}).get(key.line, {}))

    def _measure(self, key: CellKey) -> str:
        if key.line is not None:
            return ""
        row = self.rows[key.row]
        return (row.commune_measure if self.view.row_set.audience == COMMUNE else "") or row.measure


@dataclass(frozen=True, slots=True)
class CorrectedCell:
    """A cell corrected on the page, as people call it: what stood there, what was typed, and in which upload."""

    box: Box  # with what was typed
    before: str
    upload: Upload


def named(view: View, values: Mapping[CellKey, CellValue], corrections: tuple[Made, ...]) -> tuple[CorrectedCell, ...]:
    """Every cell corrected on the page, oldest correction first."""
    return tuple(
        CorrectedCell(box, cell.before, made.upload)
        for made in corrections
        for cell in made.cells
        for box in Boxes(view, values, {cell.key: cell.address}).of({cell.key: cell.after})
    )


_KINDS = {CellKind.INPUT: "figure", CellKind.NOTE: "note", CellKind.DATE: "day"}
