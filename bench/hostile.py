"""What it costs to refuse hostile workbooks: CPU time and memory, beside what is allowed (0.2 s, 30 MB)."""

import os
import resource
import struct
from collections.abc import Callable, Iterator

from bench.harness import Effort, Measurement, main
from ingest.reading import read_guarded
from tests.ingest.hostile import HEAVIEST

_ALLOWED_MS, _ALLOWED_MB = 200, 30
_COST = struct.Struct("2d")


def measure(_: Effort) -> Iterator[Measurement]:
    """Each file at its heaviest, made and refused in processes of their own."""
    for name, (make, _code) in HEAVIEST.items():
        data = _apart(make)
        milliseconds, megabytes = _COST.unpack(_apart(lambda data=data: _refused(data)))  # type: ignore[misc]
        ratios = {f"{_ALLOWED_MS} ms": milliseconds / _ALLOWED_MS, f"{_ALLOWED_MB} MB": megabytes / _ALLOWED_MB}
        yield Measurement(name, milliseconds, "ms", ratios)


def _apart(work: Callable[[], bytes]) -> bytes:
    """What ``work`` comes to, done by a fork: its memory is not ours."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writing, "wb") as answer:
            answer.write(work())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        found = answer.read()
    os.waitpid(child, 0)
    return found


def _refused(data: bytes) -> bytes:
    """CPU milliseconds of refusing a file, and the megabytes by which the process grew."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    read_guarded(data, "a.xlsx")
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _COST.pack(spent * 1e3, (after.ru_maxrss - before.ru_maxrss) / 1024)


if __name__ == "__main__":
    main(measure)
