"""Where each commune stands on the tile map (bản đồ ô): the cell nearest to its centre that keeps neighbours together.

``python -m registry.sample.tiles > compile/charts/tiles.csv`` makes the table of positions from the coordinates of the
communes; it is kept as data, so that a province may move a tile by hand.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

COLUMNS, ROWS = 13, 11
_SOURCE = Path(__file__).parent / "data" / "units_daklak.csv"
_SHARE_OF_RANK = 0.6  # how far crowded places are spread: 0 = true to scale, 1 = evenly
_LEAST_GAIN = 1e-9
Place = tuple[float, float]


def positions() -> list[tuple[str, str, int, int]]:
    """(code, name, column, row) of every commune; row 0 is the north, column 0 the west."""
    with _SOURCE.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    across = _spread([float(one["lon"]) for one in known], COLUMNS)
    down = _spread([-float(one["lat"]) for one in known], ROWS)
    cells = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    wanted = list(zip(across, down, strict=True))
    chosen = _nearest(wanted, cells)
    found = [(one["commune_code"], one["commune"], *cells[cell]) for one, cell in zip(known, chosen, strict=True)]
    return sorted(found, key=lambda one: (one[3], one[2]))


def _spread(values: Sequence[float], size: int) -> list[float]:
    """Each value between 0 and size - 1: partly by where it is, partly by how many lie before it."""
    least, most = min(values), max(values)
    order = sorted(values)
    last = len(values) - 1
    return [
        (size - 1)
        * ((1 - _SHARE_OF_RANK) * (value - least) / (most - least) + _SHARE_OF_RANK * order.index(value) / last)
        for value in values
    ]


def _nearest(wanted: Sequence[Place], cells: Sequence[tuple[int, int]]) -> list[int]:
    """A cell of its own for each place: two cells change their places as long as squared distances grow less by it."""
    cost = [[(x - column) ** 2 + (y - row) ** 2 for x, y in wanted] for column, row in cells]
    held: list[int | None] = [*range(len(wanted)), *[None] * (len(cells) - len(wanted))]

    def far(cell: int, holder: int | None) -> float:
        return 0 if holder is None else cost[cell][holder]

    improving = True
    while improving:
        improving = False
        for one, other in combinations(range(len(cells)), 2):
            before = far(one, held[one]) + far(other, held[other])
            if before - far(one, held[other]) - far(other, held[one]) > _LEAST_GAIN:
                held[one], held[other] = held[other], held[one]
                improving = True
    return [held.index(place) for place in range(len(wanted))]


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["mã", "tên", "cột", "hàng"])
    writer.writerows(positions())
