"""Which font draws a run (ECMA-376 17.3.2.26): its own, else that of its styles, the document's defaults, the theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.mark.xml import Element, kind
from vietnamese.charsets import font_voice

_HIGH, _PLAIN, _EASTERN = "hAnsi", "ascii", "eastAsia"
_LONGEST_CHAIN = 20  # styles based on one another


@dataclass(frozen=True)
class _Style:
    parent: str
    fonts: Element | None


@dataclass
class Fonts:
    """The styles, defaults and theme of a document."""

    _styles: dict[str, _Style] = field(default_factory=dict)
    _defaults: list[Element] = field(default_factory=list)
    _theme: dict[str, str] = field(default_factory=dict)  # "majorHAnsi" -> "Calibri Light"
    _ordinary: str = ""  # the style of paragraphs that name none

    @classmethod
    def of(cls, styles: Element | None, theme: Element | None) -> Fonts:
        """Of the roots of the parts, where there are any."""
        fonts = cls()
        for one in styles if styles is not None else ():
            if kind(one) == "docDefaults":
                fonts._defaults = [font for font in one.iter() if kind(font) == "rFonts"]
            elif kind(one) == "style":
                fonts._add(one)
        for one in theme.iter() if theme is not None else ():
            if kind(one) in ("majorFont", "minorFont"):
                fonts._add_theme(kind(one).removesuffix("Font"), one)
        return fonts

    def _add(self, style: Element) -> None:
        identity = attribute(style, "styleId")
        self._styles[identity] = _Style(attribute(inner(style, "basedOn"), "val"), own_fonts(style))
        if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
            self._ordinary = identity

    def _add_theme(self, size: str, fonts: Element) -> None:
        for script, names in (("latin", ("HAnsi", "Ascii")), ("ea", ("EastAsia",)), ("cs", ("Bidi",))):
            for name in names:
                self._theme[size + name] = attribute(inner(fonts, script), "typeface")

    def font(self, run: Element, paragraph: Element, text: str) -> str:
        """The font that draws ``text`` in a run of a paragraph; empty when nothing says.

        Characters from U+00A0 to U+00FF are drawn by ``hAnsi`` ([MS-OI29500] 2.1.88); an East Asian font counts
        only where the run hints at it.
        """
        chain = list(self._chain(run, paragraph))
        if chain and attribute(chain[0], "hint") == _EASTERN:
            eastern = self._first(chain, _EASTERN)
            if font_voice(eastern).charset:
                return eastern
        return self._first(chain, _PLAIN if text.isascii() else _HIGH)

    def _first(self, chain: list[Element], script: str) -> str:
        return next((name for fonts in chain if (name := self._named(fonts, script))), "")

    def _named(self, fonts: Element, script: str) -> str:
        return self._theme.get(attribute(fonts, f"{script}Theme"), "") or attribute(fonts, script)

    def _chain(self, run: Element, paragraph: Element) -> Iterator[Element]:
        """What says something of fonts, the nearest first."""
        direct = own_fonts(run)
        if direct is not None:
            yield direct
        yield from self._of_style(attribute(inner(inner(run, "rPr"), "rStyle"), "val"))
        yield from self._of_style(attribute(inner(inner(paragraph, "pPr"), "pStyle"), "val") or self._ordinary)
        yield from self._defaults

    def _of_style(self, identity: str) -> Iterator[Element]:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(identity)
            if style is None:
                return
            if style.fonts is not None:
                yield style.fonts
            identity = style.parent


def own_fonts(element: Element) -> Element | None:
    """The fonts a run, style or level names itself."""
    return inner(inner(element, "rPr"), "rFonts")


def inner(element: Element | None, name: str) -> Element | None:
    """The first child with a local name; None of nothing."""
    return next((one for one in element if kind(one) == name), None) if element is not None else None


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its local name; empty where there is none."""
    if element is None:
        return ""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")
