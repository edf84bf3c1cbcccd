"""What a report form (biểu mẫu báo cáo) may be: it arranges figures of other forms and asks for none (PRACTICE F11)."""

from __future__ import annotations

from dataclasses import replace

from registry.catalogue.check import check
from registry.catalogue.model import Catalogue, CellKind, Column, Form, FormPurpose, Row
from registry.findings import Finding
from tests.catalogue.folders import Folder, small

SHOWN = Column("a", "1", ("Ước tháng",), CellKind.SHOWN)
ROWS = (Row("R1", "1", "Diện tích", indicator="A1", measure="ha", decimals=1),)
BY_ROW = Form("PL", "PHỤ LỤC", "PL", "", ROWS, (SHOWN,), purpose=FormPurpose.REPORT)
BY_UNIT = replace(
    BY_ROW, rows=(), subjects=("xã", "SNNMT"), columns=(replace(SHOWN, indicator="A1", measure="ha", decimals=1),)
)


def _with(form: Form, *, asked: bool = False) -> Catalogue:
    """The small catalogue whose regime prints the form, or (wrongly) has units fill it."""
    catalogue = small()
    (regime,) = catalogue.regimes
    named = {"forms": (*regime.forms, form.code)} if asked else {"report_forms": (form.code,)}
    return replace(catalogue, forms=(*catalogue.forms, form), regimes=(replace(regime, **named),))


def _found(catalogue: Catalogue) -> tuple[Finding, ...]:
    _, findings = Folder.of(catalogue).read()
    return findings


def test_report_forms_survive_the_workbooks_without_findings() -> None:
    for form in (BY_ROW, BY_UNIT):
        catalogue, findings = Folder.of(_with(form)).read()
        assert findings == ()
        assert form in catalogue.forms
        assert catalogue.regimes[0].report_forms == (form.code,)


def test_a_report_form_with_an_input_is_refused_naming_the_column() -> None:
    (found,) = _found(_with(replace(BY_ROW, columns=(SHOWN, replace(SHOWN, code="b", kind=CellKind.INPUT)))))
    assert (found.code, found.sheet, found.cell) == ("catalogue-report-form-input", "Cột", "E3")


def test_a_report_form_may_have_notes() -> None:
    assert _found(_with(replace(BY_ROW, columns=(SHOWN, Column("n", "D", ("Ghi chú",), CellKind.NOTE))))) == ()


def test_a_report_form_that_units_are_asked_to_fill_is_refused_and_the_other_way_round() -> None:
    (found,) = _found(_with(BY_ROW, asked=True))
    assert (found.code, found.sheet, found.found) == ("catalogue-regime-form-purpose", "Chế độ báo cáo", "PL")
    catalogue = small()
    (regime,) = catalogue.regimes
    wrong = replace(catalogue, regimes=(replace(regime, forms=(), report_forms=regime.forms),))
    assert [one.code for one in check(wrong)] == ["catalogue-regime-form-purpose"]


def test_a_line_for_each_unit_needs_an_indicator_and_a_measure_in_every_figure_column() -> None:
    for column in (replace(BY_UNIT.columns[0], measure=""), replace(BY_UNIT.columns[0], indicator=None)):
        codes = [one.code for one in _found(_with(replace(BY_UNIT, columns=(column,))))]
        assert codes == ["catalogue-report-form-column"]


def test_a_selector_nobody_answers_to_gets_the_nearest_name() -> None:
    (found,) = _found(_with(replace(BY_UNIT, subjects=("xa",))))
    assert (found.code, found.found, found.expected) == ("catalogue-reference-unknown", "xa", "xã")
