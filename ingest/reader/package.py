"""Which part of a workbook is what: relationships resolved, namespaces transitional or strict alike."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol
from xml.parsers import expat

from ingest.container import Container, Refused

Attributes = dict[str, str]


class Parts(Protocol):
    """The parts of a package by name."""

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part."""

    def read(self, name: str) -> bytes:
        """The bytes of a part."""


class Relationship(NamedTuple):
    """One relationship of a part: its id, the last word of its type, and the member it leads to."""

    id: str
    kind: str
    target: str


def parse(
    data: bytes,
    part: str,
    opens: Callable[[str, Attributes], None],
    closes: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """One expat pass; names arrive with the prefix of the file. Raises Refused when the part is not XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = opens
    if closes:
        parser.EndElementHandler = closes
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise Refused("guard-broken-xml", part=part) from None


def local(name: str) -> str:
    """``"x:row"`` -> ``"row"``."""
    return name.rpartition(":")[2]


def is_true(value: str | None) -> bool:
    """An XML Schema boolean."""
    return value in ("1", "true", "on")


def relationships(container: Parts, part: str) -> tuple[Relationship, ...]:
    """Relationships of a part (``""`` for the package), those leading outside left out. Raises Refused."""
    rels = relationships_of(part)
    if rels not in container:
        return ()
    data = container.read(rels)
    return (_remembered if len(data) <= _SMALL else _relationships)(data, rels, posixpath.dirname(part))


def _relationships(data: bytes, rels: str, folder: str) -> tuple[Relationship, ...]:
    found: list[Relationship] = []

    def opens(name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found.append(Relationship(attributes.get("Id", ""), kind, path))

    parse(data, rels, opens)
    return tuple(found)


_SMALL = 8 * 1024  # bytes; most files of a program have the same relationships
_remembered = lru_cache(maxsize=64)(_relationships)


def relationships_of(part: str) -> str:
    """The member that holds the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def first_target(found: tuple[Relationship, ...], kind: str, otherwise: str = "") -> str:
    """The member the first relationship of a kind leads to."""
    return next((one.target for one in found if one.kind == kind), otherwise)


def led_to(container: Parts, part: str, kinds: frozenset[str]) -> Iterator[str]:
    """The members of a package that relationships of some kinds lead to, whatever they are named. Raises Refused."""
    yield from (one.target for one in relationships(container, part) if one.kind in kinds and one.target in container)


def main_part(container: Parts, otherwise: str) -> str:
    """The member that holds the workbook or the document. Raises Refused."""
    return first_target(relationships(container, ""), "officeDocument", otherwise)


def workbook_part(container: Container) -> str:
    """The member that holds the workbook. Raises Refused."""
    part = main_part(container, "xl/workbook.xml")
    if part not in container:
        raise Refused("reading-part-missing", part=part)
    return part
