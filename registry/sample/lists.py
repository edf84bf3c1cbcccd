"""Sample lines of the list tables ("dữ liệu mẫu"): projects (DTC-01) and hamlets (HN-01) of a unit in a period.

A commune's lines add up to its figures of TC06, TC07, XH04 and XH05, so that both forms tell one story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from registry.catalogue.forms import COMMUNE, View
from registry.catalogue.model import Unit, UnitKind
from registry.catalogue.values import CellKey, CellValue, State
from registry.periods import Period
from registry.sample import spread
from registry.sample.sources import chance, communes
from vietnamese.copydeck import deck

PROJECTS, HAMLETS = "DTC-01", "HN-01"
_copy = deck(Path(__file__).parent / "lists.toml")
_MONEY = ("TC06", "TC07")  # plan, disbursed
_STUCK = Fraction(1, 4)  # of the projects
_AGENCY_PLAN = 400_000  # thousandths of a billion đồng a year, at least


def lines(view: View, unit: Unit, period: Period) -> dict[CellKey, CellValue]:
    """What a careful clerk would list; nothing for forms without lists."""
    made = {PROJECTS: _projects, HAMLETS: _hamlets}.get(view.form.code)
    if made is None:
        return {}
    table = view.form.lists[0].code
    return {
        CellKey(table, column, n): _value(content)
        for n, line in enumerate(made(view, unit, period), start=1)
        for column, content in line.items()
        if content is not None
    }


Content = str | Decimal | None
Line = dict[str, Content]


def _value(content: str | Decimal) -> CellValue:
    if isinstance(content, str):
        return CellValue(State.VALUE, text=content)
    return CellValue(State.VALUE, content) if content else CellValue(State.ZERO, content)


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number divided by weights; the last part takes what is left."""
    parts = [total * weight // sum(weights) for weight in weights[:-1]]
    return [*parts, total - sum(parts)]


def _labels(view: View, breakdown: str) -> list[str]:
    return [member.label for member in view.members(breakdown)]


# --- projects --------------------------------------------------------------------------------------------------------


def _projects(view: View, unit: Unit, period: Period) -> Iterator[Line]:
    """Plan and disbursement in thousandths of the measure shown, divided among two to four projects."""
    year, month = period.year, period.last.month
    count = 2 + int(chance("projects", unit.code) * 3)
    weights = [3 + int(chance("project", unit.code, n) * 6) for n in range(count)]
    plan, spent = _money(view, unit, year, month)
    plans, spendings = shared(plan, weights), shared(spent, weights)
    for n in range(count):
        yield _project(view, unit, (year, n), plans[n], min(plans[n], spendings[n]))


def _money(view: View, unit: Unit, year: int, month: int) -> tuple[int, int]:
    if view.row_set.audience == COMMUNE and unit.code in communes():
        shown = [spread.in_commune_measure(one, spread.allotted(one, year, month)[unit.code]) for one in _MONEY]
        return int(shown[0] * 1000), int(min(shown) * 1000)
    plan = _AGENCY_PLAN + int(chance("plan", unit.code, year) * 5 * _AGENCY_PLAN)
    return plan, plan * (4 * month + int(chance("spent", unit.code) * 40)) // 100


def _project(view: View, unit: Unit, which: tuple[int, int], plan: int, spent: int) -> Line:
    year, n = which
    level = "commune" if unit.kind.is_commune else "agency"
    code = int(chance("code", unit.code, n) * 9_000_000) + 90_000
    funds, groups = _labels(view, "nguonvon"), _labels(view, "nhomduan")
    carried = plan // 20 if n == 0 else 0
    forecast = spent + (plan - spent) * 9 // 10
    is_stuck = chance("stuck", unit.code, n) < _STUCK
    first = year - 1 + n % 2
    return {
        "c01": f"{code:07d}",
        "c02": _copy(f"project.{level}.{n % 4}", place=unit.short_name or unit.name),
        "c03": unit.code,
        "c04": groups[3 if unit.kind.is_commune else 2],
        "c05": unit.code if unit.kind.is_commune else None,
        "c06": _copy("project.decision", number=100 + code % 900, day=1 + code % 28, month=1 + n, year=first),
        "c07": _thousandths(4 * plan),
        "c08": _copy("project.years", first=first, last=first + 2),
        "c09": funds[3 + n % 3] if unit.kind.is_commune else funds[n % 4],
        "c09a": str(year),
        "c10": _thousandths(plan),
        "c11": _thousandths(carried),
        "c12": _thousandths(plan - carried),
        "c14": _thousandths(spent),
        "c17": _thousandths(forecast),
        "c18": _thousandths(plan),
        "c19": _labels(view, "khokhan")[0] if is_stuck else None,
        "c19a": _copy("project.obstacle", count=2 + code % 5) if is_stuck else None,
        "c20": "SNNMT" if is_stuck else None,
        "c20a": _copy("project.proposal") if is_stuck else None,
    }


def _thousandths(value: int) -> Decimal:
    return Decimal(value).scaleb(-3)


# --- hamlets ---------------------------------------------------------------------------------------------------------


def _hamlets(view: View, unit: Unit, period: Period) -> Iterator[Line]:
    year = period.year
    count = 5 + int(chance("hamlets", unit.code) * 4)
    weights = [4 + int(chance("hamlet", unit.code, n) * 6) for n in range(count)]
    twin = unit.code if unit.code in communes() else next(iter(communes()))
    figures = {
        (code, when): shared(spread.allotted(code, when, 12)[twin], weights)
        for code in ("XH03", "XH04", "XH05")
        for when in (year - 1, year)
    }
    for n in range(count):
        homes = figures["XH03", year][n]
        yield {
            "c00": _hamlet(unit, n),
            "c00a": _labels(view, "khuvuc")[0 if unit.kind is UnitKind.WARD else 1],
            "c01": Decimal(homes),
            "c02": Decimal(homes * 2 // 5),
            **_moved(("c03", "c04", "c07", "c10"), figures["XH04", year - 1][n], figures["XH04", year][n]),
            "c11": Decimal(figures["XH04", year][n] // 2),
            **_moved(("c12", "c13", "c14", "c17"), figures["XH05", year - 1][n], figures["XH05", year][n]),
        }


def _moved(columns: tuple[str, str, str, str], before: int, now: int) -> Line:
    """Begin, left, new, end: what ends is what began, less who left, with who is new."""
    gone = max(before - now, 0) + before // 10
    figures = (before, gone, now - before + gone, now)
    return dict(zip(columns, map(Decimal, figures), strict=True))


def _hamlet(unit: Unit, n: int) -> str:
    if unit.kind is UnitKind.WARD:
        return _copy("hamlet.ward", n=n + 1)
    names = _copy(f"hamlet.name.{n % 6}")
    return _copy(f"hamlet.{n % 2}", n=n // 2 + 1, name=names)
