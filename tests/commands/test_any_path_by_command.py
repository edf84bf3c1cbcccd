"""Whatever stands at the paths given, each is answered with its cause and the rest go on."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from actions import receive
from actions.given import contents, name_of
from registry.findings import Finding, fix, message
from tests.commands.conftest import Console
from workbook_templates.token import CELL_PREFIX


def folder(at: Path) -> Path:
    at.mkdir()
    return at


def pipe(at: Path) -> Path:
    os.mkfifo(at)
    return at


def listening(at: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(at))
    return at


def loop(at: Path) -> Path:
    at.symlink_to(at)
    return at


TRIPS: dict[str, Callable[[Path], Path]] = {
    "file-missing": lambda at: at,
    "file-folder": folder,
    "file-special": pipe,
    "file-unreadable": loop,
}


def link(at: Path) -> Path:
    at.with_name("thật.xlsx").write_bytes(b"x")
    at.symlink_to("thật.xlsx")
    return at


@pytest.mark.parametrize("code", TRIPS)
def test_what_is_no_ordinary_file_is_told(code: str, tmp_path: Path) -> None:
    found = contents(TRIPS[code](tmp_path / "bieu.xlsx"), 10)

    assert isinstance(found, Finding)
    assert found.code == code
    assert "{" not in message(found) + fix(found)


def test_a_socket_and_a_device_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may not be long
    for path in (listening(Path("s")), Path("/dev/zero")):
        found = contents(path, 10)
        assert isinstance(found, Finding)
        assert found.code == "file-special"


def test_a_file_nobody_may_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = link(tmp_path / "a")
    assert contents(path, 10) == b"x"

    def closed(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", closed)  # the tests may run as root, who may read everything
    found = contents(path, 10)
    assert isinstance(found, Finding)
    assert found.code == "file-closed"


def test_a_file_at_the_limit_is_read_and_one_beyond_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x" * 10)
    assert contents(path, 10) == b"x" * 10
    found = contents(path, 9)
    assert isinstance(found, Finding)
    assert found.code == "guard-too-large"
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    assert isinstance(contents(path, 1 << 20), Finding)


def test_a_name_that_is_no_text_has_one_for_sentences() -> None:
    name = name_of(Path(os.fsdecode(b"bi\xff\n{a}.xlsx")))

    assert name == "bi�\n{a}.xlsx"


def test_every_path_is_answered_and_the_rest_go_on(baocao: Console, tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"l\xe1\xba\xa1 \xff\n{x}.xlsx")
    strange.write_bytes(b"")
    paths = [pipe(tmp_path / "p"), tmp_path / "không có.xlsx", folder(tmp_path / "d"), strange, Path("/dev/zero")]
    good = baocao.filled(tmp_path / "in")

    answers = baocao.json("ingest", *paths, good, code=1)

    assert [one["findings"][0]["code"] for one in answers[:-1]] == [
        "file-special",
        "file-missing",
        "file-folder",
        "guard-empty-file",
        "file-special",
    ]
    assert [one["upload"] is None for one in answers] == [True, True, True, False, True, False]
    assert answers[-1]["status"].startswith("accepted")
    lines = baocao.run("ingest", "--dry-run", "--jsonl", *paths).stdout.splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["refused"] * len(paths)


def test_a_file_that_breaks_the_judgement_is_told_and_the_rest_go_on(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RecursionError

    good = baocao.filled(tmp_path / "in")
    monkeypatch.setattr(receive, "judge", broken)

    answers = baocao.json("ingest", good, tmp_path / "không có.xlsx", code=1)

    assert [one["findings"][0]["code"] for one in answers] == ["reading-not-judged", "file-missing"]
    assert (answers[0]["status"], isinstance(answers[0]["upload"], int)) == ("refused", True)


def retyped(path: Path) -> Path:
    """The form's sheet alone, as a program that keeps none of our carriers saves it."""
    book, made = openpyxl.load_workbook(path), openpyxl.Workbook()
    other = made.active
    assert other is not None
    for row in book["KTXH-01"].iter_rows(min_col=2):
        for cell in row:
            if cell.value is not None and not str(cell.value).startswith(CELL_PREFIX.strip()):
                other.cell(cell.row, cell.column, cell.value)
    to = path.with_name("nhập lại.xlsx")
    made.save(to)
    return to


def test_a_file_without_a_code_is_judged_when_regime_and_period_are_said(baocao: Console, tmp_path: Path) -> None:
    path = retyped(baocao.filled(tmp_path / "in"))
    said = ("--unit", "24211", "--regime", "KTXH", "--period", "202610")

    (asked,) = baocao.json("ingest", "--dry-run", path, *said[:2], code=1)
    (answer,) = baocao.json("ingest", "--dry-run", path, *said)
    (elsewhere,) = baocao.json("ingest", "--dry-run", path, "--unit", "24133", *said[2:], code=1)

    assert [one["code"] for one in asked["findings"]] == ["identity-confirm-layout"]
    assert [one["code"] for one in elsewhere["findings"]] == ["identity-other-unit"]
    assert "identity-without-token" in [one["code"] for one in answer["findings"]]
    assert answer["status"] == "accepted_with_warnings"
    assert answer["identity"] == {
        "unit": "24211",
        "regime": "KTXH",
        "form": "KTXH-01",
        "form_version": 1,
        "period": "202610",
        "token": "missing",
    }
    herd = next(one for one in answer["figures"] if (one["row"], one["column"]) == ("NN14", "c06"))
    assert (herd["value"], herd["sheet"]) == ("120", "Sheet")
