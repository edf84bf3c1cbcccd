"""Files of compiled reports as they are handed out: for official use (dùng cho công vụ) until the report is issued."""

from __future__ import annotations

from actions.desk import Desk
from registry.store import releases, report_versions
from registry.store.engine import Connection
from webui.file_names import for_official_use


def name_for(at: Desk, connection: Connection, version_id: int, name: str) -> str:
    """What a browser saves a file of a version under: with who took it and when while a compiled one is not issued."""
    version = report_versions.get(connection, version_id)
    if version is None or not version.is_compiled or releases.issued(connection, [version_id]):
        return name
    return for_official_use(name, at.actor.login, at.moment)
