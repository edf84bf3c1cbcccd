"""The reader: what it takes from a file, and that a second reader takes the same from good files."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import Extraction, RawCell, RawSheet
from ingest.parcel import DamagedParcel, pack, unpack
from ingest.reading import read_guarded
from registry.findings import Severity, message
from tests.ingest import a_form, crafted
from tests.ingest.crafted import book, relationships, sheet

FIRST = "Biểu"


def read(data: bytes) -> Extraction:
    return read_guarded(data, "a.xlsx")


def cells(data: bytes) -> dict[str, RawCell]:
    extraction = read(data)
    assert extraction.findings == ()
    return extraction.sheets[0].cells


def one_row(content: str) -> str:
    return sheet(f'<row r="1">{content}</row>')


def test_figures_keep_the_digits_of_the_file() -> None:
    found = cells(book(one_row('<c r="A1"><v>0.1000000000000000055511</v></c><c r="B1"><v>9007199254740993</v></c>')))

    assert found["A1"].raw == "0.1000000000000000055511"
    assert found["B1"].raw == "9007199254740993"


def test_end_tags_padded_with_blanks_are_read() -> None:
    assert cells(book(one_row('<c r="A1"><v>123</v    ></c   >')))["A1"].raw == "123"


def test_shared_and_inline_strings_read_alike() -> None:
    found = cells(
        book(
            one_row('<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Ea Súp</t></is></c>'),
            strings=crafted.strings("Ea Súp"),
        )
    )

    assert found["A1"].raw == found["B1"].raw == "Ea Súp"


def test_runs_of_rich_text_keep_their_fonts_and_leave_phonetics_out() -> None:
    rich = (
        f'<sst xmlns="{crafted.MAIN}"><si><r><t xml:space="preserve">D</t></r>'
        '<r><rPr><rFont val=".VnTime"/></rPr><t>ù ¸n</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si></sst>'
    )
    styles = (
        f'<styleSheet xmlns="{crafted.MAIN}"><fonts><font><name val=".VnTimeH"/></font></fonts>'
        '<cellXfs><xf numFmtId="0" fontId="0"/></cellXfs></styleSheet>'
    )
    cell = cells(book(one_row('<c r="A1" t="s"><v>0</v></c>'), strings=rich, styles=styles))["A1"]

    assert cell.raw == "Dù ¸n"
    assert cell.runs == (("D", ".VnTimeH"), ("ù ¸n", ".VnTime"))
    assert cell.font == ".VnTimeH"


def test_runs_of_inline_rich_text_are_read() -> None:
    inline = '<c r="A1" t="inlineStr"><is><r><rPr><rFont val="VNI-Times"/></rPr><t>a</t></r><r><t>b</t></r></is></c>'
    cell = cells(book(one_row(inline)))["A1"]

    assert (cell.raw, cell.runs) == ("ab", (("a", "VNI-Times"), ("b", "")))


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x005F_x0041_", "_x0041_"),
        ("_xD800_", "_xD800_"),
        ("_x0000_", "_x0000_"),
        ("_x00", "_x00"),
    ],
)
def test_escaped_characters_are_what_they_stand_for(written: str, read_as: str) -> None:
    found = cells(book(one_row('<c r="A1" t="s"><v>0</v></c>'), strings=crafted.strings(written)))

    assert found["A1"].raw == read_as


def test_errors_booleans_dates_and_uncalculated_formulas_keep_their_kind() -> None:
    found = cells(
        book(
            one_row(
                '<c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="d"><v>2026-10-14</v></c>'
                '<c r="D1"><f>1+1</f></c><c r="E1" t="str"><f>A1&amp;"x"</f><v>ax</v></c><c r="F1"/>'
            )
        )
    )

    assert [(c.kind, c.raw, c.formula) for c in found.values()] == [
        ("e", "#REF!", None),
        ("b", "1", None),
        ("d", "2026-10-14", None),
        ("", "", "1+1"),
        ("s", "ax", 'A1&"x"'),
    ]


def test_a_shared_formula_is_a_formula_in_every_cell_of_its_group() -> None:
    found = cells(
        book(
            one_row(
                '<c r="A1"><f t="shared" ref="A1:B1" si="0">C1*2</f><v>2</v></c>'
                '<c r="B1"><f t="shared" si="0"/><v>4</v></c>'
            )
        )
    )

    assert (found["A1"].formula, found["B1"].formula) == ("C1*2", "")


def test_strict_and_prefixed_workbooks_read_like_any_other() -> None:
    strict = crafted.parts(sheet(namespace=crafted.STRICT))
    rels = strict["xl/_rels/workbook.xml.rels"]
    assert isinstance(rels, str)
    strict["xl/_rels/workbook.xml.rels"] = rels.replace(
        crafted.RELS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
    )
    prefixed = (
        f'<x:worksheet xmlns:x="{crafted.MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )

    assert cells(crafted.zipped(strict)) == cells(book(prefixed)) == cells(book())


def test_cells_and_rows_without_address_follow_their_neighbour() -> None:
    found = cells(
        book(sheet('<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'))
    )

    assert list(found) == ["A1", "C1", "D1", "A2"]


def test_hidden_rows_protection_states_names_and_the_date_system_are_kept() -> None:
    workbook = (
        f'<workbook xmlns="{crafted.MAIN}" xmlns:r="{crafted.RELS}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="Một" sheetId="1" state="veryHidden" r:id="rId1"/></sheets>'
        '<definedNames><definedName name="BC_X">Một!$A$1</definedName></definedNames></workbook>'
    )
    rows = '<row r="1" hidden="1"/><row r="2" hidden="0"/><row r="3" hidden="true"/>'
    data = book(sheet(rows, '<sheetProtection sheet="1"/>'), more={"xl/workbook.xml": workbook})

    extraction = read(data)

    assert extraction.date1904
    assert extraction.names == {"BC_X": "Một!$A$1"}
    assert extraction.sheets == (RawSheet("Một", {}, (1, 3), True, "veryHidden"),)


@pytest.mark.parametrize("index", ["7", "-1", "1_0", "１", "x"])
def test_a_string_that_is_not_there_refuses_the_file(index: str) -> None:
    data = book(one_row(f'<c r="A1" t="s"><v>{index}</v></c>'), strings=crafted.strings("a"))

    (found,) = read(data).findings

    assert (found.code, found.sheet, found.cell, found.severity) == ("reading-bad-string", FIRST, "A1", Severity.BLOCK)


def test_a_string_that_is_there_does_not() -> None:
    assert read(book(one_row('<c r="A1" t="s"><v> 0 </v></c>'), strings=crafted.strings("a"))).findings == ()


def test_a_missing_sheet_part_is_never_passed_over_in_silence() -> None:
    rels = relationships(("rId1", "worksheet", "worksheets/other.xml"))
    extraction = read(book(more={"xl/_rels/workbook.xml.rels": rels}))

    assert [one.code for one in extraction.findings] == ["reading-part-missing"]
    assert "worksheets/other.xml" in message(extraction.findings[0])


def test_a_missing_workbook_part_refuses_the_file() -> None:
    found = read_guarded(book(more={"_rels/.rels": relationships(("rId1", "officeDocument", "xl/x.xml"))}), "a.xlsx")

    assert [one.code for one in found.findings] == ["reading-part-missing"]


# --- against a second reader

_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="_"), min_size=1, max_size=12
)
_CONTENT = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False).map(float),
    st.booleans(),
    _TEXT.filter(lambda text: text.strip() == text and text[0] not in "={"),
)
_SHEET = st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 8)), _CONTENT, max_size=20)


def written(sheets: dict[str, dict[tuple[int, int], object]], formats: list[str]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as workbook:
        styles = [workbook.add_format({"num_format": code}) for code in formats]
        for name, content in sheets.items():
            page = workbook.add_worksheet(name)
            for index, ((row, column), value) in enumerate(content.items()):
                style = styles[index % len(styles)] if styles else None
                if isinstance(value, str):
                    page.write_string(row, column, value, style)
                else:
                    page.write(row, column, value, style)
    return buffer.getvalue()


@settings(max_examples=40)
@given(
    sheets=st.dictionaries(st.sampled_from(["Một", "Hai"]), _SHEET, min_size=1),
    formats=st.lists(st.sampled_from(["0.00", "#,##0", "0%", '#,##0 "hộ"', "@"]), max_size=3),
)
def test_openpyxl_reads_the_same_cells(sheets: dict[str, dict[tuple[int, int], object]], formats: list[str]) -> None:
    data = written(sheets, formats)
    extraction = read_guarded(data, "a.xlsx")
    other = openpyxl.load_workbook(BytesIO(data))

    assert extraction.findings == ()
    for mine, theirs in zip(extraction.sheets, other.worksheets, strict=True):
        expected = {c.coordinate: c for row in theirs.iter_rows() for c in row if c.value is not None}
        assert mine.name == theirs.title
        assert {a1: value_of(cell) for a1, cell in mine.cells.items()} == {a1: c.value for a1, c in expected.items()}
        for address, cell in mine.cells.items():
            assert cell.number_format == expected[address].number_format
            assert cell.font == expected[address].font.name


def value_of(cell: RawCell) -> object:
    if cell.kind == "n":
        return int(cell.raw) if Decimal(cell.raw) == int(Decimal(cell.raw)) and "." not in cell.raw else float(cell.raw)
    return cell.raw == "1" if cell.kind == "b" else cell.raw


def test_openpyxl_reads_the_same_formulas_names_and_properties_of_a_template() -> None:
    extraction = read_guarded(a_form.workbook(), "a.xlsx")
    other = openpyxl.load_workbook(BytesIO(a_form.workbook()))

    for mine, theirs in zip(extraction.sheets, other.worksheets, strict=True):
        formulas = {c.coordinate: c.value[1:] for row in theirs.iter_rows() for c in row if c.data_type == "f"}
        assert {a1: cell.formula for a1, cell in mine.cells.items() if cell.formula is not None} == formulas
        assert mine.state == theirs.sheet_state
        assert mine.protected == theirs.protection.sheet
    assert {p.name: p.value for p in other.custom_doc_props.props} == extraction.properties
    assert set(other.defined_names) <= set(extraction.names)


# --- as bytes


def test_an_extraction_comes_back_from_its_parcel_unchanged() -> None:
    extraction = read_guarded(a_form.workbook(), "a.xlsx")
    refused = read_guarded(b"x;y", "a.csv")

    assert unpack(pack(extraction)) == extraction
    assert unpack(pack(refused)) == refused


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"sheets": 1}', b"\xff"])
def test_a_damaged_parcel_says_so(data: bytes) -> None:
    with pytest.raises(DamagedParcel):
        unpack(data)


@given(at=st.integers(0, len(a_form.workbook()) - 1), bits=st.integers(1, 255))
def test_a_damaged_workbook_is_answered_never_an_exception(at: int, bits: int) -> None:
    damaged = bytearray(a_form.workbook())
    damaged[at] ^= bits

    assert isinstance(read(bytes(damaged)), Extraction)


@settings(max_examples=60)
@given(
    at=st.integers(0, 600),
    bits=st.integers(1, 127),
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
)
def test_a_workbook_damaged_inside_its_parts_is_answered(at: int, bits: int, part: str) -> None:
    members = crafted.parts(one_row('<c r="A1" t="s" s="0"><v>0</v></c>'), crafted.strings("a"), crafted.styles(1))
    content = members[part]
    damaged = bytearray(content.encode() if isinstance(content, str) else content)
    damaged[at % len(damaged)] ^= bits
    data = crafted.zipped({**members, part: bytes(damaged)})

    assert isinstance(read(data), Extraction)


# --- notes and lists


def noted() -> bytes:
    comments = (
        f'<comments xmlns="{crafted.MAIN}"><authors><author>Lan</author></authors><commentList>'
        '<comment ref="A1" authorId="0"><text><r><rPr><rFont val=".VnTime"/></rPr><t>Sè liÖu</t></r>'
        "<r><t> cũ</t></r></text></comment>"
        '<comment ref="B2" authorId="0"><text><t>[Threaded comment]</t></text></comment>'
        "</commentList></comments>"
    )
    threaded = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="B2" id="{1}"><text>Đã kiểm</text></threadedComment>'
        '<threadedComment ref="B2" id="{2}"><text>Vâng</text></threadedComment></ThreadedComments>'
    )
    return book(
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                ("rId1", "comments", "../comments1.xml"),
                ("rId2", "threadedComment", "../threadedComments/threadedComment1.xml"),
            ),
            "xl/comments1.xml": comments,
            "xl/threadedComments/threadedComment1.xml": threaded,
        }
    )


def test_notes_and_conversations_are_read_by_cell() -> None:
    notes = read(noted()).sheets[0].notes

    assert {cell: note.raw for cell, note in notes.items()} == {"A1": "Sè liÖu cũ", "B2": "Đã kiểm\nVâng"}
    assert notes["A1"].runs == (("Sè liÖu", ".VnTime"), (" cũ", ""))


def test_openpyxl_reads_the_same_notes() -> None:
    other = openpyxl.Workbook()
    other.active["B2"].comment = openpyxl.comments.Comment("Xem lại\nsố này", "Lan")
    saved = BytesIO()
    other.save(saved)

    assert {cell: note.raw for cell, note in read(saved.getvalue()).sheets[0].notes.items()} == {
        "B2": "Xem lại\nsố này"
    }


def test_a_list_written_into_a_validation_is_read_one_lying_in_cells_is_not() -> None:
    lists = (
        '<dataValidations count="2"><dataValidation type="list" sqref="A1:A9"><formula1>"Có, Không"</formula1>'
        '</dataValidation><dataValidation type="list" sqref="B1"><formula1>$D$1:$D$3</formula1></dataValidation>'
        '<dataValidation type="custom" sqref="C1"><formula1>"a"="b"</formula1></dataValidation></dataValidations>'
    )

    assert read(book(sheet(after=lists))).sheets[0].choices == {"A1:A9": ("Có", "Không")}


def test_an_extraction_with_notes_and_lists_comes_back_from_its_parcel_unchanged() -> None:
    assert unpack(pack(read(noted()))) == read(noted())


def test_a_formula_that_asks_another_program_refuses_the_file() -> None:
    asks = read(book(one_row("<c r=\"A1\"><f>cmd|'/c calc'!A0</f><v>1</v></c>")))
    says = read(book(one_row('<c r="A1" t="str"><f>"a|b"&amp;\'c|d\'!A1</f><v>a|b</v></c>')))

    assert [one.code for one in asks.findings] == ["guard-dde"]
    assert says.findings == ()


def test_a_parcel_kept_before_notes_were_read_is_still_understood() -> None:
    parcel = json.loads(pack(read(book())))
    parcel["sheets"] = [one[:6] for one in parcel["sheets"]]

    assert unpack(json.dumps(parcel).encode()) == read(book())
