"""The rows of a form: what each is a row of, in which measure; new indicators where the catalogue has none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from ingest.official.codes import Codes, common_prefix, initials
from ingest.official.columns import PERCENT
from ingest.official.doubts import Doubts, Target
from ingest.official.formats import decimals_of, row_format
from ingest.official.known import Known
from ingest.official.rows import Line, measure_in_label
from ingest.official.table import Table
from ingest.official.words import PART_OF, bare
from registry.catalogue.check_forms import fits
from registry.catalogue.check_once import plain_name
from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    Accumulation,
    Aggregation,
    CommuneEntry,
    Form,
    Indicator,
    Member,
    ProvinceValue,
    Row,
    RowKind,
    RowNature,
)
from vietnamese.copydeck import deck
from vietnamese.fold import fold

_copy = deck(Path(__file__).parent / "copy.toml")
_MOST_COMPARED = 300  # new rows that are compared with every indicator for near names
_POINT = re.compile(
    r"(.*hien co.*|dan [a-z]+.*|tong so (ho|nguoi|xa|thon|dan)\b.*|.*du no.*|.*(tinh )?den (cuoi|het|thoi diem).*|"
    r".*\bdang [a-z]+.*|so du.*|ton .*|.*hien con.*|.*dat chuan.*)"
)
_RATIO = re.compile(r"(ty le|ti le|ty trong|co cau|toc do|muc do)\b.*")


@dataclass
class Rows:
    """Builds the rows of one form, remembering what has been used and what is new."""

    table: Table
    known: Known
    doubts: Doubts
    form: Form | None  # the known form this one seems to be
    code: str
    unit: Measure | None  # of the unit line
    input_columns: Sequence[int] = ()  # columns of the sheet that hold figures people enter
    indicators: list[Indicator] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)
    _compared: int = 0

    def build(self, lines: Sequence[Line], measures: Sequence[Measure | None], *, columns_carry: bool) -> list[Row]:
        """One row for each line; with ``columns_carry`` rows are members of a breakdown, else indicators."""
        self._row_codes = Codes()
        self._indicator_codes = Codes(one.code for one in self.known.catalogue.indicators)
        if columns_carry:
            return self._members(lines, measures)
        rows: list[Row] = []
        matched = [self._match(lines, place, measure) for place, measure in enumerate(measures)]
        for place, (line, measure) in enumerate(zip(lines, measures, strict=True)):
            if line.kind is not RowKind.DATA:
                rows.append(self._plain(line, measure, place))
                continue
            row = matched[place]
            if row is None:
                row = self._new(lines, place, measure, matched)
                self._compare(line, place, row, measure)
            rows.append(replace(row, code=self._row_codes.take(row.code)))
        return rows

    # measures

    def measures_of(self, lines: Sequence[Line]) -> list[Measure | None]:
        """The measure of every line; None only for sections and for totals of nothing in particular."""
        found: list[Measure | None] = []
        levels: dict[int, Measure | None] = {}
        for place, line in enumerate(lines):
            measure = self._measure(line, place) if line.kind is not RowKind.SECTION else None
            if measure is None and line.kind is RowKind.DATA:
                measure = self._inherited(line, place, levels, found)
            levels = {level: held for level, held in levels.items() if level < line.indent}
            levels[line.indent] = measure
            found.append(measure)
        return found

    def _measure(self, line: Line, place: int) -> Measure | None:
        target = Target("rows", place, "measure")
        if line.measure:
            known = self._known_measure(line.measure)
            if known is None:
                return self._new_measure(line.measure, line, target)
            return known
        inside = measure_in_label(line.label)
        in_label = self._known_measure(inside) if inside else None
        if in_label is None and inside and self.unit is None and self.table.measure_column is None:
            in_label = self._new_measure(inside, line, target) if len(inside) <= 12 and "," not in inside else None
        return in_label or self.unit

    def _known_measure(self, written: str) -> Measure | None:
        return self.known.measure(written) or next((m for m in self.measures if fold(m.code) == fold(written)), None)

    def _new_measure(self, written: str, line: Line, target: Target) -> Measure:
        near = self.known.similar_measure(written)
        self.doubts.add("official-measure-unknown", line.at, target, row=line.label, found=written, expected=near)
        measure = Measure(written, written, Fraction(1), 0, True)
        self.measures.append(measure)
        return measure

    def _inherited(
        self, line: Line, place: int, levels: Mapping[int, Measure | None], before: Sequence[Measure | None]
    ) -> Measure:
        """The measure of the line this one is set in below, else that of the line above."""
        target = Target("rows", place, "measure")
        parent = next((levels[level] for level in sorted(levels, reverse=True) if level < line.indent), None)
        above = parent or (before[-1] if before else None)
        if above is not None:
            self.doubts.add("official-measure-inherited", line.at, target, row=line.label, found=above.code)
            return above
        name = _copy("measure-unknown")
        known = next((one for one in self.measures if one.code == name), None)
        if known is None:
            known = Measure(name, name, Fraction(1), 0, True)
            self.measures.append(known)
            self.doubts.add("official-measure-missing", line.at, target, row=line.label, found=name)
        return known

    def _decimals(self, line: Line, shown: Measure, canonical: Measure | None = None, own: int | None = None) -> int:
        stated = decimals_of(row_format(self.table, line.row, self.input_columns))
        wanted = stated if stated is not None else own
        if wanted is None:
            wanted = 0 if shown.counted else min(2 if shown.code == PERCENT else 1, shown.decimals)
        while wanted and not fits(shown, wanted, canonical or shown):
            wanted -= 1
        return wanted

    # rows of indicators

    def _plain(self, line: Line, measure: Measure | None, place: int) -> Row:
        if line.kind is RowKind.SECTION:
            same = self._same(line)
            code = same.code if same else f"M{line.number.rstrip('.)') or place + 1}"
            return Row(self._row_codes.take(code), line.number, line.label, RowKind.SECTION, line.indent)
        code = self._row_codes.take("TONG")
        shown = measure.code if measure else ""
        decimals = self._decimals(line, measure) if measure else 0
        return Row(
            code,
            line.number,
            line.label,
            RowKind.TOTAL,
            line.indent,
            measure=shown,
            commune_measure=shown,
            decimals=decimals,
            province_value=ProvinceValue.COMPUTED,
            commune_entry=CommuneEntry.SHOWN,
        )

    def _same(self, line: Line) -> Row | None:
        """The row of the known form with this number and label."""
        wanted = (line.number, fold(line.label))
        return next(
            (one for one in (self.form.rows if self.form else ()) if (one.number, fold(one.label)) == wanted), None
        )

    def _match(self, lines: Sequence[Line], place: int, measure: Measure | None) -> Row | None:
        """The row under the indicator the catalogue already has for this label."""
        line, parent = lines[place], _parent(lines, place)
        if line.kind is not RowKind.DATA or measure is None:
            return None
        same = self._same(line)
        found = self.known.indicator(line.label, parent.label if parent else "", measure)
        indicator = self.known.indicators.get(same.indicator or "") if same else None
        indicator, model = (indicator, same) if indicator else found or (None, None)
        if indicator is None or indicator.code in self._used:
            return None
        canonical = self.known.measures_by_code.get(indicator.measure)
        if canonical is None or canonical.dimension != measure.dimension:
            return None
        self._used.add(indicator.code)
        row = model or self._filled_by(Row(indicator.code, "", ""), indicator, measure)
        own = row.decimals if row.measure == measure.code else None
        return replace(
            row,
            number=line.number,
            label=line.label,
            indent=line.indent,
            indicator=indicator.code,
            measure=measure.code,
            decimals=self._decimals(line, measure, canonical, own),
        )

    def _filled_by(self, row: Row, indicator: Indicator, measure: Measure) -> Row:
        """Who fills a row nobody has said it of: communes where figures add up, else who owns the indicator."""
        if indicator.aggregation is Aggregation.SUM:
            return replace(
                row,
                province_value=ProvinceValue.COMMUNES,
                commune_entry=CommuneEntry.ENTERS,
                commune_measure=measure.code,
            )
        if indicator.owner:
            return replace(row, province_value=ProvinceValue.AGENCY, suppliers=(indicator.owner,))
        return replace(
            row, province_value=ProvinceValue.COMPUTED, commune_entry=CommuneEntry.ENTERS, commune_measure=measure.code
        )

    def _new(self, lines: Sequence[Line], place: int, measure: Measure | None, matched: Sequence[Row | None]) -> Row:
        line = lines[place]
        if measure is None:
            raise AssertionError("a data line always has a measure")
        code = self._indicator_codes.numbered(self._prefix(lines, place, matched))
        name = _name(lines, place)
        if plain_name(name) in self.known.short_labels:
            name = f"{_section(lines, place) or self.code}: {name}"
        nature, accumulation, aggregation = _nature(line.label, measure)
        indicator = Indicator(code, name, measure.code, nature, accumulation, aggregation)
        self.indicators.append(indicator)
        row = Row(
            code,
            line.number,
            line.label,
            RowKind.DATA,
            line.indent,
            code,
            measure=measure.code,
            decimals=self._decimals(line, measure),
        )
        return self._filled_by(row, indicator, measure)

    def _prefix(self, lines: Sequence[Line], place: int, matched: Sequence[Row | None]) -> str:
        """The letters other rows of the section begin with, else initials of the section, else of the form."""
        starts = [n for n, line in enumerate(lines) if line.kind is RowKind.SECTION]
        first = max((n for n in starts if n < place), default=-1)
        last = min((n for n in starts if n > place), default=len(lines))
        shared = common_prefix(row.indicator or "" for row in matched[first + 1 : last] if row)
        if shared:
            return shared
        letters = re.sub(r"[^A-Z]", "", self.code.upper()) or initials(self.code)
        own = initials(lines[first].label, 3) if first >= 0 else ""
        return own if len(own) > 1 else letters[:5]

    def _compare(self, line: Line, place: int, row: Row, measure: Measure | None) -> None:
        """Names the indicator the catalogue has that a new one may be."""
        if self._compared >= _MOST_COMPARED:
            return
        self._compared += 1
        near = self.known.similar_indicator(line.label, measure)
        if near and near.code not in self._used:
            self.doubts.add(
                "official-indicator-near",
                line.at,
                Target("rows", place, "indicator"),
                row=line.label,
                found=row.indicator,
                expected=f"{near.code} ({near.name})",
            )

    # rows of members

    def _members(self, lines: Sequence[Line], measures: Sequence[Measure | None]) -> list[Row]:
        data = [line for line in lines if line.kind is RowKind.DATA]
        breakdown, known = self.known.breakdown_of(line.label for line in data)
        heading = self.table.label_column.path[-1]
        name = breakdown or re.sub(r"\W+", "", fold(heading).replace(" ", "_"))[:20] or "dong"
        if not breakdown and data:
            self.doubts.add("official-breakdown-new", data[0].at, Target("rows", 0, "member"), found=name)
        codes = Codes(member.code for member in known.values())
        rows: list[Row] = []
        for place, (line, measure) in enumerate(zip(lines, measures, strict=True)):
            if line.kind is not RowKind.DATA or measure is None:
                rows.append(self._plain(line, measure, place))
                continue
            member = known.get(fold(bare(line.label)))
            if member is None:
                member = Member(name, codes.take(initials(bare(line.label))), bare(line.label), len(rows) + 1)
                self.members.append(member)
                if breakdown:
                    self.doubts.add("official-member-new", line.at, Target("rows", place, "member"), row=line.label)
            rows.append(self._member_row(line, measure, member))
        return rows

    def _member_row(self, line: Line, measure: Measure, member: Member) -> Row:
        same = self._same(line)
        row = Row(
            self._row_codes.take(same.code if same else member.code),
            line.number,
            line.label,
            RowKind.DATA,
            line.indent,
            member=(member.breakdown, member.code),
            measure=measure.code,
            commune_measure=measure.code,
            decimals=self._decimals(line, measure),
            province_value=ProvinceValue.COMMUNES,
            commune_entry=CommuneEntry.ENTERS,
        )
        if same is None:
            return row
        return replace(
            same, number=row.number, label=row.label, indent=row.indent, measure=row.measure, decimals=row.decimals
        )


def _parent(lines: Sequence[Line], place: int) -> Line | None:
    """The line with figures that a line is set in below; none above the section it stands in."""
    for one in reversed(lines[:place]):
        if one.kind is RowKind.SECTION:
            return None
        if one.kind is RowKind.DATA and one.indent < lines[place].indent:
            return one
    return None


def _section(lines: Sequence[Line], place: int) -> str:
    """The heading of the section a line stands in, "" above the first one."""
    return next((bare(one.label) for one in reversed(lines[:place]) if one.kind is RowKind.SECTION), "")


def _name(lines: Sequence[Line], place: int) -> str:
    """A name that says what the figure is without the lines above it."""
    line = lines[place]
    own, above = bare(line.label), _parent(lines, place)
    is_part = line.label[:1] in "-–—+•" or PART_OF.fullmatch(fold(line.label)) or line.number[:1] in ("-", "–", "+")
    return f"{bare(above.label)}: {own}" if above is not None and is_part else own


def _nature(label: str, measure: Measure) -> tuple[RowNature, Accumulation, Aggregation]:
    folded = fold(bare(label))
    if folded.startswith("chi so"):
        return RowNature.INDEX, Accumulation.GIVEN, Aggregation.NONE
    if measure.code in (PERCENT, "‰", "điểm %") or _RATIO.fullmatch(folded):
        return RowNature.POINT, Accumulation.LAST, Aggregation.NONE
    if _POINT.fullmatch(folded):
        return RowNature.POINT, Accumulation.LAST, Aggregation.SUM
    return RowNature.OCCURS, Accumulation.ADD, Aggregation.SUM
