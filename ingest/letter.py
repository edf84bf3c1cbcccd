"""The document behind a request (công văn) as it arrives: a pdf or a docx that does nothing when it is opened."""

from __future__ import annotations

import re
import zlib

from ingest.kind import Kind, sniff
from ingest.limits import LIMITS, MEGABYTE, Limits
from ingest.narrative import check_docx
from registry.findings import Finding, finding

PDF, DOCX = "pdf", "docx"
LETTER_BYTES = 16 * MEGABYTE
_PIECE = 1024  # bytes of a stream inflated at a time: what ends at once costs no more
# objects packed together, since PDF 1.5
_STREAM = re.compile(rb"/ObjStm(?:(?!/ObjStm).){0,400}?stream\r?\n", re.DOTALL)


def _spelt(name: str) -> bytes:
    """A pattern for a name of a pdf, any letter of which may be written ``#4a``."""
    return b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name.encode())


_ACTIVE = re.compile(rb"/(?:" + b"|".join(map(_spelt, ("JavaScript", "Launch"))) + rb")(?![A-Za-z])")


def kind_of(data: bytes) -> str | None:
    """``pdf`` or ``docx`` by the first bytes; None for anything else."""
    return {Kind.PDF: PDF, Kind.ZIP: DOCX}.get(sniff(data))


def check_letter(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything to say about the file; BLOCK findings refuse it.

    A docx is looked at as a narrative is, so macros and secrecy marks refuse it too. In a pdf programs are looked for
    in the open and in packed objects, not in encrypted ones. Never raises.
    """
    if kind_of(data) == PDF:
        is_active = any(_ACTIVE.search(one) for one in (data, *_packed(data, limits)))
        return (finding("letter-active", name=name),) if is_active else ()
    found = check_docx(data, name, limits)
    if any(one.code == "narrative-not-docx" for one in found):
        return (finding("letter-kind", name=name),)
    return found


def _packed(data: bytes, limits: Limits) -> list[bytes]:
    """The contents of packed objects, as much as a file may inflate to, up to where they are damaged."""
    left, found, whole = limits.total_bytes, list[bytes](), memoryview(data)
    for match in _STREAM.finditer(data):
        plain, taken = _inflated(whole[match.end() :], min(left, limits.part_bytes))
        found.append(plain)
        left -= taken
        if left <= 0:
            break
    return found


def _inflated(packed: memoryview, most: int) -> tuple[bytes, int]:
    """What a stream says until it ends, breaks or is too long; the bytes read and written for it."""
    engine, found, size, taken = zlib.decompressobj(), list[bytes](), 0, 0
    for at in range(0, len(packed), _PIECE):
        piece = packed[at : at + _PIECE]
        taken += len(piece)
        try:
            found.append(engine.decompress(piece, most - size))
        except zlib.error:
            break
        size += len(found[-1])
        if engine.eof or size >= most:
            break
    return b"".join(found), size + taken
