"""Notes and threaded comments of a worksheet, by cell: people explain figures in them."""

from __future__ import annotations

from ingest.guard import Gate
from ingest.mark.known import own_words
from ingest.model import RawCell
from ingest.reader.package import Attributes, local, parse, relationships
from ingest.reader.strings import StringBuilder


def read_notes(gate: Gate, part: str) -> dict[str, RawCell]:
    """What is noted at each cell of a worksheet, as a cell of text; where there is a conversation, its lines.

    Raises Refused.
    """
    parts = dict.fromkeys((one.kind, one.target) for one in relationships(gate.container, part))
    notes: dict[str, RawCell] = {}
    for kind, element in (("comments", "comment"), ("threadedComment", "threadedComment")):
        said: dict[str, list[RawCell]] = {}
        for target in (target for own, target in parts if own == kind and target in gate.container):
            _read(gate.markup(target), target, element, said)
        gate.sheet(sum(map(len, said.values())), 0)
        joined = ((address, _joined(address, lines)) for address, lines in said.items())
        notes |= {address: note for address, note in joined if note.raw}
    return notes


def _joined(address: str, lines: list[RawCell]) -> RawCell:
    """What people wrote; what a marking of ours added is left out."""
    lines = [own for line in lines if (own := own_words(line)).raw or line.raw == own.raw]
    if len(lines) == 1:
        return lines[0]
    return RawCell(address, "s", "\n".join(one.raw for one in lines))


def _read(data: bytes, part: str, element: str, said: dict[str, list[RawCell]]) -> None:
    """Adds what one part says; the program's own notice beside a conversation is replaced by it."""
    address, characters = "", list[str]()
    at_hand: StringBuilder | None = None

    def opens(tag: str, attributes: Attributes) -> None:
        nonlocal address, at_hand
        kind = local(tag)
        characters.clear()
        if kind == element:
            address = attributes.get("ref", "")
        elif kind == "text" and address:
            at_hand = StringBuilder()
            if element == "threadedComment":
                at_hand.opens("t", {})
        elif at_hand:
            at_hand.opens(kind, attributes)

    def closes(tag: str) -> None:
        nonlocal address, at_hand
        kind = local(tag)
        if at_hand:
            at_hand.add("".join(characters))
            characters.clear()
            if kind == "text":
                text, runs = at_hand.done()
                said.setdefault(address, []).append(RawCell(address, "s", text, runs=runs))
                at_hand = None
            else:
                at_hand.closes(kind)
        if kind == element:
            address = ""

    parse(data, part, opens, closes, characters.append)
