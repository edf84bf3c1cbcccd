"""The table of account rules: level 3 by default, and what each may become."""

import pytest

from registry.workflow.account_rules import BOUNDS, AccountRules, OutOfBounds

RULES = AccountRules()


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_each_rule_has_bounds_and_its_default_lies_within(name: str) -> None:
    least, most = BOUNDS[name]
    assert least <= getattr(RULES, name) <= most
    for wrong in (least - 1, most + 1):
        with pytest.raises(OutOfBounds):
            AccountRules.read({name: wrong})


def test_the_warning_comes_before_the_end() -> None:
    with pytest.raises(OutOfBounds):
        AccountRules.read({"warn_minutes": 5})
    assert AccountRules.read({"warn_minutes": 4}).warn_minutes == 4


@pytest.mark.parametrize(
    ("word", "alone", "with_factor"),
    [
        ("Đủ-bốn-loại-1x", True, True),
        ("Đủ-bốn-loại-1", False, True),  # thirteen letters
        ("chi-co-ba-loai-1", False, True),
        ("bay-chu", False, False),
    ],
)
def test_a_password_needs_fourteen_letters_of_four_kinds_or_eight_with_a_second_factor(
    word: str, alone: bool, with_factor: bool
) -> None:
    assert RULES.fits(word, has_factor=False) is alone
    assert RULES.fits(word, has_factor=True) is with_factor
