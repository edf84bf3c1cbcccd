"""Number format, font and setting-in of every cell format."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ingest.container import Container
from ingest.reader.package import Attributes, is_true, local, parse

BUILTIN_FORMATS = {  # ECMA-376 18.8.30
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}


class Style(NamedTuple):
    """What a cell format says about content."""

    number_format: str = "General"
    font: str = ""
    is_bold: bool = False
    indent: int = 0


PLAIN = Style()


def read_styles(container: Container, part: str) -> dict[str, Style]:
    """The cell formats by the number cells refer to them by; empty without a style sheet. Raises Refused."""
    return _styles(container.read(part), part) if part in container else {}


@lru_cache(maxsize=16)
def _styles(data: bytes, part: str) -> dict[str, Style]:
    codes: dict[str, str] = {}
    fonts: list[tuple[str, bool]] = []
    used: list[tuple[str, str, int]] = []
    path: list[str] = []

    def opens(tag: str, attributes: Attributes) -> None:
        kind = local(tag)
        parent = path[-1] if path else ""
        path.append(kind)
        if kind == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif kind == "font" and parent == "fonts":
            fonts.append(("", False))
        elif kind == "name" and parent == "font" and path[-3:-2] == ["fonts"]:
            fonts[-1] = (attributes.get("val", ""), fonts[-1][1])
        elif kind == "b" and parent == "font" and path[-3:-2] == ["fonts"]:
            fonts[-1] = (fonts[-1][0], is_true(attributes.get("val", "1")))
        elif kind == "xf" and parent == "cellXfs":
            used.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0"), 0))
        elif kind == "alignment" and parent == "xf" and path[-3:-2] == ["cellXfs"]:
            used[-1] = (*used[-1][:2], _index(attributes.get("indent", "0")))

    def closes(_: str) -> None:
        path.pop()

    parse(data, part, opens, closes)
    return {
        str(i): Style(_format(codes, number), *_at(fonts, font), indent)
        for i, (number, font, indent) in enumerate(used)
    }


def _format(codes: dict[str, str], number: str) -> str:
    return codes.get(number) or BUILTIN_FORMATS.get(_index(number), "General")


def _at(fonts: list[tuple[str, bool]], index: str) -> tuple[str, bool]:
    return fonts[_index(index)] if _index(index) < len(fonts) else ("", False)


def _index(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 9 else 0
