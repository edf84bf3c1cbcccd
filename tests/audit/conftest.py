"""A small log with three checkpoints, on each kind of database, and the verifier that knows nothing of us."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from actions import checkpoints
from actions.instance import Instance, make
from actions.settings import Settings
from registry.store import audit
from registry.store.audit import Note
from registry.store.checkpoints import Checkpoint

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
ENTRIES, SIGNED = 20, (6, 12, 18)
VERIFIER = Path(__file__).parents[2] / "deploy" / "verify_audit.py"


@dataclass(frozen=True)
class Log:
    """An instance whose log holds ENTRIES entries, signed at SIGNED."""

    instance: Instance
    signed: tuple[Checkpoint, ...]

    @property
    def keys(self) -> list[str]:
        return checkpoints.public_keys(self.instance)


def note(number: int) -> Note:
    """Every third by nobody known and of no unit, as all were before migration 0014."""
    placed = (None, None) if number % 3 == 0 else (number % 4 + 1, number % 5 + 1)
    detail = {"lý do": f"Số {number}: “đã đối chiếu”\n\t\u2028\x7f\x01", "n": number}
    return Note(NOW + timedelta(minutes=number), f"người {number % 4}", "upload", f"upload {number}", detail, *placed)


def fill(instance: Instance, numbers: range) -> None:
    for number in numbers:
        with instance.store.write() as connection:
            audit.append_all(connection, [note(number)])


@pytest.fixture
def log(database_url: str, tmp_path: Path) -> Iterator[Log]:
    settings = Settings.read({"BAOCAO_INSTANCE": str(tmp_path / "instance"), "BAOCAO_DATABASE_URL": database_url})
    make(settings, NOW)
    instance = Instance.open(settings)
    made, before = [], 0
    for seq in SIGNED:
        fill(instance, range(before + 1, seq + 1))
        made.append(checkpoints.make(instance, NOW + timedelta(minutes=seq), checkpoints.INTERVAL))
        before = seq
    fill(instance, range(before + 1, ENTRIES + 1))
    yield Log(instance, tuple(one for one in made if one))
    instance.store.close()


@pytest.fixture(scope="session")
def stranger() -> ModuleType:
    """``deploy/verify_audit.py``."""
    spec = importlib.util.spec_from_file_location("verify_audit", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
