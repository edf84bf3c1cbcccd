"""Secret papers are refused where they are stamped, and nothing else is taken for one."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from ingest.reading import read_guarded
from ingest.secrecy import mark_of
from registry.findings import Severity
from tests.ingest import crafted


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MẬT", "MẬT"),
        ("[ Tối mật ]", "TỐI MẬT"),
        ("Độ mật: Tuyệt  mật", "TUYỆT MẬT"),
        ("Mức độ mật: MẬT.", "MẬT"),
        ("Số: 05-M/BC-UBND", "-M"),
        ("Số 12/BC-UBND-M", "-M"),
    ],
)
def test_marks_are_recognised(text: str, mark: str) -> None:
    assert mark_of(text) == mark


@pytest.mark.parametrize(
    "text",
    ["Mật độ dân số", "Mật ong (lít)", "mất", "Số: 05/BC-UBND", "Số hộ nuôi ong lấy mật", "Số: 15/TM-DV", "M", ""],
)
def test_other_words_are_none(text: str) -> None:
    assert mark_of(text) is None


def book(**places: str) -> bytes:
    """A workbook with words in a cell (``A1="…"``), a ``header`` or a text ``box``."""
    into = BytesIO()
    with xlsxwriter.Workbook(into) as made:
        sheet = made.add_worksheet("Biểu")
        legacy = made.add_format({"font_name": ".VnTimeH"})
        for place, text in places.items():
            if place == "header":
                sheet.set_header(text)
            elif place == "box":
                sheet.insert_textbox("C3", text)
            elif place == "legacy":
                sheet.write("B2", text, legacy)
            else:
                sheet.write(place, text)
    return into.getvalue()


@pytest.mark.parametrize(
    "places",
    [
        {"C2": "MẬT"},
        {"header": '&C&"Times New Roman,Bold"&14TỐI MẬT'},
        {"box": "TUYỆT MẬT"},
        {"legacy": "mËt"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_marked_workbook_is_refused_and_nothing_of_it_is_kept(places: dict[str, str]) -> None:
    read = read_guarded(book(A5="Nội dung", **places), "bao-cao.xlsx")
    (found,) = read.findings
    assert (found.code, found.severity, read.sheets) == ("secrecy-mark", Severity.BLOCK, ())


@pytest.mark.parametrize(
    "places",
    [{"A20": "Mật"}, {"B2": "Mật độ dân số"}, {"header": "&LUBND xã Ea Súp&RTrang &P"}, {"box": "Mật ong"}],
    ids=lambda one: next(iter(one)),
)
def test_a_workbook_that_only_speaks_of_honey_is_read(places: dict[str, str]) -> None:
    assert read_guarded(book(**places), "bao-cao.xlsx").sheets


@pytest.mark.parametrize("place", ["header", "box"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_a_mark_is_found_whatever_its_part_is_named(place: str, charset: str) -> None:
    names = {"worksheets/sheet1.xml": "trang/t.xml", "drawings/drawing1.xml": "ve/v.xml"}
    with zipfile.ZipFile(BytesIO(book(**{place: "TỐI MẬT"}))) as made:
        parts = {name: made.read(name).decode() for name in made.namelist()}
    moved: dict[str, str | bytes] = {}
    for name, text in parts.items():
        here, said = name, text
        for old, new in names.items():
            here, said = here.replace(old, new), said.replace(old, new)
            here = here.replace(f"worksheets/_rels/{old.rpartition('/')[2]}", f"trang/_rels/{new.rpartition('/')[2]}")
        is_one = charset != "utf-8" and here in {f"xl/{one}" for one in names.values()}
        moved[here] = said.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode(charset) if is_one else said
    assert {"xl/trang/t.xml"} <= moved.keys()
    assert [one.code for one in read_guarded(crafted.zipped(moved), "a.xlsx").findings] == ["secrecy-mark"]
