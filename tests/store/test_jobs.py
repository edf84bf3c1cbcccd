from datetime import timedelta

from registry.store import jobs
from registry.store.engine import Store
from tests.store.conftest import MOMENT


def _enqueue(store: Store, key: str | None = None) -> int:
    with store.write() as connection:
        return jobs.enqueue(connection, "judge", {"upload": 1}, MOMENT, unique_key=key)


def test_a_job_is_leased_once_and_finished_by_who_holds_it(store: Store) -> None:
    _enqueue(store)
    with store.write() as connection:
        held = jobs.lease(connection, MOMENT)
        assert held is not None
        assert jobs.lease(connection, MOMENT) is None
        assert jobs.finish(connection, held, {"ok": True})
        done = jobs.get(connection, held.id)
        assert done is not None
        assert (done.state, done.result) == ("done", {"ok": True})


def test_a_job_whose_worker_died_is_taken_up_again_and_the_dead_cannot_finish_it(store: Store) -> None:
    _enqueue(store)
    with store.write() as connection:
        lost = jobs.lease(connection, MOMENT)
        again = jobs.lease(connection, MOMENT + jobs.LEASE + timedelta(seconds=1))
        assert lost is not None
        assert again is not None
        assert (again.id, again.fence) == (lost.id, lost.fence + 1)
        assert not jobs.finish(connection, lost, None)
        assert jobs.finish(connection, again, None)


def test_a_waiting_job_with_the_same_key_is_not_queued_twice(store: Store) -> None:
    assert _enqueue(store, "judge 7") == _enqueue(store, "judge 7")
    assert _enqueue(store, "judge 8") != _enqueue(store, "judge 7")


def test_a_failing_job_is_tried_again_and_then_given_up(store: Store) -> None:
    job_id, moment = _enqueue(store), MOMENT
    for _ in range(jobs.MAX_ATTEMPTS):
        with store.write() as connection:
            held = jobs.lease(connection, moment)
            assert held is not None
            jobs.fail(connection, held, moment, "boom")
        moment += timedelta(minutes=1)
    with store.read() as connection:
        job = jobs.get(connection, job_id)
        assert job is not None
        assert (job.state, job.result) == ("failed", {"error": "boom"})
