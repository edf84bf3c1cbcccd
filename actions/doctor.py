"""The operator's check-up of an instance."""

from __future__ import annotations

import hashlib
import shutil
import stat
from dataclasses import dataclass

import pysqlite3.dbapi2 as sqlite

from actions import checkpoints, mailing
from actions.instance import Instance
from registry.store import migrate, uploads
from registry.store.engine import OLDEST_SAFE_SQLITE

_SAFE_TRANSPORTS = ("file", "local", "verify-ca", "verify-full")  # `require` talks to whoever answers


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    good: bool
    value: str


def examine(instance: Instance) -> list[Check]:
    """Schema, library, way to the database, files, secrets, disk, audit chain and checkpoints, letters, LibreOffice."""
    with instance.store.read() as connection:
        shas = uploads.all_files(connection)
        log = checkpoints.verify(connection, checkpoints.public_keys(instance))
    bad = [sha for sha in shas if not _is_whole(instance, sha)]
    secrets = list(instance.settings.secrets_dir.glob("*.key"))
    private = all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in secrets)
    mail = mailing.undelivered(instance)
    usage = shutil.disk_usage(instance.settings.root)
    soffice = shutil.which("soffice")
    return [
        Check("schema", migrate.is_current(instance.store), instance.store.engine.dialect.name),
        Check("sqlite", sqlite.sqlite_version_info >= OLDEST_SAFE_SQLITE, sqlite.sqlite_version),
        Check("transport", instance.store.transport in _SAFE_TRANSPORTS, instance.store.transport),
        Check("files", not bad, f"{len(shas) - len(bad)}/{len(shas)}"),
        Check("secrets", bool(secrets) and private, str(len(secrets))),
        Check("disk", usage.free > 2 << 30, f"{usage.free >> 30} GB"),
        Check("audit", log.is_whole, checkpoints.sentence(log)),
        Check("mail", mail.is_good, mailing.sentence(mail)),
        Check("office", soffice is not None, soffice or "—"),
    ]


def _is_whole(instance: Instance, sha: str) -> bool:
    try:
        return hashlib.sha256(instance.files.read(sha)).hexdigest() == sha
    except OSError:
        return False
