"""Trouble and feedback: the unit's administrator first, the office behind him (8.2, 15.2–15.3; PRACTICE F25)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from actions import downloads
from actions.desk import Change, Changed, Desk, NotNow, NotYours, Refusal
from actions.letters import Enclosed
from actions.personal import sight_of_upload
from registry.catalogue.model import Role, UnitKind
from registry.findings import Audience, audience, codes
from registry.store import accounts, feedback, notices, openings, uploads
from registry.store import settings as facts
from registry.store.engine import Connection, take_turns
from registry.store.feedback import Enclosure, Feedback, New, Shared, Step
from registry.workflow.feedback import (
    ANSWERED,
    ASKED,
    BOUNDS,
    WAITING_AT_OFFICE,
    WAITING_AT_UNIT,
    About,
    FeedbackKind,
    FeedbackRules,
    FeedbackState,
    FeedbackStep,
    Transition,
    steps_of,
    transition,
)
from registry.workflow.policy import Action
from vietnamese.fold import fold

LONGEST, LONGEST_QUESTION = 4000, 300  # characters
MOST_AN_HOUR = 20
_HOUR, _TWICE = timedelta(hours=1), timedelta(minutes=10)
# An e-mail address, a telephone number, the 9 or 12 digits of an identity paper.
_OF_A_PERSON = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)(?:\+84|0)(?:[ .-]?\d){8,10}(?!\d)"
    r"|(?<!\d)84\d{9}(?!\d)"
    r"|(?<!\d)\d(?:[ ]?\d){8}(?:(?:[ ]?\d){3})?(?!\d)"
)
_COMMUNES = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.TOWNSHIP)
_AS_HANDLER = (Action.HANDLE_FEEDBACK, Action.SETTLE_FEEDBACK)


# --- what it is about ------------------------------------------------------------------------------------------------


def about(desk: Desk, connection: Connection, asked: About) -> About:
    """What of ``asked`` the person may see and is there; the rest is left out as if it had not been said.

    The page is the caller's business.
    """
    snapshot = desk.snapshot(connection)
    known = About(page=asked.page)
    if asked.finding in codes() or asked.finding.startswith("rule-"):
        known = replace(known, finding=asked.finding[:80])
    if asked.upload is not None:
        return _about_upload(desk, connection, asked.upload, asked.place, known)
    if asked.assignment is not None:
        works = openings.work(connection, desk.scope(Action.SEE_SUBMISSION), assignment_id=asked.assignment)
        return _with_work(known, works[0]) if works else replace(known, finding="")
    if asked.regime in snapshot.regimes and _may_see_period(desk, connection, asked):
        known = replace(known, regime=asked.regime, period=asked.period)
    if (
        asked.unit is not None
        and asked.unit in snapshot.units_by_id
        and desk.scope(Action.SEE_UNITS).allows(asked.unit)
    ):
        known = replace(known, unit=asked.unit)
    if asked.form in snapshot.form_versions and not desk.scope(Action.SEE_CATALOGUE).is_empty:
        known = replace(known, form=asked.form)
    return known


def shown(desk: Desk, connection: Connection, kept: About) -> About:
    """What of it whoever reads may see; a finding stays named though the file was judged again without it."""
    seen = about(desk, connection, kept)
    if seen.upload is None or seen.finding == kept.finding:
        return seen
    upload = uploads.get(connection, seen.upload)
    whole = upload is not None and sight_of_upload(desk, connection, upload).is_whole
    return replace(seen, finding=kept.finding) if whole else seen


def _about_upload(desk: Desk, connection: Connection, number: int, place: int | None, known: About) -> About:
    upload = uploads.get(connection, number)
    seen = upload is not None and desk.scope(Action.SEE_UPLOAD).allows(*upload.place)
    if upload is None or not seen or upload.kind not in uploads.ANSWERS:
        return replace(known, finding="")
    known = replace(known, upload=number, unit=upload.unit_id)
    works = openings.work(connection, desk.scope(Action.SEE_UPLOAD), assignment_id=upload.assignment_id or 0)
    known = _with_work(known, works[0]) if works else known
    verdict = uploads.newest_verdict(connection, number)
    told = verdict.findings if verdict and sight_of_upload(desk, connection, upload).is_whole else ()
    places = [at for at, one in enumerate(told, 1) if (one.code, audience(one)) == (known.finding, Audience.ALL)]
    return replace(known, place=place if place in places else None) if places else replace(known, finding="")


def _with_work(known: About, work: openings.Work) -> About:
    return replace(
        known,
        assignment=work.assignment_id,
        regime=work.regime,
        period=work.period,
        form=work.form,
        unit=work.unit_id,
    )


def _may_see_period(desk: Desk, connection: Connection, asked: About) -> bool:
    if openings.find(connection, asked.regime, asked.period) is None:
        return False
    if not desk.scope(Action.SEE_BOARD).is_empty:
        return True
    work = desk.scope(Action.SEE_WORK)
    return bool(openings.work(connection, work, regime=asked.regime, period_code=asked.period))


# --- writing ---------------------------------------------------------------------------------------------------------


def send(desk: Desk, kind: FeedbackKind, text: str, asked: About, enclosed: Enclosed | None = None) -> int:
    """Write of trouble; its number. The same words sent twice in a row are one thing. Raises NotYours, Refusal."""
    desk.require(Action.GIVE_FEEDBACK)
    said = _said(text)
    with desk.change(Action.GIVE_FEEDBACK, "feedback") as change:
        connection = change.connection
        take_turns(connection, f"feedback by {desk.actor.person_id}")
        known = about(desk, connection, asked)
        unit_id = _unit_of(desk, known)
        lately = feedback.sent_since(connection, desk.actor.person_id, desk.moment - _HOUR)
        for one in lately:
            if (one.kind, one.text) == (kind, said) and one.at >= desk.moment - _TWICE:
                change.on, change.detail["again"] = f"feedback {one.id}", True
                return one.id
        if len(lately) >= MOST_AN_HOUR:
            raise NotNow("feedback-too-many")
        step = FeedbackStep.SEND if _administrators(desk, connection, unit_id) else FeedbackStep.SEND_TO_OFFICE
        found = transition(None, step, Action.GIVE_FEEDBACK)
        assert found is not None
        new = New(kind, said, known, desk.actor.person_id, unit_id)
        number = feedback.put(connection, new, desk.moment, found.target, _due(desk, connection))
        change.on, change.unit_id = f"feedback {number}", unit_id
        change.detail |= {"kind": kind, "step": step}
        file = _laid_beside(desk, change, unit_id, enclosed)
        feedback.record(connection, number, Step(found, "", desk.actor.person_id, desk.moment, upload_id=file))
        _tell(desk, connection, number)
    return number


def _unit_of(desk: Desk, known: About) -> int:
    """The unit it is about where the writer holds a role there, else the one he acts for: whose people answer."""
    held = {grant.unit_id for grant in desk.actor.grants}
    unit_id = known.unit if known.unit in held else desk.actor.home
    if unit_id is None:
        raise NotYours
    return unit_id


def _said(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not 0 < len(said) <= LONGEST:
        raise Refusal("feedback-text-needed", most=LONGEST)
    return said


def _laid_beside(desk: Desk, change: Change, unit_id: int, enclosed: Enclosed | None) -> int | None:
    if enclosed is None:
        return None
    stored, by = desk.instance.files.find(enclosed.sha), desk.actor.person_id
    number = feedback.enclose(change.connection, stored, enclosed.name, by, unit_id, desk.moment)
    change.detail |= {"sha256": enclosed.sha, "upload": number}
    return number


def _due(desk: Desk, connection: Connection) -> datetime:
    return rules(connection).due(desk.day, desk.snapshot(connection).calendar)


def _administrators(desk: Desk, connection: Connection, unit_id: int) -> set[int]:
    """Who answer for a unit, but for the person at the desk."""
    return accounts.holders(connection, Role.UNIT_ADMIN, unit_id, desk.day) - {desk.actor.person_id}


# --- looking ---------------------------------------------------------------------------------------------------------


def own(desk: Desk, connection: Connection, feedback_id: int) -> Feedback:
    """What the person at the desk wrote. Raises NotYours."""
    found = feedback.get(connection, feedback_id)
    if found is None or found.by_id != desk.actor.person_id:
        raise NotYours
    return found


def see(desk: Desk, connection: Connection, feedback_id: int) -> Feedback:
    """What somebody wrote whom the person at the desk answers. Raises NotYours."""
    found = feedback.get(connection, feedback_id)
    if found is None or not desk.scope(Action.SEE_FEEDBACK).allows(found.unit_id):
        raise NotYours
    return found


def steps_open(desk: Desk, one: Feedback, ruled: FeedbackRules, *, as_sender: bool) -> list[Transition]:
    """What the person at the desk can do with it, as who wrote it or as who answers."""
    if as_sender:
        mine = list(steps_of(one.state, Action.GIVE_FEEDBACK))
        may = one.settled_at is not None and ruled.may_reopen(one.settled_at, one.reopened, desk.moment)
        return [step for step in mine if may or step.step is not FeedbackStep.REOPEN]
    allowed = [action for action in _AS_HANDLER if desk.scope(action).allows(one.unit_id)]
    return [step for action in allowed for step in steps_of(one.state, action)]


def fetch(desk: Desk, feedback_id: int, number: int, *, as_sender: bool) -> tuple[Enclosure, BinaryIO]:
    """A file laid beside it. Raises NotYours, Destroyed."""
    with desk.read() as connection:
        (own if as_sender else see)(desk, connection, feedback_id)
        taken = feedback.steps(connection, [feedback_id])[feedback_id]
    found = next((one.enclosure for one in taken if one.enclosure and one.enclosure.number == number), None)
    if found is None:
        raise NotYours
    stream = desk.instance.files.open(found.sha)
    downloads.record(desk, f"feedback {feedback_id}", found.sha)
    return found, stream


def similar(desk: Desk, text: str, limit: int = 5) -> list[Shared]:
    """Answers meant for all that speak of the same things, the nearest first."""
    desk.require(Action.GIVE_FEEDBACK)
    words = {word for word in _words(text) if len(word) > 1}
    if not words:
        return []
    with desk.read() as connection:
        known = feedback.shared(connection)
    scored = [(len(words & _words(one.fold)), one) for one in known]
    least = min(2, len(words))
    return [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score >= least][:limit]


def _words(text: str) -> set[str]:
    return set("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


# --- steps -----------------------------------------------------------------------------------------------------------


def take_step(
    desk: Desk,
    feedback_id: int,
    step: FeedbackStep,
    version: int,
    text: str = "",
    enclosed: Enclosed | None = None,
    *,
    as_sender: bool,
) -> Feedback:
    """One step with something written; raises NotYours, NotNow, Changed, Refusal."""
    with desk.read() as connection:
        one = (own if as_sender else see)(desk, connection, feedback_id)
        ruled = rules(connection)
    found = next((each for each in steps_open(desk, one, ruled, as_sender=as_sender) if each.step is step), None)
    if found is None:
        raise Changed if one.version != version else NotNow("feedback-not-now")
    said = _said(text) if found.says else text.strip()[:LONGEST]
    with desk.change(found.action, f"feedback {feedback_id}") as change:
        change.unit_id = one.unit_id
        change.detail |= {"step": step, "state": found.target}
        file = _laid_beside(desk, change, one.unit_id, enclosed)
        due = _due(desk, change.connection) if found.arrives else None
        taken = Step(found, said, desk.actor.person_id, desk.moment, due, file)
        if not feedback.advance(change.connection, feedback_id, taken, version):
            raise Changed
        return _tell(desk, change.connection, feedback_id)


_WAITS, _SAID = "feedback-waits", "feedback-said"
OVERDUE = "feedback-overdue"


def _tell(desk: Desk, connection: Connection, feedback_id: int) -> Feedback:
    """Whoever has to act is told, and the sender of how it stands."""
    one = feedback.get(connection, feedback_id)
    assert one is not None
    on, values = f"feedback {feedback_id}", {"number": feedback_id, "state": one.state}
    notices.settle(connection, (_WAITS, _SAID, OVERDUE), on, desk.moment)
    told: set[int] = set()
    if one.state in WAITING_AT_UNIT:
        told = _administrators(desk, connection, one.unit_id)
    if one.state in WAITING_AT_OFFICE or (one.state in WAITING_AT_UNIT and not told):
        told = accounts.everybody(connection, Role.OFFICE, desk.day)
    notices.put(connection, told - {desk.actor.person_id}, _WAITS, on, values, desk.moment)
    if one.state in (*ASKED, *ANSWERED, FeedbackState.PASSED, FeedbackState.CLOSED):
        notices.put(connection, {one.by_id} - {desk.actor.person_id}, _SAID, on, values, desk.moment)
    return one


# --- the office ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wording:
    """An answer meant for all, in the office's words: nobody is named in it."""

    question: str
    answer: str
    is_looked_through: bool  # somebody says so: what no program finds is for people to find


