"""The functions of the rule language: every spelling, and what arguments each takes."""

from __future__ import annotations

from dataclasses import dataclass

from registry.rules.tree import Call, Category, Cell, Function, Node, Number, Text, category, is_background
from vietnamese.fold import fold, nearest

SPELLINGS: dict[Function, tuple[str, ...]] = {
    Function.SUM: ("SUM", "TỔNG", "CỘNG"),
    Function.ROUND: ("ROUND", "LÀM_TRÒN"),
    Function.IF: ("IF", "NẾU"),
    Function.ABS: ("ABS", "TRỊ_TUYỆT_ĐỐI"),
    Function.MIN: ("MIN", "NHỎ_NHẤT"),
    Function.MAX: ("MAX", "LỚN_NHẤT"),
    Function.AND: ("AND", "VÀ"),
    Function.OR: ("OR", "HOẶC"),
    Function.NOT: ("NOT", "KHÔNG"),
    Function.BLANK: ("ISBLANK", "TRỐNG"),
    Function.RATIO: ("RATIO", "TỶ_LỆ", "TỈ_LỆ"),
    Function.PREVIOUS: ("PREVIOUS", "KỲ_TRƯỚC", "KÌ_TRƯỚC"),
    Function.SAME_PERIOD: ("SAME_PERIOD", "CÙNG_KỲ", "CÙNG_KÌ"),
    Function.CUMULATIVE: ("CUMULATIVE", "LŨY_KẾ"),
    Function.PLAN: ("PLAN", "KẾ_HOẠCH"),
    Function.MEDIAN: ("MEDIAN", "TRUNG_VỊ"),
    Function.SUBORDINATES: ("SUBORDINATES", "CẤP_DƯỚI"),
    Function.MONTH: ("MONTH", "THÁNG"),
    Function.QUARTER: ("QUARTER", "QUÝ"),
    Function.YEAR: ("YEAR", "NĂM"),
    Function.GROUP: ("GROUP", "NHÓM"),
    Function.COUNT: ("COUNT", "ĐẾM"),
    Function.AVERAGE: ("AVERAGE", "TRUNG_BÌNH"),
    Function.INT: ("INT", "PHẦN_NGUYÊN"),
    Function.MOD: ("MOD", "PHẦN_DƯ"),
    Function.ROUND_UP: ("ROUNDUP", "LÀM_TRÒN_LÊN"),
    Function.ROUND_DOWN: ("ROUNDDOWN", "LÀM_TRÒN_XUỐNG"),
    Function.SIGN: ("SIGN", "DẤU"),
    Function.IF_BLANK: ("IFBLANK", "NẾU_TRỐNG"),
    Function.NIL: ("ISNIL", "KHÔNG_PHÁT_SINH"),
    Function.BETWEEN: ("BETWEEN", "TRONG_KHOẢNG"),
    Function.IN: ("IN", "THUỘC"),
    Function.CHANGE: ("CHANGE", "TĂNG_GIẢM"),
}
_AS_IN_EXCEL = frozenset({Function.SUM, Function.ROUND, Function.IF, Function.ABS, Function.MIN, Function.MAX})
_BY_NAME = {fold(name): function for function, names in SPELLINGS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands at each place: ``n`` number, ``r`` number or range, ``c`` condition, ``v`` value or condition,
    ``x`` reference, ``b`` reference or figure of another period, ``w`` number or text, ``i`` number of periods and
    ``d`` number of decimals, both written out, ``t`` text written out. ``least`` places must be filled; the last
    repeats when ``many``.
    """

    places: str
    least: int
    many: bool = False


SIGNATURES: dict[Function, Signature] = {
    Function.SUM: Signature("r", 1, many=True),
    Function.MIN: Signature("r", 1, many=True),
    Function.MAX: Signature("r", 1, many=True),
    Function.AND: Signature("c", 1, many=True),
    Function.OR: Signature("c", 1, many=True),
    Function.NOT: Signature("c", 1),
    Function.ROUND: Signature("nd", 1),
    Function.ROUND_UP: Signature("nd", 1),
    Function.ROUND_DOWN: Signature("nd", 1),
    Function.INT: Signature("n", 1),
    Function.MOD: Signature("nn", 2),
    Function.SIGN: Signature("n", 1),
    Function.COUNT: Signature("r", 1, many=True),
    Function.AVERAGE: Signature("r", 1, many=True),
    Function.CHANGE: Signature("nn", 2),
    Function.BETWEEN: Signature("nnn", 3),
    Function.IN: Signature("ww", 2, many=True),
    Function.IF_BLANK: Signature("bn", 2),
    Function.NIL: Signature("x", 1),
    Function.IF: Signature("cvv", 2),
    Function.ABS: Signature("n", 1),
    Function.RATIO: Signature("nn", 2),
    Function.BLANK: Signature("x", 1),
    Function.PREVIOUS: Signature("xi", 1),
    Function.SAME_PERIOD: Signature("x", 1),
    Function.CUMULATIVE: Signature("xi", 1),
    Function.PLAN: Signature("xt", 1),
    Function.MEDIAN: Signature("xi", 1),
    Function.SUBORDINATES: Signature("x", 1),
    Function.MONTH: Signature("", 0),
    Function.QUARTER: Signature("", 0),
    Function.YEAR: Signature("", 0),
    Function.GROUP: Signature("t", 1),
}
MOST_PERIODS_BACK = 120
MOST_DECIMALS = 9  # on either side of the decimal sign


def named(name: str) -> Function | None:
    """The function of a name in any spelling, accents and case aside; None when there is none."""
    return _BY_NAME.get(fold(name))


def official_name(function: Function) -> str:
    """The spelling documents use: SUM and ROUND as in Excel, our own functions in Vietnamese."""
    spellings = SPELLINGS[function]
    return spellings[0] if function in _AS_IN_EXCEL else spellings[1]


def similar(name: str) -> str:
    """The spelling a misspelt name probably meant, or nothing."""
    return next(iter(nearest(name, [one for names in SPELLINGS.values() for one in names], 1)), "")


def decimals_of(call: Call) -> int:
    """The decimals a rounding keeps: its second argument, 0 when there is none."""
    second = call.arguments[1] if len(call.arguments) > 1 else None
    return int(second.value) if isinstance(second, Number) else 0


def misplaced(function: Function, arguments: tuple[Node, ...]) -> str | None:
    """Why these arguments do not fit: the key of a sentence in the copy deck, None when they do."""
    signature = SIGNATURES[function]
    most = 255 if signature.many else len(signature.places)
    if not signature.least <= len(arguments) <= most:
        return "count"
    for index, argument in enumerate(arguments):
        place = signature.places[min(index, len(signature.places) - 1)]
        if not _fits(place, argument):
            return f"argument.{place}"
    return "branches" if function is Function.IF and not _branches_agree(arguments) else None


def _branches_agree(arguments: tuple[Node, ...]) -> bool:
    conditions = {category(one) is Category.CONDITION for one in arguments[1:]}
    return len(conditions) == 1


def _fits(place: str, argument: Node) -> bool:
    kind = category(argument)
    if place == "i":
        return _is_whole(argument, 0, MOST_PERIODS_BACK)
    if place == "d":
        return _is_whole(argument, -MOST_DECIMALS, MOST_DECIMALS)
    return {
        "n": kind is Category.NUMBER,
        "r": kind in (Category.NUMBER, Category.RANGE),
        "c": kind is Category.CONDITION,
        "v": kind in (Category.NUMBER, Category.CONDITION) or argument == Text(""),
        "w": kind in (Category.NUMBER, Category.TEXT),
        "x": isinstance(argument, Cell),
        "b": isinstance(argument, Cell) or (is_background(argument) and kind is Category.NUMBER),
        "t": isinstance(argument, Text),
    }[place]


def _is_whole(argument: Node, least: int, most: int) -> bool:
    if not isinstance(argument, Number) or argument.percent:
        return False
    return argument.value == argument.value.to_integral_value() and least <= argument.value <= most
