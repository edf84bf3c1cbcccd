"""Narratives read from what units really send."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compile.narratives import Grid, Story, Text, UnreadableNarrative, read_story
from tests.compile.stories import a_story, saved
from workbook_templates.official.wordml import Run


def words(story: Story) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in story.blocks if isinstance(block, Text)]


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
