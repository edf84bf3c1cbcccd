"""Every sheet of a catalogue folder described once: reading, writing, dropdowns and the sample's CSV work from this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from registry.catalogue import codec as c
from registry.catalogue import model as m
from registry.catalogue.measures import Measure
from registry.catalogue.season import Season, SeasonYear
from registry.catalogue.values import Aspect, Nature

MERGER = date(2025, 7, 1)  # when a definition gives no day it holds from the day the two-level government began


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its header, the attribute it fills, how it is written, and what an empty cell means.

    ``spread`` fields take every column whose header begins with ``header``; the rest names the set.
    """

    header: str
    name: str
    codec: c.Codec
    required: bool = False
    blank: Any = None
    width: float = 14
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; ``stem`` names its CSV file, ``owner`` is the field naming the record its rows belong to."""

    title: str
    stem: str
    record: type[Any]
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    owner: str = ""
    vertical: bool = False  # one record, its fields run downwards
    optional: bool = False  # the sheet may be left out

    @property
    def spread(self) -> Field | None:
        """The field that takes a family of columns, if the sheet has one."""
        return next((field for field in self.fields if field.spread), None)


_ASPECTS = c.words(
    {
        "thực hiện": Aspect.ACTUAL,
        "lũy kế": Aspect.CUMULATIVE,
        "dự toán trung ương giao": Aspect.PLAN_CENTRAL,
        "kế hoạch HĐND giao": Aspect.PLAN_COUNCIL,
        "kịch bản": Aspect.SCENARIO,
        "ước cả năm": Aspect.YEAR_ESTIMATE,
        "kế hoạch năm sau": Aspect.NEXT_YEAR_PLAN,
        "chỉ số so tháng trước": Aspect.INDEX_MONTH,
        "chỉ số so cùng kỳ": Aspect.INDEX_YEAR,
        "chỉ số lũy kế so cùng kỳ": Aspect.INDEX_CUMULATIVE,
    }
)
ROLE_WORDS = c.words(
    {
        "quản trị hệ thống và tổng hợp": m.Role.OFFICE,
        "quản trị đơn vị": m.Role.UNIT_ADMIN,
        "lãnh đạo đơn vị": m.Role.LEADER,
        "người nhập liệu": m.Role.CLERK,
        "người tiếp nhận báo cáo": m.Role.RECEIVER,
        "giám sát": m.Role.MONITOR,
        "bảo vệ bí mật nhà nước": m.Role.SECURITY,
        "giám sát an toàn thông tin": m.Role.WATCH,
    }
)


class _Day(StrEnum):
    OFF = "nghỉ"
    WORKING = "làm bù"


_DAY = c.enum(_Day)
_OFF = c.Codec(
    lambda text: _DAY.parse(text) is _Day.OFF,
    lambda off: _DAY.show(_Day.OFF if off else _Day.WORKING),
    _DAY.choices,
)


_SEASON = c.Codec(lambda text: Season(c.clean(text)), lambda season: season.code)  # by its code until it is bound
_DECIMALS = c.whole(0, 9)
_LEVEL = c.whole(0, 9)
_LINE = c.text_up_to(200)


def _since(name: str = "valid_from") -> Field:
    return Field("hiệu lực từ", name, c.DATE, blank=MERGER, width=12)


def _until() -> Field:
    return Field("đến", "valid_to", c.DATE, width=12)


def _text(header: str, name: str, width: float = 14) -> Field:
    return Field(header, name, c.TEXT, blank="", width=width)


def _occasion() -> Field:
    return Field("kỳ", "occasion", c.OCCASION, blank=m.Occasion(), width=12)


MEASURES = Sheet(
    "Đơn vị tính",
    "measures",
    Measure,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True),
        Field("đại lượng", "dimension", c.TEXT, required=True, width=18),
        Field("hệ số", "factor", c.FRACTION, required=True),
        Field("số lẻ", "decimals", _DECIMALS, required=True, width=8),
        Field("đếm được", "counted", c.BOOL, required=True, width=10),
    ),
)
UNITS = Sheet(
    "Đơn vị",
    "units",
    m.Unit,
    ("code", "born", "valid_from"),
    (
        Field("mã", "code", c.TEXT, required=True, width=10),
        Field("tên", "name", c.TEXT, required=True, width=36),
        Field("tên ngắn", "short_name", c.TEXT, blank="", width=18),
        Field("loại", "kind", c.enum(m.UnitKind), required=True, width=16),
        Field("trực thuộc", "parent", c.TEXT, width=10),
        Field("thứ tự", "order", c.INTEGER, required=True, width=8),
        Field("thành lập", "born", c.DATE, required=True, width=12),
        Field("hiệu lực từ", "valid_from", c.DATE, required=True, width=12),
        _until(),
        _text("tiêu đề văn bản", "letterhead", 44),
        _text("thẩm quyền ký", "signer", 36),
        _text("số điện thoại đầu mối", "phone", 16),
        _text("mã định danh", "identifier", 16),
        _text("văn bản", "document", 30),
        _text("văn bản kết thúc", "ended_by", 30),
        Field("nhóm ", "groups", c.listed(), blank=(), width=18, spread=True),
    ),
)
SUCCESSIONS = Sheet(
    "Thay đổi đơn vị",
    "successions",
    m.Succession,
    ("old", "new", "on"),
    (
        Field("đơn vị cũ", "old", c.TEXT, required=True),
        Field("đơn vị mới", "new", c.TEXT, required=True),
        Field("từ ngày", "on", c.DATE, required=True),
        Field("toàn bộ", "whole", c.BOOL, required=True),
        _text("văn bản", "document", 30),
    ),
    optional=True,
)
GROUP_SETS = Sheet(
    "Bộ nhóm",
    "group_sets",
    m.GroupSet,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True, width=12),
        Field("tên", "name", c.TEXT, required=True, width=36),
        Field("mỗi đơn vị một nhóm", "single", c.BOOL, required=True, width=12),
        Field("các nhóm", "groups", c.listed(), blank=(), width=80),
    ),
    optional=True,
)
INDICATORS = Sheet(
    "Chỉ tiêu",
    "indicators",
    m.Indicator,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True, width=10),
        Field("tên", "name", c.TEXT, required=True, width=56),
        Field("ĐVT", "measure", c.TEXT, required=True),
        Field("tính chất", "nature", c.enum(m.RowNature), required=True, width=10),
        Field("lũy kế", "accumulation", c.enum(m.Accumulation), required=True, width=10),
        Field("cộng theo đơn vị", "aggregation", c.enum(m.Aggregation), required=True, width=12),
        _text("cơ quan chủ trì", "owner"),
        Field("tử số", "numerator", c.TEXT, width=10),
        Field("mẫu số", "denominator", c.TEXT, width=10),
        Field("hệ số nhân", "scale", c.DECIMAL, blank=Decimal(100), width=10),
        _text("khái niệm", "concept", 40),
        _text("cách tính", "method", 40),
        _text("mã cũ", "old_code"),
        Field("công khai", "public", c.BOOL, blank=False, width=10),
        Field("thấp hơn là tốt", "lower_is_better", c.BOOL, blank=False, width=10),
        _since(),
        Field("tên gọi khác", "also", c.listed(), blank=(), width=40),
    ),
)
_MEMBER_FIELDS = (
    Field("phân tổ", "breakdown", c.TEXT, required=True),
    Field("mã", "code", c.TEXT, required=True),
    Field("tên", "label", c.TEXT, required=True, width=48),
    Field("thứ tự", "order", c.INTEGER, blank=0, width=8),
)
MEMBERS = Sheet("Phân tổ", "members", m.Member, ("breakdown", "code"), _MEMBER_FIELDS, optional=True)
FORM_MEMBERS = Sheet("Danh mục", "members", m.Member, ("breakdown", "code"), _MEMBER_FIELDS, optional=True)
PLANS = Sheet(
    "Kế hoạch",
    "plans",
    m.PlanFigure,
    ("indicator", "subject", "year", "aspect", "valid_from"),
    (
        Field("chỉ tiêu", "indicator", c.TEXT, required=True),
        Field("đơn vị", "subject", c.TEXT, required=True),
        Field("năm", "year", c.whole(1900, 2999), required=True, width=8),
        Field("loại số", "aspect", _ASPECTS, required=True, width=24),
        Field("giá trị", "value", c.DECIMAL, required=True, width=16),
        Field("ĐVT", "measure", c.TEXT, required=True),
        Field("quyết định", "decision", _LINE, required=True, width=28),
        Field("ngày quyết định", "decided_on", c.DATE, required=True),
        Field("hiệu lực từ", "valid_from", c.DATE, required=True),
        Field("dữ liệu mẫu", "sample", c.BOOL, blank=False, width=12),
    ),
)
FORM = Sheet(
    "Biểu",
    "form",
    m.Form,
    ("code", "version"),
    (
        Field("mã", "code", c.TEXT, required=True),
        Field("tên biểu", "title", c.TEXT, required=True),
        _text("biểu số", "official_number"),
        _text("ban hành kèm theo", "legal_basis"),
        Field("phiên bản", "version", c.whole(1, 9999), blank=1),
        _since(),
        _until(),
        Field("số cột nhãn", "letters", c.listed(separator="|"), blank=("A", "B", "C")),
        Field("tiêu đề cột nhãn", "label_headings", c.listed(separator="|"), blank=("TT", "Chỉ tiêu", "Đơn vị tính")),
        _text("dòng đơn vị tính", "unit_line"),
        Field("in số 0", "zeros_printed", c.BOOL, blank=False),
        Field("khổ giấy", "paper", c.TEXT, blank="A4"),
        Field("loại biểu", "purpose", c.enum(m.FormPurpose), blank=m.FormPurpose.INPUT),
        Field("dòng theo đơn vị", "subjects", c.listed(), blank=()),
        Field("ai xem dữ liệu cá nhân", "personal_seen_by", c.listed(), blank=()),
        Field("thời hạn lưu dữ liệu cá nhân (ngày)", "personal_kept_days", c.whole(1, 36_500)),
    ),
    vertical=True,
)
ROWS = Sheet(
    "Chỉ tiêu",
    "rows",
    m.Row,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True, width=10),
        _text("TT", "number", 8),
        Field("tên", "label", c.TEXT, required=True, width=60),
        Field("loại dòng", "kind", c.enum(m.RowKind), blank=m.RowKind.DATA, width=10),
        Field("thụt lề", "indent", _LEVEL, blank=0, width=8),
        Field("mã chỉ tiêu", "indicator", c.TEXT, width=10),
        Field("phân tổ", "member", c.PAIR),
        _text("ĐVT tỉnh", "measure"),
        _text("ĐVT xã", "commune_measure"),
        Field("số lẻ", "decimals", _DECIMALS, blank=0, width=8),
        Field("số lẻ xã", "commune_decimals", _DECIMALS, width=8),
        Field("số cấp tỉnh", "province_value", c.enum(m.ProvinceValue), blank=m.ProvinceValue.AGENCY),
        Field("xã nhập", "commune_entry", c.enum(m.CommuneEntry), blank=m.CommuneEntry.ABSENT, width=8),
        Field("nhóm xã", "commune_group", c.PAIR, width=18),
        Field("nguồn cấp", "suppliers", c.listed(), blank=(), width=18),
        _occasion(),
        Field("mùa vụ", "season", _SEASON, width=10),
        Field("kỳ chốt", "window", c.enum(m.RowWindow), blank=m.RowWindow.REGIME, width=22),
        Field("kế hoạch", "plan", c.enum(m.PlanKind), blank=m.PlanKind.NONE, width=9),
        Field("bắt buộc", "required", c.BOOL, blank=False, width=9),
        _text("khái niệm, cách tính", "note", 50),
    ),
    optional=True,
)
_COLUMN_FIELDS = (
    Field("mã", "code", c.TEXT, required=True, width=8),
    _text("số", "number", 8),
    Field("tiêu đề", "path", c.listed(separator=">"), required=True, width=50),
    Field("tiêu đề ở biểu xã", "commune_path", c.listed(separator=">"), blank=(), width=40),
    Field("loại", "kind", c.enum(m.CellKind), blank=m.CellKind.INPUT, width=16),
    Field("loại số", "aspect", _ASPECTS, blank=Aspect.ACTUAL, width=24),
    Field("mã chỉ tiêu", "indicator", c.TEXT),
    Field("tính chất số", "nature", c.enum(Nature), blank=Nature.OFFICIAL),
    Field("lùi kỳ", "shift", c.whole(-12, 60), blank=0, width=8),
    _text("công thức", "formula", 40),
    Field("điền sẵn", "prefill", c.BOOL, blank=False, width=9),
    Field("vào kho", "keep", c.BOOL, blank=False, width=9),
    _text("ĐVT", "measure"),
    _text("ĐVT xã", "commune_measure"),
    Field("số lẻ", "decimals", _DECIMALS, width=8),
    _text("danh mục", "choices"),
    Field("nhiều giá trị", "several", c.BOOL, blank=False, width=9),
    _occasion(),
    Field("ẩn với", "hidden_from", c.several(c.one_of("xã", "tỉnh")), blank=frozenset(), width=9),
    Field("độ rộng", "width", c.FLOAT, blank=12.0, width=9),
    _text("gợi ý khi nhập", "hint", 40),
    Field("phân tổ", "member", c.PAIR),
    Field("dữ liệu cá nhân", "personal", c.BOOL, width=9),
)
COLUMNS = Sheet("Cột", "columns", m.Column, ("code",), _COLUMN_FIELDS, optional=True)
LISTS = Sheet(
    "Biểu danh sách",
    "lists",
    m.ListTable,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True, width=10),
        Field("tên", "title", c.TEXT, required=True, width=60),
        Field("số dòng chuẩn bị", "lines", c.whole(1, 5000), blank=200, width=10),
        Field("lấy lại kỳ trước", "prefill", c.BOOL, blank=False, width=10),
    ),
    optional=True,
)
LIST_COLUMNS = Sheet(
    "Cột danh sách",
    "list_columns",
    m.Column,
    ("table", "code"),
    (
        Field("danh sách", "table", c.TEXT, required=True, width=10),
        *_COLUMN_FIELDS,
        Field("khóa", "key", c.BOOL, blank=False, width=8),
        Field("bắt buộc", "required", c.BOOL, blank=False, width=9),
    ),
    owner="table",
    optional=True,
)
CELLS = Sheet(
    "Ô",
    "cells",
    m.CellRule,
    (),
    (
        Field("cột", "columns", c.several(), required=True),
        Field("tính chất", "natures", c.several(c.enum(m.RowNature)), blank=frozenset()),
        Field("kế hoạch", "plans", c.several(c.enum(m.PlanKind)), blank=frozenset()),
        Field("dòng", "rows", c.several(), blank=frozenset(), width=20),
        Field("loại", "kind", c.enum(m.CellKind), width=16),
        _text("công thức", "formula", 50),
        Field("loại số", "aspect", _ASPECTS, width=24),
        _text("ĐVT", "measure"),
        Field("số lẻ", "decimals", _DECIMALS, width=8),
        Field("vào kho", "keep", c.BOOL, width=9),
        Field("điền sẵn", "prefill", c.BOOL, width=9),
        _occasion(),
    ),
    optional=True,
)
_RULE_FIELDS = (
    Field("mã", "code", c.TEXT, required=True, width=8),
    Field("công thức", "formula", c.TEXT, required=True, width=50),
    Field("mức độ", "level", c.enum(m.RuleLevel), required=True, width=10),
    Field("thông báo", "message", c.TEXT, required=True, width=60),
    _text("cách sửa", "fix", 50),
    Field("dòng", "rows", c.several(), blank=frozenset(), width=20),
    Field("tính chất", "natures", c.several(c.enum(m.RowNature)), blank=frozenset()),
    _text("điều kiện", "condition", 30),
    Field("ô trống", "blanks", c.enum(m.BlankRule), blank=m.BlankRule.SKIP_ANY, width=20),
    Field("phạm vi", "scope", c.enum(m.RuleScope), blank=m.RuleScope.UNIT, width=10),
    _since(),
    _until(),
    Field("chạy thử", "shadow", c.BOOL, blank=False, width=9),
    _text("ví dụ đạt", "passing", 40),
    _text("ví dụ không đạt", "failing", 40),
    _text("danh sách", "table", 10),
)
FORM_RULES = Sheet("Quy tắc kiểm tra", "rules", m.Rule, ("code", "valid_from"), _RULE_FIELDS, optional=True)
RULES = Sheet(
    "Quy tắc kiểm tra",
    "rules",
    m.Rule,
    ("form", "code", "valid_from"),
    (Field("biểu", "form", c.TEXT, required=True), *_RULE_FIELDS),
)
OUTLINES = Sheet(
    "Đề cương",
    "outlines",
    m.Outline,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True),
        Field("tên", "title", c.TEXT, required=True, width=60),
        Field("cấp", "level", c.TEXT, required=True),
        Field("số trang tối đa", "max_pages", c.INTEGER),
        _since(),
    ),
)
HEADINGS = Sheet(
    "Đề mục",
    "headings",
    m.Heading,
    ("outline", "number", "title"),
    (
        Field("đề cương", "outline", c.TEXT, required=True),
        _text("số", "number"),
        Field("tên đề mục", "title", c.TEXT, required=True, width=60),
        Field("bậc", "level", _LEVEL, required=True, width=8),
        Field("đơn vị phụ trách", "owners", c.listed(), blank=(), width=24),
        _text("hướng dẫn", "instruction", 50),
        _occasion(),
        _text("câu mẫu", "text", 60),
    ),
    owner="outline",
)
REGIMES = Sheet(
    "Chế độ báo cáo",
    "regimes",
    m.Regime,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True),
        Field("tên", "name", c.TEXT, required=True, width=50),
        Field("nội dung", "content", c.one_of("số liệu", "thuyết minh", "cả hai"), required=True),
        Field("định kỳ", "frequency", c.enum(m.Frequency), required=True, width=20),
        Field("thời gian chốt số liệu", "calendar", c.one_of("15-14", "dương lịch"), required=True),
        Field("biểu", "forms", c.listed(), blank=(), width=20),
        Field("biểu báo cáo", "report_forms", c.listed(), blank=(), width=20),
        Field("đơn vị báo cáo", "reporters", c.listed(), required=True, width=40),
        Field("đơn vị nhận", "receivers", c.listed(), required=True),
        Field("cơ quan chủ trì", "lead", c.TEXT, required=True),
        Field("đề cương", "outlines", c.listed(c.PAIR), blank=(), width=30),
        _text("tên báo cáo", "report_title", 60),
        _text("căn cứ", "legal_basis", 40),
        Field("số liệu tổng hợp", "counts", c.enum(m.Counts), blank=m.Counts.APPROVED, width=24),
        Field("người nhập tự duyệt", "own_approval", c.enum(m.OwnApproval), blank=m.OwnApproval.DELEGATED, width=24),
        _since(),
        _until(),
        Field("các cấp cách nhau (ngày làm việc)", "spacing", c.whole(1, 9), blank=1, width=12),
        Field("tự mở trước ngày chốt (ngày làm việc)", "opens_before", c.whole(0, 60), width=12),
    ),
)
DEADLINES = Sheet(
    "Hạn gửi",
    "deadlines",
    m.Deadline,
    ("regime", "level"),
    (
        Field("chế độ", "regime", c.TEXT, required=True),
        Field("cấp", "level", c.TEXT, required=True),
        Field("ngày", "day", c.whole(1, 31)),
        Field("giờ", "at", c.TIME),
        Field("sau số tháng", "month_shift", c.whole(-12, 12), blank=0),
        Field("sau ngày chốt", "after", c.whole(1, 99)),
        Field("cách đếm", "counted", c.enum(m.DayCount), blank=m.DayCount.WORKING, width=16),
    ),
    owner="regime",
)
SEASONS = Sheet(
    "Mùa vụ",
    "seasons",
    Season,
    ("code",),
    (
        Field("mã", "code", c.TEXT, required=True, width=10),
        Field("tên", "name", c.TEXT, required=True, width=36),
        Field("từ tháng", "first_month", c.whole(1, 12), required=True, width=10),
        Field("đến tháng", "last_month", c.whole(1, 12), required=True, width=10),
        Field("năm vụ", "counted", c.enum(SeasonYear), blank=SeasonYear.LAST),
        Field("khu vực áp dụng", "area", c.PAIR, width=28),
    ),
)
REQUESTS = Sheet(
    "Yêu cầu",
    "requests",
    m.Request,
    ("regime",),
    (
        Field("chế độ", "regime", c.TEXT, required=True),
        Field("loại yêu cầu", "kind", c.enum(m.RequestKind), blank=m.RequestKind.AD_HOC),
        _text("số, ký hiệu", "document", 24),
        Field("ngày văn bản", "dated", c.DATE, width=12),
        _text("trích yếu", "summary", 60),
        Field("độ khẩn", "urgency", c.enum(m.Urgency), blank=m.Urgency.NORMAL, width=12),
        _text("người liên hệ", "contact", 28),
        _text("số điện thoại", "phone", 16),
        Field("được báo cáo không phát sinh", "nil", c.BOOL, blank=True, width=16),
        Field("lặp lại", "repeats", c.BOOL, blank=False, width=9),
    ),
    optional=True,
)
HOLIDAYS = Sheet(
    "Ngày nghỉ",
    "holidays",
    m.Holiday,
    ("day",),
    (
        Field("ngày", "day", c.DATE, required=True),
        Field("loại", "off", _OFF, required=True),
        Field("tên", "name", c.TEXT, required=True, width=40),
        _text("văn bản", "decision", 30),
    ),
)
ROLES = Sheet(
    "Vai trò",
    "roles",
    m.RoleHolder,
    ("login", "role", "unit", "valid_from"),
    (
        Field("tài khoản", "login", c.TEXT, required=True),
        Field("họ tên", "name", c.TEXT, required=True, width=28),
        _text("chức vụ", "position", 44),
        Field("vai trò", "role", ROLE_WORDS, required=True, width=28),
        Field("đơn vị", "unit", c.TEXT, required=True),
        Field("hiệu lực từ", "valid_from", c.DATE, required=True),
        _until(),
        _text("điện thoại", "phone"),
        _text("thư điện tử", "email", 24),
    ),
)

HISTORY = Sheet(
    "Số liệu nền",
    "history",
    m.HistoryFigure,
    ("indicator", "aspect", "members", "period", "subject", "nature"),
    (
        Field("chỉ tiêu", "indicator", c.TEXT, required=True),
        Field("loại số", "aspect", _ASPECTS, required=True, width=24),
        Field("phân tổ", "members", c.MEMBERS, blank="", width=24),
        Field("kỳ", "period", c.TEXT, required=True, width=10),
        Field("địa bàn", "subject", c.TEXT, required=True),
        Field("đơn vị báo cáo", "reporting", c.TEXT, required=True),
        Field("tính chất", "nature", c.enum(Nature), blank=Nature.OFFICIAL),
        Field("giá trị", "value", c.DECIMAL, required=True, width=16),
        Field("ĐVT", "measure", c.TEXT, required=True),
    ),
)
DOCUMENT = Sheet(
    "Văn bản",
    "document",
    m.HistoryDocument,
    (),
    (
        Field("số văn bản", "number", _LINE, required=True),
        Field("người duyệt", "approver", _LINE, required=True),
    ),
    vertical=True,
)

HISTORY_SHEETS = (HISTORY, DOCUMENT)  # a workbook of its own, never part of a catalogue folder
GUIDE, LOOKUP, EXAMPLE, REMARKS = "Hướng dẫn", "Tra cứu", "Ví dụ", "Cần xem lại"
ASIDE = (GUIDE, LOOKUP, EXAMPLE, REMARKS)  # sheets of a form's workbook that are there to help, never read
FORM_SHEETS = (FORM, ROWS, COLUMNS, CELLS, LISTS, LIST_COLUMNS, FORM_RULES, FORM_MEMBERS)
WORKBOOKS: dict[str, tuple[Sheet, ...]] = {
    "units": (UNITS, SUCCESSIONS, GROUP_SETS),
    "measures": (MEASURES,),
    "indicators": (INDICATORS, MEMBERS),
    "plans": (PLANS,),
    "regimes": (REGIMES, DEADLINES, REQUESTS),
    "outlines": (OUTLINES, HEADINGS),
    "seasons": (SEASONS,),
    "holidays": (HOLIDAYS,),
    "roles": (ROLES,),
    "rules": (RULES,),
}


def sheets_of(workbook: str) -> tuple[Sheet, ...]:
    """The sheets of a workbook of the folder (``units``, ``forms/KTXH-01``), none when it is not one of ours."""
    return FORM_SHEETS if workbook.startswith("forms/") else WORKBOOKS.get(workbook, ())
