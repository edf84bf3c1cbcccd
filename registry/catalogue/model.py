"""The catalogue (danh mục) as frozen tables: one dataclass per kind of row that an office clerk writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from registry.catalogue.measures import Measure
from registry.catalogue.season import Season
from registry.catalogue.values import Aspect, Nature, SeriesKey

PROVINCE = "66"  # code of the root unit in the sample catalogue


# --- units -----------------------------------------------------------------------------------------------------------


class UnitKind(StrEnum):
    """Kinds of unit (SAMPLE_CATALOGUE 5.1)."""

    PROVINCE = "tỉnh"
    COMMUNE = "xã"
    WARD = "phường"
    DEPARTMENT = "sở"  # cơ quan chuyên môn, cơ quan thuộc UBND
    VERTICAL = "ngành dọc"
    ARMED = "lực lượng vũ trang"
    INVESTOR = "đơn vị sự nghiệp"
    ENTERPRISE = "doanh nghiệp"
    DISTRICT = "huyện"  # historical
    TOWNSHIP = "thị trấn"  # historical
    DIVISION = "phòng"

    @property
    def is_commune(self) -> bool:
        """True for xã and phường (and the thị trấn of old), the lowest level that reports."""
        return self in (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.TOWNSHIP)

    @property
    def is_territory(self) -> bool:
        """True for what has people and land of its own: the province, districts, communes."""
        return self.is_commune or self in (UnitKind.PROVINCE, UnitKind.DISTRICT)


UnitKey = tuple[str, date]  # (code, born)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it stands from ``valid_from`` on; identity is (code, born)."""

    code: str
    name: str  # "Xã Ea Súp", "Sở Tài chính"
    kind: UnitKind
    parent: str | None
    order: int  # official order (thứ tự), never alphabetical
    born: date
    valid_from: date
    valid_to: date | None = None
    short_name: str = ""  # "Ea Súp": the place name of its documents
    letterhead: str = ""  # "ỦY BAN NHÂN DÂN / XÃ EA SÚP"; a superior line is the part before " // "
    signer: str = ""  # "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"
    phone: str = ""
    identifier: str = ""  # mã định danh, QCVN 102
    groups: tuple[tuple[str, str], ...] = ()  # (set, group), e.g. ("phia", "Khu vực phía Tây")
    document: str = ""  # what this version rests on: "NQ 202/2025/QH15"
    ended_by: str = ""  # what its end rests on

    @property
    def key(self) -> UnitKey:
        """Who it is at any time: codes are used again, a code with the day it began is not."""
        return self.code, self.born

    def in_group(self, group_set: str, group: str) -> bool:
        """True when the unit belongs to a group of a set (PRACTICE F22)."""
        return (group_set, group) in self.groups

    def answers_to(self, selector: str) -> bool:
        """True when a selector names the unit: by kind ("xã"), by code, or by group ("phia=Khu vực phía Tây")."""
        if "=" in selector:
            return self.in_group(*selector.split("=", 1))
        return selector in (self.kind.value, self.code)


@dataclass(frozen=True, slots=True)
class Succession:
    """An old unit's territory going to a new one; a part has no weight: a break (F5)."""

    old: str  # code of the unit alive the day before
    new: str  # code of the unit alive on the day
    on: date
    whole: bool
    document: str = ""


@dataclass(frozen=True, slots=True)
class GroupSet:
    """A way of sorting units into groups (R52): which they are, in order, and whether a unit is in one at most."""

    code: str  # "phia"
    name: str  # "Khu vực"
    single: bool
    groups: tuple[str, ...] = ()  # empty = whatever the units say, in the official order of the first unit


# --- indicators ------------------------------------------------------------------------------------------------------


class RowNature(StrEnum):
    """tính chất (SAMPLE_CATALOGUE 5.4)."""

    OCCURS = "PS"
    POINT = "TĐ"
    SEASON = "MV"
    CROP_YEAR = "NV"
    CUMULATIVE = "LK"
    INDEX = "CS"
    RATIO = "TL"


class Accumulation(StrEnum):
    """lũy kế: how an indicator adds up over the year."""

    ADD = "cộng"
    GIVEN = "nhập"
    LAST = "cuối kỳ"
    SEASON = "vụ"
    NONE = "–"


