"""One table of thresholds: how large, how deep, how far a file may reach before it is refused (FACTS 3).

Where the facts allow more than any workbook here needs (96 and 256 MB), less is allowed: the worst file that
passes costs what its size costs, and that is paid for every upload.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and areas; every one is inclusive: a file exactly at the limit passes."""

    file_bytes: int = 32 * MEGABYTE  # as sent
    members: int = 3_000  # entries of the zip directory
    part_bytes: int = 48 * MEGABYTE  # one part, inflated
    total_bytes: int = 96 * MEGABYTE  # all parts, inflated
    ratio: int = 400  # inflated : deflated, looked at beyond ``ratio_from``; our own sheets are at 4-11
    ratio_from: int = 4 * MEGABYTE
    tags: int = 2_000_000  # "<" in all parts
    stretch_bytes: int = 1_000_000  # between two "<": the longest tag or text (a cell holds 32,767 characters)
    depth: int = 64  # nested elements
    sheets: int = 256
    rows: int = 200_000  # row elements, and the number of the last row with a cell
    columns: int = 2_048  # the last column with a cell
    rectangle: int = 4_000_000  # last row x last column
    cells: int = 100_000  # cells and comments of the workbook; each costs the server 0.6 KB until it is judged
    merge_area: int = 200_000  # one merged range or hyperlink
    merge_areas: int = 400_000  # all merged ranges of a sheet: overlapping ones add up
    strings: int = 400_000  # shared strings
    string_characters: int = 32 * MEGABYTE  # shared strings, counted once for every cell that uses them
    accented_characters: int = 1_000_000  # of texts to be looked at for old charsets, which takes seconds
    formats: int = 65_490  # cell formats


LIMITS = Limits()
# Of a form's definition, which openpyxl reads in the server itself; our largest has 2,600 cells and 20,000 tags.
FORM_LIMITS = Limits(
    file_bytes=4 * MEGABYTE,
    part_bytes=8 * MEGABYTE,
    total_bytes=16 * MEGABYTE,
    tags=400_000,
    sheets=32,
    rows=20_000,
    columns=256,
    rectangle=400_000,
    cells=100_000,
    strings=100_000,
    string_characters=4 * MEGABYTE,
)


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a reading child may use before it is stopped."""

    address_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 15  # for one file
    wall_seconds: float = 20.0  # for one file
    result_bytes: int = 16 * MEGABYTE  # packed answer
    files: int = 500  # then the child is replaced


CHILD_LIMITS = ChildLimits()


@dataclass(frozen=True, slots=True)
class OfficeLimits:
    """What LibreOffice may use to convert or print one file."""

    address_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 12
    wall_seconds: float = 15.0  # waiting for its turn included
    result_bytes: int = 32 * MEGABYTE  # any file it writes


OFFICE_LIMITS = OfficeLimits()
PRINT_LIMITS = OfficeLimits(2048 * MEGABYTE, cpu_seconds=120, wall_seconds=240.0, result_bytes=128 * MEGABYTE)
