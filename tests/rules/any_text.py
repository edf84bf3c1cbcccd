"""Texts nobody ought to write as a rule: some of the grammar, some of it bent, some mere noise."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from heapq import nlargest

from registry.catalogue.values import CellKey, CellValue, State
from registry.rules import bind
from registry.rules.arithmetic import NotInSql
from registry.rules.bind import Place
from registry.rules.checks import checks_of
from registry.rules.closures import Binder
from registry.rules.evaluate import compute
from registry.rules.frame import Frame
from registry.rules.functions import SIGNATURES, SPELLINGS
from registry.rules.lowering import lowered
from registry.rules.parse import RuleSyntaxError, parse
from registry.rules.tree import Call, Category, Function, Text, category
from tests.rules.small_forms import background, context, rule, sheet
from workbook_templates.formula import SheetResolver, check_to_excel, to_excel

CALLED = [one for one in Function if category(Call(one, (Text(""),) * 3)) is Category.NUMBER]
NAMES = [name for spellings in SPELLINGS.values() for name in spellings]
LEAVES = (
    "(a)", "(b)", "[R1]", "[R2].(c)", "[R1]:[R3].(b)", "{S}![R1].(a)", "{Z}![R9].(z)", "0", "1,5", "10%", "9e999",
    "99999999999999999999", "0,000000000000001", "999999999999999", '"x"', '""', "[R9]", "(zz)", "(7)", "12", "-3",
)  # fmt: skip
SIGNS = ("+", "-", "*", "/", "=", "==", "<=", "<>", "<", " VÀ ", " HOẶC ", ";", ",", ".", ":", "×", "≤", "–")
NESTS = (
    ("(", ")"), ("ABS(", ")"), ("-", ""), ("NẾU((a) > 0; ", "; 1)"), ("DẤU(", ")"), ("TĂNG_GIẢM((a); ", ")"),
    ("KHÔNG(", ")"), ("PHẦN_DƯ(", "; 3)"), ("(b) * ", ""),
)  # fmt: skip
NOISE = '[]{}()!:;.,=<>+-*/%" \t\n\u00a0\u200b\u0301\x00ẮặABc05ⅧSUM٣𝟙\ud7ff\uffff😀'
CONTEXT = context(sheet("(a) + (b)", indicator="NN12"), known=background(NN12_202609=4, NN12_202510=7))
VALUES = compute(
    CONTEXT,
    {
        CellKey("R1", "a"): CellValue(State.VALUE, Decimal("999999999999.99")),
        CellKey("R1", "b"): CellValue(State.VALUE, Decimal("0.000001")),
        CellKey("R1", "c"): CellValue(State.NIL),
        CellKey("R2", "c"): CellValue(State.VALUE, text="chữ"),
        CellKey("R3", "b"): CellValue(State.NOT_AVAILABLE),
    },
)
ADDRESSES = {key: f"{'ABCF'['abcf'.index(key.column)]}{key.row[1:]}" for key in CONTEXT.view.cells}
PLACE = Place("R1", "f")


def text(pick: random.Random) -> str:
    """One text; the shapes take turns by chance."""
    return pick.choice((_rule, _rule, _sentence, _bent, _soup, _noise, _deep))(pick)[:1100]


def _rule(pick: random.Random) -> str:
    """Every argument what its place wants, so that most are rules."""
    return _fitting(pick, pick.choice("cn"), 4)


def number(pick: random.Random) -> str:
    """A formula that comes to a number, most often."""
    return _fitting(pick, "n", 4)


def _fitting(pick: random.Random, place: str, depth: int) -> str:
    written_out = {"i": ("0", "1", "12", "120"), "d": ("-9", "0", "2", "9"), "t": ('"loai"', '"x"'), "x": LEAVES[:4]}
    if place in written_out:
        return pick.choice(written_out[place])
    if place == "c":
        sides = (
            _fitting(pick, "n", depth - 1),
            pick.choice(("=", "==", "<", ">=", "<>")),
            _fitting(pick, "n", depth - 1),
        )
        return " ".join(sides)
    if depth <= 0 or place == "b" or pick.random() < 0.2:
        return pick.choice((*LEAVES[:4], *(("12", "(1,5)", "10%", "0,25") if place in "nvw" else LEAVES[4:6])))
    function = pick.choice(CALLED)
    signature = SIGNATURES[function]
    count = pick.randrange(signature.least, len(signature.places) + 1 + 2 * signature.many)
    places = (signature.places[min(at, len(signature.places) - 1)] for at in range(count))
    arguments = "; ".join(_fitting(pick, "n" if one == "v" else one, depth - 1) for one in places)
    return f"{pick.choice(SPELLINGS[function])}({arguments}) {pick.choice('+-*/')} {_fitting(pick, 'n', depth - 2)}"


def _sentence(pick: random.Random, depth: int = 4) -> str:
    if depth == 0 or pick.random() < 0.25:
        return pick.choice(LEAVES)

    def inner() -> str:
        return _sentence(pick, depth - 1)

    shapes: tuple[Callable[[], str], ...] = (
        lambda: f"{inner()} {pick.choice(SIGNS[:11])} {inner()}",
        lambda: f"({inner()})",
        lambda: f"-{inner()}",
        lambda: f"{pick.choice(NAMES)}({'; '.join(inner() for _ in range(pick.randrange(4)))})",
        lambda: f"NẾU({inner()} {pick.choice(('<', '=', '>='))} {inner()}; {inner()}; {inner()})",
    )
    return pick.choice(shapes)()


def _bent(pick: random.Random) -> str:
    letters = list(_sentence(pick))
    for _ in range(pick.randrange(1, 4)):
        at = pick.randrange(len(letters) + 1)
        letters[at : at + pick.randrange(2)] = pick.choice(NOISE)
    return "".join(letters)


def _soup(pick: random.Random) -> str:
    return "".join(pick.choice((*LEAVES, *SIGNS, *NAMES, "(", ")")) for _ in range(pick.randrange(1, 12)))


def _noise(pick: random.Random) -> str:
    return "".join(pick.choice((pick.choice(NOISE), chr(pick.randrange(0xD800)))) for _ in range(pick.randrange(40)))


def _deep(pick: random.Random) -> str:
    n = pick.randrange(400)
    opening, closing = pick.choice(NESTS)
    return f"{opening * n}{pick.choice(LEAVES)}{closing * n}"


def outcome(written: str) -> str:
    """What comes of a text in every back end: "value", "refused" by the parser, "unknown" names."""
    try:
        node = parse(written)
    except RuleSyntaxError as refused:
        return "refused" if 1 <= refused.column <= max(len(written), 1) + 1 else "refused at no place"
    try:
        if category(node) is Category.CONDITION:
            _judged(written)
        elif category(node) is Category.NUMBER:
            value = Binder(CONTEXT.view, PLACE).figure(node)(Frame(CONTEXT, VALUES))
            assert value is None or isinstance(value, Decimal)
            assert to_excel(node, SheetResolver(CONTEXT.view, PLACE, ADDRESSES, lambda *_: "Z9"), 2).startswith("=")
    except bind.UnknownName:
        return "unknown"
    return "value"


def _judged(written: str) -> None:
    one = rule(written, "S", rows=frozenset({"R1"}))
    for check in checks_of(one, CONTEXT.view):
        frame = Frame(CONTEXT, VALUES, check.blank_is_zero)
        assert {part.holds(frame) for part in check.parts} <= {True, False, None}
        check.finding(frame)
    check_to_excel(parse(written), SheetResolver(CONTEXT.view, PLACE, ADDRESSES, lambda *_: "Z9"))
    with suppress(NotInSql):
        lowered(one, CONTEXT)


def main(count: int, seed: int) -> None:
    """Try many texts and print what came of them, and the CPU time of the slowest short ones."""
    pick, outcomes, spent, slowest = random.Random(seed), Counter[str](), 0.0, [(0.0, "")]
    for _ in range(count):
        one = text(pick)
        before = time.process_time()
        outcomes[outcome(one)] += 1
        took = time.process_time() - before
        spent += took
        if len(one) <= 80 and took > slowest[-1][0]:
            slowest = nlargest(5, [*slowest, (took, one)])
    print(dict(outcomes), f"{spent / count * 1e6:.0f} µs each")  # noqa: T201
    for took, one in slowest:
        print(f"{took * 1e3:.2f} ms  {one}")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
