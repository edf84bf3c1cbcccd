"""A workbook marked: what is shown where, what is untouched, and that it is read as if it were not marked."""

from __future__ import annotations

import io
import re
import time
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.styles import PatternFill

from ingest.container import open_container
from ingest.mark.job import Job
from ingest.mark.marking import Unmarkable, marked
from ingest.mark.sheet import Sheet, utf8, with_attributes
from ingest.model import Status
from ingest.reading import read_guarded
from ingest.sandbox import ReadingPool
from registry.findings import Finding, Severity, finding, message
from tests.ingest import a_form, crafted
from tests.ingest.workbooks import (
    GRID,
    SHAPES,
    cell,
    changed,
    form_part,
    parts,
    transitional,
    typed,
    verdict,
    with_drawing,
    without,
)

SHEET = "Kết quả kiểm tra"
RED, AMBER, BLUE, INPUT = "FFF8A9A0", "FFFFC65C", "FFB9DCF6", "FFFFF9DB"
WRONG = {cell("CROP"): "12 hai", cell("AREA"): "1.234,56", cell("MONEY"): -5, cell("AREA", "c13"): "ghi chú"}
TYPED_WITH_NOTES = typed(WRONG, notes={cell("CROP"): "hỏi lại HTX", "B3": "trên tiêu đề"})
EDITED = re.compile(
    r"xl/(worksheets/.*|styles\.xml|workbook\.xml|_rels/workbook\.xml\.rels|comments.*|drawings/.*)|\[Con.*"
)


def mark(data: bytes, *, findings: tuple[Finding, ...] | None = None) -> bytes:
    return marked(data, Job(verdict(data).findings if findings is None else findings, ("Biểu thử",)))


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def links(book: openpyxl.Workbook, sheet: str) -> dict[str, str]:
    cells = (one for row in book[sheet].iter_rows() for one in row if one.hyperlink)
    return {one.coordinate: one.hyperlink.location for one in cells}


def compressed(data: bytes) -> dict[str, bytes]:
    """The bytes each part takes in the zip."""
    box = open_container(data)
    return {name: data[one.start : one.end] for name, one in box.members.items()}


# --- what is shown ---


def test_each_cell_is_coloured_by_its_gravest_finding_and_keeps_its_format() -> None:
    sheet = opened(mark(typed(WRONG)))[GRID.sheet]
    assert [sheet[cell(row)].fill.fgColor.rgb for row in ("CROP", "MONEY", "HOMES", "AREA")] == [RED, RED, RED, BLUE]
    before = opened(typed(WRONG))[GRID.sheet]
    for row in ("CROP", "MONEY", "HOMES", "AREA"):
        mine, own = sheet[cell(row)], before[cell(row)]
        assert (mine.number_format, mine.protection.locked) == (own.number_format, own.protection.locked)
        assert (mine.border.left.style, mine.alignment.horizontal, mine.font.name) == (
            own.border.left.style,
            own.alignment.horizontal,
            own.font.name,
        )
        assert mine.value == own.value


def test_each_marked_cell_has_a_comment_with_the_message_and_the_fix() -> None:
    data = typed(WRONG)
    comment = opened(mark(data))[GRID.sheet][cell("MONEY")].comment
    found = next(one for one in verdict(data).findings if one.code == "number-negative")
    assert comment is not None
    assert message(found) in comment.text
    assert "Cách sửa: Gõ lại số không âm" in comment.text


def test_a_note_of_the_clerks_stays_and_ours_stands_below() -> None:
    data = typed(WRONG, notes={cell("CROP"): "hỏi lại HTX", cell("DEBT"): "đã đối chiếu"})
    sheet = opened(mark(data))[GRID.sheet]
    text = sheet[cell("CROP")].comment.text
    assert text.startswith("hỏi lại HTX\n— Kết quả kiểm tra")
    assert sheet[cell("DEBT")].comment.text == "đã đối chiếu"


