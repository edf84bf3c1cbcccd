"""A table of a page, taken out of its HTML."""

from datetime import date, datetime
from decimal import Decimal

from compile.tables import RowStyle, Table
from webui.shown_tables import find

PAGE = """
<h1>Trang</h1>
<div id="b-so-lieu"><p><a class="btn" href="?">Tải</a></p><div><table>
  <caption class="visually-hidden">Biểu một</caption>
  <thead>
    <tr><th scope="col" rowspan="2">Chỉ tiêu</th><th scope="colgroup" colspan="2">Thực hiện</th>
      <th scope="col" rowspan="2">Ngày</th>
      <th scope="col" rowspan="2"><span class="visually-hidden">Thao tác</span></th></tr>
    <tr><th scope="col">Tháng</th><th scope="col" class="text-end">Lũy kế</th></tr>
    <tr class="numbers"><td>A</td><td>1</td><td>2</td><td>3</td><td></td></tr>
  </thead>
  <tbody>
    <tr class="section"><th scope="rowgroup" colspan="5">I. Kinh tế</th></tr>
    <tr><th scope="row" class="indent-2">Thu <svg><title>x</title></svg></th><td class="c-input">1.234.567,80</td>
      <td>-5 %</td><td>05/02/2026</td><td><form><button>Gửi</button></form></td></tr>
    <tr><th scope="row">2026</th><td class="text-end">4567<a class="pointer" href="#">Lỗi 1</a></td>
      <td data-value="12.5">mười hai rưỡi</td><td>17:00 ngày 05/02/2026</td>
      <td><details class="ask"><summary>Hỏi</summary></details></td></tr>
    <tr><th scope="row">Mã</th><td>24133</td>
      <td class="text-end">1.234 <abbr>ước, tạm</abbr></td><td>24:00 ngày 05/02/2026</td><td></td></tr>
    <tr><th scope="row">Chữ</th><td>=HYPERLINK("x")</td>
      <td><span>–</span><span class="visually-hidden">không</span></td>
      <td><span class="visually-hidden">chưa có</span></td><td></td></tr>
    <tr><th scope="row">Dòng<br>hai <p>ba</p></th><td rowspan="2">1.234.56</td><td>172,5*</td><td hidden>ẩn</td></tr>
  </tbody>
  <tfoot><tr><th scope="row">Cộng</th><td colspan="3">9</td><td></td></tr></tfoot>
</table></div></div>
"""


def taken() -> Table:
    found = find(PAGE, "so-lieu")
    assert found is not None
    return found


def test_a_table_is_found_by_its_name_alone() -> None:
    assert taken().title == "Biểu một"
    assert find(PAGE, "khac") is None
    assert find(PAGE, "so-lieu' or '1'='1") is None


def test_heads_stay_merged_and_a_column_only_of_buttons_is_left_out() -> None:
    table = taken()
    assert [column.path for column in table.columns] == [
        ("Chỉ tiêu",),
        ("Thực hiện", "Tháng"),
        ("Thực hiện", "Lũy kế"),
        ("Ngày",),
    ]
    assert [column.number for column in table.columns] == ["A", "1", "2", "3"]
    assert [(one.text, one.rows, one.columns) for one in table.head if one.row == 0] == [
        ("Chỉ tiêu", 2, 1),
        ("Thực hiện", 1, 2),
        ("Ngày", 2, 1),
    ]


def test_numbers_are_exact_and_codes_stay_words() -> None:
    rows = taken().rows
    assert [one.number for one in rows[1].cells] == [None, Decimal("1234567.80"), Decimal(-5), None]
    assert (rows[1].cells[1].decimals, rows[1].cells[2].mark) == (2, "%")
    assert [one.number for one in rows[2].cells] == [None, Decimal(4567), Decimal("12.5"), None]
    assert [(one.text, one.number) for one in rows[3].cells[:2]] == [("Mã", None), ("24133", None)]
    assert (rows[3].cells[2].number, rows[3].cells[2].mark) == (Decimal(1234), "ước, tạm")
    assert (rows[5].cells[1].number, rows[5].cells[2].number) == (None, Decimal("172.5"))


def test_days_and_moments_are_told_from_words() -> None:
    days = [row.cells[3].day for row in taken().rows[1:4]]
    assert days == [date(2026, 2, 5), datetime(2026, 2, 5, 17), None]  # noqa: DTZ001


def test_what_is_read_out_counts_only_where_nothing_is_seen() -> None:
    assert [one.text for one in taken().rows[4].cells] == ["Chữ", '=HYPERLINK("x")', "–", "chưa có"]
    assert [one.text for one in taken().rows[5].cells] == ["Dòng\nhai\nba", "1.234.56", "172,5*", ""]


def test_kinds_of_lines_are_kept() -> None:
    rows = taken().rows
    assert [rows[at].style for at in (0, 1, -1)] == [RowStyle.SECTION, RowStyle.DATA, RowStyle.TOTAL]
    assert rows[1].indent == 2
    assert [one.text for one in rows[-1].cells] == ["Cộng", "9", "", ""]


def test_neighbours_headed_alike_are_not_made_one() -> None:
    head, body = "<tr><th>Số</th><th>Số</th></tr>", "<tr><td>1</td><td>2</td></tr>"
    found = find(f'<div id="b-x"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>', "x")
    assert found is not None
    assert [one.columns for one in found.head] == [1, 1]


def test_of_what_may_be_chosen_the_chosen_is_taken() -> None:
    options = "<option>Một</option><option selected>Hai</option>"
    page = f'<div id="b-x"><table><tr><th>A</th><td><select>{options}</select></td></tr></table></div>'
    found = find(page, "x")
    assert found is not None
    assert [one.text for one in found.rows[0].cells] == ["A", "Hai"]


def test_only_what_is_set_as_a_figure_is_a_number() -> None:
    told = ("10.100.200.123", "1.002", "12", "0912345678", "=1+1")
    head = "".join(f"<th>{n}</th>" for n in range(len(told)))
    body = "".join(f"<td>{one}</td>" for one in told)
    table = f"<thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody>"
    found = find(f'<div id="b-x"><table>{table}</table></div>', "x")
    assert found is not None
    assert [(one.text, one.number) for one in found.rows[0].cells] == [(one, None) for one in told]
