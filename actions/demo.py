"""The demonstration: sample catalogue, history, accounts, and months of work done through the ordinary actions."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from actions import (
    behalf,
    catalogues,
    decide,
    demo_draft,
    distribute,
    dividing,
    entry,
    instants,
    letters,
    openings,
    parts,
    people,
    receive,
    reports,
    requests,
    submit,
)
from actions.cases import Situation, situation, situations
from actions.desk import Desk, Refusal, say
from registry.catalogue.asking import Ask
from registry.catalogue.model import Urgency
from registry.catalogue.values import CellKey, CellValue, State
from registry.findings import Severity
from registry.periods import Period, parse
from registry.sample import catalogue as sample_catalogue
from registry.sample import storm
from registry.sample.figures import history_rows, inputs
from registry.sample.narratives import narrative
from registry.store import definitions
from registry.store import openings as stored
from registry.store import people as accounts
from registry.store import settings as facts
from registry.workflow.policy import Action
from vietnamese.dates import HO_CHI_MINH, civil
from workbook_templates import definition_book

PASSWORD = "Baocao@2026-dung-thu"  # noqa: S105 (the demo's, printed at start)
OFFICE = "vpub"
APPROVER = "ld.vpub"
DAYS_LEFT = 3
SPARED = frozenset({"24211", "24133", "SNNMT"})
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Month:
    """One period of the demo and how far its units have come: one word per unit, cycled over the official order."""

    regime: str
    period: str
    opened: datetime
    progress: tuple[str, ...]
    spared: frozenset[str] = frozenset()  # units left empty, for whoever tries the system


def load(desk: Desk, tell: Tell) -> bool:
    """Fill an empty instance; False when it holds a catalogue already."""
    with desk.read() as connection:
        if definitions.generation(connection):
            return False
    with desk.change(Action.OPERATE, "demo") as change:
        facts.put(change.connection, facts.SAMPLE, True)
    tell(say("demo.catalogue"))
    _load_catalogue(desk)
    tell(say("demo.history"))
    _load_history(desk)
    for month in _months(desk.moment):
        tell(say("demo.month", regime=month.regime, period=parse(month.period).label))
        _work(desk, month)
    _leave_days(desk)
    tell(say("demo.parts"))
    _divide(desk)
    tell(say("demo.request"))
    _ask(desk)
    tell(say("demo.draft"))
    _draft(desk)
    return True


def _load_catalogue(desk: Desk) -> None:
    files = definition_book.write(sample_catalogue())
    folder = desk.instance.settings.root / "catalogue"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    loaded = catalogues.load(desk, files)
    assert loaded.changes, loaded.findings
    with desk.read() as connection:
        known = [person for person in accounts.all_people(connection) if person.state == "active"]
    people.give_password(desk.instance, known, PASSWORD, desk.moment)


def _load_history(desk: Desk) -> None:
    with desk.read() as connection:
        approver = accounts.find(connection, APPROVER)
    name = approver.name if approver else APPROVER
    catalogues.load_history(desk, history_rows(), say("demo.document"), name)


def _months(now: datetime) -> list[Month]:
    """September complete, October two thirds, the month of today open, two quarters of II.06a."""
    today = f"{civil(now):%Y%m}"
    two_thirds = ("sent", "sent", "approved", "pending", "sent", "empty", "warned", "returned", "empty", "rejected",
                  "sent", "empty", "nil", "sent", "empty")  # fmt: skip
    months = [
        Month("KSTT", "20262", _at(2026, 6, 1), ("sent",)),
        Month("KTXH", "202609", _at(2026, 9, 1), ("sent",)),
        Month("KSTT", "20263", _at(2026, 9, 1), ("sent", "approved", "pending", "sent", "empty")),
        Month("KTXH", "202610", _at(2026, 10, 1), two_thirds),
        Month("DTC", "202610", _at(2026, 10, 20), ("sent", "approved", "sent", "pending", "sent", "empty")),
    ]
    if today > "202610":
        first = _at(int(today[:4]), int(today[4:]), 1)
        months.append(Month("KTXH", today, first, ("empty", "empty", "pending", "empty"), SPARED))
        months.append(Month("DTC", today, first, ("empty",)))
    return [month for month in months if month.opened <= now]


def _at(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HO_CHI_MINH)


def _person(desk: Desk, login: str, moment: datetime) -> Desk:
    with desk.read() as connection:
        found = accounts.find(connection, login)
        actor = accounts.actor(connection, found.id, desk.day) if found else None
    if actor is None:
        raise Refusal("unknown-login", login=login)
    return Desk(desk.instance, actor, moment, "demo")


def _work(desk: Desk, month: Month) -> None:
    office = _person(desk, OFFICE, month.opened)
    opening = openings.open_period(office, month.regime, month.period)
    period = parse(month.period)
    with office.read() as connection:
        works = stored.work(connection, office.scope(Action.SEE_BOARD), opening_id=opening)
        found = situations(connection, office.snapshot(connection), works)
    last_hour = min(desk.moment, datetime.combine(period.last, time(23), HO_CHI_MINH))
    for place, one in enumerate(found):
        reached = "empty" if one.unit.code in month.spared else month.progress[place % len(month.progress)]
        sent_at = min(_sent_at(one, place), last_hour)
        if reached != "empty":
            _carry(desk, one, reached, sent_at)


def _sent_at(one: Situation, place: int) -> datetime:
    """Most on the last two days, a few after the deadline."""
    late = timedelta(hours=26) if place % 23 == 22 else timedelta(0)
    return one.work.due_at - timedelta(hours=3 + place % 41, minutes=place * 7 % 60) + late


def _carry(desk: Desk, one: Situation, reached: str, moment: datetime) -> None:
    by, told = _hands(desk, one), moment + timedelta(minutes=50)
    clerk, leader = _person(desk, f"nl.{by}", moment), _person(desk, f"ld.{by}", told)
    if by != one.unit.code.lower():
        clerk = _by_document(clerk, one)
    if reached == "nil":
        submit.nil(clerk, one.work.assignment_id)
        return
    with clerk.read() as connection:
        fresh = situations(connection, clerk.snapshot(connection), [one.work])[0]
        snapshot = clerk.snapshot(connection)
    answers = _answers(fresh, reached)
    made = distribute.make(clerk, snapshot, fresh, answers)
    number = receive.receive(clerk, io.BytesIO(made.data), made.name, one.work.unit_id, queue=False)
    verdict = receive.judge_upload(clerk, number)
    if reached in ("rejected", "warned") or not verdict.can_be_submitted:
        return
    explanations = {
        at: say("demo.explanation") for at, found in enumerate(verdict.findings) if found.severity is Severity.WARNING
    }
    submit.submit(clerk, number, explanations)
    leader = behalf.at_assignment(leader, one.work.assignment_id)
    if reached == "returned":
        decide.send_back(leader, one.work.assignment_id, 1, say("demo.reason"))
    if reached in ("approved", "sent"):
        decide.approve(leader, one.work.assignment_id, 1)
    if reached == "sent":
        _send(clerk, leader, one, demo_draft.told_of(one, answers))


def _hands(desk: Desk, one: Situation) -> str:
    """How the logins end of those who enter and approve: the unit's own, where it has nobody those of who leads."""
    own = one.unit.code.lower()
    with desk.read() as connection:
        return own if accounts.find(connection, f"nl.{own}") else one.regime.lead.lower()


