"""What the columns of a form are, by the words of their headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.official.table import HeadColumn, Table
from ingest.official.words import Folded
from registry.catalogue.model import CellKind, Column
from registry.catalogue.values import Aspect, Nature

PERCENT = "%"
_YEAR_TO_DATE = r"(luy ke|cong don|tu dau nam|\b\d{1,2} thang\b)"
_BEFORE = r"(thang|ky|quy|bao cao) (lien )?truoc"
_COMPARED = re.compile(
    r".*(so sanh|so voi|ty le|ti le|ty trong|%|toc do|tang truong|chenh lech|\btang\b.*\bgiam\b|chi so).*"
)
_PLAN = re.compile(r"(ke hoach|du toan|chi tieu (duoc )?giao|muc tieu|\bkh\b|\bdt\b)")
_CENTRAL = re.compile(r"(trung uong|\btw\b|bo tai chinh|thu tuong)")
_TOTAL = re.compile(r"(tong so|tong cong|tong|cong)")
_DONE = re.compile(r".*(thuc hien|ket qua|trong (ky|thang|quy)|phat sinh|so luong|so lieu|bao cao|thang|quy).*")

COMPARISON = Column("", "", (), CellKind.COMPUTED, nature=Nature.ESTIMATE, measure=PERCENT)
_ROLES: tuple[tuple[re.Pattern[str], Column], ...] = tuple(
    (re.compile(f".*{shape}.*"), role)
    for shape, role in (
        (
            r"(ghi chu|giai trinh|nguyen nhan|danh gia|nhan xet|kien nghi|de xuat|vuong mac|thuyet minh)",
            Column("", "", (), CellKind.NOTE, width=24),
        ),
        (_COMPARED.pattern.strip(".*"), COMPARISON),
        (
            r"(ke hoach|du toan|du kien).*nam (sau|toi|tiep theo|ke tiep)",
            Column("", "", (), aspect=Aspect.NEXT_YEAR_PLAN, nature=Nature.ESTIMATE),
        ),
        (_PLAN.pattern, Column("", "", (), CellKind.PLAN, Aspect.PLAN_COUNCIL)),
        (rf"(cung ky|nam truoc).*{_YEAR_TO_DATE}", Column("", "", (), CellKind.CUMULATIVE_SAME_PERIOD)),
        (rf"{_YEAR_TO_DATE}.*(cung ky|nam truoc)", Column("", "", (), CellKind.CUMULATIVE_SAME_PERIOD)),
        (r"(cung ky|nam truoc)", Column("", "", (), CellKind.SAME_PERIOD)),
        (
            r"(\bca nam\b|uoc (thuc hien )?nam\b)",
            Column("", "", (), aspect=Aspect.YEAR_ESTIMATE, nature=Nature.ESTIMATE),
        ),
        (r"(luy ke|cong don).*truoc", Column("", "", (), CellKind.CUMULATIVE, Aspect.CUMULATIVE)),
        (r"(phat sinh|trong ky)", Column("", "", ())),
        (_YEAR_TO_DATE, Column("", "", (), CellKind.COMPUTED, Aspect.CUMULATIVE)),
        (rf"chinh thuc.*{_BEFORE}", Column("", "", (), shift=1, prefill=True)),
        (_BEFORE, Column("", "", (), CellKind.PREVIOUS, shift=1)),
    )
)


def codes_of(table: Table, figures: Sequence[HeadColumn]) -> list[str]:
    """``c05`` for the fifth figure column; a form that numbers its labels too counts them."""
    labels = [head for head in table.columns if head not in figures]
    before = sum(head.number.isdecimal() for head in labels)
    return [f"c{before + place:02d}" for place, _ in enumerate(figures, start=1)]


def numbers_of(figures: Sequence[HeadColumn]) -> list[str]:
    """The printed numbers; counted from 1 where the form prints none."""
    if any(head.number for head in figures):
        return [head.number for head in figures]
    return [str(place) for place, _ in enumerate(figures, start=1)]


def role_of(path: tuple[str, ...]) -> tuple[Column, bool]:
    """What a column of a form with rows of indicators is, and whether its words said so."""
    folded = Folded.of(path)
    role = next((role for shape, role in _ROLES if shape.fullmatch(folded.whole)), None)
    if role is None:
        role, certain = Column("", "", ()), bool(_DONE.fullmatch(folded.whole))
    else:
        certain = True
    if role.kind is CellKind.PLAN and _CENTRAL.search(folded.whole):
        role = replace(role, aspect=Aspect.PLAN_CENTRAL)
    if re.search(r"\buoc\b", folded.whole) and role.shift == 0 and role.kind in (CellKind.INPUT, CellKind.COMPUTED):
        role = replace(role, nature=Nature.ESTIMATE)
    return role, certain


def role_in_matrix(path: tuple[str, ...]) -> tuple[Column, bool]:
    """What a column is where the columns are the indicators and the rows members of a breakdown."""
    folded = Folded.of(path)
    if re.search(r"(ghi chu|giai trinh|nguyen nhan|nhan xet)", folded.leaf):
        return Column("", "", (), CellKind.NOTE, width=24), True
    if re.search(r"(ty le|ti le|ty trong|%)", folded.leaf):
        return COMPARISON, True
    if re.search(rf"(tu|tu cac) {_BEFORE}|{_BEFORE} chuyen|ton dau ky|\bdau ky\b", folded.whole):
        return Column("", "", (), shift=1, prefill=True), True
    return Column("", "", ()), True


def is_comparison(column: Column) -> bool:
    """True for a computed column of per cent."""
    return column.kind is CellKind.COMPUTED and column.aspect is Aspect.ACTUAL and column.measure == PERCENT


# --- formulas the headings imply -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Imagined:
    """Formulas that the words of the headings imply, for computed columns that say none."""

    columns: tuple[Column, ...]

    def formula(self, column: Column) -> str:
        """The formula implied, "" when none is."""
        if column.aspect is Aspect.CUMULATIVE:
            return self._year_to_date()
        return self._comparison(column) if is_comparison(column) else ""

    def total(self, column: Column) -> str:
        """The sum of what stands beside "Tổng số" under the same heading."""
        if not _TOTAL.fullmatch(Folded.of(column.path).leaf) or len(column.path) < 2:
            return ""
        group = column.path[:-1]
        beside = [one for one in self.columns if one.path[: len(group)] == group and one.code != column.code]
        numbers = [one for one in beside if one.kind in (CellKind.INPUT, CellKind.COMPUTED) and one.measure != PERCENT]
        return " + ".join(f"({one.code})" for one in numbers) if len(numbers) > 1 else ""

    def _first(self, wanted: Callable[[Column], bool]) -> str:
        return next((f"({one.code})" for one in self.columns if wanted(one)), "")

    def _actual(self) -> str:
        return self._first(lambda one: one.kind is CellKind.INPUT and one.aspect is Aspect.ACTUAL and one.shift == 0)

    def _to_date(self) -> str:
        return self._first(lambda one: one.aspect is Aspect.CUMULATIVE and one.kind is not CellKind.CUMULATIVE)

    def _before(self) -> str:
        return self._first(
            lambda one: (
                one.shift == 1 and one.kind in (CellKind.INPUT, CellKind.PREVIOUS) and one.aspect is Aspect.ACTUAL
            )
        )

    def _year_to_date(self) -> str:
        """What is known up to now: cumulative before + this period, or the year's periods added up."""
        actual = self._actual()
        known = self._first(lambda one: one.kind is CellKind.CUMULATIVE)
        corrected = self._first(lambda one: one.kind is CellKind.INPUT and one.shift == 1)
        if not actual:
            return ""
        if known:
            return f"{known} + {actual}"
        return f"LŨY_KẾ({actual}; 2) + {corrected} + {actual}" if corrected else f"LŨY_KẾ({actual}; 1) + {actual}"

    def _comparison(self, column: Column) -> str:
        folded = Folded.of(column.path)
        left, _, right = folded.leaf.rpartition("so voi") if "so voi" in folded.leaf else ("", "", folded.whole)
        right = right or folded.leaf
        to_date = bool(re.search(_YEAR_TO_DATE, left or folded.leaf))
        actual, cumulative = self._actual(), self._to_date()
        if "cung ky" in right or "nam truoc" in right:
            kind = CellKind.CUMULATIVE_SAME_PERIOD if to_date else CellKind.SAME_PERIOD
            above, below = (cumulative if to_date else actual), self._first(lambda one: one.kind is kind)
        elif re.search(_BEFORE, right):
            above, below = actual, self._before()
        elif _PLAN.search(right):
            monthly = left.strip() in ("thang", "trong thang", "thuc hien thang")
            above, below = (cumulative if cumulative and not monthly else actual), self._plan(right)
        else:
            return ""
        if not above or not below:
            return ""
        grows = re.search(r"(tang|giam|toc do)", folded.leaf)
        return f"{above} / {below} * 100" + (" - 100" if grows else "")

    def _plan(self, words: str) -> str:
        plans = [one for one in self.columns if one.kind is CellKind.PLAN]
        wanted = Aspect.PLAN_CENTRAL if _CENTRAL.search(words) else Aspect.PLAN_COUNCIL
        chosen = next((one for one in plans if one.aspect is wanted), plans[0] if len(plans) == 1 else None)
        return f"({chosen.code})" if chosen else ""


def by_number(columns: Sequence[Column]) -> Mapping[str, str]:
    """Codes by the numbers printed over the columns: what hints refer to."""
    return {column.number: column.code for column in columns if column.number}