class Aggregation(StrEnum):
    """cộng theo đơn vị: how figures of several units become one; what becomes of months ``Accumulation`` says."""

    SUM = "Σ"
    AVERAGE = "bình quân"  # every unit counts alike
    WEIGHTED = "gia quyền"  # by the indicator named as ``Indicator.denominator``
    RATIO = "tỷ số"  # Σ numerators / Σ denominators, never a sum of ratios
    NONE = "–"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One concept, one method, one measure in all forms (R03)."""

    code: str
    name: str
    measure: str  # canonical measure code
    nature: RowNature
    accumulation: Accumulation
    aggregation: Aggregation
    owner: str = ""  # unit code
    numerator: str | None = None  # indicator codes, for ratios
    denominator: str | None = None  # of a weighted average: the weights
    scale: Decimal = Decimal(100)  # ratio = numerator / denominator * scale
    concept: str = ""
    method: str = ""
    old_code: str = ""
    public: bool = False
    lower_is_better: bool = False  # a plan is met by staying at or below it: poor households, accidents
    valid_from: date = date(2025, 7, 1)
    also: tuple[str, ...] = ()  # what texts call it besides; "…" where the number stands: "tiếp nhận … hồ sơ"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a breakdown (phân tổ), e.g. ("linhvuc", "HT", "Hộ tịch")."""

    breakdown: str
    code: str
    label: str
    order: int = 0


# --- forms -----------------------------------------------------------------------------------------------------------


class RowKind(StrEnum):
    SECTION = "mục"
    DATA = "chỉ tiêu"
    TOTAL = "tổng"  # computed by the form (cells carry formulas)


class ProvinceValue(StrEnum):
    """số cấp tỉnh: what the province's value of a row is (PRACTICE F1)."""

    COMMUNES = "Σxã"
    ALL = "Σtất cả"
    AGENCY = "ngành"
    AGENCY_AND_COMMUNES = "ngành⇄Σxã"
    COMPUTED = "tính"


class CommuneEntry(StrEnum):
    """xã nhập: what a commune does with a row."""

    ENTERS = "●"
    SOME = "○"  # only communes of ``commune_group``
    SHOWN = "◐"  # prefilled from another approved source, never typed
    ABSENT = ""


class PlanKind(StrEnum):
    """KH: which plans a row has."""

    COUNCIL = "HĐ"
    BUDGET = "DT"  # central and council
    CAPITAL = "KV"
    SEASON = "vụ"
    NONE = "–"


class Applies(StrEnum):
    """When in the year a row or column is open besides plain months."""

    MONTH = "T"
    QUARTER = "Q"  # months 3, 6, 9, 12 and quarterly regimes
    HALF = "6T"
    NINE = "9T"
    YEAR = "N"


@dataclass(frozen=True, slots=True)
class Occasion:
    """kỳ: ``T(11-5)`` is (MONTH; months 11, 12, 1..5), ``Q, 6T, 9T, N`` is QUARTER|HALF|NINE|YEAR; empty = always."""

    kinds: frozenset[Applies] = frozenset()
    months: frozenset[int] = frozenset()

    def is_open(self, shape: PeriodShape) -> bool:
        """True when a row or column of this occasion is open in a period of this shape."""
        return (not self.kinds or bool(self.kinds & shape.kinds)) and (not self.months or shape.month in self.months)


@dataclass(frozen=True, slots=True)
class PeriodShape:
    """What a period is to an occasion: 202609 is MONTH, QUARTER and NINE, ending in month 9."""

    kinds: frozenset[Applies]
    month: int
    year: int = 0  # 0 = any year


