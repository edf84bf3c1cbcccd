"""The bytes of a slot, as xlsxwriter writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from xml.sax.saxutils import escape

from workbook_templates.content import Content

TEXT_TYPE = b' t="str">'
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_OUTER_BLANKS = re.compile(r"^\s|\s$")
_LIKE_ESCAPES = re.compile("(_x[0-9A-F]{4}_)")
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]")


class Form(IntEnum):
    """What of its surroundings a slot writes."""

    CELL = 0  # the whole cell
    TYPE = 1  # the end of its opening tag, before a formula
    VALUE = 2  # the cached value behind a formula
    FIGURE = 3  # the cached figure behind a formula that cannot come to words
    WORDS = 4  # words outside cells, and the rest of the tag they end in


def escaped(text: str) -> bytes:
    """Text as XML has it outside of attributes."""
    return escape(text).encode()


def cell(head: bytes, content: Content) -> bytes:
    """A cell without a formula; ``head`` is its opening tag up to the style."""
    value = content.value
    if value is None or value == "":
        return head + b"/>"
    if not isinstance(value, str):
        return b"%b><v>%b</v></c>" % (head, f"{value:.16G}".encode())
    text = _CONTROLS.sub(lambda one: f"_x{ord(one[0]):04X}_", _LIKE_ESCAPES.sub(r"_x005F\1", value))
    kept = b' xml:space="preserve"' if _OUTER_BLANKS.search(text) else b""
    return b'%b t="inlineStr"><is><t%b>%b</t></is></c>' % (head, kept, escaped(text))


def _type(_: bytes, content: Content) -> bytes:
    value = content.value
    if not value or not isinstance(value, str):
        return b">"
    return b' t="e">' if value in _ERRORS else TEXT_TYPE


def _value(_: bytes, content: Content) -> bytes:
    value = content.value
    if value is None:
        return b"<v></v>"
    return b"<v>%b</v>" % (escaped(value) if isinstance(value, str) else str(value).encode())


def _figure(head: bytes, content: Content) -> bytes:
    if isinstance(content.value, str):
        raise ValueError(f"a figure's formula came to {content.value!r}")
    return _value(head, content)


def _words(rest: bytes, content: Content) -> bytes:
    return escaped(str(content.value)) + rest


WRITE: tuple[Callable[[bytes, Content], bytes], ...] = (cell, _type, _value, _figure, _words)


def padded(text: bytes, width: int) -> bytes:
    """The same XML in ``width`` bytes, blanks added within its last tag; longer text stays as it is."""
    missing = width - len(text)
    if missing <= 0:
        return text
    tail = 2 if text.endswith(b"/>") else 1
    return text[:-tail] + b" " * missing + text[-tail:]
