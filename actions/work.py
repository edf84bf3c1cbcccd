"""The in-process worker: takes jobs from the table and runs the action each kind names."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from actions.console import open_desk
from actions.desk import Desk, Refusal
from actions.instance import Instance, local_day, now
from actions.receive import JUDGE, judge_upload
from registry.store import jobs, people
from registry.store.jobs import Job

log = logging.getLogger(__name__)
_IDLE_SECONDS = 1.0


def _judge(desk: Desk, args: dict[str, Any]) -> dict[str, Any]:
    verdict = judge_upload(desk, int(args["upload"]))
    return {"verdict": verdict.id, "status": verdict.status}


TASKS: dict[str, Callable[[Desk, dict[str, Any]], dict[str, Any]]] = {JUDGE: _judge}


def run_one(instance: Instance) -> bool:
    """Take and run the next due job; False when there is none. Bodies are idempotent: a job may run twice."""
    with instance.store.write() as connection:
        held = jobs.lease(connection, now())
    if held is None:
        return False
    try:
        result = _run(instance, held)
    except Exception as error:
        log.exception("job %s (%s) failed", held.id, held.kind)
        with instance.store.write() as connection:
            jobs.fail(connection, held, now(), f"{type(error).__name__}: {error}")
        return True
    with instance.store.write() as connection:
        jobs.finish(connection, held, result)
    return True


def _run(instance: Instance, held: Job) -> dict[str, Any]:
    moment = now()
    with instance.store.read() as connection:
        actor = people.actor(connection, held.by_id, local_day(moment)) if held.by_id else None
    operator = open_desk(instance, None).actor
    if actor is None and held.by_id == operator.person_id:
        actor = operator
    if actor is None:
        raise Refusal("unknown-login", login=str(held.by_id))
    return TASKS[held.kind](Desk(instance, actor, moment, "job"), held.args)


class Worker:
    """A thread that runs jobs until stopped; what it holds at a crash is taken up again when its lease ends."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="baocao-worker", daemon=True)

    def start(self) -> None:
        """Begin taking jobs."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the job at hand and end."""
        self._stopping.set()
        self._instance.wake.set()
        self._thread.join(timeout=30)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._instance.wake.clear()
            try:
                while not self._stopping.is_set() and run_one(self._instance):
                    pass
            except Exception:
                log.exception("the worker could not take a job")
            self._instance.wake.wait(_IDLE_SECONDS)
