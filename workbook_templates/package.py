"""Zip as workbooks and bundles of workbooks need it: members with given bytes, a directory, one date for all."""

from __future__ import annotations

import struct
from datetime import date
from typing import BinaryIO, NamedTuple

from isal import isal_zlib

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_WIDE = struct.Struct("<2HQ")  # the extra field that holds an offset beyond 4 GB
_VERSION, _VERSION_64 = 20, 45
_UTF8 = 0x0800
_MOST, _FARTHEST = 0xFFFF, 0xFFFFFFFF
STORED, DEFLATED = 0, 8
FIRST_DAY = date(1980, 1, 1)  # of zip, and of every part of a workbook

crc32 = isal_zlib.crc32


class Member(NamedTuple):
    """What the headers say of one member."""

    name: bytes  # UTF-8
    method: int
    crc: int
    packed: int  # bytes it takes in the file
    size: int  # bytes it unpacks to
    date: int = (FIRST_DAY.month << 5) | FIRST_DAY.day

    @property
    def _flags(self) -> int:
        return 0 if self.name.isascii() else _UTF8

    @property
    def local(self) -> bytes:
        """The header before its bytes."""
        name, method, crc, packed, size, day = self
        fields = (_VERSION, self._flags, method, 0, day, crc, packed, size, len(name), 0)
        return _LOCAL.pack(b"PK\x03\x04", *fields) + name

    def central(self, offset: int) -> bytes:
        """Its entry in the directory."""
        name, method, crc, packed, size, day = self
        wide = b"" if offset < _FARTHEST else _WIDE.pack(1, 8, offset)
        version = _VERSION_64 if wide else _VERSION
        fields = (version, version, self._flags, method, 0, day, crc, packed, size, len(name), len(wide), 0, 0, 0, 0)
        return _CENTRAL.pack(b"PK\x01\x02", *fields, min(offset, _FARTHEST)) + name + wide


def end(count: int, size: int, offset: int) -> bytes:
    """The records after a directory of ``count`` entries and ``size`` bytes that begins at ``offset``."""
    plain = _END.pack(
        b"PK\x05\x06", 0, 0, min(count, _MOST), min(count, _MOST), min(size, _FARTHEST), min(offset, _FARTHEST), 0
    )
    if count < _MOST and size < _FARTHEST and offset < _FARTHEST:
        return plain
    length = _END_64.size - 12
    wide = _END_64.pack(b"PK\x06\x06", length, _VERSION_64, _VERSION_64, 0, 0, count, count, size, offset)
    return wide + _LOCATOR_64.pack(b"PK\x06\x07", 0, offset + size, 1) + plain


class Archive:
    """A zip written front to back into a stream that need not seek; only its directory is held in memory."""

    def __init__(self, out: BinaryIO, day: date) -> None:
        self._out, self._at, self._directory = out, 0, list[bytes]()
        self._date = (day.year - FIRST_DAY.year << 9) | (day.month << 5) | day.day

    def add(self, name: str, data: bytes) -> None:
        """One file, stored as it is: workbooks are deflated already."""
        member = Member(name.encode(), STORED, crc32(data), len(data), len(data), self._date)
        header = member.local
        self._out.write(header)
        self._out.write(data)
        self._directory.append(member.central(self._at))
        self._at += len(header) + len(data)

    def close(self) -> None:
        """Write the directory; the stream stays open."""
        directory = b"".join(self._directory)
        self._out.write(directory + end(len(self._directory), len(directory), self._at))
