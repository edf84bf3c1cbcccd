"""Every doubt of a proposal has a small sheet that raises it; a tidy form raises only what no form can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from ingest.official import Proposal, propose
from ingest.reading import read_guarded
from registry.findings import codes
from registry.sample import catalogue
from tests.ingest.plain_forms import in_tcvn3

Rows = Sequence[Sequence[object]]
TITLE = ["BIỂU TỔNG HỢP THỬ"]
HEAD = ["STT", "Chỉ tiêu", "ĐVT", "Thực hiện"]
NUMBERS = ["A", "B", "C", 1]
HERD = [1, "Đàn hươu", "con"]
TIDY: Rows = (["Biểu số: 09/TH"], TITLE, HEAD, NUMBERS, HERD, [2, "Đàn nai", "con"])


@dataclass(frozen=True)
class Sheet:
    """Rows of a sheet, with what is drawn on it."""

    rows: Rows
    hidden: str = ""
    legacy: bool = False
    more: dict[str, Rows] = field(default_factory=dict)  # further sheets


def proposal_of(drawn: Sheet) -> Proposal:
    book = Workbook()
    for title, rows in {"Biểu": drawn.rows, **drawn.more}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    del book["Sheet"]
    if drawn.legacy:
        _in_legacy_font(book["Biểu"])
    if drawn.hidden:
        book["Biểu"].column_dimensions[drawn.hidden].hidden = True
    target = BytesIO()
    book.save(target)
    return propose(read_guarded(target.getvalue(), "thu.xlsx"), "thu.xlsx", catalogue())


def _in_legacy_font(sheet: Any) -> None:
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
        cell.value, name = in_tcvn3(cell.value)
        cell.font = Font(name=name)


def _with(*lines: Sequence[object], head: Sequence[object] = HEAD, numbers: Sequence[object] = NUMBERS) -> Sheet:
    return Sheet((["Biểu số: 09/TH"], TITLE, list(head), list(numbers), *lines))


MATRIX = ["STT", "Thôn bản", "Hộ có điện", "Hộ có nước"]
DOUBTFUL = {
    "official-no-table": Sheet((["Công văn"],)),
    "official-sheet-choice": Sheet(TIDY, more={"Biểu 2": TIDY}),
    "official-second-table": Sheet((*TIDY, [], ["STT", "Công trình", "Quy mô", "Vốn"], [1, "Đường", "km"])),
    "official-too-large": Sheet((*TIDY, *([[]] * 2_000), [3, "Đàn dê", "con"])),
    "official-head-guessed": Sheet((HEAD, HERD)),
    "official-heading-spread": Sheet(
        (
            ["STT", "Chỉ tiêu", "ĐVT", "Cùng kỳ", None],
            [None, None, None, "Tháng", "Lũy kế"],
            ["A", "B", "C", 1, 2],
            HERD,
        )
    ),
    "official-hidden": Sheet((HEAD, [1, "Đàn hươu", "con", "mã nội bộ"]), hidden="D"),
    "official-legacy-font": Sheet(TIDY, legacy=True),
    "official-title": Sheet((HEAD, NUMBERS, HERD)),
    "official-code": Sheet(TIDY),
    "official-known-form": Sheet((["Biểu số: 01/KTXH"], HEAD, NUMBERS, HERD)),
    "official-unit-line": Sheet(
        (["Đơn vị tính: tính theo con"], ["STT", "Chỉ tiêu", "Thực hiện"], ["A", "B", 1], [1, "Đàn hươu"])
    ),
    "official-column-dropped": Sheet(
        (["STT", "Chỉ tiêu", "Mã số", "ĐVT", "Thực hiện"], ["A", "B", "C", "D", 1], [1, "Đàn hươu", "01", "con"])
    ),
    "official-row-unread": _with(HERD, [None, None, None, "12"]),
    "official-row-section": _with([None, "Chăn nuôi:"], HERD),
    "official-row-total": _with(HERD, [2, "Đàn nai", "con"], [None, "Tổng cộng", "con"]),
    "official-number-mended": _with(*([float(f"1.{n}"), f"Đàn {n}", "con"] for n in (8, 9, 10))),
    "official-measure-unknown": _with([1, "Rơm", "bao"]),
    "official-measure-inherited": _with(HERD, [2, "Đàn nai"]),
    "official-measure-missing": _with([1, "Đàn hươu"]),
    "official-indicator-near": _with([1, "Số đàn trâu", "con"]),
    "official-indicators-new": Sheet(TIDY),
    "official-entry-guessed": Sheet(TIDY),
    "official-column-indicator": Sheet(
        (["ĐVT: hộ"], MATRIX, ["A", "B", 1, 2], [1, "Buôn Đôn", None], [2, "Buôn Trí", None])
    ),
    "official-breakdown-new": Sheet((["ĐVT: hộ"], MATRIX, ["A", "B", 1, 2], [1, "Buôn Đôn"], [2, "Buôn Trí"])),
    "official-member-new": Sheet(
        (["ĐVT: hồ sơ"], MATRIX, ["A", "B", 1, 2], [1, "Hộ tịch"], [2, "Chứng thực"], [3, "Việc khác lạ"])
    ),
    "official-column-kind": _with(HERD, head=["STT", "Chỉ tiêu", "ĐVT", "Diễn biến"]),
    "official-formula-guessed": _with(
        HERD, head=[*HEAD, "Kế hoạch", "So với kế hoạch (%)"], numbers=["A", "B", "C", 1, 2, 3]
    ),
    "official-formula-missing": _with(HERD, head=[*HEAD, "Tỷ trọng (%)"], numbers=[*NUMBERS, 2]),
    "official-formula-foreign": _with(HERD, head=[*HEAD, "Tổng"], numbers=[*NUMBERS, "2=1+9"]),
    "official-formula-differs": _with(
        [*HERD, 1, "=D5*2", "=D5*3"], head=[*HEAD, "Gấp đôi", "Gấp ba"], numbers=[*NUMBERS, 2, "3=1+2"]
    ),
    "official-formula-changed": Sheet(
        (
            ["Biểu số: II.06a/VPCP/KSTT"],
            ["TT", "Lĩnh vực giải quyết", "Số hồ sơ tiếp nhận", None, None, None],
            [None, None, "Tổng số", "Trong kỳ", None, "Từ kỳ trước"],
            [None, None, None, "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", None],
            ["(1)", "(2)", "(3)=(4)+(5)", "(4)", "(5)", "(6)"],
            [1, "Hộ tịch"],
        )
    ),
    "official-series-clash": _with(HERD, [2, "Rừng", "ha"], head=[*HEAD, "Số bán"], numbers=[*NUMBERS, 2]),
    "official-rule-proposed": _with(HERD, [2, "Trong đó: hươu sao", "con"]),
    "official-list": Sheet((["STT", "Tên dự án", "Vốn"], ["A", 1, 2], [1], [2])),
    "official-list-key": Sheet((["STT", "Mã dự án", "Vốn"], ["A", 1, 2], [1], [2])),
    "official-choices-missing": Sheet((["STT", "Tên dự án", "Nguồn vốn"], ["A", 1, 2], [1], [2])),
}


@pytest.mark.parametrize("code", DOUBTFUL)
def test_a_doubt_is_raised_by_what_it_is_about(code: str) -> None:
    assert code in [found.code for found in proposal_of(DOUBTFUL[code]).findings]


def test_every_doubt_has_a_sheet_that_raises_it() -> None:
    assert set(DOUBTFUL) == {code for code in codes() if code.startswith("official-")}


def test_a_tidy_form_raises_only_what_no_form_can_say() -> None:
    assert [found.code for found in proposal_of(Sheet(TIDY)).findings] == [
        "official-code",
        "official-entry-guessed",
        "official-indicators-new",
    ]
