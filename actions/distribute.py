"""Workbooks for units: one, some, or all of a period."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO

from actions.cases import Situation, each_situation, situation
from actions.desk import Desk, NotNow, NotYours
from actions.naming import unit_ids
from registry.catalogue.values import CellKey, CellValue
from registry.periods import window
from registry.rules.background import Background
from registry.store import jobs, openings
from registry.store.codec import sha
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.workflow.policy import Action
from vietnamese.dates import civil
from workbook_templates import template, token
from workbook_templates.foundry import Pattern, foundry
from workbook_templates.order import Order
from workbook_templates.package import Archive

BUNDLE = "templates"  # kind of the job that makes a zip


@dataclass(frozen=True, slots=True)
class Made:
    """One workbook ready to be sent or saved."""

    unit: str
    form: str
    name: str
    data: bytes

    @property
    def path(self) -> str:
        """Where it lies in a bundle."""
        return f"{self.unit}/{self.name}"

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def workbook(desk: Desk, assignment_id: int) -> Made:
    """The workbook of one assignment; raises NotYours."""
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE)
    with desk.read() as connection:
        works = openings.work(connection, allowed, assignment_id=assignment_id)
        if not works:
            raise NotYours
        snapshot = desk.snapshot(connection)
        one = situation(connection, snapshot, works[0])
    _log(desk, f"assignment {assignment_id}", 1)
    return make(desk, snapshot, one)


@dataclass(frozen=True, slots=True)
class Handout:
    """The workbooks of a period: how many, and one after another as they are asked for."""

    count: int
    made: Iterator[Made]


def workbooks(desk: Desk, regime: str, period: str, units: Iterable[str] = ()) -> Handout:
    """The workbooks of a period, all or of some units; only the one at hand is held in memory.

    Raises NotYours (also when one of the units has none), Refusal (unknown unit).
    """
    works = asked_works(desk, regime, period)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    wanted = unit_ids(snapshot, units)
    if wanted:
        works = [work for work in works if work.unit_id in wanted]
    if not wanted <= {work.unit_id for work in works}:
        raise NotYours
    _log(desk, f"{regime} {period}", len(works))
    return Handout(len(works), _each(desk, snapshot, works))


def _each(desk: Desk, snapshot: Snapshot, works: Sequence[Work]) -> Iterator[Made]:
    with desk.read() as connection:
        for one in each_situation(connection, snapshot, works):
            yield make(desk, snapshot, one)


def bundle(desk: Desk, made: Iterable[Made], out: BinaryIO) -> Iterator[Made]:
    """Writes workbooks into one zip, a folder for each unit, and passes them on; complete when exhausted."""
    archive = Archive(out, desk.day)
    for one in made:
        archive.add(one.path, one.data)
        yield one
    archive.close()


@dataclass(frozen=True, slots=True)
class Bundle:
    """All workbooks of a period in one zip: being made, or ready."""

    state: str  # waiting | running | done | failed
    progress: int  # percent
    count: int = 0
    size: int = 0  # bytes
    made_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """True when it can be fetched."""
        return self.state == "done"

    @property
    def megabytes(self) -> Decimal:
        """Its size as people read it."""
        return Decimal(max(self.size, 100_000)).scaleb(-6).quantize(Decimal("0.1"))

    @property
    def is_coming(self) -> bool:
        """True while somebody waits for it."""
        return self.state in ("waiting", "running")


def prepare_bundle(desk: Desk, regime: str, period: str) -> None:
    """Have the zip of all workbooks the actor may hand out made in the background, in place of an earlier one.

    Raises NotYours.
    """
    asked_works(desk, regime, period)
    args = {"regime": regime, "period": period}
    with desk.change(Action.DOWNLOAD_TEMPLATE, f"{regime} {period}") as change:
        key = _bundle_key(desk, regime, period)
        jobs.enqueue(change.connection, BUNDLE, args, desk.moment, unique_key=key, by_id=desk.actor.person_id)
    desk.instance.wake.set()


def asked_works(desk: Desk, regime: str, period: str) -> list[Work]:
    """What is asked of units in a period whose workbooks the actor may hand out; raises NotYours when nothing is."""
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE)
    with desk.read() as connection:
        works = openings.work(connection, allowed, regime=regime, period_code=period)
    if not works:
        raise NotYours
    return works


def bundle_now(desk: Desk, regime: str, period: str, progress: Callable[[int], None]) -> dict[str, Any]:
    """The body of the job: the zip goes to the shelf; it may run twice."""
    handout = workbooks(desk, regime, period)
    done = said = 0
    with desk.instance.shelf.writing(_bundle_key(desk, regime, period)) as out:
        for _ in bundle(desk, handout.made, out):
            done += 1
            percent = done * 100 // handout.count
            if said < percent < 100:
                progress(percent)
                said = percent
        size = out.tell()
    return {"count": handout.count, "size": size, "at": desk.moment.isoformat()}


def newest_bundle(desk: Desk, regime: str, period: str) -> Bundle | None:
    """The zip the actor last had made, or has being made."""
    with desk.read() as connection:
        job = jobs.newest(connection, _bundle_key(desk, regime, period))
    if job is None:
        return None
    if job.state != "done":
        return Bundle(job.state, job.progress)
    made = job.result
    return Bundle(job.state, 100, made["count"], made["size"], datetime.fromisoformat(made["at"]))


def open_bundle(desk: Desk, regime: str, period: str) -> BinaryIO:
    """The zip itself, to be sent piece by piece; raises NotYours, or NotNow while none is ready."""
    asked_works(desk, regime, period)
    found = newest_bundle(desk, regime, period)
    if found is None or not found.is_ready:
        raise NotNow("no-bundle")
    try:
        file = desk.instance.shelf.open(_bundle_key(desk, regime, period))
    except FileNotFoundError:
        raise NotNow("no-bundle") from None
    _log(desk, f"{regime} {period}", found.count)
    return file


def _bundle_key(desk: Desk, regime: str, period: str) -> str:
    return f"{BUNDLE} {regime} {period} {desk.actor.person_id}"


def make(desk: Desk, snapshot: Snapshot, one: Situation, answers: Mapping[CellKey, CellValue] | None = None) -> Made:
    """The workbook of a situation; ``answers`` fills its inputs (demo, tests) and so is built in full."""
    key_id, secret = max(desk.instance.token_keys.items())
    works = foundry(_pattern(snapshot, one))
    text = token.issue(
        token.Token(
            key_id=key_id,
            form=one.form.form.code,
            form_version=one.form.n,
            unit=one.unit.code,
            born=one.unit.born.year,
            period=one.period.code,
            issue=1,
            grid_hash=works.form.hash,
        ),
        secret,
    )
    order = Order(
        context=one.context,
        unit=one.unit,
        regime=one.regime,
        receivers=tuple(snapshot.units[code].name for code in one.regime.receivers if code in snapshot.units),
        due=civil(one.work.due_at),
        window=window(one.period, one.regime.calendar),
        token=text,
        contact=_contact(snapshot, one),
        rules=one.rules,
        place="" if one.unit.kind.is_commune else snapshot.province.short_name,
    )
    name = template.file_name(one.form.form.code, one.period.code, one.unit, order.issue)
    instance = desk.instance
    data = template.build(order, answers) if answers else works.make(order, instance.settings.stamp, instance.shelf)
    return Made(one.unit.code, one.form.form.code, name, data)


def _pattern(snapshot: Snapshot, one: Situation) -> Pattern:
    """What the workbook shares with those of other units: everything of its order that is not the unit's."""
    at = ("pattern", one.form.id, one.view.row_set, one.period.code, one.regime.code)
    if at not in snapshot.memo:
        definitions = (snapshot.definitions.measures, snapshot.definitions.indicators)
        closing = window(one.period, one.regime.calendar)
        facts = [one.definition_sha, one.form.n, one.period.code, one.view.row_set, one.regime, closing, definitions]
        context = replace(one.context, background=Background(), unit=None)
        snapshot.memo[at] = Pattern(sha(facts), context, one.rules)
    kept: Pattern = snapshot.memo[at]
    return kept


def _contact(snapshot: Snapshot, one: Situation) -> str:
    lead = snapshot.units[one.regime.lead]
    return f"{lead.name}, {lead.phone}" if lead.phone else lead.name


def _log(desk: Desk, on: str, count: int) -> None:
    with desk.change(Action.DOWNLOAD_TEMPLATE, on) as change:
        change.detail["workbooks"] = count
