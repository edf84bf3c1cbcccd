"""Names of files that people choose: safe to keep, and safe to hand back in a header."""

from __future__ import annotations

import unicodedata

from werkzeug.datastructures import FileStorage


def arrived_as(file: FileStorage) -> str:
    """The file's own name, without folders; may be empty."""
    return _clean((file.filename or "").replace("\\", "/").rsplit("/", 1)[-1])


def handed_back_as(name: str | None, fallback: str) -> str:
    """The name a browser saves a file under: its own, or ``fallback`` when nothing is left of that."""
    return _clean(name or "") or fallback


def _clean(name: str) -> str:
    return "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip()
