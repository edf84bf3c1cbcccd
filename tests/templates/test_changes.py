"""The guide says what the form asks otherwise than last time."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from registry.catalogue.forms import row_set
from registry.catalogue.model import Column, Form
from tests.templates import small_catalogue as small
from workbook_templates.changes import changes
from workbook_templates.grid import Slot, place
from workbook_templates.template import build, slots

NOW = small.MONTHLY
VIEW = small.order().context.view
OFFICE = small.order(unit=small.FINANCE).context.view


def with_row(code: str, **fields: object) -> Form:
    return replace(NOW, rows=tuple(replace(row, **fields) if row.code == code else row for row in NOW.rows))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("former", "said"),
    [
        (NOW, ()),
        (with_row("NN12", label="Sầu riêng"), (
            "Đổi tên chỉ tiêu “Sầu riêng” thành “Sầu riêng: sản lượng thu hoạch trong kỳ trên địa bàn”.",)),
        (with_row("NN16", commune_measure="nghìn con"), (
            "Chỉ tiêu “Đàn gia cầm”: ĐVT xã đổi từ “nghìn con” thành “con”.",)),
        (with_row("NN16", note="khác"), ()),
        (replace(NOW, rows=NOW.rows[:-1]), ("Thêm chỉ tiêu “Tỷ lệ ngừng trên thành lập mới”.",)),
        (replace(NOW, rows=(*NOW.rows, replace(NOW.rows[-1], code="TC15", label="– Vốn đăng ký", number="33"))),
         ("Bỏ chỉ tiêu “Vốn đăng ký”.",)),
        (replace(NOW, columns=NOW.columns[:-1]), ("Thêm cột “Ước cả năm”.",)),
        (replace(NOW, columns=(*NOW.columns, Column("c99", "99", ("Dự kiến",)))), ("Bỏ cột “Dự kiến”.",)),
        (replace(NOW, rows=tuple(reversed(NOW.rows))), ()),
    ],
)  # fmt: skip
def test_each_change_a_commune_meets_is_one_sentence(former: Form, said: tuple[str, ...]) -> None:
    assert changes(former, VIEW) == said


def test_what_only_another_audience_meets_is_not_told() -> None:
    without_central = replace(NOW, columns=NOW.columns[1:])
    assert changes(without_central, VIEW) == ()
    assert changes(without_central, OFFICE) == ("Thêm cột “Kế hoạch (dự toán) năm > Trung ương giao”.",)
    assert changes(with_row("NN16", commune_measure="nghìn con"), OFFICE) == ()


def test_the_guide_lists_the_changes_and_is_silent_without_any() -> None:
    heading = "BIỂU CÓ GÌ THAY ĐỔI SO VỚI KỲ TRƯỚC"

    def guide(former: Form | None) -> list[object]:
        sheet = openpyxl.load_workbook(BytesIO(build(replace(small.order(), former=former))))["Hướng dẫn"]
        return [cell.value for row in sheet.iter_rows() for cell in row]

    told = guide(replace(NOW, rows=NOW.rows[:-1]))
    assert "Thêm chỉ tiêu “Tỷ lệ ngừng trên thành lập mới”." in told[told.index(heading) :]
    assert heading not in guide(None)
    assert heading not in guide(NOW)


def test_units_of_one_row_set_are_told_the_same() -> None:
    former = replace(NOW, rows=NOW.rows[:-1])
    grid = place(VIEW)
    assert row_set(NOW, small.EA_SUP, VIEW.shape) == row_set(NOW, small.EA_ROK, VIEW.shape)
    one, other = (
        openpyxl.load_workbook(BytesIO(build(replace(small.order(unit=unit), former=former))))["Hướng dẫn"]
        for unit in (small.EA_SUP, small.EA_ROK)
    )
    different = {
        Slot(one.title, cell.coordinate)
        for row in one.iter_rows()
        for cell in row
        if cell.value != other[cell.coordinate].value
    }
    assert different <= set(slots(grid))
