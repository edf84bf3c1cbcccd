"""The document behind a request (công văn): taken with it or later, read by all who see the request (F20)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from actions import downloads, kept
from actions.askers import is_own
from actions.desk import Change, Desk, NotYours, Refusal
from actions.receive import assert_pace
from ingest.letter import LETTER_BYTES, UNSEEN, kind_of
from registry.findings import fix, message
from registry.store import letters, openings
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.letters import Letter, Sender
from registry.workflow.policy import Action


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document kept and not yet laid beside a request."""

    sha: str
    name: str  # ends in .pdf or .docx, as its bytes are


def keep(
    desk: Desk, stream: BinaryIO, name: str, *, is_open: bool, action: Action = Action.REQUEST, what: str = "letter"
) -> Enclosed:
    """Look at a document and keep it while what it belongs to is written.

    ``is_open``: the sender's word that it bears no mark of secrecy, without which no pdf is taken. ``what`` it is, as
    the audit log and the sentences of refusals call it. Raises NotYours, Refusal, DiskFull.
    """
    desk.require(action)
    assert_pace(desk)
    limit = min(desk.instance.settings.upload_limit, LETTER_BYTES)
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Refusal(f"{what}-too-large", limit=limit >> 20)
    found = desk.instance.pool.letter(data, name)
    kept.assert_fit(desk, action, data, found, f"{what}-refused")
    unseen = next((one for one in found if one.code == UNSEEN), None)
    if unseen is not None and not is_open:
        raise Refusal(f"{what}-unseen", why=f"{message(unseen)} {fix(unseen)}")
    suffix = f".{kind_of(data)}"
    whole = name if name.lower().endswith(suffix) else f"{name}{suffix}"
    told = what if unseen is None else f"{what}, said to bear no secrecy mark"
    return Enclosed(kept.keep(desk, action, told, io.BytesIO(data)), whole)


def put(desk: Desk, change: Change, regime: str, asker_id: int, enclosed: Enclosed) -> None:
    """Lay a kept document beside a unit's request inside an open transaction."""
    stored, sender = desk.instance.files.find(enclosed.sha), Sender(desk.actor.person_id, asker_id, desk.channel)
    number = letters.put(change.connection, regime, stored, enclosed.name, sender, desk.moment)
    change.detail["letter"] = {"sha256": enclosed.sha, "name": enclosed.name, "upload": number}


def attach(desk: Desk, regime: str, stream: BinaryIO, name: str, *, is_open: bool) -> None:
    """Lay a document beside a request of one's own that is out already, in place of an earlier one.

    Raises NotYours, Refusal, DiskFull.
    """
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
    if not is_own(desk, snapshot, regime):
        raise NotYours
    enclosed = keep(desk, stream, name, is_open=is_open)
    with desk.change(Action.REQUEST, f"letter of {regime}") as change:
        put(desk, change, regime, snapshot.unit_ids[snapshot.regimes[regime].lead], enclosed)


def fetch(desk: Desk, regime: str) -> tuple[Letter, BinaryIO]:
    """The document of a request: for who asked, the units asked, and whoever sees all answers. Raises NotYours."""
    with desk.read() as connection:
        found = letters.of(connection, [regime]).get(regime)
        if found is None or not _may_see(desk, connection, desk.snapshot(connection), regime):
            raise NotYours
    stream = desk.instance.files.open(found.sha)
    downloads.record(desk, f"letter of {regime}", found.sha)
    return found, stream


def _may_see(desk: Desk, connection: Connection, snapshot: Snapshot, regime: str) -> bool:
    asked = openings.work(connection, desk.scope(Action.SEE_SUBMISSION), regime=regime)
    return bool(asked) or is_own(desk, snapshot, regime)
