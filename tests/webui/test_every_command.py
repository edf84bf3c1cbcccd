"""Every command done in a person's name, every role, wherever it is held and however: exactly the policy's are done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

import app as entry_point
from actions import console
from actions.desk import NotYours, Refusal
from actions.instance import Instance
from registry.catalogue.model import Role
from registry.store.tables import audit, opening, submission, upload
from registry.workflow.policy import Action, scope
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE
from tests.webui.rights import TOMORROW, YESTERDAY
from tests.webui.small_province import EASUP, NOW, OFFICE_OF_EASUP, sit
from tests.webui.test_every_door import PLACES, VISITOR, hold, let_go, visitor
from webui import commands

__all__ = ["visitor"]
OF_A_UNIT = {"ingest", "submit", "approve"}  # the others are about everybody
Run = Callable[[str], Result]


@dataclass(frozen=True)
class Here(commands.Shell):
    """The entry point at an instance that is open already."""

    opened: Instance

    @contextmanager
    def instance(self, *, durable: bool = True) -> Iterator[Instance]:
        yield self.opened


def in_a_name(group: click.Group = commands.baocao, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that is done in somebody's name, by its words."""
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from in_a_name(one, f"{name} ")
        elif any("--as" in part.opts for part in one.params):
            yield before + name, one


ACTIONS: dict[str, Action] = {name: vars(one.callback)["policy_action"] for name, one in in_a_name()}


@pytest.fixture
def run(instance: Instance, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the visitor's name with something for it to do in Ea Súp, whose figures are pending."""
    monkeypatch.setattr(console, "now", lambda: NOW)
    name, data = province.filled(sit(instance, "easup"))
    number = province.submitted(sit(instance, "easup"))
    report = province.a_compiled_report(instance, province.work_of(sit(instance, "easup")).opening_id)
    (tmp_path / "empty").mkdir()
    file = tmp_path / name
    file.write_bytes(data)
    words: dict[str, list[object]] = {
        "catalogue load": [tmp_path / "empty"],
        "catalogue propose": [file, "--out", tmp_path / "out"],
        "history load": [file],
        "plans load": [file],
        "open": ["KTXH", "--period", "202611"],
        "ingest": [file, "--unit", EASUP],
        "submit": [number],
        "trace": [report, "KTXH-01!NN10.c06"],
        "approve": ["KTXH", "--period", "202610", "--unit", EASUP],
    }
    assert words.keys() == ACTIONS.keys()
    shell = Here(instance.settings, entry_point.create_app, instance)

    def go(command: str) -> Result:
        line = [*command.split(), *map(str, words[command]), "--as", VISITOR]
        done = CliRunner().invoke(commands.baocao, line, obj=shell)
        assert done.exception is None or isinstance(done.exception, SystemExit), (command, done.exception)
        return done

    return go


def is_refused(done: Result) -> bool:
    """Whether it was refused as what is not there: of a unit where nothing of the person's waits, nothing waits."""
    return done.exit_code == 1 and any(said in done.output for said in (str(NotYours()), str(Refusal("nothing-waits"))))


def standing(instance: Instance) -> list[object]:
    """What the commands could have changed."""
    with instance.store.read() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(one)).scalar() for one in (audit, upload, opening)
        ]
        return [*counts, *connection.execute(select(submission.c.id, submission.c.state, submission.c.lock)).all()]


@ON_SQLITE
def test_a_command_does_in_a_name_only_what_the_policy_gives_it(
    instance: Instance, visitor: FlaskClient, run: Run
) -> None:
    unit, before, wrong = rights.unit_key(instance, EASUP), standing(instance), []

    def may(command: str) -> bool:
        allowed = scope(sit(instance, VISITOR).actor, ACTIONS[command])
        return allowed.allows(unit) if command in OF_A_UNIT else not allowed.is_empty

    def tried(*how: object) -> None:
        wrong.extend((*how, one) for one in ACTIONS if not may(one) and not is_refused(run(one)))

    for role, place in product(Role, PLACES):
        hold(instance, VISITOR, role, place)
        tried(role, place)
    for dates in ({"valid_to": YESTERDAY}, {"valid_from": TOMORROW}, {"revoked_at": NOW}):
        for role in (Role.OFFICE, Role.CLERK, Role.LEADER):
            hold(instance, VISITOR, role, "own", **dates)
            assert not any(may(one) for one in ACTIONS)
            tried(role, dates)
    let_go(instance, VISITOR)
    rights.give(instance, VISITOR, Role.CLERK, OFFICE_OF_EASUP)
    rights.lend(instance, "ld.easup", VISITOR)
    assert {one for one in ACTIONS if may(one)} == {"approve"}
    tried("lent")
    assert (wrong, standing(instance)) == ([], before)

    rights.disable(instance, VISITOR)
    assert {run(one).exit_code for one in ACTIONS} == {2}
    assert standing(instance) == before


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.OFFICE, Role.CLERK, Role.LEADER])
def test_whoever_may_is_not_refused_as_a_stranger(
    role: Role, instance: Instance, visitor: FlaskClient, run: Run
) -> None:
    hold(instance, VISITOR, role, "own")
    actor = sit(instance, VISITOR).actor
    mine = {one for one, action in ACTIONS.items() if not scope(actor, action).is_empty}
    assert mine
    assert {one for one in ACTIONS if not is_refused(run(one))} == mine
