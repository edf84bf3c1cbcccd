"""Seasons as a workbook of their own, and the rows of forms that lean on them."""

from __future__ import annotations

from dataclasses import replace

from registry.catalogue.merge import merged
from registry.catalogue.model import Catalogue, RowWindow
from registry.catalogue.season import Season, SeasonYear
from tests.catalogue.folders import FORM, Folder, small

WINTER = Season("DX", "Đông Xuân", 11, 5)
SUMMER = Season("HT", "Hè Thu", 4, 9, SeasonYear.FIRST, ("loai", "xã"))


def with_seasons() -> Catalogue:
    form = small().forms[0]
    rows = tuple(
        replace(row, season={"A1": WINTER, "A2": SUMMER}.get(row.code), window=RowWindow.MOMENT) for row in form.rows
    )
    return replace(small(), forms=(replace(form, rows=rows),), seasons=(WINTER, SUMMER))


def test_seasons_and_windows_come_back_equal_and_without_findings() -> None:
    assert Folder.of(with_seasons()).read() == (with_seasons(), ())


def test_a_season_nobody_defines_is_named_with_the_nearest() -> None:
    folder = Folder.of(with_seasons()).cell("seasons.xlsx", "Mùa vụ", "A2", "DX1")
    (found,) = folder.read()[1]
    assert (found.code, found.found, found.expected) == ("catalogue-reference-unknown", "DX", "DX1")


def test_a_month_beyond_december_and_a_group_nobody_is_in_are_refused() -> None:
    folder = Folder.of(with_seasons()).cell("seasons.xlsx", "Mùa vụ", "C2", 13)
    assert {one.code for one in folder.read()[1]} == {"catalogue-value-bad"}
    folder = Folder.of(with_seasons()).cell("seasons.xlsx", "Mùa vụ", "F3", "loai=ấp")
    assert [one.code for one in folder.read()[1]] == ["catalogue-reference-unknown"]


def test_a_form_alone_finds_its_season_in_the_catalogue_in_force() -> None:
    catalogue, findings = Folder.of(with_seasons()).only(FORM).read(known=with_seasons())
    assert findings == ()
    assert catalogue.forms == with_seasons().forms


def test_a_changed_season_brings_the_forms_that_lean_on_it() -> None:
    folder = Folder.of(with_seasons()).only("seasons.xlsx")
    assert folder.read(known=with_seasons())[0].forms == ()
    later, findings = folder.cell("seasons.xlsx", "Mùa vụ", "C2", 12).read(known=with_seasons())
    assert findings == ()
    assert [row.season for row in later.forms[0].rows if row.code == "A1"] == [replace(WINTER, first_month=12)]
    assert merged(with_seasons(), later).forms == later.forms