def _by_document(clerk: Desk, one: Situation) -> Desk:
    """The desk of a clerk who enters what the unit answered by a document (công văn)."""
    name, letter = f"cong-van-{one.unit.code}-{one.period.code}.docx", io.BytesIO(narrative(one.unit, one.period))
    kept = letters.keep(clerk, letter, name, is_open=True, action=Action.ENTER_ON_BEHALF)
    number = say("demo.behalf-document", number=100 + one.period.first.month)
    document = behalf.Document(number, civil(clerk.moment).date(), say("demo.behalf-summary"))
    behalf.lay_down(clerk, one.work.assignment_id, document, kept)
    return behalf.at_assignment(clerk, one.work.assignment_id)


def _send(clerk: Desk, leader: Desk, one: Situation, told: tuple[str, ...]) -> None:
    leader = behalf.at_report(leader, one.work.opening_id, one.work.unit_id)
    if one.unit.order % 3 == 0 and clerk.stands_in is None:
        document = io.BytesIO(narrative(one.unit, one.period, told))
        name = f"thuyet-minh-{one.unit.code}-{one.period.code}.docx"
        reports.attach_narrative(clerk, one.work.opening_id, one.work.unit_id, document, name)
    reports.send(leader, one.work.opening_id, one.work.unit_id)


def _answers(one: Situation, reached: str) -> Mapping[CellKey, CellValue]:
    """What a careful clerk types; a careless one sends a value ten times too large, or a word for a number."""
    answers = dict(inputs(one.view, one.unit, one.period, one.context.background))
    numbers = [key for key, value in answers.items() if value.state is State.VALUE and value.number]
    if reached == "rejected" and numbers:
        answers[numbers[0]] = CellValue(State.BLANK, None, say("demo.word"))
    if reached == "warned" and numbers:
        number = answers[numbers[0]].number
        assert number is not None
        answers[numbers[0]] = CellValue(State.VALUE, number * 2)
    return answers


