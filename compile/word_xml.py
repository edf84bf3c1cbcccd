"""The XML of a Word document; strict files are read as transitional ones, whose namespaces these are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{W}val"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_OFF = frozenset({"0", "false", "off", "none"})
_NAMES = 4096  # tags and attributes remembered


@lru_cache(maxsize=_NAMES)
def bare(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def name_of(element: Any) -> str:
    """The element's name without its namespace; empty of a comment or an instruction."""
    tag = element.tag
    return bare(tag) if isinstance(tag, str) else ""


def child(element: Any, name: str) -> Any:
    """The first child of a name in Word's namespace; None without one, and of None."""
    return None if element is None else next(element.iterchildren(W + name), None)


def relative(element: Any, name: str) -> Any:
    """The first child of a name in any namespace; None without one, and of None."""
    return next((one for one in element if name_of(one) == name), None) if element is not None else None


def attribute(element: Any, name: str) -> str:
    """An attribute whatever its namespace; empty without it."""
    return next((str(value) for key, value in element.attrib.items() if bare(key) == name), "")


def value(element: Any) -> str:
    """``w:val``; empty without the element or the attribute."""
    return "" if element is None else element.get(_VAL, "")


def number(text: str, otherwise: int = 0) -> int:
    """A whole number as these files write it; ``otherwise`` where there is none."""
    is_number = text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 12
    return int(text) if is_number else otherwise


def is_on(element: Any) -> bool:
    """A property that is there, and not there to switch itself off."""
    return element is not None and element.get(_VAL) not in _OFF


def inside(parent: Any, name: str) -> Iterator[Any]:
    """Every element of a name within another, in reading order."""
    return (one for one in parent.iter() if name_of(one) == name)


def parsed(text: bytes) -> Any:
    """The root; nothing is fetched. Raises ValueError for a DTD or entities, SyntaxError for what is not XML."""
    from lxml import etree

    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError("document type")
    for strict, transitional in _STRICT:
        text = text.replace(strict, transitional)
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
