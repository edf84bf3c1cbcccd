"""Narratives read from docx: a package opened with care; nothing is executed or fetched."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import Any

from compile.numbering import Numbering
from compile.story import Story
from compile.story_reader import Media, StoryReader
from compile.word_styles import Styles, styles_of
from compile.word_xml import attribute, child, inside, name_of, parsed

LARGEST_PART = 32 * 1024 * 1024  # inflated
_TYPES = "/relationships/"
_WRONG = (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, RuntimeError, SyntaxError, EOFError)


class UnreadableNarrative(ValueError):
    """The file is no docx that can be read: encrypted, truncated, another format, or hostile."""


def read_story(data: bytes) -> Story:
    """What a docx holds (transitional or strict, document or template). Raises UnreadableNarrative."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _Package(package).story()
    except _WRONG as wrong:
        raise UnreadableNarrative(str(wrong)) from wrong


class _Package:
    """The parts of a document that are read, found by their relationships."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = frozenset(package.namelist())
        self._main = dict(self._related("").values())["officeDocument"]
        self._relations = self._related(self._main)

    def story(self) -> Story:
        """Reads the main part and what it refers to."""
        body = child(parsed(self._read(self._main)), "body")
        if body is None:
            raise ValueError("no body")
        styles, numbering = self._part("styles"), self._part("numbering")
        reader = StoryReader(
            Numbering(numbering),
            styles_of(styles) if styles else Styles(),
            {kind: self._notes(f"{kind}s") for kind in ("footnote", "endnote")},
            self._media(),
        )
        blocks = tuple(reader.blocks(body))
        return Story(blocks, reader.left_out, tuple(self._comments()), reader.changes)

    def _read(self, part: str) -> bytes:
        """The bytes of a part; bytes really inflated are counted."""
        with self._package.open(part) as stream:
            text = stream.read(LARGEST_PART + 1)
        if len(text) > LARGEST_PART:
            raise ValueError(part)
        return text

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """(kind, part) by id of the relationships of a part that stay within the package."""
        folder, _, name = part.rpartition("/")
        held = posixpath.join(folder, "_rels", f"{name}.rels")
        if held not in self._names and part:
            return {}
        found = {}
        for one in parsed(self._read(held)):
            if attribute(one, "TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attribute(one, "Target"))).lstrip("/")
                found[attribute(one, "Id")] = (attribute(one, "Type").rpartition(_TYPES)[2], target)
        return found

    def _part(self, kind: str) -> bytes:
        target = next((target for held, target in self._relations.values() if held == kind), "")
        return self._read(target) if target in self._names else b""

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
        return Media(lambda key: self._read(held[key]) if held.get(key) in self._names else b"")
