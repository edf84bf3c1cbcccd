"""What a form says of rows whose figures are not of the regime's days (PRACTICE F8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from registry.catalogue.model import Row, RowKind, RowWindow
from registry.periods.period import Period
from registry.periods.windows import CIVIL, CLOSING_15_14, window
from vietnamese.copydeck import deck

_copy = deck(Path(__file__).parent / "copy.toml")
_CALENDARS = {RowWindow.CLOSING: CLOSING_15_14, RowWindow.MONTH: CIVIL}
_SHORTEST_SPAN = 3  # rows told as "from … to …"


def effective(rows: Iterable[Row]) -> Iterator[tuple[Row, RowWindow]]:
    """Each row that holds figures with its own window, else its section's."""
    of_the_section = RowWindow.REGIME
    for row in rows:
        if row.kind is RowKind.SECTION:
            of_the_section = row.window
        else:
            yield row, row.window or of_the_section


def words(kind: RowWindow, period: Period) -> str:
    """A window in words, to stand behind the rows it is of."""
    calendar = _CALENDARS.get(kind)
    first, last = window(period, calendar) if calendar else (period.first, period.last)
    days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}", "next": period.year + 1}
    return _copy(f"window.{kind.name.lower()}", **days)


def shared(rows: Iterable[Row]) -> RowWindow:
    """The window of every row when all have one and the same, else the regime's."""
    kinds = {kind for _, kind in effective(rows)}
    return kinds.pop() if len(kinds) == 1 else RowWindow.REGIME


def footnote(rows: Iterable[Row], period: Period) -> str:
    """The sentence that names the rows with windows of their own; empty when the head says it of all."""
    told = list(effective(rows))
    kinds = {kind for _, kind in told}
    if len(kinds) == 1:
        return ""
    spans: dict[RowWindow, list[str]] = {}
    for kind, run in groupby(told, key=lambda pair: pair[1]):
        if kind is not RowWindow.REGIME:
            spans.setdefault(kind, []).append(_span([row for row, _ in run]))
    parts = [_copy("window.rows", rows=", ".join(rows), window=words(kind, period)) for kind, rows in spans.items()]
    return _copy("window.footnote" if RowWindow.REGIME in kinds else "window.every-row", parts="; ".join(parts))


def _span(rows: list[Row]) -> str:
    names = [row.number.strip("–- ") or row.label.strip("–- ") for row in rows]
    if len(names) < _SHORTEST_SPAN:
        return ", ".join(names)
    return _copy("window.span", first=names[0], last=names[-1])
