"""The container of Excel 97 to 2003 (OLE2): opened by hand, followed nowhere twice, believed nowhere."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.container import Refused
from ingest.kind import OLE2, Kind

_HEADER = struct.Struct("<8s16s5H6s9L")
_ENTRY = struct.Struct("<64sHBB3L16sL16sLQ")
_LAST, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_STREAM = 2
_MOST_ENTRIES = 4_096
_SMALLEST = 4_096  # bytes of a stream outside the store of small ones
_RECORD = struct.Struct("<2H")
_FILEPASS, _BOUNDSHEET, _SUPBOOK, _EOF = 0x2F, 0x85, 0x1AE, 0x0A
_MACRO_SHEETS = (1, 6)  # kinds of sheet in a BOUNDSHEET: macros of Excel 4, Visual Basic
_KINDS: tuple[tuple[str, Kind], ...] = (  # a stream's name decides
    ("EncryptedPackage", Kind.ENCRYPTED),
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("WordDocument", Kind.DOC),
    ("PowerPoint Document", Kind.SLIDES),
)
_MACROS = ("_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT", "Macros")
_EMBEDDED = ("MBD", "ObjectPool", "\x01Ole10Native")


def kind_of_compound(data: bytes) -> Kind:
    """What the streams of an OLE2 file make it; names are looked for in the bytes, so a damaged file is named too."""
    return next((kind for name, kind in _KINDS if name.encode("utf-16-le") in data), Kind.UNKNOWN)


def check_xls(data: bytes) -> None:
    """Nothing in an Excel 97 file runs a program, hides another file or is locked.

    Raises Refused otherwise, and where the container or the workbook's records do not hold together.
    """
    compound = _open(data)
    for name in compound.streams:
        if name in _MACROS:
            raise Refused("guard-macros")
        if name.startswith(_EMBEDDED):
            raise Refused("guard-embedded", part=name.strip("\x01"))
    for kind, body in _records(compound.read("Workbook" if "Workbook" in compound.streams else "Book")):
        if kind == _FILEPASS:
            raise Refused("guard-encrypted")
        if kind == _BOUNDSHEET and len(body) > 5 and body[5] in _MACRO_SHEETS:
            raise Refused("guard-macros")
        if kind == _SUPBOOK and _is_dde(body):
            raise Refused("guard-dde", part="Workbook")


def _is_dde(body: bytes) -> bool:
    """True for a source without sheets whose name is program and topic, which 3 separates; a path begins with 1."""
    return body[:2] == b"\0\0" and body[5:6] != b"\x01" and b"\x03" in body[5:]


@dataclass(frozen=True)
class _Stream:
    """A directory entry: what it is, where it begins, how long it says it is."""

    kind: int
    start: int
    size: int


@dataclass(frozen=True)
class _Compound:
    data: bytes
    sector: int  # bytes
    fat: array[int]
    streams: dict[str, _Stream]  # storages too

    def read(self, name: str) -> bytes:
        """The bytes of a stream; a workbook in the store of small streams is none of ours, and not looked into."""
        found = self.streams.get(name)
        if found is None or found.kind != _STREAM:
            raise _broken(name)
        if found.size < _SMALLEST:
            raise Refused("guard-xls")
        whole = b"".join(self._sectors(found.start))
        if found.size > len(whole):
            raise _broken(name)
        return whole[: found.size]

    def _sectors(self, start: int) -> Iterator[bytes]:
        for at in _chain(self.fat, start):
            found = self.data[(at + 1) * self.sector : (at + 2) * self.sector]
            if not found:
                raise Refused("guard-truncated")
            yield found


def _broken(part: str) -> Refused:
    return Refused("guard-broken-container", part=part)


def _open(data: bytes) -> _Compound:
    if len(data) < 512:
        raise Refused("guard-truncated")
    mark, _, _, _, _, shift, _, _, _, sectors, directory, _, _, _, _, more, count = _HEADER.unpack_from(data)
    if mark != OLE2 or shift not in (9, 12):
        raise _broken("header")
    sector = 1 << shift
    fat = array("I")
    for at in _fat_sectors(data, sector, sectors, more, count):
        fat.frombytes(_sector(data, sector, at))
    compound = _Compound(data, sector, fat, {})
    listed = b"".join(compound._sectors(directory))
    if not listed or len(listed) > _MOST_ENTRIES * _ENTRY.size:
        raise _broken("directory")
    for entry in _ENTRY.iter_unpack(listed[: len(listed) // _ENTRY.size * _ENTRY.size]):
        name, length, kind, _, _, _, _, _, _, _, start, size = entry
        if kind:
            compound.streams[name[: max(0, length - 2)].decode("utf-16-le", "replace")] = _Stream(kind, start, size)
    return compound


def _sector(data: bytes, size: int, at: int) -> bytes:
    found = data[(at + 1) * size : (at + 2) * size]
    if len(found) != size:
        raise Refused("guard-truncated")
    return found


def _fat_sectors(data: bytes, size: int, sectors: int, more: int, count: int) -> Iterator[int]:
    """Where the table of sectors stands: 109 places in the header, the rest in a chain of further lists."""
    most = len(data) // size + 1
    if sectors > most or count > most:
        raise _broken("header")
    places = array("I", data[76:512])
    for _ in range(count):
        if more in (_LAST, _FREE):
            break
        listed = array("I", _sector(data, size, more))
        more = listed.pop()
        places.extend(listed)
    found = [at for at in places if at < _LAST - 2][:sectors]
    if len(found) != sectors:
        raise _broken("header")
    yield from found


def _chain(fat: array[int], start: int) -> Iterator[int]:
    """The sectors of a stream; one met twice breaks the file."""
    at, met = start, 0
    while at != _LAST:
        if at >= len(fat) or met > len(fat):
            raise _broken("sectors")
        yield at
        at, met = fat[at], met + 1


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, body) of the records of the workbook's globals."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = _RECORD.unpack_from(stream, at)
        if at + 4 + length > len(stream):
            raise _broken("Workbook")
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _EOF:
            return
        at += 4 + length
    raise _broken("Workbook")
