"""LibreOffice reckons every formula of compiled workbooks anew, and comes to the totals that were stored in them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings

from compile import workbook
from compile.compiled import compiled
from compile.model import CompileInput
from tests.compile.office import convert_all
from tests.compile.random_report import RandomReport, random_reports
from tests.compile.sample_report import sample_report
from tests.compile.small_report import TUY_HOA, a_full_report

pytestmark = pytest.mark.office
FORMULA_AND_RESULT = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")


def test_libreoffice_recalculates_every_formula_to_the_stored_total(tmp_path: Path) -> None:
    full = a_full_report().gives(TUY_HOA, {"SUM.c06": Decimal("0.1"), "MONEY.c07": Decimal("0.7"), "BOTH.c06": 3})
    books = [workbook.build(full.compiled), workbook.build(compiled(some_units_of_a_matrix()))]

    @settings(max_examples=8, deadline=None, derandomize=True, database=None)
    @given(random_reports())
    def collect(report: RandomReport) -> None:
        books.append(workbook.build(report.builder.compiled))

    collect()
    stripped = {f"book{n}.xlsx": without_results(data) for n, data in enumerate(books)}
    recalculated = convert_all(stripped, "xlsx:Calc MS Excel 2007 XML", tmp_path)
    compared = [agree(mine, theirs) for mine, theirs in zip(books, recalculated, strict=True)]
    assert compared[0] >= 12
    assert compared[1] >= 10
    assert sum(compared) >= 40


def some_units_of_a_matrix() -> CompileInput:
    """Units under the form's own columns, the lines each is made of folded under it."""
    order = sample_report("KSTT", "20263")
    (form,) = order.forms
    few = {one.unit.code for one in (*form.expected[:3], *form.expected[-5:])}
    mine = replace(
        form,
        expected=tuple(one for one in form.expected if one.unit.code in few),
        sources=tuple(one for one in form.sources if one.unit.code in few),
        figures=tuple(one for one in form.figures if one.reporting in few),
    )
    return replace(order, forms=(mine,), report_forms=(), narratives=())


def agree(mine: bytes, theirs: bytes) -> int:
    """How many formulas came to what was stored; fails at the first that did not."""
    live, stored = openpyxl.load_workbook(BytesIO(mine)), openpyxl.load_workbook(BytesIO(mine), data_only=True)
    reckoned = openpyxl.load_workbook(BytesIO(theirs), data_only=True)
    formulas = [cell for sheet in live for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    for cell in formulas:
        sheet, at = cell.parent.title, cell.coordinate
        expected = stored[sheet][at].value
        assert reckoned[sheet][at].value == pytest.approx(expected, rel=1e-12), (sheet, at, cell.value)
    return len(formulas)


def without_results(data: bytes) -> bytes:
    """The workbook with every formula's result taken out, so that a reader must compute it."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, FORMULA_AND_RESULT.sub(rb"\1", part) if name.startswith("xl/worksheets/") else part)
    return buffer.getvalue()
