"""The same rules in Decimal closures and in LibreOffice: one result."""

import csv
import random
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from registry.catalogue.values import CellKey, State
from registry.rules.background import Background
from registry.rules.bind import Place
from registry.rules.checks import checks_of
from registry.rules.context import Context
from registry.rules.evaluate import compute
from registry.rules.frame import Frame
from registry.rules.lookup import background_value
from registry.rules.needs import outside
from registry.rules.parse import parse
from registry.rules.tree import Call, Function, walk
from tests.rules.small_forms import background, context, rule, sheet, value
from workbook_templates.formula import SheetResolver, check_to_excel, to_excel

FIXED = (
    "(a) + (b)",
    "(a) / (b) * 100",
    "(a) / ((b) - (c))",
    "TỶ_LỆ((a) - (b); (c))",
    "(a) / ((b) / (c))",
    "SUM([R1]:[R6].(a))",
    "SUM([R1]:[R3].(a); [R5].(b); (c) * 2)",
    "MIN([R1]:[R6].(b))",
    "MAX((a); (b); -5)",
    "ROUND((a) * (b); 1)",
    "ROUND((a) / 8; 0)",
    "NẾU((a) > (b); (a) / (b); (b) - (a))",
    'NẾU((c) = 0; ""; (a) / (c))',
    "NẾU((a) > 0 VÀ (b) > 0; (a) + (b); 0)",
    "NẾU((a) > 0 HOẶC KHÔNG((b) > 0); 1; 2)",
    "NẾU(TRỐNG((a)); 0; (a)) + (b)",
    "ABS((a) - (b)) / (b) * 100",
    "LŨY_KẾ((a); 2) + (b)",
    "(a) / KỲ_TRƯỚC((a)) * 100",
    "TRUNG_VỊ((a); 12)",
    "CÙNG_KỲ((a)) + (b)",
    "THÁNG() * (a)",
    "(a) / 3 * 3 - (a)",
    "0,1 + 0,2 - (a)",
    "ĐẾM([R1]:[R6].(a); (b) / (c); 2)",
    "TRUNG_BÌNH([R1]:[R6].(b))",
    "TRUNG_BÌNH((a); (c) - (b))",
    "PHẦN_NGUYÊN((a) / 3)",
    "PHẦN_NGUYÊN(((a) - 0,9) * 10)",
    "PHẦN_DƯ((a); (b))",
    "PHẦN_DƯ(-(a); 3)",
    "LÀM_TRÒN_LÊN((a) * 0,1; 1)",
    "LÀM_TRÒN_LÊN((a) - (b); -1)",
    "LÀM_TRÒN_XUỐNG((a) / (b); 2)",
    "ROUND((a) * 100; -2)",
    "DẤU((a) - (b))",
    "NẾU_TRỐNG((a); (b))",
    "NẾU_TRỐNG((a); 0) + NẾU_TRỐNG(KỲ_TRƯỚC((a)); (b) / (c))",
    "TĂNG_GIẢM((a); (b))",
    "TĂNG_GIẢM((a); CÙNG_KỲ((a)))",
    "NẾU(KHÔNG_PHÁT_SINH((a)); 1; 2)",
    "NẾU(TRONG_KHOẢNG((a); (b); (c)); (a); (b))",
    "NẾU(THUỘC((a); 1; 2; (b)); 1; 0)",
    'NẾU(THUỘC(NHÓM("loai"); "phường"; "xã"); (a); 0)',
    "QUÝ() + (a)",
    "NĂM() * (a)",
    "KẾ_HOẠCH((a)) - (b)",
    "CẤP_DƯỚI((a)) - (b)",
)
CHECKS = (
    "(a) <= (b)",
    "(a) + (b) <= (c)",
    "(a) = (b) + (c)",
    "(a) == (b) + (c)",
    "[R1].(a) = SUM([R2]:[R4].(a))",
    "90 <= (a) <= 130",
    "NẾU((a) = 0; (b) = 0)",
    "ABS((a) - KỲ_TRƯỚC((a))) / KỲ_TRƯỚC((a)) <= 10%",
    "(a) * 2 <> (b)",
    "KHÔNG((a) > 5 HOẶC (b) > 5)",
    "0,1 + 0,2 <= (a)",
    "TRONG_KHOẢNG((a); (b); 100)",
    "THUỘC((a); 1; 2; 3; (c))",
    "KHÔNG_PHÁT_SINH((a)) HOẶC (b) > 1",
    "ĐẾM([R1]:[R4].(a)) >= 2",
    "NẾU_TRỐNG((a); 5) <= (b)",
    "DẤU((a) - (b)) == DẤU((b) - (c))",
    "PHẦN_DƯ((a); 2) == 0",
    "TRUNG_BÌNH([R1]:[R3].(a)) <= (b)",
    'NHÓM("loai") = "xã" VÀ (a) > 1',
)
TYPED = ("", "", "-", "…", 0, 1, 2, 3, 5, 8, "0.3", "0.1", "0.2", "2.5", "12.25", "-3", "1250", "66.7", "99.9")
RULES_ON = "R1"


