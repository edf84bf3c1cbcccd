"""Pictures of narratives: checked piece by piece and written anew without whatever else the file carried.

Only PNG and JPEG go into a report. Places and names a camera wrote into a photograph, comments, previews and bytes
behind the end are left behind.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 8 * 1024 * 1024  # bytes of one picture
MOST_PIXELS = 40_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND")
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG: where the size stands
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD, 0xE0, 0xEE})  # JPEG: needed to draw it
_SCAN, _END = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may be shown; ``kind`` is the end of its file's name."""

    kind: str  # png | jpeg
    data: bytes


def checked(data: bytes) -> Picture | None:
    """The picture without what does not draw it; None when it is no PNG or JPEG, broken or too large."""
    if len(data) > LARGEST:
        return None
    kind, write = ("png", _png) if data.startswith(_PNG) else ("jpeg", _jpeg)
    try:
        return Picture(kind, b"".join(write(data)))
    except (ValueError, IndexError, struct.error):
        return None


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at, name = len(_PNG), b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", data, at)
        end = at + size + 12
        (control,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(data[at + 4 : end - 4]) != control or (at == len(_PNG)) != (name == b"IHDR"):
            raise ValueError(name)
        if name == b"IHDR":
            _assert_small(*struct.unpack_from(">II", data, at + 8))
        if name in _PNG_KEPT:
            yield data[at:end]
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"\xff\xd8"):
        raise ValueError(data[:2])
    yield data[:2]
    at, is_sized = 2, False
    while True:
        mark, kind, size = struct.unpack_from(">BBH", data, at)
        end = at + 2 + size
        if mark != 0xFF or size < 2 or end > len(data):
            raise ValueError(mark)
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            _assert_small(width, height)
            is_sized = True
        if kind in _FRAMES or kind in _TABLES or kind == _SCAN:
            yield data[at:end]
        at = end
        if kind == _SCAN:
            if not is_sized:
                raise ValueError(kind)
            at = _end_of_scan(data, end)
            yield data[end:at]
        if data[at + 1] == _END:
            yield data[at : at + 2]
            return


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands behind the bytes of a scan."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _assert_small(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(width, height)