def test_the_list_comes_first_and_leads_to_each_cell_and_back() -> None:
    data = typed(WRONG)
    book = opened(mark(data))
    assert book.sheetnames[0] == SHEET
    assert book.active.title == SHEET
    assert [one.title for one in book if one.sheet_view.tabSelected] == [SHEET]
    findings = verdict(data).findings
    assert sorted(links(book, SHEET).values()) == sorted(f"'{GRID.sheet}'!{one.cell}" for one in findings if one.cell)
    rows = [[one.value for one in row] for row in book[SHEET].iter_rows(min_col=2)]
    told = [row[8] for row in rows if row[8]]
    assert sorted(told[1:]) == sorted(map(message, findings))
    assert [row[1] for row in rows if row[1]][1:] == ["Lỗi"] * 3 + ["Lưu ý"] * 3
    assert links(book, GRID.sheet) == {GRID.status: f"'{SHEET}'!B1"}
    assert book[SHEET].column_dimensions["A"].hidden


def test_a_finding_without_a_cell_is_only_listed() -> None:
    found = finding("anchor-sheet-copied", sheet=GRID.sheet, found="Bản chép")
    data = a_form.workbook()
    book = opened(mark(data, findings=(found,)))
    assert message(found) in [one.value for one in book[SHEET]["J"]]
    assert not any(one.comment for row in book[GRID.sheet].iter_rows() for one in row)


@pytest.mark.parametrize("reference", ["B2:C9", "ZZZZ1", "A0", "không", "XFE1", "A1048577"])
def test_a_finding_about_no_cell_that_can_be_is_only_listed(reference: str) -> None:
    found = finding("number-negative", sheet=GRID.sheet, cell=reference)
    assert verdict(mark(a_form.workbook(), findings=(found,))).status is Status.REJECTED


def test_a_sheet_the_file_does_not_have_is_not_linked() -> None:
    found = finding("number-negative", sheet="Không có", cell="B2")
    assert not links(opened(mark(a_form.workbook(), findings=(found,))), SHEET)


def test_controls_and_escapes_in_what_was_found_are_written_as_text() -> None:
    found = finding("number-is-text", sheet=GRID.sheet, cell=cell("CROP"), found="a\x00\x0bb_x0041_<&>'\"\ud800")
    book = opened(mark(a_form.workbook(), findings=(found,)))
    assert "ab_x005F_x0041_<&>'\"" in [one.value for one in book[SHEET]["H"]]  # as spreadsheets escape an escape


# --- cells that are not written ---


@pytest.mark.parametrize("row", ["AREA", "HOMES", "DEBT"])
def test_a_cell_that_is_not_there_is_made_in_its_place(row: str) -> None:
    data = changed(a_form.workbook(), without(cell(row)))
    found = finding("judge-required-cell", sheet=GRID.sheet, cell=cell(row))
    out = mark(data, findings=(found,))
    assert not read_guarded(out, "x").findings  # rows and cells still ascend
    assert opened(out)[GRID.sheet][cell(row)].fill.fgColor.rgb == RED


@pytest.mark.parametrize("at", ["A1", "C3", "B40", "ZZ7", "B1000"])
def test_a_row_that_is_not_there_is_made_too(at: str) -> None:
    data = crafted.book(crafted.sheet('<row r="2" spans="1:2"><c r="B2"><v>1</v></c></row><row r="7"/>'))
    found = finding("judge-required-cell", sheet="Biểu", cell=at)
    out = mark(data, findings=(found,))
    read = read_guarded(out, "x")
    assert not read.findings
    assert opened(out)["Biểu"][at].fill.fgColor.rgb == RED


# --- shapes of files ---


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("source", [TYPED_WITH_NOTES, a_form.workbook()], ids=["openpyxl", "own"])
def test_every_shape_is_marked_read_as_before_and_marked_again(shape: str, source: bytes) -> None:
    data = SHAPES[shape](source)
    before = verdict(data)
    out = mark(data)
    after = verdict(out)
    assert (after.status, after.findings, after.values) == (before.status, before.findings, before.values)
    assert after.identity == before.identity
    assert read_guarded(out, "x") == read_guarded(data, "x")
    twice = mark(out)
    assert verdict(twice).findings == before.findings
    assert shown(twice) == shown(out)


