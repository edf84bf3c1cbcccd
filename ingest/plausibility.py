"""Plausibility without rules: figures that can hardly be meant, by a unit's own past and by units alike (PRACTICE F29).

Every check is a code of its own in the catalogue of findings, hits a cell at most once with the others, and is silent
while ``Experience.off`` names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from math import exp, inf, log

from ingest.anchor import Anchored
from ingest.cells import place_of
from ingest.experience import Band, Experience, Past, Spread, flow, growing, level, point, two_months
from ingest.model import Case
from ingest.text import row_name
from registry.catalogue.forms import View
from registry.catalogue.measures import MeasureClash, from_mantissa
from registry.catalogue.model import Accumulation, Column, Frequency, Row, RowNature
from registry.catalogue.season import Season
from registry.catalogue.values import Aspect, CellKey, CellValue, SeriesKey
from registry.findings import Finding, Severity, finding
from registry.periods import NoSuchPeriod, Period, PeriodKind, previous
from registry.rules.identity import ViewIdentity
from vietnamese.numbers import format_number

SIGN, DIGITS = "plausible-sign", "plausible-digits"
SCALE_LARGE, SCALE_SMALL = "plausible-scale-large", "plausible-scale-small"
UNUSUAL, SEASON, TWO_MONTHS = "plausible-unusual", "plausible-season", "plausible-two-months"
VANISHED, REPEATED, UNLIKE = "plausible-vanished", "plausible-repeated", "plausible-unlike"
SAME_AS_ANOTHER = "plausible-same-as-another"
CHECKS = (SIGN, SCALE_LARGE, SCALE_SMALL, DIGITS, UNUSUAL, SEASON, TWO_MONTHS, VANISHED, REPEATED, UNLIKE)

SMALL = 50  # smallest steps of a cell: below, chance alone moves a figure by as much as a mistake does
TELLING_DIGITS = 4  # zeros at the end not counted; fewer repeat by chance
FEWEST_SAME = 5  # cells that two units can hardly share by chance
_EXAMPLES = 3
_SCALES = {1000: 0.9, 100: 0.9, 10: 0.3}  # and the distance of logarithms within which the figure meant must lie
_CLOSE = 0.1  # distance of logarithms within which a figure is taken for the one meant
_JUMP = 0.05  # the least part a figure must be off to be asked whether two digits changed places
_MEANT = 0.01  # how near, then, the one with the digits put back must be
_STRONG = log(2)  # beyond a limit: what must be explained


class Course(StrEnum):
    """How the figures of a series follow one another."""

    FLOW = "flow"  # of each period its own
    LEVEL = "level"  # of a point in time
    GROWING = "growing"  # from the year's or the season's start
    POINT = "point"  # an index or a ratio


_FLOW, _LEVEL = Course.FLOW, Course.LEVEL  # asked of every cell, and slow to look up in an enumeration


@dataclass(frozen=True, slots=True)
class Watched:
    """A cell whose figure can be compared."""

    key: CellKey
    series: SeriesKey
    course: Course
    period: Period  # its figure is about
    at: int  # the ordinal of that
    unit: float  # the amount of one in the measure shown
    step: Decimal  # in that measure, of an amount of one
    decimals: int
    small: float  # the amount below which it is not judged
    measure: str
    season: Season | None
    always: bool  # looked at closely even where it is no smaller and no larger than ever before

    def shown(self, amount: float) -> str:
        """An amount in the measure the cell is read in."""
        return f"{format_number(Decimal(int(amount)) * self.step, self.decimals)} {self.measure}"


_POINTS = (Aspect.INDEX_MONTH, Aspect.INDEX_YEAR, Aspect.INDEX_CUMULATIVE)
_OF_THE_YEAR = (Aspect.YEAR_ESTIMATE, Aspect.NEXT_YEAR_PLAN, Aspect.PLAN_CENTRAL, Aspect.PLAN_COUNCIL)
_GROWING = (RowNature.CUMULATIVE, RowNature.SEASON, RowNature.CROP_YEAR)


def watched(view: View, period: Period, frequency: Frequency) -> tuple[Watched, ...]:
    """The typed cells of a form that have a series, and what they are compared by; none of a report asked for once."""
    return _watched(ViewIdentity(view), period, frequency) if period.a_year else ()


@lru_cache(maxsize=256)
def _watched(identity: ViewIdentity, period: Period, frequency: Frequency) -> tuple[Watched, ...]:
    view, found = identity.view, []
    rows = {row.code: row for row, _ in view.rows}
    for key, spec in view.inputs.items():
        if spec.series is None:
            continue
        try:
            about = previous(period, frequency, spec.shift)
            shown, canonical = view.definitions.measures[spec.measure], view.definitions.canonical(spec.series)
            step = from_mantissa(1, shown, canonical)
        except (NoSuchPeriod, MeasureClash, KeyError):
            continue
        if about.kind is not period.kind:
            continue
        unit = float(1 / step)
        small = SMALL * unit / 10**spec.decimals
        course, season = _course(view, spec.series), rows[key.row].season
        is_february = about.kind is PeriodKind.MONTH and about.number == 2
        always = course is Course.GROWING or (course is Course.FLOW and is_february)
        found.append(
            Watched(
                key,
                spec.series,
                course,
                about,
                about.ordinal,
                unit,
                step,
                spec.decimals,
                small,
                shown.code,
                season,
                always,
            )
        )
    return tuple(found)


def _course(view: View, series: SeriesKey) -> Course:
    indicator = view.definitions.indicators[series.indicator]
    if series.aspect in _POINTS or indicator.nature in (RowNature.INDEX, RowNature.RATIO):
        return Course.POINT
    if series.aspect in _OF_THE_YEAR:
        return Course.LEVEL
    if series.aspect is Aspect.CUMULATIVE or indicator.nature in _GROWING:
        return Course.GROWING
    is_level = indicator.nature is RowNature.POINT or indicator.accumulation is Accumulation.LAST
    return Course.LEVEL if is_level else Course.FLOW


# --- what is found ---------------------------------------------------------------------------------------------------


def implausible(
    case: Case, values: Mapping[CellKey, CellValue], anchored: Anchored, spoken_of: Collection[str] = ()
) -> Iterator[Finding]:
    """The cells of a table that experience speaks against, each with what it was compared with.

    ``spoken_of`` are the addresses of cells in which another check has found fault already.
    """
    known = case.experience
    if known is None:
        return
    view = case.context.view
    rows: dict[str, Row] = {}
    columns: dict[str, Column] = {}
    for cell in watched(view, case.context.period, case.context.frequency):
        told = _look(cell, values, known)
        if told is None or told.code in known.off or anchored.addresses.get(cell.key) in spoken_of:
            continue
        if not rows:
            rows = {row.code: row for row, _ in view.rows}
            columns = {column.code: column for column in view.columns}
        place = place_of(anchored, cell.key, rows[cell.key.row], columns[cell.key.column])
        words = dict(told.words) | {"row_code": cell.key.row, "column_code": cell.key.column}
        yield place.finding(told.code, severity=told.severity, found=told.found, expected=told.expected, **words)


@dataclass(frozen=True, slots=True)
class _Told:
    code: str
    severity: Severity
    found: str
    expected: str
    words: tuple[tuple[str, object], ...]


def _look(cell: Watched, values: Mapping[CellKey, CellValue], known: Experience) -> _Told | None:
    """What the checks say of one cell: first a glance that all but a few cells pass, then the rest."""
    value = values.get(cell.key)
    past = known.past.get(cell.key)
    if value is None or (past is None and cell.key not in known.alike):
        return None
    number = value.number
    if not number:
        return _vanished(cell, past) if value.amount == 0 and past is not None else None
    amount = float(number) * cell.unit
    if past is None:
        return _unlike(cell, number, amount, known)
    if not cell.always and past.low <= amount <= past.high:
        last = past.at.get(cell.at - 1, 0)
        if cell.course is not _FLOW or amount <= 4 * last <= 16 * amount:
            return _within(cell, number, amount, past, last)
    if amount * past.sign < 0:
        return _wrong_sign(cell, number, past)
    return _closer(cell, number, amount, past, known) if amount > 0 else None


def _closer(cell: Watched, number: Decimal, amount: float, past: Past, known: Experience) -> _Told | None:
    before = past.at.get(cell.at, 0)  # the estimate that this figure makes official
    if before > 0 and abs(log(amount / before)) < 0.4:
        return _swapped(cell, number, amount, cell.at, before)
    band = _band(cell, past)
    if band is None:
        return _unlike(cell, number, amount, known) if len(past.at) < _FEW else None
    if band.holds(amount):
        together = two_months(past, cell.period, amount) if cell.course is Course.FLOW else None
        return (
            _both_months(cell, number, *together)
            if together
            else _within(cell, number, amount, past, past.at.get(cell.at - 1, 0))
        )
    if max(amount, *(one for _, one in band.near), band.least) < cell.small:
        return None
    scale = _scale(cell, number, amount, band)
    if scale or band.only_scale:
        return scale
    return _swapped_into(cell, number, amount, band) or _unusual(cell, number, amount, band)


_FEW = 4  # known figures, from which a unit is compared with itself alone


def _band(cell: Watched, past: Past) -> Band | None:
    if cell.course is Course.FLOW:
        return None if _is_rare(past) else flow(past, cell.period)
    if cell.course is Course.LEVEL:
        return level(past, cell.period)
    if cell.course is Course.GROWING:
        return growing(past, cell.period, cell.season)
    return point(past, cell.period, cell.unit)


def _is_rare(past: Past) -> bool:
    """True of what breaks out here and there: nothing in a third of the periods or more."""
    return 3 * sum(1 for one in past.at.values() if one == 0) >= len(past.at)


# --- the checks ------------------------------------------------------------------------------------------------------


def _wrong_sign(cell: Watched, number: Decimal, past: Past) -> _Told | None:
    """Below nothing where every figure so far was above it, or the other way round."""
    if len(past.at) < _FEW:
        return None
    last = max(past.at)
    return _told(cell, SIGN, Severity.WARNING, number, ((last, past.at[last]),), count=len(past.at))


def _vanished(cell: Watched, past: Past | None) -> _Told | None:
    """A stock that is gone from one period to the next."""
    if past is None or cell.course is not Course.LEVEL or cell.series.aspect in _OF_THE_YEAR:
        return None
    band = level(past, cell.period)
    if band is None or band.least < cell.small or 0 in past.at.values():
        return None
    return _told(cell, VANISHED, Severity.WARNING, Decimal(0), band.near)


def _scale(cell: Watched, number: Decimal, amount: float, band: Band) -> _Told | None:
    """A thousand, a hundred or ten times what it would fit as: another measure, or a zero too many or too few."""
    fitting = []
    for times, close in _SCALES.items():
        for meant in (amount / times, amount * times):
            distance = min((abs(log(meant / one)) for _, one in band.near), default=inf)
            is_usual = band.least / 1.3 <= meant <= band.most * 1.3 and not band.only_scale
            is_near = distance < close and not (times == 10 and band.only_scale)
            if is_near or (is_usual and times > 10):
                fitting.append((distance, times, meant))
    if not fitting:
        return None
    _, times, meant = min(fitting)
    code = SCALE_LARGE if meant < amount else SCALE_SMALL
    return _told(cell, code, Severity.WARNING, number, band.near, times=times, meant=cell.shown(meant))


def _swapped(cell: Watched, number: Decimal, amount: float, at: int, known: int) -> _Told | None:
    """Two digits put back would give the figure known all but exactly."""
    if abs(amount - known) <= _JUMP * known or known < cell.small:
        return None
    meant = _put_back(number, known / cell.unit, _MEANT)
    return _told(cell, DIGITS, Severity.NOTE, number, ((at, known),), meant=_number(cell, meant)) if meant else None


def _swapped_into(cell: Watched, number: Decimal, amount: float, band: Band) -> _Told | None:
    """Two digits put back would make an unusual figure a usual one."""
    for at, one in band.near:
        meant = _put_back(number, float(one) / cell.unit, _CLOSE)
        if meant is not None and band.holds(float(meant) * cell.unit):
            weight = _weight(amount, band, cell)
            return _told(cell, DIGITS, weight, number, ((at, one),), meant=_number(cell, meant))
    return None


def _put_back(number: Decimal, sought: float, distance: float) -> Decimal | None:
    """The figure with two neighbouring digits changed that lies nearest to the one sought, if near enough."""
    written = f"{abs(number):f}"
    places = [at for at, sign in enumerate(written) if sign != "."]
    best: tuple[float, Decimal] | None = None
    for left, right in pairwise(places):
        if written[left] == written[right]:
            continue
        signs = list(written)
        signs[left], signs[right] = signs[right], signs[left]
        other = Decimal("".join(signs))
        off = abs(log(float(other) / sought)) if other else inf
        if off < distance and (best is None or off < best[0]):
            best = off, other
    return best[1] if best else None


def _unusual(cell: Watched, number: Decimal, amount: float, band: Band) -> _Told:
    code = SEASON if cell.course is Course.GROWING else UNUSUAL
    return _told(cell, code, _weight(amount, band, cell), number, band.near, **_range(cell, band))


def _both_months(cell: Watched, number: Decimal, amount: float, band: Band) -> _Told | None:
    """January and February together out of the ordinary, whatever Tết did to each."""
    if band.holds(amount) or max(amount, band.least) < cell.small or not band.near:
        return None
    words = _range(cell, band) | {"both": cell.shown(amount)}
    return _told(cell, TWO_MONTHS, _weight(amount, band, cell), number, band.near, **words)


def _range(cell: Watched, band: Band) -> dict[str, object]:
    return {"count": band.count, "least": cell.shown(band.least), "most": cell.shown(band.most)}


def _weight(amount: float, band: Band, cell: Watched) -> Severity:
    """A note near the limits, a warning well beyond them."""
    if cell.course is Course.POINT:
        beyond = max(band.low - amount, amount - band.high)
        return Severity.WARNING if beyond > band.high - band.low else Severity.NOTE
    beyond = log(amount / band.high) if amount > band.high else log(band.low / amount)
    return Severity.WARNING if beyond > _STRONG else Severity.NOTE


def _within(cell: Watched, number: Decimal, amount: float, past: Past, last: int) -> _Told | None:
    """Of figures that are not unusual: the same as last period's, or two digits changed of a stock or an estimate."""
    before = past.at.get(cell.at, 0)
    if before > 0:
        return _swapped(cell, number, amount, cell.at, before)
    if cell.course is _FLOW:
        return _repeated(cell, number, last) if abs(amount - last) < 0.5 else None
    return _swapped(cell, number, amount, cell.at - 1, last) if cell.course is _LEVEL else None


