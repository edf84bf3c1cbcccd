"""A form of the size the benches agree on (300 rows × 12 columns), its units, and workbooks filled with chance figures.

About 520 validated inputs and 1,000 formulas in one view, as in FACTS of the project's measurements.
"""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache

from registry.catalogue.forms import Definitions, View, row_set
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    CellKind,
    Column,
    CommuneEntry,
    Form,
    Frequency,
    Indicator,
    PlanKind,
    ProvinceValue,
    Regime,
    Row,
    RowKind,
    RowNature,
    Rule,
    RuleLevel,
    Unit,
    UnitKind,
)
from registry.catalogue.values import Aspect, CellKey, CellValue, Known, Nature, State
from registry.periods import parse
from registry.rules.background import Background
from registry.rules.context import Context
from registry.rules.needs import needs
from workbook_templates import token
from workbook_templates.grid import place
from workbook_templates.order import Order

PERIOD = parse("202610")
SECRET = b"a secret of the benches, of no use to anybody"
KEYS = {1: SECRET}
SECTIONS, ROWS_OF_A_SECTION, LONGER_SECTIONS = 39, 7, 27  # 39 headings + 261 rows with figures
VIETNAM = timezone(timedelta(hours=7))

MEASURES = {
    m.code: m for m in (Measure("ha", "diện tích", Fraction(1), 2, False), Measure("%", "tỷ lệ", Fraction(1), 4, False))
}

ESTIMATE = "LŨY_KẾ((c06); 2) + (c05) + (c06)"


def _percent(code: str, number: str, against: str, formula: str) -> Column:
    return Column(code, number, ("So sánh (%)", against), CellKind.COMPUTED, formula=formula, measure="%", decimals=2)


COLUMNS = (
    Column("c01", "1", ("Kế hoạch năm", "Trung ương giao"), CellKind.PLAN, Aspect.PLAN_CENTRAL),
    Column("c02", "2", ("Kế hoạch năm", "HĐND giao"), CellKind.PLAN, Aspect.PLAN_COUNCIL),
    Column("c03", "3", ("Cùng kỳ năm trước", "Tháng"), CellKind.SAME_PERIOD),
    Column("c04", "4", ("Cùng kỳ năm trước", "Lũy kế"), CellKind.CUMULATIVE_SAME_PERIOD),
    Column("c05", "5", ("Năm báo cáo", "Chính thức tháng trước"), shift=1, prefill=True),
    Column("c06", "6", ("Năm báo cáo", "Ước tháng"), nature=Nature.ESTIMATE),
    Column(
        "c07",
        "7",
        ("Năm báo cáo", "Ước lũy kế"),
        CellKind.COMPUTED,
        Aspect.CUMULATIVE,
        nature=Nature.ESTIMATE,
        formula=ESTIMATE,
        keep=True,
    ),
    _percent("c08", "8", "Tháng trước", "(c06)/(c05)*100"),
    _percent("c09", "9", "Lũy kế cùng kỳ", "(c07)/(c04)*100"),
    _percent("c10", "10", "Kế hoạch", "(c07)/(c02)*100"),
    Column("c11", "D", ("Ghi chú",), CellKind.NOTE),
)
CHECKS = ("(c07) >= (c06)", "(c06) <= (c02)", "(c06) = (c05) * 1,1", "ROUND((c06); 0) <= SUM((c05); (c06))")


@cache
def catalogue() -> tuple[Form, Definitions]:
    """The form and the tables it leans on."""
    rows: list[Row] = []
    indicators: dict[str, Indicator] = {}
    for section in range(1, SECTIONS + 1):
        rows.append(Row(f"S{section}", str(section), f"LĨNH VỰC THỨ {section}", RowKind.SECTION))
        for at in range(1, ROWS_OF_A_SECTION + (section <= LONGER_SECTIONS)):
            row = _row(f"X{section:02d}{at:02d}", f"{section}.{at}")
            rows.append(row)
            indicators[row.code] = Indicator(
                row.code, row.label, "ha", RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM
            )
    form = Form("DO-300", "BIỂU ĐO TỐC ĐỘ", "300/ĐO", "Không ban hành", tuple(rows), COLUMNS)
    return form, Definitions(MEASURES, indicators)


def _row(code: str, number: str) -> Row:
    return Row(
        code,
        number,
        f"Chỉ tiêu {number}, diện tích hiện có trên địa bàn",
        indicator=code,
        measure="ha",
        commune_measure="ha",
        decimals=1,
        province_value=ProvinceValue.COMMUNES,
        commune_entry=CommuneEntry.ENTERS,
        plan=PlanKind.COUNCIL,
    )


@cache
def view() -> View:
    """The form as every unit of the benches meets it in the period."""
    form, definitions = catalogue()
    return View(form, PERIOD.shape, row_set(form, unit(1), PERIOD.shape), definitions)


def unit(number: int) -> Unit:
    """The commune of that number."""
    day = date(2025, 7, 1)
    name = f"Đo Thử {number}"
    return Unit(f"B{number:04d}", f"Xã {name}", UnitKind.COMMUNE, "66", number, day, day, short_name=name)


def regime() -> Regime:
    """The regime the form belongs to."""
    forms, reporters, receivers = ("DO-300",), ("xã",), ("STC",)
    return Regime(
        "ĐO", "Báo cáo đo tốc độ", "số liệu", Frequency.MONTH, "15-14", (), forms, reporters, receivers, lead="STC"
    )


@cache
def rules(number: int = 200) -> tuple[Rule, ...]:
    """Checks of the kinds forms really carry, one row each."""
    rows = [frozenset({code}) for code in catalogue()[1].indicators]
    return tuple(
        Rule(f"ĐO-{n}", "DO-300", CHECKS[n % len(CHECKS)], RuleLevel.WARNING, "Cần xem lại.", rows=rows[n % len(rows)])
        for n in range(number)
    )


def context(number: int) -> Context:
    """Where unit ``number`` stands: its own figures of other periods, by chance but the same every time."""
    chance = random.Random(number)
    asked = sorted(needs(view(), PERIOD, Frequency.MONTH, rules()))
    figures = {need: Known(chance.randrange(1, 10**7), Nature.OFFICIAL) for need in asked}
    return Context(view(), PERIOD, Frequency.MONTH, Background(figures), unit(number))


def order(number: int) -> Order:
    """The order of unit ``number``'s workbook."""
    here = context(number)
    form = here.view.form
    identity = token.Token(1, form.code, form.version, unit(number).code, 2025, PERIOD.code, 1, place(here.view).hash)
    return Order(
        context=here,
        unit=unit(number),
        regime=regime(),
        receivers=("Sở Tài chính",),
        due=datetime(2026, 10, 16, tzinfo=VIETNAM),
        window=(date(2026, 9, 15), date(2026, 10, 14)),
        token=token.issue(identity, SECRET),
    )


def answers(number: int) -> Mapping[CellKey, CellValue]:
    """What the clerk of unit ``number`` types into every input."""
    chance = random.Random(-number)
    return {key: CellValue(State.VALUE, Decimal(chance.randrange(1, 10**6)).scaleb(-1)) for key in view().inputs}
