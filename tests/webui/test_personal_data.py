"""Columns of personal data (R51): whom the form names sees them, everybody else sees that something stands there."""

import io
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from actions import catalogues, decide, openings, receive, submit
from actions.cases import situation
from actions.compiling import compile_report
from actions.console import open_desk
from actions.instance import Instance
from registry.catalogue.model import Catalogue, Form, Role
from registry.catalogue.values import HIDDEN, CellKey, CellValue, State
from registry.findings import Severity
from registry.sample.lists import lines
from registry.store import submissions
from registry.store.openings import Work
from registry.workflow.personal import Sight, sight
from registry.workflow.policy import Actor, Grant
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.small_province import sit
from tests.webui.test_lists_walk import DUE, work_of, workbook

NAME = "Đường Nguyễn Thị Mẫu"
TABLE = "DA"
REFUSED = "không thuộc diện được xem"


def private(form: Form, *seen_by: str, days: int | None = 365) -> Form:
    """The list of projects, whose names are said to be personal data."""
    (table,) = form.lists
    columns = tuple(replace(one, personal=True) if one.code == "c02" else one for one in table.columns)
    lists = (replace(table, columns=columns),)
    return replace(form, lists=lists, personal_seen_by=seen_by, personal_kept_days=days)


def sent_in(instance: Instance, clock: Clock, *seen_by: str) -> tuple[Work, int]:
    """A list with a name in it, handed in and approved; the upload's number."""
    office = sit(instance, "vpub")
    with office.read() as connection:
        form = office.snapshot(connection).form_versions["DTC-01"].form
    catalogues.put(open_desk(instance, None), Catalogue(forms=(private(form, *seen_by),)))
    openings.open_period(office, "DTC", "202610")
    clock.now = DUE
    desk = sit(instance, "easup", DUE)
    work = work_of(desk)
    with desk.read() as connection:
        one = situation(connection, desk.snapshot(connection), work)
    answers = lines(one.view, one.unit, one.period) | {CellKey(TABLE, "c02", 1): CellValue(State.VALUE, text=NAME)}
    number = receive.receive(desk, io.BytesIO(workbook(desk, answers)), "dtc.xlsx", work.unit_id)
    found = receive.judge_upload(desk, number)
    texts = {at: "đã đối chiếu" for at, one in enumerate(found.findings) if one.severity is Severity.WARNING}
    submit.submit(desk, number, texts)
    decide.approve(sit(instance, "ld.easup", DUE), work.assignment_id, 1)
    return work, number


OWN = ["easup", "ld.easup"]


@pytest.mark.parametrize(
    ("seen_by", "who"),
    [((), OWN), (("monitor",), [*OWN, "ioc"]), (("VPUB",), [*OWN, "vpub"])],
    ids=["nobody else", "a role", "a unit"],
)
@ON_SQLITE
def test_only_whom_the_form_names_sees_personal_data(
    instance: Instance, clock: Clock, signed_in: SignIn, seen_by: tuple[str, ...], who: list[str]
) -> None:
    work, number = sent_in(instance, clock, *seen_by)
    with instance.store.read() as connection:
        newest = submissions.newest(connection, work.submission_id)
    assert newest is not None
    for login in ("easup", "ld.easup", "vpub", "nhan.stc", "ioc"):
        for address in (f"/viec/{work.assignment_id}", f"/nguon/{newest.id}?o={TABLE}.c02.1"):
            page = signed_in(login).get(address)
            told = (page.status_code, NAME in page.text, str(HIDDEN.text) in page.text)
            assert told == (200, login in who, login not in who), (login, address)
    for login in ("easup", "vpub"):
        sees = login in who
        page = signed_in(login).get(f"/tep/{number}").text
        assert (NAME in page, str(HIDDEN.text) in page) == (sees, not sees), login
        for file in ("tai-ve", "danh-dau.xlsx"):
            got = signed_in(login).get(f"/tep/{number}/{file}", buffered=True)
            assert (got.status_code == 200, REFUSED.encode() in got.data) == (sees, not sees), file
    assert signed_in("bmt").get(f"/viec/{work.assignment_id}").status_code == 404


def test_neither_a_compiled_report_nor_a_workbook_for_others_holds_personal_data(
    instance: Instance, clock: Clock, signed_in: SignIn
) -> None:
    sent_in(instance, clock, "STC")
    made = compile_report(sit(instance, "vpub", DUE + timedelta(days=1)), "DTC", "202610")
    book = openpyxl.load_workbook(io.BytesIO(made.files[0].data))
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert (NAME in texts, HIDDEN.text in texts) == (False, True)
    openings.open_period(sit(instance, "vpub", DUE), "DTC", "202611")
    desk = sit(instance, "easup", DUE)
    address = f"/bieu-mau/{work_of(desk, '202611').assignment_id}.xlsx"
    for login, sees in (("easup", True), ("vpub", False)):
        data = signed_in(login).get(address, buffered=True).data
        begun = {cell.value for row in openpyxl.load_workbook(io.BytesIO(data))["DTC-01"].iter_rows() for cell in row}
        assert (NAME in begun) == sees, login


def test_a_sight_hides_what_is_not_blank_and_what_is_said_of_its_line() -> None:
    seen = Sight(frozenset({("DS", "d01"), ("", "c09")}))
    values = {
        CellKey("DS", "d01", 1): CellValue(State.VALUE, text="Nguyễn Văn A"),
        CellKey("DS", "d02", 1): CellValue(State.VALUE, text="Thôn 1"),
        CellKey("DS", "d01", 2): CellValue(State.BLANK),
        CellKey("NN14", "c09"): CellValue(State.VALUE, text="0912"),
    }
    shown = seen.values(values)
    assert [one.text for one in shown.values()] == [HIDDEN.text, "Thôn 1", None, HIDDEN.text]
    assert [seen.hides_line(key) for key in values] == [True, True, True, True]
    assert not seen.hides_line(CellKey("NN14", "c05"))
    assert Sight().values(values) is values


@ON_SQLITE
def test_a_unit_sees_its_own_and_no_other_units(instance: Instance) -> None:
    office = sit(instance, "vpub")
    with office.read() as connection:
        snapshot = office.snapshot(connection)
    form = private(snapshot.form_versions["DTC-01"].form)
    own, other = snapshot.unit_ids[province.EASUP], snapshot.unit_ids[province.BMT]
    clerk = sit(instance, "easup").actor
    assert sight(clerk, form, own, snapshot.unit_ids).is_whole
    assert not sight(clerk, form, other, snapshot.unit_ids).is_whole
    assert not sight(Actor(1, "x", "x", ()), form, own, snapshot.unit_ids).is_whole
    named = replace(form, personal_seen_by=(province.BMT,))
    of_bmt = Actor(1, "x", "x", (Grant(Role.MONITOR, other, frozenset()),))
    assert sight(of_bmt, named, own, snapshot.unit_ids).is_whole
    assert sight(office.actor, snapshot.form_versions["KTXH-01"].form, own, snapshot.unit_ids).is_whole
