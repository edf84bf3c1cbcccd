"""Files of a report or of a unit in one zip, with a list people read, one programs read, and sums to check all by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from compile.coverage import copy
from vietnamese.fold import slug
from workbook_templates.package import Archive

MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"


class Tampered(ValueError):
    """The bytes of a file are not those that were kept."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the zip; its bytes are read when its turn comes."""

    path: str  # ASCII
    what: str  # in words
    read: Callable[[], bytes]
    sha: str = ""  # as it was kept; "" for what is made for the zip
    unit: str = ""  # whose it is


def path_of(folder: str, *words: str, suffix: str) -> str:
    """An ASCII path: ``nguon/24211-ktxh-01-tep-17.xlsx``.

    >>> path_of("thuyet-minh", "24211", "Xã Ea Súp", suffix="docx")
    'thuyet-minh/24211-xa-ea-sup.docx'
    """
    return f"{folder}/{'-'.join(slug(word) for word in words if word)}.{suffix}"


def write(out: BinaryIO, day: date, about: Mapping[str, str], parts: Iterable[Part]) -> Iterator[int]:
    """Writes the zip, telling after each file how many there are so far; complete when exhausted.

    ``about`` stands at the head of both lists. Equal parts on an equal day give equal bytes; one file at a time is
    in memory. Raises Tampered.
    """
    archive = Archive(out, day)
    sums: list[tuple[str, str]] = []
    listed: list[dict[str, str]] = []

    def put(path: str, data: bytes, kept: str = "") -> str:
        found = hashlib.sha256(data).hexdigest()
        if kept and found != kept:
            raise Tampered(path)
        archive.add(path, data)
        sums.append((found, path))
        return found

    for done, part in enumerate(parts, 1):
        found = put(part.path, part.read(), part.sha)
        listed.append({"path": part.path, "what": part.what, "unit": part.unit, "sha256": found})
        yield done
    put(copy("bundle.list"), _readable(about, listed).encode())
    told = {"about": dict(about), "files": listed}
    put(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode())
    put(SUMS, "".join(f"{found}  {path}\n" for found, path in sums).encode())
    archive.close()


def _readable(about: Mapping[str, str], listed: Sequence[Mapping[str, str]]) -> str:
    head = [f"{name}: {value}" for name, value in about.items()]
    lines = (
        copy(
            "bundle.line",
            path=one["path"],
            what=one["what"],
            unit=f" – {one['unit']}" if one["unit"] else "",
            sha=one["sha256"],
        )
        for one in listed
    )
    return "\n".join([*head, copy("bundle.check"), "", *lines, ""])