class RowWindow(StrEnum):
    """kỳ chốt: the days a row's figures are of, where they are not the regime's (PRACTICE F8)."""

    REGIME = ""
    CLOSING = "15–14"
    MONTH = "tháng dương lịch – ước"
    MOMENT = "đến thời điểm báo cáo"
    FISCAL_YEAR = "niên độ đến 31/01 năm sau"  # public investment


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form (sheet ``Chỉ tiêu``)."""

    code: str
    number: str  # TT as printed
    label: str
    kind: RowKind = RowKind.DATA
    indent: int = 0
    indicator: str | None = None
    member: tuple[str, str] | None = None  # (breakdown, member)
    measure: str = ""  # ĐVT tỉnh, shown
    commune_measure: str = ""  # ĐVT xã, shown; empty when communes do not see the row
    decimals: int = 0
    province_value: ProvinceValue = ProvinceValue.AGENCY
    commune_entry: CommuneEntry = CommuneEntry.ABSENT
    commune_group: tuple[str, str] | None = None  # for SOME: (set, group)
    suppliers: tuple[str, ...] = ()  # unit codes besides communes, in order of authority
    occasion: Occasion = field(default_factory=Occasion)
    plan: PlanKind = PlanKind.NONE
    required: bool = False
    note: str = ""  # khái niệm, cách tính shown as input hint
    commune_decimals: int | None = None  # where the commune's measure is finer (con beside nghìn con)
    season: Season | None = None  # opens and closes the row, unless ``occasion`` names months of its own
    window: RowWindow = RowWindow.REGIME  # of a section: of the rows below it that name none

    @property
    def months(self) -> frozenset[int]:
        """The months of the year the row is open in; empty = all."""
        return self.occasion.months or (self.season.months if self.season else frozenset())

    def is_open(self, shape: PeriodShape) -> bool:
        """True when the row is filled in a period of this shape."""
        return self.occasion.is_open(shape) and (not self.months or shape.month in self.months)


class CellKind(StrEnum):
    """What stands in a cell, given its row and column."""

    INPUT = "nhập"
    COMPUTED = "tính"
    PREVIOUS = "kỳ trước"
    SAME_PERIOD = "cùng kỳ"
    CUMULATIVE_SAME_PERIOD = "lũy kế cùng kỳ"
    PLAN = "kế hoạch"
    NOTE = "ghi chú"
    CLOSED = "x"
    SHOWN = "hiện"  # a known figure of this period from another approved source (◐)
    CUMULATIVE = "lũy kế"  # what is known from the year's (season's) start to the period before, never typed
    TEXT = "chữ"  # a person types words or a code; leading zeros stay
    CHOICE = "lựa chọn"  # one of ``Column.choices``
    DATE = "ngày"
    UNIT = "đơn vị"  # a unit of the catalogue by code or name

    __hash__ = str.__hash__  # a key of many tables; that of Enum is written in Python

    @property
    def is_worded(self) -> bool:
        """True for words, choices, days and units: typed, but never a figure."""
        return self in _WORDED

    @property
    def is_typed(self) -> bool:
        """True where a person types something."""
        return self in _TYPED

    @property
    def is_figure(self) -> bool:
        """True where a number can stand."""
        return self not in _WITHOUT_FIGURE


_WORDED = (CellKind.TEXT, CellKind.CHOICE, CellKind.DATE, CellKind.UNIT)
_TYPED = (CellKind.INPUT, CellKind.NOTE, *_WORDED)
_WITHOUT_FIGURE = (CellKind.NOTE, CellKind.CLOSED, *_WORDED)


@dataclass(frozen=True, slots=True)
class Column:
    """A figure column of a form (sheet ``Cột``); text columns TT, label, ĐVT are the layout's own."""

    code: str  # "c05"
    number: str  # printed in the row of column numbers: "5", "D"
    path: tuple[str, ...]  # heading path, outermost first
    kind: CellKind = CellKind.INPUT
    aspect: Aspect = Aspect.ACTUAL
    indicator: str | None = None  # when columns carry the indicator (II.06a)
    member: tuple[str, str] | None = None  # (breakdown, member) where the columns break the rows' indicators down
    nature: Nature = Nature.OFFICIAL  # the nature an input here has
    shift: int = 0  # periods back that the figure belongs to: 1 = last period
    formula: str = ""  # rule language, for COMPUTED
    prefill: bool = False  # an INPUT that starts from the best figure known
    keep: bool = False  # a COMPUTED cell whose figure goes to the warehouse
    measure: str = ""  # overrides the row's measure ("%")
    decimals: int | None = None
    occasion: Occasion = field(default_factory=Occasion)
    hidden_from: frozenset[str] = frozenset()  # {"xã"}: audiences that do not see the column
    width: float = 12
    commune_path: tuple[str, ...] = ()  # heading path in a commune's workbook where it differs
    commune_measure: str = ""  # ``measure`` in a commune's workbook where it differs
    choices: str = ""  # for CHOICE: the breakdown whose members may be chosen; for UNIT: "xã; phường", codes
    several: bool = False  # a CHOICE or UNIT may name more than one, ";" between them
    key: bool = False  # in a list: part of what makes a line one of its kind
    required: bool = False  # in a list: may not be empty on a line that is begun
    hint: str = ""  # shown when the cell is selected
    personal: bool | None = None  # dữ liệu cá nhân (R51); None: as its heading reads

    def heading(self, audience: str) -> tuple[str, ...]:
        """The heading path this audience reads."""
        return self.commune_path if audience == "xã" and self.commune_path else self.path


