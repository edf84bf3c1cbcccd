"""What becomes of a rule in a workbook, formula by formula."""

from decimal import Decimal

import pytest

from registry.rules.bind import Place
from registry.rules.parse import parse
from tests.rules.small_forms import sheet, view
from workbook_templates.formula import SheetResolver, check_to_excel, to_excel

ROWS = {f"R{n}": n for n in range(1, 7)}
COLUMNS = {"a": "A", "b": "B", "c": "C", "f": "F"}


def resolver(form=None, hidden="Z1"):
    met = view(form or sheet())
    addresses = {key: f"{COLUMNS[key.column]}{ROWS[key.row]}" for key in met.cells}
    return SheetResolver(met, Place("R1", "f"), addresses, lambda call, place: hidden)


def there(address):
    return f'OR(ISNUMBER({address}),{address}="-",{address}="–",{address}="kps")'


@pytest.mark.parametrize(
    ("text", "decimals", "formula"),
    [
        ("(a)", None, f'=IF({there("A1")},N(A1),"")'),
        ("(a) + (b)", 1, f'=IF(AND({there("A1")},{there("B1")}),ROUND(N(A1)+N(B1),1),"")'),
        (
            "(a) / (b) * 100",
            1,
            f'=IF(AND({there("A1")},{there("B1")},N(B1)<>0),ROUND(N(A1)/N(B1)*100,1),"")',
        ),
        (
            "(a) / ((b) - (c))",
            None,
            f'=IF(AND({there("A1")},{there("B1")},{there("C1")},ROUND(N(B1)-N(C1),6)<>0),N(A1)/(N(B1)-N(C1)),"")',
        ),
        (
            "1 / (1 / (a))",
            None,
            f'=IF(AND({there("A1")},N(A1)<>0),IF(1/N(A1)<>0,1/(1/N(A1)),""),"")',
        ),
        (
            "SUM([R1]:[R6].(a))",
            None,
            '=IF(COUNT(A1:A6)+COUNTIF(A1:A6,"-")+COUNTIF(A1:A6,"–")+COUNTIF(A1:A6,"kps")>0,SUM(A1:A6),"")',
        ),
        ("KỲ_TRƯỚC((a))", None, '=IF(ISNUMBER(Z1),N(Z1),"")'),
        ("-(a) - (-5)", None, f'=IF({there("A1")},(-N(A1))-(-5),"")'),
        ('NẾU((a) > 0; 1; "")', None, f'=IF({there("A1")},IF(IF(N(A1)>0,TRUE,FALSE),IF(N(A1)>0,1,0),""),"")'),
        ("1 + 10%", None, "=1+0.1"),
    ],
)  # fmt: skip
def test_a_formula_tests_what_it_reads_before_it_reckons(text, decimals, formula):
    assert to_excel(parse(text), resolver(), decimals) == formula


def test_what_the_view_does_not_have_reads_as_blank():
    absent = SheetResolver(view(sheet(rows=1)), Place(None, "f"), {}, lambda call, place: None)
    assert to_excel(parse("(a) + 1"), absent) == '=""'
    assert to_excel(parse("SUM((a))"), absent) == '=""'
    assert to_excel(parse("CÙNG_KỲ((a)) + 1"), absent) == '=""'


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("(a) <= (b)", f'=IF(AND({there("A1")},{there("B1")}),N(A1)<=N(B1),"")'),
        (
            "(a) = (b) + (c)",
            f'=IF(AND({there("A1")},{there("B1")},{there("C1")}),ROUND(ABS(N(A1)-(N(B1)+N(C1))),6)<0.15,"")',
        ),
        (
            "(a) == (b) + (c)",
            f'=IF(AND({there("A1")},{there("B1")},{there("C1")}),ROUND(N(A1)-(N(B1)+N(C1)),6)=0,"")',
        ),
        (
            "(a) > 0 VÀ (b) > 0",
            f"=IF(MIN(IF({there('A1')},IF(N(A1)>0,1,0),0.5),IF({there('B1')},IF(N(B1)>0,1,0),0.5))=0,FALSE,"
            f"IF(MAX(IF({there('A1')},IF(N(A1)>0,1,0),0.5),IF({there('B1')},IF(N(B1)>0,1,0),0.5))=1,TRUE,"
            '""))',
        ),
        ("TRỐNG((a))", '=A1=""'),
        ('(a) = "x"', '=IF(IF(ISTEXT(A1),A1<>"",FALSE),A1="x","")'),
    ],
)
def test_a_check_is_true_false_or_empty(text, formula):
    assert check_to_excel(parse(text), resolver()) == formula


def test_a_quotient_at_its_precision_is_left_to_the_server():
    assert check_to_excel(parse("(a) = (b) / (c)"), resolver()) is None
    assert check_to_excel(parse("(a) = (b) / (c)"), resolver(sheet(measure="con", more=0))) is not None


def test_the_spread_of_a_sum_counts_every_figure():
    found = check_to_excel(parse("[R1].(a) = SUM([R2]:[R6].(a)) * 2"), resolver())
    assert found is not None
    assert "<0.55," in found
    assert resolver().half_unit(parse("LŨY_KẾ((a); 2)")) == Decimal("0.6")
