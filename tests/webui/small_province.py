"""The sample province with three communes only, and the month of October as its people live it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from docx import Document

from actions import catalogues, decide, distribute, openings, people, receive, reports, submit
from actions.cases import situation
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance, local_day
from actions.made import Made
from actions.submit import nil_values
from registry.catalogue.model import Catalogue, Role, RoleHolder
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Severity
from registry.sample import catalogue
from registry.store import openings as stored
from registry.store import people as accounts
from registry.store import reports as stored_reports
from registry.store import submissions
from registry.store.openings import Work
from registry.workflow.policy import Action
from vietnamese.dates import HO_CHI_MINH

NOW = datetime(2026, 10, 15, 9, 0, tzinfo=HO_CHI_MINH)
WORD = "Một-mật-khẩu-Đủ-Dài-2026"
EASUP, BMT = "24211", "24133"
FARM, SOCIETY = "24211-KT", "24211-VHXH"  # its divisions
OFFICE_OF_EASUP, BORN = "24211-VP", date(2025, 7, 1)
BY_THE_SEA = "22015"
COMMUNES = (EASUP, BMT, BY_THE_SEA)  # a commune, a ward, a ward by the sea
PEOPLE = {
    Role.OFFICE: "vpub",
    Role.UNIT_ADMIN: "qt.easup",
    Role.LEADER: "ld.easup",
    Role.CLERK: "easup",
    Role.RECEIVER: "nhan.stc",
    Role.MONITOR: "ioc",
    Role.SECURITY: "bmnn",
    Role.WATCH: "khcn",
}
Answers = dict[CellKey, CellValue]


@dataclass(frozen=True)
class Things:
    """What one unit has that a page can be about."""

    unit_id: int
    assignment_id: int
    upload: int
    opening_id: int
    reception_id: int
    request_reception: int = 0  # of the request Ea Súp asked its own office
    request_report: int = 0  # compiled of it
    own_version: int = 0  # of its report, as it was sent
    request_assignment: int = 0  # what it asks of the office
    behalf: int = 0  # document by which the unit's form was to be entered on its behalf
    receipt: int = 0  # of what was handed in
    plea: int = 0  # for more time, waiting
    trial: int = 0  # lying with the unit before December is opened
    capacity: int = 0  # in which its leader signs
    delegation: int = 0  # by its leader to its clerk
    leaver: int = 0  # its clerk
    account_request: int = 0  # for a new account, before the head of the unit
    account_import: int = 0  # by which the office made accounts
    feedback: int = 0  # its clerk wrote
    enclosure: int = 0  # laid beside it
    reopening: int = 0  # asked of those who receive Ea Súp's report
    practice: int = 0  # its part in a training
    version: int = 0  # of its form, as handed in
    dashboard: int = 0  # of its own


def small_catalogue() -> Catalogue:
    """The sample catalogue, with all agencies but only three communes."""
    whole = catalogue()
    units = tuple(unit for unit in whole.units if not unit.kind.is_commune or unit.code in COMMUNES)
    units = tuple(unit for unit in units if unit.parent not in COMMUNES or unit.code == OFFICE_OF_EASUP)
    codes = {unit.code for unit in units}
    gone = {unit.code for unit in whole.units} - codes
    regimes = tuple(
        replace(one, reporters=tuple(code for code in one.reporters if code not in gone)) for one in whole.regimes
    )
    holders = (
        RoleHolder("nhan.stc", "Lê Văn Nhận", "Chuyên viên", Role.RECEIVER, "STC", BORN),
        RoleHolder("nl.vp", "Hà Thị Ghi", "Văn phòng – thống kê", Role.CLERK, OFFICE_OF_EASUP, BORN),
        RoleHolder("ld.vp", "Y Wên Niê", "Chánh Văn phòng", Role.LEADER, OFFICE_OF_EASUP, BORN),
    )
    return replace(
        whole,
        units=units,
        regimes=regimes,
        successions=(),
        plans=tuple(plan for plan in whole.plans if plan.subject in codes),
        roles=(*(holder for holder in whole.roles if holder.unit in codes), *holders),
    )


def fill(instance: Instance) -> None:
    """Load the catalogue, give everybody a password."""
    catalogues.put(open_desk(instance, None), small_catalogue())
    with instance.store.read() as connection:
        known = accounts.all_people(connection)
    people.give_password(instance, known, WORD, NOW)


def add_divisions(instance: Instance) -> None:
    """The sample's two divisions of Ea Súp that fill in its forms, with their people."""
    units = tuple(unit for unit in catalogue().units if unit.code in (FARM, SOCIETY))
    roles = (
        *(one for one in catalogue().roles if one.unit in (FARM, SOCIETY)),
        RoleHolder("ld.vhxh", "H Nga Mlô", "Trưởng phòng", Role.LEADER, SOCIETY, BORN),
    )
    catalogues.put(open_desk(instance, None), Catalogue(units=units, roles=roles))
    with instance.store.read() as connection:
        known = accounts.all_people(connection)
    people.give_password(instance, known, WORD, NOW)