class Case:
    """One formula over its own little table of R1:R6 by a, b, c, twelve sheet rows from the last one."""

    def __init__(self, number: int, text: str, known: Background, typed: dict[CellKey, object], is_check: bool) -> None:
        self.text, self.typed, self.is_check = text, typed, is_check
        self.top = number * 12 + 1
        form = sheet("" if is_check else text, 3, more=1 if is_check else 2, indicator="NN12")
        self.context: Context = replace(context(form, known=known), below=known)
        self.place = Place(RULES_ON, "f")
        self.hidden: dict[str, str] = {}

    def address(self, key: CellKey) -> str:
        return f"{'ABCF'['abcf'.index(key.column)]}{self.top + int(key.row[1:])}"

    def formula(self) -> str | None:
        node = parse(self.text)
        self.hidden = {
            str(call): f"H{self.top + index}" for index, call in enumerate(outside(node, self.place, self.context.view))
        }
        addresses = {key: self.address(key) for key in self.context.view.cells}
        place = Place(RULES_ON) if self.is_check else self.place
        found = SheetResolver(self.context.view, place, addresses, lambda call, _: self.hidden[str(call)])
        return check_to_excel(node, found) if self.is_check else to_excel(node, found, 3)

    def write(self, workbook_sheet) -> None:
        for key, written in self.typed.items():
            if written in ("-", "…"):
                workbook_sheet.write_string(self.address(key), written)
            elif written != "":
                workbook_sheet.write_number(self.address(key), float(written))
        workbook_sheet.write_formula(f"J{self.top}", self.formula())
        for call in outside(parse(self.text), self.place, self.context.view):
            figure = background_value(self.context, call, RULES_ON, None)
            if isinstance(figure, str):
                workbook_sheet.write_string(self.hidden[str(call)], figure)
            elif figure is not None:
                workbook_sheet.write_number(self.hidden[str(call)], float(figure))

    def expected(self) -> str:
        values = compute(self.context, {key: value(one) for key, one in self.typed.items()})
        if not self.is_check:
            found = values[CellKey(*self.place)]
            return "" if found.state is State.BLANK else str(found.number.normalize() + 0)
        [made] = checks_of(rule(self.text, "S", rows=frozenset({RULES_ON})), self.context.view)
        holding = [part.holds(Frame(self.context, values)) for part in made.parts]
        return "FALSE" if False in holding else "TRUE" if True in holding else ""


def random_formula(pick: random.Random, depth: int = 3) -> str:
    leaves = ["(a)", "(b)", "(c)", "[R2].(a)", "2,0", "0,5", "100,0", "KỲ_TRƯỚC((a))"]
    if depth == 0 or pick.random() < 0.2:
        return pick.choice(leaves)

    def inner() -> str:
        return random_formula(pick, depth - 1)

    shapes = [
        lambda: f"({inner()} {pick.choice('+-*/')} {inner()}) + 0",
        lambda: f"{inner()} {pick.choice('+-')} {inner()}",
        lambda: f"ABS(0 - ({inner()}))",
        lambda: f"ROUND({inner()}; {pick.choice('012')})",
        lambda: f"SUM((a); [R1]:[R4].(b); {inner()})",
        lambda: f"MAX([R1]:[R3].(c); {inner()})",
        lambda: f"NẾU({inner()} {pick.choice(['>', '<=', '='])} {inner()}; {inner()}; {inner()})",
        lambda: f"TỶ_LỆ({inner()}; {inner()})",
        lambda: f"PHẦN_NGUYÊN(({inner()}))" if depth == 1 else f"ĐẾM((a); {inner()})",
        lambda: f"NẾU_TRỐNG((a); {inner()})",
        lambda: f"TĂNG_GIẢM({inner()}; {inner()})",
        lambda: f"LÀM_TRÒN_XUỐNG({pick.choice('abc').join('()')} / 8; {pick.choice('012')})",
    ]
    return pick.choice(shapes)()


def all_cases() -> list[Case]:
    pick = random.Random(20261122)
    history = {f"NN12_2026{month:02d}": month * 10 + 1 for month in range(1, 10)} | {
        "NN12_202510": 50,
        "NN12_202610": 90,
    }
    texts = [(text, False) for text in FIXED * 3] + [(text, True) for text in CHECKS * 6]
    texts += [(random_formula(pick), False) for _ in range(60)]
    return [
        Case(
            number,
            text,
            background(**history) if pick.random() < 0.7 else Background(),
            {CellKey(f"R{row}", column): pick.choice(TYPED) for row in range(1, 7) for column in "abc"},
            is_check,
        )
        for number, (text, is_check) in enumerate(texts)
    ]


def recalculated(workbook: Path, folder: Path) -> list[list[str]]:
    """The cells of a workbook as LibreOffice computes them afresh, by row."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    always = '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>'
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f'<item oor:path="/org.openoffice.Office.Calc/Formula/Load">{always}</item></oor:items>',
        encoding="utf-8",
    )
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false",
            "--outdir",
            str(folder),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    with workbook.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_function_is_among_the_cases():
    texts = (*FIXED, *CHECKS)
    assert {one.function for text in texts for one in walk(parse(text)) if isinstance(one, Call)} == set(Function)


def as_written(cell: str) -> str:
    try:
        return str(Decimal(cell).normalize() + 0)
    except ArithmeticError:
        return cell


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_and_the_closures_agree(tmp_path):
    cases = all_cases()
    workbook = xlsxwriter.Workbook(tmp_path / "cases.xlsx")
    workbook_sheet = workbook.add_worksheet()
    for case in cases:
        case.write(workbook_sheet)
    workbook.close()
    rows = recalculated(tmp_path / "cases.xlsx", tmp_path)
    differing = [
        (case.text, {f"{key.row}.{key.column}": one for key, one in case.typed.items()}, expected, found)
        for case in cases
        if (expected := case.expected()) != (found := as_written(rows[case.top - 1][9]))
    ]
    assert differing == []
    results = [case.expected() for case in cases]
    assert sum(one == "" for one in results) < len(results) * 0.75
    assert {"TRUE", "FALSE", ""} <= set(results)
