"""What a compiled report was made from: whatever decides its files is hashed."""

import inspect
from dataclasses import fields, replace
from decimal import Decimal

from actions import made_from
from compile.model import CompileInput
from registry.catalogue.model import GroupSet
from tests.compile.small_report import EA_SUP, a_full_report, a_report

ANEW = {"version", "hashes", "before", "replaced"}  # its number, and what follows from that or from what was chosen


def test_every_part_of_an_input_is_hashed() -> None:
    source = inspect.getsource(made_from)
    assert {one.name for one in fields(CompileInput) if f"order.{one.name}" not in source} == ANEW


def test_equal_inputs_have_equal_hashes_and_a_row_less_has_another() -> None:
    order = a_full_report().order
    assert made_from.hashes(order) == made_from.hashes(a_full_report().order)
    two = a_report().gives(EA_SUP, {"SUM.c06": Decimal(1), "ALL.c06": 2}).order
    (form,) = two.forms
    (source,) = form.sources
    kept = [{key: value for key, value in source.values.items() if key.row == row} for row in ("SUM", "ALL")]
    halves = [replace(two, forms=(replace(form, sources=(replace(source, values=one),)),)) for one in kept]
    assert len({made_from.hashes(one)["versions"] for one in (two, *halves)}) == 3


def test_a_group_set_named_anew_is_another_input() -> None:
    order = a_full_report().order
    shas = {
        made_from.together({}, replace(order, group_set=GroupSet("phia", name, single, ("Tây", "Đông"))), "", 0)
        for name, single in (("Phía", True), ("Khu vực kinh tế", True), ("Phía", False))
    }
    assert len(shas) == 3
