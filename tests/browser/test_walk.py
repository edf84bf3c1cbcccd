"""Pages at the widths people have."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.steps import no_sideways_scrolling

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 768, 1366, 1920])
def test_no_page_scrolls_sideways(width: int, visit: Visit) -> None:
    for login, paths in {"easup": ["/", "/tai-khoan"], "vpub": ["/", "/ky-bao-cao", "/danh-muc", "/nhat-ky"]}.items():
        page = visit(login, width=width)
        for path in paths:
            page.goto(path)
            assert no_sideways_scrolling(page), (width, path)
        for link in [
            one.get_attribute("href")
            for one in page.locator("main a[href^='/viec/'], main a[href^='/tep/'], main a[href^='/ky-bao-cao/']").all()
        ][:3]:
            if link and not link.endswith((".zip", ".xlsx")):
                page.goto(link)
                assert no_sideways_scrolling(page), (width, link)
