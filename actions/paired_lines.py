"""Which line of an older list is which line of a newer one: found again by its key, as the checks find it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from registry.catalogue.forms import View
from registry.rules.background import LineKey
from registry.rules.lines import Line, as_line, key_of, lines_of
from registry.store.cells import Cells


@dataclass(frozen=True, slots=True)
class Unpaired:
    """How many lines of a list have no counterpart: new, gone, or of a key that more than one line has."""

    title: str
    new: int
    gone: int
    alike: int


@dataclass(frozen=True)
class Paired:
    """Older cells under the numbers their lines have in the newer list."""

    values: Cells  # without the lines that have no counterpart
    alike: frozenset[tuple[str, int]]  # (list, number) of newer lines that cannot be told apart
    unpaired: tuple[Unpaired, ...]  # the lists with such lines


def paired(view: View, newest: Cells, older: Cells) -> Paired:
    """The older cells, each line under the number of the line of ``newest`` with the same key.

    Of lines with one key nobody knows which was meant: where either list has more than one, none is found again.
    """
    now, then = lines_of(newest), lines_of(older)
    values = {key: value for key, value in older.items() if key.line is None}
    alike: set[tuple[str, int]] = set()
    unpaired = []
    for table in view.form.lists:
        own = view.lists.get(table.code)
        if own is None:
            continue
        mine, theirs = _by_key(own, now.get(table.code, {})), _by_key(own, then.get(table.code, {}))
        doubled = {key for key in mine.keys() & theirs.keys() if len(mine[key]) + len(theirs[key]) > 2}
        for key in mine.keys() & theirs.keys() - doubled:
            values |= as_line(mine[key][0], then[table.code][theirs[key][0]])
        numbers = [n for key in doubled for n in mine[key]]
        alike.update((table.code, n) for n in numbers)
        new = sum(len(lines) for key, lines in mine.items() if key not in theirs)
        gone = sum(len(lines) for key, lines in theirs.items() if key not in mine)
        if new or gone or numbers:
            unpaired.append(Unpaired(table.title, new, gone, len(numbers)))
    return Paired(values, frozenset(alike), tuple(unpaired))


def _by_key(view: View, lines: Mapping[int, Line]) -> Mapping[LineKey, list[int]]:
    found: dict[LineKey, list[int]] = defaultdict(list)
    for n, line in lines.items():
        found[key_of(view, line)].append(n)
    return found
