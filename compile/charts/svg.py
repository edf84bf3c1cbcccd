"""Elements of an SVG drawing: presentation attributes and classes only, as a strict CSP wants."""

from __future__ import annotations

from functools import cache
from xml.sax.saxutils import escape, quoteattr

FONT = "Carlito, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
INK, DIM, LINE, GROUND = "#1f2630", "#566070", "#dfe2e7", "#ffffff"
RED, BLUE, GREEN, OCHRE, VIOLET, GREY = "#a5121b", "#15508a", "#17653a", "#8a5a00", "#5d3a8e", "#8b93a0"
STRANDS = (RED, BLUE, GREEN, OCHRE, VIOLET)
LEVELS = ("#fbe9e4", "#f3c3b6", "#df8a79", "#bd4a45", "#840d15")  # one hue, evenly darker
ON_LEVELS = (INK, INK, INK, "#ffffff", "#ffffff")
_WIDE, _NARROW = "mwMWƯĐÂÊÔỐỘĂ@%", "iljtIfr.,:;'’ ()1"


def tag(name: str, *children: str, **attributes: str | float) -> str:
    """An element; ``stroke_width`` is ``stroke-width``, ``klass`` is ``class``. Children are markup."""
    written = "".join(f" {_name(key)}={_quoted(value)}" for key, value in attributes.items() if value != "")
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


@cache
def _name(key: str) -> str:
    return "class" if key == "klass" else "viewBox" if key == "view_box" else key.replace("_", "-")


def _quoted(value: str | float) -> str:
    return quoteattr(value) if isinstance(value, str) else f'"{f"{value:.1f}".removesuffix(".0")}"'


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: float = 13,
    anchor: str = "start",
    fill: str = INK,
    weight: str = "",
    klass: str = "",
) -> str:
    """A line of words with its base at ``y``; nothing for none."""
    if not words:
        return ""
    return tag(
        "text",
        escape(words),
        x=x,
        y=y,
        font_size=size,
        text_anchor="" if anchor == "start" else anchor,
        fill=fill,
        font_weight=weight,
        klass=klass,
    )


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, width: float = 1, dash: str = "") -> str:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, stroke_dasharray=dash)


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str = "",
    dash: str = "",
    round_: float = 0,
    klass: str = "",
) -> str:
    """A rectangle; a negative width grows to the left."""
    return tag(
        "rect",
        x=min(x, x + width),
        y=y,
        width=abs(width),
        height=height,
        rx=round_ or "",
        fill=fill,
        stroke=stroke,
        stroke_dasharray=dash,
        klass=klass,
    )


def wide(words: str, size: float) -> float:
    """About how wide a line of words is, on the safe side; the reader's font is not known."""
    letters = sum(0.9 if letter in _WIDE else 0.32 if letter in _NARROW else 0.56 for letter in words)
    return letters * size


def cut(words: str, width: float, size: float) -> str:
    """The words, shortened by … where they do not fit."""
    if wide(words, size) <= width:
        return words
    while words and wide(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


def wrapped(words: str, width: float, size: float, most: int = 2) -> list[str]:
    """The words in at most so many lines, broken between words; what is too long for the last is cut."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if wide(longer, size) <= width or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [cut(one, width, size) for one in lines]


def linked(markup: str, link: str, title: str) -> str:
    """Markup with its words for the pointer, leading somewhere when it has a link; keys go by the table behind."""
    inside = tag("title", escape(title)) + markup
    return tag("a", inside, href=link, tabindex="-1") if link else tag("g", inside)
