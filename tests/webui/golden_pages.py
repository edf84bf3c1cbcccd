"""The key pages as they are read, line by line; ``python -m tests.webui.golden_pages`` writes the golden files anew."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from lxml import html

from actions.instance import Instance
from ingest.sandbox import ReadingPool
from tests.tools import databases
from tests.webui import small_province as province
from tests.webui.conftest import OF_TWO_UNITS, app_of, sign_in
from webui import visitor

GOLDEN = Path(__file__).parent / "golden"
_BOARD = "/ky-bao-cao/KTXH/202610"
_PAGES = {  # whose, and where; the agency's form waits for its leader
    "sign_in": ("", "/dang-nhap"),
    "home_of_clerk": ("bmt", "/"),
    "verdict": ("nl.snnmt", "/tep/{waiting.upload}"),
    "form_of_clerk": ("easup", "/viec/{own.assignment_id}"),
    "form_of_leader": ("ld.snnmt", "/viec/{waiting.assignment_id}"),
    "list_of_leader": ("ld.snnmt", "/cho-duyet"),
    "board_with_frame": ("vpub", _BOARD),
    "compile": ("vpub", f"{_BOARD}/tong-hop"),
    "periods": ("vpub", "/ky-bao-cao"),
    "unit": ("qt.easup", "/don-vi/{own.unit_id}"),
    "guides": ("easup", "/huong-dan"),
}
_LONGEST, _MOST_ROWS = 240, 8  # characters of a line, rows of a table
_MARKS = {"a": "-> ", "button": "(o) ", "summary": "+ ", "caption": "table: ", "legend": "group: "}
_MARKS |= {f"h{level}": "#" * level + " " for level in range(1, 5)}
_BLOCKS = frozenset(("article", "blockquote", "dd", "dl", "div", "dt", "fieldset", "figcaption", "footer", "form"))
_BLOCKS |= {"label", "li", "main", "nav", "p", "section"}
_UNREAD = frozenset(("option", "script", "svg"))


@dataclass
class _Reader:
    """Lines of text, each begun by a mark of what it is."""

    lines: list[str] = field(default_factory=list)
    words: str = ""
    mark: str = ""

    def end(self, mark: str = "") -> None:
        if text := " ".join(self.words.split()):
            self.lines.append((self.mark + text)[:_LONGEST])
        self.words, self.mark = "", mark

    def read(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNREAD or element.get("hidden") is not None:
            return
        if tag in ("input", "select", "textarea"):
            self._field(element)
        elif tag == "tr":
            self._row(element)
        else:
            is_block = tag in _MARKS or tag in _BLOCKS
            if is_block:
                self.end(_MARKS.get(tag, ""))
            self.words += element.text or ""
            if tag in ("a", "button"):
                self.words += f" {element.get('aria-label') or ''}"
            for child in element:
                self.read(child)
                self.words += child.tail or ""
            if is_block:
                self.end()

    def _field(self, element: html.HtmlElement) -> None:
        kind = element.get("type") or element.tag
        if kind == "hidden":
            return
        named = element.get("aria-label") or f"#{element.get('id')}"
        self.words += f" [{kind} {named}{' required' if element.get('required') is not None else ''}] "

    def _row(self, row: html.HtmlElement) -> None:
        place = row.getparent().index(row)
        if place == _MOST_ROWS:
            self.lines.append("| …")
        if place < _MOST_ROWS:
            self.end("| ")
            self.words = " | ".join(" ".join(cell.text_content().split()) for cell in row)
            self.end()


def read(page: str, *, with_frame: bool = False) -> str:
    """Headings, what is pressed and fields with their names, tables row by row, of which long ones only begin."""
    reader, whole = _Reader(), html.document_fromstring(page).body
    reader.read(whole if with_frame else whole.find("main"))
    reader.end()
    return "\n".join(reader.lines) + "\n"


def shown(instance: Instance) -> dict[str, str]:
    """The key pages as they are read, of a copy of the province in which two units have one of everything."""
    app, (own, _, _) = app_of(instance), OF_TWO_UNITS.told("sqlite")
    clerk = province.sit(instance, "nl.snnmt")
    waiting = SimpleNamespace(upload=province.submitted(clerk), assignment_id=province.work_of(clerk).assignment_id)
    browsers = {login: sign_in(app, login) if login else app.test_client() for login, _ in _PAGES.values()}
    answers = {
        name: browsers[login].get(address.format(own=own, waiting=waiting)) for name, (login, address) in _PAGES.items()
    }
    return {name: read(one.text, with_frame="frame" in name) for name, one in answers.items()}


def golden(name: str) -> Path:
    """The file a page is compared with."""
    return GOLDEN / f"{name}.txt"


def write_golden() -> None:
    """Write the files anew."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, {databases.FOLDER_VARIABLE: folder}),
        ReadingPool(1) as pool,
        OF_TWO_UNITS.copy("sqlite", Path(folder) / "instance", pool) as instance,
        patch.object(visitor, "now", lambda: province.NOW),
    ):
        for name, text in shown(instance).items():
            golden(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_golden()
