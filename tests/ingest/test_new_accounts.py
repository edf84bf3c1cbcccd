"""A workbook of new accounts: for each code one that trips it and one that nearly does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ingest.new_accounts import read_accounts
from registry.catalogue.chronicle import lasting
from registry.catalogue.model import Role
from registry.catalogue.new_accounts import MOST, Known, NewAccount, checked, login_for
from registry.findings import Finding, finding, fix, is_blocking, message
from registry.sample import catalogue
from workbook_templates.account_book import account_book

NAME = "Danh sách.xlsx"
ALIVE = tuple(lasting(catalogue().units))
UNITS = {unit.code: unit.name for unit in ALIVE}
TAKEN = frozenset({"easup", "annv.24211"})
KNOWN = Known(UNITS, TAKEN, {("h'hoa ayun", "24211"): "hoa"}, "VPUB")
AN = NewAccount("Nguyễn Văn An", "24211", (Role.CLERK,), "Công chức", "0905 123 456", "an@daklak.gov.vn", "an.24211")
BINH = NewAccount("Trần Thị Bình", "24133", (Role.LEADER, Role.RECEIVER))


def book(*rows: NewAccount) -> bytes:
    return account_book(ALIVE, rows)


def judged(data: bytes) -> tuple[tuple[NewAccount, ...], tuple[Finding, ...]]:
    rows, places, found = read_accounts(data, NAME)
    accounts, more = checked(rows, places, KNOWN)
    return accounts, (*found, *more)


def typed(cell: str, text: str, *rows: NewAccount) -> bytes:
    """A workbook in which one cell was written over by hand."""
    workbook, out = load_workbook(BytesIO(book(*rows))), BytesIO()
    workbook["Tài khoản"][cell] = text
    workbook.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Pair:
    """A code, rows that trip it and where, rows that nearly do."""

    code: str
    trips: tuple[NewAccount, ...]
    cell: str | None
    nearly: tuple[NewAccount, ...]


PAIRS = (
    Pair("account-none", (), None, (AN,)),
    Pair(
        "account-too-many",
        tuple(replace(AN, login="", phone=f"09051{n:05d}") for n in range(MOST + 1)),
        None,
        tuple(replace(AN, login="", phone=f"09051{n:05d}") for n in range(MOST)),
    ),
    Pair("account-unit-unknown", (AN, replace(BINH, unit="2421l")), "B3", (AN, BINH)),
    Pair("account-login-bad", (replace(AN, login="nguyễn an"),), "G2", (replace(AN, login="nguyen.an"),)),
    Pair("account-login-taken", (replace(AN, login="EaSup"),), "G2", (replace(AN, login="easup2"),)),
    Pair("account-login-twice", (AN, replace(BINH, login="an.24211")), "G3", (AN, replace(BINH, login="an.24133"))),
    Pair(
        "account-person-twice",
        (AN, replace(AN, name="NGUYỄN VĂN AN", login="")),
        "A3",
        (AN, replace(AN, login="", phone="0905 123 457")),
    ),
    Pair("account-mail-bad", (replace(AN, email="an@daklak"),), "F2", (replace(AN, email="an@x.vn"),)),
    Pair("account-phone-bad", (replace(AN, phone="hỏi văn thư"),), "E2", (replace(AN, phone="(0262) 385-1234"),)),
    Pair(
        "account-enters-and-approves",
        (replace(AN, roles=(Role.CLERK, Role.LEADER)),),
        "C2",
        (replace(AN, roles=(Role.CLERK, Role.RECEIVER)),),
    ),
    Pair(
        "account-office-elsewhere",
        (replace(AN, roles=(Role.OFFICE,)),),
        "C2",
        (replace(AN, unit="VPUB", roles=(Role.OFFICE,)),),
    ),
)


def tripped() -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """What each of them makes the system say: examples of docs/findings."""
    for pair in PAIRS:
        yield pair.code, judged(book(*pair.trips))[1]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.code for pair in PAIRS])
def test_a_workbook_trips_its_code_and_one_nearly_does(pair: Pair) -> None:
    _, found = judged(book(*pair.trips))
    assert [(one.code, one.cell) for one in found] == [(pair.code, pair.cell)]
    assert is_blocking(found)
    assert NAME in message(found[0]) or pair.code == "account-too-many"
    assert fix(found[0])
    _, nearly = judged(book(*pair.nearly))
    assert nearly == ()


def test_somebody_the_unit_has_already_is_pointed_out_and_may_be_another() -> None:
    _, found = judged(book(replace(AN, name="H’Hoa Ayun")))
    assert [(one.code, one.cell, one.expected) for one in found] == [("account-person-known", "A2", "hoa")]
    assert not is_blocking(found)
    assert judged(book(replace(AN, name="H’Hoa Ayun", unit="24133")))[1] == ()


def test_everything_wrong_is_said_at_once_by_cell() -> None:
    _, found = judged(typed("C2", "nhập số", replace(AN, unit="99999"), replace(BINH, email="x", unit="1")))
    assert {(one.code, one.cell) for one in found} == {
        ("catalogue-value-bad", "C2"),
        ("account-unit-unknown", "B3"),
        ("account-mail-bad", "F3"),
    }


def test_only_semicolons_for_roles_is_no_role() -> None:
    _, found = judged(typed("C2", " ; ", AN))
    assert [(one.code, one.cell) for one in found] == [("catalogue-value-missing", "C2")]


def test_a_workbook_comes_back_as_it_was_written_and_lacking_logins_are_made() -> None:
    accounts, found = judged(book(AN, BINH, replace(BINH, phone="0905 000 111")))
    assert found == ()
    assert accounts == (
        AN,
        replace(BINH, login="binhtt.24133"),
        replace(BINH, phone="0905 000 111", login="binhtt2.24133"),
    )


def test_a_login_is_made_of_given_name_initials_and_unit() -> None:
    assert login_for("Nguyễn Văn An", "24211", TAKEN) == "annv2.24211"
    assert login_for("Y Wên Niê", "24211-VP", ()) == "nieyw.24211-vp"
    assert login_for("Đặng   Thị Ngọc Ánh", "STC", ()) == "anhdtn.stc"
    assert login_for("???", "STC", ()) == "tk.stc"


def test_the_code_of_a_near_unit_is_advised() -> None:
    near = finding("account-unit-unknown", workbook=NAME, sheet="Tài khoản", cell="B2", found="2421l", expected="24211")
    assert "24211" in fix(near)
    assert "“”" not in fix(replace(near, expected=""))
