"""The dense array: every figure known now as whole numbers in memory-mapped files, one pair of files a period.

Derived, and made again by ``baocao cube rebuild``. A file's name tells the generation of its period: how many times
figures of it were written, and the mark of the last. What is so in the store and no file is named after, the store
answers itself, so nobody waits for a rebuild and nobody reads what is out of date, or what a restore undid. Series and
subjects have fixed places; new ones come behind.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from registry.catalogue.values import State
from registry.rules.analysis import Sum
from registry.rules.background import Need
from registry.store.figures import NATURES, Keys, by_need
from registry.store.standing import STATES
from registry.store.tables import figure_change, figure_now, period, series, unit

MOST_SUBJECTS = 9_000  # so many mantissas below 10^15 add up within 64 bits
NIL = 4  # the bit of a code that says "không phát sinh"
_AXES, _BATCH = "axes.json", 50_000
_NIL_STATE = STATES.index(State.NIL)


@dataclass(frozen=True, slots=True)
class Axes:
    """The places of series and subjects, by the store's keys; they only ever grow."""

    series: Mapping[int, int]
    subjects: Mapping[int, int]

    @property
    def shape(self) -> tuple[int, int]:
        """Series × subjects."""
        return len(self.series), len(self.subjects)


class Column(NamedTuple):
    """What every subject gave of one series in one period, by the subjects' places; codes as in the files.

    The last place is nobody's: nothing is known there.
    """

    mantissas: NDArray[np.int64]
    codes: NDArray[np.int8]


