"""The functions of the rule language: every spelling, and what arguments each takes."""

from __future__ import annotations

from dataclasses import dataclass

from registry.rules.tree import Category, Cell, Function, Node, Number, Text, category
from vietnamese.fold import fold, nearest

_SPELLINGS: dict[Function, tuple[str, ...]] = {
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
    Function.GROUP: ("GROUP", "NHÓM"),
}
_AS_IN_EXCEL = frozenset({Function.SUM, Function.ROUND, Function.IF, Function.ABS, Function.MIN, Function.MAX})
_BY_NAME = {fold(name): function for function, names in _SPELLINGS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands at each place: ``n`` number, ``r`` number or range, ``c`` condition, ``v`` value or condition,
    ``x`` reference, ``i`` whole number written out, ``t`` text written out. ``least`` places must be filled;
    the last repeats when ``many``.
    """

    places: str
    least: int
    many: bool = False


_SIGNATURES: dict[Function, Signature] = {
    Function.SUM: Signature("r", 1, many=True),
    Function.MIN: Signature("r", 1, many=True),
    Function.MAX: Signature("r", 1, many=True),
    Function.AND: Signature("c", 1, many=True),
    Function.OR: Signature("c", 1, many=True),
    Function.NOT: Signature("c", 1),
    Function.ROUND: Signature("ni", 1),
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
    Function.GROUP: Signature("t", 1),
}
MOST_PERIODS_BACK = 120


def named(name: str) -> Function | None:
    """The function of a name in any spelling, accents and case aside; None when there is none."""
    return _BY_NAME.get(fold(name))


def official_name(function: Function) -> str:
    """The spelling documents use: SUM and ROUND as in Excel, our own functions in Vietnamese."""
    spellings = _SPELLINGS[function]
    return spellings[0] if function in _AS_IN_EXCEL else spellings[1]


def similar(name: str) -> str:
    """The spelling a misspelt name probably meant, or nothing."""
    return next(iter(nearest(name, [one for names in _SPELLINGS.values() for one in names], 1)), "")


def misplaced(function: Function, arguments: tuple[Node, ...]) -> str | None:
    """Why these arguments do not fit: the key of a sentence in the copy deck, None when they do."""
    signature = _SIGNATURES[function]
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
        return isinstance(argument, Number) and _is_small_whole(argument)
    return {
        "n": kind is Category.NUMBER,
        "r": kind in (Category.NUMBER, Category.RANGE),
        "c": kind is Category.CONDITION,
        "v": kind in (Category.NUMBER, Category.CONDITION) or argument == Text(""),
        "x": isinstance(argument, Cell),
        "t": isinstance(argument, Text),
    }[place]


def _is_small_whole(number: Number) -> bool:
    whole = number.value == number.value.to_integral_value()
    return whole and not number.percent and 0 <= number.value <= MOST_PERIODS_BACK
