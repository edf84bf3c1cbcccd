"""Files that came when their sender's session was over, until he has signed in again (docs/decisions/0037)."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=1)
MOST = 20  # files of one person
_WRITTEN_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """One file: what its sender named it, for which unit, and when it came."""

    path: Path
    name: str
    unit_id: int
    at: datetime

    def read(self) -> bytes:
        """Its bytes as they came; raises FileNotFoundError."""
        with self.path.open("rb") as file:
            file.readline()
            return file.read()

    def drop(self) -> None:
        """Hold it no more."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class HeldFiles:
    """A folder for each person under ``root``; every file begins with a line that says what it is."""

    root: Path

    def put(self, person_id: int, data: bytes, name: str, unit_id: int, at: datetime) -> bool:
        """Keep a file; False where the person has as many as may be. Raises OSError."""
        folder = self.root / str(person_id)
        if len(list(_fresh(folder, at))) >= MOST:
            return False
        folder.mkdir(parents=True, exist_ok=True)
        told = json.dumps({"name": name, "unit": unit_id, "at": at.isoformat()})
        coming = folder / f".{secrets.token_hex(8)}"
        with coming.open("wb") as file:
            file.write(f"{told}\n".encode())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        coming.replace(folder / coming.name.removeprefix("."))
        return True

    def of(self, person_id: int, at: datetime) -> list[Held]:
        """A person's files, oldest first."""
        return sorted(_fresh(self.root / str(person_id), at), key=lambda one: (one.at, one.name))

    def sweep(self, at: datetime) -> None:
        """Drop whatever is too old, whosever it is, and what a crash left half written."""
        for folder in self.root.glob("*"):
            list(_fresh(folder, at))
            for path in folder.glob(".*"):
                with suppress(FileNotFoundError):  # whole by now
                    if path.stat().st_mtime < (at - _WRITTEN_WITHIN).timestamp():
                        path.unlink()


def _fresh(folder: Path, at: datetime) -> Iterator[Held]:
    """What is held in a folder; what is too old is dropped."""
    for path in folder.glob("[!.]*"):
        try:
            with path.open("rb") as file:
                told = json.loads(file.readline())
        except FileNotFoundError:  # dropped in the same moment
            continue
        one = Held(path, told["name"], told["unit"], datetime.fromisoformat(told["at"]))
        if one.at < at - KEPT:
            one.drop()
        else:
            yield one
