"""Texts typed in the fonts of thirty years: kept in Unicode, what was typed kept beside, every change told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.limits import LIMITS
from ingest.model import RawCell
from ingest.retold import visible
from ingest.unicode import in_unicode, original
from registry.findings import message
from tests.ingest import a_form
from tests.ingest.returned import Returned
from tests.lists.orders import HAMLETS, Back, hamlet

GRID = a_form.grid()
LABEL = {code: addresses[1] for code, addresses in GRID.labels}
MEASURE = {code: addresses[2] for code, addresses in GRID.labels}


def note(text: str, font: str = "", *runs: tuple[str, str], row: str = "HOMES") -> Returned:
    return Returned.filled().put(row, "c13", "s", text, font=font, runs=runs)


def kept(book: Returned, row: str = "HOMES", column: str = "c13") -> str | None:
    return book.verdict().values[a_form.key(row, column)].text


@pytest.mark.parametrize(
    ("text", "font", "words"),
    [
        ("H¹n h¸n kÐo dµi", ".VnTime", "Hạn hán kéo dài"),
        ("gi¶m so víi cïng kú", ".VnArialH", "GIẢM SO VỚI CÙNG KỲ"),
        ("Haïn haùn keùo daøi", "VNI-Times", "Hạn hán kéo dài"),
        ("Ngµy ®­îc xuÊt kho", "Arial", "Ngày được xuất kho"),
        ("Hạn hán", ".VnTime", "Hạn hán"),
        ("Hµ Néi, ngµy Nơi nhận", ".VnTime", "Hà Nội, ngày Nơi nhận"),
        ("Háº¡n hÃ¡n", "", "Hạn hán"),
        ("Buôn Čuôr Đăng, ƀuôn Ñu\u0306", "Times New Roman", "Buôn Čuôr Đăng, ƀuôn Ñŭ"),
        ("M’drắk; Čư M’gar – Ea H’leo", ".VnTime", "M’drắk; Čư M’gar – Ea H’leo"),
        ("12/QD-UBND, a.b@daklak.gov.vn", ".VnTimeH", "12/QD-UBND, a.b@daklak.gov.vn"),
        ("10 µm, 25 °C, ½ ngày", "Times New Roman", "10 µm, 25 °C, ½ ngày"),
    ],
)
def test_a_note_is_kept_in_unicode(text: str, font: str, words: str) -> None:
    assert kept(note(text, font)) == words


def test_each_run_is_read_by_its_own_font() -> None:
    runs = (("¸", ".VnTimeH"), ("p dông tõ ", ".VnTime"), ("tháng 10", "Times New Roman"))
    book = note("".join(text for text, _ in runs), ".VnTime", *runs)
    assert kept(book) == "Áp dụng từ tháng 10"


def test_a_change_is_told_before_and_after_with_the_name_of_the_charset() -> None:
    found = note("H¹n h¸n", ".VnTime").found("text-converted")
    assert [(one.cell, one.row, one.column, one.found, one.expected) for one in found] == [
        (GRID.cells[a_form.key("HOMES", "c13")], "Hộ kinh doanh mới", "Ghi chú", "H¹n h¸n", "Hạn hán")
    ]
    assert "bảng mã TCVN3 (ABC)" in message(found[0])


def test_a_lone_word_is_asked_about_unless_its_column_or_sheet_tells() -> None:
    alone = note("QuËn 5")
    assert kept(alone) == "QuËn 5"
    assert [one.expected for one in alone.found("text-doubtful")] == ["Quận 5"]
    in_company = note("QuËn 5").text("AREA", "c13", "HuyÖn Cñ Chi", "Arial")
    assert kept(in_company) == "Quận 5"
    assert not in_company.found("text-doubtful")
    in_sheet = note("QuËn 5").at(LABEL["AREA"], RawCell(LABEL["AREA"], "s", "DiÖn tÝch s¾n, h¹n h¸n", font=".VnTime"))
    assert kept(in_sheet) == "Quận 5"


def test_labels_and_measures_typed_anew_in_a_legacy_charset_are_the_same() -> None:
    book = Returned.filled().at(LABEL["AREA"], "DiÖn tÝch s¾n").at(MEASURE["CROP"], "tÊn").at(MEASURE["HOMES"], "hé")
    assert book.codes() == {"text-converted-elsewhere"}
    assert Returned.filled().at(MEASURE["CROP"], "t¹").codes() == {"measure-changed"}


@pytest.mark.parametrize(("text", "font"), [("1.234,5 tÊn", ".VnTime"), ("1.234,5 tÊn", ""), ("1.234,5 taán", "Arial")])
def test_a_measure_behind_a_figure_may_be_typed_in_a_legacy_charset(text: str, font: str) -> None:
    book = Returned.filled().put("CROP", "c06", "s", text, font=font)
    assert f"{book.verdict().values[a_form.key('CROP', 'c06')].number:f}" == "1234.500"
    assert "text-doubtful" not in book.codes()


def test_keys_choices_and_columns_of_a_list_are_understood() -> None:
    back = Back(HAMLETS, [hamlet("Thôn Một"), hamlet("Buôn Krông"), hamlet("Thôn Hai")])
    back.put(1, "c00", "s", "Th«n Hai").put(2, "c00a", "s", "N«ng th«n").put(3, "c00a", "s", "N«ng th«n")
    verdict = back.verdict()
    assert {one.code for one in verdict.findings} == {"list-duplicate-key", "text-converted"}
    assert "Nông thôn" in {value.text for value in verdict.values.values()}


def test_the_extraction_itself_is_kept_as_it_came() -> None:
    book = note("H¹n h¸n", ".VnTime")
    before = book.extraction
    book.verdict()
    assert book.extraction == before
    read = in_unicode(before, frozenset(GRID.rows))
    at = GRID.cells[a_form.key("HOMES", "c13")]
    cell = next(one for one in read.extraction.sheets if one.name == GRID.sheet).cells[at]
    assert (cell.raw, original(cell)) == ("Hạn hán", "H¹n h¸n")


def test_sheets_without_the_codes_of_the_form_are_left_alone() -> None:
    book = Returned.filled()
    scrap = replace(book.sheet, name="nháp", cells={"A1": RawCell("A1", "s", "H¹n h¸n kÐo dµi", font=".VnTime")})
    assert not in_unicode(book.add_sheet(scrap).extraction, frozenset(GRID.rows)).changes


def test_a_letter_that_shows_as_a_hyphen_is_told_as_one() -> None:
    [found] = note("h¹n h¸n tr\u00ad\u00edc", ".VnTime").found("text-converted")
    assert (found.found, found.expected) == ("h¹n h¸n tr-\u00edc", "hạn hán trước")


def test_characters_nobody_sees_are_told_by_their_numbers() -> None:
    assert visible("h\u00adn\u200b\x07") == "h‹U+00AD›n‹U+200B›‹U+0007›"
    assert kept(note("hạn\u200b\x07 hán")) == "hạn hán"


def test_a_sheet_with_too_many_accented_letters_is_left_as_it_stands_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = note("H¹n h¸n kÐo dµi", ".VnTime")
    letters = sum(len(cell.raw) for cell in book.sheet.cells.values() if cell.kind == "s" and not cell.raw.isascii())
    monkeypatch.setattr("ingest.unicode.LIMITS", replace(LIMITS, accented_characters=letters))
    assert "text-too-much" not in book.codes()
    monkeypatch.setattr("ingest.unicode.LIMITS", replace(LIMITS, accented_characters=letters - 1))
    assert book.codes() == {"text-too-much"}
    assert kept(book) == "H¹n h¸n kÐo dµi"
