"""The fast path: it reads what expat reads, or leaves it to expat."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.container import open_container
from ingest.limits import LIMITS
from ingest.model import Extraction
from ingest.parcel import pack
from ingest.reader import fast
from ingest.reader.strings import SharedStrings, Text
from ingest.reader.styles import Style
from ingest.reader.workbook import SheetEntry
from ingest.reading import read_guarded
from tests.ingest import a_form
from tests.ingest.crafted import MAIN, book, sheet

STRINGS = (
    f'<sst xmlns="{MAIN}" count="9" uniqueCount="4"><si><t>Lúa</t></si>'
    '<si><t xml:space="preserve"> a&amp;b_x000D_</t></si>'
    '<si><r><t>D</t></r><r><rPr><rFont val=".VnTime"/></rPr><t>ù ¸n</t></r></si><si><t/></si></sst>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font><name val="Arial"/></font><font><b/><name val=".VnTime"/></font></fonts>'
    '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="4" fontId="1"><alignment indent="2"/></xf></cellXfs>'
    "</styleSheet>"
)


def both(data: bytes) -> tuple[Extraction, Extraction]:
    return read_guarded(data, "a.xlsx"), read_guarded(data, "a.xlsx", quickly=False)


def is_fast(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> bool:
    strings = SharedStrings([Text(text) for text in "abcdefghij" * 200])
    styles = {str(number): Style() for number in range(100)}
    return (
        fast.read(open_container(data).read(part), SheetEntry("a", "visible", part), strings, styles, LIMITS)
        is not None
    )


# --- what it takes

EXCEL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="{main}" mc:Ignorable="x14ac" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><sheetPr codeName="S"/><sheetData>'
    '<row r="1" spans="1:3" ht="15.75" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"/>'
    '<c r="C1"><f>A1&amp;"&lt;"</f><v>1.5</v></c></row><row r="3" hidden="1"><c r="C3" t="e"><v>#REF!</v></c>'
    '<c r="D3" t="str"><f t="shared" ref="D3:D4" si="0">B3</f><v></v></c></row></sheetData>'
    '<pageMargins left="1"/></worksheet>'
)
LIBREOFFICE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}"><sheetData>'
    '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false">'
    '<c r="A1" s="0" t="s"><v>0</v></c><c r="B1" s="1" t="n"><f aca="false">1+1</f><v>2</v></c></row>'
    '<row r="1048576" customFormat="false" ht="12.8" hidden="false"/></sheetData></worksheet>'
)


@pytest.mark.parametrize("written", [EXCEL, LIBREOFFICE])
def test_sheets_as_spreadsheet_programs_write_them_are_taken(written: str) -> None:
    data = book(written.format(main=MAIN), strings=STRINGS, styles=STYLES)
    quick, slow = both(data)

    assert is_fast(data)
    assert quick == slow
    assert not quick.findings
    assert quick.sheets[0].cells


def test_every_sheet_of_our_own_workbooks_is_taken() -> None:
    saved = BytesIO()
    openpyxl.load_workbook(BytesIO(a_form.workbook())).save(saved)

    for data in (a_form.workbook(), saved.getvalue()):
        quick, slow = both(data)
        assert pack(quick) == pack(slow)
        assert not quick.findings
        for part in open_container(data):
            assert not part.startswith("xl/worksheets/sheet") or is_fast(data, part)


# --- what it leaves

A1 = '<c r="A1"><v>1</v></c>'
UNUSUAL: dict[str, str] = {
    "no address": '<row r="1"><c><v>1</v></c></row>',
    "row without a number": f"<row>{A1}</row>",
    "comment": f'<row r="1">{A1}<!-- <c r="B1"><v>2</v></c> --></row>',
    "value in a section of characters": '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
    "value before the formula": '<row r="1"><c r="A1"><v>1</v><f>1</f></c></row>',
    "two values": '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
    "cell in a cell": f'<row r="1"><c r="A1">{A1}</c></row>',
    "attributes in quotes of the other kind": "<row r='1'><c r='A1'><v>1</v></c></row>",
    "attribute twice": '<row r="1"><c r="A1" r="B1"><v>1</v></c></row>',
    "end tag for a begin tag": '<row r="1"><c r="A1"></v>1</v></c></row>',
    "begin tag for an end tag": '<row r="1"><c r="A1"><v>1<v></c></row>',
    "greater than": '<row r="1"><c r="A1" t="str"><v>a>b</v></c></row>',
    "rich text inline": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    "number of a string with zeros": '<row r="1"><c r="A1" t="s"><v>00</v></c></row>',
    "unfinished row": f'<row r="1">{A1}',
    "instruction": f'<row r="1">{A1}<?a b?></row>',
    "prefixed": '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
    "rows in disorder": f'<row r="2"><c r="A2"><v>1</v></c></row><row r="1">{A1}</row>',
    "cells in disorder": '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    "cell of another row": '<row r="1"><c r="A2"><v>1</v></c></row>',
    "cell outside a row": A1,
    "a program asked": '<row r="1"><c r="A1"><f>cmd|\'/c calc\'!A0</f><v>1</v></c></row>',
    "far cell": '<row r="1"><c r="XFD1"><v>1</v></c></row>',
}


@pytest.mark.parametrize("rows", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_to_expat(rows: str) -> None:
    xml = sheet(rows).replace("<worksheet ", '<worksheet xmlns:x="a" ')
    data = book(xml, strings=STRINGS, styles=STYLES)
    quick, slow = both(data)

    assert not is_fast(data)
    assert quick == slow


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace("<worksheet", "<!-- a --><worksheet"),
        lambda xml: '<?xml version="1.0" encoding="UTF-16"?>' + xml,
        lambda xml: xml.replace("</worksheet>", '<a><row r="9"><c r="A9"><v>1</v></c></row></a></worksheet>'),
        lambda xml: xml.replace("</worksheet>", "<sheetData></sheetData></worksheet>"),
        lambda xml: xml.replace("</worksheet>", "<!-- </sheetData> --></worksheet>"),
        lambda xml: xml.replace("</worksheet>", "<dataValidations a='1'><sheetData/></dataValidations></worksheet>"),
        lambda xml: xml.replace("</worksheet>", "</worksheet"),
        lambda xml: "\ufeff" + xml,
    ],
)
def test_what_is_unusual_around_the_cells_is_left_to_expat(change: Callable[[str], str]) -> None:
    data = book(change(sheet()))
    quick, slow = both(data)

    assert not is_fast(data)
    assert quick == slow


# --- both read the same, or both refuse alike

_ADDRESSES = st.sampled_from(["A1", "B1", "C1", "A2", "B2", "A3", "XFD1", "BZU2", "a1", "A01", ""])
_TEXTS = st.sampled_from(
    [
        "0",
        "1",
        "2",
        "3",
        "4",
        " 1 ",
        "",
        "1.5",
        "-",
        "a&amp;b",
        "&#10;",
        "a\nb",
        "a\r\nb",
        "ạ",
        "１",
        "_x0041_",
        "]]>",
        ">",
        "&bad;",
        "\x07",
    ]
)
_TYPES = st.sampled_from(["", ' t="s"', ' t="str"', ' t="n"', ' t="b"', ' t="e"', ' t="inlineStr"', ' t="x"'])
_STYLES = st.sampled_from(["", ' s="0"', ' s="1"', ' s="9"', ' s="1" s="0"'])
_FORMULAS = st.sampled_from(["", "", "<f>1+1</f>", "<f/>", '<f t="shared" si="0"/>', "<f> A&amp;B </f>", "<f>a>b</f>"])
_CELL = st.builds(
    lambda address, style, kind, formula, shape, text: shape.format(
        head=(f'<c r="{address}"' if address else "<c") + style + kind, formula=formula, text=text
    ),
    _ADDRESSES,
    _STYLES,
    _TYPES,
    _FORMULAS,
    st.sampled_from(
        [
            "{head}>{formula}<v>{text}</v></c>",
            "{head}>{formula}<v>{text}</v  ></c >",
            "{head}>{formula}<v/></c>",
            "{head}>{formula}</c>",
            "{head}/>",
            "{head}>\n {formula}\n <v>{text}</v>\n</c>\n",
            "{head}><is><t>{text}</t></is></c>",
            '{head}>{formula}<is><t xml:space="preserve">{text}</t></is></c>',
            "{head}><v>{text}</v>{formula}</c>",
            "{head}><v>{text}</v></c><!-- {text} -->",
        ]
    ),
    _TEXTS,
)
_ORDERLY = st.builds(
    lambda cells, after: "".join(['<row r="{row}"', after, ">", *sorted(cells), "</row>"]),
    st.lists(
        st.builds(
            lambda letter, style, kind, formula, text: f'<c r="{letter}{{row}}"{style}{kind}>{formula}{text}</c>',
            st.sampled_from("ABCDEF"),
            st.sampled_from(["", ' s="1"', ' s="7"']),
            st.sampled_from(["", ' t="s"', ' t="str"', ' t="x"']),
            st.sampled_from(["", "", "<f>1+1</f>", "<f/>"]),
            st.sampled_from(
                [
                    *(f"<v>{text}</v>" for text in ("0", "1", "2", "3", "", " 1", "ạ_x0041_")),
                    "<v/>",
                    "",
                    "<is><t>i</t></is>",
                ]
            ),
        ),
        max_size=5,
        unique_by=lambda cell: cell[6],
    ),
    st.sampled_from(["", ' hidden="1"', ' ht="3"']),
)
_ROW = st.one_of(
    st.builds(lambda row, number: row.format(row=number), _ORDERLY, st.integers(1, 4)),
    st.builds(
        lambda number, cells: f"<row{number}>{''.join(cells)}</row>",
        st.sampled_from([' r="1"', ' r="2"', ' r="3"', "", ' r="1048576"', ' r="x"']),
        st.lists(_CELL, max_size=3),
    ),
    st.sampled_from(['<row r="4"/>', '<row r="5" hidden="true"/>', "<row/>", "  \n", "</row>", "<row>"]),
)
_TAILS = st.sampled_from(
    [
        "",
        '<sheetProtection sheet="1"/><mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        '<dataValidations count="1"><dataValidation type="list" sqref="A1:A9"><formula1>"Có,Không"</formula1>'
        "</dataValidation></dataValidations>",
        '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>$B$1</formula1></dataValidations>',
        '<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>',
        "<sheetData/>",
        "<a>" * 63 + "</a>" * 63,
    ]
)


@settings(max_examples=400)
@given(st.lists(_ROW, max_size=5), _TAILS)
def test_both_paths_read_alike(rows: list[str], tail: str) -> None:
    quick, slow = both(book(sheet("".join(rows), tail), strings=STRINGS, styles=STYLES))

    assert quick == slow
    assert pack(quick) == pack(slow)


@settings(max_examples=200)
@given(st.lists(_ORDERLY, max_size=6), _TAILS)
def test_both_paths_read_sheets_in_order_alike(rows: list[str], tail: str) -> None:
    table = "".join(row.format(row=number) for number, row in enumerate(rows, 1))
    quick, slow = both(book(sheet(table, tail), strings=STRINGS, styles=STYLES))

    assert quick == slow
    assert pack(quick) == pack(slow)


_GOOD = sheet(
    '<row r="1"><c r="A1" s="1" t="s"><v>2</v></c><c r="B1"><f>1</f><v>1</v></c></row><row r="2" hidden="1">'
    '<c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" s="1"/><c r="D2" t="str"><f>A</f><v>y</v></c></row>',
    '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>"a,b"</formula1></dataValidation>'
    "</dataValidations>",
).encode()


@settings(max_examples=400)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_GOOD)),
            st.integers(0, 12),
            st.binary(max_size=4) | st.sampled_from(_GOOD.split(b"<")).map(lambda one: b"<" + one),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_both_paths_answer_alike_whatever_is_changed(changes: list[tuple[int, int, bytes]]) -> None:
    changed = _GOOD
    for at, length, put in changes:
        changed = changed[:at] + put + changed[at + length :]
    quick, slow = both(book(changed, strings=STRINGS, styles=STYLES))

    assert quick == slow


@settings(max_examples=150)
@given(
    st.integers(0, len(STRINGS)),
    st.integers(0, 20),
    st.sampled_from(["", "<", ">", "</si>", "<si>", "<t>", "&", "_x0041_", "<!-- -->", "\r\n", "]]>", "<rPh>"]),
)
def test_shared_strings_are_read_alike_whatever_is_changed(at: int, length: int, put: str) -> None:
    strings = STRINGS[:at] + put + STRINGS[at + length :]
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 5))

    quick, slow = both(book(sheet(cells), strings=strings, styles=STYLES))

    assert quick == slow
