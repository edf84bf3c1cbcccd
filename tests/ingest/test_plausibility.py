"""Figures that can hardly be meant: for each code one table that trips it and one that nearly does (PRACTICE F29)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import registry.findings
from bench import plausibility
from ingest.experience import Experience, Past, Spread, growing
from ingest.judge import NOWHERE, judge_values
from ingest.model import Case, Status
from ingest.plausibility.checks import beyond
from ingest.plausibility.judged import asked, implausible
from ingest.plausibility.others import same_as_another, telling
from ingest.plausibility.told import CHECKS
from ingest.plausibility.watched import watched
from ingest.thresholds import FEWEST_SAME
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import Frequency
from registry.catalogue.season import Season
from registry.catalogue.values import CellKey, CellValue, SeriesKey, State
from registry.findings import Audience, Finding, Severity, audience, finding, fix, message
from registry.periods import Period, parse, previous
from registry.rules.background import Background
from registry.rules.context import Context
from registry.sample.sources import communes
from tests.ingest import a_form

W, N = Severity.WARNING, Severity.NOTE
STEADY = (410, 395, 402, 388, 421, 399, 407, 415, 392, 405, 398, 411)  # latest first


def monthly(period: Period, shown: object, back: int = 1) -> dict[str, str]:
    """Figures of the months before, latest first; one figure stands for a year of it."""
    figures = shown if isinstance(shown, tuple) else (shown,) * 14
    return {previous(period, Frequency.MONTH, back + at).code: str(one) for at, one in enumerate(figures)}


@dataclass(frozen=True)
class Table:
    """One cell in the column of this month's figure, and what is known of its row."""

    row: str
    typed: str
    past: Mapping[str, str] = field(default_factory=dict)  # as shown, by period code
    period: str = a_form.PERIOD
    column: str = "c06"
    alike: Spread | None = None
    off: frozenset[str] = frozenset()

    @property
    def case(self) -> Case:
        period = parse(self.period)
        view = a_form.view(period=self.period)
        series = SeriesKey(self.row)
        key = a_form.key(self.row, self.column)
        spec = view.cells[key]
        shown, canonical = view.definitions.measures[spec.measure], view.definitions.canonical(series)
        at = {parse(code).ordinal: to_mantissa(Decimal(one), shown, canonical) for code, one in self.past.items()}
        known = Experience(
            {key: Past.of(at)} if at else {},
            {key: self.alike} if self.alike else {},
            previous(period, Frequency.MONTH) if self.alike else None,
            self.off,
        )
        context = Context(view, period, Frequency.MONTH, Background(), a_form.EA_SUP)
        return Case(a_form.EA_SUP, context, (), experience=known)

    @property
    def values(self) -> dict[CellKey, CellValue]:
        state = {"-": State.NIL, "…": State.NOT_AVAILABLE, "0": State.ZERO}.get(self.typed, State.VALUE)
        number = Decimal(self.typed) if state in (State.VALUE, State.ZERO) else None
        return {a_form.key(self.row, self.column): CellValue(state, number)}

    @property
    def found(self) -> list[Finding]:
        return list(implausible(self.case, self.values, NOWHERE))


NOW = parse(a_form.PERIOD)
FEBRUARY = parse("202602")
HOMES, GROWN = monthly(NOW, STEADY), {f"{year}{m:02d}": str(100 * m) for year in (2025, 2026) for m in range(1, 13)}
GROWN = {code: one for code, one in GROWN.items() if code < a_form.PERIOD}
WINTER = monthly(FEBRUARY, STEADY)
ALIKE = Spread(40, 6.0, 0.4)  # the middle is 403 households


@dataclass(frozen=True)
class Pair:
    code: str
    trips: Table
    passes: Table
    severity: Severity