def _repeated(cell: Watched, number: Decimal, last: int) -> _Told | None:
    """What occurs in a period hardly occurs to the last digit again in the next."""
    if digits(number) < TELLING_DIGITS or cell.series.aspect is not Aspect.ACTUAL:
        return None
    return _told(cell, REPEATED, Severity.NOTE, number, ((cell.at - 1, last),))


def digits(number: Decimal) -> int:
    """Digits that tell something: without zeros before and behind."""
    return len(f"{abs(number):f}".replace(".", "").strip("0"))


def _unlike(cell: Watched, number: Decimal, amount: float, known: Experience) -> _Told | None:
    """A unit without a past of its own, far from every unit of its kind."""
    spread = known.alike.get(cell.key)
    if spread is None or known.alike_in is None or amount <= 0 or not _is_comparable(cell):
        return None
    distance = abs(log(amount) - spread.middle)
    if distance <= _half(spread) or max(amount, exp(spread.middle)) < cell.small:
        return None
    words = {"count": spread.count, "period": known.alike_in.label}
    middle = cell.shown(exp(spread.middle))
    return _Told(UNLIKE, Severity.WARNING, _number(cell, number), middle, tuple(words.items()))


def _half(spread: Spread) -> float:
    return max(5 * 1.4826 * spread.width, log(20))