class Columns(NamedTuple):
    """Columns of some needs, and the place of each subject in them."""

    of: Mapping[Need, Column]
    places: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did."""

    periods: int
    figures: int


class Generation(NamedTuple):
    """How often figures of a period were written, and the mark of the last time."""

    times: int
    mark: str


_NEVER = Generation(0, "")


def generations(connection: Connection) -> dict[int, Generation]:
    """What was written of each period, by the period's key: counted, since keys of parallel transactions do not come
    in the order of their commits.
    """
    found = (
        select(figure_change.c.period_id, func.count().label("times"), func.max(figure_change.c.id).label("last"))
        .group_by(figure_change.c.period_id)
        .subquery()
    )
    query = select(found, figure_change.c.mark).join(figure_change, figure_change.c.id == found.c.last)
    return {row.period_id: Generation(row.times, row.mark) for row in connection.execute(query)}


@dataclass(frozen=True)
class Cube:
    """The files in a folder of the instance; those of columns stay open as long as this is held."""

    folder: Path
    _pages: dict[tuple[int, Generation], Column] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_kept(self) -> bool:
        """True once it was built: from then on it is refreshed in the wake of every change."""
        return (self.folder / _AXES).exists()

    # --- reading ------------------------------------------------------------------------------------------------------

    def sums(
        self, connection: Connection, subjects: Collection[int], wanted: Collection[Need]
    ) -> dict[Need, Sum] | None:
        """The best nature of each subject added up for each need; None where a period is missing or out of date."""
        if not self.is_kept or len(subjects) > MOST_SUBJECTS:
            return None
        axes, keys, now = self._axes(), Keys.of(connection), generations(connection)
        by_period: dict[int, list[tuple[int, Need]]] = defaultdict(list)
        for need in wanted:
            if need.series in keys.series and need.period in keys.periods:
                by_period[keys.periods[need.period]].append((keys.series[need.series], need))
        found: dict[Need, Sum] = {}
        for key, listed in by_period.items():
            mantissas, codes = self._open(key, now.get(key, _NEVER))
            if mantissas is None or codes is None:
                return None
            placed = [(axes.series[one], need) for one, need in listed if axes.series.get(one, len(codes)) < len(codes)]
            found |= dict(_added(mantissas, codes, placed, _columns(axes, subjects, codes.shape[1])))
        return found

    def columns(
        self,
        connection: Connection,
        subjects: Iterable[int],
        wanted: Collection[Need],
        concerned: Callable[[], Collection[int]],
    ) -> Columns:
        """What is known of each need, with a place for every subject; the array must have been built.

        Of the periods that are out of date the store is asked, about the subjects concerned.
        """
        keys, now = Keys.of(connection), generations(connection)
        ids = {code: keys.periods[code] for code in {need.period for need in wanted} if code in keys.periods}
        pages = {code: page for code, key in ids.items() if (page := self._page(key, now.get(key, _NEVER))) is not None}
        axes = self._axes()  # read behind the files: whatever stands in them has its place by then
        places = dict(axes.subjects)
        for one in subjects:
            places.setdefault(one, len(places))
        width = len(places) + 1
        nothing = _blank(width)
        found: dict[Need, Column] = {}
        stale: list[Need] = []
        for need in wanted:
            page, row = pages.get(need.period), axes.series.get(keys.series.get(need.series, -1))
            if page is not None:
                found[need] = nothing if row is None or row >= len(page.codes) else _widened(page, row, width)
            elif ids.get(need.period) in now:
                stale.append(need)
            else:  # nobody ever wrote a figure of the period
                found[need] = nothing
        if stale:
            found |= _from_store(connection, concerned(), stale, places)
        return Columns(found, places)

    def _page(self, period_id: int, generation: Generation) -> Column | None:
        if (period_id, generation) not in self._pages:
            mantissas, codes = self._open(period_id, generation)
            if mantissas is None or codes is None:
                return None
            self._pages[period_id, generation] = Column(mantissas, codes)
        return self._pages[period_id, generation]

    def _axes(self) -> Axes:
        kept = json.loads((self.folder / _AXES).read_bytes())
        return Axes(*({key: at for at, key in enumerate(kept[name])} for name in ("series", "subjects")))

    def _open(self, period_id: int, generation: Generation) -> tuple[NDArray[np.int64] | None, NDArray[np.int8] | None]:
        mantissas, codes = self._paths(period_id, generation)
        try:
            return np.load(mantissas, mmap_mode="r"), np.load(codes, mmap_mode="r")
        except FileNotFoundError:
            return None, None

    def _paths(self, period_id: int, generation: Generation) -> tuple[Path, Path]:
        stem = self.folder / f"{period_id}-{generation.times}-{generation.mark}"
        return stem.with_suffix(".mantissas.npy"), stem.with_suffix(".codes.npy")

    # --- writing ------------------------------------------------------------------------------------------------------

    def refresh(self, connection: Connection, *, anew: bool = False) -> Refreshed:
        """Write the periods whose generation has no file (``anew``: every period) and drop what they replace.

        Seen by readers period by period, each whole or not at all. Two at a time do the same work twice, no harm.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        counted = generations(connection)
        known = {row.id: row.code for row in connection.execute(select(period.c.id, period.c.code))}
        axes = self._grown(connection)
        written, figures = 0, 0
        for key in known:
            mantissas, codes = self._paths(key, counted.get(key, _NEVER))
            if not anew and mantissas.exists() and codes.exists():
                continue
            filled, count = _filled(connection, axes, key)
            if count or mantissas.exists():
                _put(codes, filled[1])
                _put(mantissas, filled[0])
                written, figures = written + 1, figures + count
        self._drop(counted)
        return Refreshed(written, figures)

    def _grown(self, connection: Connection) -> Axes:
        kept = json.loads((self.folder / _AXES).read_bytes()) if self.is_kept else {"series": [], "subjects": []}
        for name, table in (("series", series), ("subjects", unit)):
            held = set(kept[name])
            kept[name] += [
                key for key in connection.execute(select(table.c.id).order_by(table.c.id)).scalars() if key not in held
            ]
        _replace(self.folder / _AXES, json.dumps(kept).encode())
        return self._axes()

    def _drop(self, counted: Mapping[int, Generation]) -> None:
        """What is behind, and what is as old as the store's own but of another past."""
        for path in self.folder.glob("*.npy"):
            key, times, *mark = path.name.partition(".")[0].split("-")
            now = counted.get(int(key), _NEVER)
            if int(times) < now.times or (int(times) == now.times and mark != [now.mark]):
                path.unlink(missing_ok=True)


