"""Units in time: versions, parents, codes used again; the closure is the walk of the parents on any day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.check import check
from registry.catalogue.chronicle import Chronicle, lasting
from registry.catalogue.model import Catalogue, GroupSet, Succession, Unit, UnitKind
from registry.findings import message

FIRST = date(2025, 1, 1)
DAYS = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
CODES = ("A", "B", "C", "D", "E")


def unit(code: str, parent: str | None, born: date, since: date, until: date | None = None, **more: object) -> Unit:
    return Unit(code, f"Đơn vị {code}", UnitKind.COMMUNE, parent, CODES.index(code), born, since, until, **more)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> list[Unit]:
    """Any units at all: codes used again, versions one after another, lives with gaps, parents also in circles."""
    found: list[Unit] = []
    for code in CODES:
        day = FIRST
        for _ in range(draw(st.integers(0, 3))):
            born = day + timedelta(days=draw(st.integers(0, 15)))
            since = born
            for _ in range(draw(st.integers(1, 3))):
                until = draw(st.none() | st.integers(0, 12).map(lambda n, start=since: start + timedelta(days=n)))
                found.append(unit(code, draw(st.sampled_from([None, *CODES])), born, since, until))
                since += timedelta(days=draw(st.integers(1, 10)))
            last = found[-1]
            day = since + timedelta(days=15)
            found[-1] = unit(code, last.parent, born, last.valid_from, min(last.valid_to or day, day))
            day += timedelta(days=1)
    return found


@given(histories(), DAYS)
def test_the_closure_on_any_day_is_the_walk_of_the_parents_on_that_day(units: list[Unit], day: date) -> None:
    chronicle = Chronicle(units)
    walked = {
        (key, above, depth)
        for key in chronicle.keys
        if chronicle.at(key, day)
        for depth, above in enumerate([key, *chronicle.above(key, day)])
    }
    listed = [(one.below, one.above, one.depth) for one in chronicle.links() if one.since <= day <= one.until]
    assert len(listed) == len(set(listed))
    assert set(listed) == walked


@given(histories())
def test_the_days_of_one_pair_never_overlap(units: list[Unit]) -> None:
    seen: dict[tuple[object, object], list[tuple[date, date]]] = {}
    for link in Chronicle(units).links():
        for since, until in seen.setdefault((link.above, link.below), []):
            assert link.until < since or until < link.since
        seen[link.above, link.below].append((link.since, link.until))


@given(histories(), DAYS)
def test_the_parents_of_a_units_stretches_are_the_walks_first_step(units: list[Unit], day: date) -> None:
    chronicle = Chronicle(units)
    for key in chronicle.keys:
        held = [parent for one, parent in chronicle.parents(key) if one.holds_on(day)]
        assert len(held) == (1 if chronicle.at(key, day) else 0)
        above = chronicle.above(key, day)
        if above:
            assert held == [above[0]]


def test_a_code_used_again_is_another_unit_and_its_children_follow_the_bearer_of_the_day() -> None:
    turn = date(2025, 7, 1)
    old = unit("A", None, FIRST, FIRST, turn - timedelta(days=1))
    new, child = unit("A", None, turn, turn), unit("B", "A", FIRST, FIRST)
    chronicle = Chronicle([old, new, child], [Succession("A", "A", turn, True)])
    assert chronicle.above(child.key, turn - timedelta(days=1)) == [old.key]
    assert chronicle.above(child.key, turn) == [new.key]
    assert [(step.old, step.new) for step in chronicle.steps] == [(old.key, new.key)]
    assert chronicle.came_from(new.key) == chronicle.went_to(old.key)
    assert lasting([old, new, child]) == (new, child)


# --- what a catalogue of units may say -------------------------------------------------------------------------------


def codes(*units: Unit, successions: tuple[Succession, ...] = (), sets: tuple[GroupSet, ...] = ()) -> list[str]:
    found = check(Catalogue(units=units, successions=successions, group_sets=sets))
    assert all(message(one) for one in found)
    return [one.code for one in found]


def test_a_code_is_free_the_day_after_its_bearer_ended_and_not_before() -> None:
    until = date(2025, 6, 30)
    old = unit("A", None, FIRST, FIRST, until)
    assert codes(old, unit("A", None, until + timedelta(days=1), until + timedelta(days=1))) == []
    assert codes(old, unit("A", None, until, until)) == ["catalogue-unit-code-taken"]


def test_an_old_unit_lives_to_the_day_before_and_a_new_one_from_the_day() -> None:
    turn = date(2025, 7, 1)
    old, new = unit("A", None, FIRST, FIRST, turn - timedelta(days=1)), unit("B", None, turn, turn)
    assert codes(old, new, successions=(Succession("A", "B", turn, True),)) == []
    later = (Succession("A", "B", turn + timedelta(days=1), True),)
    assert codes(old, new, successions=later) == ["catalogue-succession-not-alive"]


def test_a_set_says_whether_a_unit_is_in_one_group_or_in_many() -> None:
    both = (("phia", "Đông"), ("phia", "Tây"))
    one, many = (GroupSet("phia", "Phía", single, ("Đông", "Tây")) for single in (True, False))
    assert codes(unit("A", None, FIRST, FIRST, groups=both), sets=(one,)) == ["catalogue-unit-groups-several"]
    assert codes(unit("A", None, FIRST, FIRST, groups=both), sets=(many,)) == []
    assert codes(unit("A", None, FIRST, FIRST, groups=both[:1]), sets=(one,)) == []


def test_a_group_is_one_of_its_set_where_the_set_names_them() -> None:
    member = unit("A", None, FIRST, FIRST, groups=(("phia", "Bắc"),))
    assert codes(member, sets=(GroupSet("phia", "Phía", True, ("Đông",)),)) == ["catalogue-unit-group-unknown"]
    assert codes(member, sets=(GroupSet("phia", "Phía", True),)) == []


def test_a_circle_of_a_day_is_a_fault_and_parents_that_changed_places_are_not() -> None:
    turn = date(2025, 7, 1)
    until = turn - timedelta(days=1)
    a, b = unit("A", None, FIRST, FIRST, until), unit("B", "A", FIRST, FIRST, until)
    swapped = (unit("A", "B", FIRST, turn), unit("B", None, FIRST, turn))
    assert codes(a, b, *swapped) == []
    assert codes(a, b, swapped[0], unit("B", "A", FIRST, turn)) == ["catalogue-unit-own-parent"] * 2
