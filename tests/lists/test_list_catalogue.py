"""Definitions of list tables: each mistake has its code and its place; definitions survive their workbook."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.definition import read_folder
from registry.catalogue.check import check
from registry.catalogue.model import Catalogue, CellKind, Form, ListTable
from registry.catalogue.values import Aspect
from registry.findings import Finding, fix, message
from registry.rules.catalogue_check import check as check_rules
from registry.sample.sources import base
from registry.store.codec import plain, revive
from tests.lists.orders import opened
from workbook_templates import definition_book

Edit = Callable[[Catalogue], Catalogue]
HAMLETS = "HN-01"


def form_of(catalogue: Catalogue) -> Form:
    return next(one for one in catalogue.forms if one.code == HAMLETS)


def with_form(catalogue: Catalogue, form: Form) -> Catalogue:
    return replace(catalogue, forms=tuple(form if one.code == form.code else one for one in catalogue.forms))


def with_table(**changes: object) -> Edit:
    def edit(catalogue: Catalogue) -> Catalogue:
        form = form_of(catalogue)
        return with_form(catalogue, replace(form, lists=(replace(form.lists[0], **changes),)))

    return edit


def with_column(code: str, **changes: object) -> Edit:
    def edit(catalogue: Catalogue) -> Catalogue:
        table: ListTable = form_of(catalogue).lists[0]
        columns = tuple(replace(one, **changes) if one.code == code else one for one in table.columns)
        return with_table(columns=columns)(catalogue)

    return edit


def with_rule(**changes: object) -> Edit:
    def edit(catalogue: Catalogue) -> Catalogue:
        rules = tuple(replace(one, **changes) if one.code == "H03" else one for one in catalogue.rules)
        return replace(catalogue, rules=rules)

    return edit


def small() -> Catalogue:
    """The sample catalogue with one form, checked in a moment."""
    whole = base()
    regimes = tuple(one for one in whole.regimes if one.forms == (HAMLETS,))
    rules = tuple(one for one in whole.rules if one.form == HAMLETS)
    return replace(whole, forms=(form_of(whole),), rules=rules, regimes=regimes, units=whole.units[:30], successions=())


def found(catalogue: Catalogue) -> list[Finding]:
    return [*check(catalogue), *check_rules(catalogue)]


NO_KEY = with_column("c00", key=False)
TEXT = with_column("c02", kind=CellKind.TEXT, measure="")
KEPT = with_column("c01", keep=True, indicator="XH03")
RATIO = with_column("c18", keep=True, indicator="XH06")
MISTAKES: list[tuple[str, Edit, Edit]] = [
    (
        "catalogue-form-empty",
        lambda one: with_form(one, replace(form_of(one), lists=())),
        lambda one: with_form(one, replace(form_of(one), rows=(), columns=())),
    ),
    ("catalogue-list-empty", with_table(columns=()), with_table(lines=1)),
    ("catalogue-list-without-key", NO_KEY, lambda one: with_column("c01", key=True)(NO_KEY(one))),
    ("catalogue-list-key-not-typed", with_column("c18", key=True), with_column("c00a", key=True)),
    ("catalogue-list-without-measure", with_column("c02", measure=""), TEXT),
    ("catalogue-list-without-indicator", with_column("c01", keep=True), KEPT),
    ("catalogue-list-not-additive", RATIO, with_column("c18", indicator="XH06")),
    ("catalogue-choices-missing", with_column("c00a", choices=""), with_column("c00a", kind=CellKind.TEXT, choices="")),
    ("catalogue-reference-unknown", with_column("c00a", choices="khuvư"), with_column("c00a", choices="linhvuc")),
    ("catalogue-reference-unknown", with_column("c02", measure="hộ nghèo"), with_column("c02", measure="người")),
    ("catalogue-reference-unknown", with_column("c10", indicator="XH44"), with_column("c10", indicator="XH01")),
    ("catalogue-reference-unknown", with_rule(table="THÔN2"), with_rule(table="THON")),
    ("catalogue-measure-clash", with_column("c10", measure="ha"), with_column("c10", measure="hộ")),
    ("catalogue-series-clash", with_column("c17", indicator="XH04"), with_column("c17", indicator="XH04", keep=False)),
    (
        "catalogue-series-clash",
        with_column("c17", indicator="XH04"),
        with_column("c17", indicator="XH04", aspect=Aspect.CUMULATIVE),
    ),
    ("catalogue-formula-missing", with_column("c18", formula=""), with_column("c18", formula="(c10)")),
    ("catalogue-formula-reference", with_column("c18", formula="(c55)"), with_column("c18", formula="(1)")),
    ("catalogue-formula-reference", with_rule(formula="(c11) <= (c77)"), with_rule(formula="(c11) <= (c09) + (c10)")),
    ("catalogue-formula-cycle", with_column("c18", formula="(c19)/(c18)"), with_column("c18", formula="(c19)")),
    ("catalogue-rule-example", with_rule(failing="[THON].(c11)=1; [THON].(c10)=9"), with_rule(failing="")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "trips", "passes"), MISTAKES, ids=[f"{n}-{one[0]}" for n, one in enumerate(MISTAKES)])
def test_each_mistake_of_a_list_is_named_and_its_neighbour_is_not(code: str, trips: Edit, passes: Edit) -> None:
    said = set(found(trips(small()))) - set(found(small()))
    assert code in [one.code for one in said]
    assert code not in [one.code for one in set(found(passes(small()))) - set(found(small()))]
    assert all(message(one) and fix(one) for one in said)


def test_the_sample_lists_have_no_mistakes() -> None:
    assert not found(base())


def files_of(catalogue: Catalogue) -> dict[str, bytes]:
    lists = ("forms/DTC-01.xlsx", "forms/HN-01.xlsx")
    return {name: data for name, data in definition_book.write(catalogue).items() if name in lists}


def test_lists_survive_their_definition_workbook_and_the_database() -> None:
    read, findings = read_folder(files_of(base()), base())
    assert findings == ()
    for code in ("DTC-01", HAMLETS):
        one = next(form for form in read.forms if form.code == code)
        assert one == next(form for form in base().forms if form.code == code)
        assert revive(Form, plain(one)) == one
    assert set(read.rules) == {one for one in base().rules if one.table}


def test_a_mistake_in_a_lists_workbook_points_at_its_cell() -> None:
    files = files_of(with_column("c02", measure="hộ nghèo")(base()))
    _, findings = read_folder(files, base())
    wrong = next(one for one in findings if one.code == "catalogue-reference-unknown")
    assert (wrong.sheet, wrong.cell, wrong.expected) == ("Cột danh sách", "N5", "hộ")


def test_a_column_of_no_list_is_named() -> None:
    files = files_of(base())
    book = opened(files["forms/HN-01.xlsx"])
    book["Cột danh sách"]["A3"] = "THÔN"
    out = io.BytesIO()
    book.save(out)
    _, findings = read_folder({**files, "forms/HN-01.xlsx": out.getvalue()}, base())
    lost = next(one for one in findings if one.code == "catalogue-reference-unknown")
    assert (lost.sheet, lost.cell, lost.found, lost.expected) == ("Cột danh sách", "A3", "THÔN", "THON")
