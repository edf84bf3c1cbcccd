"""A request of the Department of Agriculture to the three communes, as its people make and answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from actions import decide, entry, people, reports, requests, submit
from actions.instance import Instance
from registry.catalogue.asking import Ask, AskedColumn, AskedRow, ColumnKind
from registry.catalogue.model import Role, RoleHolder, Urgency
from registry.catalogue.values import CellKey
from registry.store import openings as stored
from registry.store import people as accounts
from registry.store import reports as stored_reports
from registry.store.openings import Opening, Work
from registry.workflow.policy import Action
from tests.webui.small_province import EASUP, NOW, OFFICE_OF_EASUP, WORD, a_compiled_report, sit

DUE = NOW + timedelta(days=2, hours=7)  # Saturday 17/10/2026, 16:00
HALLS = Ask(
    name="Rà soát nhà văn hóa thôn, buôn",
    units=("xã", "phường"),
    document="1234/SNNMT-VP",
    dated=date(2026, 10, 14),
    summary="Về việc rà soát nhà văn hóa thôn, buôn",
    urgency=Urgency.URGENT,
    contact="Lê Thị Hỏi",
    phone="0262 3 111 222",
    rows=(AskedRow("Nhà văn hóa thôn", "nhà"), AskedRow("Kinh phí sửa chữa", "triệu đồng")),
    columns=(AskedColumn("Hiện có"), AskedColumn("Cần sửa"), AskedColumn("Ghi chú", ColumnKind.TEXT)),
)
STORM = replace(
    HALLS,
    name="Báo cáo nhanh thiệt hại do bão số 9",
    rows=(AskedRow("Người bị thương", "người"), AskedRow("Lúa bị ngập", "ha")),
    columns=(),
    repeats=True,
)
HALLS_FORM = [
    ("asker", "SNNMT"),
    ("name", HALLS.name),
    ("due", f"{DUE:%Y-%m-%dT%H:%M}"),
    ("document", HALLS.document),
    ("dated", "2026-10-14"),
    ("summary", HALLS.summary),
    ("kind", "chuyên đề"),
    ("urgency", "khẩn"),
    ("contact", HALLS.contact),
    ("phone", HALLS.phone),
    *[("row", row.label) for row in HALLS.rows],
    ("row", ""),
    *[("measure", row.measure) for row in HALLS.rows],
    ("measure", ""),
    *[("column", column.heading) for column in HALLS.columns],
    *[("column_kind", str(column.kind)) for column in HALLS.columns],
    ("nil", "1"),
    ("unit", "xã"),
    ("unit", "phường"),
]
ADMINS = (
    RoleHolder("qt.snnmt", "Lê Thị Hỏi", "Chánh Văn phòng", Role.UNIT_ADMIN, "SNNMT", date(2025, 7, 1)),
    RoleHolder("qt.vpub", "Trần Văn Phòng", "Phó Chánh Văn phòng", Role.UNIT_ADMIN, "VPUB-TH", date(2025, 7, 1)),
)


def put_admins(instance: Instance) -> None:
    """Give the Department and a division an administrator."""
    with instance.store.write() as connection:
        accounts.put_holders(connection, ADMINS, "test")
    with instance.store.read() as connection:
        known = [one for one in accounts.all_people(connection) if one.login in {holder.login for holder in ADMINS}]
    people.give_password(instance, known, WORD, NOW)


def asked(
    instance: Instance, ask: Ask = HALLS, due: datetime = DUE, login: str = "qt.snnmt", asker: str = "SNNMT"
) -> Opening:
    """The request, open."""
    return requests.ask(sit(instance, login), asker, ask, due)


def work_on(instance: Instance, opening: Opening, login: str = "easup") -> Work:
    """The one form a unit is asked for."""
    desk = sit(instance, login)
    with desk.read() as connection:
        return stored.work(connection, desk.scope(Action.SEE_WORK), opening_id=opening.id)[0]


def typed(**texts: str) -> dict[CellKey, str]:
    """``typed(D01_c01="12")`` as cells and texts."""
    return {CellKey(*name.split("_")): text for name, text in texts.items()}


def answered(
    instance: Instance,
    opening: Opening,
    moment: datetime = NOW,
    commune: str = "easup",
    clerk_login: str = "",
    **texts: str,
) -> int:
    """Typed on the page by the clerk, submitted, approved by the leader; the assignment."""
    login = clerk_login or commune
    work = work_on(instance, opening, login)
    clerk, leader = sit(instance, login, moment), sit(instance, f"ld.{commune}", moment)
    number, verdict = entry.enter(clerk, work.assignment_id, typed(**texts))
    assert verdict.can_be_submitted, verdict.findings
    submit.submit(clerk, number)
    decide.approve(leader, work.assignment_id, work.version + 1)
    return work.assignment_id


def a_request_within_easup(instance: Instance) -> tuple[int, int]:
    """Ea Súp asks its own office, which answers and sends: the keys of the reception and of a compiled report."""
    opening = asked(instance, replace(HALLS, units=(OFFICE_OF_EASUP,)), login="qt.easup", asker=EASUP)
    answered(instance, opening, commune="vp", clerk_login="nl.vp", D01_c01="2")
    work = work_on(instance, opening, "nl.vp")
    reports.send(sit(instance, "ld.vp"), opening.id, work.unit_id)
    with instance.store.read() as connection:
        (reception,) = stored_reports.receptions(connection, opening.id)
    return reception.id, a_compiled_report(instance, opening.id, EASUP)


def form(**changed: str) -> dict[str, object]:
    """The five-minute form as a browser sends it."""
    given = MultiDict([pair for pair in HALLS_FORM if pair[0] not in changed] + list(changed.items()))
    return {"data": urlencode(list(given.items(multi=True))), "content_type": "application/x-www-form-urlencoded"}