def _blank(width: int) -> Column:
    return Column(np.zeros(width, dtype=np.int64), np.zeros(width, dtype=np.int8))


def _widened(page: Column, row: int, width: int) -> Column:
    """A row of a period's files; units that came later stand behind with nothing."""
    lacking = (0, width - page.codes.shape[1])
    return Column(np.pad(page.mantissas[row], lacking), np.pad(page.codes[row], lacking))


def _from_store(
    connection: Connection, subjects: Collection[int], needs: Collection[Need], places: Mapping[int, int]
) -> dict[Need, Column]:
    found = {need: _blank(len(places) + 1) for need in needs}
    for need, given in by_need(connection, subjects, needs).items():
        for subject, one in given.items():
            found[need].mantissas[places[subject]] = one.mantissa
            code = NATURES.index(one.nature) + 1 + NIL * (one.state is State.NIL)
            found[need].codes[places[subject]] = code
    return found


def _columns(axes: Axes, subjects: Iterable[int], width: int) -> NDArray[np.int64]:
    """1 for each subject wanted, 0 for the others."""
    chosen = np.zeros(width, dtype=np.int64)
    places = [at for one in subjects if (at := axes.subjects.get(one, width)) < width]
    chosen[places] = 1
    return chosen


def _added(
    mantissas: NDArray[np.int64], codes: NDArray[np.int8], placed: list[tuple[int, Need]], chosen: NDArray[np.int64]
) -> Iterator[tuple[Need, Sum]]:
    rows = [at for at, _ in placed]
    is_whole = rows == list(range(len(codes)))
    values, kinds = (mantissas, codes) if is_whole else (mantissas[rows], codes[rows])
    totals = values @ chosen
    marked = kinds * chosen.astype(np.int8)
    nils = np.count_nonzero(marked & NIL, axis=1)
    have = np.count_nonzero(marked, axis=1)
    weakest = np.where(marked == 0, np.int8(NIL), marked & 3).min(axis=1)
    for at, (_, need) in enumerate(placed):
        if have[at]:
            yield need, Sum(int(totals[at]), NATURES[int(weakest[at]) - 1], int(have[at]), int(nils[at]))


def _filled(connection: Connection, axes: Axes, period_id: int) -> tuple[tuple[NDArray[Any], NDArray[Any]], int]:
    """Mantissas, and codes: 0 for nothing known, else the nature from 1 on, and 4 more for "không phát sinh"."""
    mantissas, codes = np.zeros(axes.shape, dtype=np.int64), np.zeros(axes.shape, dtype=np.int8)
    columns = (
        figure_now.c.series_id,
        figure_now.c.subject_id,
        figure_now.c.nature,
        figure_now.c.mantissa,
        figure_now.c.state,
    )
    query = select(*columns).where(figure_now.c.period_id == period_id)
    for nature in range(len(NATURES)):  # a better nature overwrites a weaker one
        rows = connection.execute(query.where(figure_now.c.nature == nature).execution_options(yield_per=_BATCH))
        for some in rows.partitions():
            given = np.array([tuple(row) for row in some], dtype=np.int64)
            at = (
                [axes.series[key] for key in given[:, 0].tolist()],
                [axes.subjects[key] for key in given[:, 1].tolist()],
            )
            mantissas[at] = given[:, 3]
            codes[at] = nature + 1 + NIL * (given[:, 4] == _NIL_STATE)
    return (mantissas, codes), int(np.count_nonzero(codes))


def _put(path: Path, array: NDArray[Any]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        np.save(file, array)
    beside.replace(path)


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