@dataclass(frozen=True, slots=True)
class CellRule:
    """Sheet ``Ô``: an exception for the cells that match; later rows win over earlier ones and over the column.

    ``natures``, ``plans``, ``rows`` select rows (all given ones must match; empty matches every row).
    None and empty strings leave what was set before.
    """

    columns: frozenset[str]
    natures: frozenset[RowNature] = frozenset()
    plans: frozenset[PlanKind] = frozenset()
    rows: frozenset[str] = frozenset()
    kind: CellKind | None = None
    formula: str = ""
    aspect: Aspect | None = None
    measure: str = ""
    decimals: int | None = None
    keep: bool | None = None
    prefill: bool | None = None
    occasion: Occasion = field(default_factory=Occasion)


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list table (biểu danh sách): any number of lines, each a row of the same columns.

    A line behaves like a form of one row: its cells are ``CellKey(row=code, column=..., line=n)``, ``n`` from 1.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    lines: int = 200  # prepared in the workbook
    prefill: bool = False  # starts from the unit's lines of the period before


class RuleLevel(StrEnum):
    """mức độ of a check."""

    BLOCK = "chặn"
    ERROR = "lỗi"
    WARNING = "cảnh báo"
    NOTE = "lưu ý"


class RuleScope(StrEnum):
    """phạm vi: what a check judges."""

    UNIT = "đơn vị"  # each submission
    PROVINCE = "tỉnh"  # the compiled table: reconciliation


class BlankRule(StrEnum):
    """ô trống: what a rule does with blanks."""

    SKIP_ANY = "bỏ qua nếu có ô trống"
    SKIP_ALL = "bỏ qua nếu trống hết"
    ZERO = "coi là 0"


@dataclass(frozen=True, slots=True)
class Rule:
    """A check (quy tắc kiểm tra): a dated row beside the form."""

    code: str
    form: str
    formula: str
    level: RuleLevel
    message: str
    fix: str = ""
    rows: frozenset[str] = frozenset()  # limits a column-only rule to rows; empty = all data rows
    natures: frozenset[RowNature] = frozenset()
    condition: str = ""
    blanks: BlankRule = BlankRule.SKIP_ANY
    scope: RuleScope = RuleScope.UNIT
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None
    shadow: bool = False
    passing: str = ""  # example assignments: "[NN01].(c06)=10; [NN02].(c06)=5"
    failing: str = ""
    table: str = ""  # code of a list table: the rule runs on each of its lines


