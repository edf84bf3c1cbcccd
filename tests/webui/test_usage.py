"""Use of the system and the report on it: counts are those of the tables, sendings those of the board (R29, 17.3)."""

import io
from collections import Counter
from datetime import timedelta

import openpyxl
import pytest
from docx import Document
from sqlalchemy import select

from actions import history, people, usage
from actions.desk import NotYours
from actions.instance import Instance, local_day
from actions.usage import Paper
from compile.history import Record
from compile.usage import UsageReport, by_period, late, missing, summary, tables
from registry.store import accounts, board, sendings
from registry.store import usage as stored
from registry.store.tables import audit
from registry.workflow.policy import EVERYWHERE
from registry.workflow.timeliness import Arrival, is_late, judged
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, Clock, SignIn
from tests.webui.rights import unit_key
from tests.webui.small_province import BMT, EASUP, NOW, WORD, sit
from tests.webui.test_board import statements
from tests.webui.test_chase import opening_of
from tests.webui.test_history import lived

LATER = NOW + timedelta(days=10)


def report_of(instance: Instance, unit: str | None = None, login: str = "vpub") -> UsageReport:
    return usage.gather(sit(instance, login, LATER), usage.named("202610"), unit_key(instance, unit) if unit else None)


def test_use_is_counted_for_all_units_in_as_many_queries_as_for_one(instance: Instance) -> None:
    """Ea Súp's clerk signs in twice and sends a file, its leader approves; a ward's first file fails."""
    for _ in range(2):
        people.sign_in(instance, "easup", WORD, "127.0.0.1", NOW)
    province.carry_through(instance, "easup", "ld.easup")
    province.sent(sit(instance, "bmt"), "-5")
    province.sent(sit(instance, "bmt"), "7")
    span = history.span(NOW.date().replace(day=1), NOW.date() + timedelta(days=10))
    mine, other = unit_key(instance, EASUP), unit_key(instance, BMT)
    with instance.store.read() as connection:
        with statements(instance) as asked:
            found = stored.of_units(connection, None, *span, local_day(NOW))
        assert len(asked) == 5
        people_there = accounts.of_units(connection, [mine], local_day(NOW))[mine]
        alone = stored.of_units(connection, {mine}, *span, local_day(NOW))
    assert alone == {mine: found[mine]}
    here, there = found[mine], found[other]
    assert (here.accounts, here.active, here.sign_ins) == (len(people_there), 1, 2)
    assert (here.uploads, here.first_files, here.accepted_first) == (1, 1, 1)
    assert (here.approvals, here.own_entries, here.delegated, here.on_behalf) == (1, 0, 0, 0)
    assert (there.uploads, there.first_files, there.accepted_first) == (2, 1, 0)


def test_the_report_says_what_judged_says_and_the_board_shows(instance: Instance) -> None:
    lived(instance)
    report = report_of(instance)
    desk = sit(instance, "vpub", LATER)
    with instance.store.read() as connection:
        calendar = desk.snapshot(connection).calendar
        found = [(one, judged(one, LATER, calendar)) for one in sendings.within(connection, EVERYWHERE)]
        squares = board.squares(connection, EVERYWHERE, opening_of(instance).id, unit_key(instance, "STC"))
    assert report.record.counts == Counter(standing.arrival for _, standing in found)
    unsent = [one for one in squares if one.sending.sent_at is None and is_late(one.sending, LATER)]
    assert len(missing(report).rows) == len(unsent) == report.record.counts[Arrival.MISSING]
    assert len(late(report).rows) == report.record.counts[Arrival.LATE] == 0
    whole, month = by_period(report).rows
    assert [cell.text for cell in whole.cells[2:]] == [cell.text for cell in month.cells[2:]]
    assert f"được giao {len(found)} lần" in summary(report)[0]
    assert "mưa lũ" in " ".join(cell.text for row in usage_rows(report, "Được gia hạn") for cell in row)
    parts = [Record.of(one for one in report.held if one.unit.code == code).asked for code in (EASUP, BMT)]
    assert parts == [1, 1]
    other = usage.gather(desk, usage.named("202609"))
    assert "không có báo cáo nào đến hạn" in summary(other)[0]


def usage_rows(report: UsageReport, title: str) -> list[list[object]]:
    (table,) = [one for one in tables(report) if one.title == title]
    return [list(row.cells) for row in table.rows]


@ON_SQLITE
def test_every_unit_reports_about_itself_and_nobody_about_another(
    instance: Instance, signed_in: SignIn, clock: Clock
) -> None:
    lived(instance)
    clock.now = LATER
    own = signed_in("bmt")
    page = own.get("/su-dung", query_string={"ky": "2026H2"}).text
    assert "Ủy ban nhân dân phường Buôn Ma Thuột được giao 1 lần" in page
    assert "Ea Súp" not in page
    got = own.get("/su-dung/2026H2.docx")
    assert "BC_su-dung_2026H2_24133.docx" in got.headers["Content-Disposition"]
    text = "\n".join(one.text for one in Document(io.BytesIO(got.data)).paragraphs)
    assert "Ea Súp" not in text
    assert own.get("/su-dung", query_string={"don-vi": EASUP}).status_code == 404
    assert own.get("/su-dung/2026H2.xlsx", query_string={"don-vi": EASUP}).status_code == 404
    assert own.get("/su-dung/2026W05.docx").status_code == 404
    with pytest.raises(NotYours):
        report_of(instance, login="bmt")
    assert signed_in("bmnn").get("/su-dung").status_code == 404


@ON_SQLITE
def test_the_document_has_the_head_of_who_reports_and_taking_it_is_on_record(instance: Instance) -> None:
    lived(instance)
    heads = {}
    for login, unit in (("vpub", None), ("ld.easup", EASUP)):
        desk = sit(instance, login, LATER)
        made = usage.take_away(desk, report_of(instance, unit, login), Paper.DOCUMENT)
        document = Document(io.BytesIO(made.data))
        heads[login] = document.tables[0].rows[0].cells[0].text
        text = "\n".join(one.text for one in document.paragraphs)
        assert "BÁO CÁO" in text
        assert "tính đến" in text
        assert "./." in text
    assert heads["ld.easup"].startswith("ỦY BAN NHÂN DÂN\nXÃ EA SÚP")  # nobody stands above it (F31)
    assert heads["vpub"].startswith("UBND TỈNH ĐẮK LẮK\nVĂN PHÒNG")
    book = usage.take_away(sit(instance, "ioc", LATER), report_of(instance, login="ioc"), Paper.WORKBOOK)
    sheets = openpyxl.load_workbook(io.BytesIO(book.data)).sheetnames
    assert sheets == ["Theo kỳ", "Theo đơn vị", "Trễ hạn", "Chưa gửi", "Gia hạn", "Sử dụng", "Phản ánh"]
    with instance.store.read() as connection:
        query = select(audit.c.actor).where(audit.c.action == "see-usage").order_by(audit.c.seq)
        assert list(connection.execute(query).scalars()) == ["vpub", "ld.easup", "ioc"]
