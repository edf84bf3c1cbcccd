"""A live server on a small province, and Chromium."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import actions.work
from actions.instance import Instance
from actions.work import Worker
from ingest.sandbox import ReadingPool
from tests.tools.instances import Prepared
from tests.webui import small_province as province
from vietnamese.dates import HO_CHI_MINH
from webui import site, visitor

PATIENCE = 60_000  # milliseconds for what a test waits for: only what hangs fails, however busy the machine
expect.set_options(timeout=PATIENCE)
NOVEMBER = datetime(2026, 11, 10, 9, 0, tzinfo=HO_CHI_MINH)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _october(instance: Instance) -> None:
    province.fill(instance)
    province.open_month(instance)
    province.carry_through(instance, "easup", "ld.easup")


SENT = Prepared("october-sent", province.NOW, _october)


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    instance: Instance


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The small province on 10 November 2026: October sent by Ea Súp, November not yet opened."""
    for module in (visitor, actions.work):
        monkeypatch.setattr(module, "now", lambda: NOVEMBER)
    with ReadingPool(1) as pool, SENT.copy("sqlite", tmp_path / "instance", pool, demo=True) as instance:
        app = Flask("webui", static_folder="static", template_folder="templates")
        site.register(app, instance)
        worker = Worker(instance)
        with answering(app) as address:
            worker.start()
            yield Served(address, instance)
        worker.stop()


@contextmanager
def answering(app: Flask) -> Iterator[str]:
    """A server on a free port; yields its address."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(server.close)  # in the thread that waits on its sockets
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


def picture(page: Page, name: str) -> None:
    """Kept when somebody wants to look (BROWSER_PICTURES=folder)."""
    if folder := os.environ.get("BROWSER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def enter_as(page: Page, login: str) -> None:
    """Sign in."""
    page.goto("/dang-nhap")
    page.fill("#login", login)
    page.fill("#password", province.WORD)
    page.click(".door-form button")
    # Going elsewhere before the answer has come would leave without the session's cookie.
    page.wait_for_url(lambda address: not address.endswith("/dang-nhap"))


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """``visit("easup")``: that person's page after signing in; any complaint of the browser fails the test, but for an
    answer 401 where the session is to end (``is_shut_out``).
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(login: str, *, width: int = 1366, javascript: bool = True, is_shut_out: bool = False) -> Page:
        context = browser.new_context(
            base_url=served.address,
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        expected = " 401 " if is_shut_out else "\0"
        page.on(
            "console",
            lambda told: complaints.append(told.text) if told.type == "error" and expected not in told.text else None,
        )
        page.on(
            "request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(served.address) else None
        )
        enter_as(page, login)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []
