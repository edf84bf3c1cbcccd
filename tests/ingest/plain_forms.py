"""Official forms as a ministry would publish them: merged headings, numbered columns, blank cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter as letter

from ingest.official import Proposal, propose
from ingest.reading import read_guarded
from registry.catalogue.model import Catalogue, CellKind, Column, Form, ListTable, Row, RowKind
from registry.catalogue.values import Aspect
from registry.rules.parse import parse
from registry.sample.sources import form as sample_form
from vietnamese.charsets import charsets


@dataclass(frozen=True)
class Head:
    """A column as its heading is printed: path, number, and the hint beside the number ("(5)+(6)")."""

    path: tuple[str, ...]
    number: str
    hint: str = ""
    format: str = "General"  # number format of its cells


@dataclass(frozen=True)
class Printed:
    """A line: number, label, measure, number format; ``figures`` are what stands in its cells, by column number."""

    number: str
    label: str
    measure: str = ""
    format: str = "General"
    is_section: bool = False
    figures: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """What one form prints."""

    number: str
    basis: tuple[str, ...]
    title: tuple[str, ...]
    labels: tuple[Head, ...]
    columns: tuple[Head, ...]
    lines: tuple[Printed, ...]
    unit_line: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """How the office that made the file drew it."""

    number_row: bool = True
    bracketed: bool = False  # (1) (2) instead of 1 2
    repeated_at: int = 0  # the heading once more before this line
    legacy: bool = False  # TCVN3 in .VnTime
    hidden_column: bool = False  # a working column in between, hidden
    unmerged_groups: bool = False  # a group's heading stands over its first column only
    foot: bool = True
    first_row: int = 1  # blank rows above
    first_column: int = 1


def workbook(layout: Layout, variant: Variant = Variant()) -> bytes:
    """The file."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Biểu"
    _Draughtsman(sheet, layout, variant).draw()
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def proposed(layout: Layout, known: Catalogue, variant: Variant = Variant()) -> Proposal:
    """What is proposed for the file, through the guard and the reader."""
    return propose(read_guarded(workbook(layout, variant), "bieu.xlsx"), "bieu.xlsx", known)


