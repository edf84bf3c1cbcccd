"""The audit log as it leaves the house."""

from __future__ import annotations

import json
from collections.abc import Iterator

from actions.desk import Desk
from registry.store import audit

FORMAT = "baocao-audit-1"


def export(desk: Desk, *, with_details: bool) -> Iterator[bytes]:
    """The whole log, one JSON object a line after a first line that says how many; that it was taken is its last entry.

    ``deploy/verify_audit.py`` reads it.
    """
    with desk.change("export-log", "log") as change:
        change.detail["details"] = with_details
    with desk.read() as connection:
        yield _line({"format": FORMAT, "entries": audit.head(connection).seq, "details": with_details})
        for entry in audit.exported(connection, with_details=with_details):
            yield _line(entry)


def _line(entry: dict[str, object]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