def share(desk: Desk, feedback_id: int, wording: Wording) -> None:
    """Let everybody read an answer, or its new wording. Raises NotYours, Refusal."""
    desk.require(Action.SETTLE_FEEDBACK)
    question = " ".join(wording.question.split())
    if not 0 < len(question) <= LONGEST_QUESTION:
        raise Refusal("feedback-question-needed", most=LONGEST_QUESTION)
    answer = _said(wording.answer)
    with desk.change(Action.SETTLE_FEEDBACK, f"feedback {feedback_id}") as change:
        one = see(desk, change.connection, feedback_id)
        if one.answered_at is None:
            raise NotNow("feedback-not-answered")
        named = _named(desk, change.connection, one, f"{question} {answer}")
        if named:
            raise Refusal("feedback-names-somebody", what=named)
        if not wording.is_looked_through:
            raise Refusal("feedback-look-through")
        feedback.share(change.connection, feedback_id, question, answer, desk.actor.person_id, desk.moment)
        change.detail["shared"] = True


def _named(desk: Desk, connection: Connection, one: Feedback, words: str) -> str:
    """Who wrote or answered it or which unit it is from or about, or any number or address of a person, if named."""
    known = desk.snapshot(connection).units_by_id
    units = [known[key] for key in (one.unit_id, one.about.unit) if key is not None and key in known]
    names = {one.unit_name, *(unit.name for unit in units)}
    names |= {taken.by_name for taken in feedback.steps(connection, [one.id])[one.id]}
    names |= {unit.name.partition(" ")[2] for unit in units if unit.kind in _COMMUNES and unit.name.count(" ") > 1}
    for name in sorted(names, key=len, reverse=True):
        # One word without its accents is like many others.
        read = fold if " " in name else str.lower
        if name and re.search(rf"\b{re.escape(read(name))}\b", " ".join(read(words).split())):
            return name
    found = _OF_A_PERSON.search(words)
    return found[0].strip() if found else ""


