"""Requests outside the periodic reports: who may ask whom, what comes of it, and the rounds of a storm (R19, F20)."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from actions import compiling, distribute, entry, instants, openings, requests, submit
from actions.askers import askable, askers
from actions.cases import situation
from actions.desk import Changed, NotNow, NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.asking import AskedRow
from registry.catalogue.model import FormPurpose
from registry.catalogue.values import CellKey
from registry.store import figures, submissions
from registry.store import openings as stored
from registry.workflow.policy import Action
from tests.webui import asking
from tests.webui.asking import DUE, HALLS, STORM, answered, asked, work_on
from tests.webui.conftest import ON_SQLITE
from tests.webui.small_province import NOW, sit
from vietnamese.dates import HO_CHI_MINH


@pytest.fixture(autouse=True)
def _with_admins(instance: Instance) -> None:
    asking.put_admins(instance)


@ON_SQLITE
def test_asking_writes_ordinary_definitions_and_gives_out_the_work(instance: Instance) -> None:
    opening = asked(instance)
    assert (opening.regime, opening.period) == ("DX-2026-001", "2026DX001")
    desk = sit(instance, "easup")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        works = stored.work(connection, sit(instance, "vpub").scope(Action.SEE_BOARD), opening_id=opening.id)
    regime, request = snapshot.regimes["DX-2026-001"], snapshot.requests["DX-2026-001"]
    assert (regime.lead, regime.receivers, regime.forms) == ("SNNMT", ("SNNMT",), ("DX-2026-001",))
    assert (request.document, request.urgency.value, request.contact) == ("1234/SNNMT-VP", "khẩn", "Lê Thị Hỏi")
    assert snapshot.definitions.indicators["DX-2026-001.D01"].owner == "SNNMT"
    assert len(works) == 3
    assert {work.due_at.astimezone(HO_CHI_MINH) for work in works} == {DUE}  # a Saturday, and it stays one


@ON_SQLITE
def test_the_workbook_of_a_request_names_its_days_and_whom_to_call(instance: Instance) -> None:
    work = work_on(instance, asked(instance))
    book = load_workbook(BytesIO(distribute.workbook(sit(instance, "easup"), work.assignment_id).data))
    said = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    for words in ("từ ngày 15/10/2026 đến ngày 17/10/2026", "16 giờ 00", "Lê Thị Hỏi, 0262 3 111 222"):
        assert words in said, words


def test_units_are_chosen_by_kind_by_group_or_one_by_one(instance: Instance) -> None:
    chosen = {("phường",): 2, ("ven_bien=ven biển",): 1, ("24211", "ven_bien=ven biển"): 2, ("24211",): 1}
    for units, count in chosen.items():
        opening = asked(instance, replace(HALLS, units=units))
        with instance.store.read() as connection:
            works = stored.work(connection, sit(instance, "vpub").scope(Action.SEE_BOARD), opening_id=opening.id)
        assert len(works) == count, units


@ON_SQLITE
def test_numbers_of_requests_and_rounds_are_given_once_in_a_year(instance: Instance) -> None:
    first, second = asked(instance), asked(instance, STORM)
    again = requests.next_round(sit(instance, "qt.snnmt"), second.regime, DUE)
    third = asked(instance)
    codes = [one.period for one in (first, second, again, third)]
    assert codes == ["2026DX001", "2026DX002", "2026DX003", "2026DX004"]
    assert third.regime == "DX-2026-004"


@ON_SQLITE
def test_who_may_ask_whom(instance: Instance) -> None:
    def named(login: str) -> dict[str, set[str]]:
        desk = sit(instance, login)
        with desk.read() as connection:
            snapshot = desk.snapshot(connection)
        return {unit.code: {one.code for one in askable(snapshot, unit)} for unit in askers(desk, snapshot)}

    communes = {"24211", "24133", "22015"}
    assert named("qt.easup") == {"24211": {"24211-VP"}}  # what stands below it in the tree
    assert named("qt.snnmt") == {"SNNMT": communes}
    office = named("vpub")["VPUB"]
    assert communes < office
    assert {"STC", "VPUB-TH"} < office
    assert not {"VPUB", "66"} & office
    for login in ("easup", "ld.easup", "nhan.stc", "ioc"):
        with pytest.raises(NotYours):
            named(login)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"units": ("STC",)}, "not-to-be-asked"),
        ({"units": ("DIEN=x",)}, "nobody-chosen"),
        ({"name": "  "}, "name-needed"),
        ({"rows": ()}, "nothing-asked"),
        ({"rows": (AskedRow("Cầu treo", "cây cầu"),)}, "unknown-measure"),
        ({"rows": tuple(AskedRow(f"Dòng {n}", "nhà") for n in range(41))}, "too-much-asked"),
        ({"form": "KHONG-CO"}, "unknown-form"),
    ],
)
@ON_SQLITE
def test_a_request_that_cannot_be_asked_writes_nothing(
    instance: Instance, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        asked(instance, replace(HALLS, **changed))  # type: ignore[arg-type]
    assert caught.value.code == code
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        assert desk.snapshot(connection).requests.keys() <= {"DX"}


@ON_SQLITE
def test_nobody_asks_in_the_name_of_another_unit_or_for_a_moment_gone_by(instance: Instance) -> None:
    with pytest.raises(NotYours):
        asked(instance, login="qt.easup")
    with pytest.raises(Refusal) as caught:
        asked(instance, due=NOW - timedelta(minutes=1))
    assert caught.value.code == "due-needed"


@ON_SQLITE
def test_a_measure_written_without_accents_is_the_one_in_the_catalogue(instance: Instance) -> None:
    opening = asked(instance, replace(HALLS, rows=(AskedRow("Kinh phí", "Trieu dong"),)))
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        form = desk.snapshot(connection).form_versions[opening.regime].form
    assert [row.measure for row in form.rows] == ["triệu đồng"]


@ON_SQLITE
def test_figures_of_a_request_add_up_in_the_askers_compile_and_meet_no_other_indicator(instance: Instance) -> None:
    opening = asked(instance)
    answered(instance, opening, D01_c01="12", D01_c02="3", D02_c01="150,5", D02_c02="0", D01_c03="đang sửa 2 nhà")
    answered(instance, opening, commune="bmt", D01_c01="30", D01_c02="-", D02_c01="1.000,25", D02_c02="10")
    made = compiling.compile_report(sit(instance, "qt.snnmt"), opening.regime, opening.period, "SNNMT")
    assert made.coverage["have"] == 2
    with instance.store.read() as connection:
        counted = submissions.counted(connection, opening.id, 0, NOW + timedelta(days=1))
        rows = figures.of_versions(connection, [one.version_id for one in counted])
    total: Counter[tuple[str, str]] = Counter()
    for one in rows:
        total[one.series.indicator.removeprefix("DX-2026-001."), one.series.members[-3:]] += one.mantissa
    assert total == {("D01", "c01"): 42, ("D01", "c02"): 3, ("D02", "c01"): 1_150_750_000, ("D02", "c02"): 10_000_000}
    for login in ("qt.easup", "easup", "qt.vpub"):
        with pytest.raises(NotYours):
            compiling.compile_report(sit(instance, login), opening.regime, opening.period, "SNNMT")


@ON_SQLITE
def test_each_round_of_a_storm_starts_from_the_last_and_the_silent_keep_their_count(instance: Instance) -> None:
    first = asked(instance, STORM, NOW + timedelta(hours=3))
    answered(instance, first, D01_c02="2", D02_c02="10,5")
    answered(instance, first, commune="bmt", D01_c02="1", D02_c02="-")
    desk, day = sit(instance, "qt.snnmt", NOW + timedelta(hours=4)), NOW + timedelta(hours=5)
    second = requests.next_round(desk, first.regime, NOW + timedelta(hours=9))
    answered(instance, second, day, D01_c02="1", D02_c02="4")
    third = requests.next_round(sit(instance, "qt.snnmt", NOW + timedelta(hours=10)), first.regime, DUE)
    for login, before in (
        ("easup", {"D01": Decimal(3), "D02": Decimal("14.5")}),
        ("bmt", {"D01": Decimal(1), "D02": Decimal(0)}),
    ):
        work = work_on(instance, third, login)
        clerk = sit(instance, login, NOW + timedelta(hours=11))
        submit.nil(clerk, work.assignment_id)
        with clerk.read() as connection:
            version = submissions.newest(connection, work.submission_id)
        assert version is not None
        assert {row: version.values[CellKey(row, "c03")].amount for row in before} == before


@ON_SQLITE
def test_an_asker_who_wants_an_answer_from_everybody_takes_no_nil_report(instance: Instance) -> None:
    opening = asked(instance, replace(HALLS, nil=False))
    with pytest.raises(NotNow) as caught:
        submit.nil(sit(instance, "easup"), work_on(instance, opening).assignment_id)
    assert caught.value.code == "nil-not-taken"


def test_words_alone_can_be_asked_for_and_an_empty_answer_is_none(instance: Instance) -> None:
    opening = asked(instance, replace(HALLS, rows=(), columns=(), outline=("Ý kiến chung", "Kiến nghị")))
    work = work_on(instance, opening)
    clerk = sit(instance, "easup")
    _, empty = entry.enter(clerk, work.assignment_id, {})
    assert [one.code for one in empty.findings] == ["judge-empty-form"]
    answered(instance, opening, D01_c01="Thống nhất với dự thảo.")


@ON_SQLITE
def test_asking_as_before_gives_back_what_was_asked(instance: Instance) -> None:
    desk = sit(instance, "qt.snnmt")
    for before in (HALLS, STORM, replace(HALLS, rows=(), columns=(), outline=("Ý kiến chung",))):
        opening = asked(instance, before)
        with desk.read() as connection:
            again = requests.as_before(desk, desk.snapshot(connection), opening.regime)
        expected = replace(before, document="", dated=None)
        assert replace(again, rows=expected.rows, columns=expected.columns) == expected
        assert [row.label for row in again.rows] == [row.label for row in before.rows or ()] or before.outline


@ON_SQLITE
def test_a_request_and_a_round_are_given_out_once_however_often_the_button_is_pressed(instance: Instance) -> None:
    desk = sit(instance, "qt.snnmt")
    first = requests.ask(desk, "SNNMT", HALLS, DUE, "DX-2026-001")
    with pytest.raises(Changed):
        requests.ask(desk, "SNNMT", HALLS, DUE, "DX-2026-001")
    assert requests.ask(desk, "SNNMT", HALLS, DUE, "DX-2026-002").regime == "DX-2026-002"  # looked at anew, and meant
    second = requests.next_round(desk, first.regime, DUE, first.period)
    with pytest.raises(Changed):
        requests.next_round(desk, first.regime, DUE, first.period)
    assert requests.next_round(desk, first.regime, DUE, second.period).period == "2026DX004"


@ON_SQLITE
def test_only_input_forms_of_the_catalogue_with_something_to_fill_are_asked_with(instance: Instance) -> None:
    opening = asked(instance)
    desk = sit(instance, "vpub")
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    forms = {code: one.form for code, one in snapshot.form_versions.items()}
    able = {code for code, form in forms.items() if requests.can_be_asked(snapshot, form)}
    assert "DX" in able  # of the catalogue, drawn for storms
    assert opening.regime not in able
    with pytest.raises(Refusal) as caught:
        asked(instance, replace(HALLS, form=opening.regime))
    assert caught.value.code == "form-not-askable"
    for code in able:
        report = replace(forms[code], code="BC", purpose=FormPurpose.REPORT)
        empty = replace(forms[code], code="RONG", columns=(), lists=())
        assert not requests.can_be_asked(snapshot, report)
        assert not requests.can_be_asked(snapshot, empty)


@ON_SQLITE
def test_a_workbook_names_a_lead_that_is_merged_away_since(instance: Instance) -> None:
    desk, work = sit(instance, "easup"), work_on(instance, asked(instance, replace(HALLS, contact="")))
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        one = situation(connection, snapshot, work)
    gone = replace(
        snapshot,
        catalogue=replace(
            snapshot.catalogue, units=tuple(unit for unit in snapshot.catalogue.units if unit.code != "SNNMT")
        ),
    )
    book = load_workbook(BytesIO(distribute.make(desk, gone, one).data))
    said = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert snapshot.units["SNNMT"].name in said


@ON_SQLITE
def test_nobody_asks_anew_what_another_asked(instance: Instance) -> None:
    opening = asked(instance)
    desk = sit(instance, "qt.easup")
    with desk.read() as connection, pytest.raises(NotYours):
        requests.as_before(desk, desk.snapshot(connection), opening.regime)


def test_the_asker_moves_the_deadline_and_reception_of_its_own_request_only(instance: Instance) -> None:
    opening = asked(instance)
    with instance.store.read() as connection:
        month = stored.find(connection, "KTXH", "202610")
    assert month is not None
    admin = sit(instance, "qt.snnmt")
    instants.extend(admin, opening.id, DUE + timedelta(days=1), "mưa lũ")
    instants.set_reception(admin, opening.id, is_open=False)
    for other in (month.id, opening.id):
        desk = admin if other == month.id else sit(instance, "qt.easup")
        with pytest.raises(NotYours):
            instants.extend(desk, other, DUE + timedelta(days=2), "mưa lũ")


@ON_SQLITE
def test_a_regime_asked_for_once_is_opened_for_the_moment_named_and_under_a_code_of_its_own(instance: Instance) -> None:
    opening = asked(instance)
    office = sit(instance, "vpub")
    with pytest.raises(Refusal) as caught:
        openings.open_period(office, opening.regime, "2026DX007")
    assert caught.value.code == "due-needed"
    sunday = datetime(2026, 10, 18, 7, 0, tzinfo=HO_CHI_MINH)
    key = openings.open_period(office, opening.regime, "2026DX007", sunday)
    with office.read() as connection:
        works = stored.work(connection, office.scope(Action.SEE_BOARD), opening_id=key)
    assert {work.due_at for work in works} == {sunday}
