"""What a compile is given: one regime, one period, everything counted at one moment; nothing is looked up later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from registry.catalogue.forms import Definitions, RowSet
from registry.catalogue.model import Form, GroupSet, Outline, Regime, Rule, Unit
from registry.catalogue.values import CellKey, CellValue, Nature, SeriesKey, State
from registry.periods import Period, WorkingCalendar
from registry.periods.deadline import LOCAL
from registry.rules.background import Background, Need
from registry.workflow.timeliness import Sending
from workbook_templates.official.letterhead import Signature


class FigureRow(NamedTuple):
    """A figure of the warehouse: exact mantissa in the indicator's canonical measure (0 where it has no number)."""

    series: SeriesKey
    period: str
    subject: str  # unit code: about whom
    reporting: str  # unit code: whose leader approved
    mantissa: int
    state: State
    nature: Nature
    version_id: int


@dataclass(frozen=True, slots=True)
class PassedText:
    """What the last approval of the report's draft passed under a heading, its numbers those of that hour."""

    heading: str
    text: str  # as printed, with **bold** and *italic*
    numbers: tuple[tuple[str, str], ...] = ()  # placeholder, printed


class SourceKind(StrEnum):
    """How a submission version came in."""

    UPLOAD = "upload"
    BROWSER = "browser"  # typed on the page
    CORRECTION = "correction"  # a file with cells corrected on the page
    ASSEMBLED = "assembled"  # parts of a unit's divisions, put together by its clerk
    NIL = "nil"  # the whole form "không phát sinh", without a file
    IMPORT = "import"  # số liệu nền, with its own document


class Explanation(NamedTuple):
    """What a unit said about a warning."""

    rule: str
    cell: CellKey | None
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The counted submission version of one unit for one form (``counted()`` decides which)."""

    unit: Unit
    version_id: int
    version_no: int
    kind: SourceKind
    submitted_by: str
    submitted_at: datetime
    approved_by: str
    approved_at: datetime
    upload_id: int | None = None
    file_name: str = ""
    file_sha: str = ""
    values: Mapping[CellKey, CellValue] = field(default_factory=dict)  # in the measures the unit's workbook shows
    addresses: Mapping[CellKey, tuple[str, str]] = field(default_factory=dict)  # (sheet, A1)
    explanations: tuple[Explanation, ...] = ()
    provisional: bool = False  # reopened: counted until its successor is approved ("tạm")
    lender: str = ""  # in whose name, by delegation, it was approved
    own_entry: bool = False  # approved by somebody who had a hand in the entry
    by_document: tuple[str, date] | None = None  # number and day of what the unit answered with, entered on its behalf
    closed_at: datetime | None = None  # the unit ended and its form was closed: what it gave still counts


@dataclass(frozen=True, slots=True)
class Expected:
    """A unit that owes a form, and the rows it meets of it."""

    unit: Unit
    rows: RowSet


@dataclass(frozen=True)
class FormInput:
    """One form: who owes it, what came in, and every figure row the counted versions wrote."""

    form: Form
    expected: tuple[Expected, ...]
    sources: tuple[Source, ...]
    figures: tuple[FigureRow, ...]
    tolerance: Decimal = Decimal(2)  # percent allowed between an agency's figure and the communes' sum (K13)


@dataclass(frozen=True, slots=True)
class Narrative:
    """A unit's narrative (thuyết minh) as it was sent; kept even when it cannot be read."""

    unit: Unit
    file_name: str
    data: bytes
    sha: str


class PlanOrigin(NamedTuple):
    """What set plans in force: a decision, or the form by which a unit gave them."""

    document: str = ""
    form: str = ""
    unit: str = ""  # name


class ChartPicture(NamedTuple):
    """A chart as it is put into the document: a PNG, and its size in units of its drawing."""

    title: str
    data: bytes
    width: int
    height: int


class MapChoice(StrEnum):
    """On whose map figures of several times stand together."""

    NOW = "now"  # today's: what former units gave is added up for those they went into
    THEN = "then"  # as it was: nothing is carried over a reorganisation


