"""A formula reckoned for many cells at once comes to what it comes to in each of them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from registry.rules.at_once import at_once
from registry.rules.bind import Place, UnknownName
from registry.rules.closures import Binder
from registry.rules.frame import Frame
from registry.rules.parse import RuleSyntaxError, parse
from registry.rules.program import batches, steps
from tests.rules import any_text
from tests.rules.small_forms import MONTHLY, background, context, sheet

VIEW = any_text.CONTEXT.view
PLACES = [Place(row.code, "f") for row, _ in VIEW.rows]
SHARED = ("(a) + (b) * 2", "(a) / (c) * 100", "KỲ_TRƯỚC((a)) - (b)", "LŨY_KẾ((a); 2) + (a)", "TRUNG_VỊ((a); 3)", "(zz)")


def agree(text):
    try:
        node = parse(text)
        alone = [Binder(VIEW, place).figure(node) for place in PLACES]
    except (RuleSyntaxError, UnknownName):
        return
    for blank_is_zero in (False, True):
        frame = Frame(any_text.CONTEXT, any_text.VALUES, blank_is_zero)
        expected = [figure(frame) for figure in alone]
        together = at_once(VIEW, node, PLACES)(Frame(any_text.CONTEXT, any_text.VALUES, blank_is_zero))
        assert list(map(str, together)) == list(map(str, expected)), text


def test_columns_of_usual_formulas_agree():
    for text in SHARED:
        agree(text)


@given(st.randoms(use_true_random=False))
def test_any_formula_agrees(pick):
    agree(any_text.number(pick))


def test_thousands_of_formulas_agree():
    pick = random.Random(20261126)
    for _ in range(1000):
        agree(any_text.number(pick))


def test_cells_of_one_formula_make_one_step_unless_they_lean_on_one_another():
    same = batches(context(sheet("(a) + (b)")).identity)
    assert [len(batch.keys) for batch in same] == [6]
    chained = batches(context(sheet("NẾU([R1].(a) > 0; (a) + [R1].(b); [R1].(a))")).identity)
    assert sum(len(batch.keys) for batch in chained) == 6


def test_a_batch_comes_after_what_it_reads():
    identity = context(MONTHLY, known=background()).identity
    reads = {step.spec.key: step.cells for step in steps(identity)}
    computed, seen = set(reads), set()
    for batch in batches(identity):
        assert all(reads[key] & computed <= seen for key in batch.keys)
        seen.update(batch.keys)
    assert seen == computed
