"""What a file is, by its first bytes and its directory: never by its name alone."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of file a clerk may send; the value is the finding that refuses it where a workbook is asked."""

    WORKBOOK = ""
    DOCUMENT = "guard-docx"
    EMPTY = "guard-empty-file"
    XLS = "guard-xls"
    DOC = "guard-doc"
    ENCRYPTED = "guard-encrypted"
    ODS = "guard-ods"
    XLSB = "guard-xlsb"
    MACROS = "guard-macros"
    TEXT = "guard-csv"
    HTML = "guard-html"
    PDF = "guard-pdf"
    IMAGE = "guard-image"
    ARCHIVE = "guard-archive"
    UNKNOWN = "guard-not-a-workbook"
    ZIP = "zip"  # to be told apart by its members


_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.ARCHIVE),
    (0, b"%PDF", Kind.PDF),
    (0, b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (0, b"\xff\xd8\xff", Kind.IMAGE),
    (0, b"GIF8", Kind.IMAGE),
    (0, b"II*\0", Kind.IMAGE),
    (0, b"MM\0*", Kind.IMAGE),
    (8, b"WEBP", Kind.IMAGE),
    (4, b"ftyphei", Kind.IMAGE),
    (4, b"ftypmif1", Kind.IMAGE),
    (0, b"Rar!", Kind.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (0, b"\x1f\x8b", Kind.ARCHIVE),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE2_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("EncryptedPackage", Kind.ENCRYPTED),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("WordDocument", Kind.DOC),
)
_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("xl/vbaproject.bin", Kind.MACROS),
    ("word/vbaproject.bin", Kind.MACROS),
    ("xl/workbook.bin", Kind.XLSB),
    ("xl/workbook.xml", Kind.WORKBOOK),
    ("word/document.xml", Kind.DOCUMENT),
    ("content.xml", Kind.ODS),
)
_HTML = (b"<html", b"<!doctype html", b"<table", b"<?mso-application", b"<workbook", b"<head")


def sniff(data: bytes) -> Kind:
    """The kind of a file by its bytes; a zip file is ``ZIP`` until ``kind_of_members`` has looked inside."""
    if not data.strip(b"\0"):
        return Kind.EMPTY
    for offset, magic, kind in _MAGIC:
        if data.startswith(magic, offset):
            return kind
    if data.startswith(b"BM") and b"\0" in data[:16]:
        return Kind.IMAGE
    if data.startswith(_OLE2):
        streams = (kind for name, kind in _OLE2_STREAMS if name.encode("utf-16-le") in data)
        return next(streams, Kind.UNKNOWN)
    return _text_kind(data[:8192])


def _text_kind(head: bytes) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.TEXT
    if b"\0" in head:
        return Kind.UNKNOWN
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in head)
    if odd * 50 > len(head):
        return Kind.UNKNOWN
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    if start.startswith((b"<?xml", b"<!--", b"<")) and any(mark in start for mark in _HTML):
        return Kind.HTML
    return Kind.TEXT


def kind_of_members(names: Iterable[str]) -> Kind:
    """What the members of a zip file make it: xlsx, xlsm, xlsb, ods, docx, or a bundle of files."""
    present = {name.lower() for name in names}
    return next((kind for name, kind in _MEMBERS if name in present), Kind.ARCHIVE)
