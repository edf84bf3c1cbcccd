"""Notes of reading are written together and soon; nobody is refused or handed a file before that is noted."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from actions import journal
from actions.console import open_desk
from actions.desk import Desk
from actions.journal import Journal
from registry.store import audit
from registry.store.engine import StoreBusy
from registry.workflow.policy import Actor
from tests.audit.conftest import ENTRIES, NOW, Log

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(log: Log) -> Iterator[Desk]:
    made = replace(open_desk(log.instance, None), actor=Actor(1, "ioc", "Giám sát", ()), moment=NOW)
    yield made
    log.instance.journal.stop()


def noted(desk: Desk) -> list[str]:
    with desk.read() as connection:
        return [one.object for one in audit.latest(connection) if one.seq > ENTRIES][::-1]


def test_without_its_thread_everything_is_written_at_once(desk: Desk) -> None:
    desk.instance.journal.read(desk, "opening 1 unit 7")
    desk.instance.journal.write(desk, "refused", "GET /viec/7", {})
    assert noted(desk) == ["opening 1 unit 7", "GET /viec/7"]
    with desk.read() as connection:
        read = audit.latest(connection, 2)[1]
    assert (read.action, read.actor, read.person_id, read.unit_id) == ("read", "ioc", 1, 7)


def test_reading_waits_for_company_and_stopping_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LATEST", 3600)
    desk.instance.journal.start()
    for number in range(100):
        desk.instance.journal.read(desk, f"opening {number} unit 7")
    assert noted(desk) == []
    desk.instance.journal.stop()
    assert noted(desk) == [f"opening {number} unit 7" for number in range(100)]


def test_a_note_of_reading_is_there_within_a_second(desk: Desk) -> None:
    desk.instance.journal.start()
    desk.instance.journal.read(desk, "opening 1 unit 7")
    until = time.monotonic() + 20
    while not noted(desk) and time.monotonic() < until:
        time.sleep(0.05)
    assert noted(desk) == ["opening 1 unit 7"]


def test_what_is_taken_away_or_refused_is_answered_after_its_note_is_committed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LATEST", 3600)
    desk.instance.journal.start()
    desk.instance.journal.read(desk, "opening 1 unit 7")
    desk.instance.journal.write(desk, "download", "upload 1", {"sha256": "…"})
    assert noted(desk) == ["opening 1 unit 7", "upload 1"]


def test_many_at_once_share_their_transactions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    append_all = audit.append_all
    monkeypatch.setattr(audit, "append_all", lambda *found: batches.append(len(found[1])) or append_all(*found))
    desk.instance.journal.start()
    people = [
        threading.Thread(target=desk.instance.journal.write, args=(desk, "download", f"upload {number}", {}))
        for number in range(40)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(noted(desk)) == sorted(f"upload {number}" for number in range(40))
    assert sum(batches) == 40
    assert len(batches) < 40


def test_who_waits_hears_that_it_could_not_be_written_and_reading_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: Journal, __: object) -> None:
        raise StoreBusy("locked")

    commit = Journal._commit
    desk.instance.journal.start()
    monkeypatch.setattr(Journal, "_commit", busy)
    desk.instance.journal.read(desk, "opening 1 unit 7")
    with pytest.raises(StoreBusy):
        desk.instance.journal.write(desk, "download", "upload 1", {})
    monkeypatch.setattr(Journal, "_commit", commit)
    desk.instance.journal.stop()
    assert noted(desk) == ["opening 1 unit 7"]


def test_a_note_that_cannot_be_written_takes_no_other_with_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LATEST", 3600)
    desk.instance.journal.start()
    desk.instance.journal.read(replace(desk, actor=None), "opening 1 unit 7")  # type: ignore[type-var]
    desk.instance.journal.read(desk, "opening 2 unit 7")
    desk.instance.journal.write(desk, "download", "upload 1", {})
    assert noted(desk) == ["opening 2 unit 7", "upload 1"]
