"""A Word document in Unicode: texts of legacy charsets converted, their fonts replaced, all else as it came."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.container import Container
from ingest.guard import open_office_file
from ingest.kind import Kind
from ingest.limits import LIMITS, Limits
from ingest.mark.package import Package
from ingest.mark.xml import Element, dumped, kind, parsed
from ingest.word.changes import Rewritten, TextChange
from ingest.word.fonts import Fonts, attribute, own_fonts
from ingest.word.paragraph import Piece, dealt, draw_in_capitals, pieces, rewrite
from vietnamese.charsets import font_voice
from vietnamese.convert import Converted, Reason, context_of, convert_runs, convert_text
from vietnamese.legacy import ColumnVerdict

_STORIES = frozenset({"document", "hdr", "ftr", "footnotes", "endnotes", "comments", "glossaryDocument"})
_STYLES, _NUMBERING, _FONT_TABLE = "word/styles.xml", "word/numbering.xml", "word/fontTable.xml"
_LEFT_ALONE = frozenset({Reason.UNCHANGED, Reason.INVISIBLE, Reason.CONTROL})  # soft hyphens and joiners are typography
_SANS, _TYPEWRITER, _SERIF = "Arial", "Courier New", "Times New Roman"


def in_unicode(data: bytes, limits: Limits = LIMITS) -> Rewritten:
    """Convert a docx; every part without text to convert or fonts to replace keeps its bytes.

    Raises Refused, lxml.etree.XMLSyntaxError (a part is not well formed).
    """
    container = open_office_file(data, Kind.DOCUMENT, limits)
    book = _Document(container)
    changes = tuple(book.convert())
    is_changed = any(one.reason != Reason.DOUBTFUL for one in changes)
    return Rewritten(book.packed() if is_changed else b"", changes)


class _Document:
    """The parts of a document that hold text or name fonts, as trees."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.trees = {part: parsed(container.read(part)) for part in container if _is_looked_at(part)}
        self.stories = {part: root for part, root in self.trees.items() if kind(root) in _STORIES}
        theme = next((root for root in self.trees.values() if kind(root) == "theme"), None)
        self.fonts = Fonts.of(self.trees.get(_STYLES), theme)
        self.touched: set[str] = set()

    def convert(self) -> Iterator[TextChange]:
        """Converts every paragraph of every story and the words of numbered lists."""
        told = [
            (part, paragraph, held)
            for part, root in self.stories.items()
            for paragraph in root.iter()
            if kind(paragraph) == "p" and (held := pieces(paragraph, self.fonts))
        ]
        context = context_of([(one.text, one.font) for one in held] for _, _, held in told if _is_telling(held))
        for part, _, held in told:
            yield from self._paragraph(part, held, context)
        yield from self._numbers(context)

    def _paragraph(self, part: str, held: list[Piece], context: ColumnVerdict) -> Iterator[TextChange]:
        converted = convert_runs([(one.text, one.font) for one in held], context)
        if converted.reason in _LEFT_ALONE:
            return
        before = "".join(one.text for one in held)
        if converted.changed:
            texts = dealt(converted.unicode, [one.text for one in held])
            if texts is None:
                return
            for piece, text in zip(held, texts, strict=True):
                if not piece.is_fixed:
                    rewrite(piece, text)
            self.touched.add(part)
        yield _change(part, before, converted)

    def _numbers(self, context: ColumnVerdict) -> Iterator[TextChange]:
        """The words before the numbers of lists, such as ``§iÒu %1.``"""
        for level in self._elements(_NUMBERING, "lvl"):
            fonts = own_fonts(level)
            for words in (one for one in level if kind(one) == "lvlText"):
                key = next((key for key in words.attrib if str(key).endswith("val")), None)
                text = attribute(words, "val")
                converted = convert_text(text, attribute(fonts, "hAnsi") or None, context)
                if key is not None and converted.changed and converted.reason not in _LEFT_ALONE:
                    words.set(key, converted.unicode)
                    self.touched.add(_NUMBERING)
                    yield _change(_NUMBERING, text, converted)

    def _elements(self, part: str, name: str) -> Iterator[Element]:
        root = self.trees.get(part)
        yield from (one for one in root.iter() if kind(one) == name) if root is not None else ()

    # --- fonts and the file

    def packed(self) -> bytes:
        """The document with its legacy fonts replaced."""
        for root in self.stories.values():
            self._keep_capitals(root)
        for part, root in self.trees.items():
            if _without_legacy_fonts(root):
                self.touched.add(part)
        for font in list(self._elements(_FONT_TABLE, "font")):
            if font_voice(attribute(font, "name")).is_legacy:
                self.trees[_FONT_TABLE].remove(font)
                self.touched.add(_FONT_TABLE)
        package = Package(self.container)
        for part in self.touched:
            package.write(part, dumped(self.trees[part]))
        return package.packed()

    def _keep_capitals(self, root: Element) -> None:
        for paragraph in (one for one in root.iter() if kind(one) == "p"):
            for piece in pieces(paragraph, self.fonts):
                if font_voice(piece.font).capitals and piece.text.isascii() and piece.text != piece.text.upper():
                    run = piece.element.getparent()
                    assert run is not None
                    draw_in_capitals(run)


def _is_looked_at(part: str) -> bool:
    folder, _, name = part.rpartition("/")
    return name.endswith(".xml") and (folder in ("word", "word/glossary", "word/theme"))


def _is_telling(held: list[Piece]) -> bool:
    return any(not one.text.isascii() for one in held)


def _change(part: str, before: str, converted: Converted) -> TextChange:
    after = converted.unicode if converted.changed else converted.proposal
    return TextChange(part, before, after, converted.charset or "", converted.reason)


def _without_legacy_fonts(root: Element) -> bool:
    """Replaces them; whether there were any."""
    found = False
    for element in root.iter():
        if kind(element) not in ("rFonts", "latin", "ea", "cs"):
            continue
        for key, name in element.attrib.items():
            if font_voice(str(name)).is_legacy:
                element.set(key, replacement(str(name)))
                found = True
    return found


def replacement(font: str) -> str:
    """A font of Unicode that looks like a legacy one."""
    name = font.lower()
    if "arial" in name or "helv" in name:
        return _SANS
    return _TYPEWRITER if "courier" in name else _SERIF