def withdraw(desk: Desk, feedback_id: int) -> None:
    """Nobody reads that answer any more. Raises NotYours."""
    desk.require(Action.SETTLE_FEEDBACK)
    with desk.change(Action.SETTLE_FEEDBACK, f"feedback {feedback_id}") as change:
        if not feedback.withdraw(change.connection, feedback_id, desk.moment):
            raise NotYours
        change.detail["shared"] = False


def rules(connection: Connection) -> FeedbackRules:
    """How soon answers are expected."""
    return FeedbackRules.read(facts.get(connection, facts.FEEDBACK_RULES) or {})


def change_rules(desk: Desk, given: Mapping[str, str]) -> FeedbackRules:
    """Put rules in force; those not given stay. What was sent before keeps its day. Raises NotYours, Refusal."""
    desk.require(Action.SETTLE_FEEDBACK)
    with desk.change(Action.SETTLE_FEEDBACK, "feedback rules") as change:
        before = asdict(rules(change.connection))
        try:
            after = FeedbackRules.read(before | {name: given[name] for name in before if name in given})
        except ValueError:
            (least, most), (first, last) = BOUNDS["answer_days"], BOUNDS["reopen_days"]
            raise Refusal("feedback-rules", least=least, most=most, first=first, last=last) from None
        facts.put(change.connection, facts.FEEDBACK_RULES, asdict(after))
        changed = {name: [before[name], value] for name, value in asdict(after).items() if before[name] != value}
        change.detail["changed"] = changed
    return after
