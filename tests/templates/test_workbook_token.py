"""The token: round trip, tampering, and what a defined name allows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_templates.token import Token, TokenInvalid, defined_name, issue, verify

KEYS = {1: b"first secret, long enough to be one", 2: b"second secret, long enough to be one"}
EA_SUP = Token(1, "KTXH-01", 1, "24211", 2025, "202610", 1, "0123abcd")

codes = st.text(st.sampled_from("ABCĐabc0123456789-._"), min_size=1, max_size=12)
tokens = st.builds(
    Token,
    key_id=st.sampled_from([1, 2]),
    form=codes,
    form_version=st.integers(0, 5000),
    unit=codes,
    born=st.integers(1900, 2200),
    period=codes,
    issue=st.integers(0, 100_000),
    grid_hash=st.integers(0, 2**32 - 1).map(lambda n: f"{n:08x}"),
)


@given(tokens)
def test_what_was_signed_reads_back(token: Token) -> None:
    assert verify(issue(token, KEYS[token.key_id]), KEYS) == token


@given(tokens, st.data())
def test_any_changed_letter_is_noticed(token: Token, data: st.DataObject) -> None:
    text = issue(token, KEYS[token.key_id])
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(lambda letter: letter != text[at]))
    with pytest.raises(TokenInvalid):
        verify(text[:at] + other + text[at + 1 :], KEYS)


@given(st.text(max_size=90))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    with pytest.raises(TokenInvalid):
        verify(text, KEYS)


def test_a_token_of_ordinary_codes_is_short() -> None:
    assert len(issue(EA_SUP, KEYS[1])) <= 75


def test_case_and_blanks_around_it_do_not_matter() -> None:
    assert verify(f" {issue(EA_SUP, KEYS[1]).lower()}\n", KEYS) == EA_SUP


def test_a_retired_key_is_refused() -> None:
    with pytest.raises(TokenInvalid):
        verify(issue(EA_SUP, KEYS[1]), {2: KEYS[2]})


def test_the_key_of_another_id_does_not_verify_it() -> None:
    with pytest.raises(TokenInvalid):
        verify(issue(EA_SUP, KEYS[2]), KEYS)


def test_a_token_cut_short_is_refused() -> None:
    text = issue(EA_SUP, KEYS[1])
    for length in range(len(text)):
        with pytest.raises(TokenInvalid):
            verify(text[:length], KEYS)


def test_it_makes_a_legal_defined_name() -> None:
    assert re.fullmatch(r"BC_[A-Z2-7]{60,250}", defined_name(issue(EA_SUP, KEYS[1])))
