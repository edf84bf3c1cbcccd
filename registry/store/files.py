"""Content-addressed, durable files: once `put` returns, the bytes survive any crash (FACTS 6)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SHA = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_LEAST_FREE_BYTES = 2 << 30
_LEAST_FREE_SHARE = 0.05


class FileTooLarge(ValueError):
    """The stream is longer than the limit; nothing of it is kept."""


class DiskFull(OSError):
    """Less than 5 % or 2 GB of the disk is free: no upload is accepted (FACTS 6), the shells answer 507."""


class Destroyed(FileNotFoundError):
    """The content was destroyed; ``act`` names the act, and the same bytes are never taken again (PRACTICE F21)."""

    def __init__(self, act: str) -> None:
        self.act = act
        super().__init__(act)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is safely on disk."""

    sha: str
    size: int


@dataclass(frozen=True, slots=True)
class FileStore:
    """Files under ``root/ab/cd/<sha256>``; names a user chose never reach the disk."""

    root: Path
    durable: bool = True  # False only for data that can be made again (the demo)

    def put(self, stream: BinaryIO, limit: int | None = None) -> Stored:
        """Store a stream: temporary file, hash, fsync, rename, fsync of every directory touched.

        Raises FileTooLarge past ``limit`` bytes, Destroyed, DiskFull, OSError.
        """
        self.assert_room()
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, temporary = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise FileTooLarge(size)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                if self.durable:
                    os.fsync(file.fileno())
            self._assert_wanted(digest.hexdigest())
            self._settle(Path(temporary), digest.hexdigest())
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return Stored(digest.hexdigest(), size)

    def open(self, sha: str) -> BinaryIO:
        """The stored bytes; raises FileNotFoundError, Destroyed."""
        self._assert_wanted(sha)
        return self._path(sha).open("rb")

    def read(self, sha: str) -> bytes:
        """All the stored bytes; raises FileNotFoundError, Destroyed."""
        self._assert_wanted(sha)
        return self._path(sha).read_bytes()

    def destroy(self, sha: str, act: str) -> None:
        """Destroy the bytes, there or not; a mark beside their place says by which act, before they go."""
        mark = self._mark(sha)
        mark.parent.mkdir(parents=True, exist_ok=True)
        with mark.open("w", encoding="utf-8") as file:
            file.write(act)
            file.flush()
            os.fsync(file.fileno())
        _sync(mark.parent)
        self._path(sha).unlink(missing_ok=True)
        _sync(mark.parent)

    def find(self, sha: str) -> Stored:
        """What is stored under a name; raises FileNotFoundError, Destroyed."""
        self._assert_wanted(sha)
        return Stored(sha, self._path(sha).stat().st_size)

    def exists(self, sha: str) -> bool:
        """True when the file is there."""
        return self._path(sha).exists()

    def assert_room(self) -> None:
        """Raises DiskFull."""
        existing = next(path for path in (self.root, *self.root.parents) if path.exists())
        usage = shutil.disk_usage(existing)
        if usage.free < min(_LEAST_FREE_BYTES, usage.total * _LEAST_FREE_SHARE):
            raise DiskFull(str(self.root))

    def _assert_wanted(self, sha: str) -> None:
        try:
            act = self._mark(sha).read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        raise Destroyed(act)

    def _mark(self, sha: str) -> Path:
        return self._path(sha).with_suffix(".destroyed")

    def _path(self, sha: str) -> Path:
        if not _SHA.fullmatch(sha):
            raise FileNotFoundError(sha)
        return self.root / sha[:2] / sha[2:4] / sha

    def _settle(self, temporary: Path, sha: str) -> None:
        target = self._path(sha)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
        if self.durable:
            for folder in (target.parent, target.parent.parent, self.root):
                _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
