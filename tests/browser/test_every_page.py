"""Every kind of page, with all that can be opened on it open, as axe-core and four widths of a window see it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from ingest.sandbox import ReadingPool
from tests.browser.axe import violations
from tests.browser.conftest import PATIENCE, answering, enter_as
from tests.webui import small_province as province
from tests.webui.conftest import OF_TWO_UNITS, app_of, sign_in
from tests.webui.test_permission import EXAMPLES, method_of
from webui import visitor

pytestmark = pytest.mark.browser

LOGINS = ("easup", "ld.easup", "vpub", "qt.easup", "bmnn", "khcn")
NARROW, USUAL = 360, 1366
WIDTHS = (1920, USUAL, 768, NARROW)
OF_EVERY_DAY = frozenset(
    (
        "work.home",
        "submissions.one",
        "uploads.verdict",
        "entry.fill",
        "approving.listing",
        "board.board",
        "compiling.look",
    )
)
"""What axe looks at in a usual window too; the rest it sees on a phone only, where most can go wrong."""
SHARDS = 4
OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true; })"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The pages of a province in which two units have one of everything."""
    folder = tmp_path_factory.mktemp("every") / "instance"
    with (
        ReadingPool(1) as pool,
        OF_TWO_UNITS.copy("sqlite", folder, pool) as instance,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(visitor, "now", lambda: province.NOW)
        yield app_of(instance)


def pages_of(app: Flask, shard: int) -> dict[str, list[tuple[str, str]]]:
    """For each login its own first page and the pages it is the first to see: their routes and addresses."""
    own, _, report = OF_TWO_UNITS.told("sqlite")
    browsers = {login: sign_in(app, login) for login in LOGINS}
    found = {login: [("work.home", "/")] if at % SHARDS == shard else [] for at, login in enumerate(LOGINS)}
    for endpoint in sorted(EXAMPLES)[shard::SHARDS]:
        if method_of(app, endpoint) != "GET":
            continue
        with app.test_request_context():
            address = app.url_for(endpoint, **EXAMPLES[endpoint][0](own, report))
        for login, browser in browsers.items():
            answer = browser.get(address, buffered=True)
            if (answer.status_code, answer.mimetype) == (200, "text/html"):
                found[login].append((endpoint, address))
                break
    return found


def wrong_with(page: Page, widths_for_axe: set[int]) -> Iterator[str]:
    page.evaluate(OPEN_ALL)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (more := page.evaluate(WIDER)) > 0:
            yield f"{more} pixels too wide at {width}"
        if width in widths_for_axe:
            yield from (f"at {width} {one}" for one in violations(page))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_page_keeps_anybody_out_or_scrolls_sideways(app: Flask, browser: Browser, shard: int) -> None:
    wrong: list[str] = []
    with answering(app) as address:
        for login, paths in pages_of(app, shard).items():
            if not paths:
                continue
            context = browser.new_context(base_url=address, locale="vi-VN")
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            enter_as(page, login)
            for endpoint, path in paths:
                page.goto(path)
                widths = {NARROW, USUAL} if endpoint in OF_EVERY_DAY else {NARROW}
                wrong += [f"{login} {path}: {one}" for one in wrong_with(page, widths)]
            context.close()
    assert not wrong, "\n".join(wrong)
