"""What pages follow of compiled reports, on the shelf beside their files from the moment they are compiled."""

from __future__ import annotations

from datetime import datetime

from actions.instance import Instance
from compile.traced_model import Traced
from registry.store.codec import pack, unpack

_LAYOUT = 3  # of what is kept: another number makes it all again


def put(instance: Instance, version_id: int, inputs_sha: str, as_of: datetime, made: Traced) -> None:
    """Keep it; it may be lost at any time and is then made again from the version's inputs."""
    instance.shelf.put(_key(version_id, inputs_sha, as_of), pack(made))


def get(instance: Instance, version_id: int, inputs_sha: str, as_of: datetime) -> Traced | None:
    """What was kept of a compiled version; None where it is gone."""
    data = instance.shelf.get(_key(version_id, inputs_sha, as_of))
    return None if data is None else unpack(Traced, data)


def _key(version_id: int, inputs_sha: str, as_of: datetime) -> str:
    return f"traced {_LAYOUT} {version_id} {inputs_sha} {as_of.timestamp()}"
