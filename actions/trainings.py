"""Training (tập huấn): units rehearse a form with invented figures; nothing of it is counted anywhere (15.2; F25).

What is sent is judged as a real file is, by the same rules, and forgotten but for its values; the steps are those of a
submission. The rehearsal has no upload, no submission, no figure: other tables hold it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import BinaryIO

from actions.cases import Situation, rehearsal
from actions.desk import Changed, Desk, NotNow, NotYours, Refusal
from actions.distribute import order_of
from actions.made import Made
from actions.openings import assert_reported, parsed, planned
from actions.reading import read
from actions.receive import assert_pace
from actions.trial_book import Mark, trial_book
from ingest.identity import identify
from ingest.judge import judge
from ingest.model import CarrierState, Case, Identity, Status
from registry.catalogue.forms import View
from registry.catalogue.measures import to_mantissa
from registry.catalogue.model import Frequency, Regime, Role
from registry.catalogue.values import Aspect, Known, Nature
from registry.findings import Severity
from registry.periods import Period, parse
from registry.rules.background import Background, KnownLines, Need
from registry.rules.needs import needs
from registry.store import grants, notices, trainings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection, take_turns
from registry.store.openings import NewAssignment
from registry.store.trainings import Judged, New, Practice, Tried
from registry.workflow.policy import Action
from registry.workflow.submission import State, step

INVITED = "training-invited"
_INVITED = (Role.CLERK, Role.LEADER)
ACTIONS = {
    Tried.DOWNLOAD: Action.DOWNLOAD_TEMPLATE,
    Tried.UPLOAD: Action.UPLOAD,
    Tried.SUBMIT: Action.SUBMIT,
    Tried.WITHDRAW: Action.WITHDRAW,
    Tried.APPROVE: Action.APPROVE,
    Tried.RETURN: Action.RETURN,
}


# --- the office ------------------------------------------------------------------------------------------------------


def asked(desk: Desk, regime_code: str, period_code: str) -> tuple[Regime, Period, list[NewAssignment]]:
    """Whom a regime's period would ask what. Raises NotYours, Refusal (unknown, or not one of the regime's)."""
    desk.require(Action.HOLD_TRAINING)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    regime = snapshot.regimes.get(regime_code)
    if regime is None:
        raise Refusal("unknown-regime", regime=regime_code)
    period = parsed(period_code)
    assert_reported(desk, regime, period)
    due = desk.moment if regime.frequency is Frequency.ONCE else None
    return regime, period, planned(snapshot, regime, period, due)


def hold(desk: Desk, regime: str, period: str, form: str, unit_ids: Collection[int]) -> int:
    """Invite units to a training copy; of those named only the ones that have the form. Raises NotYours, Refusal."""
    _, _, would = asked(desk, regime, period)
    invited = [one for one in would if one.form == form and one.unit_id in unit_ids]
    if not invited:
        raise Refusal("training-needs-units")
    with desk.change(Action.HOLD_TRAINING, "training") as change:
        take_turns(change.connection, f"training {regime} {period} {form}")
        if trainings.is_held(change.connection, regime, period, form):
            raise NotNow("training-exists")
        new = New(regime, period, form, invited[0].form_definition_id, max(one.due_at for one in invited))
        units = [one.unit_id for one in invited]
        number = trainings.hold(change.connection, new, units, desk.actor.person_id, desk.moment)
        change.on = f"training {number}"
        change.detail["units"] = len(units)
        told = {
            one.person_id
            for one in grants.of_units(change.connection, units)
            if one.role in _INVITED and one.is_active and one.holds_on(desk.day)
        }
        values = {"form": form, "period": period}
        notices.put(change.connection, told, INVITED, change.on, values, desk.moment)
    return number


def end(desk: Desk, training_id: int) -> None:
    """End a training; what was typed in it is gone, who tried stays known. Raises NotYours."""
    desk.require(Action.HOLD_TRAINING)
    with desk.change(Action.HOLD_TRAINING, f"training {training_id}") as change:
        if not trainings.end(change.connection, training_id, desk.moment):
            raise NotYours
        notices.settle(change.connection, (INVITED,), change.on, desk.moment)
        change.detail["ended"] = True


# --- a unit ----------------------------------------------------------------------------------------------------------


def see(desk: Desk, connection: Connection, practice_id: int, action: Action = Action.SEE_WORK) -> Practice:
    """A unit's part in a training under way. Raises NotYours."""
    found = trainings.practices(connection, desk.scope(action), practice_id)
    if not found:
        raise NotYours
    return found[0]


def situation(desk: Desk, connection: Connection, one: Practice) -> Situation:
    """What the unit meets: the form as for real, every figure of other periods invented."""
    snapshot, held = desk.snapshot(connection), one.training
    regime, period = _regime(snapshot, held.regime), parse(held.period)
    wanted = NewAssignment(one.unit_id, held.form, held.form_definition_id, held.due_at)
    real = rehearsal(connection, snapshot, regime, period, wanted, held.at)
    real = replace(real, work=replace(real.work, state=one.state))
    known = invented(real.view, needs(real.view, period, regime.frequency, real.rules))
    return replace(real, context=replace(real.context, background=known, lines=KnownLines()))


def _regime(snapshot: Snapshot, code: str) -> Regime:
    if code not in snapshot.regimes:
        raise NotYours
    return snapshot.regimes[code]


