"""Comments of one worksheet: ours below what a cell's own says, in a comment, its drawing and a thread if there is one.

What is ours begins with a line no one else writes, so that it is found again whatever program saved the file.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping

from lxml import etree

from ingest.a1 import split
from ingest.mark.package import Package, relationship_type
from ingest.mark.sheet import Sheet
from ingest.mark.xml import Element, child, dumped, kind, like, parsed, plain
from ingest.reader.package import first_target

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OURS = uuid.UUID("6f1d9a52-6f0a-5f0e-9c39-5d2c1f7b3a10")  # of the person and the replies we write in threads
_SHAPE_TAG = re.compile(rb"<(/?)(?:\w+:)?shape\b[^<>]*>")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*</")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)\s*</")
_NUMBER = re.compile(rb"_s(\d{1,9})\b")
_NO_TIME = "2000-01-01T00:00:00.00"  # of a thread that says none
_LAST_TAG = re.compile(rb"</[^<>]*>\s*\Z")
_LETTERS_A_LINE, _LINE, _WIDTH = 46, 13, 260  # of a note's box: letters, points, points
_NEW_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    b'<v:shapetype%b id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NEW_SHAPE = (
    b'<v:shape%b id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;width:%dpt;height:%dpt;z-index:%d;'
    b'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    b'<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    b"<x:Anchor>%d, 15, %d, 4, %d, 15, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    b"<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)
_SPACES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)


class Notes:
    """The comments of one worksheet; ``first`` is the line that begins what is ours, ``author`` its author."""

    def __init__(self, package: Package, part: str, first: str, author: str) -> None:
        self.package, self.part, self.first, self.author = package, part, first, author
        related = package.related(part)
        self._comments = first_target(related, "comments")
        self._thread = first_target(related, "threadedComment")
        self._drawings = {one.id: one.target for one in related if one.kind == "vmlDrawing"}

    def has_ours(self) -> bool:
        """Whether an earlier marking may have left something here."""
        if self._comments not in self.package:
            return False
        return any(self.first in str(text) for text in parsed(self.package.read(self._comments)).itertext())

    def write(self, sheet: Sheet, notes: Mapping[str, str]) -> None:
        """Take away what is ours and write ``notes``, by A1. The sheet learns where its drawing is."""
        if self._comments not in self.package:
            self._comments = self._new_comments(sheet)
        root = parsed(self.package.read(self._comments))
        for comment in list(root.iter(like(root, "comment"))):
            self._strip(comment)
        self._add(root, notes)
        self.package.write(self._comments, dumped(root))
        self._draw(sheet, [one.get("ref", "") for one in root.iter(like(root, "comment"))], notes)
        if self._thread in self.package:
            self._reply(notes)

    # --- comments

    def _new_comments(self, sheet: Sheet) -> str:
        space = etree.QName(parsed(_head(sheet.data))).namespace or ""
        part = self.package.free("xl/comments{}.xml")
        root = parsed(f'<comments xmlns="{space}"/>'.encode())
        etree.SubElement(root, like(root, "authors"))
        etree.SubElement(root, like(root, "commentList"))
        self.package.write(part, dumped(root))
        self.package.typed(part, COMMENTS_TYPE)
        self.package.relate(self.part, relationship_type(root, "comments"), part)
        return part

    def _strip(self, comment: Element) -> None:
        """Take our lines away; the comment too where there are no others."""
        texts = list(comment.iter(like(comment, "t")))
        ours = next((i for i, one in enumerate(texts) if self.first in (one.text or "")), None)
        if ours is None:
            return
        texts[ours].text = (texts[ours].text or "").partition(self.first)[0]
        for one in texts[ours + 1 :]:
            one.text = ""
        for one in reversed(texts[: ours + 1]):
            one.text = (one.text or "").rstrip("\n")
            if one.text:
                break
        for one in texts:
            if not one.text:
                _remove(_run_of(one))
        if not any((one.text or "").strip() for one in texts):
            _remove(comment)

    def _add(self, root: Element, notes: Mapping[str, str]) -> None:
        comments = child(root, "commentList")
        assert comments is not None
        known = {one.get("ref", ""): one for one in reversed(comments)}
        for address, text in notes.items():
            own = known.get(address)
            if own is None:
                own = etree.SubElement(comments, like(root, "comment"), ref=address, authorId=str(self._author(root)))
            body = child(own, "text")
            if body is None:
                body = etree.SubElement(own, like(root, "text"))
            self._say(body, text)

    def _say(self, body: Element, text: str) -> None:
        before = "\n" if any((one.text or "").strip() for one in body.iter(like(body, "t"))) else ""
        self._as_runs(body)
        _run(body, before + self.first + "\n", bold=True)
        _run(body, text, bold=False)

    def _as_runs(self, body: Element) -> None:
        """A plain text as one run, beside which others may stand."""
        bare = child(body, "t")
        if bare is not None:
            run = etree.Element(like(body, "r"))
            body.replace(bare, run)
            run.append(bare)

    def _author(self, root: Element) -> int:
        authors = child(root, "authors")
        assert authors is not None
        names = [one.text or "" for one in authors]
        if self.author not in names:
            etree.SubElement(authors, like(root, "author")).text = self.author
            return len(names)
        return names.index(self.author)

    # --- their drawing

    def _draw(self, sheet: Sheet, addresses: list[str], notes: Mapping[str, str]) -> None:
        part = self._drawings.get(sheet.legacy_drawing, "")
        if part not in self.package:
            part = self._new_drawing(sheet)
        data = self.package.read(part)
        if b"\0" in data[:4]:
            data = data.decode("utf-16").encode()
        wanted = {_place(address) for address in addresses}
        drawn, left, at = set(), list[bytes](), 0
        for start, end in _shapes(data):
            place = _shape_place(data[start:end])
            if place in wanted:
                drawn.add(place)
            elif place is not None and b"Note" in data[start:end]:
                left.append(data[at:start])
                at = end
        data = b"".join((*left, data[at:]))
        self.package.write(part, _with_shapes(data, sorted(wanted - drawn), notes))

    def _new_drawing(self, sheet: Sheet) -> str:
        part = self.package.free("xl/drawings/vmlDrawing{}.vml")
        self.package.write(part, _NEW_DRAWING)
        self.package.typed_by_extension("vml", DRAWING_TYPE)
        if not sheet.legacy_drawing:
            root = parsed(_head(sheet.data))
            type_ = relationship_type(root, "vmlDrawing")
            sheet.draw_comments(self.package.relate(self.part, type_, part), type_.rpartition("/")[0])
        return part

    # --- threads

    def _reply(self, notes: Mapping[str, str]) -> None:
        """What is ours as the last word of a cell's thread, which newer programs show instead of the comment."""
        root = parsed(self.package.read(self._thread))
        person = _braced(_OURS)
        for one in [one for one in root if one.get("personId") == person]:
            root.remove(one)
        latest = _latest(root)
        firsts = [one for one in root if kind(one) == "threadedComment" and not one.get("parentId")]
        for one in firsts:
            address = one.get("ref", "")
            if address in notes:
                reply = etree.SubElement(root, like(root, "threadedComment"), ref=address, dT=latest[address])
                reply.set("personId", person)
                reply.set("id", _braced(uuid.uuid5(_OURS, f"{self.part} {address}")))
                reply.set("parentId", one.get("id", ""))
                etree.SubElement(reply, like(root, "text")).text = plain(f"{self.first}\n{notes[address]}")
        self.package.write(self._thread, dumped(root))
        self._introduce(person)

    def _introduce(self, person: str) -> None:
        persons = next((one for one in self.package if one.startswith("xl/persons/")), "")
        if persons:
            root = parsed(self.package.read(persons))
            if all(one.get("id") != person for one in root):
                who = {"displayName": self.author, "id": person, "userId": self.author, "providerId": "None"}
                etree.SubElement(root, like(root, "person"), who)
                self.package.write(persons, dumped(root))


