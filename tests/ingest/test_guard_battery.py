"""One file that trips each code of the guard, and one that nearly does."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import container, guard
from ingest.limits import LIMITS, Limits
from registry.findings import Severity, fix, message
from tests.ingest import crafted
from tests.ingest.crafted import CELL, OLE2, biff, book, compound, relationships, sheet, zipped

NAME = "bieu.xlsx"


@dataclass(frozen=True)
class Pair:
    code: str
    trips: Callable[[], bytes]
    passes: Callable[[], bytes]
    limits: Limits = LIMITS


def rows(numbers: list[int], cell: str = "A") -> str:
    return "".join(f'<row r="{n}"><c r="{cell}{n}"><v>1</v></c></row>' for n in numbers)


def shared(uses: int) -> str:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, uses + 1))
    return sheet(cells + f'<row r="{uses + 1}"><c r="A{uses + 1}" t="s"><v>1</v></c></row>')


def merges(*references: str) -> str:
    return sheet(after="<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in references) + "</mergeCells>")


def with_rels(kind: str, target: str) -> bytes:
    rels = relationships(("rId9", kind, target), external=True)
    return book(more={"xl/worksheets/_rels/sheet1.xml.rels": rels})


def leading_to(kind: str) -> bytes:
    return book(more={"xl/worksheets/_rels/sheet1.xml.rels": relationships(("rId9", kind, "x.bin"))})


def spaced(part: str, size: int) -> bytes:
    return book(more={part: b"a" * size})


def lock_file() -> bytes:
    """What Excel leaves beside an open workbook."""
    name = "Nguyen Thi A"
    return (bytes((len(name),)) + name.encode()).ljust(55) + name.encode("utf-16-le").ljust(110, b"\0")


SMALL = Path(__file__).parent / "data" / "small.xls"  # as SheetJS makes it: all in the store of small streams
XLS = compound({"Workbook": biff((0x85, b"\0" * 6 + b"\x04\0Bieu"), (0x1AE, b"\1\0\1\4"))})
PAIRS = [
    Pair("guard-empty-file", lambda: b"", book),
    Pair("guard-empty-file", lambda: zipped({}), book),
    Pair("guard-empty-file", lambda: b"PK\5\6 and more", book),
    Pair("guard-too-large", lambda: book() + b"\0" * 9_000, book, replace(LIMITS, file_bytes=8_000)),
    Pair("guard-docx", lambda: zipped({"word/document.xml": "<w/>"}), book),
    Pair("guard-lock-file", lock_file, book),
    Pair("guard-xls", lambda: XLS, book),
    Pair("guard-xls", lambda: b"\x09\x04\x06\0\0\0\x10\0", book),
    Pair("guard-xls", SMALL.read_bytes, book),
    Pair("guard-encrypted", lambda: compound({"Workbook": biff((0x2F, b"\0" * 54))}), book),
    Pair("guard-macros", lambda: compound({"Workbook": biff()}, storages=("_VBA_PROJECT_CUR", "VBA")), book),
    Pair("guard-macros", lambda: compound({"Workbook": biff((0x85, b"\0" * 5 + b"\x01\x01\0M"))}), book),
    Pair("guard-embedded", lambda: compound({"Workbook": biff()}, storages=("MBD0018DB2E",)), book),
    Pair("guard-dde", lambda: compound({"Workbook": biff((0x1AE, b"\0\0\x09\0\0cmd\x03/c x"))}), book),
    Pair("guard-broken-container", lambda: compound({"Workbook": biff()[:-4] + b"\x85\0\xff\xff"}), book),
    Pair("guard-truncated", lambda: XLS[:2_000], book),
    Pair("guard-broken-container", lambda: crafted.patched(XLS, 512 + 4, struct.pack("<L", 1)), book),
    Pair("guard-broken-container", lambda: crafted.patched(XLS, 48, struct.pack("<L", 999)), book),
    Pair("guard-doc", lambda: compound({"WordDocument": b"x"}), book),
    Pair("guard-doc", lambda: b"{\\rtf1\\ansi Bieu}", book),
    Pair("guard-encrypted", lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), book),
    Pair("guard-locked-zip", lambda: crafted.with_flag(book(), 1), lambda: crafted.with_flag(book(), 0x0800)),
    Pair("guard-ods", lambda: crafted.ods(), lambda: book(more={"content.xml": "<a/>"})),
    Pair("guard-macros", lambda: crafted.ods(more={"Basic/Standard/M.xml": "<a/>"}), book),
    Pair("guard-encrypted", lambda: crafted.ods(more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}), book),
    Pair("guard-embedded", lambda: crafted.ods(more={"Object 1": OLE2}), book),
    Pair("guard-active-content", lambda: crafted.ods("<script:event-listener/>"), book),
    Pair("guard-dde", lambda: crafted.ods("<table:dde-link/>"), book),
    Pair("guard-doctype", lambda: crafted.ods(more={"styles.xml": "<!DOCTYPE a><a/>"}), book),
    Pair("guard-too-many-tags", lambda: crafted.ods("<a/>" * 99), book, replace(LIMITS, tags=99)),
    Pair("guard-too-deep", lambda: crafted.ods("<a>" * 64 + "</a>" * 64), book),
    Pair("guard-broken-xml", lambda: crafted.ods("<a>"), book),
    Pair(
        "guard-too-many-cells",
        lambda: crafted.ods('<table:table-cell office:value="1" table:number-columns-repeated="3"/>'),
        book,
        replace(LIMITS, cells=2),
    ),
    Pair("guard-odt", lambda: zipped({"mimetype": "x.opendocument.text", "content.xml": "<a/>"}), book),
    Pair("guard-slides", lambda: zipped({"mimetype": "x.opendocument.presentation", "content.xml": "<a/>"}), book),
    Pair("guard-slides", lambda: zipped({"ppt/presentation.xml": "<a/>"}), book),
    Pair("guard-slides", lambda: zipped({"Index/Document.iwa": b"\0", "Index/Slide-1.iwa": b"\0"}), book),
    Pair("guard-numbers", lambda: zipped({"Index/Document.iwa": b"\0\x20\0\0\x22\x10\x08\1\x12\2\x08\1"}), book),
    Pair("guard-numbers", lambda: zipped({"Index.zip": b"PK", "Metadata/Properties.plist": "x"}), book),
    Pair("guard-pages", lambda: zipped({"Index/Document.iwa": b"\0\x20\0\0\x22\x10\x08\1\x12\3\x08\x90N"}), book),
    Pair("guard-xlsb", lambda: zipped({"xl/workbook.bin": b"\x83"}), book),
    Pair("guard-macros", lambda: book(more={"xl/vbaProject.bin": OLE2}), lambda: book(more={"xl/vba.txt": "x"})),
    Pair("guard-macros", lambda: book(more={"xl/macrosheets/sheet1.xml": "<a/>"}), book),
    Pair(
        "guard-macros",
        lambda: book(more={"[Content_Types].xml": crafted.TYPES.replace("sheet.main", "sheet.macroEnabled.main")}),
        book,
    ),
    Pair(
        "guard-macros",
        lambda: book(more={"[Content_Types].xml": crafted.types_of("xml")}),
        lambda: book(more={"[Content_Types].xml": crafted.types_of("bin")}),
    ),
    Pair("guard-active-content", lambda: book(more={"xl/activeX/activeX1.xml": "<a/>"}), book),
    Pair("guard-embedded", lambda: book(more={"xl/embeddings/oleObject1.bin": OLE2}), book),
    Pair(
        "guard-dde",
        lambda: book(more={"xl/externalLinks/externalLink1.xml": "<externalLink><ddeLink/></externalLink>"}),
        lambda: book(more={"xl/externalLinks/externalLink1.xml": "<externalLink><externalBook/></externalLink>"}),
    ),
    Pair("guard-macros", lambda: leading_to("xlMacrosheet"), lambda: leading_to("image")),
    Pair("guard-active-content", lambda: leading_to("control"), lambda: leading_to("image")),
    Pair("guard-embedded", lambda: leading_to("oleObject"), lambda: leading_to("image")),
    Pair("guard-csv", lambda: "Chỉ tiêu;Số\nLúa;12,5\n".encode(), book),
    Pair("guard-csv", lambda: "TT,Chỉ tiêu\tghi chú,Số\n".encode(), book),
    Pair("guard-tsv", lambda: "Chỉ tiêu\tSố\nLúa\t12,5\n".encode(), book),
    Pair("guard-tsv", lambda: "\ufeffChỉ tiêu\t1".encode("utf-16"), book),
    Pair("guard-shortcut", lambda: b"[InternetShortcut]\r\nURL=https://docs.google.com/x\r\n", book),
    Pair("guard-shortcut", lambda: b'{"":"WARNING!","doc_id":"1a2b","email":"a@b.vn"}', book),
    Pair("guard-shortcut", lambda: b"L\0\0\0\x01\x14\x02\0\0\0", book),
    Pair("guard-html", lambda: b"<html><table><tr><td>1</td></tr></table></html>", book),
    Pair("guard-html", lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', book),
    Pair("guard-html", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", book),
    Pair("guard-html-zip", lambda: zipped({"KTXH-01.html": "<html/>", "resources/sheet.css": "a{}"}), book),
    Pair("guard-zip-of-files", lambda: zipped({"ghi chu.html": "<html/>", "bieu.xlsx": book()}), book),
    Pair("guard-pdf", lambda: b"%PDF-1.7\n%\xe2\xe3", book),
    Pair("guard-image", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", book),
    Pair("guard-image", lambda: b"\x89PNG\r\n\x1a\n\0\0", book),
    Pair("guard-image", lambda: b"\0\0\0\x28ftypheic\0\0\0\0mif1heic", book),
    Pair("guard-image", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', book),
    Pair("guard-zip-of-files", lambda: zipped({"bieu.xlsx": book(), "b.docx": "x"}), book),
    Pair("guard-archive", lambda: b"Rar!\x1a\x07\0", book),
    Pair("guard-archive", lambda: b"7z\xbc\xaf\x27\x1c\0\4", book),
    Pair("guard-archive", lambda: b"\x1f\x8b\x08\0", book),
    Pair("guard-not-a-workbook", lambda: bytes(range(256)) * 8, book),
    Pair("guard-not-a-workbook", lambda: compound({"__properties_version1.0": b"x"}), book),
    Pair(
        "guard-not-a-workbook",
        lambda: zipped({"[Content_Types].xml": crafted.TYPES, "visio/document.xml": "<a/>"}),
        book,
    ),
    Pair("guard-truncated", lambda: book()[:-30], book),
    Pair("guard-broken-container", lambda: book() + b"tail", book),
    Pair("guard-broken-container", lambda: crafted.patched(book(), 30, b"?"), book),
    Pair("guard-broken-xml", lambda: book(sheet("<row>")), lambda: book(sheet("<row/>"))),
    Pair(
        "guard-broken-xml",
        lambda: book(more={"xl/_rels/workbook.xml.rels": "<Relationships>"}),
        lambda: book(more={"xl/drawings/vmlDrawing1.vml": "<xml><br></xml>"}),
    ),
    Pair("guard-too-many-members", lambda: book(more={"a": "1"}), book, replace(LIMITS, members=5)),
    Pair("guard-unknown-method", lambda: crafted.with_method(book(), 12), book),
    Pair("guard-unsafe-name", lambda: book(more={"../evil.xml": "x"}), lambda: book(more={"a..b/x.xml": "x"})),
    Pair("guard-unsafe-name", lambda: book(more={"/etc/passwd": "x"}), lambda: book(more={"etc/passwd": "x"})),
    Pair(
        "guard-duplicate-member", lambda: book(more={"XL/workbook.XML": "x"}), lambda: book(more={"XL/workbook": "x"})
    ),
    Pair("guard-overlap", lambda: crafted.overlapped(book()), book),
    Pair("guard-zip-bomb", lambda: spaced("a", 5_000_000), lambda: spaced("a", 4_000_000)),
    Pair(
        "guard-zip-bomb", lambda: spaced("a", 90_001), lambda: spaced("a", 90_000), replace(LIMITS, part_bytes=90_000)
    ),
    Pair(
        "guard-zip-bomb", lambda: spaced("a", 99_000), lambda: spaced("a", 90_000), replace(LIMITS, total_bytes=93_000)
    ),
    Pair("guard-size-lie", lambda: crafted.with_declared_size(book(), 50), book),
    Pair(
        "guard-encoding",
        lambda: book('<?xml version="1.0" encoding="cp037"?>' + sheet()),
        lambda: book('<?xml version="1.0" encoding="UTF-8"?>' + sheet()),
    ),
    Pair("guard-doctype", lambda: book("<!DOCTYPE a>" + sheet()), lambda: book("<!-- DOCTYPE -->" + sheet())),
    Pair(
        "guard-doctype",
        lambda: book(('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>' + sheet()).encode("utf-16")),
        book,
    ),
    Pair("guard-doctype", lambda: book(more={"docProps/x.dat": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), book),
    Pair(
        "guard-too-many-tags",
        lambda: book(sheet(rows([1, 2, 3]))),
        lambda: book(sheet(rows([1]))),
        replace(LIMITS, tags=38),
    ),
    Pair(
        "guard-long-text",
        lambda: book(sheet(after="<a>" + "x" * 2_000 + "</a>")),
        lambda: book(sheet(after="<a>" + "x" * 500 + "</a>")),
        replace(LIMITS, stretch_bytes=1_000),
    ),
    Pair(
        "guard-too-deep",
        lambda: book(sheet(after="<a>" * 64 + "</a>" * 64)),
        lambda: book(sheet(after="<a>" * 62 + "</a>" * 62)),
    ),
    Pair(
        "guard-too-many-rows",
        lambda: book(sheet(rows([1, 12]))),
        lambda: book(sheet(rows([1, 10]))),
        replace(LIMITS, rows=10),
    ),
    Pair(
        "guard-too-many-rows",
        lambda: book(sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')),
        lambda: book(sheet(rows([1]) + '<row r="1048576" ht="12.8"/>')),
    ),
    Pair(
        "guard-too-many-rows",
        lambda: book(sheet("<row/>" * 11)),
        lambda: book(sheet("<row/>" * 10)),
        replace(LIMITS, rows=10),
    ),
    Pair("guard-far-column", lambda: book(sheet(rows([1], "BZU"))), lambda: book(sheet(rows([1], "BZT")))),
    Pair(
        "guard-wide-area",
        lambda: book(sheet(rows([2], "K"))),
        lambda: book(sheet(rows([2], "J"))),
        replace(LIMITS, rectangle=20),
    ),
    Pair(
        "guard-too-many-cells",
        lambda: book(sheet(rows([1, 2, 3]))),
        lambda: book(sheet(rows([1, 2]))),
        replace(LIMITS, cells=2),
    ),
    Pair("guard-huge-merge", lambda: book(merges("A1:XFD1048576")), lambda: book(merges("A1:J20000"))),
    Pair("guard-huge-merge", lambda: book(merges(*["A1:J15000"] * 3)), lambda: book(merges(*["A1:J15000"] * 2))),
    Pair(
        "guard-huge-merge",
        lambda: book(sheet(after='<hyperlink ref="A1:XFD1048576"/>')),
        lambda: book(sheet(after='<hyperlink ref="A1"/>')),
    ),
    Pair("guard-disorder", lambda: book(sheet(rows([2, 1]))), lambda: book(sheet(rows([1, 2])))),
    Pair("guard-disorder", lambda: book(sheet(rows([1, 1]))), lambda: book(sheet(rows([1]) + "<row/>"))),
    Pair(
        "guard-disorder",
        lambda: book(sheet(f'<row r="1">{CELL}{CELL}</row>')),
        lambda: book(sheet(f'<row r="1">{CELL}<c/></row>')),
    ),
    Pair(
        "guard-disorder",
        lambda: book(sheet('<row r="1"><c r="A2"/></row>')),
        lambda: book(sheet('<row r="2"><c r="A2"/></row>')),
    ),
    Pair(
        "guard-disorder",
        lambda: book(sheet('<row r="1"><c r="A11"/></row>')),
        lambda: book(sheet('<row r="1"><c r="K1"/></row>')),
    ),
    Pair("guard-disorder", lambda: book(sheet(after="<sheetData/>")), book),
    Pair("guard-disorder", lambda: book(sheet('<row r="٣"/>')), lambda: book(sheet('<row r="3"/>'))),
    Pair(
        "guard-too-many-strings",
        lambda: book(strings=crafted.strings("a", "b", "c")),
        lambda: book(strings=crafted.strings("a", "b")),
        replace(LIMITS, strings=2),
    ),
    Pair(
        "guard-too-many-strings",
        lambda: book(strings=crafted.strings("a").replace('uniqueCount="1"', 'uniqueCount="4294967295"')),
        lambda: book(strings=crafted.strings("a").replace('uniqueCount="1"', 'uniqueCount="9999"')),
    ),
    Pair(
        "guard-repeated-text",
        lambda: book(shared(11), strings=crafted.strings("x" * 100, "")),
        lambda: book(shared(10), strings=crafted.strings("x" * 100, "")),
        replace(LIMITS, string_characters=1_000),
    ),
    Pair(
        "guard-too-many-formats",
        lambda: book(styles=crafted.styles(4)),
        lambda: book(styles=crafted.styles(3)),
        replace(LIMITS, formats=3),
    ),
    Pair("guard-duplicate-sheet", lambda: book(names=("Biểu", "BIỂU")), lambda: book(names=("Biểu", "Biểu 2"))),
    Pair(
        "guard-too-many-sheets",
        lambda: book(names=("a", "b", "c")),
        lambda: book(names=("a", "b")),
        replace(LIMITS, sheets=2),
    ),
    Pair(
        "guard-outside-link",
        lambda: with_rels("externalLinkPath", "file:///x.xlsx"),
        lambda: with_rels("hyperlink", "https://x.vn"),
    ),
]
IDS = [f"{i}-{pair.code}" for i, pair in enumerate(PAIRS)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_file_that_trips_is_told_so(pair: Pair) -> None:
    found = guard.check(pair.trips(), NAME, pair.limits)

    assert [one.code for one in found] == [pair.code]
    assert "{" not in message(found[0]) + fix(found[0])
    assert (found[0].severity is Severity.BLOCK) == (pair.code != "guard-outside-link")


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_file_that_nearly_trips_passes(pair: Pair) -> None:
    assert guard.check(pair.passes(), NAME, pair.limits) == ()


def test_a_bomb_is_refused_without_inflating_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = spaced("xl/worksheets/sheet1.xml", 40_000_000)
    monkeypatch.setattr(container, "_inflate", None)

    assert guard.check(bomb, NAME)[0].code == "guard-zip-bomb"


def same_part_twice() -> bytes:
    rels = relationships(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "/xl/worksheets/SHEET1.xml")
    )
    return book(names=("a", "b"), more={"xl/_rels/workbook.xml.rels": rels})


def same_relationship_twice() -> bytes:
    content = crafted.parts(names=("a", "b"))["xl/workbook.xml"]
    assert isinstance(content, str)
    return book(names=("a", "b"), more={"xl/workbook.xml": content.replace("rId2", "rId1")})


@pytest.mark.parametrize("made", [same_part_twice, same_relationship_twice])
def test_one_part_cannot_be_several_sheets(made: Callable[[], bytes]) -> None:
    assert [one.code for one in guard.check(made(), NAME)] == ["guard-duplicate-sheet"]


def test_a_lying_bomb_is_not_inflated_past_its_declared_size() -> None:
    bomb = crafted.with_declared_size(book(more={"[Content_Types].xml": b" " * 50_000_000}), 4_000)

    assert guard.check(bomb, NAME)[0].code == "guard-size-lie"


def test_the_message_names_the_file() -> None:
    found = guard.check(crafted.with_flag(book(), 1), "Biểu tháng 10.xlsx")

    assert "“Biểu tháng 10.xlsx”" in message(found[0])


def test_a_file_written_in_streams_with_data_descriptors_passes() -> None:
    import io
    import zipfile

    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += data  # type: ignore[operator]
            return len(data)  # type: ignore[arg-type]

    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:  # type: ignore[arg-type]
        for name, content in crafted.parts().items():
            file.writestr(name, content)

    assert guard.check(bytes(stream.data), NAME) == ()


GOOD = book(sheet(rows([1, 2, 3])), strings=crafted.strings("a", "b"), styles=crafted.styles(2))


@given(at=st.integers(0, len(GOOD) - 1), bits=st.integers(1, 255), cut=st.integers(0, len(GOOD)) | st.none())
def test_a_damaged_file_is_answered_never_an_exception(at: int, bits: int, cut: int | None) -> None:
    damaged = bytearray(GOOD)
    damaged[at] ^= bits

    found = guard.check(bytes(damaged[:cut]), NAME)

    assert isinstance(found, tuple)
    assert all(message(one) for one in found)


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_answered(data: bytes) -> None:
    assert guard.check(data, NAME)[0].severity is Severity.BLOCK
