"""What pages are made of: the way back on each, a next step where there is nothing, every component in use."""

from pathlib import Path

from jinja2 import Environment, nodes

from webui import icons

TEMPLATES = Path(icons.__file__).parent / "templates"
# What the menu and the top line lead to, and what is seen before one is signed in or instead of a page.
FIRST_LEVEL = {
    "work", "periods", "drafts", "reviews", "divided_forms", "requests", "dashboard", "due_calendar", "catalogue",
    "units", "staff_choose", "destroying", "log", "notices", "account", "feedback_write", "guides",
    "sign_in", "factor_ask", "link", "link_code", "mishap", "kept_text",
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