def _is_comparable(cell: Watched) -> bool:
    """What grows from month to month or moves with Tết is not compared with another month's."""
    moves = cell.course is Course.FLOW and cell.period.kind is PeriodKind.MONTH and cell.period.number <= 2
    return cell.course in (Course.FLOW, Course.LEVEL) and not moves and cell.series.aspect is Aspect.ACTUAL


def _told(
    cell: Watched, code: str, severity: Severity, number: Decimal, near: tuple[tuple[int, int], ...], **words: object
) -> _Told:
    """A finding against the nearest figure known, its period named."""
    at, amount = near[0] if near else (cell.at, 0)
    period = previous(cell.period, Frequency.MONTH, cell.at - at) if at != cell.at else None
    named = {"period": (period or cell.period).label} | words
    return _Told(code, severity, _number(cell, number), cell.shown(amount), tuple(named.items()))


def _number(cell: Watched, number: Decimal) -> str:
    return f"{format_number(number, cell.decimals)} {cell.measure}"


# --- what concerns another unit: the receiver's business alone -------------------------------------------------------


def telling(
    cells: Iterable[Watched], values: Mapping[CellKey, CellValue]
) -> dict[tuple[str, SeriesKey], tuple[int, Watched]]:
    """The amounts two units can hardly share by chance, each with its cell, by period code and series."""
    found = {}
    for cell in cells:
        value = values.get(cell.key)
        if value is not None and value.number is not None and digits(value.number) >= TELLING_DIGITS:
            found[cell.period.code, cell.series] = (int(value.number / cell.step), cell)
    return found


