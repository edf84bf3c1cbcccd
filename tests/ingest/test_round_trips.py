"""A template opened, typed into and saved by other programs: the figures land, whatever the program left of the file.

What ExcelJS and SheetJS made lies in ``data`` (``tests/tools/round_trips.mjs`` makes it anew); LibreOffice is in
``test_template_in_libreoffice``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from ingest.identity import identify
from ingest.judge import judge
from ingest.model import Case, Status
from ingest.reading import read_guarded
from registry.catalogue.values import CellKey, CellValue, State
from tests.ingest import a_form

DATA = Path(__file__).parent / "data"
TYPED: dict[tuple[str, str], float | str] = {
    ("HOMES", "c06"): 9,
    ("AREA", "c06"): 121.5,
    ("CROP", "c06"): "1.234,5 tấn",
    ("HOMES", "c13"): "Hạn hán",
}
WANTED = {
    CellKey("HOMES", "c06"): CellValue(State.VALUE, Decimal(9)),
    CellKey("AREA", "c06"): CellValue(State.VALUE, Decimal("121.5")),
    CellKey("CROP", "c06"): CellValue(State.VALUE, Decimal("1234.500")),
    CellKey("HOMES", "c13"): CellValue(State.VALUE, text="Hạn hán"),
    CellKey("AREA", "c05"): CellValue(State.VALUE, Decimal("120.5")),  # as it was prefilled
}


def by_openpyxl() -> bytes:
    book = openpyxl.load_workbook(BytesIO(a_form.workbook()))
    for (row, column), value in TYPED.items():
        book[a_form.grid().sheet][a_form.grid().cells[CellKey(row, column)]] = value
    into = BytesIO()
    book.save(into)
    return into.getvalue()


PROGRAMS: dict[str, Callable[[], bytes]] = {
    "exceljs": (DATA / "exceljs.xlsx").read_bytes,
    "sheetjs": (DATA / "sheetjs.xlsx").read_bytes,
    "openpyxl": by_openpyxl,
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_was_typed_in_another_program_lands(program: str) -> None:
    extraction = read_guarded(PROGRAMS[program](), f"{program}.xlsx")
    identity = identify(extraction, a_form.KEYS)

    verdict = judge(extraction, identity, Case(a_form.EA_SUP, a_form.context(), a_form.RULES))

    assert {key: verdict.values[key] for key in WANTED} == WANTED
    assert verdict.status is Status.ACCEPTED
    assert {one.code for one in verdict.findings} <= {
        "judge-blank-cells",
        "number-converted",
        "anchor-protection-missing",
        "anchor-older-layout",
    }