PAIRS = [
    Pair(
        "plausible-sign",
        Table("DEBT", "-500", GROWN),
        Table("DEBT", "-500", GROWN | {"202604": "-3"}),
        W,
    ),
    Pair("plausible-scale-large", Table("HOMES", "403000", HOMES), Table("HOMES", "806", HOMES), W),
    Pair("plausible-scale-large", Table("HOMES", "4100", HOMES), Table("HOMES", "1000", HOMES), W),
    Pair(
        "plausible-scale-large",
        Table("PRICE", "10112", monthly(NOW, "101.1")),
        Table("PRICE", "104.2", monthly(NOW, "101.1")),
        W,
    ),
    Pair(
        "plausible-scale-small",
        Table("MONEY", "5.1", monthly(NOW, "5100.5")),
        Table("MONEY", "3000", monthly(NOW, "5100.5")),
        W,
    ),
    Pair(  # January alone is judged by its scale only
        "plausible-scale-large",
        Table("HOMES", "403000", monthly(parse("202601"), STEADY), "202601"),
        Table("HOMES", "4000", monthly(parse("202601"), STEADY), "202601"),
        W,
    ),
    Pair("plausible-digits", Table("AREA", "1235", monthly(NOW, 1325)), Table("AREA", "1245", monthly(NOW, 1325)), N),
    Pair("plausible-digits", Table("AREA", "7125", monthly(NOW, 1725)), Table("AREA", "2100", monthly(NOW, 1725)), W),
    Pair(  # what becomes official against its own estimate
        "plausible-digits",
        Table("HOMES", "1235", HOMES | {"202609": "1325"}, column="c05"),
        Table("HOMES", "1326", HOMES | {"202609": "1325"}, column="c05"),
        N,
    ),
    Pair("plausible-unusual", Table("HOMES", "1600", HOMES), Table("HOMES", "900", HOMES), N),
    Pair("plausible-unusual", Table("HOMES", "2300", HOMES), Table("HOMES", "…", HOMES), W),
    Pair("plausible-unusual", Table("AREA", "2000", monthly(NOW, 1325)), Table("AREA", "1500", monthly(NOW, 1325)), N),
    Pair(  # few figures tell nothing
        "plausible-unusual",
        Table("HOMES", "1600", monthly(NOW, STEADY[:6])),
        Table("HOMES", "1600", monthly(NOW, STEADY[:5])),
        N,
    ),
    Pair(  # small numbers neither
        "plausible-unusual",
        Table("HOMES", "100", monthly(NOW, (6, 7, 5, 8, 6, 7, 9, 6))),
        Table("HOMES", "49", monthly(NOW, (6, 7, 5, 8, 6, 7, 9, 6))),
        W,
    ),
    Pair("plausible-season", Table("DEBT", "4000", GROWN), Table("DEBT", "2000", GROWN), N),
    Pair("plausible-season", Table("DEBT", "50", GROWN | {"202607": "650"}), Table("DEBT", "1", {}), W),
    Pair(
        "plausible-two-months",
        Table("HOMES", "4000", WINTER, "202602"),
        Table("HOMES", "800", WINTER | {"202601": "60"}, "202602"),
        W,
    ),
    Pair("plausible-vanished", Table("AREA", "-", monthly(NOW, 1325)), Table("AREA", "…", monthly(NOW, 1325)), W),
    Pair(
        "plausible-vanished",
        Table("AREA", "0", monthly(NOW, 1325)),
        Table("AREA", "0", monthly(NOW, 1325) | {"202512": "0"}),
        W,
    ),
    Pair(
        "plausible-repeated",
        Table("HOMES", "1325", monthly(NOW, (1325, 1290, 1312, 1345, 1301, 1333, 1318))),
        Table("HOMES", "1300", monthly(NOW, (1300, 1290, 1312, 1345, 1301, 1333, 1318))),
        N,
    ),
    Pair(  # stocks stay as they are
        "plausible-repeated",
        Table("HOMES", "1325", monthly(NOW, 1325)),
        Table("AREA", "1325", monthly(NOW, 1325)),
        N,
    ),
    Pair("plausible-unlike", Table("HOMES", "403000", alike=ALIKE), Table("HOMES", "5000", alike=ALIKE), W),
    Pair(  # who has a past of its own is compared with that alone
        "plausible-unlike",
        Table("AREA", "9000", alike=ALIKE),
        Table("HOMES", "5", monthly(NOW, 5), alike=ALIKE),
        W,
    ),
]
IDS = [f"{at}-{pair.code}" for at, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_table_that_trips_is_told_so(pair: Pair) -> None:
    found = pair.trips.found

    assert [(one.code, one.severity) for one in found] == [(pair.code, pair.severity)]
    sentences = message(found[0]) + fix(found[0])
    assert "{" not in sentences
    assert "()" not in sentences


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_table_that_nearly_trips_is_not(pair: Pair) -> None:
    assert pair.code not in {one.code for one in pair.passes.found}


def how_far(table: Table) -> float:
    known, (key,) = table.case.experience, table.values
    assert known is not None
    cells = {one.key: one for one in watched(table.case.context.view, table.case.context.period, Frequency.MONTH)}
    return beyond(cells[key], Decimal(table.typed), known.past.get(key), known)


def test_the_farther_beyond_what_is_usual_the_sooner_a_reviewer_looks() -> None:
    assert how_far(Table("HOMES", "405", HOMES)) == 0
    assert 0 < how_far(Table("HOMES", "4030", HOMES)) < how_far(Table("HOMES", "403000", HOMES))
    assert how_far(Table("HOMES", "403000", alike=ALIKE)) > 0
    assert how_far(Table("HOMES", "403", alike=ALIKE)) == how_far(Table("HOMES", "403000")) == 0


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_a_check_that_is_off_is_silent_though_it_was_asked(pair: Pair) -> None:
    table = replace(pair.trips, off=frozenset({pair.code}))

    assert not table.found
    assert asked(table.case, table.values)[pair.code] == 1


def test_every_code_is_tried() -> None:
    catalogue = Path(registry.findings.__file__).parent / "catalogue" / "plausible.toml"

    assert {pair.code for pair in PAIRS} == set(CHECKS)
    assert set(tomllib.loads(catalogue.read_text("utf-8"))) == {*CHECKS, "plausible-same-as-another"}


def test_what_a_rule_has_found_fault_with_is_not_said_again() -> None:
    table = Table("HOMES", "403000", HOMES)
    case = replace(table.case, rules=a_form.RULES)
    key = a_form.key("HOMES", "c06")
    on_the_sheet = replace(NOWHERE, addresses=dict(a_form.grid().cells))

    codes = {one.code for one in judge_values(table.values, case).findings}

    assert "rule-K01" in codes
    assert "plausible-scale-large" not in codes
    assert "plausible-scale-large" in {one.code for one in implausible(case, table.values, NOWHERE)}
    assert not list(implausible(case, table.values, on_the_sheet, {on_the_sheet.addresses[key]}))


def test_a_strong_doubt_must_be_explained_and_a_weak_one_need_not() -> None:
    def status(typed: str) -> Status:
        table = Table("HOMES", typed, HOMES)
        nothing = dict.fromkeys(a_form.view().inputs, CellValue(State.NIL))
        return judge_values(nothing | table.values, table.case).status

    assert status("403000") is Status.ACCEPTED_WITH_WARNINGS
    assert status("1600") is Status.ACCEPTED
    assert status("405") is Status.ACCEPTED


def test_a_sentence_says_what_is_compared_with_what() -> None:
    (found,) = Table("HOMES", "403000", HOMES).found

    assert "403.000 hộ" in message(found)
    assert "1000 lần" in message(found)
    assert "411 hộ (tháng 10 năm 2025)" in message(found)  # the same month of the year before
    assert "403 hộ" in fix(found)


def test_the_past_of_a_mistake_once_approved_hides_no_other() -> None:
    assert [one.code for one in Table("HOMES", "402000", HOMES | {"202605": "399000"}).found] == [
        "plausible-scale-large"
    ]


def test_a_season_is_compared_with_the_same_day_of_the_season() -> None:
    season = Season("DX", "Đông Xuân", 11, 5)
    sown = {11: 100, 12: 900, 1: 2400, 2: 2900, 3: 3000, 4: 3000, 5: 3000}
    at = {parse(f"{2025 + (m < 11)}{m:02d}").ordinal - 12: area for m, area in sown.items()}
    january = parse("202601")
    at |= {parse("202511").ordinal: 90, parse("202512").ordinal: 950}

    band = growing(Past.of(at), january, season)

    assert band is not None
    assert band.holds(2500)
    assert not band.holds(300)  # as much as stood in November is too little by January
    assert not band.holds(9000)


@given(
    past=st.dictionaries(st.integers(0, 25), st.integers(-(10**15) + 1, 10**15 - 1), max_size=25),
    number=st.integers(-(10**14), 10**14),
    row=st.sampled_from(["AREA", "HOMES", "PRICE", "DEBT", "MONEY"]),
    period=st.sampled_from(["202601", "202602", "202603", "202610"]),
    column=st.sampled_from(["c05", "c06"]),
)
def test_no_past_whatever_upsets_a_check(past: dict[int, int], number: int, row: str, period: str, column: str) -> None:
    table = Table(row, str(number), period=period, column=column)
    ordinal = parse(period).ordinal
    known = Experience({a_form.key(row, column): Past.of({ordinal - back: one for back, one in past.items()})})
    case = replace(table.case, experience=known)

    found = list(implausible(case, table.values, NOWHERE))

    assert len(found) <= 1
    assert {one.code for one in found} <= set(CHECKS)
    assert {one.code for one in found} <= set(asked(case, table.values))
    assert all("{" not in message(one) + fix(one) for one in found)


# --- what concerns another unit --------------------------------------------------------------------------------------


def _shared(numbers: tuple[str, ...]) -> int:
    rows = ("AREA", "CROP", "HOMES", "MONEY", "PRICE", "DEBT")
    values = {
        a_form.key(row, "c06"): CellValue(State.VALUE, Decimal(one)) for row, one in zip(rows, numbers, strict=True)
    }
    return len(telling(watched(a_form.view(), NOW, Frequency.MONTH), values))


def test_small_and_round_numbers_tell_nothing_of_who_copied_whom() -> None:
    assert _shared(("1325.5", "14.125", "1325", "2218.4", "101.25", "7001")) == 6
    assert _shared(("1325.5", "14.125", "1325", "2218.4", "100", "7000")) == FEWEST_SAME - 1


def test_what_concerns_another_unit_is_for_the_receiver_and_asks_nothing_of_the_unit() -> None:
    catalogue = Path(registry.findings.__file__).parent / "catalogue"
    said = {code: one for path in catalogue.glob("*.toml") for code, one in tomllib.loads(path.read_text()).items()}
    for_the_receiver = {code for code, one in said.items() if one.get("audience") == Audience.RECEIVER}

    assert for_the_receiver == {"plausible-same-as-another"}
    assert not for_the_receiver & set(CHECKS)
    assert {said[code]["severity"] for code in for_the_receiver} == {Severity.NOTE}
    assert audience(finding("plausible-same-as-another")) is Audience.RECEIVER
    assert audience(finding("judge-empty-form")) is Audience.ALL


def test_the_receiver_reads_whose_figures_they_are_and_some_of_them() -> None:
    view = a_form.view()
    cells = watched(view, NOW, Frequency.MONTH)
    values = {cell.key: CellValue(State.VALUE, Decimal(1325)) for cell in cells}

    told = message(same_as_another(view, NOW, "Xã Ea Rốk", cells[:6], values))

    assert "6 số liệu của tháng 10 năm 2026 giống hệt số của Xã Ea Rốk" in told
    assert "1.325,0 ha" in told


# --- how often it cries, and what it costs ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", plausibility.HISTORIES)
def test_correct_figures_are_hardly_ever_doubted_and_great_mistakes_nearly_always(name: str) -> None:
    units = list(communes().values())[5::60]

    tally = plausibility.run(plausibility.HISTORIES[name], units, ("202602", "202610"))

    assert tally.cells > 100
    assert tally.doubted.total() < 0.02 * tally.cells, tally.doubted
    assert tally.found["× 1000"] >= 0.9 * tally.put_in["× 1000"], tally
    assert tally.found["sign"] == tally.put_in["sign"]


def test_a_form_of_the_benches_takes_its_checks() -> None:
    case, values = plausibility.large()

    assert not list(implausible(case, values, NOWHERE))
    assert asked(case, values)["plausible-unusual"] > 400
