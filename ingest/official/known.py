"""What the catalogue in force already knows of an official form: measures, indicators, rows, columns, members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from ingest.official.words import bare
from registry.catalogue.check_once import plain_name
from registry.catalogue.measures import Measure
from registry.catalogue.model import Catalogue, Column, Form, Indicator, Member, Row, RowKind
from vietnamese.fold import fold, nearest

_ALIKE = 0.86
_ALIASES = (  # folded spellings of measures, and the code each means
    (r"(tr\.?\s?d|trd|tr\.? ?dong|trieu d|tr\.d)\.?", "triệu đồng"),
    (r"(ty|ti) ?(d|dong|vnd)", "tỷ đồng"),
    (r"(ngan|nghin|1\.?000) ?(d|dong)", "nghìn đồng"),
    (r"(d|vnd|vn dong|dong)", "đồng"),
    (r"(ngan|1\.?000) ha", "nghìn ha"),
    (r"(ngan|1\.?000) con", "nghìn con"),
    (r"(ngan|1\.?000) tan", "nghìn tấn"),
    (r"(trieu|tr\.?) ?usd", "triệu USD"),
    (r"(dn|d\.nghiep)", "doanh nghiệp"),
    (r"(phan tram|ty le %|ti le %|%)", "%"),
    (r"m2", "m²"),
    (r"(l\.khach|luot nguoi khach|luot khach)", "lượt khách"),
    (r"(hs|so ho so|ho so tthc)", "hồ sơ"),
)


@dataclass(frozen=True)
class Known:
    """The catalogue, looked up as people write its names."""

    catalogue: Catalogue

    # measures

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {fold(one.code): one for one in reversed(self.catalogue.measures)}

    @cached_property
    def measures_by_code(self) -> dict[str, Measure]:
        """Measures by their code."""
        return {one.code: one for one in self.catalogue.measures}

    def measure(self, written: str) -> Measure | None:
        """The measure a text is the name of: accents, case and the usual abbreviations aside."""
        if written in self.measures_by_code:
            return self.measures_by_code[written]
        folded = fold(written).strip(" .()")
        if folded in self._measures:
            return self._measures[folded]
        code = next((code for shape, code in _ALIASES if re.fullmatch(shape, folded)), None)
        return self.measures_by_code.get(code) if code else None

    def measure_within(self, text: str) -> Measure | None:
        """The measure whose name stands in a text as whole words; the longest one."""
        folded = f" {fold(text)} "
        within = [one for name, one in self._measures.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded)]
        return max(within, key=lambda one: len(one.code), default=None)

    def similar_measure(self, written: str) -> str:
        """The measure probably meant, "" when none is near."""
        return next(iter(nearest(written, self.measures_by_code, 1)), "")

    # forms, rows, columns

    def form(self, code: str, official_number: str) -> Form | None:
        """The newest version of the form that bears this code or this official number."""
        found = [
            form
            for form in self.catalogue.forms
            if fold(form.code) == fold(code)
            or (official_number and fold(form.official_number) == fold(official_number))
        ]
        return max(found, key=lambda form: form.version, default=None)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by code."""
        return {one.code: one for one in self.catalogue.indicators}

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], list[tuple[Indicator, Row | None]]]:
        """Indicators by their name, and by the label of their rows together with that of the row above them."""
        named: dict[tuple[str, str], list[tuple[Indicator, Row | None]]] = {}
        for form in self.catalogue.forms:
            above: list[Row] = []
            for row in form.rows:
                above = [one for one in above if one.indent < row.indent]
                indicator = self.indicators.get(row.indicator or "")
                if row.kind is RowKind.DATA and indicator:
                    parent = fold(bare(above[-1].label)) if above else ""
                    named.setdefault((parent, fold(bare(row.label))), []).append((indicator, row))
                above = [*above, row] if row.kind is RowKind.DATA else []
        for indicator in self.catalogue.indicators:
            named.setdefault(("", fold(indicator.name)), []).append((indicator, None))
        return named

    def indicator(self, label: str, parent: str, measure: Measure | None) -> tuple[Indicator, Row | None] | None:
        """The indicator a row's label names below its parent's, with a row that holds it, of the same dimension.

        "Số người chết" below one heading is not that below another: only a name of its own matches anywhere.
        """
        folded = fold(bare(label))
        alike = [*self._by_label.get((fold(bare(parent)), folded), ())]
        alike += [(one, row) for one, row in self._by_label.get(("", folded), ()) if row is None]
        found = [
            (indicator, row) for indicator, row in alike if measure and self._dimension(indicator) == measure.dimension
        ]
        return found[0] if len({indicator.code for indicator, _ in found}) == 1 else None

    def _dimension(self, indicator: Indicator) -> str:
        measure = self.measures_by_code.get(indicator.measure)
        return measure.dimension if measure else ""

    @cached_property
    def short_labels(self) -> frozenset[str]:
        """Labels of rows that only below their heading say what they are: no indicator may take one for its name."""
        pairs = ((row, self.indicators.get(row.indicator or "")) for form in self.catalogue.forms for row in form.rows)
        named = ((plain_name(row.label), plain_name(one.name)) for row, one in pairs if one)
        return frozenset(label for label, name in named if label != name)

    def similar_indicator(self, label: str, measure: Measure | None) -> Indicator | None:
        """The indicator of the same dimension whose name is nearly the label."""
        named = {
            one.name: one for one in self.catalogue.indicators if measure and self._dimension(one) == measure.dimension
        }
        near = nearest(bare(label), named, 1)
        return named[near[0]] if near and _is_near(fold(bare(label)), fold(near[0])) else None

    def column(self, path: tuple[str, ...], form: Form | None) -> Column | None:
        """The column of a known form under the same headings."""
        wanted = [fold(part) for part in path]
        return (
            next((one for one in form.columns if [fold(part) for part in one.path] == wanted), None) if form else None
        )

    # members of breakdowns

    def breakdown_of(self, labels: Iterable[str]) -> tuple[str, dict[str, Member]]:
        """The breakdown that at least half of the labels are members of, with its members by folded label."""
        wanted = {fold(bare(label)) for label in labels}
        best: tuple[int, str] = (0, "")
        for name, members in self._members.items():
            best = max(best, (len(wanted & set(members)), name))
        count, name = best
        return (name, dict(self._members[name])) if name and count * 2 >= len(wanted) else ("", {})

    @cached_property
    def _members(self) -> Mapping[str, dict[str, Member]]:
        members: dict[str, dict[str, Member]] = {}
        for one in (*self.catalogue.members, *(one for form in self.catalogue.forms for one in form.members)):
            members.setdefault(one.breakdown, {}).setdefault(fold(one.label), one)
        return members

    def has_breakdown(self, name: str) -> bool:
        """True when members of a breakdown are known."""
        return name in self._members


def _is_near(one: str, other: str) -> bool:
    """True when one name holds the other, or differs from it by a letter or two: "Đàn nai" is not "Đàn trâu"."""
    shorter, longer = sorted((one, other), key=len)
    holds = " " in shorter and f" {shorter} " in f" {longer} "
    return holds or SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
