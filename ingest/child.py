"""The reading child: takes files on standard input, answers with extractions, has nothing worth stealing.

Each message is its length (8 bytes, big-endian) and that many bytes. A request is three messages: the task, what it
needs to know besides (the name of a file, the places of an outline, what is to be marked), and the file; an answer is
one, a parcel of an extraction, the pieces or lines of a narrative as JSON, a marked workbook, or what was found in a
document.
Started as ``python -m ingest.child``; ends when its input ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from ingest.limits import CHILD_LIMITS
from ingest.model import Extraction
from ingest.parcel import pack
from ingest.reading import read_guarded
from ingest.word.changes import Looked
from registry.findings import finding

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # flags of unshare(2)
LENGTH = struct.Struct(">Q")
WORKBOOK, PIECES, LINES, MARKING = b"workbook", b"pieces", b"lines", b"marking"  # tasks
NARRATIVE, LETTER, EDITED = b"narrative", b"letter", b"edited"


def main() -> None:
    """Serves until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _confine()
    _leave_network()
    requests = sys.stdin.buffer
    while (task := _message(requests)) is not None:
        about, data = _message(requests), _message(requests)
        if about is None or data is None:
            return
        _allow_cpu()
        answer = _ANSWERS[task](data, about)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(data: bytes, about: bytes) -> bytes:
    name = about.decode("utf-8", "replace")
    try:
        answer = pack(read_guarded(data, name))
        code = "reading-too-much" if len(answer) > CHILD_LIMITS.result_bytes else ""
    except BaseException:
        code = "reading-child-died"
    return pack(Extraction(sheets=(), findings=(finding(code, name=name),))) if code else answer


def _pieces(data: bytes, about: bytes) -> bytes:
    from ingest.pieces import pieces  # a child that reads workbooks only has no use for outlines
    from workbook_templates.outline import Place

    try:
        return msgspec.json.encode(pieces(data, msgspec.json.decode(about, type=list[Place])))
    except BaseException:
        return msgspec.json.encode(())


def _edited(data: bytes, about: bytes) -> bytes:
    """A draft that came back, nothing where it cannot be read."""
    from ingest.edited import read_edited
    from workbook_templates.outline import Place

    try:
        return msgspec.json.encode(read_edited(data, msgspec.json.decode(about, type=list[Place])))
    except BaseException:
        return b""


def _text_lines(data: bytes, _: bytes) -> bytes:
    from ingest.pieces import text_lines

    try:
        return msgspec.json.encode(text_lines(data))
    except BaseException:
        return msgspec.json.encode(())


def _marked(data: bytes, about: bytes) -> bytes:
    """A marked workbook, nothing where it cannot be marked."""
    from ingest.mark.job import Job  # nor for lxml, until something is to be marked
    from ingest.mark.marking import marked

    try:
        return marked(data, msgspec.json.decode(about, type=Job))
    except BaseException:
        return b""


def _narrative(data: bytes, about: bytes) -> bytes:
    from ingest.narrative import look_through

    return _looked(lambda name: look_through(data, name), about)


def _letter(data: bytes, about: bytes) -> bytes:
    from ingest.letter import check_letter

    return _looked(lambda name: Looked(check_letter(data, name)), about)


def _looked(look: Callable[[str], Looked], about: bytes) -> bytes:
    """What looking through a document named by ``about`` found, without a conversion too large to be handed over;
    anything at all that goes wrong is a finding.
    """
    name = about.decode("utf-8", "replace")
    try:
        looked = look(name)
        answer = msgspec.msgpack.encode(looked)
        return answer if len(answer) <= CHILD_LIMITS.result_bytes else msgspec.msgpack.encode(Looked(looked.findings))
    except BaseException:
        return msgspec.msgpack.encode(Looked((finding("reading-document-died", name=name),)))


_ANSWERS = {
    WORKBOOK: _answer,
    PIECES: _pieces,
    LINES: _text_lines,
    MARKING: _marked,
    NARRATIVE: _narrative,
    LETTER: _letter,
    EDITED: _edited,
}


def _message(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def _confine() -> None:
    """No more memory than needed, no files written, no core dumps."""
    for what, limit in (
        (resource.RLIMIT_AS, CHILD_LIMITS.address_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def _leave_network() -> None:
    """A network of its own with nothing in it, where the machine allows a process that."""
    system = ctypes.CDLL(None)
    if system.unshare(_NEW_NETWORK) != 0:
        system.unshare(_NEW_USER | _NEW_NETWORK)


def _allow_cpu() -> None:
    """So many seconds for the next file; past them the kernel ends the child."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CHILD_LIMITS.cpu_seconds, hard))


if __name__ == "__main__":
    main()
