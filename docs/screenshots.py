"""Take the pictures of the README and the guides by walking the month-end on a demo.

``python -m docs.screenshots [--address URL]``: without ``--address`` a fresh demo instance is made in a temporary
folder, served, and thrown away.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError

import openpyxl
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from actions.demo import PASSWORD
from actions.desk import say
from tests.browser.steps import downloaded

IMAGES = Path(__file__).parent / "images"
BAOCAO = Path(sys.executable).with_name("baocao")
CHROMIUM = ("chromium", "chromium-headless-shell")
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
SCREEN: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 120  # seconds, for anything on a busy machine
NOT_FIGURES = ("General", "@")
USUAL_GROWTH, STRIKING_GROWTH = 1.03, 1.4


def main() -> None:
    """Walk and take the pictures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--address", help="a demo that is being served already")
    address = parser.parse_args().address
    IMAGES.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = address or stack.enter_context(_demo(folder / "instance"))
        playwright = stack.enter_context(sync_playwright())
        executable = next(path for name in CHROMIUM if (path := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        walk(browser, address, folder)
        browser.close()


def walk(browser: Browser, address: str, folder: Path) -> None:
    """The month-end once: the commune's clerk, its leader, the office."""
    clerk = _enter(browser, address, "easup", "sign-in")
    _picture(clerk, "work")
    workbook = downloaded(clerk, ".tasks li:has-text('KTXH-01') a[href^='/bieu-mau/']", folder)
    fill(workbook)
    _picture_of_file(workbook, "workbook", folder)
    clerk.set_input_files("#tep", workbook)
    clerk.wait_for_selector(".outcome:not([data-poll])")
    _picture(clerk, "verdict")
    _picture_of_file(downloaded(clerk, "a[href$='/danh-dau.xlsx']", folder), "marked", folder)
    clerk.click("a[href$='/sua']")
    _picture(clerk, "correct")
    clerk.locator(".correct .finding-bad .form-control").first.fill("120")
    clerk.click(".entry-steps button")
    _submit(clerk)
    clerk.click("a[href^='/phieu/'] >> nth=0")
    _picture(clerk, "receipt")
    leader = _enter(browser, address, "ld.easup")
    leader.click(".tasks a.btn-primary")
    _picture(leader, "approval")
    leader.set_viewport_size(PHONE)
    leader.click(".decision summary")
    _picture(leader, "approval-phone")
    office = _enter(browser, address, "vpub")
    _designing(office, address, folder)
    office.goto(f"{address}/ky-bao-cao")
    _picture(office, "periods")
    office.goto(f"{address}/ky-bao-cao/KTXH/202610")
    _picture(office, "board")
    office.goto(f"{address}/ky-bao-cao/KTXH/202609")
    office.click("#tong-hop button.btn-primary")
    office.wait_for_selector("#tong-hop .row-steps")
    _picture_of_file(downloaded(office, "#tong-hop .row-steps a[href$='/docx']", folder), "report", folder)
    _deadlines(office, address)
    _compiled(office, address)
    _writing(office, address)


def _deadlines(office: Page, address: str) -> None:
    """How periods are run: when things are due, who is late, whom to remind."""
    month = f"{address}/ky-bao-cao/KTXH/202610"
    for name, at in (("instants", f"{month}/thoi-han"), ("chase", f"{month}/don-doc")):
        office.goto(at)
        _picture(office, name)
    for name, at in (("history", "tinh-hinh-gui"), ("reviews", "ra-soat")):
        office.goto(f"{address}/{at}")
        _picture(office, name)


def _compiled(office: Page, address: str) -> None:
    """What was compiled: its moment, its figures, where one of them comes from, the check before it is issued."""
    office.goto(f"{address}/ky-bao-cao/KTXH/202609/tong-hop")
    _picture(office, "compiling")
    office.click("a[href^='/ban-tong-hop/'] >> nth=0")
    _picture(office, "compiled")
    compiled = office.url
    office.goto(f"{compiled}/so-lieu?bieu=KTXH-01&o=NN10.c06")
    _picture(office, "trace")
    office.click(".contributors a[href^='/nguon/'] >> nth=0")
    _picture(office, "source")
    office.goto(f"{compiled}/kiem-tra")
    _picture(office, "release")
    office.goto(f"{address}/bang-dieu-hanh")
    _picture(office, "dashboard")


def _writing(office: Page, address: str) -> None:
    """The editing desk: the headings of a draft, and one of them beside what units wrote and the figures at hand."""
    office.goto(f"{address}/bien-tap")
    drafts = office.locator("main a[href^='/bien-tap/']")
    if drafts.count():
        drafts.first.click()
    else:
        office.click("form[action$='/bien-tap'] button")
    _picture(office, "draft")
    office.click("a[href*='/muc/'] >> nth=1")
    _picture(office, "heading")


def _designing(office: Page, address: str, folder: Path) -> None:
    """The designer's pages, with a draft in which one row was renamed from a later day on."""
    office.goto(f"{address}/danh-muc/bieu")
    _picture(office, "design-forms")
    draft = downloaded(office, "a[href$='/KTXH-01/sua.xlsx']", folder)
    book = openpyxl.load_workbook(draft)
    rows, form = book["Chỉ tiêu"], book["Biểu"]
    rows["C3"] = f"{rows['C3'].value} (ước)"
    form["B6"] = "01/01/2099"
    book.save(draft)
    office.set_input_files("#tep-bieu", draft)
    office.click(".drop button")
    office.wait_for_selector("#xem-truoc")
    _picture(office, "design-draft")
    office.goto(f"{address}/danh-muc/ganh-nang")
    _picture(office, "burden")


def fill(workbook: Path) -> None:
    """Type into every open cell what stands left of it and a little more; raise the first prefilled figure by much.

    The first empty one gets words in place of a number.
    """
    book = openpyxl.load_workbook(workbook)
    growth, words = STRIKING_GROWTH, say("demo.word")
    for row in (row for sheet in book.worksheets for row in sheet.iter_rows()):
        for place, cell in enumerate(row):
            if cell.protection.locked or cell.number_format in NOT_FIGURES:
                continue
            if isinstance(cell.value, int | float):
                cell.value, growth = round(cell.value * growth), 1
            elif cell.value is None:
                before = [one.value for one in row[:place] if isinstance(one.value, int | float)]
                cell.value, words = words or (round(before[-1] * USUAL_GROWTH) if before else 0), ""
    book.save(workbook)


@contextmanager
def _demo(instance: Path) -> Iterator[str]:
    """A fresh demo being served; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BAOCAO_")}
    environment = {**kept, "BAOCAO_INSTANCE": str(instance), "BAOCAO_PORT": str(port), "BAOCAO_DEMO": "1"}
    for command in ("init", "demo"):
        subprocess.run([BAOCAO, command], env=environment, check=True)
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([BAOCAO, "serve"], env=environment)
    try:
        _wait_for(f"{address}/readyz")
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address)
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def _enter(browser: Browser, address: str, login: str, picture: str | None = None) -> Page:
    page = browser.new_context(viewport=SCREEN, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh").new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{address}/dang-nhap")
    if picture:
        _picture(page, picture)
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"{address}/")
    page.click("form[action='/dung-thu/cat'] button")
    return page


def _submit(page: Page) -> None:
    for box in page.locator("textarea:visible").all():
        box.fill(say("demo.explanation"))
    page.click("#trinh-duyet button")
    page.wait_for_load_state("networkidle")


def _picture(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


def _picture_of_file(document: Path, name: str, folder: Path) -> None:
    """A document's first page, a workbook's first wide one, as LibreOffice prints it."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    subprocess.run(convert, check=True, capture_output=True)
    printed = document.with_suffix(".pdf")
    page = _first_wide_page(printed) if document.suffix == ".xlsx" else "1"
    draw = ["pdftoppm", "-png", "-r", "75", "-f", page, "-l", page, "-singlefile"]
    subprocess.run([*draw, printed, IMAGES / name], check=True)


def _first_wide_page(printed: Path) -> str:
    described = subprocess.run(["pdfinfo", "-l", "99", printed], check=True, capture_output=True, text=True).stdout
    sizes: list[tuple[str, str, str]] = re.findall(r"^Page +(\d+) size: +([\d.]+) x ([\d.]+)", described, re.MULTILINE)
    return next(page for page, width, height in sizes if float(width) > float(height))


if __name__ == "__main__":
    main()
