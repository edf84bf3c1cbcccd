"""Outside the server: checkpoints as files, a verifier with Python alone."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from actions import checkpoints
from actions.checkpoints import NotACheckpoint
from actions.console import open_desk
from actions.log import export
from registry.store import checkpoints as kept
from registry.store import tables
from tests.audit.conftest import ENTRIES, NOW, VERIFIER, Log, fill

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def verifier(*words: object) -> subprocess.CompletedProcess[str]:
    """The program, without site packages, user settings or environment."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@ON_SQLITE
def test_the_program_verifies_an_export_against_a_checkpoint_with_the_public_key(log: Log, tmp_path: Path) -> None:
    lines, signed = tmp_path / "log.jsonl", tmp_path / "checkpoint.json"
    desk = open_desk(log.instance, None)
    lines.write_bytes(b"".join(export(desk, with_details=True)))
    signed.write_bytes(checkpoints.as_file(log.signed[1]))
    key = ("--key", *log.keys)
    good = verifier(lines, "--checkpoint", signed, *key)
    assert (good.returncode, good.stdout) == (0, f"whole: {ENTRIES + 1} entries, 1 checkpoints\n")
    other = verifier(lines, "--checkpoint", signed, "--key", "ab" * 32)
    assert (other.returncode, "not signed with the key" in other.stderr) == (1, True)
    lines.write_bytes(b"".join(lines.read_bytes().splitlines(keepends=True)[:9]))
    short = verifier(lines, "--checkpoint", signed, *key)
    assert (short.returncode, "shorter than the checkpoint: 8 entries, 12" in short.stderr) == (1, True)
    assert verifier(tmp_path / "nowhere").returncode == verifier(lines, "--checkpoint", signed).returncode == 2
    assert verifier(signed).returncode == 1


def test_the_first_vector_of_rfc_8032_verifies(stranger: ModuleType) -> None:
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert stranger.is_signed(bytes.fromhex(key), b"", bytes.fromhex(signature))


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_the_two_implementations_of_ed25519_agree(
    stranger: ModuleType, secret: bytes, message: bytes, bit: int
) -> None:
    signer = Ed25519PrivateKey.from_private_bytes(secret)
    key, signature = signer.public_key().public_bytes_raw(), signer.sign(message)
    assert stranger.is_signed(key, message, signature)
    assert not stranger.is_signed(key, message + b".", signature)
    flipped = (int.from_bytes(signature, "little") ^ (1 << bit)).to_bytes(64, "little")
    assert not stranger.is_signed(key, message, flipped)


# --- sent outside ----------------------------------------------------------------------------------------------------


def sending(log: Log, folder: Path) -> Log:
    given = replace(log.instance.settings, checkpoints_dir=folder, checkpoints_mail="attt@skhcn.example")
    log.instance.settings = given
    return log


@ON_SQLITE
def test_a_checkpoint_leaves_the_house_as_a_file_and_a_letter_once(log: Log, tmp_path: Path) -> None:
    instance, folder = sending(log, tmp_path / "usb").instance, tmp_path / "usb"
    fill(instance, range(50, 52))
    made = checkpoints.make(instance, NOW, "close KTXH 202610")
    again = checkpoints.make(instance, NOW, checkpoints.INTERVAL)
    assert made == again
    assert made is not None
    (written,) = folder.iterdir()
    assert (written.name, checkpoints.read(written.read_bytes())) == ("checkpoint-000004.json", made)
    with instance.store.read() as connection:
        assert [one.n for one in kept.every(connection)] == [1, 2, 3, 4]
        (letter,) = connection.execute(select(tables.outbox)).all()
    assert (letter.channel, letter.to) == ("mail", "attt@skhcn.example")
    assert json.loads(letter.body["attachment"]["content"])["seq"] == ENTRIES + 2
    assert made.hash in letter.body["text"]


@ON_SQLITE
def test_a_folder_that_cannot_be_written_to_loses_no_checkpoint(log: Log, tmp_path: Path) -> None:
    (tmp_path / "usb").write_text("a file where a folder should be")
    instance = sending(log, tmp_path / "usb").instance
    with pytest.raises(OSError, match="usb"):
        checkpoints.make(instance, NOW, checkpoints.INTERVAL)
    with instance.store.read() as connection:
        assert [one.n for one in kept.every(connection)] == [1, 2, 3, 4]
    (tmp_path / "usb").unlink()
    checkpoints.make(instance, NOW, checkpoints.INTERVAL)
    assert [path.name for path in (tmp_path / "usb").iterdir()] == ["checkpoint-000004.json"]


@ON_SQLITE
@pytest.mark.parametrize("change", [b"", b"[]", b'{"n": 1}', b"\xff"])
def test_what_is_no_checkpoint_is_refused(log: Log, change: bytes) -> None:
    with pytest.raises(NotACheckpoint):
        checkpoints.read(change)
    told = json.loads(checkpoints.as_file(log.signed[0]))
    with pytest.raises(NotACheckpoint):
        checkpoints.read(json.dumps(told | {"more": 1}).encode())
