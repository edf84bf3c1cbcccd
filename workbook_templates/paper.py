"""Fitting a table to paper: column widths, the sheet that takes them, how far it is scaled, how many pages it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from registry.catalogue.forms import View
from registry.catalogue.model import CellKind, Column
from workbook_templates.text_width import column_points

LABEL_WIDTHS = (5.0, 34.5, 10.5)  # TT, label, ĐVT, in characters
MARGINS_MM = {"left": 20.0, "right": 12.0, "top": 15.0, "bottom": 17.0}
_NARROWEST = 7.6  # characters a figure column keeps; words keep twice as many
_SMALLEST_SCALE = 0.84  # below this a form no longer reads well and takes the next paper
_POINTS_A_MM = 72 / 25.4


class Paper(NamedTuple):
    """A paper: its number in xlsx and its sides in mm."""

    name: str
    number: int
    across_mm: float
    down_mm: float

    @property
    def across(self) -> float:
        """Points between the left and right margin."""
        return (self.across_mm - MARGINS_MM["left"] - MARGINS_MM["right"]) * _POINTS_A_MM

    @property
    def down(self) -> float:
        """Points between the top and bottom margin."""
        return (self.down_mm - MARGINS_MM["top"] - MARGINS_MM["bottom"]) * _POINTS_A_MM


A4 = Paper("A4", 9, 297.0, 210.0)  # lying
A3 = Paper("A3", 8, 420.0, 297.0)
A4_UPRIGHT = Paper("A4", 9, 210.0, 297.0)


@dataclass(frozen=True)
class Fit:
    """How a table goes on paper; columns are counted from 0 at TT."""

    paper: Paper
    widths: tuple[float, ...]  # characters of every printed column

    @property
    def scale(self) -> float:
        """What the print is scaled by to be one page wide."""
        return self.paper.across / self.points(0, len(self.widths) - 1)

    def points(self, left: int, right: int) -> float:
        """Points from one column to another, both included."""
        return sum(map(column_points, self.widths[left : right + 1]))

    def pages(self, height: float, repeated: float, company: float) -> int:
        """Pages to press a table of ``height`` points into, 0 to leave that to the printer.

        The last page must hold at least the last ``company`` points, so that signatures never stand alone;
        every page after the first repeats ``repeated`` points of headings.
        """
        page = self.paper.down / self.scale
        rest, pages = height, 1
        while rest > page:
            rest += repeated - page
            pages += 1
        return pages - 1 if pages > 1 and rest < company + repeated else 0


def fit(view: View, label_columns: int) -> Fit:
    """The smallest paper on which the columns, drawn together as far as they may be, still read well."""
    on_a4 = Fit(A4, _widths(view, label_columns, A4))
    if view.form.paper == A3.name or on_a4.scale < _SMALLEST_SCALE:
        return Fit(A3, _widths(view, label_columns, A3))
    return on_a4


def _holds_words(column: Column) -> bool:
    return column.kind is CellKind.NOTE or column.kind.is_worded


def _widths(view: View, label_columns: int, paper: Paper) -> tuple[float, ...]:
    """Widths as the catalogue has them, drawn together evenly where the paper is too narrow."""
    labels = LABEL_WIDTHS[:label_columns]
    edges = len(view.columns) * column_points(0)
    room = paper.across - sum(map(column_points, labels)) - edges
    taken = sum(column_points(column.width) for column in view.columns) - edges
    share = min(room / taken, 1.0) if taken else 1.0
    figures = (
        max(column.width * share, min(column.width, _NARROWEST * (2 if _holds_words(column) else 1)))
        for column in view.columns
    )
    return (*labels, *figures)
