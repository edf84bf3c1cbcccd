"""A narrative (phần thuyết minh) as it arrives: kept whenever it is a safe docx, even one that cannot be read."""

from __future__ import annotations

from contextlib import suppress
from xml.parsers import expat

from lxml.etree import XMLSyntaxError

from ingest.container import Container, Refused, starts_as_xml
from ingest.guard import named, open_office_file
from ingest.kind import Kind
from ingest.limits import LIMITS, Limits
from ingest.markup import check_markup
from ingest.reader.package import led_to, local, main_part
from ingest.secrecy import HEADER_ZONE, as_unicode, first_mark
from ingest.word.changes import Looked
from ingest.word.text import Paragraphs
from ingest.word.unicode import in_unicode
from registry.findings import Finding, Severity, finding, is_blocking

_MAIN = "word/document.xml"  # where no relationship names another
_HEADERS = frozenset({"header", "footer"})  # kinds of relationship


def check_docx(data: bytes, name: str, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Everything to say about a narrative; BLOCK findings refuse it, a note means it is kept unread.

    Secret papers do not travel by this system: a mark MẬT, TỐI MẬT or TUYỆT MẬT standing alone in a header, a
    footer, a text box or one of the first paragraphs refuses the file. Never raises.
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


def look_through(data: bytes, name: str, limits: Limits = LIMITS) -> Looked:
    """A document with everything to say about it, in Unicode where it stood in old fonts: a mark in one is a mark too.

    Raises what a parser dies of; a reading child looks through strangers' files.
    """
    found = check_docx(data, name, limits)
    if is_blocking(found):
        return Looked(found)
    try:
        rewritten = in_unicode(data, limits)
    except (Refused, XMLSyntaxError):
        return Looked(found)
    if rewritten.data:
        again = check_docx(rewritten.data, name, limits)
        if is_blocking(again):
            return Looked(again)
    return Looked(found, rewritten)


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
    main = main_part(container, _MAIN)
    for part in container:
        data = container.read(part)
        if part.lower().startswith("word/embeddings/"):
            found.append(finding("narrative-embedded", part=part))
        if not starts_as_xml(data):
            continue
        check_markup(data, part, container.limits)
        _check_depth(data, part, container.limits)
        if part == "[Content_Types].xml" and b"macroenabled" in data.lower():
            raise Refused("guard-macros")
        if part == main and _paragraphs(data) is None:
            found.append(finding("narrative-unreadable"))
    return found


def _check_depth(data: bytes, part: str, limits: Limits) -> None:
    """Refuses tags nested deeper than any program writes them, which a parser that recurses would die of."""
    depth = 0

    def opens(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise Refused("narrative-too-deep", part=part, limit=limits.depth)

    def closes(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    with suppress(expat.ExpatError, ValueError):
        parser.Parse(data, True)


def _secrecy_mark(container: Container) -> str | None:
    main = main_part(container, _MAIN)
    for part in dict.fromkeys((*led_to(container, main, _HEADERS), main, _MAIN)):
        paragraphs = _paragraphs(container.read(part)) if part in container else None
        mark = first_mark(map(as_unicode, (paragraphs or [])[:HEADER_ZONE]))
        if mark:
            return mark
    return None


def _paragraphs(data: bytes) -> list[str] | None:
    """The texts of paragraphs in order of their ends, text boxes before what holds them; None if not XML."""
    texts: list[str] = []
    walk = Paragraphs()

    def closes(tag: str) -> None:
        said = walk.closes(local(tag))
        if said is not None:
            texts.append(said)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: walk.opens(local(tag), attributes)
    parser.EndElementHandler, parser.CharacterDataHandler = closes, walk.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return None
    return texts
