"""The text of one XML part before any parser builds something from it."""

from __future__ import annotations

import re

from ingest.container import Refused
from ingest.limits import LIMITS, Limits

_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_KNOWN = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"})


def is_usual(head: bytes) -> bool:
    """True for the beginning of a part as programs write it: UTF-8, no comment, no instruction but the declaration."""
    declared = _ENCODING.match(head[:512])
    return (
        head[:1] == b"<"
        and (declared is None or declared[1].lower() == b"utf-8")
        and b"<!" not in head
        and head.count(b"<?") == head.startswith(b"<?xml")
    )


def check_markup(data: bytes, part: str, limits: Limits = LIMITS) -> int:
    """Encoding, document type and length of tags of one XML part; how many "<" it has. Raises Refused."""
    text = as_utf8(data, part)
    declared = _ENCODING.match(text[:512].removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in _KNOWN:
        raise Refused("guard-encoding", part=part, found=declared[1].decode("ascii", "replace"))
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refused("guard-doctype", part=part)
    tags = text.count(b"<")
    if tags > limits.tags:
        raise Refused("guard-too-many-tags", part=part, limit=limits.tags)
    if _has_stretch(text, limits.stretch_bytes):
        raise Refused("guard-long-text", part=part, limit=limits.stretch_bytes)
    return tags


def _has_stretch(text: bytes, limit: int) -> bool:
    """True where more than so many bytes stand between one "<" and the next, or the end."""
    at = text.find(b"<")
    while 0 <= at < len(text) - limit:
        following = text.rfind(b"<", at + 1, at + limit + 2)
        if following < 0:
            return True
        at = following
    return False


def as_utf8(data: bytes, part: str) -> bytes:
    """The text of an XML part in a charset of one byte for each letter of a tag. Raises Refused."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" not in data[:4]:
        return data
    big = data[:2] == b"\xfe\xff" or data[:1] == b"\0"
    try:
        return data.decode("utf-16-be" if big else "utf-16-le").encode()
    except UnicodeError:
        raise Refused("guard-broken-xml", part=part) from None
