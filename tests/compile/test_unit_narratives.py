"""Narratives read from what units really send."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compile.narratives import UnreadableNarrative, read_story
from compile.pictures import Picture
from compile.story import Figure, Footnote, Grid, Story, Text
from tests.compile.stories import a_png, a_story, controlled, drawn, in_list, p, packed, r, saved
from workbook_templates.official.wordml import Run


def words(story: Story) -> list[str]:
    return [
        "".join(run.text for run in block.runs if isinstance(run, Run))
        for block in story.blocks
        if isinstance(block, Text)
    ]


def with_part(data: bytes, part: str, change: tuple[bytes, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(*change) if name == part else text)
    return buffer.getvalue()


def test_bold_italic_and_alignment_are_kept() -> None:
    held = docx.Document()
    line = held.add_paragraph("Trong tháng, ")
    line.add_run("Sở").bold = True
    line.add_run(" đã làm ").italic = True
    line.alignment = 1
    (block,) = read_story(saved(held)).blocks
    assert block == Text((Run("Trong tháng, "), Run("Sở", bold=True), Run(" đã làm ", italic=True)), "center")


def test_list_numbers_are_counted_as_word_prints_them() -> None:
    held = docx.Document()
    for text in ("Một", "Hai"):
        held.add_paragraph(text, style="List Number")
    held.add_paragraph("Gạch", style="List Bullet")
    assert words(read_story(saved(held))) == ["1. Một", "2. Hai", "- Gạch"]


def test_headings_keep_their_level_and_are_bold() -> None:
    held = docx.Document()
    held.add_heading("I. Kết quả", 2)
    (block,) = read_story(saved(held)).blocks
    assert isinstance(block, Text)
    assert (block.level, block.runs[0].bold) == (1, True)


def test_tables_keep_spans_and_merges() -> None:
    held = docx.Document()
    table = held.add_table(3, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Đầu"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Dọc"
    grid = next(block for block in read_story(saved(held)).blocks if isinstance(block, Grid))
    assert grid.width == 2
    assert [[(span, continues) for _, span, continues in row] for row in grid.rows] == [
        [(2, False)],
        [(1, False), (1, False)],
        [(1, True), (1, False)],
    ]
    assert len(grid.shares) == 2


def test_text_is_composed_and_deleted_text_is_left_out() -> None:
    data = a_story("Hòa XOA")
    body = b"XOA</w:t></w:r>"
    tracked = b"</w:t></w:r><w:del><w:r><w:delText>XOA</w:delText></w:r></w:del>"
    decomposed = with_part(data, "word/document.xml", ("Hòa".encode(), "Ho\u0300a".encode()))
    assert words(read_story(with_part(decomposed, "word/document.xml", (body, tracked)))) == ["Hòa "]


def test_a_strict_or_template_document_is_read_too() -> None:
    data = a_story("Lời")
    strict = with_part(
        data,
        "word/document.xml",
        (
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )
    template = with_part(data, "[Content_Types].xml", (b"document.main+xml", b"template.main+xml"))
    assert words(read_story(strict)) == words(read_story(template)) == ["Lời"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old or encrypted file",
        a_story("Lời")[:400],
        with_part(a_story("Lời"), "word/document.xml", (b"<w:body>", b"<w:body><")),
        with_part(a_story("Lời"), "word/document.xml", (b"<w:document", b"<!DOCTYPE a [<!ENTITY b 'c'>]><w:document")),
        with_part(a_story("Lời"), "_rels/.rels", (b"/officeDocument", b"/nothing")),
    ],
    ids=["empty", "ole2", "truncated", "broken xml", "entities", "no document"],
)
def test_what_cannot_be_read_says_so_and_nothing_else(data: bytes) -> None:
    with pytest.raises(UnreadableNarrative):
        read_story(data)


def test_a_part_that_inflates_without_end_is_refused() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(a_story("Lời"))) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, b" " * 40_000_000 if name == "word/document.xml" else old.read(name))
    with pytest.raises(UnreadableNarrative):
        read_story(buffer.getvalue())


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30), max_size=5))
def test_every_paragraph_comes_out_once_and_in_order(paragraphs: list[str]) -> None:
    import unicodedata

    expected = [unicodedata.normalize("NFC", text) for text in paragraphs]
    assert words(read_story(a_story(*paragraphs))) == expected


# --- lists -----------------------------------------------------------------------------------------------------------

LISTS = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:isLgl/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def test_lists_of_one_draft_count_on_and_start_anew_only_where_told() -> None:
    places = ((1, 0), (1, 1), (1, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 0))
    body = "".join(p(f"dòng {place}", in_list(*place)) for place in places)
    labels = [text.split(" ")[0] for text in words(read_story(packed(body, numbering=LISTS)))]
    assert labels == ["1.", "a)", "b)", "2.", "a)", "2.1", "1.", "2."]


def test_a_list_of_another_narrative_starts_anew() -> None:
    data = packed(p("Một", in_list(1)), numbering=LISTS)
    assert words(read_story(data)) == words(read_story(data)) == ["1. Một"]


# --- pictures, notes, what is left out -------------------------------------------------------------------------------


def figures(story: Story) -> list[Figure]:
    return [run for block in story.blocks if isinstance(block, Text) for run in block.runs if isinstance(run, Figure)]


def test_a_picture_comes_with_its_size_its_cut_and_its_words() -> None:
    data = packed(p("", "", drawn("h.png", 100, 50, '<a:srcRect l="1000" b="2000"/>')), {"h.png": a_png()})
    assert figures(read_story(data)) == [Figure(Picture("png", a_png()), 100, 50, (1000, 0, 0, 2000), 0, "Biểu đồ")]


def test_a_picture_of_the_older_kind_has_its_size_from_its_style() -> None:
    shape = '<v:shape style="width:72pt;height:1in"><v:imagedata r:id="h.png"/></v:shape>'
    data = packed(p("", "", f"<w:r><w:pict>{shape}</w:pict></w:r>"), {"h.png": a_png()})
    assert [(one.width, one.height) for one in figures(read_story(data))] == [(914_400, 914_400)]


def test_a_picture_that_is_none_is_left_out_and_counted() -> None:
    story = read_story(packed(p("Chữ", "", drawn("h.emf") + drawn("nowhere")), {"h.emf": b"\x01\0\0\0 EMF"}))
    assert (story.left_out, words(story), figures(story)) == (2, ["Chữ"], [])


def test_footnotes_stand_where_their_marks_do() -> None:
    notes = '<w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>' + (
        f'<w:footnote w:id="2">{p("", "", "<w:r><w:footnoteRef/></w:r>" + r(" Theo "))}{p("Niên giám")}</w:footnote>'
    )
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    (block,) = read_story(packed(p("Số liệu", "", mark + r(" năm 2025")), footnotes=notes)).blocks
    note = Footnote((Text((Run("Theo "),)), Text((Run("Niên giám"),))))
    assert block == Text((Run("Số liệu"), note, Run(" năm 2025")))


def test_tracked_changes_are_taken_as_accepted_and_counted() -> None:
    body = p("Giữ ", "", f"<w:ins>{r('thêm')}</w:ins><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del>")
    moved = p("", "", f"<w:moveFrom>{r('cũ')}</w:moveFrom><w:moveTo>{r('chuyển')}</w:moveTo>")
    row = '<w:tbl><w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>'
    story = read_story(packed(body + moved + row))
    assert words(story) == ["Giữ thêm", "chuyển"]
    assert story.changes == 5
    assert read_story(packed(p("Giữ"))).changes == 0


def test_comments_are_dropped_and_listed() -> None:
    said = f'<w:comment w:id="0" w:author="Hoa">{p("Xem lại ")}{p("số này")}</w:comment>'
    marks = '<w:commentRangeStart w:id="0"/>' + r("100 ha") + '<w:commentRangeEnd w:id="0"/>'
    story = read_story(packed(p("", "", marks), comments=said))
    assert (words(story), story.comments) == (["100 ha"], ("Hoa: Xem lại số này",))


def test_text_boxes_follow_their_paragraph_and_hidden_text_and_contents_do_not_come() -> None:
    box = f"<w:txbxContent>{p('Trong khung')}</w:txbxContent>"
    held = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    styles = '<w:style w:type="paragraph" w:styleId="ML1"><w:name w:val="toc 1"/></w:style>'
    body = p("Mục lục 3", '<w:pStyle w:val="ML1"/>') + p(
        "Ngoài", "", f"<w:r><w:drawing>{held}</w:drawing></w:r>" + r("ẩn", "<w:vanish/>")
    )
    assert words(read_story(packed(body, styles=styles))) == ["Ngoài", "Trong khung"]


def test_styles_give_what_a_paragraph_does_not_say_itself() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="Mục"/><w:pPr><w:jc w:val="center"/></w:pPr>'
        "<w:rPr><w:b/><w:caps/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="Con"/><w:basedOn w:val="A"/>'
        "<w:rPr><w:i/></w:rPr></w:style>"
    )
    inside = r(" không đậm", '<w:b w:val="0"/>')
    (block,) = read_story(packed(p("đậm", '<w:pStyle w:val="B"/>', inside), styles=styles)).blocks
    plain = Run(" KHÔNG ĐẬM", bold=False, italic=True)
    assert block == Text((Run("ĐẬM", bold=True, italic=True), plain), "center")


def test_what_stands_in_a_content_control_bears_its_tag() -> None:
    story = read_story(
        packed(p("Đề mục") + controlled("BC:X:01", p("Lời") + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"))
    )
    assert [block.tag for block in story.blocks] == ["", "BC:X:01", "BC:X:01"]


def test_page_breaks_are_not_lines_and_formulas_are_read() -> None:
    body = p(
        "",
        "",
        '<w:r><w:t>Một</w:t><w:br w:type="page"/><w:t>hai</w:t></w:r><m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>',
    )
    assert words(read_story(packed(body))) == ["Mộthaix+1"]


def test_a_tables_heading_rows_are_told_apart() -> None:
    head = "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
    row = "<w:tr><w:tc><w:p/></w:tc></w:tr>"
    (grid,) = read_story(packed(f"<w:tbl>{head}{head}{row}{head}</w:tbl>")).blocks
    assert isinstance(grid, Grid)
    assert (grid.headings, len(grid.rows)) == (2, 4)
