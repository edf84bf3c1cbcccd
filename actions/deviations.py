"""What a reviewer should look at first: of each unit's version the cells farthest from what is usual of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actions.cases import Situation, situations
from actions.desk import Desk
from actions.experience import experiences
from actions.personal import sight_of
from actions.reviewing import Line
from ingest.experience import Experience
from ingest.judge import judge_values
from ingest.model import Case
from ingest.plausibility.checks import beyond
from ingest.plausibility.watched import watched
from ingest.seen import spec_of
from registry.catalogue.forms import View
from registry.catalogue.values import BLANK, CellKey, CellValue
from registry.catalogue.words import shown
from registry.findings import Finding, Severity
from registry.store import submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.submissions import Explanation, Version

_NOTHING = Experience()
_GRAVE = (Severity.BLOCK, Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class Suspect:
    """A cell to look at: how far it is off, what is found of it, what the unit said."""

    key: CellKey
    row: str
    column: str
    value: str
    beyond: float  # `ingest.plausibility.checks.beyond`
    findings: tuple[Finding, ...]
    told: tuple[str, ...]
    is_typed: bool  # by the unit: what follows from other cells is not asked about

    @property
    def order(self) -> tuple[float, int]:
        """The larger, the sooner it is looked at."""
        return self.beyond, sum(one.severity in _GRAVE for one in self.findings)


@dataclass(frozen=True)
class Looked:
    """One unit's version with its suspects, the worst first."""

    line: Line
    situated: Situation
    version: Version
    suspects: tuple[Suspect, ...]

    @property
    def order(self) -> tuple[tuple[float, int], int]:
        """The larger, the sooner it is looked at."""
        return (self.suspects[0].order if self.suspects else (0.0, 0)), len(self.suspects)


def looked_at(desk: Desk, connection: Connection, snapshot: Snapshot, lines: Sequence[Line]) -> list[Looked]:
    """Units by worst deviation first, in the official order where they are alike.

    Judged anew with today's rules and experience: a handful of queries whatever the number of units.
    """
    versions = submissions.by_ids(connection, [line.version_id for line in lines])
    told = submissions.explanations(connection, versions)
    found = situations(connection, snapshot, [line.work for line in lines])
    known = experiences(connection, snapshot, found)
    made = []
    for line, situated in zip(lines, found, strict=True):
        version = versions[line.version_id]
        suspects = _suspects(
            desk, snapshot, line, situated, version, known[line.work.assignment_id], told.get(version.id, [])
        )
        made.append(Looked(line, situated, version, tuple(sorted(suspects, key=lambda one: one.order, reverse=True))))
    return sorted(made, key=lambda one: one.order, reverse=True)


def _suspects(
    desk: Desk,
    snapshot: Snapshot,
    line: Line,
    situated: Situation,
    version: Version,
    known: Experience | None,
    told: Sequence[Explanation],
) -> Iterator[Suspect]:
    rows = line.rows.keys()
    seen = sight_of(desk, snapshot, situated.view.form, line.work.unit_id)
    far = _far(situated, version.values, known or _NOTHING) if version.kind != submissions.NIL else {}
    found: dict[CellKey, list[Finding]] = {}
    for one in _findings(situated, version, known):
        key = _key(dict(one.values))
        if key is not None:
            found.setdefault(key, []).append(one)
    said: dict[CellKey, list[str]] = {}
    for each in told:
        if each.row and each.column:
            said.setdefault(CellKey(each.row, each.column, each.line), []).append(each.text)
    labels = Labels(situated.view)
    for key in dict.fromkeys((*far, *found, *said)):
        if key.row in rows and not seen.hides_line(key):
            value = labels.value(key, version.values)
            yield Suspect(
                key,
                labels.row(key),
                labels.column(key),
                value,
                far.get(key, 0.0),
                tuple(found.get(key, ())),
                tuple(dict.fromkeys(said.get(key, ()))),
                labels.is_typed(key),
            )


def _far(situated: Situation, values: Mapping[CellKey, CellValue], known: Experience) -> dict[CellKey, float]:
    """The cells beyond what is usual, and how far."""
    cells = watched(situated.view, situated.period, situated.context.frequency)
    given = ((cell, values.get(cell.key, BLANK).number) for cell in cells)
    far = {cell.key: beyond(cell, number, known.past.get(cell.key), known) for cell, number in given if number}
    return {key: one for key, one in far.items() if one > 0}


def _findings(situated: Situation, version: Version, known: Experience | None) -> tuple[Finding, ...]:
    if version.kind == submissions.NIL:
        return ()
    case = Case(
        situated.unit, situated.context, situated.rules, situated.waived, experience=known, waiting=situated.waiting
    )
    return judge_values(version.values, case).findings


def _key(named: Mapping[str, str]) -> CellKey | None:
    if not named.get("row_code") or not named.get("column_code"):
        return None
    return CellKey(named["row_code"], named["column_code"], int(named["line"]) if "line" in named else None)


class Labels:
    """What the cells of a form are called, and how their values are written."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._rows = {row.code: row.label for row, _ in view.rows}
        self._titles = {table.code: table.title for table in view.form.lists}

    def row(self, key: CellKey) -> str:
        """The row, or the list's title."""
        return self._rows.get(key.row) or self._titles.get(key.row, key.row)

    def column(self, key: CellKey) -> str:
        """Its whole heading."""
        view = self._view if key.line is None else self._view.lists[key.row]
        heading = next((one.heading(view.row_set.audience) for one in view.columns if one.code == key.column), ())
        return " – ".join(heading) or key.column

    def plain(self, key: CellKey, values: Mapping[CellKey, CellValue]) -> Suspect:
        """A cell of which nothing is to be said."""
        return Suspect(key, self.row(key), self.column(key), self.value(key, values), 0.0, (), (), self.is_typed(key))

    def is_typed(self, key: CellKey) -> bool:
        """True for a cell the unit fills."""
        spec = spec_of(self._view, key)
        return spec is not None and spec.kind.is_typed

    def value(self, key: CellKey, values: Mapping[CellKey, CellValue]) -> str:
        """As it is printed."""
        view = self._view if key.line is None else self._view.lists[key.row]
        spec = view.cells.get(key._replace(line=None))
        return shown(view, spec, values.get(key, BLANK)) if spec else ""


def whole(desk: Desk, snapshot: Snapshot, one: Looked) -> tuple[Suspect, ...]:
    """Every filled cell of the reviewer's rows in one version, those to look at with what is said of them."""
    known = {each.key: each for each in one.suspects}
    labels, values = Labels(one.situated.view), one.version.values
    seen = sight_of(desk, snapshot, one.situated.view.form, one.line.work.unit_id)
    typed = (key for key, spec in one.situated.view.cells.items() if spec.kind.is_typed)
    lines = sorted(
        (key for key in values if key.line is not None),
        key=lambda key: (key.row, key.line or 0, key.column),
    )
    return tuple(
        known.get(key) or labels.plain(key, values)
        for key in (*typed, *lines)
        if key.row in one.line.rows and values.get(key, BLANK) != BLANK and not seen.hides_line(key)
    )
