"""Forms of random rows, filled by random units: what compiling them comes to is reckoned elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st

from registry.catalogue.forms import Definitions
from registry.catalogue.model import CommuneEntry, ProvinceValue, Row, RowNature, Unit
from tests.compile.small_report import (
    AGENCIES,
    COMMUNES,
    DEFINITIONS,
    FORM,
    Answer,
    ReportBuilder,
    a_report,
    indicator,
)

COLUMNS = ("c05", "c06")  # last month's official figure, this month's estimate
MEASURES = (("ha", "ha"), ("con", "con"), ("tỷ đồng", "triệu đồng"), ("triệu đồng", "triệu đồng"))
VALUES = (
    ProvinceValue.COMMUNES,
    ProvinceValue.ALL,
    ProvinceValue.AGENCY,
    ProvinceValue.AGENCY_AND_COMMUNES,
)
Typed = Mapping[Unit, Mapping[str, Answer]]


@dataclass(frozen=True)
class RandomReport:
    """A report, and what every unit typed into it."""

    builder: ReportBuilder
    rows: tuple[Row, ...]
    typed: Typed


@st.composite
def random_reports(draw: st.DrawFn) -> RandomReport:
    """One to five rows of any kind; each unit gives some of its cells, none, or the signs officials type."""
    rows = tuple(_row(draw, number) for number in range(1, draw(st.integers(1, 5)) + 1))
    indicators = {row.code: indicator(row.code, _canonical(row.measure), RowNature.OCCURS) for row in rows}
    builder = replace(
        a_report(replace(FORM, rows=rows)),
        definitions=Definitions(DEFINITIONS.measures, DEFINITIONS.indicators | indicators),
    )
    typed: dict[Unit, Mapping[str, Answer]] = {}
    for unit in (*COMMUNES, *AGENCIES):
        answers = {
            f"{row.code}.{column}": answer
            for row in rows
            if _gives(unit, row)
            for column in COLUMNS
            if (answer := draw(_answers(row))) is not None
        }
        if answers or draw(st.booleans()):
            typed[unit] = answers
            builder = builder.gives(unit, answers)
    return RandomReport(builder, rows, typed)


def _row(draw: st.DrawFn, number: int) -> Row:
    value = draw(st.sampled_from(VALUES))
    measure, commune_measure = draw(st.sampled_from(MEASURES))
    entered = CommuneEntry.ENTERS if value is not ProvinceValue.AGENCY else None
    agency = value is not ProvinceValue.COMMUNES
    more = {"commune_entry": entered, "commune_measure": commune_measure} if entered else {}
    code = f"R{number}"
    return Row(
        code,
        str(number),
        f"Chỉ tiêu {number}",
        indicator=code,
        measure=measure,
        province_value=value,
        decimals=0 if measure == "con" else 2,
        suppliers=("SNNMT",) if agency else (),
        **more,  # type: ignore[arg-type]
    )


def _canonical(measure: str) -> str:
    return "đồng" if "đồng" in measure else measure


def _gives(unit: Unit, row: Row) -> bool:
    if unit in COMMUNES:
        return row.province_value is not ProvinceValue.AGENCY
    return unit.code in row.suppliers


def _answers(row: Row) -> st.SearchStrategy[Answer | None]:
    whole = st.integers(0, 10**6)
    parts = st.decimals(0, 10**5, places=2, allow_nan=False, allow_infinity=False)
    numbers = whole.map(Decimal) if row.measure == "con" else parts
    return st.one_of(st.none(), st.sampled_from(("-", "…")), numbers)
