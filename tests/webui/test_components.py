"""What pages are made of: the way back on each, a next step where there is nothing, every component in use."""

import re
from pathlib import Path

from jinja2 import Environment, nodes
from markupsafe import escape

from tests.webui.conftest import ON_SQLITE, SignIn
from webui import icons
from webui.pages.components import groups

TEMPLATES = Path(icons.__file__).parent / "templates"
# What the menu and the top line lead to, and what is seen before one is signed in or instead of a page.
FIRST_LEVEL = {
    "work", "periods", "drafts", "reviews", "divided_forms", "requests", "dashboard", "due_calendar", "catalogue",
    "units", "staff_choose", "destroying", "log", "notices", "account", "feedback_write", "guides", "components",
    "sign_in", "factor_ask", "link", "link_code", "mishap", "kept_text",
}  # fmt: skip
# They speak of files, papers and reports that are kept, or show nothing: no shapes of their own.
OF_THINGS_KEPT = {
    "about_finding", "behalf_lines", "cluster", "come_back", "corrected_cells", "csrf", "cut", "destroy_link",
    "figure_cell", "form_size", "keep_returned", "letter_link", "paper_lines",
    "record_paper", "table_tools", "take_steps", "watch_card",
}  # fmt: skip


def test_every_page_below_the_first_level_shows_the_way_back() -> None:
    pages = {
        path.stem: text
        for path in TEMPLATES.glob("*.html")
        if "{% extends 'base.html' %}" in (text := path.read_text(encoding="utf-8"))
    }
    assert set(pages) >= FIRST_LEVEL
    without = {name for name, text in pages.items() if "p.trail(" not in text and ".way_here(" not in text}
    assert without - FIRST_LEVEL == set()


def test_where_there_is_nothing_the_page_says_what_to_do_next() -> None:
    for path in TEMPLATES.glob("*.html"):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Getattr) and call.node.attr == "empty":
                assert len(call.args) + len(call.kwargs) > 2, (path.name, call.lineno)


@ON_SQLITE
def test_every_component_is_shown_with_the_call_that_makes_it(signed_in: SignIn) -> None:
    page = signed_in("vpub").get("/kieu-dang")
    assert page.status_code == 200
    samples = [one for _, some in groups() for one in some]
    assert page.text.count("<pre") == len(samples)
    for one in samples:
        assert escape(one.source) in page.text, one.name
    identifiers = re.findall(r'\sid="([^"]+)"', page.text)
    assert len(identifiers) == len(set(identifiers))
    assert signed_in("easup").get("/kieu-dang").status_code == 404


def test_no_component_is_forgotten() -> None:
    made = set(re.findall(r"\{% macro (\w+)\(", (TEMPLATES / "parts.html").read_text(encoding="utf-8")))
    shown = {name for _, some in groups() for one in some for name in re.findall(r"\bp\.(\w+)\(", one.source)}
    assert shown <= made
    assert made - shown == OF_THINGS_KEPT
