"""The in-process worker: takes jobs from the table and runs the action each kind names."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import asdict
from typing import Any

from actions import (
    account_rules,
    checkpoints,
    compile_orders,
    draft_prints,
    mailing,
    outages,
    packages,
    printing,
    scheduled,
    timetable,
    unit_exports,
)
from actions.account_rules import IDLE
from actions.behalf import at_upload
from actions.bundles import BUNDLE, make_now
from actions.checkpoints import CHECKPOINT
from actions.compile_orders import COMPILE
from actions.console import open_desk
from actions.cubes import CUBE, refresh
from actions.desk import Desk, Refusal
from actions.draft_prints import PRINT_DRAFT
from actions.instance import Instance, local_day, now
from actions.mailing import MAIL
from actions.making import Course, NotWanted
from actions.measuring import MEASURE, measure
from actions.packages import PACKAGE
from actions.printing import PRINT
from actions.receive import JUDGE, judge_upload
from actions.reorganising import REORGANISE, settle
from actions.rounds import ROUND, give_up, open_planned
from actions.scheduled import OPENINGS
from actions.timetable import TELL
from actions.unit_exports import EXPORT
from registry.store import jobs, people
from registry.store.jobs import Job

log = logging.getLogger(__name__)
_IDLE_SECONDS = 1.0
_BEAT_SECONDS = 60.0


def _judge(desk: Desk, args: dict[str, Any], _: Course) -> dict[str, Any]:
    verdict = judge_upload(at_upload(desk, int(args["upload"])), int(args["upload"]))
    return {"verdict": verdict.id, "status": verdict.status}


def _bundle(desk: Desk, args: dict[str, Any], course: Course) -> dict[str, Any]:
    return make_now(desk, args["regime"], args["period"], course)


def _compile(desk: Desk, args: dict[str, Any], course: Course) -> dict[str, Any]:
    return compile_orders.make_now(desk, args, course)


def _print(desk: Desk, args: dict[str, Any], course: Course) -> dict[str, Any]:
    return printing.make_now(desk, int(args["version"]), course)


def _print_draft(desk: Desk, args: dict[str, Any], course: Course) -> dict[str, Any]:
    return draft_prints.make_now(desk, int(args["opening"]), int(args["unit"]), course)


def _package(desk: Desk, args: dict[str, Any], course: Course) -> dict[str, Any]:
    return packages.make_now(desk, int(args["version"]), bool(args["sources"]), course)


def _export(desk: Desk, args: dict[str, Any], course: Course) -> dict[str, Any]:
    return unit_exports.make_now(desk, int(args["unit"]), course)


def _measure(desk: Desk, args: dict[str, Any], _: Course) -> dict[str, Any]:
    made = measure(desk, args["form"], args["period"])
    return {"hit": sum(hit for _, hit in made.checks.values())}


def _round(desk: Desk, args: dict[str, Any], _: Course) -> dict[str, Any]:
    return {"period": open_planned(desk, int(args["round"]))}


def _checkpoint(desk: Desk, args: dict[str, Any], _: Course) -> dict[str, Any]:
    if args["reason"] == checkpoints.INTERVAL:
        checkpoints.queue_next(desk, desk.moment)  # first: a folder that cannot be written to must not end the series
    made = checkpoints.make(desk.instance, desk.moment, args["reason"])
    return {"checkpoint": made.n if made else None}


def _reorganise(desk: Desk, args: dict[str, Any], _: Course) -> dict[str, Any]:
    return settle(desk) | {"on": args["on"]}


def _idle(desk: Desk, _: dict[str, Any], __: Course) -> dict[str, Any]:
    account_rules.queue_next(desk.instance, desk.actor.person_id, desk.moment)
    return {"disabled": len(account_rules.disable_idle(desk.instance, desk.moment))}


def _tell(desk: Desk, _: dict[str, Any], __: Course) -> dict[str, Any]:
    timetable.queue_next(desk.instance, desk.actor.person_id, desk.moment)  # first: the series goes on whatever happens
    return timetable.run(desk)


def _mail(desk: Desk, args: dict[str, Any], _: Course) -> dict[str, Any]:
    return mailing.send(desk, int(args["message"]))


def _cube(desk: Desk, _: dict[str, Any], __: Course) -> dict[str, Any]:
    return asdict(refresh(desk))


def _openings(desk: Desk, _: dict[str, Any], __: Course) -> dict[str, Any]:
    return asdict(scheduled.look(desk))


TASKS: dict[str, Callable[[Desk, dict[str, Any], Course], dict[str, Any]]] = {
    JUDGE: _judge,
    BUNDLE: _bundle,
    COMPILE: _compile,
    PRINT: _print,
    EXPORT: _export,
    PACKAGE: _package,
    PRINT_DRAFT: _print_draft,
    MEASURE: _measure,
    ROUND: _round,
    REORGANISE: _reorganise,
    CHECKPOINT: _checkpoint,
    IDLE: _idle,
    MAIL: _mail,
    TELL: _tell,
    OPENINGS: _openings,
    CUBE: _cube,
}
# What takes minutes, or waits for a folder or a server elsewhere, has a thread of its own and keeps no clerk waiting.
LANES = (
    (JUDGE, ROUND, REORGANISE, OPENINGS),
    (BUNDLE, MEASURE, IDLE, CUBE),
    (CHECKPOINT, MAIL, TELL),
    (COMPILE,),
    (PRINT, PRINT_DRAFT, PACKAGE, EXPORT),
)


def run_one(instance: Instance, kinds: Collection[str] | None = None) -> bool:
    """Take and run the next due job (of these kinds); False when there is none.

    Bodies are idempotent: a job may run twice.
    """
    with instance.store.write() as connection:
        held = jobs.lease(connection, now(), kinds)
    if held is None:
        return False
    try:
        result = _run(instance, held)
    except NotWanted:
        return True
    except Exception as error:
        log.exception("job %s (%s) failed", held.id, held.kind)
        _fail(instance, held, f"{type(error).__name__}: {error}")
        return True
    with instance.store.write() as connection:
        jobs.finish(connection, held, result)
    return True


def _fail(instance: Instance, held: Job, why: str) -> None:
    with instance.store.write() as connection:
        is_given_up = jobs.fail(connection, held, now(), why) and held.attempt >= jobs.MAX_ATTEMPTS
    if is_given_up and held.kind == ROUND:
        give_up(open_desk(instance, None), int(held.args["round"]))


def _run(instance: Instance, held: Job) -> dict[str, Any]:
    moment = now()
    with instance.store.read() as connection:
        actor = people.actor(connection, held.by_id, local_day(moment)) if held.by_id else None
    operator = open_desk(instance, None).actor
    if actor is None and held.by_id == operator.person_id:
        actor = operator
    if actor is None:
        raise Refusal("unknown-login", login=str(held.by_id))
    return TASKS[held.kind](Desk(instance, actor, moment, "job"), held.args, Course(instance, held))


class Worker:
    """Threads that run jobs until stopped, one a lane; what they hold at a crash is taken up when its lease ends."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(kinds,), name=f"baocao-worker-{kinds[0]}", daemon=True)
            for kinds in LANES
        ]
        self._threads.append(threading.Thread(target=self._live, name="baocao-heartbeat", daemon=True))

    def start(self) -> None:
        """Begin taking jobs; from now on the log is signed at every interval, idle accounts are looked for daily.

        So are periods that open by themselves. Letters that wait are tried again.
        """
        operator = open_desk(self._instance, None)
        checkpoints.queue_next(operator, now())
        account_rules.queue_next(self._instance, operator.actor.person_id, now())
        timetable.queue_next(self._instance, operator.actor.person_id, now())
        mailing.resume(self._instance, now())
        with self._instance.store.write() as connection:
            scheduled.queue(connection, operator.actor.person_id, now())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the jobs at hand and end."""
        self._stopping.set()
        self._instance.wake.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _live(self) -> None:
        while True:
            try:
                outages.beat(self._instance, now())
            except Exception:
                log.exception("the heartbeat could not be written")
            if self._stopping.wait(_BEAT_SECONDS):
                return

    def _loop(self, kinds: Collection[str]) -> None:
        while not self._stopping.is_set():
            self._instance.wake.clear()
            try:
                while not self._stopping.is_set() and run_one(self._instance, kinds):
                    pass
            except Exception:
                log.exception("the worker could not take a job")
            self._instance.wake.wait(_IDLE_SECONDS)
