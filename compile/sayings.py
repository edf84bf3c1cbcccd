"""What may be said of the figures under each heading: placeholders a writer puts into a text, with what they print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compile.compiled import Compiled
from compile.filled import table_of
from compile.placeholders import Filler
from compile.placing import place_rows
from compile.totals import RowTotal
from compile.unit_table import is_matrix
from registry.catalogue.forms import Access
from registry.catalogue.model import Heading, RowKind
from registry.catalogue.row_names import plain_label

_SHAPES = (
    "{{ [NAME] }}",
    "{{ [NAME].lũy kế }}",
    "{{ so sánh([NAME]; tháng trước) }}",
    "{{ so sánh([NAME]) }}",
    "{{ đạt kế hoạch([NAME]) }}",
)


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say of a row: the placeholder to write, and what it prints now."""

    placeholder: str
    text: str


@dataclass(frozen=True, slots=True)
class RowSayings:
    """What may be said of one row."""

    label: str
    sayings: tuple[Saying, ...]


def filler_of(report: Compiled) -> Filler:
    """What fills texts about a compiled report."""
    order = report.order
    return Filler(map(table_of, report.totals), order.period, order.definitions, order.units)


def sayings(report: Compiled, filler: Filler, headings: Sequence[Heading]) -> Mapping[int, tuple[RowSayings, ...]]:
    """By index of heading, the rows that have a figure and belong under it, in the order of their forms."""
    found: dict[int, list[RowSayings]] = {}
    for one in report.totals:
        if is_matrix(one.view.form):
            continue
        for at, rows in place_rows(one, headings).items():
            found.setdefault(at, []).extend(_of_rows(filler, one.view.form.code, rows))
    return {at: tuple(some) for at, some in found.items()}


def _of_rows(filler: Filler, form: str, rows: Sequence[RowTotal]) -> Iterator[RowSayings]:
    for row in rows:
        if row.row.kind is not RowKind.DATA or row.access is not Access.OPEN:
            continue
        label = plain_label(row.row.label)
        said: dict[str, Saying] = {}  # by what is printed: the same figure is offered once
        for shape in _SHAPES:
            placeholder = _placeholder(filler, shape, label, form, row.row.code)
            printed = filler.fill(placeholder)
            if not printed.findings:
                said.setdefault(printed.text, Saying(placeholder, printed.text))
        if said:
            yield RowSayings(label, tuple(said.values()))


def _placeholder(filler: Filler, shape: str, label: str, form: str, code: str) -> str:
    """By the row's label where that names it and no other, else by its code."""
    by_label = shape.replace("NAME", label)
    origins = [span.origin for span in filler.fill(by_label).spans]
    names_it = any(one and one.form == form and one.cells and one.cells[0].row == code for one in origins)
    return by_label if names_it else shape.replace("NAME", code)