def shown(data: bytes) -> dict[str, tuple[str, str, str]]:
    """Number format, colour and comment of each cell of the form's sheet."""
    cells = [one for row in opened(changed(data, transitional))[GRID.sheet].iter_rows() for one in row]
    return {
        one.coordinate: (one.number_format, one.fill.fgColor.rgb, one.comment.text if one.comment else "")
        for one in cells
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_corrected_and_marked_again_only_the_new_marks_are_there(shape: str) -> None:
    plain = typed(WRONG, notes={cell("CROP"): "hỏi lại HTX"})
    out = mark(SHAPES[shape](plain))
    cleared = mark(out, findings=())
    assert shown(cleared) == shown(SHAPES[shape](plain))
    one = finding("number-negative", sheet=GRID.sheet, cell=cell("DEBT"))
    assert shown(mark(out, findings=(one,))) == shown(mark(plain, findings=(one,)))


def test_a_marked_file_saved_by_openpyxl_is_unmarked_too() -> None:
    plain = typed(WRONG, notes={cell("CROP"): "hỏi lại HTX"})
    saved = io.BytesIO()
    opened(mark(plain)).save(saved)
    assert verdict(saved.getvalue()).findings == verdict(plain).findings
    assert shown(mark(saved.getvalue(), findings=())) == shown(plain)


def test_marking_again_and_again_does_not_grow_the_file() -> None:
    out = mark(typed(WRONG))
    again = mark(mark(mark(out)))
    assert parts(again).keys() - parts(out).keys() <= {"xl/worksheets/sheet4.xml", "xl/worksheets/sheet5.xml"}
    assert len(parts(again)) == len(parts(out))
    assert abs(len(again) - len(out)) < 100


def test_the_clerks_own_red_cells_stay_red() -> None:
    book = opened(a_form.workbook())
    book[GRID.sheet][cell("DEBT")].fill = PatternFill("solid", fgColor=RED)
    saved = io.BytesIO()
    book.save(saved)
    assert opened(mark(saved.getvalue()))[GRID.sheet][cell("DEBT")].fill.fgColor.rgb == RED


def test_where_the_clerk_has_a_sheet_of_that_name_ours_is_called_otherwise() -> None:
    book = opened(a_form.workbook())
    book.create_sheet(SHEET.upper())["A1"] = "của tôi"
    saved = io.BytesIO()
    book.save(saved)
    out = mark(saved.getvalue())
    assert opened(out).sheetnames[0] == f"{SHEET} (2)"
    assert opened(mark(out)).sheetnames == opened(out).sheetnames


def test_a_renamed_list_is_known_again() -> None:
    book = opened(mark(typed(WRONG)))
    book[SHEET].title = "Lỗi của tôi"
    saved = io.BytesIO()
    book.save(saved)
    assert verdict(saved.getvalue()).findings == verdict(typed(WRONG)).findings
    again = opened(mark(saved.getvalue()))
    assert "Lỗi của tôi" not in again.sheetnames
    assert links(again, GRID.sheet) == {GRID.status: f"'{SHEET}'!B1"}


def test_a_sheet_without_any_row_is_only_commented() -> None:
    data = crafted.book(f'<worksheet xmlns="{crafted.MAIN}"><sheetData/></worksheet>')
    sheet = opened(mark(data, findings=(finding("judge-required-cell", sheet="Biểu", cell="B2"),)))["Biểu"]
    assert "bắt buộc nhập" in sheet["B2"].comment.text


@pytest.mark.parametrize(
    "noted",
    [
        "không phải XML",
        "<fill><script/></fill>",
        "<fill>",
        '<!DOCTYPE fill [<!ENTITY a "b">]><fill><patternFill>&a;</patternFill></fill>',
        "<fill>" + "<stop/>" * 400 + "</fill>",
    ],
)
def test_a_fill_noted_by_others_than_us_is_none(noted: str) -> None:
    book = opened(mark(typed(WRONG)))
    for one in book[SHEET]["A"]:
        if one.value and one.value.startswith(f"{cell('CROP')}|"):
            one.value = f"{cell('CROP')}|{noted}|{GRID.sheet}"
    saved = io.BytesIO()
    book.save(saved)
    assert opened(mark(saved.getvalue(), findings=()))[GRID.sheet][cell("CROP")].fill.fill_type is None


# --- what is untouched ---


@given(
    st.lists(st.tuples(st.sampled_from(sorted(GRID.cells.values())), st.sampled_from(list(Severity))), max_size=12),
    st.sampled_from(["as stamped", "prefixed", "UTF-16"]),
    st.booleans(),
)
@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_every_other_part_keeps_its_compressed_bytes(
    places: list[tuple[str, Severity]], shape: str, has_notes: bool
) -> None:
    data = SHAPES[shape](TYPED_WITH_NOTES if has_notes else a_form.workbook())
    findings = tuple(
        finding("number-negative", severity=severity, sheet=GRID.sheet, cell=at) for at, severity in places
    )
    out = mark(data, findings=findings)
    before, after = compressed(data), compressed(out)
    touched = {name for name in before if after.get(name) != before[name]}
    assert touched <= {name for name in before if EDITED.fullmatch(name)}
    sheets = {name for name in touched if name.startswith("xl/worksheets/sheet")}
    selected = {name for name in sheets if b"tabSelected" in utf8(parts(data)[name])}
    form = form_part(parts(data))
    assert sheets <= {form, *selected}
    for name in selected - {form}:  # a second selected sheet would be typed into together with the first
        assert utf8(parts(out)[name]) == utf8(parts(data)[name]).replace(b' tabSelected="1"', b"")
    cells = {at for at, _ in places}
    assert {k: v for k, v in shown(out).items() if k not in cells} == {
        k: v for k, v in shown(data).items() if k not in cells
    }
    assert shown(mark(out, findings=())) == shown(data)


def test_outside_the_marked_cells_the_sheet_is_the_same_text() -> None:
    data = a_form.workbook()
    found = finding("number-negative", sheet=GRID.sheet, cell=cell("CROP"))
    part = form_part(parts(data))
    before, after = utf8(parts(data)[part]), utf8(parts(mark(data, findings=(found,)))[part])
    added = re.compile(rb"<hyperlinks>.*?</hyperlinks>|<legacyDrawing[^>]*/>")
    assert _without_cell(added.sub(b"", after)) == _without_cell(before)


def _without_cell(sheet: bytes) -> bytes:
    return re.sub(rb'<c r="%b"[^>]*>' % cell("CROP").encode(), b"", sheet).replace(b' tabSelected="1"', b"").strip()


def test_a_drawing_and_its_comment_on_another_sheet_stay_and_one_more_joins() -> None:
    data = with_drawing()
    found = finding("number-negative", sheet="Nháp", cell="B2")
    other = finding("number-negative", sheet="Nháp", cell="C9")
    out = mark(data, findings=(found, other))
    before, after = compressed(data), compressed(out)
    assert after["xl/drawings/drawing1.xml"] == before["xl/drawings/drawing1.xml"]
    drawing = parts(out)["xl/drawings/vmlDrawing1.vml"]
    assert drawing.count(b"<v:shape ") == 2
    sheet = opened(out)["Nháp"]
    assert sheet["B2"].comment.text.startswith("giữ nguyên\n— Kết quả")
    assert "Gõ lại số không âm" in sheet["C9"].comment.text
    cleared = mark(out, findings=())
    assert parts(cleared)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == 1
    assert [one.comment.text for row in opened(cleared)["Nháp"].iter_rows() for one in row if one.comment] == [
        "giữ nguyên"
    ]


def test_names_that_hold_on_a_sheet_hold_on_the_same_sheet() -> None:
    before, after = opened(a_form.workbook()), opened(mark(a_form.workbook()))
    for name in before.sheetnames:
        assert after[name].print_title_rows == before[name].print_title_rows
        assert after[name].print_area == before[name].print_area


def test_a_thread_gets_a_reply_and_loses_it_again() -> None:
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        f'<threadedComment ref="{cell("CROP")}" dT="2026-10-02T08:00:00.00" personId="{{P}}" id="{{A}}">'
        "<text>hỏi</text></threadedComment></ThreadedComments>"
    )
    people = (
        '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<person displayName="An" id="{P}" userId="an" providerId="None"/></personList>'
    )

    def threaded(members: dict[str, bytes]) -> None:
        part = form_part(members).rpartition("/")[2]
        rels = f"xl/worksheets/_rels/{part}.rels"
        kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
        one = f'<Relationship Id="rT" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
        members[rels] = members[rels].replace(b"</Relationships>", one.encode())
        members["xl/threadedComments/threadedComment1.xml"] = thread.encode()
        members["xl/persons/person.xml"] = people.encode()

    data = changed(typed(WRONG, notes={cell("CROP"): "[Threaded comment] hỏi"}), threaded)
    out = mark(data)
    talk = parts(out)["xl/threadedComments/threadedComment1.xml"].decode()
    assert talk.count("<threadedComment ") == 2
    assert 'parentId="{A}"' in talk
    assert "Đổi số sang tấn" in talk
    assert parts(out)["xl/persons/person.xml"].decode().count("<person ") == 2
    assert parts(mark(out))["xl/threadedComments/threadedComment1.xml"].decode().count("<threadedComment ") == 2
    assert parts(mark(out, findings=()))["xl/threadedComments/threadedComment1.xml"].count(b"<threadedComment ") == 1


