import hashlib
import io
import os
from pathlib import Path

import pytest

from registry.store.files import FileStore, FileTooLarge


def test_a_file_is_kept_under_its_hash_and_read_back(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    stored = files.put(io.BytesIO("số liệu".encode()))
    assert stored.sha == hashlib.sha256("số liệu".encode()).hexdigest()
    assert files.read(stored.sha) == "số liệu".encode()
    assert files.exists(stored.sha)


def test_the_same_bytes_twice_are_one_file(tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    assert files.put(io.BytesIO(b"x")) == files.put(io.BytesIO(b"x"))
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_of_a_stream_past_the_limit_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        FileStore(tmp_path).put(io.BytesIO(b"x" * 11), limit=10)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_opens_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).open(name)


def test_the_file_and_every_folder_above_it_are_synced_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def record(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", record)
    stored = FileStore(tmp_path).put(io.BytesIO(b"x"))
    target = tmp_path / stored.sha[:2] / stored.sha[2:4]
    assert ".incoming-" in synced[0]
    assert synced[1:] == [str(target), str(target.parent), str(tmp_path)]
