"""Narratives in old fonts: every font found as Word finds it, text and fonts replaced, all else kept."""

from __future__ import annotations

import io
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compile.narratives import read_story
from ingest.word.changes import Rewritten, told
from ingest.word.paragraph import dealt
from ingest.word.unicode import in_unicode, replacement
from tests.compile.office import convert
from tests.ingest.a_document import DRAWING, document, paragraph, run, story
from vietnamese.charsets import charsets
from vietnamese.convert import Reason

STYLE = '<w:style w:type="{kind}" w:styleId="{id}"{more}>{based}<w:rPr><w:rFonts {fonts}/></w:rPr></w:style>'


def style(id_: str, fonts: str, kind: str = "paragraph", based: str = "", more: str = "") -> str:
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    return STYLE.format(kind=kind, id=id_, more=more, based=parent, fonts=fonts)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def words(data: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]


def converted(*content: str, **more: str) -> Rewritten:
    return in_unicode(document(*content, **more))


def read(*content: str, **more: str) -> str:
    """The text of a document of one paragraph after conversion."""
    given = document(*content, **more)
    return words(in_unicode(given).data or given)[0]


def test_runs_of_one_family_are_read_together_and_shared_out_again() -> None:
    made = converted(
        paragraph(run("¸", ".VnTimeH"), run("p dông tõ n¨m 2026: ", ".VnTime"), run("Ủy ban", "Times New Roman"))
    )
    assert words(made.data) == ["Áp dụng từ năm 2026: Ủy ban"]
    text = parts(made.data)["word/document.xml"].decode()
    assert ">Á<" in text
    assert ".Vn" not in text
    assert text.count("Times New Roman") == 6
    assert [(one.before, one.after, one.charset) for one in made.changes] == [
        ("¸p dông tõ n¨m 2026: Ủy ban", "Áp dụng từ năm 2026: Ủy ban", "TCVN3+UNICODE")
    ]


def test_a_soft_hyphen_is_a_letter_of_tcvn3_and_of_unicode_text_none() -> None:
    assert read(paragraph(run("ph­¬ng h­íng tr­êng häc", ".VnTime"))) == "phương hướng trường học"
    assert not converted(paragraph(run("phương hư\u00adớng", "Times New Roman"))).data


def test_base_and_mark_of_vni_may_stand_in_two_runs() -> None:
    assert read(paragraph(run("Baùo caùo tie", "VNI-Times"), run("án ñoä", "VNI-Times"))) == "Báo cáo tiến độ"


def test_a_symbol_of_a_text_font_is_a_letter_and_one_of_a_drawing_font_stays() -> None:
    letter = '<w:r><w:sym w:font=".VnTime" w:char="F0E4"/></w:r>'
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    made = converted(paragraph(run("h", ".VnTime"), letter, run("c ®Õn ", ".VnTime"), tick))
    assert words(made.data) == ["học đến "]
    assert b'w:font="Wingdings" w:char="F0FC"' in parts(made.data)["word/document.xml"]


ORDINARY = 'w:ascii=".VnTime" w:hAnsi=".VnTime"'
DEFAULTS = f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {ORDINARY}/></w:rPr></w:rPrDefault></w:docDefaults>"
LATIN = 'w:ascii="Arial" w:hAnsi="Arial"'


