"""The guide for those who write rules documents every function, by examples that come to what it says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from registry.catalogue.values import Aspect, CellKey
from registry.rules.bind import Place
from registry.rules.closures import Binder
from registry.rules.frame import Frame
from registry.rules.functions import SPELLINGS, named, official_name
from registry.rules.parse import parse
from registry.rules.tree import Category, Function, category
from tests.rules.small_forms import context, facts, sheet, value

GUIDE = (Path(__file__).parents[2] / "docs/huong-dan/quy-tac.md").read_text(encoding="utf-8")
LINES = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in GUIDE.partition("## Các hàm")[2].partition("## ")[0].splitlines()
    if re.match(r"\| [A-ZĐẤỔ]", line) and "Tên" not in line
]
TYPED = {"R1.a": 12, "R1.b": 5, "R2.c": "-"}
MONTHS = {f"2026{month:02d}": 10 for month in (7, 8, 9)}


def comes_to(text: str) -> str:
    actual = {("NN12", Aspect.ACTUAL, month): figure for month, figure in {**MONTHS, "202510": 8, "202601": 10}.items()}
    known = facts({**actual, ("NN12", Aspect.PLAN_COUNCIL, "2026"): 100})
    stood = replace(context(sheet(indicator="NN12"), known=known), below=facts({("NN12", Aspect.ACTUAL, "202610"): 44}))
    frame = Frame(stood, {CellKey(*key.split(".")): value(one) for key, one in TYPED.items()})
    binder, node = Binder(stood.view, Place("R1", "f")), parse(text)
    if category(node) is Category.CONDITION:
        return {True: "đúng", False: "sai", None: "trống"}[binder.condition(node)(frame)]
    found = binder.figure(node)(frame)
    return "trống" if found is None else f"{found.normalize():f}".replace(".", ",")


def test_every_function_is_in_the_guide_under_both_its_names():
    assert sorted(named(line[0]) for line in LINES) == sorted(Function)
    assert [
        line[:2] for line in LINES if line[1] != named(line[0]).value or line[0] not in SPELLINGS[named(line[0])]
    ] == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[1])
def test_its_examples_come_to_what_it_says(line):
    example, said = line[3].strip("`"), line[4]
    assert comes_to(example) == said
    assert official_name(named(line[0])) in example or line[0] in example


def test_the_names_of_functions_are_apart():
    names = [name for spellings in SPELLINGS.values() for name in spellings]
    assert all(named(name) is named(name.lower()) for name in names)
    assert len({named(name) for name in names}) == len(Function) == 33
