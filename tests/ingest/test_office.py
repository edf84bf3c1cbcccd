"""LibreOffice converts what old programs saved, and is stopped whatever the file makes of it."""

from __future__ import annotations

import os
import select
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.identity import identify
from ingest.limits import OFFICE_LIMITS, PRINT_LIMITS
from ingest.model import CarrierState
from ingest.office import Failing, NotConverted, Office
from ingest.reading import read_guarded
from tests.compile.office import convert
from tests.ingest import a_form, crafted

XLS = crafted.compound({"Workbook": crafted.biff()})
PATIENT = replace(OFFICE_LIMITS, wall_seconds=90.0, cpu_seconds=60)


def pretending(folder: Path, script: str, wall_seconds: float = 120.0) -> Office:
    """An office whose program is a shell script; it finds its folder as ``$HOME``."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    office = Office(replace(OFFICE_LIMITS, wall_seconds=wall_seconds))
    office.__dict__["_program"] = str(program)
    return office


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever else converts on this machine holds another lock: these tests wait for nobody."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.office
@pytest.mark.parametrize(("kind", "filter_"), [("ods", "ods"), ("xls", "xls:MS Excel 97")])
def test_what_it_converts_is_what_was_saved(kind: str, filter_: str, tmp_path: Path) -> None:
    sent = convert(a_form.workbook(), "bieu.xlsx", filter_, tmp_path)

    read = read_guarded(Office(PATIENT).convert(sent, kind), "bieu.xlsx")

    assert read.findings == ()
    found = identify(read, a_form.KEYS)
    assert (found.state, found.carriers) == (CarrierState.VALID, ("cell", "sheet", "property", "name"))
    before = read_guarded(a_form.workbook(), "bieu.xlsx")
    shown = {sheet.name: {a1: _figure(cell.raw) for a1, cell in sheet.cells.items()} for sheet in before.sheets}
    assert {sheet.name: {a1: _figure(cell.raw) for a1, cell in sheet.cells.items()} for sheet in read.sheets} == shown


def _figure(raw: str) -> object:
    try:
        return float(raw)
    except ValueError:
        return raw


def test_a_program_that_never_ends_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "held by all it started"
    os.mkfifo(pipe)
    office = pretending(tmp_path, f"exec 9> '{pipe}'; sleep 600 & echo begun >&9; sleep 600", wall_seconds=5.0)
    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as held:
        with pytest.raises(NotConverted):
            office.convert(XLS, "xls")

        assert held.read(100) == b"begun\n"
        assert select.select([held], [], [], 60)[0], "somebody still holds the pipe"
        assert held.read(100) == b""
    assert list(tmp_path.glob("baocao-office-*/")) == []


def test_the_program_is_confined_and_knows_nothing_of_the_servers_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAOCAO_SECRET_OF_THE_SERVER", "x")
    tells = "mkdir -p out; (env; ulimit -v; ulimit -f; ulimit -t; cat profile/user/*.xcu) > out/bieu.xlsx"

    told = pretending(tmp_path, tells).convert(XLS, "xls").decode()

    assert "BAOCAO" not in told
    for limit in (OFFICE_LIMITS.address_bytes // 1024, OFFICE_LIMITS.cpu_seconds):
        assert f"\n{limit}\n" in told
    assert "DisableMacrosExecution" in told


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "mkdir -p out; : > out/bieu.xlsx",
        "mkdir -p out; ln -s /etc/hostname out/bieu.xlsx",
        "mkdir -p out/bieu.xlsx",
    ],
)
def test_a_result_that_is_none_is_not_taken(script: str, tmp_path: Path) -> None:
    with pytest.raises(NotConverted):
        pretending(tmp_path, script).convert(XLS, "xls")


def test_two_runs_never_overlap(tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    office = pretending(
        tmp_path, f"mkdir '{busy}' || exit; sleep 0.3; rmdir '{busy}'; mkdir out; echo x > out/bieu.xlsx"
    )
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(office.convert(XLS, "xls"))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert answers == [b"x\n"] * 3


def test_records_without_a_container_are_not_handed_over(tmp_path: Path) -> None:
    with pytest.raises(NotConverted):
        pretending(tmp_path, "mkdir out; echo x > out/bieu.xlsx").convert(b"\x09\x04\x06\0", "xls")


def test_a_report_is_printed_under_a_lock_of_its_own_and_ended_when_nobody_wants_it(tmp_path: Path) -> None:
    slow = pretending(tmp_path, "sleep 600")
    asked = []

    class Unwanted(Exception):
        pass

    def wanted() -> None:
        asked.append(time.monotonic())
        read = pretending(tmp_path, "mkdir out; echo x > out/bieu.xlsx").convert(XLS, "xls")
        assert read == b"x\n", "workbooks are converted meanwhile"
        raise Unwanted

    began = time.monotonic()
    with pytest.raises(Unwanted):
        slow.pdf(b"docx", wanted)
    assert len(asked) == 1
    assert time.monotonic() - began < 60
    assert list(tmp_path.glob("baocao-office-*/")) == []


def test_printing_that_takes_too_long_is_ended_and_says_so(tmp_path: Path) -> None:
    office = pretending(tmp_path, "sleep 600")
    office.print_limits = replace(PRINT_LIMITS, wall_seconds=0.3)
    with pytest.raises(NotConverted) as late:
        office.pdf(b"docx")
    assert late.value.why is Failing.LATE
    done = pretending(tmp_path, "mkdir out; echo pdf > out/bieu.pdf").pdf(b"docx")
    assert done == b"pdf\n"
    gone = Office()
    gone.__dict__["_program"] = None
    with pytest.raises(NotConverted) as absent:
        gone.pdf(b"docx")
    assert absent.value.why is Failing.ABSENT
