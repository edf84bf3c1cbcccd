"""The document behind a request (công văn) as it arrives: a pdf or a docx that does nothing when it is opened."""

from __future__ import annotations

import re
import zlib

from ingest.kind import Kind, sniff
from ingest.limits import LIMITS, MEGABYTE, Limits
from ingest.narrative import look_through
from registry.findings import Finding, finding

PDF, DOCX = "pdf", "docx"
UNSEEN = "letter-unseen"  # the note on a pdf: a person has to say that it is not secret
LETTER_BYTES = 16 * MEGABYTE
_PIECE = 1024  # bytes of a stream inflated at a time: what ends at once costs no more
# objects packed together, since PDF 1.5
_STREAM = re.compile(rb"/ObjStm(?:(?!/ObjStm).){0,400}?stream\r?\n", re.DOTALL)


def _spelt(name: str) -> bytes:
    """A pattern for a name of a pdf, any letter of which may be written ``#4a``."""
    return b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name.encode())


_ACTIVE = re.compile(rb"/(?:" + b"|".join(map(_spelt, ("JavaScript", "Launch"))) + rb")(?![A-Za-z])")
_LOCKED = re.compile(rb"/" + _spelt("Encrypt") + rb"\s*(?:\d+\s+\d+\s+R|<<)")


def kind_of(data: bytes) -> str | None:
    """``pdf`` or ``docx`` by the first bytes; None for anything else."""
    return {Kind.PDF: PDF, Kind.ZIP: DOCX}.get(sniff(data))


def check_letter(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything to say about the file; BLOCK findings refuse it.

    A docx is looked through as a narrative is, so macros and secrecy marks refuse it too. In a pdf programs are looked
    for in the open and in packed objects; one that cannot be looked through to its end is refused. Whether a pdf bears
    a mark of secrecy nobody sees here: a note says so. Raises what a parser dies of.
    """
    if kind_of(data) == PDF:
        return (finding(_fault_of(data, limits) or UNSEEN, name=name),)
    found = look_through(data, name, limits).findings
    if any(one.code == "narrative-not-docx" for one in found):
        return (finding("letter-kind", name=name),)
    return found


def _fault_of(data: bytes, limits: Limits) -> str | None:
    """The code of what refuses a pdf."""
    if _LOCKED.search(data):
        return "letter-locked"
    packed, is_whole = _packed(data, limits)
    if any(_ACTIVE.search(one) for one in (data, *packed)):
        return "letter-active"
    return None if is_whole else "letter-too-much"


def _packed(data: bytes, limits: Limits) -> tuple[list[bytes], bool]:
    """The contents of packed objects up to where they are damaged; False where there is more than may be looked at."""
    left, found, whole = limits.total_bytes, list[bytes](), memoryview(data)
    for match in _STREAM.finditer(data):
        most = min(left, limits.part_bytes)
        plain, taken = _inflated(whole[match.end() :], most)
        found.append(plain)
        left -= taken
        if len(plain) >= most or left <= 0:
            return found, False
    return found, True


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
