"""A unit's workbook from a base and what stands in its slots."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from isal import isal_zlib

from workbook_templates import slot_text
from workbook_templates.base import Base, Part
from workbook_templates.content import Content
from workbook_templates.package import DEFLATED, Member, crc32, end
from workbook_templates.stamps import Stamp


class Filled(NamedTuple):
    """The bytes of every hole of a base's parts, each as wide as the hole if ``fits``."""

    parts: tuple[tuple[bytes, ...], ...]
    fits: bool


def filled(base: Base, contents: Sequence[Content]) -> Filled:
    """What a unit's contents come to in the holes of its base."""
    parts = tuple(_holes(part, contents) for part in base.parts)
    fits = all(
        len(text) == hole.width
        for part, texts in zip(base.parts, parts, strict=True)
        for hole, text in zip(part.holes, texts, strict=True)
    )
    return Filled(parts, fits)


def _holes(part: Part, contents: Sequence[Content]) -> tuple[bytes, ...]:
    write = slot_text.WRITE
    texts = [
        write[form](head, contents[number])
        for form, head, number in zip(part.forms, part.heads, part.numbers, strict=True)
    ]
    made, at = list[bytes](), 0
    for hole in part.holes:
        until = at + hole.slots
        made.append(slot_text.padded(hole.template % tuple(texts[at:until]), hole.width))
        at = until
    return tuple(made)


def stamp(base: Base, values: Filled, how: Stamp = Stamp.SLOTS) -> bytes:
    """The workbook; one whose values do not fit the holes is deflated anew."""
    written = _in_place if how is Stamp.SLOTS and values.fits else _deflated
    chunks, at, directory = [base.fixed], len(base.fixed), [base.directory]
    for part, holes in zip(base.parts, values.parts, strict=True):
        member, packed = written(part, holes)
        header = member.local
        chunks.append(header)
        chunks += packed
        directory.append(member.central(at))
        at += len(header) + member.packed
    entries = b"".join(directory)
    chunks += (entries, end(base.count + len(base.parts), len(entries), at))
    return b"".join(chunks)


def _in_place(part: Part, holes: Sequence[bytes]) -> tuple[Member, list[bytes]]:
    """The part with its stream's holes filled; as CRCs of one length add up, the XML is not joined for its own."""
    spread = struct.pack(part.spread, *holes)
    member = Member(part.name, DEFLATED, crc32(spread) ^ part.runs_crc, part.packed, len(spread))
    return member, _around(part.stream, holes)


def _deflated(part: Part, holes: Sequence[bytes]) -> tuple[Member, list[bytes]]:
    """The part with its XML deflated anew."""
    text = b"".join(_around(part.text, holes))
    packed = isal_zlib.compress(text, 2, -15)
    return Member(part.name, DEFLATED, crc32(text), len(packed), len(text)), [packed]


def _around(runs: Sequence[bytes], holes: Sequence[bytes]) -> list[bytes]:
    """Runs with a hole between each two, to be joined once."""
    pieces = [b""] * (len(runs) + len(holes))
    pieces[::2], pieces[1::2] = runs, holes
    return pieces