@pytest.mark.parametrize(
    ("content", "styles"),
    [
        (paragraph(run("Nam hä", rStyle="c")), style("c", ORDINARY, "character")),
        (paragraph(run("Nam hä"), style="p"), style("p", ORDINARY)),
        (paragraph(run("Nam hä"), style="q"), style("p", ORDINARY) + style("q", 'w:cs="Arial"', based="p")),
        (paragraph(run("Nam hä")), style("n", ORDINARY, more=' w:default="1"')),
        (paragraph(run("Nam hä")), DEFAULTS),
        (paragraph(run("Nam hä", ascii="Arial", hAnsi=".VnTime")), style("n", LATIN, more=' w:default="1"')),
        (paragraph(run("Nam hä", asciiTheme="minorHAnsi", hAnsiTheme="minorHAnsi")), style("n", LATIN)),
        (paragraph(run("Nam hä", hint="eastAsia", eastAsia=".VnTime", hAnsi="Arial")), style("n", LATIN)),
    ],
    ids=["run style", "style", "based on", "default style", "defaults", "hAnsi", "theme", "eastAsia hinted"],
)  # fmt: skip
def test_fonts_are_found_as_word_finds_them(content: str, styles: str) -> None:
    """``hä`` is Vietnamese neither way for certain: only its font tells that it is ``họ``."""
    font = '<a:latin typeface=".VnTime"/>'
    theme = f'<a:theme xmlns:a="{DRAWING}"><a:minorFont>{font}</a:minorFont></a:theme>'
    made = converted(content, styles=story("styles", styles), theme__theme1=theme)
    assert words(made.data) == ["Nam họ"]
    assert not any(b".Vn" in text for text in parts(made.data).values())


@pytest.mark.parametrize(
    "content",
    [
        paragraph(run("Nam hä", ascii=".VnTime", hAnsi="Arial")),
        paragraph(run("Nam hä", hAnsi="Arial", eastAsia=".VnTime")),
        paragraph(run("Nam hä", hAnsi=".VnTime", hAnsiTheme="minorHAnsi")),
    ],
    ids=["ascii", "eastAsia", "theme before the plain name"],
)
def test_other_fonts_say_nothing_of_accented_letters(content: str) -> None:
    theme = f'<a:theme xmlns:a="{DRAWING}"><a:minorFont><a:latin typeface="Calibri"/></a:minorFont></a:theme>'
    assert not converted(content, theme__theme1=theme).data


def test_every_story_is_converted_and_every_other_part_keeps_its_bytes() -> None:
    box = f"<w:pict><w:txbxContent>{paragraph(run('Hép ch÷', '.VnTime'))}</w:txbxContent></w:pict>"
    given = document(
        paragraph(run("Néi dung chÝnh", ".VnTime"), f"<w:r>{box}</w:r>"),
        header1=story("hdr", paragraph(run("tØnh §¾k L¾k", ".VnTimeH"))),
        footer1=story("ftr", paragraph(run("Trang cuèi", ".VnArial"))),
        footnotes=story("footnotes", f"<w:footnote>{paragraph(run('Chó thÝch', '.VnTime'))}</w:footnote>"),
        comments=story("comments", f"<w:comment>{paragraph(run('Xem l¹i sè liÖu', '.VnTime'))}</w:comment>"),
        numbering=story(
            "numbering", f'<w:lvl><w:lvlText w:val="§iÒu %1."/><w:rPr><w:rFonts {ORDINARY}/></w:rPr></w:lvl>'
        ),
        styles=story("styles", style("n", LATIN)),
    )
    made = in_unicode(given)
    before, after = parts(given), parts(made.data)
    assert {one.after for one in made.changes} == {
        "Nội dung chính\t", "Hộp chữ", "TỈNH ĐẮK LẮK", "Trang cuối", "Chú thích", "Xem lại số liệu", "Điều %1.",
    }  # fmt: skip
    same = {"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml"}
    assert {name for name in before if before[name] == after[name]} == same
    assert list(before) == list(after)
    assert "Arial" in after["word/footer1.xml"].decode()


def test_plain_letters_of_a_capitals_font_still_look_as_drawn() -> None:
    made = converted(paragraph(run("Cao su, ca cao", ".VnTimeH")), paragraph(run("b¸o c¸o", ".VnTime")))
    assert "<w:caps/>" in parts(made.data)["word/document.xml"].decode()
    assert words(made.data) == ["Cao su, ca cao", "báo cáo"]


@pytest.mark.parametrize(
    "content",
    [
        paragraph(run("Tình hình kinh tế – xã hội tháng 10", "Times New Roman")),
        paragraph(run("Tình hình kinh tế – xã hội", ".VnTime")),
        paragraph(run("Buôn Čuôr Đăng, ƀuôn Ñŭ; M’Drắk; Ea H’leo", ".VnTime")),
        paragraph(run("Résumé à l’été, 10 µm, 25 °C", "Times New Roman")),
        paragraph(run("Plain words", ".VnTime")),
        "",
    ],
)
def test_what_is_unicode_already_keeps_every_byte(content: str) -> None:
    assert converted(content) == Rewritten()


