"""How wide text prints in Times New Roman, so that merged headings get rows high enough for their lines.

Widths in thousandths of the font size are those of Liberation Serif, which has the metrics of Times New Roman.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from math import ceil

_WIDTHS = {
    250: " ,.",
    278: "/:;ijlt",
    333: "!()-Ifr",
    389: "Js",
    444: "?acez",
    500: "#$*0123456789_bdghknopquvxyđơư–",
    556: "FPS",
    564: "+<=>",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYwĐƠƯ",
    778: "&m",
    833: "%",
    889: "M",
    944: "W",
    1000: "…—",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_UNKNOWN = 600
_BOLD = 1.08
_POINTS_A_PIXEL = 0.75
_CELL_PADDING = 5.0  # points lost to the inner margins of a cell
_LINE = 1.2  # line height over font size


@cache
def _letter(letter: str) -> int:
    if letter in _WIDTH_OF:
        return _WIDTH_OF[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTH_OF.get(base, _UNKNOWN)


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of NFC text in points."""
    return sum(map(_letter, text)) * size / 1000 * (_BOLD if bold else 1)


def column_points(characters: float) -> float:
    """Points of a sheet column whose width is given in characters of the default font (7 pixels each)."""
    return int(characters * 7 + 5) * _POINTS_A_PIXEL


@lru_cache(maxsize=4096)
def line_count(text: str, points: float, size: float, bold: bool = False) -> int:
    """Lines a paragraph takes when wrapped at blanks in a cell ``points`` wide; a line break begins another."""
    room = max(points - _CELL_PADDING, size)
    return sum(_wrapped(line, room, size, bold) for line in text.split("\n"))


def _wrapped(line: str, room: float, size: float, bold: bool) -> int:
    lines, used, blank = 1, 0.0, width(" ", size, bold)
    for word in line.split(" "):
        length = width(word, size, bold)
        if used and used + blank + length <= room:
            used += blank + length
            continue
        if used:
            lines += 1
        lines += max(ceil(length / room) - 1, 0)
        used = length % room if length > room else length
    return lines


def height(lines: int, size: float) -> float:
    """Height in points of a sheet row that shows ``lines`` lines."""
    return ceil(lines * size * _LINE + 4)