def sit(instance: Instance, login: str, moment: datetime = NOW) -> Desk:
    """That person's desk."""
    with instance.store.read() as connection:
        person = accounts.find(connection, login)
        assert person is not None, login
        actor = accounts.actor(connection, person.id, local_day(moment))
    assert actor is not None
    return Desk(instance, actor, moment)


def open_month(instance: Instance) -> int:
    """October, open."""
    return openings.open_period(sit(instance, "vpub"), "KTXH", "202610")


def work_of(desk: Desk, period: str = "202610") -> Work:
    """The unit's one form of the month."""
    with desk.read() as connection:
        return stored.work(connection, desk.scope(Action.SEE_WORK), regime="KTXH", period_code=period)[0]


_UNCHANGED = 1  # generation of the catalogue as it was filled in
_MADE: dict[object, Made] = {}  # of an unchanged catalogue: equal orders and answers give equal bytes


def filled(desk: Desk, number: str = "120", period: str = "202610", **changed: CellValue) -> tuple[str, bytes]:
    """The unit's workbook, figures of this month all alike except those named ``NN14_c06``."""
    work = work_of(desk, period)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        one = situation(connection, snapshot, work)
    known = nil_values(one)
    answers: Answers = {
        key: known[key] if spec.shift and known[key].number is not None else CellValue(State.VALUE, Decimal(number))
        for key, spec in one.view.inputs.items()
    }
    for name, value in changed.items():
        answers[CellKey(*name.split("_"))] = value
    figures = frozenset(one.context.background.figures.items())
    keys = tuple(desk.instance.token_keys.items())
    at = (keys, one.work, one.answerer.name, figures, tuple(answers.items()))
    made = _MADE.get(at) if snapshot.generation == _UNCHANGED else None
    if made is None:
        made = _MADE[at] = distribute.make(desk, snapshot, one, answers)
    return made.name, made.data


def sent(desk: Desk, number: str = "120", period: str = "202610", **changed: CellValue) -> int:
    """Upload such a workbook and judge it; its number."""
    name, data = filled(desk, number, period, **changed)
    upload = receive.receive(desk, io.BytesIO(data), name, work_of(desk, period).unit_id)
    receive.judge_upload(desk, upload)
    return upload


def submitted(desk: Desk, number: str = "120", period: str = "202610", **changed: CellValue) -> int:
    """Upload and put before the leader; the upload's number."""
    upload = sent(desk, number, period, **changed)
    verdict = receive.judge_upload(desk, upload)
    texts = {at: "đã đối chiếu" for at, one in enumerate(verdict.findings) if one.severity is Severity.WARNING}
    submit.submit(desk, upload, texts)
    return upload


def narrative() -> io.BytesIO:
    """A little document."""
    document, out = Document(), io.BytesIO()
    document.add_paragraph("Tình hình kinh tế – xã hội tháng 10 ổn định.")
    document.save(out)
    out.seek(0)
    return out


def carry_through(instance: Instance, clerk_login: str, leader_login: str, told: bytes = b"") -> Things:
    """One unit's month from upload to a sent report with its narrative, a little one or ``told``."""
    clerk, leader = sit(instance, clerk_login), sit(instance, leader_login)
    work, upload = work_of(clerk), submitted(clerk)
    document = io.BytesIO(told) if told else narrative()
    reports.attach_narrative(clerk, work.opening_id, work.unit_id, document, "thuyết minh tháng 10.docx")
    decide.approve(leader, work.assignment_id, 1)
    reports.send(leader, work.opening_id, work.unit_id)
    with instance.store.read() as connection:
        taken = stored_reports.receptions(connection, work.opening_id)
        receipt = submissions.events(connection, work.submission_id)[0].id
        report = next(one.report_id for one in taken if one.unit_id == work.unit_id)
        sent = stored_reports.version_id(connection, report, 1)
        newest = submissions.newest(connection, work.submission_id)
    reception = next(one.id for one in taken if one.unit_id == work.unit_id)
    version = newest.id if newest else 0
    return Things(
        work.unit_id,
        work.assignment_id,
        upload,
        work.opening_id,
        reception,
        receipt=receipt,
        own_version=sent,
        version=version,
    )


def a_compiled_report(instance: Instance, opening_id: int, receiver_code: str = "VPUB") -> int:
    """A compiled version with its two files, as the compile leaves it; its key."""
    desk = sit(instance, "vpub")
    with instance.store.write() as connection:
        receiver = desk.snapshot(connection).unit_ids[receiver_code]
        report = stored_reports.compiling(connection, opening_id, receiver)
        coverage = {"have": 2, "expected": 5, "missing": ["Sở Tài chính"]}
        key, _ = stored_reports.add_version(
            connection, report, NOW, (), "0" * 64, desk.actor.person_id, coverage=coverage
        )
        for kind in ("xlsx", "docx"):
            file = instance.files.put(io.BytesIO(kind.encode()))
            stored_reports.add_file(connection, key, kind, f"bao-cao.{kind}", file, NOW)
    return key
