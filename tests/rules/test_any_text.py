"""Whatever is written as a rule: a value, an unknown name, or a refusal with its place. Nothing else, ever.

A million of them: ``python -m tests.rules.any_text 1000000``.
"""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.rules import any_text


def test_thousands_of_texts_come_to_a_value_or_are_refused():
    pick = random.Random(20261126)
    outcomes = Counter(any_text.outcome(any_text.text(pick)) for _ in range(2000))
    assert outcomes.keys() == {"value", "refused", "unknown"}
    assert min(outcomes.values()) > 20


@given(st.randoms(use_true_random=False))
def test_any_sentence_bent_anyhow_has_an_outcome(pick):
    assert any_text.outcome(any_text.text(pick)) in {"value", "refused", "unknown"}


@given(st.text(max_size=60))
def test_any_letters_at_all_have_an_outcome(text):
    assert any_text.outcome(text) in {"value", "refused", "unknown"}
