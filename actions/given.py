"""A path given at the console, opened so that nothing it may be holds the command up or fills its memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from registry.findings import Finding, finding

_CHUNK = 1 << 20


def name_of(path: Path) -> str:
    """The file's name as text; bytes that are no text become signs."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def contents(path: Path, limit: int) -> bytes | Finding:
    """The bytes of an ordinary file of at most ``limit`` bytes, or the BLOCK finding that says why not.

    Pipes, sockets and devices are never read; nothing beyond the limit is.
    """
    name = name_of(path)
    try:
        kind = os.stat(path).st_mode  # noqa: PTH116  (a Path remembers nothing, yet follows links the same way)
        if stat.S_ISDIR(kind):
            return finding("file-folder", name=name)
        if not stat.S_ISREG(kind):
            return finding("file-special", name=name)
        return _read(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), name, limit)
    except FileNotFoundError:
        return finding("file-missing", name=name)
    except PermissionError:
        return finding("file-closed", name=name)
    except (OSError, ValueError) as fault:
        return finding("file-unreadable", name=name, found=getattr(fault, "strerror", None) or str(fault))


def _read(descriptor: int, name: str, limit: int) -> bytes | Finding:
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return finding("file-special", name=name)
        size, held = status.st_size, bytearray()
        while size <= limit and (more := file.read(_CHUNK)):
            held += more
            size = max(size, len(held))
    if size > limit:
        return finding("guard-too-large", name=name, found=str(-(-size >> 20)), limit=limit >> 20)
    return bytes(held)
