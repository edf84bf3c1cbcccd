"""How each kind of cell looks: one table of named styles, each made once per workbook."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

FONT = "Times New Roman"
SIZE = 10.0
TITLE_SIZE = 13.0
HEAD_SIZE = 10.5
SMALL_SIZE = 8.0

INPUT_COLOUR = "#FFF9DB"
PREFILLED_COLOUR = "#FDEBC8"
GREY = "#EFEFEF"
WRONG_COLOUR = "#F8C9C4"
FAINT = "#7A7A7A"

_TABLE = {"border": 1, "text_wrap": True}
_FIGURE = {"border": 1, "align": "right", "shrink": True}  # a long figure prints small, never as ####
_GUIDE = {"font_size": 11, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "hidden": {"font_color": FAINT},
    "head": {"font_size": HEAD_SIZE, "text_wrap": True, "valign": "top"},
    "head bold": {"font_size": HEAD_SIZE, "bold": True, "text_wrap": True, "valign": "top"},
    "title": {"font_size": TITLE_SIZE, "bold": True, "align": "center", "text_wrap": True, "valign": "top"},
    "period": {"font_size": 11.5, "bold": True, "align": "center", "text_wrap": True, "valign": "top"},
    "window": {"font_size": HEAD_SIZE, "italic": True, "align": "center", "text_wrap": True, "valign": "top"},
    "identity": {"font_size": SMALL_SIZE, "font_color": FAINT},
    "unit line": {"italic": True, "align": "right"},
    "heading": {**_TABLE, "bold": True, "align": "center"},
    "number": {"border": 1, "italic": True, "align": "center", "font_size": 9},
    "ordinal": {**_TABLE, "align": "center"},
    "label": {**_TABLE, "align": "left"},
    "measure": {**_TABLE, "align": "center"},
    "input": {**_FIGURE, "bg_color": INPUT_COLOUR, "locked": False},
    "prefilled": {**_FIGURE, "bg_color": PREFILLED_COLOUR, "locked": False},
    "locked": {**_FIGURE},
    "shown": {**_FIGURE, "bg_color": GREY},
    "closed": {"border": 1, "align": "center", "bg_color": GREY, "font_color": FAINT},
    "empty": {"border": 1},
    "note": {**_TABLE, "align": "left", "locked": False, "bg_color": INPUT_COLOUR},
    "words": {**_TABLE, "align": "left", "locked": False, "bg_color": INPUT_COLOUR},
    "line": {"locked": False},
    "line number": {"border": 1, "align": "center", "locked": False},
    "line reckoned": {**_FIGURE, "locked": False, "bg_color": GREY},
    "line check": {"font_color": "#B42318", "font_size": 9, "indent": 1, "locked": False},
    "totals": {**_FIGURE, "bold": True, "bg_color": GREY},
    "totals label": {"border": 1, "bold": True, "align": "left", "indent": 1, "bg_color": GREY},
    "list end": {"border": 1, "italic": True, "font_color": FAINT, "align": "left", "indent": 1, "font_size": 9},
    "check heading": {"border": 1, "align": "center", "text_wrap": True, "italic": True, "font_color": FAINT},
    "check": {"font_color": FAINT, "font_size": 9, "indent": 1},
    "status": {"font_size": 11, "bold": True, "font_color": "#1F5F3A"},
    "signs": {"italic": True, "font_size": 9, "text_wrap": True, "valign": "top"},
    "place": {"italic": True, "align": "center", "font_size": 11},
    "signer": {"bold": True, "align": "center", "font_size": 11, "text_wrap": True},
    "signature": {"italic": True, "align": "center", "text_wrap": True, "valign": "top"},
    "wrong": {"bg_color": WRONG_COLOUR, "font_color": "#8A1C12"},
    "error found": {"bg_color": "#FBE3E0", "font_color": "#B42318"},
    "warning found": {"bg_color": "#FFF0D6", "font_color": "#8A4B08"},
    "note found": {"font_color": "#1D4E89"},
    "status wrong": {"font_color": "#B42318"},  # the line runs on over empty cells, which no fill would follow
    "guide title": {"font_size": TITLE_SIZE, "bold": True},
    "guide heading": {"font_size": 11, "bold": True},
    "guide key": {**_GUIDE, "text_wrap": True, "bold": True},
    "guide text": {**_GUIDE, "text_wrap": True},
    "guide sign": {**_GUIDE, "align": "center"},
}


class Styles:
    """The formats of one workbook by name of style and what varies within it."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, tuple[tuple[str, Any], ...]], Format] = {}

    def __call__(self, name: str, **varying: Any) -> Format:
        """The format of a style; keywords are xlsxwriter's format properties."""
        key = (name, tuple(sorted(varying.items())))
        if key not in self._made:
            properties = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", **_STYLES[name], **varying}
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def difference(self, name: str) -> Format:
        """The format of a conditional format: only what it changes."""
        return self._workbook.add_format(_STYLES[name])


def figure_format(decimals: int) -> str:
    """Number format with Vietnamese separators whatever the machine's language: ``[$-42A]#,##0.0``."""
    return "[$-42A]#,##0" + ("." + "0" * decimals if decimals else "")
