"""Files kept while somebody looks at them, found again by what they hold; a page hands out their names signed."""

from __future__ import annotations

from typing import BinaryIO

from actions.desk import Desk, NotYours
from registry.workflow.policy import Action


def keep(desk: Desk, action: Action, what: str, stream: BinaryIO, limit: int | None = None) -> str:
    """Keep a file, noted in the audit log as ``what``; its SHA-256. Raises NotYours, FileTooLarge, DiskFull."""
    desk.require(action)
    stored = desk.instance.files.put(stream, limit=limit)
    with desk.change(action, what) as change:
        change.detail |= {"sha256": stored.sha, "size": stored.size}
    return stored.sha


def read(desk: Desk, action: Action, sha: str) -> bytes:
    """A kept file. Raises NotYours, also when there is none."""
    desk.require(action)
    try:
        return desk.instance.files.read(sha)
    except FileNotFoundError:
        raise NotYours from None