class FormPurpose(StrEnum):
    """loại biểu (PRACTICE F11)."""

    INPUT = "nhập liệu"
    REPORT = "báo cáo"


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form: an input form (biểu mẫu nhập liệu), which people fill, or a report form
    (biểu mẫu báo cáo), which arranges figures of any input forms as a printed annex and has no inputs but notes.
    """

    code: str
    title: str  # "CÁC CHỈ TIÊU KINH TẾ - XÃ HỘI CHỦ YẾU"
    official_number: str  # "01/KTXH"
    legal_basis: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cell_rules: tuple[CellRule, ...] = ()
    members: tuple[Member, ...] = ()  # choice lists and breakdown members used by the rows
    version: int = 1
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None
    letters: tuple[str, ...] = ("A", "B", "C")  # numbers printed over TT, label, ĐVT; KSTT numbers them too
    label_headings: tuple[str, ...] = ("TT", "Chỉ tiêu", "Đơn vị tính")
    unit_line: str = ""  # "Đơn vị tính: Số hồ sơ TTHC" when one measure serves the sheet (no ĐVT column then)
    zeros_printed: bool = False
    paper: str = "A4"
    lists: tuple[ListTable, ...] = ()
    purpose: FormPurpose = FormPurpose.INPUT
    subjects: tuple[str, ...] = ()  # of a report form by territory: its lines are the units these selectors name
    personal_seen_by: tuple[str, ...] = ()  # roles and units that see personal data, besides the unit that sends it
    personal_kept_days: int | None = None  # after the period's last day: how long personal data may be kept


# --- outlines, regimes, plans, holidays, roles -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading (đề mục) of an outline, with the units that own it and how to fill it."""

    number: str  # "1.2."
    title: str
    level: int
    owners: tuple[str, ...] = ()
    instruction: str = ""
    occasion: Occasion = field(default_factory=Occasion)
    text: str = ""  # sentences to begin with, a paragraph a line, with {{ placeholders }} for figures


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline (đề cương) of a report's narrative for one level: ``tỉnh``, ``sở``, ``xã``."""

    code: str
    title: str  # with {m}, {Y}, {next_m}, {next_Y}
    level: str
    headings: tuple[Heading, ...]
    max_pages: int | None = None
    valid_from: date = date(2025, 7, 1)


class Frequency(StrEnum):
    """định kỳ: which periods of a year are reported."""

    WEEK = "tuần"
    MONTH = "tháng"
    QUARTERS_AND_YEAR = "quý I, II, III và năm"
    QUARTER = "quý"
    HALF = "6 tháng"  # both halves
    NINE = "9 tháng"
    YEAR = "năm"
    ONCE = "đột xuất"


class DayCount(StrEnum):
    """cách đếm: which days after closing are counted."""

    WORKING = "ngày làm việc"
    CALENDAR = "ngày lịch"


@dataclass(frozen=True, slots=True)
class Deadline:
    """hạn gửi of one level of a regime: a day of the period's last month, or days after closing; and the hour (R49)."""

    level: str  # "xã", "sở", "chủ trì", "VP UBND", "cấp trên"
    day: int | None = None  # of the month; None where it is counted from closing
    at: time | None = None  # None = 24:00
    month_shift: int = 0  # -11 in a yearly regime: January of the year
    after: int | None = None  # days after the last day of the closing window
    counted: DayCount = DayCount.WORKING


class OwnApproval(StrEnum):
    """người nhập tự duyệt: whether who entered figures may approve them (F15)."""

    FORBIDDEN = "cấm"
    DELEGATED = "cho phép khi có ủy quyền"
    ALLOWED = "cho phép"

    def lets(self, *, unit_allows: bool, has_mandate: bool) -> bool:
        """True when it may be, in a unit that allows it or not, by somebody with a written basis or without."""
        if not unit_allows or self is OwnApproval.FORBIDDEN:
            return False
        return has_mandate or self is OwnApproval.ALLOWED


class Counts(StrEnum):
    """số liệu tổng hợp: which of the figures units approved the regime's report adds up (PRACTICE F13)."""

    APPROVED = "đã duyệt tại đơn vị"
    REVIEWED = "đã rà soát"


FIGURES_AND_TEXT = "cả hai"  # what a regime asks for


