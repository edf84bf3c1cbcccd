"""The zip container of xlsx and docx, read by hand and believed nowhere: directory, local headers, real sizes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from isal import isal_zlib

from ingest.limits import LIMITS, MEGABYTE, Limits
from registry.findings import Finding, finding

END = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_ZIP64_END = struct.Struct("<4sQ2H2L4Q")
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_DESCRIPTOR = 0x0008
_UNKNOWN = 0xFFFFFFFF
_SYMLINK = 0o120000
_KIND_OF_BLOCK, _FIXED = 0b110, 0b010  # bits of a deflate stream's first byte; isal is slow where many such blocks are
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"BM")
_LEAD = b"\xef\xbb\xbf\xff\xfe \t\r\n"


class Refused(Exception):
    """The file is turned away; ``finding`` says why."""

    def __init__(self, code: str, **where: object) -> None:
        texts = {name: value if value is None else str(value) for name, value in where.items()}
        self.finding: Finding = finding(code, **texts)
        super().__init__(code)


class Member(NamedTuple):
    """One entry of the directory; ``start`` and ``end`` bound its deflated bytes in the file."""

    name: str
    method: int  # 0 stored, 8 deflated
    crc: int
    start: int
    end: int
    size: int  # inflated bytes, as declared


@dataclass
class Container:
    """The parts of a zip file by name; a part is inflated once, when asked for."""

    data: bytes
    members: dict[str, Member]
    limits: Limits = LIMITS
    _inflated: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def read(self, name: str) -> bytes:
        """The inflated bytes of a part, counted against its declared size. Raises Refused, KeyError."""
        if name not in self._inflated:
            self._inflated[name] = _inflate(self.data, self.members[name], self.limits)
        return self._inflated[name]


def open_container(data: bytes, limits: Limits = LIMITS) -> Container:
    """The directory of a zip file, checked against its local headers; nothing is inflated yet. Raises Refused."""
    offset, size, count = _directory(data)
    if count > limits.members:
        raise Refused("guard-too-many-members", found=count, limit=limits.members)
    entries = list(_entries(data, offset, size, count))
    members = [_member(data, entry, offset) for entry in entries]
    _check_places(entries, members)
    _check_names([member.name for member in members])
    _check_sizes(members, limits)
    return Container(data, {member.name: member for member in members}, limits)


class _Entry(NamedTuple):
    """A directory entry as written."""

    name: bytes
    flags: int
    method: int
    crc: int
    deflated: int
    size: int
    mode: int
    local: int


def _broken(part: str) -> Refused:
    return Refused("guard-broken-container", part=part)


def _directory(data: bytes) -> tuple[int, int, int]:
    """(offset, bytes, entries) of the central directory, which must end where the end records begin."""
    place = data.rfind(END, max(0, len(data) - 65_557))
    if place < 0 or place + _END.size > len(data):
        raise Refused("guard-truncated")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(data, place)
    if place + _END.size + comment != len(data) or disk or first_disk or here != count:
        raise _broken("end record")
    end = place
    if _UNKNOWN in (size, offset) or count == 0xFFFF or data[place - 20 : place - 16] == b"PK\x06\x07":
        end, offset, size, count = _zip64_directory(data, place)
    if offset + size != end:
        raise _broken("directory")
    return offset, size, count


def _zip64_directory(data: bytes, place: int) -> tuple[int, int, int, int]:
    locator = data[place - 20 : place] if place >= 20 else b""
    if locator[:4] != b"PK\x06\x07":
        raise _broken("zip64")
    (end,) = struct.unpack_from("<Q", locator, 8)
    if end + _ZIP64_END.size > place:
        raise _broken("zip64")
    mark, _, _, _, _, _, here, count, size, offset = _ZIP64_END.unpack_from(data, end)
    if mark != b"PK\x06\x06" or here != count:
        raise _broken("zip64")
    return end, offset, size, count


def _entries(data: bytes, offset: int, size: int, count: int) -> Iterator[_Entry]:
    place, end = offset, offset + size
    for _ in range(count):
        if place + _CENTRAL.size > end:
            raise _broken("directory")
        fields = _CENTRAL.unpack_from(data, place)
        mark, _, _, flags, method, _, _, crc, deflated, real, name, extra, comment, _, _, attributes, local = fields
        if mark != b"PK\x01\x02" or place + _CENTRAL.size + name + extra + comment > end:
            raise _broken("directory")
        place += _CENTRAL.size
        more = data[place + name : place + name + extra]
        if _UNKNOWN in (real, deflated, local):
            real, deflated, local = _zip64_sizes(more, (real, deflated, local))
        yield _Entry(data[place : place + name], flags, method, crc, deflated, real, attributes >> 16, local)
        place += name + extra + comment
    if place != end:
        raise _broken("directory")


def _zip64_sizes(extra: bytes, sizes: tuple[int, int, int]) -> tuple[int, int, int]:
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra[place + 4 : place + 4 + length]))
            real, deflated, local = (next(wide, _UNKNOWN) if one == _UNKNOWN else one for one in sizes)
            return real, deflated, local
        place += 4 + length
    raise _broken("zip64")


def _member(data: bytes, entry: _Entry, directory: int) -> Member:
    if entry.flags & _ENCRYPTED:
        raise Refused("guard-locked-zip")
    if entry.method not in (0, 8):
        raise Refused("guard-unknown-method", found=entry.method)
    if entry.mode & 0o170000 == _SYMLINK:
        raise Refused("guard-unsafe-name", found=_shown(entry.name))
    if entry.local + _LOCAL.size > directory:
        raise _broken("local header")
    mark, _, flags, method, _, _, crc, deflated, size, name, extra = _LOCAL.unpack_from(data, entry.local)
    begins = entry.local + _LOCAL.size
    same = mark == b"PK\x03\x04" and method == entry.method and data[begins : begins + name] == entry.name
    same = same and flags & (_ENCRYPTED | _DESCRIPTOR) == entry.flags & (_ENCRYPTED | _DESCRIPTOR)
    if not flags & _DESCRIPTOR and _UNKNOWN not in (deflated, size):
        same = same and (crc, deflated, size) == (entry.crc, entry.deflated, entry.size)
    start = begins + name + extra
    if not same or start + entry.deflated > directory or (entry.method == 0 and entry.size != entry.deflated):
        raise _broken("local header")
    return Member(_decoded(entry), entry.method, entry.crc, start, start + entry.deflated, entry.size)


def _decoded(entry: _Entry) -> str:
    try:
        return entry.name.decode("utf-8")
    except UnicodeDecodeError:
        return entry.name.decode("cp437")


def _shown(name: bytes) -> str:
    return name[:60].decode("utf-8", "replace")


def _check_places(entries: list[_Entry], members: list[Member]) -> None:
    """The first member stands at offset 0 and no two share a byte."""
    spans = sorted((entry.local, member.end) for entry, member in zip(entries, members, strict=True))
    if not spans or spans[0][0] != 0:
        raise _broken("offset 0")
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise Refused("guard-overlap")


def _check_names(names: list[str]) -> None:
    for name in names:
        unsafe = "\\" in name or "\0" in name or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")
        if unsafe or not name:
            raise Refused("guard-unsafe-name", found=name[:60].replace("\0", "?"))
    if len({name.casefold() for name in names}) != len(names):
        raise Refused("guard-duplicate-member")


def _check_sizes(members: list[Member], limits: Limits) -> None:
    for member in members:
        deflated = max(1, member.end - member.start)
        bomb = member.size > limits.part_bytes
        bomb = bomb or (member.size > limits.ratio_from and member.size > limits.ratio * deflated)
        if bomb:
            raise Refused("guard-zip-bomb", found=member.size // 1_048_576, limit=limits.part_bytes // 1_048_576)
    total = sum(member.size for member in members)
    if total > limits.total_bytes:
        raise Refused("guard-zip-bomb", found=total // 1_048_576, limit=limits.total_bytes // 1_048_576)


def _inflate(data: bytes, member: Member, limits: Limits) -> bytes:
    packed = memoryview(data)[member.start : member.end]
    plain = bytes(packed) if member.method == 0 else _unpacked(packed, member, limits)
    if len(plain) != member.size or isal_zlib.crc32(plain) != member.crc:
        raise _broken(member.name)
    return plain


def _unpacked(packed: memoryview, member: Member, limits: Limits) -> bytes:
    """At most the declared size. A part beyond a megabyte is first looked through a megabyte at a time, so that a bomb
    is refused before it is all there.
    """
    engine = (zlib if packed[:1] and packed[0] & _KIND_OF_BLOCK == _FIXED else isal_zlib).decompressobj(-15)
    rest: bytes | memoryview = packed
    size = stretch = tags = 0
    plain = b""
    try:
        while chunk := engine.decompress(rest, min(MEGABYTE, member.size + 1 - size)):
            plain = plain or chunk
            size += len(chunk)
            if size > member.size:
                raise Refused("guard-size-lie", part=member.name)
            if engine.eof:
                break
            if starts_as_xml(plain):
                tags, stretch = tags + chunk.count(b"<"), _stretch(chunk, stretch)
                _check_bomb(member.name, tags, stretch, limits)
            rest = engine.unconsumed_tail
        if not engine.eof or engine.unused_data:
            raise _broken(member.name)
        return plain if size == len(plain) else isal_zlib.decompress(packed, -15, size)
    except (isal_zlib.error, zlib.error):  # type: ignore[misc]  # its stub says an instance
        raise _broken(member.name) from None


def _check_bomb(part: str, tags: int, stretch: int, limits: Limits) -> None:
    if tags > limits.tags:
        raise Refused("guard-too-many-tags", part=part, limit=limits.tags)
    if stretch > limits.stretch_bytes:
        raise Refused("guard-long-text", part=part, limit=limits.stretch_bytes)


def _stretch(chunk: bytes, before: int) -> int:
    """Bytes since the last "<", or up to the first one where that is longer."""
    first, last = chunk.find(b"<"), chunk.rfind(b"<")
    return before + len(chunk) if first < 0 else max(before + first, len(chunk) - last)


def starts_as_xml(data: bytes) -> bool:
    """True for the beginning of a part that a reader might take as XML, whatever it is named."""
    return not data.startswith(_BINARY) and data[:64].replace(b"\0", b"").lstrip(_LEAD)[:1] == b"<"
