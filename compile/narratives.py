"""Narratives read from docx: a package opened with care; nothing is executed or fetched."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from compile.numbering import Numbered, Numbering, lists_of
from compile.story import Story
from compile.story_reader import Media, StoryReader
from compile.word_styles import Styles, styles_of
from compile.word_xml import attribute, child, inside, name_of, parsed
from ingest.container import Container, Member, Refused, open_container

_REMEMBERED = 32  # styles and lists, which units that write by one outline share
_TYPES = "/relationships/"
_WRONG = (Refused, KeyError, ValueError, SyntaxError)


class UnreadableNarrative(ValueError):
    """The file is no docx that can be read: encrypted, truncated, another format, or hostile."""


def read_story(data: bytes) -> Story:
    """What a docx holds (transitional or strict, document or template). Raises UnreadableNarrative."""
    try:
        return _Package(open_container(data)).story()
    except _WRONG as wrong:
        raise UnreadableNarrative(str(wrong)) from wrong


class _Package:
    """The parts of a document that are read, found by their relationships."""

    def __init__(self, package: Container) -> None:
        self._package = package
        self._main = dict(self._related("").values())["officeDocument"]
        self._relations = self._related(self._main)

    def story(self) -> Story:
        """Reads the main part and what it refers to."""
        body = child(parsed(self._package.read(self._main)), "body")
        if body is None:
            raise ValueError("no body")
        styles, numbering = self._packed("styles"), self._packed("numbering")
        reader = StoryReader(
            Numbering(_lists_in(numbering) if numbering else {}),
            _styles_in(styles) if styles else Styles(),
            {kind: self._notes(f"{kind}s") for kind in ("footnote", "endnote")},
            self._media(),
        )
        blocks = reader.blocks(body)
        return Story(tuple(blocks), reader.left_out, tuple(self._comments()), reader.changes)

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """(kind, part) by id of the relationships of a part that stay within the package."""
        folder, _, name = part.rpartition("/")
        held = posixpath.join(folder, "_rels", f"{name}.rels")
        if held not in self._package and part:
            return {}
        found = {}
        for one in parsed(self._package.read(held)):
            if attribute(one, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attribute(one, "Target"))).lstrip("/")
                found[attribute(one, "Id")] = (attribute(one, "Type").rpartition(_TYPES)[2], target)
        return found

    def _target(self, kind: str) -> str:
        """The part of a kind that is there; empty without one."""
        target = next((target for held, target in self._relations.values() if held == kind), "")
        return target if target in self._package else ""

    def _part(self, kind: str) -> bytes:
        target = self._target(kind)
        return self._package.read(target) if target else b""

    def _packed(self, kind: str) -> _Packed | None:
        target = self._target(kind)
        return _Packed.of(self._package, target) if target else None

    def _notes(self, kind: str) -> dict[str, Any]:
        part = self._part(kind)
        return {attribute(one, "id"): one for one in parsed(part) if not attribute(one, "type")} if part else {}

    def _comments(self) -> list[str]:
        part = self._part("comments")
        said = []
        for one in parsed(part) if part else ():
            if name_of(one) == "comment":
                words = " ".join("".join(text.text or "" for text in inside(one, "t")).split())
                said.append(f"{attribute(one, 'author')}: {words}")
        return said

    def _media(self) -> Media:
        held = {key: target for key, (kind, target) in self._relations.items() if kind == "image"}
        return Media(lambda key: self._package.read(held[key]) if held.get(key, "") in self._package else b"")


class _Packed(NamedTuple):
    """A part as it lies in its file: what was read of one is known of every other of the same bytes."""

    data: bytes
    member: Member  # of these bytes alone

    @classmethod
    def of(cls, package: Container, name: str) -> _Packed:
        """The part of a package."""
        member = package.members[name]
        data = package.data[member.start : member.end]
        return cls(data, member._replace(start=0, end=len(data)))

    def read(self) -> bytes:
        """Its bytes, inflated. Raises Refused."""
        return Container(self.data, {self.member.name: self.member}).read(self.member.name)


@lru_cache(maxsize=_REMEMBERED)
def _styles_in(part: _Packed) -> Styles:
    return styles_of(part.read())


@lru_cache(maxsize=_REMEMBERED)
def _lists_in(part: _Packed) -> Mapping[str, Numbered]:
    return lists_of(part.read())
