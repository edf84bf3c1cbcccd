"""A narrative (phần thuyết minh) as it arrives: kept whenever it is a safe docx, even one that cannot be read."""

from __future__ import annotations

from xml.parsers import expat

from ingest.container import Container, Refused, starts_as_xml
from ingest.guard import named, open_office_file
from ingest.kind import Kind
from ingest.limits import LIMITS, Limits
from ingest.markup import check_markup
from ingest.reader.package import local
from ingest.secrecy import HEADER_ZONE, first_mark
from registry.findings import Finding, Severity, finding


def check_docx(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything to say about a narrative; BLOCK findings refuse it, a note means it is kept unread.

    Secret papers do not travel by this system: a mark MẬT, TỐI MẬT or TUYỆT MẬT standing alone in a header, a
    text box or one of the first paragraphs refuses the file. Never raises.
    """
    try:
        container = open_office_file(data, Kind.DOCUMENT, limits)
        found = _walk(container)
        mark = _secrecy_mark(container)
    except Refused as refused:
        return (named(_as_narrative(refused.finding), name),)
    if mark:
        return (finding("narrative-secret", name=name, found=mark),)
    return tuple(named(one, name) for one in found)


def _as_narrative(refusal: Finding) -> Finding:
    """What a wrong kind of file is told depends on what was asked: here a docx."""
    if refusal.code in _OTHER_KINDS:
        return finding("narrative-not-docx", severity=Severity.BLOCK)
    return refusal


_TOLD_APART = (Kind.WORKBOOK, Kind.EMPTY, Kind.DOC, Kind.ENCRYPTED, Kind.MACROS, Kind.LOCK, Kind.SHORTCUT, Kind.PAGES)
_OTHER_KINDS = frozenset(kind.value for kind in Kind if kind not in (*_TOLD_APART, Kind.BUNDLE, Kind.ARCHIVE))


def _walk(container: Container) -> list[Finding]:
    """Inflates every part; parts that are not well-formed are noted, not refused. Raises Refused."""
    found: list[Finding] = []
    for part in container:
        data = container.read(part)
        if part.lower().startswith("word/embeddings/"):
            found.append(finding("narrative-embedded", part=part))
        if not starts_as_xml(data):
            continue
        check_markup(data, part, container.limits)
        if part == "[Content_Types].xml" and b"macroenabled" in data.lower():
            raise Refused("guard-macros")
        if part == "word/document.xml" and _paragraphs(data) is None:
            found.append(finding("narrative-unreadable"))
    return found


def _secrecy_mark(container: Container) -> str | None:
    headers = [part for part in container if part.startswith("word/header")]
    for part in (*headers, "word/document.xml"):
        mark = first_mark((_paragraphs(container.read(part)) or [])[:HEADER_ZONE])
        if mark:
            return mark
    return None


def _paragraphs(data: bytes) -> list[str] | None:
    """The texts of paragraphs in order of their ends, text boxes before what holds them; None if not XML."""
    texts: list[str] = []
    open_paragraphs: list[list[str]] = []
    in_text = False

    def opens(tag: str, _: dict[str, str]) -> None:
        nonlocal in_text
        kind = local(tag)
        if kind == "p":
            open_paragraphs.append([])
        in_text = kind == "t"

    def closes(tag: str) -> None:
        nonlocal in_text
        in_text = False
        if local(tag) == "p" and open_paragraphs:
            texts.append("".join(open_paragraphs.pop()))

    def text(characters: str) -> None:
        if in_text and open_paragraphs:
            open_paragraphs[-1].append(characters)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opens, closes, text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return None
    return texts