# --- what is never marked ---


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", crafted.OLE2, a_form.workbook()[:-9], crafted.ods()])
def test_a_refused_file_is_never_marked(data: bytes) -> None:
    with pytest.raises(Unmarkable):
        marked(data, Job(()))


def test_the_pool_marks_in_a_child_and_says_nothing_of_a_refused_file() -> None:
    with ReadingPool() as pool:
        data = typed(WRONG)
        assert pool.marked(data, Job(verdict(data).findings, ("Biểu thử",))) == mark(data)
        assert pool.marked(crafted.OLE2, Job(())) == b""


# --- what it costs ---


def found_in(*addresses: str) -> Job:
    return Job(tuple(finding("number-is-text", sheet="Biểu", cell=one, found="x", expected="y") for one in addresses))


def commented(drawing: str) -> bytes:
    sheet = crafted.sheet(after=f'<legacyDrawing xmlns:r="{crafted.RELS}" r:id="rId2"/>')
    rels = crafted.relationships(
        ("rId1", "comments", "../comments1.xml"), ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml")
    )
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/comments1.xml": f'<comments xmlns="{crafted.MAIN}"><authors/><commentList/></comments>',
        "xl/drawings/vmlDrawing1.vml": f'<xml xmlns:v="v">{drawing}</xml>',
    }
    return crafted.book(sheet, more=more)


