"""The first look at a file: what it is, whether it is safe to open, whether it is of a human size (FACTS 3).

Nothing is believed: sizes are counted, names and places compared, every XML part is walked once, by the guard or by the
reader itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingest import geometry
from ingest.compound import check_xls, kind_of_compound
from ingest.container import Container, Refused, open_container, starts_as_xml
from ingest.kind import Kind, kind_of_package, sniff, workbooks_in
from ingest.limits import LIMITS, Limits
from ingest.markup import check_markup
from ingest.open_document import check_ods
from registry.findings import Finding, finding

_FORBIDDEN_PARTS = {  # beginning of a member's name in lower case -> finding
    "xl/macrosheets/": "guard-macros",
    "xl/dialogsheets/": "guard-macros",
    "xl/activex/": "guard-active-content",
    "xl/embeddings/": "guard-embedded",
    "xl/ctrlprops/": "guard-active-content",
    "word/activex/": "guard-active-content",
}


def check(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything to say about a workbook's bytes before a parser may see them; BLOCK findings refuse it.

    ``name`` is only used in sentences. Never raises.
    """
    try:
        gate = Gate(open_office_file(data, Kind.WORKBOOK, limits))
        gate.look_at_all()
        gate.count_sheets()
    except Refused as refused:
        return (named(refused.finding, name),)
    return gate.outside_links()


def open_office_file(data: bytes, wanted: Kind, limits: Limits = LIMITS) -> Container:
    """The container of a file of the wanted kind. Raises Refused, with a sentence of its own for each other kind.

    ``guard-xls`` and ``guard-ods`` are said only of files that are safe to be converted.
    """
    if len(data) > limits.file_bytes:
        raise Refused("guard-too-large", found=_megabytes(len(data)), limit=_megabytes(limits.file_bytes))
    kind = sniff(data)
    container = None
    if kind is Kind.ZIP:
        container = open_container(data, limits)
        kind = kind_of_package(container)
    elif kind is Kind.COMPOUND:
        kind = kind_of_compound(data)
        if kind is Kind.XLS:
            check_xls(data)
    if container is None or kind is not wanted:
        raise _other_kind(kind, container)
    for member in container:
        name = member.lower()
        if name.startswith(tuple(_FORBIDDEN_PARTS)):
            raise Refused(next(code for start, code in _FORBIDDEN_PARTS.items() if name.startswith(start)), part=member)
    return container


def _other_kind(kind: Kind, container: Container | None) -> Refused:
    if container is not None and kind is Kind.ODS:
        check_ods(container)
    if container is not None and kind is Kind.BUNDLE:
        return Refused(kind.value, found=str(len(container.members)), workbooks=str(len(workbooks_in(container))))
    return Refused(kind.value or "guard-workbook")


def named(found: Finding, name: str) -> Finding:
    """The finding with the file's name for its sentence."""
    return replace(found, values=(("name", name), *(pair for pair in found.values if pair[0] != "name")))


def _megabytes(size: int) -> str:
    return str(max(1, round(size / 1_048_576)))


class Gate:
    """Lets the parts of a workbook through to a parser, one by one, and keeps count of what they add up to.

    ``look`` walks a part whole; worksheets and shared strings may instead be counted by the reader while it reads
    them, from ``markup`` through ``sheet``.
    """

    def __init__(self, container: Container) -> None:
        self.container, self.limits = container, container.limits
        self._tags = self._cells = self._characters = 0
        self._looked: dict[str, geometry.Count | None] = {}

    def look(self, part: str) -> None:
        """Walks a part, once. Raises Refused."""
        if part not in self._looked and part in self.container:
            data = self.container.read(part)
            if starts_as_xml(data):
                tags, count = _walked(data, part, self.limits)
                self._looked[part] = count
                self._add_tags(tags, part)
                if isinstance(count, geometry.TypeCount) and count.is_of(self.container):
                    raise Refused("guard-macros")
            else:
                self._looked[part] = None

    def look_at_all(self, but: frozenset[str] = frozenset()) -> None:
        """Walks every part but those the reader will count itself. Raises Refused."""
        for part in self.container:
            if part not in but:
                self.look(part)

    def markup(self, part: str) -> bytes:
        """The bytes of an XML part that an expat parser may see, if its handlers count as they go. Raises Refused."""
        data = self.container.read(part)
        if part not in self._looked:
            self._looked[part] = None
            self._add_tags(check_markup(data, part, self.limits), part)
        return data

    def weigh(self, part: str, lengths: Sequence[int]) -> None:
        """Refuses a worksheet that is plainly too large, before anything is built from it. Raises Refused.

        ``lengths`` are those of the shared strings, which a sheet may use many times over.
        """
        data, limits = self.container.read(part), self.limits
        if len(data) > _LARGE:
            rows, cells = data.count(b"<row"), data.count(b"<c ")
            if rows > limits.rows:
                raise Refused("guard-too-many-rows", part=part, found=str(rows), limit=limits.rows)
            if cells > limits.cells:
                raise Refused("guard-too-many-cells", found=str(cells), limit=limits.cells)
        if len(data) // _SHORTEST_CELL * max(lengths, default=0) > limits.string_characters:
            self._afford(geometry.used_characters(self.markup(part), lengths, part))

    def _add_tags(self, tags: int, part: str) -> None:
        self._tags += tags
        if self._tags > self.limits.tags:
            raise Refused("guard-too-many-tags", part=part, limit=self.limits.tags)

    def sheet(self, cells: int, characters: int) -> None:
        """One worksheet's cells, and the characters they took from the shared strings. Raises Refused."""
        self._cells += cells
        self._characters += characters
        if self._cells > self.limits.cells:
            raise Refused("guard-too-many-cells", found=str(self._cells), limit=self.limits.cells)
        self._afford(0)

    def _afford(self, characters: int) -> None:
        total = self._characters + characters
        if total > self.limits.string_characters:
            raise Refused("guard-repeated-text", found=str(total), limit=self.limits.string_characters)

    def outside_links(self) -> tuple[Finding, ...]:
        """Notes on relationships that lead out of the file, of the parts looked at."""
        counts = (one for one in self._looked.values() if isinstance(one, geometry.RelationshipCount))
        return tuple(finding("guard-outside-link", found=target) for one in counts for target in one.targets)

    def count_sheets(self) -> None:
        """Adds up the worksheets walked; for a workbook that no reader of ours will count. Raises Refused."""
        lengths = [n for one in self._looked.values() if isinstance(one, geometry.StringCount) for n in one.lengths]
        longest = max(lengths, default=0)
        for part, one in self._looked.items():
            if isinstance(one, geometry.SheetCount):
                is_little = one.shared * longest <= self.limits.string_characters // self.limits.sheets
                used = 0 if is_little else geometry.used_characters(self.container.read(part), lengths, part)
                self.sheet(one.cells, used)


def _walked(data: bytes, part: str, limits: Limits) -> tuple[int, geometry.Count | None]:
    """Tags and count of a part; of small ones remembered, for most files are made by a handful of programs."""
    return (_remembered if len(data) <= _SMALL else _walk)(data, part, limits)


def _walk(data: bytes, part: str, limits: Limits) -> tuple[int, geometry.Count | None]:
    return check_markup(data, part, limits), geometry.walk(data, part, limits)


_LARGE = 2 * 1024 * 1024  # bytes of a worksheet worth counting rows in before reading it
_SHORTEST_CELL = len('<c t="s"><v>0</v></c>')
_SMALL = 32 * 1024  # bytes of a part worth remembering; at most 256 of them are
_remembered = lru_cache(maxsize=256)(_walk)