class Occasion(NamedTuple):
    """Why a version came after another one."""

    text: str
    document: str = ""  # of a correction (đính chính)
    n: int = 0  # the correction's number in the period


class Heirs(NamedTuple):
    """A unit of today and the units of the period that went into it whole; ``broken``: a part of another did too."""

    unit: Unit
    members: tuple[Unit, ...]
    broken: bool = False


@dataclass(frozen=True)
class Before:
    """What a report is held against (so với bản trước)."""

    label: str  # "lần 2", or the name of a freeze
    order: CompileInput


class Petitioned(NamedTuple):
    """What a unit asks of another with its report (kiến nghị), units by name."""

    addressee: str
    content: str
    unit: str
    basis: str


@dataclass(frozen=True)
class CompileInput:
    """Everything one compiled report is made from."""

    regime: Regime
    period: Period
    province: Unit  # the subject of the totals
    issuer: Unit  # whose letterhead, signer and place the document bears
    as_of: datetime  # aware; figures and states are those of this moment
    forms: tuple[FormInput, ...]
    background: Background  # other periods' figures and plans about ``province``
    definitions: Definitions
    units: tuple[Unit, ...]
    partial_bases: Mapping[Need, tuple[int, int]] = field(default_factory=dict)  # what too few gave: how many, of all
    report_forms: tuple[Form, ...] = ()
    subjects: Mapping[str, Background] = field(default_factory=dict)  # by unit: what report forms by territory ask
    plans: tuple[PlanOrigin, ...] = ()  # what set the plans the report is held against, in the order they came
    narratives: tuple[Narrative, ...] = ()
    outline: Outline | None = None
    outlines: Mapping[str, Outline] = field(default_factory=dict)  # those units write by, by level
    passed: Mapping[int, PassedText] = field(default_factory=dict)  # by index of the outline's heading
    petitions: tuple[Petitioned, ...] = ()  # in the official order of those they are addressed to
    communes_under: str = ""  # heading of their outline whose narratives come along; "*" = all, "" = none
    rules: tuple[Rule, ...] = ()  # those of scope "tỉnh"
    window: tuple[date, date] | None = None  # closing window (thời gian chốt số liệu)
    sendings: Mapping[str, Sending] = field(default_factory=dict)  # by unit code: what it was due, when it sent
    calendar: WorkingCalendar | None = None  # counts the working days a report is late
    addressees: tuple[str, ...] = ()  # Kính gửi; empty = the copy deck's for this kind of issuer
    recipients: tuple[str, ...] = ()  # Nơi nhận; empty = the copy deck's
    signature: Signature | None = None  # who signs, where the issuer's signing capacities say so
    version: int = 1
    sample: bool = False  # prints "dữ liệu mẫu"
    group_set: GroupSet | None = None  # the communes are also added up by its groups
    map: MapChoice = MapChoice.NOW
    heirs: tuple[Heirs, ...] = ()  # where units of the period are no more: today's units
    freeze: str = ""  # name of the moment it is as of
    closed_at: datetime | None = None  # figures were closed (đã chốt): what came later is marked so
    before: Before | None = None
    replaced: Before | None = None  # the version that was sent before this one was made
    occasions: Mapping[int, Occasion] = field(default_factory=dict)  # by version
    public_url: str = ""  # where people find the pages
    charts: tuple[ChartPicture, ...] = ()  # panels of the issuer's dashboards chosen for it
    hashes: Mapping[str, str] = field(default_factory=dict)  # of what it is made from, by kind

    @property
    def year(self) -> int:
        """The year printed beside the blank day and month, local time."""
        return self.as_of.astimezone(LOCAL).year

    @property
    def reporters(self) -> tuple[Unit, ...]:
        """Every unit that owes a form of this report, in official order."""
        owing = {expected.unit.code: expected.unit for form in self.forms for expected in form.expected}
        return tuple(sorted(owing.values(), key=official_order))


def official_order(unit: Unit) -> tuple[int, str]:
    """Sort key: the order of the resolution, never the alphabet (F22)."""
    return unit.order, unit.code