class _Draughtsman:
    def __init__(self, sheet: Any, layout: Layout, variant: Variant) -> None:
        self.sheet, self.layout, self.variant = sheet, layout, variant
        self.heads = [*layout.labels, *layout.columns]
        self.depth = max(len(head.path) for head in self.heads)
        self.places = [self._place(n) for n in range(len(self.heads))]
        self.row = variant.first_row

    def _place(self, n: int) -> int:
        skipped = self.variant.hidden_column and n > len(self.layout.labels)
        return self.variant.first_column + n + skipped

    def draw(self) -> None:
        self._above()
        self._heading()
        for n, line in enumerate(self.layout.lines):
            if self.variant.repeated_at and n == self.variant.repeated_at:
                self._heading()
            self._line(line)
        if self.variant.foot:
            self._below()
        if self.variant.hidden_column:
            self.sheet.column_dimensions[letter(self._hidden())].hidden = True

    def _hidden(self) -> int:
        return self.variant.first_column + len(self.layout.labels) + 1

    def _write(self, row: int, column: int, text: object, *, bold: bool = False, **more: Any) -> None:
        cell = self.sheet.cell(row, column)
        name = "Times New Roman"
        if isinstance(text, str) and self.variant.legacy and not text.startswith("="):
            text, name = in_tcvn3(text)
        cell.value = text
        if isinstance(text, str) and not text.startswith("="):
            cell.data_type = "s"
        cell.font = Font(name=name, bold=bold, size=11)
        cell.alignment = Alignment(wrap_text=True, vertical="center", **more)
        side = Side(style="thin")
        cell.border = Border(side, side, side, side)

    def _above(self) -> None:
        first, middle = self.variant.first_column, self.places[len(self.places) // 2]
        top = self.row
        self._write(top, first, f"Biểu số: {self.layout.number}", bold=True)
        for n, part in enumerate(self.layout.basis, start=1):
            self._write(top + n, first, part)
        for n, part in enumerate(self.layout.title):
            self._write(top + n, middle, part, bold=True)
        self._write(top + len(self.layout.title), middle, "Tháng 10 và 10 tháng năm 2026")
        last = max(self.places[-1], middle + 2)
        for n, part in enumerate(("Đơn vị báo cáo: UBND xã Ea Súp", "Đơn vị nhận: Sở Tài chính")):
            self._write(top + n, last, part)
        self.row = top + max(len(self.layout.basis), len(self.layout.title)) + 2
        if self.layout.unit_line:
            self._write(self.row, last, self.layout.unit_line)
            self.row += 1

    def _heading(self) -> None:
        top = self.row
        for level in range(self.depth):
            for start, end in self._groups(level):
                self._group(top, level, start, end)
        self.row = top + self.depth
        if self.variant.number_row:
            for head, place in zip(self.heads, self.places, strict=True):
                self._write(self.row, place, self._token(head), horizontal="center")
            self.row += 1

    def _token(self, head: Head) -> object:
        if self.variant.bracketed or (head.hint and "(" in head.hint):
            return f"({head.number})={head.hint}" if head.hint else f"({head.number})"
        if head.hint:
            return f"{head.number}={head.hint}"
        return int(head.number) if head.number.isdecimal() else head.number

    def _groups(self, level: int) -> Iterator[tuple[int, int]]:
        start = 0
        while start < len(self.heads):
            end = start
            path = self.heads[start].path[: level + 1]
            while end + 1 < len(self.heads) and len(path) > level and self.heads[end + 1].path[: level + 1] == path:
                end += 1
            if len(self.heads[start].path) > level:
                yield start, end
            start = end + 1

    def _group(self, top: int, level: int, start: int, end: int) -> None:
        path = self.heads[start].path
        row = top + level
        bottom = top + self.depth - 1 if len(path) == level + 1 else row
        left, right = self.places[start], self.places[end]
        text = path[level]
        if not self.variant.number_row and len(path) == level + 1 and self.heads[start].hint:
            text = f"{text}\n({self.heads[start].number})={self.heads[start].hint}"
        self._write(row, left, text, bold=True, horizontal="center")
        is_group = right > left
        if (bottom > row or is_group) and not (is_group and self.variant.unmerged_groups):
            self.sheet.merge_cells(start_row=row, start_column=left, end_row=bottom, end_column=right)

    def _line(self, line: Printed) -> None:
        texts = {"number": line.number, "label": line.label, "measure": line.measure}
        for role, place in zip(texts, self.places[: len(self.layout.labels)], strict=False):
            if texts[role]:
                self._write(self.row, place, texts[role], bold=line.is_section)
        if self.variant.hidden_column:
            self._write(self.row, self._hidden(), "mã nội bộ")
        for head, place in zip(self.layout.columns, self.places[len(self.layout.labels) :], strict=True):
            code = head.format if head.format != "General" else line.format
            if head.number in line.figures:
                self._write(self.row, place, self._figure(line.figures[head.number]))
            if not line.is_section:
                self.sheet.cell(self.row, place).number_format = code
        self.row += 1

    def _figure(self, value: object) -> object:
        """``{5}`` in a formula is the cell of column 5 in this row, ``{5:-2}`` that two rows above."""
        if not isinstance(value, str) or not value.startswith("="):
            return value
        for head, place in zip(self.heads, self.places, strict=True):
            value = value.replace(f"{{{head.number}}}", f"{letter(place)}{self.row}")
            for step in range(-40, 41):
                value = value.replace(f"{{{head.number}:{step}}}", f"{letter(place)}{self.row + step}")
        return value

    def _below(self) -> None:
        for n, text in enumerate(self.layout.remarks):
            self._write(self.row + n + 1, self.variant.first_column, text)
        row = self.row + len(self.layout.remarks) + 2
        self._write(row, self.places[-1], "Ea Súp, ngày      tháng      năm 2026")
        self._write(row + 1, self.variant.first_column, "Người lập biểu", bold=True)
        self._write(row + 1, self.places[-1], "THỦ TRƯỞNG ĐƠN VỊ", bold=True)
        self._write(row + 2, self.variant.first_column, "(Ký, họ tên)")


def in_tcvn3(text: str) -> tuple[str, str]:
    """Text as TCVN3 keeps it and the font that draws it: capitals are small letters in .VnTimeH."""
    if text.isascii():
        return text, ".VnTime"
    letters = {new: old for old, new in charsets()["TCVN3"].table.items()}
    is_capital = text == text.upper() and text != text.lower()
    plain = text.lower() if is_capital else text
    return "".join(letters.get(one, one) for one in plain), ".VnTimeH" if is_capital else ".VnTime"


# --- layouts ---------------------------------------------------------------------------------------------------------

_DECIMAL_FORMATS = {0: "#,##0", 1: "#,##0.0", 2: "#,##0.00", 3: "#,##0.000"}


def of_form(form: Form, columns: Sequence[Column], hints: dict[str, str], lines: Sequence[Row]) -> Layout:
    """The layout of a form of the sample catalogue with some of its columns and rows."""
    labels = tuple(Head((text,), number) for text, number in zip(form.label_headings, form.letters, strict=True))
    heads = tuple(
        Head(
            one.path,
            one.number,
            hints.get(one.number, ""),
            _DECIMAL_FORMATS[one.decimals] if one.measure == "%" and one.decimals is not None else "General",
        )
        for one in columns
    )
    printed = tuple(
        Printed(
            row.number,
            row.label,
            row.measure if not form.unit_line else "",
            _DECIMAL_FORMATS[row.decimals],
            row.kind is RowKind.SECTION,
        )
        for row in lines
    )
    return Layout(
        form.official_number,
        ("Ban hành kèm theo", form.legal_basis),
        (form.title,),
        labels,
        heads,
        printed,
        form.unit_line,
    )


def ktxh() -> Layout:
    """KTXH-01 (SAMPLE_CATALOGUE 5.5, 5.6) as a month with all columns but May's prints it."""
    form = sample_form("KTXH-01")
    columns = [one for one in form.columns if one.code <= "c15"]
    return of_form(form, columns, {}, form.rows)


def ii06a() -> Layout:
    """II.06a (5.9): every column numbered, sums beside the numbers, the rows of a commune."""
    form = sample_form("II.06a")
    hints = {"3": "(4)+(5)+(6)", "7": "(8)+(9)+(10)", "11": "(12)+(13)"}
    return of_form(form, form.columns, hints, [row for row in form.rows if row.commune_measure])


_BASIS = ("Ban hành kèm theo", "Quyết định số 12/QĐ-UBND", "ngày 05/01/2026")


def dtc() -> Layout:
    """DTC-01 (5.10): a list of projects, every column numbered."""
    money, year = "#,##0", "Kế hoạch vốn năm"
    done = "Giải ngân lũy kế đến kỳ báo cáo"
    columns = (
        Head(("Mã số dự án",), "1", format="@"),
        Head(("Tên dự án",), "2"),
        Head(("Chủ đầu tư",), "3"),
        Head(("Nhóm dự án",), "4"),
        Head(("Địa điểm (xã, phường)",), "5"),
        Head(("Quyết định đầu tư (số, ngày)",), "6"),
        Head(("Tổng mức đầu tư",), "7", format=money),
        Head(("Thời gian khởi công – hoàn thành",), "8"),
        Head(("Nguồn vốn",), "9"),
        Head(("Lũy kế vốn bố trí đến hết năm trước",), "10", format=money),
        Head((year, "Kéo dài từ năm trước"), "11", format=money),
        Head((year, "Giao trong năm (đã điều chỉnh)"), "12", format=money),
        Head((year, "Tổng số"), "13", "(11)+(12)", format=money),
        Head((done, "Chủ đầu tư"), "14", format=money),
        Head((done, "Kho bạc"), "15", format=money),
        Head(("Tỷ lệ (%)",), "16", "(15)/(13)*100", format="#,##0.00"),
        Head(("Ước giải ngân đến hết 31/12",), "17", format=money),
        Head(("Ước giải ngân đến hết 31/01 năm sau",), "18", format=money),
        Head(("Khó khăn, vướng mắc",), "19"),
        Head(("Cơ quan tháo gỡ, đề xuất",), "20"),
    )
    return Layout(
        "DTC-01",
        _BASIS,
        ("TIẾN ĐỘ GIẢI NGÂN VỐN ĐẦU TƯ CÔNG",),
        (Head(("STT",), "A"),),
        columns,
        tuple(Printed(str(n), "") for n in range(1, 6)),
        "Đơn vị tính: triệu đồng",
        (
            "Ghi chú:",
            "Cột (4): ghi một trong: QTQG; A; B; C",
            "Cột (9): ghi một trong: NSTW trong nước; NSTW nước ngoài; CTMTQG; NSĐP cân đối; tiền sử dụng đất; "
            "xổ số kiến thiết; nguồn khác",
            "(14) <= (13); (17) >= (14); (18) >= (17)",
        ),
    )


def hn() -> Layout:
    """HN-01 (5.11): a list of villages; poor and nearly poor households from the start of the year to its end."""
    moves = (
        "Đầu kỳ",
        "Thoát nghèo lên cận nghèo",
        "Thoát nghèo vượt chuẩn cận nghèo",
        "Tái nghèo",
        "Nghèo phát sinh mới",
        "Tăng khác",
        "Giảm khác",
        "Cuối kỳ",
        "Trong đó: hộ DTTS",
    )
    near = ("Đầu kỳ", "Thoát cận nghèo", "Phát sinh mới", "Tăng khác", "Giảm khác", "Cuối kỳ")
    columns = (
        Head(("Tổng số hộ",), "1", format="#,##0"),
        Head(("Trong đó: hộ DTTS",), "2", format="#,##0"),
        *(Head(("Hộ nghèo", part), str(n), format="#,##0") for n, part in enumerate(moves, start=3)),
        *(Head(("Hộ cận nghèo", part), str(n), format="#,##0") for n, part in enumerate(near, start=12)),
        Head(("Tỷ lệ hộ nghèo (%)",), "18", "(10)/(1)*100", format="0.00"),
        Head(("Tỷ lệ hộ cận nghèo (%)",), "19", "(17)/(1)*100", format="0.00"),
    )
    return Layout(
        "01/HN",
        _BASIS,
        ("KẾT QUẢ RÀ SOÁT HỘ NGHÈO,", "HỘ CẬN NGHÈO"),
        (Head(("STT",), "A"), Head(("Thôn, buôn, tổ dân phố",), "B")),
        columns,
        (Printed("1", "Thôn 1"), Printed("2", "Thôn 2"), Printed("", "…")),
        "Đơn vị tính: hộ",
        ("Kiểm tra: (10)=(3)-(4)-(5)+(6)+(7)+(8)-(9); (10)+(17)<=(1)",),
    )


def dx() -> Layout:
    """ĐX (5.12): damage by storm; rows without figures of their own head the groups."""
    lines = (
        ("I", "VỀ NGƯỜI", ""),
        ("1", "Số người chết", "người"),
        ("2", "Số người mất tích", "người"),
        ("3", "Số người bị thương", "người"),
        ("II", "VỀ NHÀ Ở", ""),
        ("1", "Nhà sập đổ hoàn toàn", "nhà"),
        ("2", "Nhà hư hỏng", "nhà"),
        ("3", "Nhà tốc mái", "nhà"),
        ("4", "Nhà bị ngập", "nhà"),
        ("III", "VỀ NÔNG NGHIỆP", ""),
        ("1", "Lúa bị ngập, gãy đổ", "ha"),
        ("2", "Hoa màu bị thiệt hại", "ha"),
        ("3", "Cây lâu năm bị thiệt hại", "ha"),
        ("4", "Gia súc chết", "con"),
        ("5", "Gia cầm chết", "con"),
        ("IV", "VỀ GIAO THÔNG", ""),
        ("1", "Sạt lở đường: chiều dài", "m"),
        ("2", "Sạt lở đường: số điểm", "điểm"),
        ("V", "ƯỚC GIÁ TRỊ THIỆT HẠI", ""),
        ("1", "Ước thiệt hại", "Triệu đồng"),
    )
    columns = (
        Head(("Cộng dồn đến báo cáo trước",), "1"),
        Head(("Phát sinh từ báo cáo trước",), "2"),
        Head(("Cộng dồn",), "3", "1+2"),
        Head(("Ghi chú",), "D"),
    )
    formats = {"ha": "#,##0.0", "Triệu đồng": "#,##0.0"}
    return Layout(
        "DX",
        ("Kèm theo Công văn số 123/UBND-NN",),
        ("BÁO CÁO NHANH THIỆT HẠI DO MƯA BÃO",),
        (Head(("TT",), "A"), Head(("Loại thiệt hại",), "B"), Head(("Đơn vị tính",), "C")),
        columns,
        tuple(
            Printed(number, label, measure, formats.get(measure, "#,##0"), not measure)
            for number, label, measure in lines
        ),
    )


# --- corrections -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Corrections:
    """Fields of a proposal a person would have to change."""

    fields: int
    wrong: tuple[str, ...]

    @property
    def share_right(self) -> float:
        return 1 - len(self.wrong) / self.fields


def corrections(form: Form | None, wanted: Form) -> Corrections:
    """The proposed form against the wanted one, field by field; formulas compare as they are understood."""
    assert form is not None, "no form was proposed"
    pairs = [*_form_fields(form, wanted)]
    for n, row in enumerate(wanted.rows):
        own = form.rows[n] if n < len(form.rows) else Row("", "", "")
        pairs += [(f"dòng {row.number} {row.label}: {name}", getattr(own, name), getattr(row, name)) for name in _ROW]
    for have, want in ((form.columns, wanted.columns), *_lists(form, wanted)):
        pairs.append(("số cột", len(have), len(want)))
        for n, column in enumerate(want):
            one = have[n] if n < len(have) else Column("", "", ())
            pairs += [
                (f"cột {column.number} {column.path}: {name}", _shown(one, name), _shown(column, name))
                for name in _COLUMN
            ]
    wrong = tuple(f"{what}: {have!r}, cần {want!r}" for what, have, want in pairs if have != want)
    return Corrections(len(pairs), wrong)


_ROW = ("number", "label", "kind", "indent", "measure", "decimals")
_COLUMN = ("code", "number", "path", "kind", "aspect", "shift", "formula", "measure", "decimals", "choices")


def _lists(form: Form, wanted: Form) -> list[tuple[tuple[Column, ...], tuple[Column, ...]]]:
    return [(form.lists[0].columns if form.lists else (), one.columns) for one in wanted.lists]


def _form_fields(form: Form, wanted: Form) -> Iterator[tuple[str, object, object]]:
    for name in ("code", "title", "official_number", "legal_basis", "letters", "label_headings", "unit_line"):
        yield f"biểu: {name}", getattr(form, name), getattr(wanted, name)
    yield "số dòng", len(form.rows), len(wanted.rows)


def _shown(column: Column, name: str) -> object:
    value = getattr(column, name)
    return parse(value) if name == "formula" and value else value


def as_wanted(form: Form, layout: Layout) -> Form:
    """A form of the sample cut to what a layout prints."""
    numbers = [head.number for head in layout.columns]
    columns = tuple(one for one in form.columns if one.number in numbers and one.code <= "c15")
    labels = [line.label for line in layout.lines]
    return replace(form, columns=columns, rows=tuple(row for row in form.rows if row.label in labels))


# --- what a person would have written --------------------------------------------------------------------------------


def _list_form(layout: Layout, code: str, kinds: dict[str, CellKind], formulas: dict[str, str], **more: Any) -> Form:
    """A list form by its layout: money and households are typed unless ``kinds`` says otherwise."""
    heads = (*layout.labels[1:], *layout.columns)
    columns = tuple(_list_column(head, kinds, formulas, **more) for head in heads)
    table = ListTable(code, "", columns)
    title, basis = " ".join(layout.title), " ".join(layout.basis).removeprefix("Ban hành kèm theo ")
    return Form(code, title, layout.number, basis, (), (), letters=("A",), label_headings=("STT",), lists=(table,))


def _list_column(
    head: Head, kinds: dict[str, CellKind], formulas: dict[str, str], measure: str, choices: dict[str, str]
) -> Column:
    is_ratio = "%" in head.path[-1]
    number = head.number
    kind = CellKind.COMPUTED if number in formulas else kinds.get(number, CellKind.INPUT)
    is_figure = kind in (CellKind.INPUT, CellKind.COMPUTED, CellKind.SHOWN)
    return Column(
        f"c{int(number):02d}" if number.isdecimal() else f"c{number}",
        number,
        head.path,
        kind,
        formula=formulas.get(number, ""),
        measure=("%" if is_ratio else measure) if is_figure else "",
        decimals=(2 if is_ratio else 0) if is_figure else None,
        choices=choices.get(number, ""),
    )


def dtc_wanted() -> Form:
    """DTC-01 as SAMPLE_CATALOGUE 5.10 says the kinds of its columns."""
    text = dict.fromkeys(("1", "2", "6", "8"), CellKind.TEXT)
    units = dict.fromkeys(("3", "5", "20"), CellKind.UNIT)
    chosen = dict.fromkeys(("4", "9", "19"), CellKind.CHOICE)
    return _list_form(
        dtc(),
        "DTC-01",
        {**text, **units, **chosen, "15": CellKind.SHOWN},
        {"13": "(c11) + (c12)", "16": "(c15) / (c13) * 100"},
        measure="triệu đồng",
        choices={"4": "nhom_du_an", "9": "nguon_von", "19": "kho_khan_vuong_mac"},
    )


def hn_wanted() -> Form:
    """HN-01 as 5.11 has it."""
    formulas = {"18": "(c10) / (c01) * 100", "19": "(c17) / (c01) * 100"}
    return _list_form(hn(), "HN-01", {"B": CellKind.TEXT}, formulas, measure="hộ", choices={})


def dx_wanted() -> Form:
    """ĐX as 5.12 has it: the sum so far is known, what has arisen since is typed, the new sum is computed."""
    layout = dx()
    decimals = {"#,##0": 0, "#,##0.0": 1}
    rows = tuple(
        Row(
            "",
            line.number,
            line.label,
            RowKind.SECTION if line.is_section else RowKind.DATA,
            measure=line.measure.lower(),
            decimals=0 if line.is_section else decimals[line.format],
        )
        for line in layout.lines
    )
    columns = (
        Column("c01", "1", ("Cộng dồn đến báo cáo trước",), CellKind.CUMULATIVE, Aspect.CUMULATIVE),
        Column("c02", "2", ("Phát sinh từ báo cáo trước",)),
        Column("c03", "3", ("Cộng dồn",), CellKind.COMPUTED, Aspect.CUMULATIVE, formula="(c01) + (c02)"),
        Column("c04", "D", ("Ghi chú",), CellKind.NOTE),
    )
    return Form(
        "DX",
        layout.title[0],
        "DX",
        "Công văn số 123/UBND-NN",
        rows,
        columns,
        label_headings=("TT", "Loại thiệt hại", "Đơn vị tính"),
    )


def wanted(name: str) -> Form:
    """The definition of one of the five forms."""
    made = {"DTC-01": dtc_wanted, "HN-01": hn_wanted, "DX": dx_wanted}
    return made[name]() if name in made else as_wanted(sample_form(name), LAYOUTS[name]())


LAYOUTS = {"KTXH-01": ktxh, "II.06a": ii06a, "DTC-01": dtc, "HN-01": hn, "DX": dx}
