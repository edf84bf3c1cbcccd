"""Workbooks for units: one, some, or all of a period."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from actions.cases import Situation, situations, window_of
from actions.desk import Desk, NotYours, say
from actions.naming import unit_ids
from registry.catalogue.values import CellKey, CellValue
from registry.store import openings
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action
from vietnamese.dates import civil
from workbook_templates import grid, template, token
from workbook_templates.order import Order


@dataclass(frozen=True, slots=True)
class Made:
    """One workbook ready to be sent or saved."""

    unit: str
    form: str
    name: str
    data: bytes

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
        one = situations(connection, snapshot, works)[0]
    _log(desk, f"assignment {assignment_id}", 1)
    return make(desk, snapshot, one)


def workbooks(desk: Desk, regime: str, period: str, units: Iterable[str] = ()) -> Iterator[Made]:
    """The workbooks of a period, all or of some units, one at a time.

    Raises NotYours (also when one of the units has none), Refusal (unknown unit).
    """
    allowed = desk.require(Action.DOWNLOAD_TEMPLATE)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        wanted = unit_ids(snapshot, units)
        works = openings.work(connection, allowed, regime=regime, period_code=period)
        if wanted:
            works = [work for work in works if work.unit_id in wanted]
        if not works or not wanted <= {work.unit_id for work in works}:
            raise NotYours
        found = situations(connection, snapshot, works)
    _log(desk, f"{regime} {period}", len(found))
    for one in found:
        yield make(desk, snapshot, one)


def bundle(made: Iterable[Made]) -> bytes:
    """Workbooks in one zip, a folder for each unit."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for one in made:
            archive.writestr(zipfile.ZipInfo(f"{one.unit}/{one.name}", (2026, 1, 1, 0, 0, 0)), one.data)
    return out.getvalue()


def make(desk: Desk, snapshot: Snapshot, one: Situation, answers: Mapping[CellKey, CellValue] | None = None) -> Made:
    """Stamp the workbook of a situation; ``answers`` fills its inputs (demo, tests)."""
    key_id, secret = max(desk.instance.token_keys.items())
    signed = token.issue(
        token.Token(
            key_id=key_id,
            form=one.form.form.code,
            form_version=one.form.n,
            unit=one.unit.code,
            born=one.unit.born.year,
            period=one.period.code,
            issue=1,
            grid_hash=grid.place(one.view).hash,
        ),
        secret,
    )
    return _stamped(snapshot, one, signed, answers or {})


def trial(snapshot: Snapshot, one: Situation) -> Made:
    """A workbook to look at before a period is opened: marked on every sheet, and no return whoever sends it."""
    form = replace(one.view.form, title=say("trial.title", title=one.view.form.title))
    marked = replace(
        one,
        regime=replace(one.regime, name=say("trial.regime", name=one.regime.name)),
        context=replace(one.context, view=replace(one.view, form=form)),
    )
    made = _stamped(snapshot, marked, token.TRIAL, {})
    return replace(made, name=f"BAN-THU_{made.name}")


def _stamped(snapshot: Snapshot, one: Situation, text: str, answers: Mapping[CellKey, CellValue]) -> Made:
    order = Order(
        context=one.context,
        unit=one.unit,
        regime=one.regime,
        receivers=tuple(snapshot.units[code].name for code in one.regime.receivers if code in snapshot.units),
        due=civil(one.work.due_at),
        window=window_of(one.regime, one.period, one.work.opened_at, one.work.due_at),
        token=text,
        contact=_contact(snapshot, one),
        rules=one.rules,
        place="" if one.unit.kind.is_commune else snapshot.province.short_name,
    )
    name = template.file_name(one.form.form.code, one.period.code, one.unit, order.issue)
    return Made(one.unit.code, one.form.form.code, name, template.build(order, answers))


def _contact(snapshot: Snapshot, one: Situation) -> str:
    request = snapshot.requests.get(one.regime.code)
    if request is not None and request.contact:
        return f"{request.contact}, {request.phone}" if request.phone else request.contact
    lead = snapshot.units[one.regime.lead]
    return f"{lead.name}, {lead.phone}" if lead.phone else lead.name


def _log(desk: Desk, on: str, count: int) -> None:
    with desk.change(Action.DOWNLOAD_TEMPLATE, on) as change:
        change.detail["workbooks"] = count