def _leave_days(desk: Desk) -> None:
    """The month of today stays open for some days more, so that there is something to try."""
    office = _person(desk, OFFICE, desk.moment)
    period: Period = parse(f"{civil(desk.moment):%Y%m}")
    with office.read() as connection:
        opening = stored.find(connection, "KTXH", period.code)
    if opening is not None:
        day = civil(desk.moment).date() + timedelta(days=DAYS_LEFT)
        due = datetime.combine(day, time(17), HO_CHI_MINH)
        try:
            instants.extend(office, opening.id, due, say("demo.extension"))
        except Refusal:
            return  # there is more time than that


_DIVIDED = {  # administrator -> unit, and the rows of KTXH-01 of each division by how their codes begin
    "qt.easup": ("24211", {"24211-KT": ("NN", "TX", "TC"), "24211-VHXH": ("XH",)}),
    "qt.bmt": ("24133", {"24133-KTHTDT": ("NN", "TX", "TC"), "24133-VHXH": ("XH",)}),
}
_GIVING = "vhxh.easup"  # the one division that has sent its part


def _divide(desk: Desk) -> None:
    """Two communes share out the rows of their monthly form; in Ea Súp one division has sent its part."""
    for login, (code, charge) in _DIVIDED.items():
        admin = _person(desk, login, desk.moment)
        with admin.read() as connection:
            ids = admin.snapshot(connection).unit_ids
        rows = [row.code for row in dividing.look(admin, ids[code], "KTXH-01", desk.day).data_rows]
        wanted = {row: ids[division] for row in rows for division, begins in charge.items() if row.startswith(begins)}
        dividing.divide(admin, ids[code], "KTXH-01", wanted, desk.day)
    clerk = _person(desk, _GIVING, desk.moment)
    with clerk.read() as connection:
        snapshot, units = clerk.snapshot(connection), clerk.scope(Action.UPLOAD).units or frozenset()
        given = list(parts.of_divisions(connection, snapshot, units, desk.day))
        found = [situation(connection, snapshot, work, part) for work, part in given if work.is_open_at(desk.moment)]
    for one in found[:1]:
        made = distribute.make(clerk, snapshot, one, _answers(one, "part"))
        number = receive.receive(clerk, io.BytesIO(made.data), made.name, one.answerer_id, queue=False)
        receive.judge_upload(clerk, number)


def _draft(desk: Desk) -> None:
    """The report of the month before this one is being written."""
    begun_at = desk.moment - timedelta(hours=2)
    months = [one.period for one in _months(begun_at) if one.regime == demo_draft.REGIME]
    for period in months[-2:][:1]:
        demo_draft.begin(_person(desk, OFFICE, begun_at), period, lambda login: _person(desk, login, begun_at))


def _ask(desk: Desk) -> None:
    """A storm: the coast and Ea Súp asked this morning, some have answered on the page, due tomorrow at 16:00."""
    asked_at = desk.moment - timedelta(hours=5)
    due = datetime.combine(civil(desk.moment).date() + timedelta(days=1), time(16), HO_CHI_MINH)
    ask = Ask(
        name=say("demo.storm"),
        units=("ven_bien=ven biển", "24211"),
        document=say("demo.storm-document"),
        dated=civil(asked_at).date(),
        summary=say("demo.storm-summary"),
        urgency=Urgency.EXPRESS,
        contact=say("demo.storm-contact"),
        form="DX",
        repeats=True,
    )
    office = _person(desk, OFFICE, asked_at)
    opening = requests.ask(office, "VPUB", ask, due)
    with office.read() as connection:
        works = stored.work(connection, office.scope(Action.SEE_BOARD), opening_id=opening.id)
        found = situations(connection, office.snapshot(connection), works)
    for place, one in enumerate(found):
        if one.unit.code not in SPARED and place % 3 != 2:
            _answer(desk, one, place)


def _answer(desk: Desk, one: Situation, place: int) -> None:
    """Typed on the page and approved; of every fourth still with the leader, of every fifth nothing occurred."""
    moment, code = desk.moment - timedelta(hours=4, minutes=-7 * place), one.unit.code.lower()
    clerk, leader = _person(desk, f"nl.{code}", moment), _person(desk, f"ld.{code}", moment + timedelta(minutes=20))
    if place % 5 == 4:
        submit.nil(clerk, one.work.assignment_id)
    else:
        texts = {
            key: storm.typed(one.unit, key.row, spec.decimals)
            for key, spec in one.view.inputs.items()
            if key.column == storm.COLUMN
        }
        number, _ = entry.enter(clerk, one.work.assignment_id, texts)
        submit.submit(clerk, number)
    if place % 4 != 3:
        decide.approve(leader, one.work.assignment_id, 1)