def invented(view: View, asked_for: Collection[Need]) -> Background:
    """A figure for each need, the same for everybody, that no unit ever reported: alike in all rows, in the measure the
    form shows, so that no part is more than its whole; growing with the months.
    """
    shown = {spec.series.indicator: spec.measure for spec in view.cells.values() if spec.series}
    measures, canonical = view.definitions.measures, view.definitions.canonical
    figures = {}
    for need in asked_for:
        kept = canonical(need.series)
        measure = measures.get(shown.get(need.series.indicator, ""), kept)
        amount = Decimal(_amount(need, is_ratio=measure.code == _PERCENT))
        figures[need] = Known(to_mantissa(amount, measure, kept), Nature.OFFICIAL)
    return Background(figures)


_PERCENT, _A_MONTH, _A_SHARE, _AN_INDEX = "%", 120, 60, 105
_OF_YEARS = (
    Aspect.PLAN_CENTRAL,
    Aspect.PLAN_COUNCIL,
    Aspect.SCENARIO,
    Aspect.YEAR_ESTIMATE,
    Aspect.NEXT_YEAR_PLAN,
)
_INDEXES = (Aspect.INDEX_MONTH, Aspect.INDEX_YEAR, Aspect.INDEX_CUMULATIVE)


def _amount(need: Need, *, is_ratio: bool) -> int:
    aspect = need.series.aspect
    if aspect in _INDEXES or is_ratio:
        return _AN_INDEX if aspect in _INDEXES else _A_SHARE
    if aspect is Aspect.CUMULATIVE:
        return _A_MONTH * parse(need.period).last.month
    return _A_MONTH * 12 if aspect in _OF_YEARS else _A_MONTH


def workbook(desk: Desk, practice_id: int) -> Made:
    """The unit's workbook, marked on every sheet and page, and no return whoever sends it. Raises NotYours."""
    with desk.read() as connection:
        one = see(desk, connection, practice_id, Action.DOWNLOAD_TEMPLATE)
        situated = situation(desk, connection, one)
        made = trial_book(order_of(desk.snapshot(connection), situated), Mark.TRAINING)
    with desk.change(Action.DOWNLOAD_TEMPLATE, f"practice {practice_id}") as change:
        if desk.scope(Action.SEE_WORK).allows(one.unit_id):  # the office looking is no unit trying
            trainings.note(change.connection, practice_id, Tried.DOWNLOAD, "", desk.actor.person_id, desk.moment)
        change.detail["sha256"] = made.sha256
    return made


def send(desk: Desk, practice_id: int, stream: BinaryIO, name: str) -> Judged:
    """Judge a filled training workbook and keep what was found, not the file. Raises NotYours, NotNow, Refusal."""
    assert_pace(desk)
    with desk.read() as connection:
        one = see(desk, connection, practice_id, Action.UPLOAD)
        situated = situation(desk, connection, one)
    found = step(one.state, Action.UPLOAD)
    if found is None:
        raise NotNow("training-not-now")
    limit = desk.instance.settings.upload_limit
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refusal("too-large", limit=limit >> 20)
    extraction = read(desk.instance, data, name, keep=False).extraction
    refused = [one for one in extraction.findings if one.severity is Severity.BLOCK]
    identity = identify(extraction, desk.instance.token_keys)
    if refused:
        judged = Judged(Status.REFUSED, {}, {}, tuple(refused))
    elif identity.state is not CarrierState.TRIAL:
        raise Refusal("training-not-this")
    else:
        case = Case(situated.unit, situated.context, situated.rules)
        verdict = judge(extraction, Identity(CarrierState.VALID, carriers=identity.carriers), case)
        judged = Judged(verdict.status, verdict.values, verdict.addresses, verdict.findings)
    _take(desk, one, found.target, Tried.UPLOAD, name, judged)
    return judged


def submit(desk: Desk, practice_id: int, version: int, explained: Mapping[int, str]) -> None:
    """Put it before the leader, every warning explained. Raises NotYours, NotNow, Changed, Refusal."""
    one, target = _before(desk, practice_id, version, Tried.SUBMIT)
    if one.status not in (Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS):
        raise NotNow("training-not-now")
    warned = [at for at, each in enumerate(one.findings) if each.severity is Severity.WARNING]
    silent = sum(not explained.get(at, "").strip() for at in warned)
    if silent:
        raise Refusal("explanation-needed", count=silent)
    _take(desk, one, target, Tried.SUBMIT)


def decide(desk: Desk, practice_id: int, version: int, tried: Tried, reason: str = "") -> None:
    """Withdraw, approve or return as for real. Raises NotYours, NotNow, Changed, Refusal."""
    one, target = _before(desk, practice_id, version, tried)
    if tried is Tried.RETURN and not reason.strip():
        raise Refusal("reason-needed")
    _take(desk, one, target, tried, reason.strip())


def _before(desk: Desk, practice_id: int, version: int, tried: Tried) -> tuple[Practice, State]:
    with desk.read() as connection:
        one = see(desk, connection, practice_id, ACTIONS[tried])
    found = step(one.state, ACTIONS[tried])
    if one.version != version:
        raise Changed
    if found is None:
        raise NotNow("training-not-now")
    return one, found.target


def _take(desk: Desk, one: Practice, target: State, tried: Tried, text: str = "", judged: Judged | None = None) -> None:
    with desk.change(ACTIONS[tried], f"practice {one.id}") as change:
        by, at = desk.actor.person_id, desk.moment
        if not trainings.advance(change.connection, one, target, tried, text, by, at, judged):
            raise Changed
        change.detail["step"] = tried
        if judged is not None:
            change.detail["status"] = judged.status
