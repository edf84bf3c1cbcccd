"""Hostile workbooks at their heaviest: each as large as it can be and still get as far as it does."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.ingest import crafted
from tests.ingest.crafted import MAIN, book, sheet

_MEGABYTE = 1024 * 1024


def _hardly_deflating(size: int) -> str:
    """Letters that deflate to a good part of their length, so that no ratio betrays the file."""
    words = ["".join(random.Random(n).choices("abcdefghij ", k=4_000)) for n in range(200)]
    return "".join(random.Random(0).choices(words, k=size // 4_000 + 1))[:size]


def far_cell() -> bytes:
    return book(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def whole_sheet_merged() -> bytes:
    return book(sheet(after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))


def overlapping_merges() -> bytes:
    return book(sheet(after="<mergeCells>" + '<mergeCell ref="A1:CV2000"/>' * 5_000 + "</mergeCells>"))


def empty_rows() -> bytes:
    return book(sheet("".join(f'<row r="{n}"/>' for n in range(1, 400_000))))


def nameless_rows() -> bytes:
    return book(sheet("".join(f'<row ht="{n}"/>' for n in range(1_000_000))))


def many_cells() -> bytes:
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{letter}{n}"><v>{n}</v></c>' for letter in "ABCDEFGHIJKLMNOPQRST") + "</row>"
        for n in range(1, 25_000)
    )
    return book(sheet(rows))


def long_attribute() -> bytes:
    return book(sheet().replace("<sheetData>", f'<sheetPr codeName="{_hardly_deflating(40 * _MEGABYTE)}"/><sheetData>'))


def long_value() -> bytes:
    return book(sheet(f'<row r="1"><c r="A1" t="str"><v>{_hardly_deflating(40 * _MEGABYTE)}</v></c></row>'))


def many_formats() -> bytes:
    return book(styles=crafted.styles(500_000))


def stated_strings() -> bytes:
    return book(strings=crafted.strings("a").replace('uniqueCount="1"', 'uniqueCount="4294967295"'))


def many_strings() -> bytes:
    return book(strings=f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{n}</t></si>" for n in range(500_000)) + "</sst>")


def repeated_string() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 50_000))
    return book(sheet(rows), strings=crafted.strings("x" * 32_000))


def deep() -> bytes:
    return book(sheet(after="<a>" * 500_000 + "</a>" * 500_000))


def entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return book(f'<!DOCTYPE a [<!ENTITY e0 "x">{levels}]>' + sheet())


def entities_in_utf16() -> bytes:
    return book(('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>' + sheet()).encode("utf-16"))


def many_tags() -> bytes:
    return book(more={"xl/drawings/drawing1.xml": "<a>" + "".join(f"<b>{n}" for n in range(4_000_000)) + "</a>"})


def many_sheets() -> bytes:
    return book(names=tuple(f"s{n}" for n in range(2_000)))


def zip_bomb() -> bytes:
    return book(more={"xl/media/image1.png": b"\0" * (90 * _MEGABYTE)})


def lying_zip_bomb() -> bytes:
    return crafted.with_declared_size(book(more={"[Content_Types].xml": b" " * (90 * _MEGABYTE)}), 4_000)


def many_members() -> bytes:
    return book(more={f"xl/media/{n}": "x" for n in range(20_000)})


def large_part() -> bytes:
    return book(more={"xl/x.xml": "<a>" + f"<b>{_hardly_deflating(4_000)}</b>" * 11_000 + "</a>"})


HEAVIEST: dict[str, tuple[Callable[[], bytes], str]] = {
    "a cell in the last corner": (far_cell, "guard-too-many-rows"),
    "the whole sheet merged": (whole_sheet_merged, "guard-huge-merge"),
    "5,000 merges over one another": (overlapping_merges, "guard-huge-merge"),
    "400,000 empty rows": (empty_rows, "guard-too-many-rows"),
    "a million rows without numbers": (nameless_rows, "guard-too-many-rows"),
    "500,000 cells": (many_cells, "guard-too-many-cells"),
    "an attribute of 40 MB": (long_attribute, "guard-long-text"),
    "a value of 40 MB": (long_value, "guard-long-text"),
    "500,000 cell formats": (many_formats, "guard-too-many-formats"),
    "four milliard strings stated": (stated_strings, "guard-too-many-strings"),
    "500,000 strings": (many_strings, "guard-too-many-strings"),
    "one string of 32,000 characters in 50,000 cells": (repeated_string, "guard-repeated-text"),
    "500,000 elements in one another": (deep, "guard-too-deep"),
    "entities that multiply": (entities, "guard-doctype"),
    "a document type in UTF-16": (entities_in_utf16, "guard-doctype"),
    "four million tags": (many_tags, "guard-too-many-tags"),
    "2,000 sheets": (many_sheets, "guard-too-many-sheets"),
    "a zip bomb": (zip_bomb, "guard-zip-bomb"),
    "a zip bomb that states 4 KB": (lying_zip_bomb, "guard-size-lie"),
    "20,000 members": (many_members, "guard-too-many-members"),
}