def _head(data: bytes) -> bytes:
    """The opening tag of a part, closed: enough to know its namespaces."""
    tag = re.search(rb"<[^?!>][^>]*>", data)
    assert tag is not None
    return tag[0] if tag[0].endswith(b"/>") else tag[0][:-1] + b"/>"


def _run_of(text: Element) -> Element:
    """The run a text is all of, else the text."""
    holder = text.getparent()
    return holder if holder is not None and kind(holder) == "r" else text


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _run(body: Element, text: str, *, bold: bool) -> None:
    run = etree.SubElement(body, like(body, "r"))
    look = etree.SubElement(run, like(body, "rPr"))
    if bold:
        etree.SubElement(look, like(body, "b"))
    etree.SubElement(look, like(body, "sz"), val="9")
    etree.SubElement(look, like(body, "color"), indexed="81")
    etree.SubElement(look, like(body, "rFont"), val="Tahoma")
    etree.SubElement(look, like(body, "family"), val="2")
    words = etree.SubElement(run, like(body, "t"))
    words.set(_SPACE, "preserve")
    words.text = plain(text)


def _place(address: str) -> tuple[int, int]:
    """Row and column of a cell from 0, as a drawing counts."""
    try:
        row, column = split(address)
    except ValueError:
        return (0, 0)
    return row - 1, column - 1


def _shapes(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each shape of a drawing that has something in it begins and ends."""
    start = -1
    for tag in _SHAPE_TAG.finditer(data):
        if not tag[1]:
            start = -1 if tag[0].endswith(b"/>") else tag.start()
        elif start >= 0:
            yield start, tag.end()
            start = -1


def _shape_place(shape: bytes) -> tuple[int, int] | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]), int(column[1])) if row and column else None


def _with_shapes(data: bytes, places: list[tuple[int, int]], notes: Mapping[str, str]) -> bytes:
    """The drawing with a hidden box for the comment of each place."""
    last = _LAST_TAG.search(data)
    if last is None or not places:
        return data
    lengths = {_place(address): _lines(text) for address, text in notes.items()}
    head = data[: data.find(b">", data.find(b"<xml")) + 1]
    spaces = b"" if all(f"xmlns:{one}=".encode() in head for one in "vox") else _SPACES
    free = max([1024, *(int(one) for one in _NUMBER.findall(data))]) + 1
    shapes = [] if b'id="_x0000_t202"' in data else [_SHAPE_TYPE % spaces]
    for n, (row, column) in enumerate(places):
        lines = lengths.get((row, column), 6)
        rows = max(3, lines * _LINE // 15 + 1)
        box = (column + 1, max(0, row - 1), column + 5, max(0, row - 1) + rows)
        size = (_WIDTH, lines * _LINE + 8)
        shapes.append(_NEW_SHAPE % (spaces, free + n, *size, n + 1, *box, row, column))
    return data[: last.start()] + b"".join(shapes) + data[last.start() :]


def _lines(text: str) -> int:
    """Lines a note takes in its box, with the first."""
    return 2 + sum(1 + len(line) // _LETTERS_A_LINE for line in text.split("\n"))


def _braced(id_: uuid.UUID) -> str:
    return "{" + str(id_).upper() + "}"


def _latest(root: Element) -> dict[str, str]:
    """The time of the last word in the thread of each cell: ours stands below it."""
    latest: dict[str, str] = {}
    for one in root:
        address = one.get("ref", "")
        latest[address] = max(latest.get(address, _NO_TIME), one.get("dT", ""))
    return latest
