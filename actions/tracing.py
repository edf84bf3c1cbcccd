"""A figure of a compiled report followed to the cells it came from.

Whoever may see the compiled report may follow its figures; what a unit gave is shown under the same policy as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from actions import traced_reports
from actions.askers import is_own
from actions.desk import Desk, NotYours, Refusal
from actions.report_versions import seen_in_part
from compile.terms import Asked
from compile.traced_model import Figure, Given, Sheet, Traced
from registry.catalogue.measures import from_mantissa
from registry.catalogue.model import PROVINCE, Regime, Unit
from registry.catalogue.values import SeriesKey, State
from registry.rules.background import Need
from registry.store import releases, report_versions, submissions, vintages, waivers
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.releases import Release, ReleaseStep
from registry.store.report_versions import ReportVersion
from registry.store.submissions import Provenance
from registry.store.vintages import Vintage
from registry.workflow.policy import Action

_LONGEST_KEY = 10  # digits


@dataclass(frozen=True)
class Report:
    """A compiled version with its tables."""

    version: ReportVersion
    receiver: Unit
    regime: Regime
    traced: Traced
    newest_id: int | None  # of the same report, where this is not the newest
    steps: tuple[Release, ...]  # on its way out, newest first

    @property
    def is_issued(self) -> bool:
        """True once it left the house: what the catalogue lets out of it is public."""
        return any(one.step is ReleaseStep.ISSUE for one in self.steps)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value a unit had given before, and why it was changed."""

    number: Decimal | None
    state: State
    version_id: int | None
    approved_at: datetime
    why: str  # why it was given anew


@dataclass(frozen=True)
class Contributor:
    """One unit's part of a figure, down to its file."""

    given: Given
    came: Provenance | None
    earlier: tuple[Earlier, ...] = ()
    waived: tuple[int, ...] = ()  # numbers of waivers it was handed in under

    @property
    def has_words(self) -> bool:
        """True when there is more to say of it than who gave it and who approved it."""
        return bool(self.given.told or self.waived or self.earlier)


@dataclass(frozen=True)
class Leaned:
    """A figure of another period, or a plan, that a figure leans on, and what stands behind it."""

    asked: Asked
    name: str  # of the indicator
    origin: tuple[str, ...]  # the documents it was loaded by
    units: tuple[tuple[Unit, Vintage, Decimal | None], ...]  # what units gave of it


@dataclass(frozen=True)
class Trace:
    """Everything behind one printed figure."""

    report: Report
    sheet: Sheet
    figure: Figure
    contributors: tuple[Contributor, ...]
    beside: tuple[Contributor, ...]
    leaned: tuple[Leaned, ...]


class NoFigure(Refusal):
    """The report prints no such figure."""

    status = 404


def number_of(desk: Desk, text: str) -> int:
    """The key of a compiled version named by it, or as the newest of a period (``KTXH:202610``). Raises NotYours."""
    regime, colon, period = text.partition(":")
    if not colon:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_KEY else 0
    with desk.read() as connection:
        found = report_versions.newest(connection, regime, period)
    return found.id if found else 0


def look(desk: Desk, version_id: int) -> Report:
    """A compiled version as the person may see it. Raises NotYours."""
    with desk.read() as connection:
        return _look(desk, connection, version_id)


def follow(desk: Desk, version_id: int, form: str, cell: str) -> Trace:
    """What stands behind a figure, named by its address (``NN14.c06``) and its form, where that is not the only one.

    Raises NotYours, NoFigure.
    """
    with desk.read() as connection:
        report = _look(desk, connection, version_id)
        found = [(sheet, sheet.figure(cell)) for sheet in report.traced.sheets if form in ("", sheet.form)]
        sheet, figure = next(((sheet, held) for sheet, held in found if held is not None), (None, None))
        if sheet is None or figure is None:
            raise NoFigure("no-figure", cell=cell)
        snapshot = desk.snapshot(connection)
        told = _Told(connection, snapshot, report.version, figure)
        return Trace(
            report,
            sheet,
            figure,
            tuple(map(told.contributor, figure.given)),
            tuple(map(told.contributor, figure.beside)),
            tuple(_leaned(connection, snapshot, report.version, figure)),
        )


def _look(desk: Desk, connection: Connection, version_id: int) -> Report:
    version = seen_in_part(desk, connection, version_id)
    if not version.is_compiled:
        raise NotYours
    snapshot = desk.snapshot(connection)
    return Report(
        version=version,
        receiver=snapshot.units_by_id[version.unit_id],
        regime=snapshot.regimes[version.regime],
        traced=_seen(desk, snapshot, version, traced_reports.of(desk, connection, version)),
        newest_id=report_versions.after(connection, version),
        steps=tuple(releases.of_version(connection, version.id)),
    )