def test_a_lone_doubtful_word_is_told_and_not_changed() -> None:
    made = converted(paragraph(run("QuËn 5", "Arial")), paragraph(run("Tình hình chung", "Arial")))
    assert not made.data
    assert [(one.before, one.after, one.reason) for one in made.changes] == [("QuËn 5", "Quận 5", Reason.DOUBTFUL)]


def test_letters_in_pieces_are_composed() -> None:
    made = converted(paragraph(run(unicodedata.normalize("NFD", "Đường liên xã"), "Times New Roman")))
    assert words(made.data) == ["Đường liên xã"]


def test_compiling_reads_the_converted_words() -> None:
    made = converted(paragraph(run("S¶n xuÊt n«ng nghiÖp ph­¬ng h­íng", ".VnTime")))
    runs = [one.text for block in read_story(made.data).blocks for one in block.runs]  # type: ignore[union-attr]
    assert runs == ["Sản xuất nông nghiệp phương hướng"]


@pytest.mark.parametrize(
    ("font", "other"),
    [
        (".VnTimeH", "Times New Roman"),
        (".VnArialH", "Arial"),
        ("VNI-Helve", "Arial"),
        (".VnCourier New", "Courier New"),
    ],
)
def test_a_font_gives_way_to_one_that_looks_like_it(font: str, other: str) -> None:
    assert replacement(font) == other


@pytest.mark.office
def test_libreoffice_shows_the_converted_words(tmp_path: Path) -> None:
    made = converted(
        paragraph(run("¸", ".VnTimeH"), run("p dông ph­¬ng h­íng tr­êng häc", ".VnTime")),
        paragraph(run("Baùo caùo tie", "VNI-Times"), run("án ñoä", "VNI-Times")),
        paragraph(run("Cao su", ".VnTimeH")),
        paragraph(run("Nam hä"), style="p"),
        header1=story("hdr", paragraph(run("tØnh §¾k L¾k", ".VnTimeH"))),
        styles=story("styles", style("p", ORDINARY)),
    )
    (tmp_path / "a.pdf").write_bytes(convert(made.data, "a.docx", "pdf", tmp_path))
    command = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [line.strip() for line in text.splitlines() if line.strip()] == [
        "TỈNH ĐẮK LẮK", "Áp dụng phương hướng trường học", "Báo cáo tiến độ", "CAO SU", "Nam họ",
    ]  # fmt: skip


# --- laws

LETTERS = "".join(charsets()["TCVN3"].table)
legacy = st.lists(st.text("abc ghinotu" + LETTERS, min_size=1, max_size=8), min_size=1, max_size=5)


@given(legacy, st.data())
def test_the_parts_together_say_what_the_whole_says(given_parts: list[str], data: st.DataObject) -> None:
    whole = "".join(given_parts).translate(dict.fromkeys(map(ord, LETTERS), "ạ"))
    shared = dealt(whole, given_parts)
    assert shared is not None
    assert "".join(shared) == whole
    assert [len(one) for one in shared] == [len(one) for one in given_parts]


def test_words_that_do_not_match_are_not_shared_out() -> None:
    assert dealt("một hai", ["một"]) is None


def codes(content: str) -> list[str]:
    others = paragraph(run("Tình hình chung", "Arial"))
    return [one.code for one in told(converted(content, others).changes, "Báo cáo.docx")]


def test_the_sender_is_told_what_was_converted_and_asked_about_what_is_in_doubt() -> None:
    assert codes(paragraph(run("B¸o c¸o th¸ng", ".VnTime"))) == ["narrative-converted"]
    assert codes(paragraph(run("Báo cáo tháng", ".VnTime"))) == []
    assert codes(paragraph(run("QuËn 5", "Arial"))) == ["narrative-doubtful"]
    assert codes(paragraph(run("Quận 5", "Arial"))) == []
