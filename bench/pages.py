"""Every page of the demo province as eleven people meet it: how long the server is at one, and what travels.

Whoever signs in follows every link to pages of his own, of each kind of address a few. A page counts as the second
look at it: what is worked out once an hour or once a day is not what people wait for; the slowest first look is told
beside. The yardstick is a bare Flask that answers the same words. With ``--quick`` the office alone walks a province
of 115 units without history.
"""

import logging
import re
import statistics
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from actions import demo
from actions.console import open_desk
from actions.instance import Instance, make
from actions.people import hash_of
from actions.settings import Settings
from bench import board
from bench.harness import Effort, Measurement, main
from registry.store import people
from webui import site, visitor
from webui.visitor import COOKIE

PEOPLE = ("easup", "ld.easup", "qt.easup", "vpub", "nl.vpub", "ld.vpub", "stc", "ld.stc", "bmnn", "khcn", "ioc")
EACH_KIND, QUICK = 3, 1  # pages of one kind of address a person looks at
SLOW, LARGE = 0.15, 100_000  # seconds of a second look, bytes as they travel: more is told
HOST = "http://baocao"
COMPRESSES = {"Accept-Encoding": "gzip"}
_NOT_PAGES = re.compile(r"\.\w{2,5}$|/dang-xuat$|/bieu-mau/")


@dataclass(frozen=True, slots=True)
class Look:
    """One page as one person met it: CPU seconds of ours at first and again, of the yardstick; bytes sent."""

    address: str
    first: float
    spent: float
    bare: float
    travelled: int


def measure(effort: Effort) -> Iterator[Measurement]:
    """CPU a page: the middle one, what one in twenty is slower than, the slowest first look; the largest; how many are
    slow or large.
    """
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        instance = board.instance_of(Path(folder), board.SIZES[0]) if effort.quick else _demo(Path(folder))
        looks = list(_looks(instance, PEOPLE[3:4] if effort.quick else PEOPLE, QUICK if effort.quick else EACH_KIND))
        instance.close()
    yield _of(f"half of {len(looks)} pages within", looks, statistics.median)
    yield _of(f"19 of 20 of {len(looks)} pages within", looks, lambda some: statistics.quantiles(some, n=20)[-1])
    first = max(looks, key=lambda one: one.first)
    yield Measurement(f"the slowest first look, {first.address}", first.first * 1000, "ms")
    yield Measurement(f"pages over {SLOW * 1000:.0f} ms", sum(one.spent > SLOW for one in looks), "pages")
    yield Measurement(f"pages over {LARGE // 1000} kB", sum(one.travelled > LARGE for one in looks), "pages")
    largest = max(looks, key=lambda one: one.travelled)
    yield Measurement(f"the largest travels as, {largest.address}", largest.travelled / 1000, "kB")


def _of(case: str, looks: list[Look], middle: Callable[[list[float]], float]) -> Measurement:
    ours, bare = middle([one.spent for one in looks]), middle([one.bare for one in looks])
    return Measurement(case, ours * 1000, "ms", {"bare Flask, the same words": ours / bare})


def _demo(folder: Path) -> Instance:
    settings = replace(Settings.read({"BAOCAO_INSTANCE": str(folder), "BAOCAO_DEMO": "1"}), second_factor=False)
    make(settings, visitor.now())
    instance = Instance.open(settings, durable=False)
    demo.load(open_desk(instance, None), lambda _: None)
    return instance


def _looks(instance: Instance, logins: tuple[str, ...], each_kind: int) -> Iterator[Look]:
    app = Flask("webui", static_folder="static", template_folder="templates")
    site.register(app, instance)
    for login in logins:
        yield from _walk(_signed_in(instance, app, login), each_kind)


def _signed_in(instance: Instance, app: Flask, login: str) -> FlaskClient:
    with instance.store.write() as connection:
        person = people.find(connection, login)
        assert person is not None
        people.start_session(connection, hash_of(login), person.id, "127.0.0.1", visitor.now())
    browser = app.test_client()
    browser.set_cookie(COOKIE, login)
    return browser


def _walk(browser: FlaskClient, each_kind: int) -> Iterator[Look]:
    routes = browser.application.url_map.bind("baocao")
    seen, kinds, waiting = {"/"}, Counter[tuple[str, ...]](), deque(["/"])
    while waiting:
        address = waiting.popleft()
        begun = process_time()
        first = browser.get(address)
        spent = process_time() - begun
        if first.status_code != 200 or first.mimetype != "text/html":
            continue
        yield _look(browser, address, first.text, spent)
        for one in _links(address, first.text):
            kind = _kind(routes, one)
            if kind and one not in seen and kinds[kind] < each_kind:
                seen.add(one)
                kinds[kind] += 1
                waiting.append(one)


def _look(browser: FlaskClient, address: str, words: str, first: float) -> Look:
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: words)
    begun = process_time()
    sent = browser.get(address, headers=COMPRESSES).get_data()
    done = process_time()
    bare.test_client().get("/").get_data()
    return Look(address, first, done - begun, process_time() - done, len(sent))


def _links(address: str, words: str) -> Iterator[str]:
    for one in lxml.html.fromstring(words).iter("a"):
        to = urlsplit(urldefrag(urljoin(HOST + address, one.get("href") or ""))[0])
        if to.netloc == "baocao" and not _NOT_PAGES.search(to.path) and "xuat=" not in to.query:
            yield to.path + (f"?{to.query}" if to.query else "")


def _kind(routes: MapAdapter, address: str) -> tuple[str, ...]:
    """The page an address is of, and what is asked of it."""
    parts = urlsplit(address)
    try:
        endpoint, _ = routes.match(parts.path)
    except (NotFound, RequestRedirect):
        return ()
    return endpoint, *sorted(key for key, _ in parse_qsl(parts.query))


if __name__ == "__main__":
    main(measure)
