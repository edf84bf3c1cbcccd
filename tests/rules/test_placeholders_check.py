"""Faults of an outline's sentences are told when the catalogue is checked, with what was probably meant."""

from dataclasses import replace

import pytest

from registry.catalogue.model import Catalogue, Heading, Outline
from registry.findings import fix, message
from registry.rules.catalogue_check import check
from registry.rules.placeholders import BadPlaceholder, Use, parse, spots
from tests.compile.small_report import FORM, INDICATORS, MEASURES, UNITS


def catalogue(text: str, **more: object) -> Catalogue:
    outline = Outline("DC", "Đề cương", "tỉnh", (Heading("1.", "Thương mại", 1, text=text),))
    return Catalogue(
        tuple(MEASURES.values()),
        UNITS,
        indicators=tuple(INDICATORS.values()),
        forms=(FORM,),
        outlines=(outline,),
        **more,
    )  # type: ignore[arg-type]


TWICE = replace(FORM, rows=(*FORM.rows, replace(FORM.rows[-1], code="INDEX2", label="Bán lẻ")))


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("{{ [Bán lẽ].kế hoạch }}", "", ""),  # accents do not matter
        ("{{ [Bán lẻ hàng] }}", "catalogue-placeholder-unknown", "có phải là “Bán lẻ”"),
        ("{{ {NHO-02}![SAID] }}", "catalogue-placeholder-unknown", "biểu “NHO-02”"),
        ("{{ [SAID].(c66) }}", "catalogue-placeholder-unknown", "cột “c66”"),
        ("{{ [MONEY] | của Xã Ea Sup }}", "", ""),
        ("{{ [MONEY] | của Xã Ea Suop }}", "catalogue-placeholder-unknown", "Xã Ea Súp"),
        ("{{ [SAID] | ha }}", "catalogue-placeholder-measure", "“ha”"),
        ("{{ [SAID] | triệu đồng }}", "", ""),
        ("{{ chênh_lệch([SAID]; [BOTH]) }}", "catalogue-placeholder-measure", "“con”"),
        ("{{ tỷ_lệ([SAID]; [BOTH]) }}", "", ""),
        ("{{ [SAID].cùng kì năm }}", "catalogue-placeholder-bad", "cùng kỳ năm trước"),
        ("{{ tăng_giãm([SAID] }}", "catalogue-placeholder-bad", "Không hiểu"),
        ("{{ tăng_giâm2([SAID]) }}", "catalogue-placeholder-bad", "tăng giảm"),
        ("{{ [SAID] ", "catalogue-placeholder-bad", "“{{”"),
        ("{{ tăng_giảm([SAID]) | tỷ đồng }}", "catalogue-placeholder-bad", "tính bằng %"),
    ],
)
def test_a_fault_is_named_with_what_was_probably_meant(text: str, code: str, told: str) -> None:
    found = [one for one in check(catalogue(text)) if one.code.startswith("catalogue-placeholder")]
    assert [one.code for one in found] == ([code] if code else [])
    assert all(told in message(one) + fix(one) for one in found)


def test_a_name_of_two_rows_is_asked_back() -> None:
    [found] = check(replace(catalogue("{{ [Bán lẻ] }}"), forms=(TWICE,)))
    assert found.code == "catalogue-placeholder-ambiguous"
    assert check(replace(catalogue("{{ [SAID] }}"), forms=(TWICE,))) == ()


def test_functions_and_sides_have_the_spellings_of_rules() -> None:
    assert parse("kế_hoạch([X])") == parse("[X].kế hoạch") == parse("KE_HOACH([X])")
    assert parse("tang giam([X])").use is parse("CHANGE([X]; cùng kỳ)").use is Use.CHANGE


@pytest.mark.parametrize(
    "inside", ["", "[X] |", "x" * 400, "tỷ_lệ([X])", "đạt_kế_hoạch([X]; [Y])", "[X] | 9 số lẻ", "kế_hoạch([X].lũy kế)"]
)
def test_what_is_no_placeholder_is_refused(inside: str) -> None:
    with pytest.raises(BadPlaceholder):
        parse(inside)


def test_places_count_the_braces() -> None:
    assert [(one.start, one.end, one.written) for one in spots("a {{ [X] }} b")] == [(2, 11, "{{ [X] }}")]