@dataclass(frozen=True, slots=True)
class Regime:
    """A reporting regime (chế độ báo cáo)."""

    code: str
    name: str
    content: str  # "số liệu", "thuyết minh", "cả hai"
    frequency: Frequency
    calendar: str  # "15-14" | "dương lịch"
    deadlines: tuple[Deadline, ...]
    forms: tuple[str, ...]
    reporters: tuple[str, ...]  # selectors: kind words ("xã", "phường", "sở", "ngành dọc") or unit codes
    receivers: tuple[str, ...]  # unit codes
    lead: str  # cơ quan chủ trì
    outlines: tuple[tuple[str, str], ...] = ()  # (level, outline code)
    report_title: str = ""  # with {m}, {Y}, {q}
    legal_basis: str = ""
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None
    report_forms: tuple[str, ...] = ()  # annexes of the compiled report, in order
    own_approval: OwnApproval = OwnApproval.DELEGATED
    spacing: int = 1  # working days the deadlines of levels are kept apart when rest days move them
    opens_before: int | None = None  # working days before closing at which a period opens by itself; None: by hand
    counts: Counts = Counts.APPROVED

    @property
    def counts_reviewed(self) -> bool:
        """True where what is not reviewed yet does not enter its report."""
        return self.counts is Counts.REVIEWED

    def holds_on(self, day: date) -> bool:
        """True while the regime is in force."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class RequestKind(StrEnum):
    """What kind of report is asked for once (Điều 14.3; R26)."""

    AD_HOC = "đột xuất"
    THEMATIC = "chuyên đề"


class Urgency(StrEnum):
    """độ khẩn of the asking document (NĐ 30/2020)."""

    NORMAL = "thường"
    URGENT = "khẩn"
    VERY_URGENT = "thượng khẩn"
    EXPRESS = "hỏa tốc"


@dataclass(frozen=True, slots=True)
class Request:
    """What stands behind a regime asked for once: the document it is born from and whom to call (F20, R50)."""

    regime: str
    kind: RequestKind = RequestKind.AD_HOC
    document: str = ""  # số, ký hiệu: "1234/UBND-NNMT"
    dated: date | None = None
    summary: str = ""  # trích yếu
    urgency: Urgency = Urgency.NORMAL
    contact: str = ""
    phone: str = ""
    nil: bool = True  # the asked units may answer "không phát sinh" for a whole form
    repeats: bool = False  # báo cáo nhanh: further rounds follow until the event closes


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A plan (kế hoạch, dự toán) of a series for a year and a subject unit, with its decision (F6)."""

    indicator: str
    subject: str  # unit code
    year: int
    aspect: Aspect
    value: Decimal
    measure: str
    decision: str  # "NQ 54/NQ-HĐND"
    decided_on: date
    valid_from: date
    sample: bool = True


@dataclass(frozen=True, slots=True)
class HistoryFigure:
    """A figure of an earlier period ("số liệu nền"): ``subject`` is whom it is about, ``reporting`` who says it.

    ``value`` is in ``measure``, which need not be the indicator's own; ``period`` is a period code.
    """

    indicator: str
    aspect: Aspect
    members: str  # as in a SeriesKey
    period: str
    subject: str  # unit code, also of a unit that is no more
    reporting: str
    value: Decimal
    measure: str
    nature: Nature = Nature.OFFICIAL

    @property
    def series(self) -> SeriesKey:
        """What the figure is a figure of."""
        return SeriesKey(self.indicator, self.aspect, self.members)


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    """What stands behind figures of earlier periods."""

    number: str  # "Niên giám thống kê 2025"
    approver: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """A weekday off or a working Saturday, with the decision that says so."""

    day: date
    off: bool
    name: str
    decision: str = ""


class Role(StrEnum):
    """Roles (Điều 10, 20 of the regulation; WORDS)."""

    OFFICE = "office"
    UNIT_ADMIN = "unit_admin"
    LEADER = "leader"
    CLERK = "clerk"
    RECEIVER = "receiver"
    MONITOR = "monitor"
    SECURITY = "security"  # the officer who guards state secrets (PRACTICE F21)
    WATCH = "watch"  # who watches over the security of the system: Sở KH&CN (R55)


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A person and one dated grant (sheet ``Vai trò``); several rows with one login are one person."""

    login: str
    name: str
    position: str
    role: Role
    unit: str
    valid_from: date
    valid_to: date | None = None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a catalogue folder holds. An absent row means "unchanged", never "deleted"."""

    measures: tuple[Measure, ...] = ()
    units: tuple[Unit, ...] = ()
    successions: tuple[Succession, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    members: tuple[Member, ...] = ()
    forms: tuple[Form, ...] = ()
    rules: tuple[Rule, ...] = ()
    outlines: tuple[Outline, ...] = ()
    regimes: tuple[Regime, ...] = ()
    plans: tuple[PlanFigure, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    roles: tuple[RoleHolder, ...] = ()
    seasons: tuple[Season, ...] = ()
    requests: tuple[Request, ...] = ()
    group_sets: tuple[GroupSet, ...] = ()
