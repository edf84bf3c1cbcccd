"""What left the house: an entry of the audit log for each file handed out."""

from __future__ import annotations

from actions.desk import Desk


def record(desk: Desk, on: str, sha: str) -> None:
    """Note that the actor took a file, by what it is (``upload 7``) and its SHA-256, before it is handed over."""
    desk.instance.journal.write(desk, "download", on, {"sha256": sha})
