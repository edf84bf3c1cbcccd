"""The board of an open period on generated units: its two queries, and the whole page as a browser is sent it.

The yardstick sends SQLite the same statements on a bare connection and fetches their rows.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from actions import catalogues, openings
from actions.console import open_desk
from actions.desk import Desk
from actions.instance import Instance, make
from actions.people import hash_of
from actions.settings import Settings
from bench import paper
from bench.harness import Effort, Measurement, compare, main
from registry.catalogue.model import Catalogue, UnitKind
from registry.sample import catalogue
from registry.store import board, people
from registry.store import openings as stored
from registry.store.tables import (
    assignment,
    due_change,
    reception,
    reception_event,
    report,
    report_event,
    report_version,
    submission,
    submission_event,
)
from registry.workflow.policy import EVERYWHERE
from webui import site, visitor
from webui.visitor import COOKIE

SIZES = (115, 1000, 3321)
FORMS = ("KTXH-01", "II.06a", "GCT-01", "HN-01")
NOW = datetime(2026, 10, 20, 9, tzinfo=paper.VIETNAM)
PAGE = "/ky-bao-cao/KTXH/202610"


def measure(effort: Effort) -> Iterator[Measurement]:
    """Boards of 115, 1,000 and 3,321 units × 4 forms (115 and 1,000 with ``--quick``), a part of the units a page."""
    logging.disable(logging.WARNING)
    rounds = effort.rounds(9) + 1
    for size in SIZES[: 2 if effort.quick else 3]:
        with tempfile.TemporaryDirectory() as folder:
            yield from _of(instance_of(Path(folder), size), size, rounds)


def _of(instance: Instance, size: int, rounds: int) -> Iterator[Measurement]:
    browser = _browser(instance)
    with instance.store.read() as connection:
        opening = stored.find(connection, "KTXH", "202610")
        receiver = Desk(instance, _office(instance), NOW).snapshot(connection).unit_ids["VPUB"]
    assert opening is not None
    statement = _statement(instance, opening.id, receiver)

    def query(_: int) -> None:
        with instance.store.read() as connection:
            assert len(board.squares(connection, EVERYWHERE, opening.id, receiver)) == size * len(FORMS)

    def page(turn: int) -> None:
        assert browser.get(f"{PAGE}?trang={turn % 9 + 1}").status_code == 200

    yield compare(f"squares of {size} units", query, {"bare SQLite, the same statements": statement}, range(rounds))
    yield compare(f"page of {size} units", page, {"bare SQLite, the same statements": statement}, range(rounds))
    instance.close()


def _statement(instance: Instance, opening_id: int, receiver_id: int) -> Callable[[int], None]:
    said: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        said.append((given[2], given[3]))

    event.listen(instance.store.engine, "before_cursor_execute", note)
    with instance.store.read() as connection:
        board.squares(connection, EVERYWHERE, opening_id, receiver_id)
    event.remove(instance.store.engine, "before_cursor_execute", note)
    bare = sqlite.connect(instance.settings.root / "baocao.db")
    both = said[-2:]  # after BEGIN

    def ask(_: int) -> None:
        for statement, values in both:
            bare.execute(statement, values).fetchall()

    return ask


# --- what the boards are of ------------------------------------------------------------------------------------------


def instance_of(folder: Path, size: int) -> Instance:
    """An instance whose office asks ``size`` communes for four forms, at NOW."""
    settings = replace(Settings.read({"BAOCAO_INSTANCE": str(folder)}), second_factor=False)
    make(settings, NOW)
    instance = Instance.open(settings, durable=False)
    catalogues.put(open_desk(instance, None), _catalogue(size))
    openings.open_period(Desk(instance, _office(instance), NOW - timedelta(days=9)), "KTXH", "202610")
    _live(instance)
    return instance


def _catalogue(size: int) -> Catalogue:
    whole = catalogue()
    agencies = tuple(one for one in whole.units if not one.kind.is_commune and one.valid_to is None)
    agencies = tuple(one for one in agencies if one.kind is not UnitKind.DIVISION)
    born = agencies[0].born
    communes = tuple(
        replace(paper.unit(n), code=f"9{n:04}", kind=UnitKind.COMMUNE, parent="66", order=1000 + n, born=born)
        for n in range(size)
    )
    kept = {one.code for one in agencies}
    regimes = tuple(replace(one, reporters=("xã",)) for one in whole.regimes if one.code == "KTXH")
    roles = tuple(one for one in whole.roles if one.unit in kept)
    return replace(
        whole, units=(*agencies, *communes), regimes=regimes, successions=(), plans=(), roles=roles, requests=()
    )


def _live(instance: Instance) -> None:
    """Three more forms of every unit, more time for each; two thirds approved, half sent and received."""
    with instance.store.write() as connection:
        snapshot = Desk(instance, _office(instance), NOW).snapshot(connection)
        person, receivers = _office(instance).person_id, [snapshot.unit_ids[code] for code in ("STC", "VPUB")]
        first = connection.execute(select(assignment)).mappings().all()
        more = [
            {**{key: value for key, value in one.items() if key != "id"}, "form": form}
            for one in first
            for form in FORMS[1:]
        ]
        connection.execute(insert(assignment), more)
        known = set(connection.execute(select(submission.c.assignment_id)).scalars())
        asked = connection.execute(select(assignment.c.id)).scalars().all()
        empty = {"state": "empty", "version": 0, "lock": 0}
        connection.execute(insert(submission), [empty | {"assignment_id": one} for one in asked if one not in known])
        steps: list[dict[str, Any]] = []
        for key in connection.execute(select(submission.c.id)).scalars():
            if key % 3:
                said = {"submission_id": key, "n": 1, "by_id": person}
                at = NOW - timedelta(days=key % 7)
                steps += [said | {"action": "submit", "at": at}, said | {"action": "approve", "at": at}]
        connection.execute(insert(submission_event), steps)
        moved = {"opening_id": first[0]["opening_id"], "kind": "extend", "reason": "", "new": NOW, "at": NOW}
        connection.execute(insert(due_change), [moved | {"unit_id": one["unit_id"]} for one in first])
        connection.execute(submission.update().where(submission.c.id % 3 != 0).values(state="approved", version=1))
        _send(connection, person, receivers)


def _send(connection: Any, person: int, receivers: Sequence[int]) -> None:
    reports = connection.execute(select(report.c.id).where(report.c.id % 2 == 0)).scalars().all()
    connection.execute(report.update().where(report.c.id % 2 == 0).values(state="sent", version=1))
    said = {"n": 1, "by_id": person}
    sent = [said | {"report_id": one, "action": "send", "at": NOW} for one in reports]
    connection.execute(insert(report_event), sent)
    versions = [said | {"report_id": one, "as_of": NOW, "inputs_sha": ""} for one in reports]
    connection.execute(insert(report_version), versions)
    keys = connection.execute(select(report_version.c.id)).scalars().all()
    taken = [
        {"report_version_id": key, "receiver_id": one, "state": "received", "at": NOW}
        for key in keys
        for one in receivers
    ]
    connection.execute(insert(reception), taken)
    decided = {"state": "received", "by_id": person, "at": NOW}
    receptions = connection.execute(select(reception.c.id)).scalars()
    connection.execute(insert(reception_event), [decided | {"reception_id": one} for one in receptions])


def _office(instance: Instance) -> Any:
    with instance.store.read() as connection:
        person = people.find(connection, "vpub")
        assert person is not None
        return people.actor(connection, person.id, NOW.date())


def _browser(instance: Instance) -> FlaskClient:
    app = Flask("webui", static_folder="static", template_folder="templates")
    site.register(app, instance)
    app.config.update(SECRET_KEY=b"of the benches")
    vars(visitor)["now"] = lambda: NOW
    with instance.store.write() as connection:
        people.start_session(connection, hash_of("bench"), _office(instance).person_id, "127.0.0.1", NOW)
    browser = app.test_client()
    browser.set_cookie(COOKIE, "bench")
    return browser


if __name__ == "__main__":
    main(measure)
