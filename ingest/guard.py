"""The first look at a file: what it is, whether it is safe to open, whether it is of a human size (FACTS 3).

Nothing is believed: sizes are counted, names and places compared, every XML part is walked once.
"""

from __future__ import annotations

from dataclasses import replace

from ingest import geometry
from ingest.compound import check_xls, kind_of_compound
from ingest.container import Container, Refused, open_container
from ingest.kind import Kind, kind_of_package, sniff, workbooks_in
from ingest.limits import LIMITS, Limits
from ingest.markup import check_markup, is_xml
from ingest.open_document import check_ods
from registry.findings import Finding, finding

_FORBIDDEN_PARTS: tuple[tuple[str, str], ...] = (  # beginning of a member's name in lower case, finding
    ("xl/macrosheets/", "guard-macros"),
    ("xl/dialogsheets/", "guard-macros"),
    ("xl/activex/", "guard-active-content"),
    ("xl/embeddings/", "guard-embedded"),
    ("xl/ctrlprops/", "guard-active-content"),
    ("word/activex/", "guard-active-content"),
)


def check(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything to say about a workbook's bytes before a parser may see them; BLOCK findings refuse it.

    ``name`` is only used in sentences. Never raises.
    """
    _, findings = open_workbook(data, name, limits)
    return findings


def open_workbook(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Container | None, tuple[Finding, ...]]:
    """The container of a workbook with what was found; no container when the file is refused."""
    try:
        container = open_office_file(data, Kind.WORKBOOK, limits)
        return container, tuple(_walk(container))
    except Refused as refused:
        return None, (named(refused.finding, name),)


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
        for start, code in _FORBIDDEN_PARTS:
            if member.lower().startswith(start):
                raise Refused(code, part=member)
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


def _walk(container: Container) -> list[Finding]:
    """Inflates and counts every part, the cheap counts first. Raises Refused."""
    limits = container.limits
    parts = [part for part in container if is_xml(container.read(part))]
    tags = 0
    for part in parts:
        tags += check_markup(container.read(part), part, limits)
        if tags > limits.tags:
            raise Refused("guard-too-many-tags", part=part, limit=limits.tags)
    walked = {part: geometry.walk(container.read(part), part, limits) for part in parts}
    counts = {part: count for part, count in walked.items() if count is not None}
    _check_cells(container, counts)
    outside = [one for one in counts.values() if isinstance(one, geometry.RelationshipCount)]
    return [finding("guard-outside-link", found=target) for one in outside for target in one.targets]


def _check_cells(container: Container, counts: dict[str, geometry.Count]) -> None:
    limits = container.limits
    sheets = {part: one for part, one in counts.items() if isinstance(one, geometry.SheetCount)}
    cells = sum(one.cells for one in sheets.values())
    if cells > limits.cells:
        raise Refused("guard-too-many-cells", found=str(cells), limit=limits.cells)
    lengths = [length for one in counts.values() if isinstance(one, geometry.StringCount) for length in one.lengths]
    shared = sum(one.shared for one in sheets.values())
    if shared * max(lengths, default=0) <= limits.string_characters:
        return
    used = sum(geometry.used_characters(container.read(part), lengths) for part in sheets)
    if used > limits.string_characters:
        raise Refused("guard-repeated-text", found=str(used), limit=limits.string_characters)
