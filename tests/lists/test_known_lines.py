"""What lists of earlier periods are known to say of a line: by its key, which must be its own."""

from __future__ import annotations

from actions import lines as known
from actions.paired_lines import Unpaired, paired
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


def test_a_line_stands_beside_the_one_of_its_key_wherever_that_stood() -> None:
    met = view(HAMLETS)
    then = answers(HAMLETS, [hamlet("Thôn 1"), hamlet("Thôn 2"), hamlet("Thôn 3")])
    now = answers(HAMLETS, [hamlet("Thôn 0"), hamlet("thôn 3"), hamlet("Thôn 1")])
    found = paired(met, now, then)
    names = {n: next(iter(line.values())).text for n, line in lines_of(found.values)["THON"].items()}
    assert names == {2: "Thôn 3", 3: "Thôn 1"}
    assert found.alike == frozenset()
    title = met.form.lists[0].title
    assert found.unpaired == (Unpaired(title, new=1, gone=1, alike=0),)
    assert paired(met, then, then).unpaired == ()


def test_lines_of_one_key_stand_beside_nothing_and_it_is_told() -> None:
    met = view(HAMLETS)
    twice = answers(HAMLETS, [hamlet("Thôn 1"), hamlet("Thôn 1"), hamlet("Thôn 2")])
    found = paired(met, twice, answers(HAMLETS, [hamlet("Thôn 1"), hamlet("Thôn 2")]))
    assert found.alike == {("THON", 1), ("THON", 2)}
    assert lines_of(found.values)["THON"].keys() == {3}
    assert [(one.new, one.gone, one.alike) for one in found.unpaired] == [(0, 0, 2)]
