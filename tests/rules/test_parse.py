"""From text to tree: what is understood, what is refused and where."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.parse import LONGEST, RuleSyntaxError, parse
from registry.rules.text import written
from registry.rules.tree import (
    Binary,
    Call,
    Category,
    Cell,
    Compare,
    Function,
    Negative,
    Number,
    Range,
    Text,
    category,
    from_json,
    to_json,
)


def column(name):
    return Cell(column=name)


def row(name):
    return Cell(row=name)


def number(text):
    return Number(Decimal(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[NN02]", row("NN02")),
        ("(c05)", column("c05")),
        ("( c05 )", column("c05")),
        ("(5)", column("5")),
        ("[5]", column("5")),
        ("[5].(3)", Cell("5", "3")),
        ("[NN02].(5)", Cell("NN02", "5")),
        ("{II.06a}![TONG].(3)", Cell("TONG", "3", "II.06a")),
        ("(kế_hoạch_hđnd)", column("kế_hoạch_hđnd")),
        ("5", number("5")),
        ("((5))", column("5")),
        ("1,5", number("1.5")),
        ("(1,5)", number("1.5")),
        ("10%", Number(Decimal("0.1"), percent=True)),
        ("2,5 %", Number(Decimal("0.025"), percent=True)),
        ("-5", number("-5")),
        ("-(5)", Negative(column("5"))),
        ("+(5)", column("5")),
        ('"a ""b"" [c]"', Text('a "b" [c]')),
        ("1 + 2 * 3", Binary("+", number("1"), Binary("*", number("2"), number("3")))),
        ("1 − 2 – 3", Binary("-", Binary("-", number("1"), number("2")), number("3"))),
        ("6 ÷ 2 × 3", Binary("*", Binary("/", number("6"), number("2")), number("3"))),
        ("SUM([A]:[B])", Call(Function.SUM, (Range("A", "B"),))),
        ("SUM([1]:[5].(3))", Call(Function.SUM, (Range("1", "5", "3"),))),
        ("ABS(5)", Call(Function.ABS, (number("5"),))),
        ("ABS((5))", Call(Function.ABS, (column("5"),))),
        ("KỲ_TRƯỚC((11))", Call(Function.PREVIOUS, (column("11"),))),
        ("LŨY_KẾ((c06); 2)", Call(Function.CUMULATIVE, (column("c06"), number("2")))),
        ("TRUNG_VỊ((c06);12)", Call(Function.MEDIAN, (column("c06"), number("12")))),
        ('KẾ_HOẠCH([TC01]; "TW")', Call(Function.PLAN, (row("TC01"), Text("TW")))),
        ("THÁNG()", Call(Function.MONTH)),
        ("[A] <= [B]", Compare("<=", row("A"), row("B"))),
        ("[A] ≤ [B]", Compare("<=", row("A"), row("B"))),
        ("[A] == [B]", Compare("==", row("A"), row("B"))),
        ("[A] ≠ [B]", Compare("<>", row("A"), row("B"))),
        ("(3)=(4)+(5)", Compare("=", column("3"), Binary("+", column("4"), column("5")))),
    ],
)
def test_what_is_written_is_understood(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("luy_ke((c06); 2)", "LŨY_KẾ((c06); 2)"),
        ("Luỹ_Kế((c06); 2)", "LŨY_KẾ((c06); 2)"),
        ("KY_TRUOC((11))", "KỲ_TRƯỚC((11))"),
        ("previous((11))", "KÌ_TRƯỚC((11))"),
        ("cung_ky((3))", "SAME_PERIOD((3))"),
        ("TỔNG((1);(2))", "sum((1);(2))"),
        ("làm_tròn((1);2)", "ROUND((1);2)"),
        ("tỷ_lệ((1);(2))", "TI_LE((1);(2))"),
        ("NẾU([A]>0;1;2)", "if([A]>0;1;2)"),
        ("[A]=0 và [B]=0", "AND([A]=0; [B]=0)"),
        ("[A]=0 HOẶC [B]=0", "OR([A]=0; [B]=0)"),
        ("KHÔNG([A]=0)", "not([A]=0)"),
        ("90 <= (c08) <= 130", "90 <= (c08) AND (c08) <= 130"),
        ("LŨY_KẾ((c06))", "LŨY_KẾ((c06); 1) + (c06)"),
        ("[A]=0 HOẶC [B]=0 VÀ [C]=0", "[A]=0 HOẶC ([B]=0 VÀ [C]=0)"),
        ("Lũy_kế((c06); 2)", "LŨY_KẾ((c06);\u00a02)"),  # decomposed letters, no-break space
    ],
)
def test_one_rule_in_two_spellings(one, other):
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("text", "reason", "at"),
    [
        ("", "empty", 1),
        ("  ", "empty", 1),
        ("SUM(1,5)", "comma", 6),
        ("MAX((c05)*1,5)", "comma", 12),
        ("ROUND((c05)*1,5)", "comma", 14),
        ("SUM((c01),(c02))", "separator", 10),
        ("1.234 + (c05)", "point", 2),
        ("F((c05))", "function_similar", 1),
        ("HÀM_LẠ((c05))", "function", 1),
        ("[A] + TỔNGG((c05))", "function_similar", 7),
        ("1 +", "end", 4),
        ("(3", "end", 3),
        ("SUM([A]:[B]", "end", 12),
        ("[A] <= [B", "unexpected", 8),
        ("[A] => [B]", "unexpected", 6),
        ("[A] [B]", "unexpected", 5),
        ("[A] ; [B]", "unexpected", 5),
        ("(c05) & 1", "unexpected", 7),
        ('"a', "unexpected", 1),
        ("[A] + ([B] < [C])", "number", 18),
        ('[A] + "x"', "number", 10),
        ("[A] + [B]:[C]", "number", 14),
        ("[A]:[B] = 1", "side", 1),
        ("([A]=1)=([B]=1)", "side", 1),
        ("[A] VÀ [B]=1", "condition", 13),
        ("IF([A]; 1; 2)", "argument.c", 1),
        ("IF([A]=1; [B]=1; 2)", "branches", 1),
        ("IF([A]=1)", "count", 1),
        ("ABS((1); (2))", "count", 1),
        ("SUM()", "count", 1),
        ("KỲ_TRƯỚC((1) + (2))", "argument.x", 1),
        ("KỲ_TRƯỚC((1); 1,5)", "argument.i", 1),
        ("KỲ_TRƯỚC((1); -1)", "argument.i", 1),
        ("KỲ_TRƯỚC((1); 121)", "argument.i", 1),
        ("KẾ_HOẠCH((1); 1)", "argument.t", 1),
        ("ABS([A]=1)", "argument.n", 1),
        ("SUM([A]=1)", "argument.r", 1),
        ("+" * 300 + "(5)", "deep", 1),
        ("(" * 300 + "1" + ")" * 300 + "*" + "-" * 60 + "(5)", "deep", 81),
        ("DẤU(" * 12 + "(5)" + ")" * 12, "nodes", 1),
        ("NẾU((1) > 0; " * 9 + "(5)" + "; 1)" * 9, "nodes", 1),
        ("1 + 1234567890123456", "digits", 5),
        ("0,1234567890123456 %", "digits", 1),
        ("9e999", "unexpected", 2),
        ("ROUND((5); 10)", "argument.d", 1),
        ("LÀM_TRÒN_LÊN((5); 0,5)", "argument.d", 1),
        ("NẾU_TRỐNG((5) + 1; 0)", "argument.b", 1),
        ("THUỘC((5); [A] = 1)", "argument.w", 1),
        ("TRONG_KHOẢNG((5); 1)", "count", 1),
        ("1+" * 60 + "1", "deep", 1),
        ("1" * (LONGEST + 1), "long", LONGEST + 1),
    ],
)
def test_what_is_refused_says_why_and_where(text, reason, at):
    with pytest.raises(RuleSyntaxError) as refused:
        parse(text)
    assert (refused.value.reason, refused.value.column) == (reason, at)
    assert "{" not in str(refused.value).replace(text, "")


def test_a_decimal_comma_is_sure_where_another_argument_or_bracket_says_so():
    assert parse("MAX(1,5; 2)") == Call(Function.MAX, (number("1.5"), number("2")))
    assert parse("MAX((1,5))") == Call(Function.MAX, (number("1.5"),))
    assert parse("ABS((c05)*(1,5))") == Call(Function.ABS, (Binary("*", column("c05"), number("1.5")),))


def test_a_misspelt_function_is_answered_with_the_nearest():
    with pytest.raises(RuleSyntaxError, match="LŨY_KẾ"):
        parse("LUYKE((c06); 2)")


# --- laws ------------------------------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[A-Z]{2}[0-9]{2}", fullmatch=True)
COLUMNS = st.one_of(st.from_regex(r"c[0-9]{2}", fullmatch=True), st.integers(1, 99).map(str))
CELLS = st.one_of(
    st.builds(row, NAMES),
    st.builds(column, COLUMNS),
    st.builds(Cell, NAMES, COLUMNS, st.none() | st.just("II.06a")),
)
RANGES = st.builds(Range, NAMES, NAMES, st.none() | COLUMNS)
VALUES = st.decimals(0, 10**9, places=3).map(lambda value: Decimal(f"{value.normalize():f}"))
NUMBERS = st.one_of(st.builds(Number, VALUES), st.builds(lambda one: Number(one.scaleb(-2), percent=True), VALUES))
BACK = st.integers(1, 24).map(lambda count: number(str(count)))
DECIMALS = st.integers(-9, 9).map(lambda count: number(str(count)))
CALLS = st.one_of(
    st.builds(lambda cell: Call(Function.SAME_PERIOD, (cell,)), CELLS),
    st.builds(lambda cell, back: Call(Function.CUMULATIVE, (cell, back)), CELLS, BACK),
    st.builds(lambda one: Call(Function.SUM, (one,)), RANGES),
    st.just(Call(Function.MONTH)),
)


def deeper(inner):
    return st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(Negative, CELLS),
        st.builds(lambda one, two: Call(Function.MAX, (one, two)), inner, inner),
        st.builds(lambda one, decimals: Call(Function.ROUND, (one, decimals)), inner, DECIMALS),
        st.builds(lambda one, two: Call(Function.CHANGE, (one, two)), inner, inner),
    )


FIGURES = st.recursive(st.one_of(CELLS, NUMBERS, CALLS), deeper, max_leaves=8)
COMPARISONS = st.builds(Compare, st.sampled_from(["=", "==", "<>", "<", "<=", ">", ">="]), FIGURES, FIGURES)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds(lambda one: Call(Function.NOT, (one,)), inner),
        st.builds(lambda one, two: Call(Function.AND, (one, two)), inner, inner),
    ),
    max_leaves=3,
)


@given(st.one_of(FIGURES, CONDITIONS))
def test_a_tree_written_out_is_read_back(tree):
    assert parse(written(tree)) == tree


@given(st.one_of(FIGURES, CONDITIONS))
def test_a_tree_survives_json(tree):
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


def outcome(text):
    """The category of what a text is understood as, or the column at which it is refused."""
    try:
        return category(parse(text))
    except RuleSyntaxError as refused:
        return refused.column


@given(st.text(alphabet='[]{}()!:;.,=<>+-*/%" ABc05SUMVÀHOẶC', max_size=30))
def test_any_text_is_understood_or_refused_with_a_place_in_it(text):
    assert outcome(text) in {*Category, *range(1, len(text) + 2)}
