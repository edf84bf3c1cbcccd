"""A rule told in plain Vietnamese: every check of the sample, every function of the language."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from registry.catalogue.forms import Definitions
from registry.catalogue.model import BlankRule, Form, ListTable, Rule, RuleLevel
from registry.rules import bind, functions
from registry.rules.explain import explain
from registry.rules.parse import RuleSyntaxError
from registry.rules.text import written
from registry.rules.tree import Call, Category, Cell, Compare, Function, Node, Number, Range, Text, category
from registry.sample import catalogue
from tests.rules.explained import GOLDEN, told

SAMPLE = catalogue()
KTXH = next(form for form in SAMPLE.forms if form.code == "KTXH-01")
DEFINITIONS = Definitions(
    {one.code: one for one in SAMPLE.measures},
    {one.code: one for one in SAMPLE.indicators},
    {one.code: one for one in SAMPLE.forms},
)
FIGURE, CONDITION = Cell(column="c06"), Compare(">", Cell(column="c07"), Number(Decimal(5)))
OFFERED: tuple[Node, ...] = (FIGURE, Range("NN01", "NN03", "c05"), CONDITION, Number(Decimal(2)), Text("loai"))


def sentence(formula: str, form: Form = KTXH, **more: object) -> str:
    rule = replace(Rule("K", form.code, formula, RuleLevel.ERROR, ""), **more)  # type: ignore[arg-type]
    return explain(rule, form, DEFINITIONS)


def test_every_check_of_the_sample_is_told_as_reviewed() -> None:
    assert told() == GOLDEN.read_text(encoding="utf-8")


OTHER_SIDE = {Category.CONDITION: "", Category.TEXT: ' <> "xã"', Category.NUMBER: " <> 7"}


def calls_of(function: Function) -> list[Call]:
    """One call for every number of arguments, up to three, that the function takes."""
    found = []
    for count in range(4):
        fitting = (one for one in product(OFFERED, repeat=count) if functions.misplaced(function, one) is None)
        found += [Call(function, one) for one in fitting][:1]
    return found


@pytest.mark.parametrize("function", list(Function))
def test_every_function_is_told_with_everything_it_is_given(function: Function) -> None:
    for call in calls_of(function):
        words = sentence(written(call) + OTHER_SIDE[category(call)])
        assert "{" not in words
        named = {"cột 6": FIGURE, "Lúa Đông Xuân": OFFERED[1], "cột 7": CONDITION}
        for word, argument in named.items():
            assert (word in words) or argument not in call.arguments, (words, call)


def test_a_column_is_named_in_full_once_and_by_number_after_that() -> None:
    words = sentence("(c06) <= KỲ_TRƯỚC((c06)) * 2")
    assert words.count("cột 6 (Ước tháng báo cáo)") == 1
    assert words.count("cột 6") == 2


def test_products_of_sums_keep_their_brackets() -> None:
    assert "(cột 5 (Chính thức tháng trước) cộng cột 6 (Ước tháng báo cáo)) nhân 2" in sentence(
        "((c05) + (c06)) * 2 <= (c07)"
    )
    assert "trừ (cột 6 (Ước tháng báo cáo) trừ cột 5 (Chính thức tháng trước))" in sentence(
        "(c07) - ((c06) - (c05)) = 1"
    )


def test_only_an_equality_of_rounded_figures_may_differ_by_rounding() -> None:
    rounding = "cho phép lệch do làm tròn"
    assert rounding in sentence("[TC02].(c06) + [TC04].(c06) = [TC01].(c06)")
    assert rounding not in sentence("[TC02].(c06) + [TC04].(c06) == [TC01].(c06)")
    assert rounding not in sentence("[TC02].(c06) = 0")
    assert rounding not in sentence("[NC02].(c06) + [NC03].(c06) = [NC01].(c06)")  # dossiers are counted


def test_a_running_total_is_told_as_one_phrase() -> None:
    assert "lũy kế từ đầu năm đến hết kỳ này của cột 6 (Ước tháng báo cáo)" in sentence("(c07) = LŨY_KẾ((c06))")


def test_what_happens_to_blanks_ends_the_sentence() -> None:
    ends = {blanks: sentence("(c06) >= 0", blanks=blanks).rpartition("; ")[2] for blanks in BlankRule}
    assert ends == {
        BlankRule.SKIP_ANY: "bỏ qua khi còn ô trống.",
        BlankRule.SKIP_ALL: "bỏ qua khi tất cả các ô còn trống.",
        BlankRule.ZERO: "ô trống được tính là 0.",
    }


def test_where_it_runs_begins_the_sentence() -> None:
    assert sentence("(c06) >= 0", rows=frozenset({"NN02"})).startswith("Ở dòng “Lúa Đông Xuân”: ")
    assert sentence("(c06) >= 0").startswith("Ở mọi dòng chỉ tiêu: ")
    assert sentence("[NN02] <= [NN01]").startswith("Ở mọi cột nhập số liệu: ")
    assert sentence("[NN02].(c06) <= [NN01].(c06)").startswith("“Lúa Đông Xuân” (cột 6) ")


def test_a_rule_of_a_list_table_speaks_of_its_lines_and_columns() -> None:
    listed = ListTable("DA", "Danh mục dự án", tuple(one for one in KTXH.columns if one.code in ("c06", "c07")))
    form = replace(KTXH, lists=(listed,))
    words = sentence("(c07) >= (c06)", form, table="DA")
    assert words.startswith(
        "Ở mỗi dòng của biểu danh sách “Danh mục dự án”: cột 7 (Ước lũy kế) không được nhỏ hơn cột 6"
    )
    with pytest.raises(bind.UnknownName):
        sentence("(c07) >= (c05)", form, table="DA")


def test_what_cannot_be_read_or_bound_is_not_told() -> None:
    with pytest.raises(RuleSyntaxError):
        sentence("(c06) >=")
    with pytest.raises(bind.UnknownName):
        sentence("[NN99] >= 0")


def test_a_cell_of_another_form_is_told_by_that_forms_names() -> None:
    words = sentence("[NC01].(c06) >= {II.06a}![HT].(c03)")
    assert words.startswith(
        "“Hồ sơ TTHC tiếp nhận trong kỳ” (cột 6) không được nhỏ hơn “Hộ tịch” (cột 3) của biểu II.06a"
    )
    with pytest.raises(bind.UnknownName):
        sentence("[NC01].(c06) >= {II.99}![HT].(c03)")


def test_periods_percentages_and_rounding_are_told_as_an_official_says_them() -> None:
    assert sentence("(c06) > 0", condition="NĂM() = 2026").startswith(
        "Ở mọi dòng chỉ tiêu: khi kỳ báo cáo thuộc năm 2026 thì"
    )
    assert (
        "mức tăng, giảm (%) của cột 6 (Ước tháng báo cáo) so với cột 5 (Chính thức tháng trước) không được lớn hơn 20%"
        in (sentence("TĂNG_GIẢM((c06); (c05)) <= 20"))
    )
    assert "làm tròn đến hàng 1.000" in sentence("ROUND((c06); -3) = (c05)")
    assert "phải nằm trong khoảng từ 0 đến 100" in sentence("TRONG_KHOẢNG((c06); 0; 100)")
    assert "là một trong các giá trị “phường” và “xã”" in sentence(
        "(c06) > 0", condition='THUỘC(NHÓM("loai"); "phường"; "xã")'
    )


def test_both_branches_of_a_condition_are_demanded() -> None:
    words = sentence("NẾU((c06) > 0; (c07) > 0; (c05) = 0)")
    assert "nếu cột 6 (Ước tháng báo cáo) lớn hơn 0 thì cột 7 (Ước lũy kế) phải lớn hơn 0, nếu không thì cột 5" in words
    assert "nếu không" not in sentence("NẾU((c06) > 0; (c07) > 0)")


def test_what_may_not_be_blank_is_said_so() -> None:
    assert "không được để trống" in sentence("KHÔNG(TRỐNG((c06)))")
    assert "không được xảy ra trường hợp cột 6 (Ước tháng báo cáo) lớn hơn 9" in sentence("KHÔNG((c06) > 9)")


def test_a_plan_is_named_by_whoever_gave_it() -> None:
    assert "kế hoạch Trung ương giao của cột 6" in sentence('(c07) <= KẾ_HOẠCH((c06); "TW")')
    assert "kế hoạch HĐND giao của cột 6" in sentence("(c07) <= KẾ_HOẠCH((c06))")
