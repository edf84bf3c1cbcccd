"""Reading in child processes that may die: a hostile file costs a child, never the server."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import msgspec

from ingest.child import EDITED, LENGTH, LETTER, LINES, MARKING, NARRATIVE, PIECES, WORKBOOK
from ingest.edited import Edited
from ingest.limits import CHILD_LIMITS, ChildLimits
from ingest.mark.job import Job
from ingest.model import Extraction
from ingest.parcel import DamagedParcel, unpack
from ingest.pieces import Piece, TextLine
from ingest.word.changes import Looked
from registry.findings import Finding, Severity, finding, is_blocking
from workbook_templates.outline import Place

_ROOT = Path(__file__).resolve().parents[1]
_DEATHS_ALLOWED = 2  # of one file; then it is not tried again
_REMEMBERED = 1_000  # files whose deaths are remembered
_LAST_SECONDS = 10  # for a process whose pipe has closed to be gone
_CHUNK = 1 << 16
_Answer = TypeVar("_Answer")


class _ChildDied(Exception):
    """The child is gone or talks nonsense."""


class _ChildTooSlow(Exception):
    """The child used up its time."""


class _Child:
    """One child process and the conversation with it."""

    def __init__(self, limits: ChildLimits) -> None:
        self._limits = limits
        self.files = 0
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-m", "ingest.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise _ChildDied
        self._input, self._output = self._process.stdin, self._process.stdout
        os.set_blocking(self._input.fileno(), False)
        os.set_blocking(self._output.fileno(), False)

    def ask(self, *request: bytes) -> bytes:
        """The answer to task, what is to be known, and file. Raises _ChildDied, _ChildTooSlow; the child is of no use
        after either.
        """
        self.files += 1
        deadline = time.monotonic() + self._limits.wall_seconds
        try:
            self._send(b"".join(LENGTH.pack(len(one)) + one for one in request), deadline)
            (length,) = LENGTH.unpack(self._receive(LENGTH.size, deadline))
            if length > self._limits.result_bytes:
                raise _ChildDied
            return self._receive(length, deadline)
        except OSError as fault:
            raise self._end() from fault

    def _send(self, message: bytes, deadline: float) -> None:
        rest = memoryview(message)
        while rest:
            self._wait(deadline, writing=True)
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(self._input.fileno(), rest[:_CHUNK]) :]

    def _receive(self, length: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            self._wait(deadline, writing=False)
            with contextlib.suppress(BlockingIOError):
                more = os.read(self._output.fileno(), min(1 << 20, length - len(received)))
                if not more:
                    raise self._end()
                received += more
        return bytes(received)

    def _wait(self, deadline: float, *, writing: bool) -> None:
        poll = select.poll()
        if writing:
            poll.register(self._input.fileno(), select.POLLOUT)
        else:
            poll.register(self._output.fileno(), select.POLLIN)
        if not poll.poll(max(0, int((deadline - time.monotonic()) * 1000))):
            raise _ChildTooSlow

    def _end(self) -> Exception:
        """Why the child's output ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._process.wait(_LAST_SECONDS) == -signal.SIGXCPU:
                return _ChildTooSlow()
        return _ChildDied()

    def stop(self) -> None:
        """Ends the process and closes the pipes; may be called twice."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._input.close()
        self._output.close()


class ReadingPool:
    """So many children, started when first needed, replaced after a refusal, a death or many files.

    Safe to use from several threads; a caller waits while all children are busy.
    """

    def __init__(self, workers: int = 1, limits: ChildLimits = CHILD_LIMITS) -> None:
        self._limits = limits
        self._children: list[_Child | None] = [None] * workers
        self._free: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(workers):
            self._free.put(place)
        self._deaths: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._at_exit = weakref.finalize(self, _stop_all, self._children)

    def read(self, data: bytes, name: str) -> Extraction:
        """Guards and reads a file in a child. Never raises: a dead or slow child is a BLOCK finding."""
        try:
            return self._ask((WORKBOOK, name.encode("utf-8", "replace"), data), unpack)
        except (_ChildDied, _ChildTooSlow) as fault:
            code = "reading-timeout" if isinstance(fault, _ChildTooSlow) else "reading-child-died"
            return _refused(code, name, self._limits)

    def pieces(self, data: bytes, places: Sequence[Place]) -> tuple[Piece, ...]:
        """The pieces of a narrative (``ingest.pieces``), found in a child; none of one that cannot be read."""
        try:
            return self._ask((PIECES, msgspec.json.encode(places), data), _pieces)
        except (_ChildDied, _ChildTooSlow):
            return ()

    def edited(self, data: bytes, places: Sequence[Place]) -> Edited | None:
        """A draft that came back (``ingest.edited``), read in a child; None where it cannot be read."""
        try:
            return self._ask((EDITED, msgspec.json.encode(places), data), _edited)
        except (_ChildDied, _ChildTooSlow):
            return None

    def lines(self, data: bytes) -> tuple[TextLine, ...]:
        """The paragraphs of a narrative (``ingest.pieces``), read in a child; none of one that cannot be read."""
        try:
            return self._ask((LINES, b"", data), _text_lines)
        except (_ChildDied, _ChildTooSlow):
            return ()

    def marked(self, data: bytes, job: Job) -> bytes:
        """The workbook marked (``ingest.mark``) in a child; nothing of one that cannot be marked."""
        try:
            return self._ask((MARKING, msgspec.json.encode(job), data), bytes)
        except (_ChildDied, _ChildTooSlow):
            return b""

    def narrative(self, data: bytes, name: str) -> Looked:
        """A narrative looked through in a child (``ingest.narrative``). Never raises, as ``read`` does not."""
        return self._look(NARRATIVE, data, name)

    def letter(self, data: bytes, name: str) -> tuple[Finding, ...]:
        """Everything to say about the document behind a request (``ingest.letter``). Never raises either."""
        return self._look(LETTER, data, name).findings

    def _look(self, task: bytes, data: bytes, name: str) -> Looked:
        try:
            return self._ask((task, name.encode("utf-8", "replace"), data), _looked)
        except (_ChildDied, _ChildTooSlow) as fault:
            code = "reading-document-timeout" if isinstance(fault, _ChildTooSlow) else "reading-document-died"
            return Looked((finding(code, name=name, limit=int(self._limits.wall_seconds)),))

    def _ask(self, request: tuple[bytes, bytes, bytes], understood: Callable[[bytes], _Answer]) -> _Answer:
        digest = hashlib.sha256(request[-1]).hexdigest()
        with self._lock:
            if self._deaths[digest] >= _DEATHS_ALLOWED:
                raise _ChildDied
        place = self._free.get()
        try:
            return self._ask_at(place, request, understood)
        except (_ChildDied, _ChildTooSlow):
            self._replace(place)
            self._remember(digest)
            raise
        finally:
            self._free.put(place)

    def _ask_at(
        self, place: int, request: tuple[bytes, bytes, bytes], understood: Callable[[bytes], _Answer]
    ) -> _Answer:
        child = self._children[place]
        if child is None:
            try:
                child = self._children[place] = _Child(self._limits)
            except OSError as fault:
                raise _ChildDied from fault
        try:
            answer = understood(child.ask(*request))
        except DamagedParcel as fault:
            raise _ChildDied from fault
        if _is_refusal(answer) or child.files >= self._limits.files:
            self._replace(place)
        return answer

    def _replace(self, place: int) -> None:
        child, self._children[place] = self._children[place], None
        if child is not None:
            child.stop()

    def _remember(self, digest: str) -> None:
        with self._lock:
            if len(self._deaths) > _REMEMBERED:
                self._deaths.clear()
            self._deaths[digest] += 1

    def close(self) -> None:
        """Ends all children once they are free; a later read starts new ones."""
        places = [self._free.get() for _ in self._children]
        for place in places:
            self._replace(place)
            self._free.put(place)

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _stop_all(children: list[_Child | None]) -> None:
    for child in children:
        if child is not None:
            child.stop()


def _pieces(data: bytes) -> tuple[Piece, ...]:
    try:
        return msgspec.json.decode(data, type=tuple[Piece, ...])
    except msgspec.MsgspecError as fault:
        raise DamagedParcel(str(fault)) from fault


def _edited(data: bytes) -> Edited | None:
    try:
        return msgspec.json.decode(data, type=Edited) if data else None
    except msgspec.MsgspecError as fault:
        raise DamagedParcel(str(fault)) from fault


def _text_lines(data: bytes) -> tuple[TextLine, ...]:
    try:
        return msgspec.json.decode(data, type=tuple[TextLine, ...])
    except msgspec.MsgspecError as fault:
        raise DamagedParcel(str(fault)) from fault


def _looked(data: bytes) -> Looked:
    try:
        return msgspec.msgpack.decode(data, type=Looked)
    except msgspec.MsgspecError as fault:
        raise DamagedParcel(str(fault)) from fault


def _is_refusal(answer: object) -> bool:
    """True of no pieces or lines, of no marked workbook, and of a workbook or document that was refused."""
    if isinstance(answer, Looked):
        return is_blocking(answer.findings)
    if isinstance(answer, Extraction):
        return any(one.severity is Severity.BLOCK for one in answer.findings)
    return not answer


def _refused(code: str, name: str, limits: ChildLimits) -> Extraction:
    return Extraction(sheets=(), findings=(finding(code, name=name, limit=int(limits.wall_seconds)),))
