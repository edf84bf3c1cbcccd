"""A small catalogue and its folder of workbooks, edited cell by cell the way a clerk would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from ingest.definition import read_folder
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    Catalogue,
    CellKind,
    CellRule,
    Column,
    CommuneEntry,
    Deadline,
    Form,
    Frequency,
    Heading,
    Holiday,
    Indicator,
    Member,
    Occasion,
    Outline,
    PlanFigure,
    PlanKind,
    ProvinceValue,
    Regime,
    Role,
    RoleHolder,
    Row,
    RowKind,
    RowNature,
    Rule,
    RuleLevel,
    Succession,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, Nature
from registry.findings import Finding
from workbook_templates.definition_book import write

BORN = date(2025, 7, 1)
FORM = "forms/TH-01.xlsx"


def _unit(code: str, name: str, kind: UnitKind, order: int, **more: Any) -> Unit:
    parent = more.pop("parent", "66" if code != "66" else None)
    born = more.pop("born", BORN)
    return Unit(code, name, kind, parent, order, born, born, **more)


def small() -> Catalogue:
    """A province, two communes, a department; one form of two areas and a herd; everything a folder can hold."""
    measures = (
        Measure("ha", "diện tích", Fraction(10000), 2, False),
        Measure("tấn", "khối lượng", Fraction(1000), 3, False),
        Measure("con", "vật nuôi", Fraction(1), 0, True),
        Measure("%", "tỷ lệ phần trăm", Fraction(1), 4, False),
    )
    units = (
        _unit("66", "Tỉnh Đắk Lắk", UnitKind.PROVINCE, 0),
        _unit("SNNMT", "Sở Nông nghiệp và Môi trường", UnitKind.DEPARTMENT, 1, letterhead="UBND TỈNH // SỞ"),
        _unit("24211", "Xã Ea Súp", UnitKind.COMMUNE, 2, groups=(("bien_gioi", "biên giới"), ("loai", "xã"))),
        _unit("24133", "Phường Buôn Ma Thuột", UnitKind.WARD, 3, groups=(("loai", "phường"),)),
        _unit("646", "Huyện Ea Súp", UnitKind.DISTRICT, 4, born=date(2004, 1, 1), valid_to=date(2025, 12, 31)),
    )
    indicators = (
        Indicator("A1", "Gieo trồng", "ha", RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM, "SNNMT"),
        Indicator(
            "A2", "Trong đó: lúa", "ha", RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM, scale=Decimal("1.5")
        ),
        Indicator("B1", "Đàn bò", "con", RowNature.POINT, Accumulation.LAST, Aggregation.SUM, public=True),
    )
    rows = (
        Row("M1", "I", "TRỒNG TRỌT", RowKind.SECTION),
        _row("A1", "1", "Gieo trồng", "ha", 1),
        _row("A2", "1.1", "– Lúa", "ha", 1),
        _row("B1", "2", "Đàn bò", "con", 0),
    )
    columns = (
        Column("c05", "5", ("Năm báo cáo", "Tháng trước"), shift=1, prefill=True),
        Column("c06", "6", ("Năm báo cáo", "Ước tháng"), nature=Nature.ESTIMATE),
        Column("c08", "8", ("So sánh",), CellKind.COMPUTED, formula="(c06) / (c05) * 100", measure="%", decimals=1),
        Column("c13", "D", ("Ghi chú",), CellKind.NOTE, width=24.5, hidden_from=frozenset({"xã"})),
    )
    cells = (CellRule(frozenset({"c08"}), rows=frozenset({"B1"}), kind=CellKind.CLOSED, occasion=Occasion()),)
    form = Form("TH-01", "BIỂU THỬ", "01/TH", "Quyết định thử", rows, columns, cells, (Member("cay", "L", "Lúa", 1),))
    rule = Rule(
        "K1",
        "TH-01",
        "[A2] <= [A1]",
        RuleLevel.ERROR,
        "Lúa lớn hơn tổng.",
        rows=frozenset({"A1", "A2"}),
        passing="[A2].(c06)=1,5; [A1].(c06)=2",
        failing="[A2].(c06)=3; [A1].(c06)=2",
    )
    outline = Outline(
        "DC", "Báo cáo tháng {m}", "xã", (Heading("I.", "KINH TẾ", 1, ("24211",)), Heading("", "Khác", 1)), 4
    )
    regime = Regime(
        "TH",
        "Chế độ thử",
        "cả hai",
        Frequency.MONTH,
        "15-14",
        (Deadline("xã", 16, time(17)), Deadline("sở", 18), Deadline("chủ trì", 5, month_shift=1)),
        ("TH-01",),
        ("xã", "SNNMT"),
        ("SNNMT",),
        "SNNMT",
        (("xã", "DC"),),
        "Báo cáo {m}",
    )
    plan = PlanFigure("A1", "24211", 2026, Aspect.PLAN_COUNCIL, Decimal("1234.5"), "ha", "NQ 54", BORN, BORN)
    return Catalogue(
        measures,
        units,
        (Succession("646", "24211", BORN, False),),
        indicators,
        (Member("cay", "N", "Ngô", 2),),
        (form,),
        (rule,),
        (outline,),
        (regime,),
        (plan,),
        (Holiday(date(2026, 9, 2), True, "Quốc khánh", "QĐ"), Holiday(date(2026, 8, 22), False, "Làm bù")),
        (RoleHolder("easup", "Nguyễn Văn An", "Công chức", Role.CLERK, "24211", BORN, phone="0262"),),
    )


def _row(code: str, number: str, label: str, measure: str, decimals: int) -> Row:
    return Row(
        code,
        number,
        label,
        indent=number.count("."),
        indicator=code,
        measure=measure,
        commune_measure=measure,
        decimals=decimals,
        province_value=ProvinceValue.AGENCY_AND_COMMUNES,
        commune_entry=CommuneEntry.ENTERS,
        suppliers=("SNNMT",),
        plan=PlanKind.COUNCIL,
    )


@dataclass
class Folder:
    """Workbooks of a catalogue; every change returns another folder."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Folder:
        return cls(write(catalogue))

    def cell(self, workbook: str, sheet: str, a1: str, value: object) -> Folder:
        """With one cell typed over."""
        return self._edited(workbook, lambda book: book[sheet].__setitem__(a1, value))

    def without_sheet(self, workbook: str, sheet: str) -> Folder:
        return self._edited(workbook, lambda book: book.remove(book[sheet]))

    def with_sheet(self, workbook: str, sheet: str) -> Folder:
        return self._edited(workbook, lambda book: book.create_sheet(sheet).append(["ghi chú"]))

    def without_column(self, workbook: str, sheet: str, column: int) -> Folder:
        return self._edited(workbook, lambda book: book[sheet].delete_cols(column))

    def doubled(self, workbook: str, sheet: str, row: int) -> Folder:
        """With one row written a second time at the end."""
        return self._edited(workbook, lambda book: book[sheet].append([cell.value for cell in book[sheet][row]]))

    def file(self, name: str, data: bytes) -> Folder:
        return replace(self, files={**self.files, name: data})

    def only(self, *names: str) -> Folder:
        return replace(self, files={name: self.files[name] for name in names})

    def read(self, known: Catalogue | None = None) -> tuple[Catalogue, tuple[Finding, ...]]:
        return read_folder(self.files, known, guard=lambda data, name: ())

    def _edited(self, workbook: str, change: Any) -> Folder:
        book = load_workbook(BytesIO(self.files[workbook]))
        change(book)
        target = BytesIO()
        book.save(target)
        return self.file(workbook, target.getvalue())
