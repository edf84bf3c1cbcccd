"""Every role follows every kind of link there is for it, and looks at what comes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from registry.catalogue.model import Role
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.page_faults import faults, foreign_words
from tests.webui.small_province import PEOPLE, Things, small_catalogue

LOGINS = frozenset(holder.login for holder in small_catalogue().roles)
GUIDE = "/huong-dan"
SHOWN = ("text/html", 200)


@dataclass(frozen=True)
class Met:
    """An address, the page that leads there, and what it answered; None where no route is."""

    address: str
    led_by: str
    answer: TestResponse | None

    @property
    def faults(self) -> list[str]:
        """In a few words."""
        if self.answer is None:
            return ["no such route"]
        if self.answer.status_code not in (200, 302):
            return [f"answers {self.answer.status_code}"]
        if not self.is_page:
            return []
        quotes = self.address.startswith(GUIDE)  # it names the menus of Excel as they are
        return [*faults(self.answer.text), *(() if quotes else sorted(foreign_words(self.answer.text) - LOGINS))]

    @property
    def is_page(self) -> bool:
        """Whether people look at it."""
        return self.answer is not None and (self.answer.mimetype, self.answer.status_code) == SHOWN

    def links(self) -> Iterator[str]:
        """Addresses it leads to, in order."""
        if self.answer is None:
            return
        if self.answer.status_code == 302:
            yield self.answer.location
        if not self.is_page:
            return
        for found in html.document_fromstring(self.answer.text).xpath("//a/@href | //form[@method='get']/@action"):
            yield urldefrag(urljoin(self.address, found)).url


def kind(app: Flask, address: str) -> tuple[str, ...] | None:
    """The route and the names of what is asked of it: one of each kind is followed. None where no route is."""
    parts = urlsplit(address)
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path)
    except HTTPException:
        return None
    return (endpoint, *sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))


def walk(app: Flask, browser: FlaskClient, first: str) -> Iterator[Met]:
    """Everything the links lead to from a page."""
    known, waiting, met = {first}, [(first, "")], Counter[tuple[str, ...]]()
    while waiting:
        address, led_by = waiting.pop(0)
        sort = kind(app, address)
        if sort is None:
            yield Met(address, led_by, None)
            continue
        met[sort] += 1
        if met[sort] > 1:
            continue
        here = Met(address, led_by, browser.get(address, buffered=True))
        yield here
        new = [one for one in here.links() if one not in known]
        known.update(new)
        waiting += [(one, address) for one in new]


@ON_SQLITE
@pytest.mark.parametrize("role", list(PEOPLE))
def test_whatever_a_role_is_led_to_is_there_and_is_as_it_should_be(
    role: Role, app: Flask, signed_in: SignIn, told: tuple[Things, Things, int]
) -> None:
    found = list(walk(app, signed_in(PEOPLE[role]), "/"))
    assert sum(one.is_page for one in found) > 10
    told_of = [f"{one.address} (from {one.led_by}): {fault}" for one in found for fault in one.faults]
    assert not told_of, "\n".join(told_of)