def with_columns(columns: str, rows: int) -> bytes:
    table = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, rows + 1))
    return crafted.book(crafted.sheet(table).replace("<sheetData>", f"<cols>{columns}</cols><sheetData>"))


COSTLY = {
    "shapes that never end": commented("<v:shape/>" * 50_000),
    "the same columns hidden again and again": with_columns('<col min="2" max="3" hidden="1"/>' * 20_000, 20_000),
    "rows that are lacking": crafted.book(crafted.sheet("".join(f'<row r="{n}"/>' for n in range(2, 100_000, 2)))),
}


@pytest.mark.parametrize("data", COSTLY.values(), ids=COSTLY)
def test_marking_costs_no_more_than_the_length_of_the_file(data: bytes) -> None:
    before = time.process_time()

    assert marked(data, found_in(*(f"A{n}" for n in range(1, 3_000, 2))))
    assert time.process_time() - before < crafted.HANGING


def test_a_shape_without_anything_in_it_hides_no_other() -> None:
    note = '<v:shape><x:ClientData xmlns:x="x" ObjectType="Note"><x:Row>4</x:Row><x:Column>0</x:Column>'
    made = marked(commented(f"<v:shape/>{note}</x:ClientData></v:shape>"), found_in("A1"))
    drawing = open_container(made).read("xl/drawings/vmlDrawing1.vml")
    assert b"<v:shape/>" in drawing
    assert b"<x:Row>4</x:Row>" not in drawing


# --- small things ---


@given(st.text(alphabet="ab'\"<>=&/ s", max_size=8), st.integers(0, 9))
def test_an_attribute_is_set_whatever_the_others_say(other: str, style: int) -> None:
    tag = f"<c q={quoteattr(other)} s='7'/>".encode()
    root = etree.fromstring(with_attributes(tag, s=str(style), r="B2", q=None))
    assert dict(root.attrib) == {"s": str(style), "r": "B2"}


def test_positions_that_are_only_implied_are_counted() -> None:
    sheet = Sheet(
        crafted.sheet("<row><c/><c><v>1</v></c></row><row r='5'><c s='3'/></row>").encode(), ("B1", "A5", "C5")
    )
    assert sheet.has("B1")
    assert (sheet.has("A5"), sheet.style("A5"), sheet.has("C5")) == (True, 3, False)
