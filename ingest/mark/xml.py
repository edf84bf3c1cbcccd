"""The small parts of a workbook as trees, and text as XML can hold it."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

Element = etree._Element

_ESCAPES = re.compile(r"(_x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 32_000  # characters; a cell and a comment hold 32,767


def parsed(data: bytes) -> Element:
    """The root of a part that has passed the guard."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(data, parser)


def dumped(root: Element) -> bytes:
    """A part from its root."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def kind(element: Element) -> str:
    """The local name; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def like(element: Element, name: str) -> str:
    """A name in the namespace of an element."""
    space = etree.QName(element).namespace
    return f"{{{space}}}{name}" if space else name


def child(element: Element, name: str) -> Element | None:
    """The first child of a name in the element's own namespace."""
    return element.find(like(element, name))


def plain(text: str) -> str:
    """Text without what XML cannot hold, and no longer than a cell may be."""
    return _NOT_XML.sub("", text)[:_LONGEST]


def content(text: str) -> str:
    """Text between tags of a cell or comment: ``_x0041_`` stays what it says."""
    return escape(_ESCAPES.sub(r"_x005F\1", plain(text)))


def attribute(text: str) -> str:
    """Text as the value of an attribute, with its quotes."""
    return quoteattr(plain(text))
