"""What people do on many pages, and what is asked of each."""

from pathlib import Path

from playwright.sync_api import Page


def downloaded(page: Page, selector: str, folder: Path) -> Path:
    """The file behind a link, as it was named."""
    with page.expect_download() as arriving:
        page.click(selector)
    path = folder / arriving.value.suggested_filename
    arriving.value.save_as(path)
    return path


def explain_everything(page: Page) -> None:
    """Give each warning a reason."""
    page.wait_for_load_state()  # until then the page may lack its end
    for field in page.locator("textarea[name^=giai-trinh-]").all():
        field.fill("Tăng đàn theo dự án chăn nuôi của xã")


def no_sideways_scrolling(page: Page) -> bool:
    """True when the page is no wider than its window."""
    # Through the locator, which waits for the element: right after a navigation commits there is no <html> yet.
    return bool(page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth"))
