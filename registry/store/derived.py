"""Files that can be made again, kept by what they follow from so that other processes and restarts need not."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files under ``root`` by the hash of their key. A file appears whole or not at all, replaces an earlier one
    of its key, and is not synced: what a crash takes is made again. Anything here may be deleted at any time.
    """

    root: Path

    def get(self, key: str) -> bytes | None:
        """What was put under a key, None when nothing is there."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""
        with self.writing(key) as file:
            file.write(data)

    def open(self, key: str) -> BinaryIO:
        """The file of a key, to be read piece by piece; raises FileNotFoundError."""
        return self._path(key).open("rb")

    def remove(self, key: str) -> None:
        """Nothing is there any more."""
        self._path(key).unlink(missing_ok=True)

    def has(self, key: str) -> bool:
        """True when something is there."""
        return self._path(key).exists()

    def clear(self) -> None:
        """Nothing is there any more, under any key."""
        for path in self.root.glob("*"):
            if path.is_file():
                path.unlink(missing_ok=True)

    @contextmanager
    def writing(self, key: str) -> Iterator[BinaryIO]:
        """A stream that becomes the file of the key when the block ends well."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.root, prefix=".making-")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            Path(temporary).replace(self._path(key))
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _path(self, key: str) -> Path:
        return self.root / hashlib.sha256(key.encode()).hexdigest()