def _seen(desk: Desk, snapshot: Snapshot, version: ReportVersion, whole: Traced) -> Traced:
    """The tables of the forms the person may see compiled; of a request of one's own, all."""
    if is_own(desk, snapshot, version.regime):
        return whole
    allowed = desk.scope(Action.SEE_REPORT)
    sheets = tuple(one for one in whole.sheets if allowed.allows(version.unit_id, version.regime, one.form))
    return Traced(sheets, whole.coverage)


class _Told:
    """What is on record of the units behind one figure: three queries however many they are."""

    def __init__(self, connection: Connection, snapshot: Snapshot, version: ReportVersion, figure: Figure) -> None:
        self._snapshot, self._figure = snapshot, figure
        keys = [one.version_id for one in (*figure.given, *figure.beside)]
        self._came = submissions.provenance(connection, keys)
        self._waived = waivers.used_by(connection, keys)
        known = vintages.of(connection, [Need(figure.series, figure.period)], version.as_of) if figure.series else []
        self._vintages: dict[tuple[int, int], list[Vintage]] = {}
        for one in known:
            self._vintages.setdefault((one.reporting_id, one.subject_id), []).append(one)
        self._why = vintages.reasons(connection, {one.version_id for one in known if one.version_id})

    def contributor(self, given: Given) -> Contributor:
        """One unit's part."""
        return Contributor(
            given,
            self._came.get(given.version_id),
            tuple(self._earlier(given)),
            tuple(self._waived.get(given.version_id, ())),
        )

    def _earlier(self, given: Given) -> Iterator[Earlier]:
        """Its values before the one that counts, newest first; one approved again unchanged is told once."""
        unit_id = self._snapshot.unit_ids[given.unit]
        mine = [
            one
            for (reporting, _), several in self._vintages.items()
            if reporting == unit_id
            for one in several
            if one.nature is given.nature
        ]
        for one, later in reversed(list(pairwise(mine))):
            if one.version_id != given.version_id and (one.mantissa, one.state) != (later.mantissa, later.state):
                why = self._why.get(later.version_id or 0, "")
                yield Earlier(self._number(one), one.state, one.version_id, one.approved_at, why)

    def _number(self, one: Vintage) -> Decimal | None:
        return _number(self._snapshot, one, self._figure.measure)


def _number(snapshot: Snapshot, one: Vintage, measure: str) -> Decimal | None:
    definitions = snapshot.definitions
    canonical = definitions.canonical(one.need.series)
    shown = definitions.measures.get(measure, canonical)
    if not one.state.is_number or shown.dimension != canonical.dimension:
        return None
    return from_mantissa(one.mantissa, shown, canonical)


def _leaned(connection: Connection, snapshot: Snapshot, version: ReportVersion, figure: Figure) -> Iterator[Leaned]:
    """What stands behind figures of other periods: of the units the figure is about; of the province its own, else
    what each unit gave of itself.
    """
    wanted, about = figure.asked, {snapshot.unit_ids[one] for one in figure.subjects if one in snapshot.unit_ids}
    if not wanted:
        return
    known: dict[Need, list[Vintage]] = {}
    for vintage in vintages.of(connection, {Need(one.series, one.period) for one in wanted}, version.as_of):
        known.setdefault(vintage.need, []).append(vintage)
    province = snapshot.unit_ids[PROVINCE]
    for one in wanted:
        mine = known.get(Need(one.series, one.period), [])
        own = [] if about else [held for held in mine if held.subject_id == province]
        of_units = [
            held for held in mine if held.subject_id == held.reporting_id and (not about or held.subject_id in about)
        ]
        last = list(_last_words(own or of_units))
        yield Leaned(
            one,
            _name_of(snapshot, one.series),
            tuple(dict.fromkeys(held.document for held in last if held.document)),
            tuple(
                (snapshot.units_by_id[held.reporting_id], held, _number(snapshot, held, one.measure)) for held in last
            ),
        )


def _last_words(known: Iterable[Vintage]) -> Iterator[Vintage]:
    """Of each unit and subject the last word of the best nature, units in official order of their keys."""
    last: dict[tuple[int, int], Vintage] = {}
    for one in known:
        held = last.get((one.reporting_id, one.subject_id))
        if held is None or _strength(one) >= _strength(held):
            last[one.reporting_id, one.subject_id] = one
    return (one for one in last.values() if one.state is not State.BLANK)


def _strength(one: Vintage) -> int:
    return list(type(one.nature)).index(one.nature)


def _name_of(snapshot: Snapshot, series: SeriesKey) -> str:
    found = snapshot.definitions.indicators.get(series.indicator)
    return found.name if found else series.indicator
