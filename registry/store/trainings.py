"""Training copies (tập huấn): figures typed in one are in these tables and nowhere else (PRACTICE F25)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, desc, func, insert, select, update

from registry.findings import Finding
from registry.store import cells
from registry.store.codec import pack, unpack
from registry.store.engine import inserted
from registry.store.tables import person, practice, practice_step, training
from registry.store.within import within
from registry.workflow.policy import Scope
from registry.workflow.submission import State


class Tried(StrEnum):
    """What somebody of a unit tried; a rehearsal of the same steps for real."""

    DOWNLOAD = "download"
    UPLOAD = "upload"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Training:
    """One training copy of a form and period."""

    id: int
    regime: str
    period: str
    form: str
    form_definition_id: int
    due_at: datetime
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class New:
    """A training to be held."""

    regime: str
    period: str
    form: str
    form_definition_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Practice:
    """One unit's part in a training, as it stands."""

    id: int
    training: Training
    unit_id: int
    state: State
    version: int
    status: str | None  # of the newest file sent
    values: cells.Cells
    addresses: dict[Any, cells.Address]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in the newest file sent."""

    status: str
    values: cells.Cells
    addresses: dict[Any, cells.Address]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step somebody of the unit tried."""

    step: Tried
    text: str
    by_name: str
    at: datetime


_NOTHING: tuple[Finding, ...] = ()


def hold(connection: Connection, new: New, unit_ids: Collection[int], by_id: int, at: datetime) -> int:
    """Begin a training for some units; its number."""
    row = insert(training).values(
        regime=new.regime,
        period=new.period,
        form=new.form,
        form_definition_id=new.form_definition_id,
        due_at=new.due_at,
        by_id=by_id,
        at=at,
    )
    number = inserted(connection, row)
    empty = {"state": State.EMPTY, "version": 0, "cells": b"", "findings": pack(_NOTHING)}
    connection.execute(
        insert(practice), [empty | {"training_id": number, "unit_id": unit_id} for unit_id in sorted(set(unit_ids))]
    )
    return number


def end(connection: Connection, training_id: int, at: datetime) -> bool:
    """End a training and forget what was typed in it, reasons and names of files too; False when none is under way."""
    mine = (training.c.id == training_id, training.c.ended_at.is_(None))
    if connection.execute(update(training).where(*mine).values(ended_at=at)).rowcount != 1:
        return False
    gone = {"cells": b"", "findings": pack(_NOTHING)}
    connection.execute(update(practice).where(practice.c.training_id == training_id).values(gone))
    of_it = practice_step.c.practice_id.in_(select(practice.c.id).where(practice.c.training_id == training_id))
    connection.execute(update(practice_step).where(of_it).values(text=""))
    return True


def all_of(connection: Connection) -> list[Training]:
    """Every training ever held, newest first."""
    return [_training(row) for row in connection.execute(select(training).order_by(desc(training.c.id)))]


def is_held(connection: Connection, regime: str, period: str, form: str) -> bool:
    """True while one of this form and period is under way."""
    same = (training.c.regime == regime, training.c.period == period, training.c.form == form)
    query = select(training.c.id).where(*same, training.c.ended_at.is_(None))
    return connection.execute(query.limit(1)).first() is not None


def practices(connection: Connection, scope: Scope, practice_id: int | None = None) -> list[Practice]:
    """The parts of a scope's units in trainings under way, newest first; one when it is named."""
    conditions: list[ColumnElement[bool]] = [
        training.c.ended_at.is_(None),
        within(scope, practice.c.unit_id, training.c.regime, training.c.form),
    ]
    if practice_id is not None:
        conditions.append(practice.c.id == practice_id)
    query = (
        select(
            practice.c.id.label("practice_id"),
            practice.c.unit_id,
            practice.c.state,
            practice.c.version,
            practice.c.status,
            practice.c.cells,
            practice.c.findings,
            training,
        )
        .join(training, training.c.id == practice.c.training_id)
        .where(*conditions)
        .order_by(desc(practice.c.id))
    )
    return [_practice(row) for row in connection.execute(query)]


def advance(
    connection: Connection,
    one: Practice,
    state: State,
    step: Tried,
    text: str,
    by_id: int,
    at: datetime,
    judged: Judged | None = None,
) -> bool:
    """Take a step, unless somebody took another meanwhile: then nothing is done and the answer is False."""
    values: dict[str, Any] = {"state": state, "version": one.version + 1}
    if judged is not None:
        packed = cells.pack(judged.values, judged.addresses)
        values |= {"status": judged.status, "cells": packed, "findings": pack(judged.findings)}
    seen = (practice.c.id == one.id, practice.c.version == one.version)
    if connection.execute(update(practice).where(*seen).values(values)).rowcount != 1:
        return False
    note(connection, one.id, step, text, by_id, at)
    return True


def note(connection: Connection, practice_id: int, step: Tried, text: str, by_id: int, at: datetime) -> None:
    """Write down what somebody tried."""
    row = {"practice_id": practice_id, "step": step, "text": text[:2000], "by_id": by_id, "at": at}
    connection.execute(insert(practice_step).values(row))


def steps(connection: Connection, practice_id: int) -> list[Step]:
    """What a unit tried, oldest first."""
    query = (
        select(practice_step, person.c.name)
        .join(person, person.c.id == practice_step.c.by_id)
        .where(practice_step.c.practice_id == practice_id)
        .order_by(practice_step.c.id)
    )
    return [Step(Tried(row.step), row.text, row.name, row.at) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[int, tuple[int, dict[Tried, int]]]:
    """By training: how many units are invited, and how many of them did each step."""
    invited = select(practice.c.training_id, func.count()).group_by(practice.c.training_id)
    found: dict[int, tuple[int, dict[Tried, int]]] = {key: (count, {}) for key, count in connection.execute(invited)}
    tried = (
        select(practice.c.training_id, practice_step.c.step, func.count(practice.c.id.distinct()))
        .join(practice_step, practice_step.c.practice_id == practice.c.id)
        .group_by(practice.c.training_id, practice_step.c.step)
    )
    for key, step, count in connection.execute(tried):
        found[key][1][Tried(step)] = count
    return found


def _training(row: Any) -> Training:
    return Training(row.id, row.regime, row.period, row.form, row.form_definition_id, row.due_at, row.at, row.ended_at)


def _practice(row: Any) -> Practice:
    values, addresses = cells.unpack(row.cells)
    findings = tuple(unpack(list[Finding], row.findings))
    return Practice(
        row.practice_id,
        _training(row),
        row.unit_id,
        State(row.state),
        row.version,
        row.status,
        values,
        addresses,
        findings,
    )
