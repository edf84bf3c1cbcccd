"""A workbook's zip with some parts changed; all others keep their compressed bytes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from isal import isal_zlib
from lxml import etree

from ingest.container import Container
from ingest.mark.xml import Element, dumped, kind, like, parsed
from ingest.reader.package import Relationship, relationships, relationships_of
from workbook_templates.package import DEFLATED, Member, crc32, end

_TYPES = "[Content_Types].xml"
STRICT = "http://purl.oclc.org/ooxml/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class Package:
    """The parts of a workbook as they will be."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._changed: dict[str, bytes] = {}
        self._dropped: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._changed or (name in self._container and name not in self._dropped)

    def __iter__(self) -> Iterator[str]:
        yield from (part for part in self._container if part in self)
        yield from (part for part in self._changed if part not in self._container)

    def read(self, name: str) -> bytes:
        """A part as it is by now."""
        return self._changed[name] if name in self._changed else self._container.read(name)

    def write(self, part: str, data: bytes) -> None:
        """Give a part other bytes, or a new part its own."""
        self._changed[part] = data

    def drop(self, part: str) -> None:
        """Leave a part out, with its relationships and its content type."""
        for one in (part, relationships_of(part)):
            self._changed.pop(one, None)
            self._dropped.add(one)
        types = parsed(self.read(_TYPES))
        for override in list(types):
            if override.get("PartName", "").casefold() == f"/{part}".casefold():
                types.remove(override)
                self.write(_TYPES, dumped(types))

    def free(self, pattern: str) -> str:
        """The first of ``xl/comments{}.xml`` that no part has."""
        taken = {part.casefold() for part in (*self._container, *self._changed)}
        n = 1
        while pattern.format(n).casefold() in taken:
            n += 1
        return pattern.format(n)

    def typed(self, part: str, content_type: str) -> None:
        """State the content type of a part."""
        types = parsed(self.read(_TYPES))
        overrides = [one for one in types if one.get("PartName", "").casefold() == f"/{part}".casefold()]
        if not overrides:
            etree.SubElement(types, like(types, "Override"), PartName=f"/{part}", ContentType=content_type)
            self.write(_TYPES, dumped(types))

    def typed_by_extension(self, extension: str, content_type: str) -> None:
        """State the content type of all parts with an extension."""
        types = parsed(self.read(_TYPES))
        known = {one.get("Extension", "").casefold() for one in types if kind(one) == "Default"}
        if extension not in known:
            default = types.makeelement(like(types, "Default"), {"Extension": extension, "ContentType": content_type})
            types.insert(0, default)
            self.write(_TYPES, dumped(types))

    # --- relationships

    def related(self, part: str) -> tuple[Relationship, ...]:
        """Relationships of a part that lead inside."""
        return relationships(self, part)

    def relate(self, part: str, type_: str, target: str) -> str:
        """A new relationship of a part; its id."""
        rels = relationships_of(part)
        root = parsed(self.read(rels)) if rels in self else parsed(_NO_RELS)
        taken = {one.get("Id") for one in root}
        n = 1
        while f"rIdKq{n}" in taken:
            n += 1
        path = posixpath.relpath(target, posixpath.dirname(part))
        etree.SubElement(root, like(root, "Relationship"), Id=f"rIdKq{n}", Type=type_, Target=path)
        self.write(rels, dumped(root))
        return f"rIdKq{n}"

    def unrelate(self, part: str, id_: str) -> None:
        """Take a relationship away."""
        root = parsed(self.read(relationships_of(part)))
        for one in [one for one in root if one.get("Id") == id_]:
            root.remove(one)
        self.write(relationships_of(part), dumped(root))

    # --- the file

    def packed(self) -> bytes:
        """The zip."""
        chunks: list[bytes] = []
        directory: list[bytes] = []
        at = 0
        for part in self:
            member, data = self._member(part)
            header = member.local
            chunks += (header, data)
            directory.append(member.central(at))
            at += len(header) + len(data)
        entries = b"".join(directory)
        return b"".join((*chunks, entries, end(len(directory), len(entries), at)))

    def _member(self, part: str) -> tuple[Member, bytes]:
        if part in self._changed:
            text = self._changed[part]
            data = isal_zlib.compress(text, 2, -15)
            return Member(part.encode(), DEFLATED, crc32(text), len(data), len(text)), data
        old = self._container.members[part]
        data = self._container.data[old.start : old.end]
        return Member(part.encode(), old.method, old.crc, len(data), old.size), data


_NO_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


def relationship_type(root: Element, word: str) -> str:
    """The type of a relationship in the dialect, strict or transitional, of a part."""
    is_strict = (etree.QName(root).namespace or "").startswith(STRICT)
    return f"{STRICT_OFFICE if is_strict else OFFICE}/{word}"
