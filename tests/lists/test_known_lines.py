"""What lists of earlier periods are known to say of a line: by its key, which must be its own."""

from __future__ import annotations

from actions import lines as known
from registry.catalogue.values import CellKey, CellValue
from registry.rules.background import LineKey
from registry.rules.lines import key_of, lines_of
from registry.store.submissions import Approved
from tests.lists.orders import HAMLETS, answers, hamlet, view


def keys_known(typed: dict[CellKey, CellValue]) -> set[LineKey]:
    """The keys of the lines whose figures of last year are known."""
    met = view(HAMLETS)
    said = known._known(met, [Approved(1, "2025", 1, typed)], "2025", lambda _: met)
    return {key for (_, key), background in said.figures.items() if background.figures}


def test_two_lines_of_one_key_leave_its_figures_of_the_period_before_unknown() -> None:
    twice = answers(HAMLETS, [hamlet("Thôn 1"), hamlet("thôn  1"), hamlet("Thôn 2")])
    once = answers(HAMLETS, [hamlet("Thôn 1"), hamlet("Thôn 2")])
    first, second = (key_of(view(HAMLETS).lists["THON"], line) for line in lines_of(once)["THON"].values())
    assert keys_known(once) == {first, second}
    assert keys_known(twice) == {second}
