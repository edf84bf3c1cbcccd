from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from registry.catalogue.forms import row_set
from registry.catalogue.values import CellKey, CellValue, State
from registry.periods import parse
from registry.sample import catalogue
from registry.workflow.review import Review, ReviewState, changed_rows, in_charge, standing, to_review, together

WAITING, RECHECK, REVIEWED = ReviewState.WAITING, ReviewState.RECHECK, ReviewState.REVIEWED
SAMPLE = catalogue()
UNITS = {unit.code: unit for unit in SAMPLE.units}
FORM = next(form for form in SAMPLE.forms if form.code == "KTXH-01")


def said(version: int, rows: str = "", asked: str = "") -> Review:
    cells = tuple(CellKey(row, "c06") for row in asked.split())
    return Review(1, version, version, 9, frozenset(rows.split()), cells, "", "A", datetime(2026, 10, 20, tzinfo=UTC))


def test_a_row_is_reviewed_by_the_first_agency_it_names_and_else_by_the_regime_s_lead() -> None:
    charge = in_charge(FORM, UNITS, "STC")
    assert charge["NN14"] == "SNNMT"
    assert charge["TC12"] == "STC"  # "xã" alone gives it
    assert "I" not in charge
    named = replace(FORM, rows=tuple(replace(row, suppliers=("sở", "SYT")) for row in FORM.rows))
    assert in_charge(named, UNITS, "STC")["NN14"] == "SYT"  # a kind of unit is nobody to review


def test_nobody_reviews_his_own_figures_and_a_commune_reviews_none() -> None:
    charge, shape = in_charge(FORM, UNITS, "STC"), parse("202610").shape
    of_commune = to_review(charge, FORM, row_set(FORM, UNITS["24211"], shape), UNITS["24211"])
    assert {"SNNMT", "SNV", "SYT", "STC"} <= of_commune.keys()
    assert "NN14" in of_commune["SNNMT"]
    assert not any(UNITS[one].kind.is_commune for one in of_commune)
    of_agency = to_review(charge, FORM, row_set(FORM, UNITS["SNNMT"], shape), UNITS["SNNMT"])
    assert "SNNMT" not in of_agency


def test_a_list_is_reviewed_by_the_regime_s_lead() -> None:
    projects = next(form for form in SAMPLE.forms if form.code == "DTC-01")
    assert in_charge(projects, UNITS, "STC") == {"DA": "STC"}


def test_rows_stand_by_the_last_word_on_their_version() -> None:
    def never(_old: int, _row: str) -> bool:
        return False

    assert standing("ab", 1, [], never) == {"a": WAITING, "b": WAITING}
    assert standing("ab", 1, [said(1, "a", "b")], never) == {"a": REVIEWED, "b": RECHECK}
    assert standing("ab", 1, [said(1, "a b"), said(1, "", "a")], never) == {"a": RECHECK, "b": REVIEWED}


def test_what_was_accepted_stays_so_in_the_next_version_unless_it_changed() -> None:
    first = [said(1, "a b", "c")]
    kept = standing("abc", 2, first, lambda old, row: (old, row) == (1, "a"))
    assert kept == {"a": REVIEWED, "b": WAITING, "c": WAITING}


def test_together_rows_stand_as_what_holds_them_up() -> None:
    assert together([REVIEWED, WAITING]) is WAITING
    assert together([WAITING, RECHECK, REVIEWED]) is RECHECK
    assert together([REVIEWED]) is REVIEWED


def test_a_row_changed_when_any_of_its_cells_did() -> None:
    one, two = CellValue(State.VALUE, Decimal(1)), CellValue(State.VALUE, Decimal(2))
    before = {CellKey("a", "c"): one, CellKey("b", "c"): one, CellKey("d", "c", 1): one}
    after = {CellKey("a", "c"): one, CellKey("b", "c"): two, CellKey("e", "c"): one, CellKey("d", "c", 1): one}
    assert changed_rows(before, after) == {"b", "e"}
    assert changed_rows(before, before) == frozenset()
