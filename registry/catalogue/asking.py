"""A five-minute request (yêu cầu đột xuất, chuyên đề) as ordinary definitions: form, indicators, outline, regime.

The figures of a request have a space of their own (docs/decisions/0008): every row with figures is an indicator of the
asking unit, coded by the request and the row; where a form has several columns of figures they break the
indicator down. So they never meet an indicator of the periodic reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from registry.catalogue.measures import Measure
from registry.catalogue.model import (
    FIGURES_AND_TEXT,
    Accumulation,
    Aggregation,
    Catalogue,
    CellKind,
    Column,
    CommuneEntry,
    Form,
    Frequency,
    Heading,
    Indicator,
    Member,
    Outline,
    ProvinceValue,
    Regime,
    Request,
    RequestKind,
    Row,
    RowNature,
    Unit,
    Urgency,
)
from registry.catalogue.values import Aspect

_FINEST = 2  # decimals shown of a rounded measure
_LEVELS = ("xã", "sở")
_CALENDAR = "dương lịch"


class ColumnKind(StrEnum):
    """What a column of a five-minute form asks."""

    NUMBER = "số"
    TEXT = "chữ"


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One row: what is asked, and in which measure (its code; empty where only words are asked)."""

    label: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """One column."""

    heading: str
    kind: ColumnKind = ColumnKind.NUMBER


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person says when asking; ``units`` are selectors as in ``Regime.reporters``."""

    name: str
    units: tuple[str, ...]
    kind: RequestKind = RequestKind.AD_HOC
    document: str = ""
    dated: date | None = None
    summary: str = ""
    urgency: Urgency = Urgency.NORMAL
    contact: str = ""
    phone: str = ""
    rows: tuple[AskedRow, ...] = ()
    columns: tuple[AskedColumn, ...] = ()
    outline: tuple[str, ...] = ()  # headings of the narrative
    form: str = ""  # code of an existing form, instead of rows and columns
    nil: bool = True
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Phrases:
    """Headings the system itself puts into a form; the shell has the words."""

    before: str  # cộng dồn đến báo cáo trước
    since: str  # phát sinh từ báo cáo trước
    total: str  # cộng dồn
    answer: str  # of a form of words alone


@dataclass(frozen=True, slots=True)
class Setting:
    """Who asks whom, when, under which code, in which measures."""

    code: str
    asker: Unit
    day: date
    asked: tuple[Unit, ...]
    measures: Mapping[str, Measure]
    phrases: Phrases


def definitions_of(ask: Ask, setting: Setting) -> Catalogue:
    """The rows of the catalogue that make a request: loading them and opening a period is all there is to do.

    Raises KeyError for a measure that is not in the setting.
    """
    code, asker, day = setting.code, setting.asker, setting.day
    made = Catalogue() if ask.form else _form(ask, setting)
    outlines = tuple(_outline(ask, code, level, day) for level in _LEVELS) if ask.outline else ()
    regime = Regime(
        code=code,
        name=ask.name,
        content=FIGURES_AND_TEXT if ask.outline else "số liệu",
        frequency=Frequency.ONCE,
        calendar=_CALENDAR,
        deadlines=(),
        forms=(ask.form or code,),
        reporters=ask.units,
        receivers=(asker.code,),
        lead=asker.code,
        outlines=tuple((one.level, one.code) for one in outlines),
        report_title=ask.name,
        legal_basis=ask.document,
        valid_from=day,
    )
    request = Request(
        code,
        ask.kind,
        ask.document,
        ask.dated,
        ask.summary,
        ask.urgency,
        ask.contact,
        ask.phone,
        ask.nil,
        ask.repeats,
    )
    return replace(made, outlines=outlines, regimes=(regime,), requests=(request,))


def _outline(ask: Ask, code: str, level: str, day: date) -> Outline:
    headings = tuple(Heading(f"{number}.", title, 1) for number, title in enumerate(ask.outline, start=1))
    return Outline(f"{code}-{'X' if level == 'xã' else 'S'}", ask.name, level, headings, None, day)


# --- the form --------------------------------------------------------------------------------------------------------


def _form(ask: Ask, setting: Setting) -> Catalogue:
    columns = _columns(ask, setting)
    rows = ask.rows or tuple(AskedRow(title) for title in ask.outline)
    has_figures = any(column.kind is CellKind.INPUT for column in columns)
    made = [_row(one, place, setting, has_figures) for place, one in enumerate(rows, start=1)]
    indicators = tuple(
        _indicator(one, row.indicator, setting, ask.repeats)
        for one, row in zip(rows, made, strict=True)
        if row.indicator
    )
    form = Form(
        code=setting.code,
        title=ask.name.upper(),
        official_number="",
        legal_basis=ask.document,
        rows=tuple(made),
        columns=columns,
        members=_members(ask, setting.code),
        valid_from=setting.day,
        personal_seen_by=(setting.asker.code,),
    )
    return Catalogue(indicators=indicators, forms=(form,))


def _is_broken_down(ask: Ask) -> bool:
    return not ask.repeats and sum(one.kind is ColumnKind.NUMBER for one in ask.columns) > 1


def _members(ask: Ask, code: str) -> tuple[Member, ...]:
    if not _is_broken_down(ask):
        return ()
    return tuple(
        Member(code, f"c{place:02}", one.heading, place)
        for place, one in enumerate(ask.columns, start=1)
        if one.kind is ColumnKind.NUMBER
    )


def _columns(ask: Ask, setting: Setting) -> tuple[Column, ...]:
    """The columns asked for; of a repeated request those of a running count (SAMPLE_CATALOGUE 5.12)."""
    if ask.repeats:
        texts = [one for one in ask.columns if one.kind is ColumnKind.TEXT]
        return (*_running(setting.phrases), *_texts(texts, 4))
    if not ask.columns:
        return tuple(_texts([AskedColumn(setting.phrases.answer, ColumnKind.TEXT)], 1))
    broken_down = _is_broken_down(ask)
    made: list[Column] = []
    for place, one in enumerate(ask.columns, start=1):
        if one.kind is ColumnKind.TEXT:
            made += _texts([one], place)
        else:
            name = f"c{place:02}"
            made.append(Column(name, str(place), (one.heading,), member=(setting.code, name) if broken_down else None))
    return tuple(made)


def _running(phrases: Phrases) -> tuple[Column, ...]:
    """Cộng dồn đến báo cáo trước · phát sinh từ báo cáo trước · cộng dồn."""
    return (
        Column("c01", "1", (phrases.before,), CellKind.PREVIOUS, Aspect.CUMULATIVE),
        Column("c02", "2", (phrases.since,)),
        Column(
            "c03", "3", (phrases.total,), CellKind.COMPUTED, Aspect.CUMULATIVE, formula="SUM((c01); (c02))", keep=True
        ),
    )


def _texts(columns: Iterable[AskedColumn], first: int) -> list[Column]:
    return [
        Column(f"c{place:02}", str(place), (one.heading,), CellKind.NOTE, width=28)
        for place, one in enumerate(columns, start=first)
    ]


def _row(one: AskedRow, place: int, setting: Setting, has_figures: bool) -> Row:
    suppliers = tuple(unit.code for unit in setting.asked if not unit.kind.is_commune)
    has_communes = len(suppliers) < len(setting.asked)
    measure = setting.measures[one.measure] if has_figures else None
    value = ProvinceValue.COMMUNES if not suppliers else ProvinceValue.ALL
    return Row(
        code=f"D{place:02}",
        number=str(place),
        label=one.label,
        indicator=f"{setting.code}.D{place:02}" if measure else None,
        measure=measure.code if measure else "",
        commune_measure=measure.code if measure else "",
        decimals=_decimals(measure) if measure else 0,
        province_value=value if measure and _adds_up(measure) else ProvinceValue.COMPUTED,
        commune_entry=CommuneEntry.ENTERS if has_communes else CommuneEntry.ABSENT,
        suppliers=suppliers,
    )


def _indicator(one: AskedRow, code: str, setting: Setting, repeats: bool) -> Indicator:
    measure = setting.measures[one.measure]
    return Indicator(
        code,
        one.label,
        measure.code,
        RowNature.OCCURS if repeats else RowNature.POINT,
        Accumulation.GIVEN if repeats else Accumulation.NONE,
        Aggregation.SUM if _adds_up(measure) else Aggregation.NONE,
        owner=setting.asker.code,
        valid_from=setting.day,
    )


def _decimals(measure: Measure) -> int:
    return 0 if measure.counted else min(_FINEST, measure.decimals)


def _adds_up(measure: Measure) -> bool:
    """A percentage of one unit and one of another do not add up."""
    return "tỷ lệ" not in measure.dimension


# --- asking again ----------------------------------------------------------------------------------------------------


def again(regime: Regime, request: Request, form: Form, outline: Outline | None) -> Ask:
    """A request as it was asked before, to be asked anew (F20: cloning last year's)."""
    own = form.code == regime.code
    return Ask(
        name=regime.name,
        units=regime.reporters,
        kind=request.kind,
        summary=request.summary,
        urgency=request.urgency,
        contact=request.contact,
        phone=request.phone,
        rows=tuple(AskedRow(row.label, row.measure) for row in form.rows) if own else (),
        columns=tuple(_asked_columns(form, request)) if own else (),
        outline=tuple(one.title for one in outline.headings) if outline else (),
        form="" if own else form.code,
        nil=request.nil,
        repeats=request.repeats,
    )


def _asked_columns(form: Form, request: Request) -> Iterable[AskedColumn]:
    for column in form.columns:
        if column.kind is CellKind.NOTE:
            yield AskedColumn(" > ".join(column.path), ColumnKind.TEXT)
        elif column.kind is CellKind.INPUT and not request.repeats:
            yield AskedColumn(" > ".join(column.path))
