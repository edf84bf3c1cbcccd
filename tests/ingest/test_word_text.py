"""A Word document says the same to whoever reads it: judge of secrecy, finder of pieces, compiler of reports."""

from __future__ import annotations

from xml.parsers import expat

import pytest

from compile.narratives import read_story
from compile.story import Text
from ingest.narrative import check_docx
from ingest.pieces import pieces
from ingest.reader.package import local
from ingest.word.text import Paragraphs
from tests.ingest.a_document import document
from workbook_templates.outline import Place

PLACE = Place("BC:1", "1. Trồng trọt", 1, "", True)
MARKS = {
    "a tab": ("<w:tab/>", " "),
    "a tab set in from a margin": ("<w:ptab/>", " "),
    "a line's end": ("<w:br/>", " "),
    "a carriage return": ("<w:cr/>", " "),
    "a hyphen that keeps together": ("<w:noBreakHyphen/>", "-"),
    "a place where a word may be parted": ("<w:softHyphen/>", ""),
    "a symbol of no text font": ('<w:sym w:font="Wingdings" w:char="F0FC"/>', ""),
}


def run(inside: str) -> str:
    return f"<w:r>{inside}</w:r>"


def words(text: str) -> str:
    return " ".join(text.split())


def by_everybody(*paragraphs: str) -> list[list[str]]:
    """The paragraphs as each of the readers has them, blanks made one."""
    heading = f"<w:p>{run('<w:t>1. Trồng trọt</w:t>')}</w:p>"
    data = document(heading, *paragraphs)
    (piece,) = pieces(data, [PLACE])
    told = [block for block in read_story(data).blocks if isinstance(block, Text)][1:]
    return [list(piece.lines), [words("".join(run.text for run in block.runs)) for block in told]]


@pytest.mark.parametrize(("mark", "meant"), MARKS.values(), ids=MARKS)
def test_what_stands_between_two_words_is_read_alike(mark: str, meant: str) -> None:
    paragraph = f"<w:p>{run(f'<w:t>vụ</w:t>{mark}<w:t>hè</w:t>')}</w:p>"

    assert by_everybody(paragraph) == [[f"vụ{meant}hè"]] * 2


def test_what_was_deleted_or_moved_away_is_read_by_nobody() -> None:
    gone = f"<w:del>{run('<w:delText>bỏ </w:delText>')}</w:del><w:moveFrom>{run('<w:t>cũ </w:t>')}</w:moveFrom>"
    came = f"<w:moveTo>{run('<w:t>mới</w:t>')}</w:moveTo>"

    assert by_everybody(f"<w:p>{run('<w:t>Ngô </w:t>')}{gone}{came}</w:p>") == [["Ngô mới"]] * 2


def test_a_text_box_does_not_swallow_the_paragraph_around_it() -> None:
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>hộp</w:t></w:r></w:p></w:txbxContent></w:pict>"
    walk, found = Paragraphs(), []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: walk.opens(local(tag), attributes)
    parser.EndElementHandler = lambda tag: found.append(walk.closes(local(tag)))
    parser.CharacterDataHandler = walk.text
    parser.Parse(f"<w:p>{run('<w:t>trước</w:t>')}{run(box)}{run('<w:t> sau</w:t>')}</w:p>", True)

    assert [one for one in found if one is not None] == ["hộp", "trước sau"]


@pytest.mark.parametrize("mark", ["<w:tab/>", "<w:br/>", "<w:softHyphen/>"])
def test_a_mark_of_secrecy_is_seen_whatever_parts_its_words(mark: str) -> None:
    stamped = document(f'<w:p>{run(f"""<w:t>TỐI</w:t>{mark}<w:t xml:space="preserve"> MẬT</w:t>""")}</w:p>')

    assert [one.code for one in check_docx(stamped, "a.docx")] == ["narrative-secret"]
