"""The dense array of figures is kept up with the warehouse: made by a command, refreshed by a job from then on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from actions.desk import Desk
from registry.store import jobs
from registry.store.engine import Connection

if TYPE_CHECKING:
    from registry.store.cube import Cube, Refreshed

CUBE = "cube"


def cube_in(files_root: Path) -> Cube:
    """The array of an instance, whether it was made or not."""
    from registry.store.cube import Cube

    return Cube(files_root / "derived" / "cube")


def follow(desk: Desk, connection: Connection) -> None:
    """Have it refreshed, in the transaction of what wrote figures; nothing where nobody ever made it."""
    if cube_in(desk.instance.settings.files_root).is_kept:
        jobs.enqueue(connection, CUBE, {}, desk.moment, unique_key=CUBE, by_id=desk.actor.person_id)


def refresh(desk: Desk, *, anew: bool = False) -> Refreshed:
    """Bring it up to what the store holds now; ``anew`` makes every file again."""
    with desk.read() as connection:
        return cube_in(desk.instance.settings.files_root).refresh(connection, anew=anew)
