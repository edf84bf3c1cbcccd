"""What a file is, by its first bytes and its directory: never by its name alone."""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.container import Container, Refused

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(StrEnum):
    """Kinds of file a clerk may send; the value is the finding that refuses it where a workbook is asked."""

    WORKBOOK = ""
    DOCUMENT = "guard-docx"
    EMPTY = "guard-empty-file"
    LOCK = "guard-lock-file"
    XLS = "guard-xls"
    DOC = "guard-doc"
    ENCRYPTED = "guard-encrypted"
    ODS = "guard-ods"
    ODT = "guard-odt"
    XLSB = "guard-xlsb"
    NUMBERS = "guard-numbers"
    PAGES = "guard-pages"
    SLIDES = "guard-slides"
    MACROS = "guard-macros"
    TEXT = "guard-csv"
    TABBED = "guard-tsv"
    SHORTCUT = "guard-shortcut"
    HTML = "guard-html"
    HTML_PAGES = "guard-html-zip"
    PDF = "guard-pdf"
    IMAGE = "guard-image"
    BUNDLE = "guard-zip-of-files"
    ARCHIVE = "guard-archive"
    UNKNOWN = "guard-not-a-workbook"
    ZIP = "zip"  # to be told apart by its members
    COMPOUND = "compound"  # to be told apart by its streams


_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.EMPTY),  # a zip of nothing
    (0, OLE2, Kind.COMPOUND),
    (0, b"\x09\x00\x04\x00", Kind.XLS),  # Excel 2, 3 and 4 wrote their records without a container
    (0, b"\x09\x02\x06\x00", Kind.XLS),
    (0, b"\x09\x04\x06\x00", Kind.XLS),
    (0, b"%PDF", Kind.PDF),
    (0, b"{\\rtf", Kind.DOC),
    (0, b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (0, b"\xff\xd8\xff", Kind.IMAGE),
    (0, b"GIF8", Kind.IMAGE),
    (0, b"II*\0", Kind.IMAGE),
    (0, b"MM\0*", Kind.IMAGE),
    (8, b"WEBP", Kind.IMAGE),
    (4, b"ftyphei", Kind.IMAGE),  # photos of an iPhone
    (4, b"ftyphev", Kind.IMAGE),
    (4, b"ftypmif1", Kind.IMAGE),
    (4, b"ftypmsf1", Kind.IMAGE),
    (4, b"ftypavif", Kind.IMAGE),
    (0, b"Rar!", Kind.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (0, b"\x1f\x8b", Kind.ARCHIVE),
    (0, b"BZh", Kind.ARCHIVE),
    (0, b"\xfd7zXZ\0", Kind.ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", Kind.ARCHIVE),
    (257, b"ustar", Kind.ARCHIVE),
    (0, b"L\0\0\0\x01\x14\x02\0", Kind.SHORTCUT),  # .lnk
    (0, b"bplist00", Kind.SHORTCUT),  # .webloc
)
_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("xl/vbaproject.bin", Kind.MACROS),
    ("word/vbaproject.bin", Kind.MACROS),
    ("xl/workbook.bin", Kind.XLSB),
    ("xl/workbook.xml", Kind.WORKBOOK),
    ("word/document.xml", Kind.DOCUMENT),
    ("ppt/presentation.xml", Kind.SLIDES),
)
_OPEN_DOCUMENTS = ((b"spreadsheet", Kind.ODS), (b"text", Kind.ODT), (b"presentation", Kind.SLIDES))
_IWORK, _OLD_IWORK = "index/document.iwa", "index.zip"
_PAGES_DOCUMENT = b"\x90\x4e"  # object type 10000 begins the document of Pages, 1 those of Numbers and Keynote
_HTML = (b"<html", b"<!doctype html", b"<table", b"<?mso-application", b"<workbook", b"<head")
_SHORTCUT = re.compile(
    rb"\[(?:internetshortcut|desktop entry)\]"
    rb'|\{[^{}]{0,400}"(?:url|doc_id|resource_id)"\s*:'  # .gsheet and its kin
    rb"|<\?xml[^>]*>\s*<!doctype plist[^>]*>\s*<plist[^>]*>\s*<dict>\s*<key>url</key>"
)
_LOCK_BYTES = 165  # Excel's ~$ file: who has the workbook open, once in bytes and once in UTF-16


def sniff(data: bytes) -> Kind:
    """The kind of a file by its bytes; ``ZIP`` and ``COMPOUND`` until somebody has looked inside."""
    if not data.strip(b"\0"):
        return Kind.EMPTY
    for offset, magic, kind in _MAGIC:
        if data.startswith(magic, offset):
            return kind
    if data.startswith(b"BM") and b"\0" in data[:16]:
        return Kind.IMAGE
    if len(data) == _LOCK_BYTES and 0 < data[0] < 55 and data[1 + data[0] : 55].strip(b" \0") == b"":
        return Kind.LOCK
    return _text_kind(data[:8192])


def _text_kind(head: bytes) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    if b"\0" in head:
        return Kind.UNKNOWN
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in head)
    if odd * 50 > len(head):
        return Kind.UNKNOWN
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    if _SHORTCUT.match(start):
        return Kind.SHORTCUT
    if start.startswith(b"mime-version:"):
        return Kind.HTML
    if start.startswith(b"<"):
        return _markup_kind(start)
    first = start.partition(b"\n")[0]
    return Kind.TABBED if first.count(b"\t") > max(first.count(b","), first.count(b";")) else Kind.TEXT


def _markup_kind(start: bytes) -> Kind:
    if b"<svg" in start:
        return Kind.IMAGE
    return Kind.HTML if any(mark in start for mark in _HTML) else Kind.TEXT


def kind_of_package(container: Container) -> Kind:
    """What the members of a zip file make it: xlsx, xlsm, xlsb, ods, docx, numbers, or a bundle of files.

    Raises Refused where a member that must be read is damaged.
    """
    present = {name.lower(): name for name in container}
    known = next((kind for name, kind in _MEMBERS if name in present), None)
    if known is not None:
        return known
    if "content.xml" in present:
        return _open_document(container, present)
    if _IWORK in present:
        return _iwork(container, present)
    if _OLD_IWORK in present and any(name.startswith("metadata/") for name in present):
        return Kind.NUMBERS
    if "[content_types].xml" in present:
        return Kind.UNKNOWN
    pages = [name for name in present if name.endswith((".html", ".htm"))]
    return Kind.HTML_PAGES if pages and not any(map(_is_workbook, present)) else Kind.BUNDLE


def _open_document(container: Container, present: dict[str, str]) -> Kind:
    said = container.read(present["mimetype"]) if "mimetype" in present else b"spreadsheet"
    return next((kind for word, kind in _OPEN_DOCUMENTS if word in said), Kind.ODS)


def _iwork(container: Container, present: dict[str, str]) -> Kind:
    if any(name.startswith("index/slide") for name in present):
        return Kind.SLIDES
    try:
        is_pages = _PAGES_DOCUMENT in container.read(present[_IWORK])[:64]
    except Refused:
        is_pages = False
    return Kind.PAGES if is_pages else Kind.NUMBERS


def workbooks_in(container: Container) -> list[str]:
    """Names of the workbooks a bundle holds."""
    return [name for name in container if _is_workbook(name)]


def _is_workbook(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"))
