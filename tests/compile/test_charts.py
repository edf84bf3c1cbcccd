"""Charts: round ticks, Vietnamese numbers, blanks and provisional figures marked, the same drawing every time."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

import docx
import pytest
from openpyxl import load_workbook

from compile import document
from compile.charts import Chart, Reading, Role, Strand, draw, rows_of
from compile.charts.bars import said_of
from compile.charts.export import comma_separated, workbook
from compile.charts.model import copy
from compile.charts.png import pictured, png
from compile.charts.scale import class_of, classes, scale, short
from compile.charts.tiles import placed, places
from registry.catalogue.dashboards import Kind
from registry.sample import sources, tiles
from tests.compile import charted
from tests.compile.charted import BUON_DON, EA_SUP, GOLDEN, TUY_HOA, a_comparison, a_trend, of_units
from tests.compile.small_report import a_full_report

EVERY = (a_trend, a_comparison, *(lambda kind=kind: of_units(kind) for kind in (Kind.RANKING, Kind.SHARE, Kind.TILES)))


def numbers(*values: str) -> list[Decimal]:
    return [Decimal(one) for one in values]


def words(drawn: str) -> list[str]:
    """What is written on a drawing, in order."""
    return ["".join(one.itertext()) for one in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("file", charted.drawings())
def test_a_drawing_is_the_golden_one_to_the_byte(file: str) -> None:
    assert (GOLDEN / file).read_text(encoding="utf-8") == charted.drawings()[file]


@pytest.mark.parametrize("chart", [one() for one in EVERY], ids=lambda one: one.kind.value)
@pytest.mark.parametrize("width", [320, 600, 1080])
def test_a_drawing_bears_a_strict_policy_and_says_itself_in_words(chart: Chart, width: int) -> None:
    drawn = draw(chart, width, "p7")
    root = ElementTree.fromstring(drawn)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:", drawn)
    assert root.get("viewBox", "").startswith(f"0 0 {width} ")
    assert root.get("role") in ("img", "group")
    assert root.get("aria-labelledby") == "p7-t p7-d"
    assert [one.text for one in root if one.get("id") == "p7-t"] == [chart.title]
    right = max(float(one.get("x", 0)) for one in root.iter("{http://www.w3.org/2000/svg}text"))
    assert right <= width


def test_words_of_units_cannot_break_out_of_a_drawing() -> None:
    chart = of_units(Kind.RANKING)
    hostile = replace(chart.strands[0].readings[0], label='<script>"&', link='/x?a="1"&b=<')
    drawn = draw(replace(chart, title="</title><b>", strands=(Strand("Thực hiện", (hostile,)),)), framed=True)
    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert ElementTree.fromstring(drawn).get("role") == "group"


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (("0", "1612.5"), "0 500 1.000 1.500 2.000"),
        (("-3", "7"), "-4 -2 0 2 4 6 8"),
        (("0.12", "0.4"), "0,0 0,1 0,2 0,3 0,4"),
        (("0", "0"), "0,0 0,2 0,4 0,6 0,8 1,0"),
        ((), "0,0 0,2 0,4 0,6 0,8 1,0"),
        (("-5",), "-5 -4 -3 -2 -1 0"),
    ],
)
def test_ticks_are_round_and_enclose_every_number(values: tuple[str, ...], ticks: str) -> None:
    assert " ".join(scale(numbers(*values)).labels) == ticks


def test_an_axis_may_leave_nought_out_for_percentages_close_together() -> None:
    assert scale(numbers("96.5", "99"), from_nought=False).labels == ("96,5", "97,0", "97,5", "98,0", "98,5", "99,0")


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [("1612.5", 2, "1.613"), ("153", 1, "153,0"), ("12.345", 2, "12,35"), ("-0.125", 2, "-0,13"), ("7", 0, "7")],
)
def test_a_short_number_has_the_digits_that_matter(value: str, decimals: int, said: str) -> None:
    assert short(Decimal(value), decimals) == said


def test_classes_hold_about_as_many_units_each_and_every_number_is_in_one() -> None:
    values = [Decimal(n) for n in range(1, 101)]
    bounds = classes(values)
    assert bounds == tuple(numbers("1", "21", "41", "61", "81"))
    assert [class_of(one, bounds) for one in numbers("1", "20.9", "21", "100")] == [0, 0, 1, 4]
    assert classes(numbers("5", "5", "5")) == (Decimal(5),)
    assert classes([]) == ()


def test_a_line_is_not_drawn_across_a_blank_and_a_provisional_point_is_hollow() -> None:
    drawn = draw(a_trend())
    lines = re.findall(r'<path d="([^"]*)"[^>]*stroke-width="2.5"', drawn)
    assert [one.count("L") for one in lines] == [1]  # June stands alone; August leads to September
    assert 'r="4" fill="#ffffff" stroke="#a5121b"' in drawn
    assert copy("text.provisional-note") in words(drawn)
    whole = replace(a_trend(), strands=a_trend().strands[1:])
    assert copy("text.provisional-note") not in words(draw(whole))


def test_a_running_total_begins_anew_with_each_year() -> None:
    readings = tuple(
        Reading(code, Decimal(n), key=code) for n, code in enumerate(("202511", "202512", "202601", "202602"), 1)
    )
    chart = Chart(Kind.TREND, "Thu", "tỷ đồng", (Strand("Lũy kế", readings),), is_running=True)
    assert draw(chart).count("<path") == 2
    assert draw(replace(chart, is_running=False)).count("<path") == 1
    of_a_season = tuple(replace(one, run="2025") for one in readings)
    assert draw(replace(chart, strands=(Strand("Niên vụ", of_a_season),))).count("<path") == 1


def test_an_axis_of_high_percentages_does_not_make_much_of_little() -> None:
    readings = (Reading("T8", Decimal("98.21")), Reading("T9", Decimal("98.23")))
    drawn = words(draw(Chart(Kind.TREND, "Tỷ lệ", "%", (Strand("Thực hiện", readings),))))
    assert drawn[1:3] == ["97,0", "97,5"]


def test_a_picture_that_stands_alone_prints_coverage_and_moment() -> None:
    for make in EVERY:
        framed = " ".join(words(draw(make(), 600, framed=True)))
        assert all(one in framed for one in charted.FOOT)
        assert not any(one in " ".join(words(draw(make(), 600))) for one in charted.FOOT)


def test_bars_say_what_the_comparison_comes_to() -> None:
    assert said_of(a_comparison(), 0) == "đạt 87,5% kế hoạch; tăng 7,7% so với cùng kỳ"
    assert said_of(a_comparison(), 1) == "giảm 14,2% so với cùng kỳ"


@pytest.mark.parametrize(
    ("done", "before", "said"),
    [
        ("93", "90.5", "tăng 2,5 điểm % so với cùng kỳ"),
        ("90", "91", "giảm 1 điểm % so với cùng kỳ"),
        ("9", "9", "bằng cùng kỳ"),
    ],
)
def test_percentages_differ_by_points(done: str, before: str, said: str) -> None:
    strands = (
        Strand("Thực hiện", (Reading("Tỷ lệ", Decimal(done)),)),
        Strand("Cùng kỳ", (Reading("Tỷ lệ", Decimal(before)),), Role.SAME_PERIOD),
    )
    assert said_of(Chart(Kind.COMPARISON, "Tỷ lệ", "%", strands), 0) == said


def test_nothing_is_said_of_growth_from_nought_or_below() -> None:
    for before in ("0", "-4"):
        strands = (
            Strand("Thực hiện", (Reading("Thu", Decimal(5)),)),
            Strand("Cùng kỳ", (Reading("Thu", Decimal(before)),), Role.SAME_PERIOD),
        )
        assert said_of(Chart(Kind.COMPARISON, "Thu", "tỷ đồng", strands), 0) == ""


def test_what_units_are_missing_from_is_compared_with_nothing() -> None:
    chart = a_comparison()
    (partial, *others) = (
        replace(one, readings=(replace(one.readings[0], is_whole=n > 0), *one.readings[1:]))
        for n, one in enumerate(chart.strands)
    )
    partial_chart = replace(chart, strands=(partial, *others))
    assert said_of(partial_chart, 0) == ""
    assert [one.number for one in rows_of(partial_chart).lines[0][4:]] == [None, None]
    assert said_of(partial_chart, 1) == said_of(chart, 1)


def test_the_table_behind_has_every_number_to_its_last_digit() -> None:
    rows = rows_of(a_trend())
    assert rows.heads == ("Kỳ", "Thực hiện (tỷ đồng)", "Cùng kỳ năm trước (tỷ đồng)", "So với cùng kỳ (%)")
    assert [one.number or one.words for one in rows.lines[3]] == ["T9/2026", *numbers("151.25", "115", "131.5")]
    assert rows.lines[1][1].words == "…"
    assert rows.lines[3][1].is_provisional
    assert [one.number for one in rows_of(of_units(Kind.SHARE)).lines[0]][1:] == numbers("80.5", "87.03")


def test_numbers_of_one_measure_are_written_with_as_many_decimals() -> None:
    column = [line[1].decimals for line in rows_of(a_trend()).lines]
    assert column == [2, 2, 2, 2]
    said = (("Thu", "tỷ đồng", "0", "815.6", "236.3657"), ("Hộ", "hộ", "3", "4", "5"))
    strands = tuple(
        Strand(str(n), tuple(Reading(one[0], Decimal(one[n]), measure=one[1]) for one in said), role)
        for n, role in ((2, Role.ACTUAL), (3, Role.SAME_PERIOD), (4, Role.PREVIOUS))
    )
    lines = rows_of(Chart(Kind.TABLE, "Bảng", "", strands, by_indicator=True)).lines
    assert [[cell.decimals for cell in line[1:4]] for line in lines] == [[4, 4, 4], [0, 0, 0]]


def test_a_ranking_draws_the_first_and_tells_how_many_more_there_are() -> None:
    drawn = words(draw(of_units(Kind.RANKING, top=1)))
    assert any(one.startswith("1. Phường Tuy Hòa") for one in drawn)
    assert not any("Buôn Đôn" in one for one in drawn)
    assert copy("text.more", count=1) in drawn
    assert len(rows_of(of_units(Kind.RANKING, top=1)).lines) == 3


def test_what_units_are_missing_from_has_no_place_and_no_share_and_a_sign_of_its_own_on_a_line() -> None:
    part, whole = Reading("Tây", Decimal(9), is_whole=False), Reading("Đông", Decimal(5), place=1)
    ranking = Chart(Kind.RANKING, "Thu", "tỷ đồng", (Strand("Thực hiện", (whole, part)),))
    assert {"1. Đông", "Tây"} <= set(words(draw(ranking)))
    share = replace(ranking, kind=Kind.SHARE)
    assert copy("text.no-share") in words(draw(share))
    assert all(line[2].number is None for line in rows_of(share).lines)
    sheet = load_workbook(BytesIO(workbook(share))).active
    assert sheet is not None
    assert not sheet._charts
    trend = replace(ranking, kind=Kind.TREND)
    assert draw(trend).count("<polygon") == 1
    assert copy("text.partial-note") in words(draw(trend))


def test_a_chart_of_nothing_says_so() -> None:
    blank = replace(a_trend(), strands=(Strand("Thực hiện", (Reading("T9/2026", None),)),))
    assert words(draw(blank)) == [copy("text.empty")]
    assert words(draw(replace(blank, strands=()))) == [copy("text.empty")]


def test_every_commune_has_a_tile_of_its_own_where_its_coordinates_lead() -> None:
    at = places()
    assert at.keys() == sources.communes().keys()
    assert len(set(at.values())) == 102
    assert at == {code: (column, row) for code, _, column, row in tiles.positions()}
    assert at[EA_SUP][0] < at[TUY_HOA][0]  # the west is left
    assert at[BUON_DON][1] > at[EA_SUP][1]


def test_a_commune_the_table_does_not_know_stands_beneath_the_map() -> None:
    at = placed([EA_SUP, "99999", TUY_HOA])
    assert at["99999"] == (0, max(places()[EA_SUP][1], places()[TUY_HOA][1]) + 2)


def test_a_drawing_becomes_a_picture_without_a_browser() -> None:
    picture = png(draw(a_trend(), 320, framed=True), 2)
    assert picture.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">I", picture[16:20]) == (640,)
    assert picture == png(draw(a_trend(), 320, framed=True), 2)


def test_the_workbook_has_the_same_numbers_and_a_chart_of_its_own_and_no_formulas() -> None:
    chart = a_trend()
    hostile = replace(chart, title="=cmd|' /C calc'!A0")
    book = load_workbook(BytesIO(workbook(hostile)))
    sheet = book.active
    assert sheet is not None
    assert sheet["A1"].data_type == "s"
    assert [sheet.cell(9, n).value for n in range(1, 5)] == ["T9/2026", 151.25, 115, 131.5]
    assert sheet["B7"].value == "…"
    assert len(sheet._charts) == 1
    assert workbook(hostile) == workbook(hostile)
    assert [one.value for one in sheet["A"] if one.value][-2:] == list(charted.FOOT)


@pytest.mark.parametrize("kind", [Kind.TABLE, Kind.TILES])
def test_a_table_and_a_map_have_no_chart_in_the_workbook(kind: Kind) -> None:
    sheet = load_workbook(BytesIO(workbook(of_units(kind)))).active
    assert sheet is not None
    assert sheet._charts == []


def test_comma_separated_values_open_as_numbers_and_never_as_formulas() -> None:
    chart = of_units(Kind.RANKING)
    evil = replace(chart.strands[0].readings[1], label="=HYPERLINK(1)", value=Decimal("-1234.5"))
    strands = (Strand("@SUM(A1)", (chart.strands[0].readings[0], evil)),)
    lines = comma_separated(replace(chart, strands=strands, measure="")).decode("utf-8-sig").splitlines()
    assert lines[2] == "Đơn vị;'@SUM(A1)"
    assert lines[3] == "Phường Tuy Hòa;80,5"
    assert lines[4] == "'=HYPERLINK(1);-1234,5"


def test_charts_chosen_for_a_report_are_an_annex_of_its_document() -> None:
    picture = pictured(a_trend())
    report = a_full_report()
    with_charts = docx.Document(BytesIO(document.build(report.having(charts=(picture,)).compiled)))
    without = docx.Document(BytesIO(document.build(report.compiled)))
    titles = [one.text for one in with_charts.paragraphs]
    assert "BIỂU ĐỒ" in titles
    assert "BIỂU ĐỒ" not in [one.text for one in without.paragraphs]
    (shape,) = with_charts.inline_shapes
    assert shape.width <= (210 - 15 - 30) * 36_000
    assert round(shape.width / shape.height, 2) == round(picture.width / picture.height, 2)
    assert (
        with_charts.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed].blob == picture.data
    )
