"""A marked workbook in the clerk's own program: it opens, prints its list first, and is accepted once corrected."""

import subprocess
from pathlib import Path

import openpyxl
import pytest

from ingest.mark.job import Job
from ingest.mark.marking import marked
from registry.findings import Severity
from tests.ingest.workbooks import GRID, cell, typed, verdict
from tests.tools.office import office

pytestmark = pytest.mark.office

WRONG = {cell("CROP"): "12 hai", cell("AREA"): "1.234,56", cell("MONEY"): -5}
RIGHT = {cell("CROP"): "12,5", cell("MONEY"): "5", cell("HOMES"): "3"}


def test_opened_corrected_saved_and_sent_again(tmp_path: Path) -> None:
    data = typed(WRONG, notes={cell("CROP"): "hỏi lại HTX"})
    path, saved, printed = tmp_path / "marked.xlsx", tmp_path / "saved.xlsx", tmp_path / "marked.pdf"
    path.write_bytes(marked(data, Job(verdict(data).findings, ("Biểu thử",))))
    types = [f"--type={GRID.sheet}!{at}={text}" for at, text in RIGHT.items()]
    session = office(path, "--pdf", str(printed), *types, "--save", str(saved))

    assert session["info"]["sheets"][0]["name"] == "Kết quả kiểm tra"
    assert [one for one in session["type"] if not one["accepted"]] == []
    assert _first_page(printed).startswith("KẾT QUẢ KIỂM TRA")
    after = verdict(saved.read_bytes())
    assert [one for one in after.findings if one.severity in (Severity.BLOCK, Severity.ERROR)] == []

    again = tmp_path / "again.xlsx"
    again.write_bytes(marked(saved.read_bytes(), Job(after.findings)))
    book = openpyxl.load_workbook(again)
    assert [name for name in book.sheetnames if name.startswith("Kết quả")] == ["Kết quả kiểm tra"]
    sheet = book[GRID.sheet]
    assert sheet[cell("MONEY")].comment is None
    assert sheet[cell("CROP")].comment.text == "hỏi lại HTX"
    assert (
        sheet[cell("MONEY")].fill.fgColor.rgb == openpyxl.load_workbook(path)[GRID.sheet][cell("DEBT")].fill.fgColor.rgb
    )


def _first_page(printed: Path) -> str:
    run = subprocess.run(
        ["pdftotext", "-l", "1", "-layout", str(printed), "-"], capture_output=True, text=True, check=True
    )
    return run.stdout.lstrip()
