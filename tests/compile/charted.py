"""Charts of invented figures, one of each kind; ``python -m tests.compile.charted`` draws the golden files anew."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from compile.charts import Chart, Reading, Role, Strand, draw
from registry.catalogue.dashboards import Kind

GOLDEN = Path(__file__).parent / "golden"
FOOT = ("Đã có số liệu 2/3 xã, phường; còn thiếu: Xã Ea Súp.", "Số liệu đã duyệt đến 08 giờ 00 ngày 05/10/2026.")
MONTHS = ("T6/2026", "T7/2026", "T8/2026", "T9/2026")
EA_SUP, BUON_DON, TUY_HOA = "24211", "24235", "22015"


def a_trend() -> Chart:
    done = tuple(
        Reading(label, None if value is None else Decimal(value), is_provisional=label == "T9/2026")
        for label, value in zip(MONTHS, ("120", None, "140.5", "151.25"), strict=True)
    )
    before = tuple(Reading(label, Decimal(100 + 5 * n)) for n, label in enumerate(MONTHS))
    strands = (Strand("Thực hiện", done), Strand("Cùng kỳ năm trước", before, Role.SAME_PERIOD))
    return Chart(Kind.TREND, "Thu ngân sách", "tỷ đồng", strands, "Toàn tỉnh", FOOT)


def a_comparison() -> Chart:
    said = (("Thu ngân sách", "tỷ đồng", "700", "800", "650"), ("Hộ nghèo", "hộ", "12034", None, "14020"))
    strands = tuple(
        Strand(name, tuple(Reading(one[0], one[n] and Decimal(one[n]), measure=one[1]) for one in said), role)
        for name, n, role in (
            ("Thực hiện", 2, Role.ACTUAL),
            ("Kế hoạch", 3, Role.PLAN),
            ("Cùng kỳ năm trước", 4, Role.SAME_PERIOD),
        )
    )
    return Chart(Kind.COMPARISON, "So với kế hoạch và cùng kỳ", "", strands, "Tháng 9/2026", FOOT, by_indicator=True)


def of_units(kind: Kind, top: int = 10) -> Chart:
    readings = (
        Reading("Phường Tuy Hòa", Decimal("80.5"), TUY_HOA, link="/mot?don_vi=22015", place=1),
        Reading("Xã Buôn Đôn", Decimal("12"), BUON_DON, is_provisional=True, place=2),
        Reading("Xã Ea Súp", None, EA_SUP),
    )
    strands = (Strand("Thực hiện", readings),)
    return Chart(kind, "Diện tích lúa", "ha", strands, "Tháng 9/2026", FOOT, top=top)


def drawings() -> dict[str, str]:
    charts = (a_trend(), a_comparison(), *map(of_units, (Kind.RANKING, Kind.SHARE, Kind.TILES)))
    return {f"{one.kind.value}.svg": draw(one, 600, "p1", framed=True) + "\n" for one in charts}


if __name__ == "__main__":
    for file, drawn in drawings().items():
        (GOLDEN / file).write_text(drawn, encoding="utf-8")
