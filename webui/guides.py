"""The guides of docs/huong-dan as the application shows them: headings with places, links among themselves, no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from registry.catalogue.model import Role
from vietnamese.fold import fold, slug

ADDRESS = "/huong-dan"
FOLDER = Path(__file__).parents[1] / "docs" / "huong-dan"
IMAGES = FOLDER.parent / "images"
# For whom each is written, in the order in which people meet them; of all roles when none is named.
READERS: dict[str, tuple[Role, ...]] = {
    "nguoi-nhap-lieu": (Role.CLERK,),
    "lanh-dao": (Role.LEADER,),
    "quan-tri-don-vi": (Role.UNIT_ADMIN,),
    "van-phong": (Role.OFFICE, Role.RECEIVER, Role.MONITOR, Role.SECURITY, Role.WATCH),
    "trang-va-bang": (),
    "dang-nhap": (),
    "tai-khoan": (Role.UNIT_ADMIN, Role.LEADER, Role.OFFICE),
    "thiet-ke-bieu": (Role.OFFICE,),
    "nhap-bieu-chinh-thuc": (Role.OFFICE,),
    "quy-tac": (Role.OFFICE,),
}
_EXCERPT = 220  # characters
_LINK = re.compile(r"(?P<name>[\w-]+)\.md")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: its place in the page, and its text without marks."""

    place: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide: its title, the page under it as safe HTML, and its sections."""

    name: str
    title: str
    html: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that has all words looked for."""

    guide: Guide
    section: Section
    excerpt: str


@cache
def guide(name: str) -> Guide:
    """The guide of this name; raises KeyError when there is none."""
    if name not in READERS:
        raise KeyError(name)
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    title, tokens = tokens[1].content, tokens[3:]  # a guide opens with its one first-level heading
    sections = tuple(_sections(tokens, title))
    shown = list(_shown(tokens))
    return Guide(name, title, parser.renderer.render(shown, parser.options, {}), sections)


def in_order(roles: set[Role]) -> tuple[list[Guide], list[Guide]]:
    """The guides written for somebody with these roles, and all others."""
    own = [name for name, readers in READERS.items() if not readers or roles.intersection(readers)]
    return [guide(name) for name in own], [guide(name) for name in READERS if name not in own]


def seek(words: str) -> list[Hit]:
    """The sections that have every word, compared without accents; those that have them side by side stand first."""
    wanted = _folded(words)
    if not wanted.strip():
        return []
    found = list[tuple[int, Hit]]()
    every = ((one, section) for one in map(guide, READERS) for section in one.sections)
    for one, section in every:
        title, text = _folded(section.title), _folded(section.text)
        if all(f" {word} " in title + text for word in wanted.split()):
            rank = 0 if wanted in title else 1 if wanted in text else 2
            found.append((rank, Hit(one, section, _excerpt(section.text, wanted))))
    return [hit for _, hit in sorted(found, key=lambda ranked: ranked[0])]


def image(name: str) -> Path | None:
    """The file of a guide's picture; None when no guide has it."""
    path = IMAGES / f"{name}.png"
    return path if re.fullmatch(r"[\w-]+", name) and path.is_file() else None


def _folded(text: str) -> str:
    """The words of a text without accents, a blank before and after each."""
    return f" {re.sub(r'[^a-z0-9]+', ' ', fold(text)).strip()} "


def _excerpt(text: str, wanted: str) -> str:
    sentences = re.split(r"(?<=[.;:])\s+", text)
    first = f" {wanted.split()[0]} "
    having = (at for looked_for in (wanted, first) for at, one in enumerate(sentences) if looked_for in _folded(one))
    start = next(having, 0)
    told = " ".join(sentences[start:])
    return told if len(told) <= _EXCERPT else f"{told[:_EXCERPT].rsplit(' ', 1)[0]} …"


def _place(title: str) -> str:
    return slug(title)


def _sections(tokens: list[Token], title: str) -> Iterator[Section]:
    """The text before the first heading, then what stands under each."""
    place, text = "", list[str]()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            yield Section(place, title, " ".join(text))
            title, text = _words(tokens[at + 1]), []
            place = _place(title)
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            text.append(_words(token))
        elif token.type in ("fence", "code_block"):
            text.append(token.content)
    yield Section(place, title, " ".join(text))


def _words(inline: Token) -> str:
    """A paragraph as it is read, pictures by what they are said to show."""
    parts = (" " if one.type == "softbreak" else one.content for one in inline.children or ())
    return " ".join("".join(parts).split())


def _shown(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with places at headings, and tables that scroll by themselves and say what they are about."""
    title = ""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            title = _words(tokens[at + 1])
            token.attrSet("id", _place(title))
        if token.type == "table_open":
            token.attrSet("class", "table")
            yield _raw('<div class="wide" tabindex="0">')
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.children:
            token.children = list(_led(token.children))
        yield token
        if token.type == "table_open":
            yield _raw(f'<caption class="visually-hidden">{escape(title)}</caption>')
        if token.type == "table_close":
            yield _raw("</div>")


def _raw(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def _led(children: list[Token]) -> Iterator[Token]:
    """Pictures and other guides are found where the application has them; what it has not is no link."""
    leads_nowhere = False
    for token in children:
        attrs: dict[str, Any] = token.attrs
        if token.type == "image":
            source = f"{ADDRESS}/anh/{Path(str(attrs['src'])).name}"
            attrs |= {"src": source, "class": "img-fluid border rounded", "loading": "lazy"}
        elif token.type == "link_open":
            found = _LINK.fullmatch(str(attrs["href"]))
            leads_nowhere = found is None or found["name"] not in READERS
            attrs["href"] = f"{ADDRESS}/{found['name']}" if found else ""
        if not (leads_nowhere and token.type in ("link_open", "link_close")):
            yield token
