"""The small form's workbook in the shapes programs save it in: as stamped, by openpyxl, by hand, strict, prefixed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment

from ingest.identity import identify
from ingest.judge import judge
from ingest.mark.sheet import utf8
from ingest.model import Case, Verdict
from ingest.reading import read_guarded
from tests.ingest import a_form, crafted

GRID = a_form.grid()
MAIN, STRICT_MAIN = (one.encode() for one in (crafted.MAIN, crafted.STRICT))
OFFICE = crafted.RELS.encode()
STRICT_OFFICE = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
Parts = dict[str, bytes]
Change = Callable[[Parts], None]


def cell(row: str, column: str = "c06") -> str:
    """A1 of a cell of the form."""
    return GRID.cells[a_form.key(row, column)]


def parts(data: bytes) -> Parts:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, *changes: Change) -> bytes:
    """A workbook with its parts edited."""
    members = parts(data)
    for change in changes:
        change(members)
    return zipped(members)


def typed(
    values: Mapping[str, Any], notes: Mapping[str, str] | None = None, formats: Mapping[str, str] | None = None
) -> bytes:
    """The form's workbook with values in cells of its sheet, saved by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(a_form.workbook()))
    sheet = book[GRID.sheet]
    for address, value in values.items():
        sheet[address] = value
    for address, code in (formats or {}).items():
        sheet[address].number_format = code
    for address, text in (notes or {}).items():
        sheet[address].comment = Comment(text, "Người nhập")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def form_part(members: Parts) -> str:
    """The part of the form's sheet: the one with most cells."""
    sheets = [name for name in members if name.startswith("xl/worksheets/sheet")]
    return max(sheets, key=lambda name: len(re.findall(rb"<(?:x:)?f[ >]", utf8(members[name]))))


def prefixed(members: Parts) -> None:
    """The form's sheet with a prefix on every element, as the Open XML SDK writes it."""
    part = form_part(members)
    text = members[part].replace(
        b'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
        b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
    )
    members[part] = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", text)


def strict(members: Parts) -> None:
    """The dialect of ISO 29500 strict."""
    for name, data in members.items():
        data = data.replace(MAIN, STRICT_MAIN)
        members[name] = data.replace(OFFICE, STRICT_OFFICE)


def transitional(members: Parts) -> None:
    """The dialect openpyxl reads."""
    for name, data in members.items():
        data = data.replace(STRICT_MAIN, MAIN)
        members[name] = data.replace(STRICT_OFFICE, OFFICE)


def wide(members: Parts) -> None:
    """The form's sheet in UTF-16."""
    part = form_part(members)
    text = re.sub(rb"<\?xml[^>]*\?>", b"", members[part]).decode()
    members[part] = ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")


def without(address: str) -> Change:
    """The form's sheet without a cell."""

    def change(members: Parts) -> None:
        part = form_part(members)
        members[part], n = re.subn(rb'<c r="%b"[^>]*?(/>|>.*?</c>)' % address.encode(), b"", members[part], count=1)
        assert n == 1

    return change


def with_drawing() -> bytes:
    """A workbook of xlsxwriter with a picture of text and a comment, and no form of ours."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Nháp")
    sheet.write("B2", 5)
    sheet.write_comment("B2", "giữ nguyên")
    sheet.insert_textbox("D4", "Hộp chữ")
    book.close()
    return out.getvalue()


SHAPES = {
    "as stamped": lambda data: data,
    "prefixed": lambda data: changed(data, prefixed),
    "strict": lambda data: changed(data, strict),
    "UTF-16": lambda data: changed(data, wide),
    "stored": lambda data: zipped(parts(data)),
}


def verdict(data: bytes) -> Verdict:
    extraction = read_guarded(data, "biểu.xlsx")
    return judge(extraction, identify(extraction, a_form.KEYS), Case(a_form.EA_SUP, a_form.context(), a_form.RULES))
