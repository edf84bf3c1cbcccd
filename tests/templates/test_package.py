"""The zip of workbooks, also where zip itself needs its wide fields."""

import io
import struct
import zipfile
from datetime import date

from workbook_templates.package import STORED, Archive, Member, crc32


def test_an_archive_is_read_by_others_with_its_names_dates_and_bytes() -> None:
    out = io.BytesIO()
    archive = Archive(out, date(2026, 10, 15))
    archive.add("24211/Ea Súp.xlsx", b"PK")
    archive.close()
    (found,) = zipfile.ZipFile(out).infolist()
    assert (found.filename, found.date_time) == ("24211/Ea Súp.xlsx", (2026, 10, 15, 0, 0, 0))
    assert zipfile.ZipFile(out).read(found) == b"PK"


def test_more_files_than_a_plain_directory_counts() -> None:
    out = io.BytesIO()
    archive = Archive(out, date(2026, 10, 15))
    for number in range(65_600):
        archive.add(str(number), b"")
    archive.close()
    assert len(zipfile.ZipFile(out).infolist()) == 65_600


def test_a_member_beyond_four_gigabytes_says_so_in_its_extra_field() -> None:
    entry = Member(b"a", STORED, crc32(b""), 0, 0).central(5 << 32)
    assert struct.unpack_from("<L", entry, 42) == (0xFFFFFFFF,)
    assert struct.unpack("<2HQ", entry[-12:]) == (1, 8, 5 << 32)