def same_as_another(
    view: View, period: Period, other: str, shared: Sequence[Watched], values: Mapping[CellKey, CellValue]
) -> Finding:
    """A unit's figures that are another's too, with some of them to look at."""
    labels = {row.code: row_name(row) for row, _ in view.rows}
    examples = (
        f"{labels[cell.key.row]} {_number(cell, number)}"
        for cell in shared[:_EXAMPLES]
        if (number := values[cell.key].number) is not None
    )
    return finding(SAME_AS_ANOTHER, count=len(shared), period=period.label, other=other, found="; ".join(examples))


# --- how often they speak --------------------------------------------------------------------------------------------


def asked(case: Case, values: Mapping[CellKey, CellValue]) -> Counter[str]:
    """Of each check the cells it had grounds to judge: what its hits are a share of."""
    known, counts = case.experience or Experience(), Counter[str]()
    for cell in watched(case.context.view, case.context.period, case.context.frequency):
        value, past = values.get(cell.key), known.past.get(cell.key)
        if value is None or value.amount is None:
            continue
        amount = float(value.amount) * cell.unit
        counts.update(_grounds(cell, value.amount, amount, past, known))
    return counts


def _grounds(cell: Watched, number: Decimal, amount: float, past: Past | None, known: Experience) -> Iterator[str]:
    band = _band(cell, past) if past is not None else None
    if past is None or len(past.at) < _FEW:
        if amount and cell.key in known.alike and _is_comparable(cell):
            yield UNLIKE
        return
    if cell.course is Course.LEVEL and band is not None and band.least >= cell.small and 0 not in past.at.values():
        yield VANISHED
    if not amount:
        return
    if past.sign:
        yield SIGN
    if cell.course is Course.FLOW and digits(number) >= TELLING_DIGITS and past.at.get(cell.at - 1):
        yield REPEATED
    if band is None or max(amount, *(one for _, one in band.near), band.least) < cell.small:
        return
    yield SCALE_LARGE
    yield SCALE_SMALL
    if cell.course is Course.FLOW and two_months(past, cell.period, amount):
        yield TWO_MONTHS
    if not band.only_scale:
        yield DIGITS
        yield SEASON if cell.course is Course.GROWING else UNUSUAL
