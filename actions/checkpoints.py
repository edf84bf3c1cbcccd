"""Signing the audit log from time to time, and holding what was signed against it (R06)."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from actions import mailing
from actions.desk import Desk, say
from actions.instance import Instance
from actions.mailing import Letter
from registry.store import audit, checkpoints, jobs
from registry.store.audit import Broken
from registry.store.checkpoints import Checkpoint
from registry.store.engine import Connection
from vietnamese.dates import format_moment

CHECKPOINT = "checkpoint"
INTERVAL, COMMAND = "interval", "command"


class NotACheckpoint(ValueError):
    """A file that holds no checkpoint."""


def public_keys(instance: Instance) -> list[str]:
    """The keys that vouch for checkpoints, in hexadecimal, the one in use first."""
    return [_public(Ed25519PrivateKey.from_private_bytes(secret)) for secret in instance.audit_keys]


def _public(signer: Ed25519PrivateKey) -> str:
    return signer.public_key().public_bytes_raw().hex()


# --- making ----------------------------------------------------------------------------------------------------------


def queue(desk: Desk, connection: Connection, reason: str) -> None:
    """Have the log signed as soon as this transaction is in it."""
    key = f"{CHECKPOINT} {reason}"
    jobs.enqueue(connection, CHECKPOINT, {"reason": reason}, desk.moment, unique_key=key, by_id=desk.actor.person_id)
    desk.instance.wake.set()


def queue_next(desk: Desk, moment: datetime) -> None:
    """Have the log signed at the next full interval; whoever asks again before it is answered by the same job."""
    every = desk.instance.settings.checkpoint_every
    since = moment - datetime.min.replace(tzinfo=moment.tzinfo)
    then = moment + every - since % every
    with desk.instance.store.write() as connection:
        jobs.enqueue(
            connection,
            CHECKPOINT,
            {"reason": INTERVAL},
            then,
            unique_key=f"{CHECKPOINT} {then.isoformat()}",
            by_id=desk.actor.person_id,
        )


def make(instance: Instance, moment: datetime, reason: str) -> Checkpoint | None:
    """Sign the newest entry unless that was done, and send what was signed outside; None while the log is empty.

    Raises OSError when the folder outside cannot be written to: what was signed stays, and is sent when asked again.
    """
    settings = instance.settings
    with instance.store.write() as connection:
        head, made = audit.head(connection), checkpoints.newest(connection)
        if head.seq == 0:
            return None
        if made is None or made.seq < head.seq:
            signer = Ed25519PrivateKey.from_private_bytes(instance.audit_keys[0])
            n = made.n + 1 if made else 1
            unsigned = Checkpoint(n, head.seq, head.hash, moment, reason, _public(signer))
            made = replace(unsigned, signature=signer.sign(unsigned.signed_bytes).hex())
            checkpoints.put(connection, made)
        if settings.checkpoints_mail:
            letter = _letter(made)
            mailing.post(instance, connection, settings.checkpoints_mail, letter, f"{CHECKPOINT} {made.n}", moment)
    if settings.checkpoints_dir is not None:
        _write(settings.checkpoints_dir / name_of(made), as_file(made))
    return made


def name_of(made: Checkpoint) -> str:
    """What a checkpoint's file is called."""
    return f"checkpoint-{made.n:06}.json"


def as_file(made: Checkpoint) -> bytes:
    """A checkpoint as it is kept outside: its statement and the signature, as JSON."""
    return json.dumps(made.statement | {"signature": made.signature}, ensure_ascii=False, indent=1).encode()


def _letter(made: Checkpoint) -> Letter:
    return Letter(
        say("checkpoint.subject", n=made.n),
        say("checkpoint.text", n=made.n, seq=made.seq, hash=made.hash, at=format_moment(made.at)),
        (name_of(made), as_file(made).decode()),
    )


def _write(path: Path, data: bytes) -> None:
    """Write a file durably, unless it is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_suffix(".writing")
    with writing.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    writing.replace(path)


# --- verifying -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of holding the log against its hashes and checkpoints."""

    good: int  # entries from the first on
    broken: Broken | None
    checkpoints: int
    forged: int | None = None  # number of the first checkpoint that is not signed by a key of ours, or missing

    @property
    def is_whole(self) -> bool:
        """True when nothing was found."""
        return self.broken is None and self.forged is None


def sentence(found: Verified) -> str:
    """What came of it, for a person."""
    if found.broken is not None:
        one = found.broken
        return say(f"verified.{one.why}", seq=one.seq, until=one.until, good=found.good)
    if found.forged is not None:
        return say("verified.forged", n=found.forged)
    return say("verified.whole", good=found.good, checkpoints=found.checkpoints)


def verify(connection: Connection, keys: Collection[str], brought: Iterable[Checkpoint] = ()) -> Verified:
    """Hold the log against its own hashes, the checkpoints kept here and those ``brought`` from outside."""
    kept = checkpoints.every(connection)
    told = [(place, one, one.n == place and is_signed(one, keys)) for place, one in enumerate(kept, 1)]
    told += [(one.n, one, is_signed(one, keys)) for one in brought]
    forged = next((place for place, _, is_sound in told if not is_sound), None)
    vouching = (one for _, one, is_sound in told if is_sound)
    good, broken = audit.verify(connection, {(one.seq, one.hash) for one in vouching})
    return Verified(good, broken, len(kept), forged)


def is_signed(one: Checkpoint, keys: Collection[str]) -> bool:
    """True when the checkpoint was signed with one of these public keys, and says so."""
    if one.key not in keys:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(one.key)).verify(
            bytes.fromhex(one.signature), one.signed_bytes
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def read(data: bytes) -> Checkpoint:
    """A checkpoint from its file; raises NotACheckpoint."""
    try:
        told = json.loads(data)
        names = ("n", "seq", "hash", "reason", "key", "signature")
        found = Checkpoint(at=datetime.fromisoformat(told["at"]), **{name: told[name] for name in names})
        if found.statement | {"signature": found.signature} != told:
            raise NotACheckpoint
    except (ValueError, KeyError, TypeError):
        raise NotACheckpoint from None
    return found
