"""Whatever people do to the cells of a correct workbook, its tidied copy says the same figures without those notes."""

from __future__ import annotations

import io
from copy import copy

import openpyxl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.cell import Cell
from openpyxl.utils.exceptions import IllegalCharacterError

from ingest.cells import OVERWRITTEN
from ingest.identity import identify
from ingest.judge import judge
from ingest.mark import tidy
from ingest.mark.job import Job
from ingest.mark.marking import marked
from ingest.model import RawCell, Verdict
from ingest.reading import read_guarded
from registry.findings import Severity
from tests.ingest.messes import CELL_MISTAKES, Mess, Mistake, filled, order
from tests.ingest.test_messes import KEYS, made
from workbook_templates.template import build

SETTLED = tidy.NUMBERS | tidy.TEXTS
KINDS = {"n": "n", "s": "s", "e": "e", "b": "b"}


def as_file(seed: int, mistakes: list[Mistake]) -> tuple[Mess, bytes]:
    """The mess as openpyxl saves it; a cell no program writes so keeps what stood there."""
    mess = Mess(seed)
    before = dict(mess.cells)
    made(mess, mistakes)
    book = openpyxl.load_workbook(io.BytesIO(build(order(), filled(seed % 7))))
    sheet = book[mess.grid.sheet]
    for address in {*before, *mess.cells}:
        if before.get(address) != mess.cells.get(address):
            _write(sheet[address], mess.cells.get(address))
    out = io.BytesIO()
    book.save(out)
    return mess, out.getvalue()


def _write(cell: Cell, raw: RawCell | None) -> None:
    if raw is None or (raw.kind not in KINDS and raw.formula is None):
        cell.value = None
        return
    if raw.number_format:
        cell.number_format = raw.number_format
    if raw.font:
        font = copy(cell.font)
        font.name = raw.font
        cell.font = font
    try:
        cell.value = f"={raw.formula}" if raw.formula is not None else raw.raw
        if raw.formula is None:
            cell.data_type = KINDS[raw.kind]
    except IllegalCharacterError:
        cell.value = None


def judged(mess: Mess, data: bytes) -> Verdict:
    extraction = read_guarded(data, "biểu.xlsx")
    return judge(extraction, identify(extraction, KEYS), mess.case)


@settings(
    max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(st.integers(0, 2**32), st.lists(st.sampled_from(CELL_MISTAKES), min_size=1, max_size=15))
def test_the_tidied_copy_of_a_mess_reads_as_the_mess_was_understood(seed: int, mistakes: list[Mistake]) -> None:
    mess, data = as_file(seed, mistakes)
    before = judged(mess, data)
    changes = tidy.conversions(mess.view, before.values, before.addresses, before.findings)
    after = judged(mess, marked(data, Job(before.findings, (), changes)))
    assert after.values == before.values
    written = {one.cell for one in changes}
    told = [one for one in after.findings if one.cell in written and one.code in SETTLED | {OVERWRITTEN}]
    assert told == []
    grave = [(one.code, one.cell) for one in before.findings if one.severity is not Severity.NOTE]
    assert [(one.code, one.cell) for one in after.findings if one.severity is not Severity.NOTE] == grave
