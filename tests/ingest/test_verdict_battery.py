"""One returned workbook that trips each code of anchor, text, number, measure and judge, and one that nearly does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pytest

from ingest.a1 import join
from ingest.model import RawCell, Status
from ingest.text import LONGEST_NOTE
from registry.catalogue.values import Known, Nature, SeriesKey
from registry.findings import Severity, fix, message
from registry.rules.background import Background, Need
from tests.ingest import a_form
from tests.ingest.returned import Returned

Edit = Callable[[Returned], Returned]
GRID = a_form.grid()
LABEL = {code: addresses[1] for code, addresses in GRID.labels}
MEASURE = {code: addresses[2] for code, addresses in GRID.labels}
CODE = {code: f"A{row}" for code, row in GRID.rows.items()}
HEADINGS = {code: join(GRID.code_row, column) for code, column in GRID.columns.items()}


@dataclass(frozen=True)
class Pair:
    code: str
    trips: Edit
    passes: Edit
    severity: Severity


def blank_all(book: Returned) -> Returned:
    for key in a_form.view().inputs:
        book.erase(key.row, key.column)
    return book


def insert_row(book: Returned, digits: str | None, kind: str = "n") -> Returned:
    """A row put in by hand above HOMES."""
    at = GRID.rows["HOMES"]
    book.move(lambda row, column: (row + (row >= at), column))
    address = join(at, GRID.columns["c06"])
    return book.at(address, RawCell(address, kind, digits)) if digits else book


def insert_column(book: Returned, digits: str | None) -> Returned:
    at = GRID.columns["c06"]
    book.move(lambda row, column: (row, column + (column >= at)))
    address = join(GRID.rows["HOMES"], at)
    return book.at(address, RawCell(address, "n", digits)) if digits else book


def copied_row(book: Returned) -> Returned:
    last = GRID.last_row
    source = GRID.rows["HOMES"]
    for address, cell in list(book.sheet.cells.items()):
        if address == join(source, 1):
            book.at(join(last + 1, 1), cell._replace(a1=join(last + 1, 1)))
    return book


def copied_sheet(book: Returned, digits: str) -> Returned:
    address = GRID.cells[a_form.key("HOMES", "c06")]
    cells = {**book.sheet.cells, address: RawCell(address, "n", digits)}
    return book.add_sheet(replace(book.sheet, name="THU-01 (2)", cells=cells))


def swapped_labels(book: Returned) -> Returned:
    return book.at(LABEL["AREA"], "Hộ kinh doanh mới").at(LABEL["HOMES"], "Diện tích sắn")


def without_protection(book: Returned) -> Returned:
    return book.with_sheet(replace(book.sheet, protected=False))


def unchanged(book: Returned) -> Returned:
    return book


def with_older_layout(book: Returned) -> Returned:
    text = a_form.token_text()
    older = a_form.token.Token(1, "THU-01", 1, "24211", 2025, a_form.PERIOD, 1, "00000000")
    new = a_form.token.issue(older, a_form.SECRET)
    book.at(GRID.identity, f"Mã biểu: {new}")
    names = {name.replace(text, new): where for name, where in book.extraction.names.items()}
    metas = tuple(
        replace(one, cells={a1: cell._replace(raw=cell.raw.replace(text, new)) for a1, cell in one.cells.items()})
        for one in book.extraction.sheets
    )
    book.extraction = replace(book.extraction, sheets=metas, names=names, properties={"BaocaoToken": new})
    return book


def on_a_copied_sheet(book: Returned) -> Returned:
    sheets = tuple(one for one in book.extraction.sheets if one.name != "_meta")
    book.extraction = replace(book.extraction, sheets=sheets, properties={})
    return book


def c06(row: str, digits: str, number_format: str = "General") -> Edit:
    return lambda book: book.number(row, "c06", digits, number_format)


def typed(row: str, text: str) -> Edit:
    return lambda book: book.text(row, "c06", text)


def measured(row: str, measure: str, digits: str = "121") -> Edit:
    return lambda book: book.number(row, "c06", digits).at(MEASURE[row], measure)


def headed(column: str, words: str) -> Edit:
    lowest = max(one.top for one in GRID.headings if one.left == GRID.columns[column])
    return lambda book: book.at(join(lowest, GRID.columns[column]), words)


def hidden(rows: Iterable[str] = (), columns: Iterable[str] = ()) -> Edit:
    def edit(book: Returned) -> Returned:
        look = replace(book.sheet.look, hidden_columns=tuple((GRID.columns[one],) * 2 for one in columns))
        return book.with_sheet(replace(book.sheet, hidden_rows=tuple(GRID.rows[one] for one in rows), look=look))

    return edit


def known(row: str, mantissa: int, text: str) -> Edit:
    """``text`` typed beside one figure of the month before."""

    def edit(book: Returned) -> Returned:
        figures = {Need(SeriesKey(row), "202609"): Known(mantissa, Nature.OFFICIAL)}
        book.case = replace(book.case, context=replace(book.case.context, background=Background(figures)))
        return book.text(row, "c06", text)

    return edit


def known_as(row: str, mantissa: int, digits: str) -> Edit:
    """A number of the file beside one figure of the month before."""
    beside = known(row, mantissa, "-")
    return lambda book: beside(book).number(row, "c06", digits)


def note(text: str, font: str = "Times New Roman") -> Edit:
    return lambda book: book.text("HOMES", "c13", text, font)


def noted(text: str) -> Edit:
    cell = GRID.cells[a_form.key("HOMES", "c06")]
    return lambda book: book.with_sheet(replace(book.sheet, notes={cell: RawCell(cell, "s", text)}))


B, E, W, N = Severity.BLOCK, Severity.ERROR, Severity.WARNING, Severity.NOTE
PAIRS = [
    # --- anchor
    Pair("anchor-sheet-missing", lambda b: b.drop_sheet(), lambda b: b.with_sheet(replace(b.sheet, name="Sheet1")), B),
    Pair("anchor-two-sheets", lambda b: copied_sheet(b, "8"), unchanged, E),
    Pair("anchor-sheet-copied", lambda b: copied_sheet(b, "9"), unchanged, N),
    Pair(
        "anchor-row-missing",
        lambda b: b.move(lambda r, c: None if r == GRID.rows["CROP"] else (r, c)),
        lambda b: b.move(lambda r, c: (r + 5, c) if r >= GRID.rows["CROP"] else (r, c)),
        E,
    ),
    Pair("anchor-row-by-label", lambda b: b.at(CODE["CROP"], None), lambda b: b.at(CODE["CROP"], " CROP "), N),
    Pair("anchor-duplicate-row", copied_row, unchanged, E),
    Pair(
        "anchor-column-missing",
        lambda b: b.at(HEADINGS["c05"], None),
        lambda b: b.move(lambda r, c: (r, c + 3) if c >= GRID.columns["c05"] else (r, c)),
        E,
    ),
    Pair("anchor-duplicate-column", lambda b: b.at(HEADINGS["c13"], "c06"), unchanged, E),
    Pair("anchor-extra-row", lambda b: insert_row(b, "5"), lambda b: insert_row(b, None), W),
    Pair("anchor-extra-row", lambda b: insert_row(b, "5 hộ", "s"), lambda b: insert_row(b, "Trong đó", "s"), W),
    Pair("anchor-extra-column", lambda b: insert_column(b, "5"), lambda b: insert_column(b, None), W),
    Pair(
        "anchor-label-changed",
        lambda b: b.at(LABEL["AREA"], "Diện tích lúa"),
        lambda b: b.at(LABEL["AREA"], " DIỆN TÍCH SẮN"),
        W,
    ),
    Pair("anchor-label-moved", swapped_labels, lambda b: b.at(LABEL["CROP"], "- Sản lượng sầu riêng"), E),
    Pair("anchor-protection-missing", without_protection, unchanged, N),
    Pair("anchor-older-layout", with_older_layout, unchanged, N),
    Pair(
        "anchor-formula-overwritten",
        lambda b: b.number("HOMES", "c07", "17"),
        lambda b: b.number("HOMES", "c07", "16"),
        N,
    ),
    Pair(
        "anchor-locked-changed",
        lambda b: b.number("AREA", "c02", "1500.1"),
        lambda b: b.number("AREA", "c02", "1500.01"),
        N,
    ),
    Pair("anchor-locked-changed", lambda b: b.text("SEEN", "c06", "-"), lambda b: b.number("SEEN", "c06", "42"), N),
    Pair("anchor-closed-cell", lambda b: b.number("MONEY", "c02", "5"), lambda b: b.text("MONEY", "c02", " X "), E),
    Pair("anchor-heading-changed", headed("c06", "Thực hiện"), headed("c06", "ƯỚC  THÁNG"), W),
    Pair("anchor-heading-moved", headed("c06", "Ghi chú"), headed("c06", "Ước tháng "), E),
    Pair("anchor-hidden-rows", hidden(rows=["HOMES"]), hidden(rows=["S2"]), N),
    Pair("anchor-hidden-columns", hidden(columns=["c06"]), hidden(columns=["c02"]), N),
    # --- text
    Pair("text-composed", note("Ha\u0323n ha\u0301n"), note("Hạn hán"), N),
    Pair("text-converted", note("H¹n h¸n", ".VnTime"), note("Han han", ".VnTime"), N),
    Pair("text-converted", note("Haïn haùn", "VNI-Times"), note("Hạn hán", "VNI-Times"), N),
    Pair("text-converted", note("Ha&#7841;n ha&#769;n"), note("a &amp; b &#38; c"), N),
    Pair(
        "text-converted-elsewhere", lambda b: b.at("B3", "Thèng kª c¸c x·"), lambda b: b.at("B3", "Thống kê các xã"), N
    ),
    Pair("text-note-converted", noted("H¹n h¸n kÐo dµi"), noted("Hạn hán kéo dài"), N),
    Pair("text-doubtful", note("QuËn 5"), note("Müller 5"), W),
    Pair(
        "text-sheet-name",
        lambda b: b.with_sheet(replace(b.sheet, name="BiÓu thu th¸ng 10")),
        lambda b: b.with_sheet(replace(b.sheet, name="Biểu thu tháng 10")),
        N,
    ),
    Pair("text-mended", note("LAO ÐỘNG"), note("LAO ĐỘNG"), N),
    Pair("text-mended", note("hạn\u200b hán"), note("hạn hán"), N),
    Pair("text-error-cell", lambda b: b.put("HOMES", "c13", "e", "#N/A"), note("#N/A"), W),
    Pair("text-too-long", note("a" * (LONGEST_NOTE + 1)), note("a" * LONGEST_NOTE), E),
    # --- number
    Pair("number-converted", typed("HOMES", "1.234 hộ"), c06("HOMES", "12"), N),
    Pair("number-converted", typed("AREA", "1.234,5 ha"), typed("AREA", "-"), N),
    Pair("number-from-formula", lambda b: b.put("HOMES", "c06", "n", "9", "4+5"), c06("HOMES", "9"), N),
    Pair("number-rounded", c06("AREA", "121.25"), c06("AREA", "121.20000000000000284"), N),
    Pair("number-ambiguous", typed("CROP", "1.234"), typed("CROP", "1.234,0"), E),
    Pair("number-ambiguous", typed("CROP", "1,234 tấn"), typed("HOMES", "1,234 hộ"), E),
    Pair(
        "number-ambiguous", typed("AREA", "1,234"), typed("AREA", "1.234,0"), E
    ),  # 120,5 a month ago: neither is like it
    Pair("number-settled", known("CROP", 1_150_000, "1.234"), known("CROP", 33_000, "1.234"), N),
    Pair("number-settled", known("CROP", 1_150, "1,234"), known("CROP", 0, "1,234"), N),
    Pair("number-is-text", typed("HOMES", "khoảng mười"), typed("HOMES", "10"), E),
    Pair("number-is-text", c06("HOMES", "NaN"), c06("HOMES", "1"), E),
    Pair("number-is-text", typed("HOMES", "12.5.3"), typed("HOMES", "12.005.003"), E),
    Pair("number-is-rough", typed("HOMES", "~100"), typed("HOMES", "100"), E),
    Pair("number-is-rough", typed("HOMES", "Khoảng 10 hộ"), typed("HOMES", "10 hộ"), E),
    Pair("number-sign-unclear", typed("DEBT", "5-"), typed("DEBT", "-5"), E),
    Pair("number-sign-unclear", typed("DEBT", "(-5)"), typed("DEBT", "(5)"), E),
    Pair("number-exponent", typed("HOMES", "1E+05"), c06("HOMES", "1E+01"), E),
    Pair("number-date-from-decimal", c06("AREA", "46143", "d-mmm"), c06("AREA", "44682", "d-mmm"), E),  # 1/5/2026, 2022
    Pair("number-date-from-decimal", c06("AREA", "46143", "d-mmm"), c06("HOMES", "46143", "d-mmm"), E),
    Pair("number-date-from-decimal", c06("PRICE", "41030", "mmm-yy"), c06("PRICE", "41031", "mmm-yy"), E),  # 5.12
    Pair("number-shown-otherwise", c06("AREA", "121.34", "0"), c06("AREA", "121.34", "0.00"), N),
    Pair("number-shown-otherwise", c06("AREA", "12.3456", "0.00"), c06("AREA", "12.3412", "0.00"), N),
    Pair("number-shown-otherwise", c06("AREA", "12000", "#,##0,"), c06("AREA", "12000", "#,##0"), N),
    Pair("number-hidden", c06("AREA", "121", ";;;"), c06("AREA", "121", "0;-0;;@"), N),
    Pair("number-is-text", lambda b: b.put("HOMES", "c06", "b", "1"), c06("HOMES", "1"), E),
    Pair("number-is-date", c06("HOMES", "46310", "dd/mm/yyyy"), c06("HOMES", "46", '#,##0 "hộ"'), E),
    Pair("number-is-date", typed("HOMES", "1/5/2026"), typed("HOMES", "1.526"), E),
    Pair("number-is-date", lambda b: b.put("HOMES", "c06", "d", "2026-05-01"), c06("HOMES", "5"), E),
    Pair("number-may-be-day", c06("AREA", "46240", "#,##0.0"), c06("AREA", "46240.5", "#,##0.0"), W),  # 6/8/2026
    Pair("number-may-be-day", c06("HOMES", "46240"), c06("HOMES", "47240"), W),
    Pair("number-may-be-day", c06("PRICE", "46240"), c06("PRICE", "104"), W),  # no index comes to that
    Pair(
        "number-may-be-day",
        lambda b: b.number("CROP", "c05", "31.5").number("CROP", "c06", "46240"),
        lambda b: b.number("CROP", "c05", "31500").number("CROP", "c06", "46240"),
        W,
    ),
    Pair("number-may-be-day", known_as("CROP", 12_000, "46240"), known_as("CROP", 20_000_000, "46240"), W),
    Pair("number-may-be-day", known_as("CROP", 12_000, "46240"), c06("CROP", "46240"), W),  # nothing is known of it
    Pair("number-is-range", typed("HOMES", "5-7"), typed("HOMES", "–"), E),
    Pair("number-error-cell", lambda b: b.put("HOMES", "c06", "e", "#REF!", "A1"), c06("HOMES", "5"), E),
    Pair("number-not-calculated", lambda b: b.put("HOMES", "c06", "", "", "4+5"), c06("HOMES", "5"), E),
    Pair("number-closed-sign", typed("HOMES", "x"), typed("HOMES", "…"), E),
    Pair("number-not-whole", c06("HOMES", "12.5"), c06("HOMES", "12.000000000000001"), E),
    Pair("number-negative", c06("HOMES", "-1"), c06("DEBT", "-1"), E),
    Pair("number-negative", typed("AREA", "(12,5)"), typed("DEBT", "(12,5)"), E),
    Pair("number-too-big", c06("AREA", "1000000000000000"), c06("AREA", "9999999999999"), E),
    Pair("number-too-big", c06("AREA", "10000000000000"), c06("AREA", "9999999999999.9"), E),
    # --- measure
    Pair("measure-changed", measured("MONEY", "nghìn người"), measured("MONEY", "Triệu đồng "), E),
    Pair("measure-changed", measured("AREA", "nghìn ha"), measured("AREA", "HA"), E),  # 120,5 last month, 121 now
    Pair("measure-row-converted", measured("MONEY", "tỷ đồng"), measured("MONEY", "trđ"), W),
    Pair("measure-row-converted", measured("MONEY", "tû ®ång"), measured("MONEY", "triÖu ®ång"), W),
    Pair("measure-row-converted", measured("CROP", "nghìn tấn"), measured("CROP", "tấn"), W),
    Pair("measure-clash", typed("MONEY", "5 hộ"), typed("MONEY", "5 triệu"), E),
    Pair("measure-clash", typed("MONEY", "200 đ"), typed("MONEY", "200.000 đ"), E),  # nothing would be left of it
    Pair("number-is-text", typed("MONEY", "1 tỷ 51 hộ"), typed("MONEY", "1 tỷ 51 triệu"), E),
    Pair("number-is-text", typed("MONEY", "5 triệu 2 tỷ"), typed("MONEY", "2 tỷ 5 triệu"), E),
    Pair("measure-converted", typed("MONEY", "5 tỷ"), typed("MONEY", "5 triệu"), N),
    Pair("measure-converted", typed("MONEY", "1 tỷ 051 triệu"), typed("MONEY", "1.051 trđ"), N),
    Pair("measure-converted", typed("MONEY", "5 tû ®ång"), typed("MONEY", "5 triÖu ®ång"), N),  # TCVN3, font unknown
    Pair("measure-converted", typed("HOMES", "9 trăm"), typed("HOMES", "9 trạm"), N),
    Pair("measure-converted", typed("HOMES", "1 nghìn rưỡi"), typed("HOMES", "2 rưỡi"), N),
    Pair("measure-clash", typed("MONEY", "9 trăm"), typed("MONEY", "9 trăm triệu"), E),  # đồng, or triệu?
    Pair("measure-clash", typed("MONEY", "5%"), typed("PRICE", "5%"), E),
    Pair("measure-factor-suspected", c06("AREA", "120500"), c06("AREA", "1500"), W),  # 120,5 a month ago
    Pair("measure-factor-suspected", c06("AREA", "0.1"), c06("AREA", "1"), W),
    Pair("measure-factor-suspected", c06("HOMES", "7000"), c06("HOMES", "100"), W),
    Pair(
        "measure-factor-suspected",
        lambda b: b.number("AREA", "c05", "120500"),
        lambda b: b.number("AREA", "c05", "119"),
        W,
    ),
    Pair("measure-share-suspected", c06("PRICE", "1.01"), c06("PRICE", "101"), W),
    Pair("measure-share-suspected", c06("PRICE", "10112"), c06("PRICE", "27"), W),
    Pair("measure-percent", c06("MONEY", "0.125", "0.00%"), c06("PRICE", "0.125", "0.00%"), E),
    Pair("measure-percent-converted", c06("PRICE", "1.0112", "0.00%"), c06("PRICE", "101.12", '0.00"%"'), N),
    # --- judge
    Pair("judge-empty-form", blank_all, lambda b: blank_all(b).number("HOMES", "c06", "0"), E),
    Pair("judge-required-cell", lambda b: b.erase("HOMES", "c06"), lambda b: b.text("HOMES", "c06", "…"), E),
    Pair("judge-blank-cells", lambda b: b.erase("CROP", "c06"), lambda b: b.text("CROP", "c06", "-"), N),
    # --- identity, once a file has been matched
    Pair("identity-copied-sheet", on_a_copied_sheet, unchanged, N),
]
IDS = [f"{i}-{pair.code}" for i, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_workbook_that_trips_is_told_so(pair: Pair) -> None:
    found = pair.trips(Returned.filled()).found(pair.code)

    assert found, pair.trips(Returned.filled()).codes()
    assert found[0].severity is pair.severity
    sentences = message(found[0]) + fix(found[0])
    assert "{" not in sentences
    assert "()" not in sentences


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_workbook_that_nearly_trips_is_not(pair: Pair) -> None:
    assert pair.code not in pair.passes(Returned.filled()).codes()


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_severity_decides_the_status(pair: Pair) -> None:
    verdict = pair.trips(Returned.filled()).verdict()
    by_worst = {
        Severity.BLOCK: Status.REJECTED,
        Severity.ERROR: Status.REJECTED,
        Severity.WARNING: Status.ACCEPTED_WITH_WARNINGS,
        Severity.NOTE: Status.ACCEPTED,
    }
    order = list(Severity)
    worst = min((one.severity for one in verdict.findings), key=order.index)

    assert verdict.status is by_worst[worst]
