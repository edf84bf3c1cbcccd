"""Files kept while somebody looks at them, found again by what they hold; a page hands out their names signed."""

from __future__ import annotations

from hashlib import sha256
from typing import BinaryIO

from actions.desk import Desk, NotYours, Refusal
from registry.findings import Finding, fix, is_blocking, message
from registry.workflow.policy import Action

REFUSED = "refuse-file"  # in the audit log


def keep(desk: Desk, action: Action, what: str, stream: BinaryIO, limit: int | None = None) -> str:
    """Keep a file, noted in the audit log as ``what``; its SHA-256. Raises NotYours, FileTooLarge, DiskFull."""
    desk.require(action)
    stored = desk.instance.files.put(stream, limit=limit)
    with desk.change(action, what) as change:
        change.detail |= {"sha256": stored.sha, "size": stored.size}
    return stored.sha


class Unfit(Refusal):
    """A document that is not kept; ``findings`` say why and how to mend it, the log has an entry to be quoted."""

    def __init__(self, code: str, findings: tuple[Finding, ...], number: int) -> None:
        self.findings = findings
        why = " ".join(f"{message(one)} {fix(one)}" for one in findings)
        super().__init__(code, why=why, number=number)


def assert_fit(desk: Desk, action: Action, data: bytes, found: tuple[Finding, ...], code: str) -> None:
    """Nothing is kept of a document that findings refuse but its hash, in the log. Raises Unfit."""
    if is_blocking(found):
        with desk.change(REFUSED, action) as change:
            change.detail |= {"sha256": sha256(data).hexdigest(), "codes": [one.code for one in found]}
        raise Unfit(code, found, change.number)


def read(desk: Desk, action: Action, sha: str) -> bytes:
    """A kept file. Raises NotYours, also when there is none."""
    desk.require(action)
    try:
        return desk.instance.files.read(sha)
    except FileNotFoundError:
        raise NotYours from None
