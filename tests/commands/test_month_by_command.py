"""A month by the command line alone: workbooks out, files in, judged, submitted, decided (CLI.md)."""

from __future__ import annotations

import errno
import hashlib
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actions import batch
from actions.desk import Changed
from registry.catalogue.values import CellValue, State
from registry.store import audit, openings, uploads
from registry.workflow.policy import EVERYWHERE, Action
from tests.commands.conftest import EASUP, Console

ANSWER = {"file", "upload", "status", "identity", "figures", "findings", "seconds"}
IDENTITY = {"unit", "regime", "form", "form_version", "period", "token"}
FIGURE = {"sheet", "cell", "row", "column", "line", "state", "value", "text", "measure"}
FINDING = {"code", "severity", "sheet", "cell", "row", "column", "found", "expected", "message", "fix"}
STATES = {"value", "zero", "nil", "not_applicable", "not_available", "blank"}
WORD = CellValue(State.BLANK, None, "một trăm")


def assert_shape(answer: dict[str, Any]) -> None:
    assert set(answer) == ANSWER
    assert set(answer["identity"]) == IDENTITY
    assert isinstance(answer["seconds"], float)
    for figure in answer["figures"]:
        assert set(figure) == FIGURE
        assert figure["state"] in STATES
        assert figure["value"] is None or format(Decimal(figure["value"]).normalize(), "f") == figure["value"]
        assert (figure["value"] is None) == (figure["state"] not in ("value", "zero"))
    for found in answer["findings"]:
        assert set(found) == FINDING
        assert found["message"]
        assert found["fix"]


def kept(baocao: Console) -> int:
    opened = baocao.open()
    with opened.store.read() as connection:
        number = len(uploads.all_files(connection))
    opened.close()
    return number


def states(baocao: Console) -> set[str]:
    opened = baocao.open()
    with opened.store.read() as connection:
        found = {work.state.value for work in openings.work(connection, EVERYWHERE, regime="KTXH")}
    opened.close()
    return found


def last_entry(baocao: Console) -> tuple[str, str]:
    opened = baocao.open()
    with opened.store.read() as connection:
        entry = audit.latest(connection, 1)[0]
    opened.close()
    return entry.actor, entry.action


# --- templates -------------------------------------------------------------------------------------------------------


def test_workbooks_are_written_into_a_folder_with_their_hashes(baocao: Console, tmp_path: Path) -> None:
    out = tmp_path / "out" / "thang 10"
    told = baocao.json("templates", "KTXH", "--period", "202610", "--unit", EASUP, "--unit", "24133", "--out", out)
    assert set(told) == {"files", "outlines", "seconds"}
    assert [set(one) for one in told["files"]] == [{"unit", "form", "path", "sha256"}] * 2
    assert {(one["unit"], one["form"]) for one in told["files"]} == {(EASUP, "KTXH-01"), ("24133", "KTXH-01")}
    for one in told["files"]:
        assert hashlib.sha256(Path(one["path"]).read_bytes()).hexdigest() == one["sha256"]
    written = told["files"] + told["outlines"]
    assert {path.name for path in out.iterdir()} == {Path(one["path"]).name for one in written}
    assert {(one["unit"], one["outline"]) for one in told["outlines"]} == {(EASUP, "KTXH-XA"), ("24133", "KTXH-XA")}


def test_workbooks_are_written_into_one_zip(baocao: Console, tmp_path: Path) -> None:
    out = tmp_path / "thang10.zip"
    told = baocao.json("templates", "KTXH", "--period", "202610", "--unit", EASUP, "--out", out)
    with zipfile.ZipFile(out) as archive:
        hashes = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert hashes == {one["path"]: one["sha256"] for one in told["files"] + told["outlines"]}


def test_a_zip_makes_the_folders_it_lies_in_and_is_there_only_when_it_is_whole(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "chưa có" / "sâu" / "all.zip"
    words = ("templates", "KTXH", "--period", "202610", "--unit", EASUP, "--out", out)
    baocao.json(*words)
    assert [path.name for path in out.parent.iterdir()] == ["all.zip"]
    whole = out.read_bytes()

    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workbook_templates.package.Archive.close", full_disk)
    result = baocao.run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "all.zip" in result.stderr
    assert [path.name for path in out.parent.iterdir()] == ["all.zip"]
    assert out.read_bytes() == whole


@pytest.mark.parametrize("name", ["tệp/all.zip", "tệp/thư mục"])
def test_a_path_that_cannot_be_written_to_is_wrong_usage(baocao: Console, tmp_path: Path, name: str) -> None:
    (tmp_path / "tệp").write_bytes(b"")
    result = baocao.run("templates", "KTXH", "--period", "202610", "--unit", EASUP, "--out", tmp_path / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert name in result.stderr


def test_workbooks_of_a_period_never_opened_or_of_an_unknown_unit_are_refused(baocao: Console, tmp_path: Path) -> None:
    asked = ["--period", "202610", "--unit", EASUP]
    for words, code in ((["--period", "202611"], 1), ([*asked, "--unit", "99999"], 2), ([*asked, "--unit", "66"], 1)):
        result = baocao.run("templates", "KTXH", *words, "--out", tmp_path / "out")
        assert (result.exit_code, result.stdout) == (code, "")
        assert ("99999" in words) == ("99999" in result.stderr)
        assert result.stderr
    assert not (tmp_path / "out").exists()


# --- open ------------------------------------------------------------------------------------------------------------


def test_a_period_is_opened_once_by_the_office_in_a_persons_name(baocao: Console) -> None:
    assert set(baocao.json("open", "KSTT", "--period", "20263", "--as", "vpub")) == {"opening"}
    assert last_entry(baocao) == ("operator for vpub", Action.OPEN_PERIOD.value)
    assert baocao.run("open", "KSTT", "--period", "20263", "--as", "vpub").exit_code == 1
    assert baocao.run("open", "KSTT", "--period", "20264", "--as", "easup").exit_code == 1
    assert baocao.run("open", "KSTT", "--period", "2026-4", "--as", "vpub").exit_code == 2
    assert baocao.run("open", "KS", "--period", "20264", "--as", "vpub").exit_code == 2
    assert baocao.run("open", "KSTT", "--period", "20264").exit_code == 2
    assert baocao.run("open", "KSTT", "--period", "20264", "--as", "nobody").exit_code == 2


# --- ingest ----------------------------------------------------------------------------------------------------------


def test_a_dry_run_judges_and_keeps_nothing(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in")
    (answer,) = baocao.json("ingest", "--dry-run", path)
    assert_shape(answer)
    assert (answer["file"], answer["upload"]) == (str(path), None)
    assert answer["status"] in ("accepted", "accepted_with_warnings")
    assert answer["identity"] == {
        "unit": EASUP,
        "regime": "KTXH",
        "form": "KTXH-01",
        "form_version": 1,
        "period": "202610",
        "token": "valid",
    }
    herd = next(one for one in answer["figures"] if (one["row"], one["column"]) == ("NN14", "c06"))
    assert (herd["state"], herd["value"], herd["measure"], herd["line"]) == ("value", "120", "con", None)
    assert herd["cell"]
    assert kept(baocao) == 0
    assert states(baocao) == {"empty"}


def test_without_a_name_a_file_is_kept_numbered_and_judged_like_the_dry_run(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in")
    (dry,) = baocao.json("ingest", path, "--dry-run")
    (answer,) = baocao.json("ingest", path)
    assert_shape(answer)
    assert isinstance(answer["upload"], int)
    assert kept(baocao) == 1
    assert {**dry, "upload": 0, "seconds": 0} == {**answer, "upload": 0, "seconds": 0}
    (again,) = baocao.json("ingest", path)
    assert again["upload"] == answer["upload"]
    assert kept(baocao) == 1


def test_every_file_is_answered_in_order_and_one_bad_one_makes_the_exit_code_one(
    baocao: Console, tmp_path: Path
) -> None:
    broken = baocao.filled(tmp_path / "broken", NN14_c06=WORD)
    good = baocao.filled(tmp_path / "good")
    text = tmp_path / "ghi chú.txt"
    text.write_text("không phải bảng tính")
    answers = baocao.json("ingest", broken, text, good, code=1)
    assert [answer["file"] for answer in answers] == [str(broken), str(text), str(good)]
    assert [answer["status"] for answer in answers] == ["rejected", "refused", answers[2]["status"]]
    assert answers[2]["status"].startswith("accepted")
    for answer in answers:
        assert_shape(answer)
    (error,) = [found for found in answers[0]["findings"] if found["severity"] == "error"]
    assert (error["code"], error["row"], error["column"]) == ("number-is-text", "NN14", "c06")
    assert answers[1]["identity"] == dict.fromkeys(IDENTITY - {"token"}) | {"token": "missing"}
    assert answers[1]["findings"][0]["severity"] == "block"


def test_one_object_a_line_comes_in_the_order_of_the_files(baocao: Console, tmp_path: Path) -> None:
    text = tmp_path / "a.csv"
    text.write_text("a,b")
    path = baocao.filled(tmp_path / "in")
    result = baocao.run("ingest", "--dry-run", "--jsonl", path, text, path)
    assert result.exit_code == 1
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path), str(text), str(path)]
    for line in lines:
        assert_shape(line)


def test_a_file_in_another_units_name_is_refused(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in")
    (answer,) = baocao.json("ingest", path, "--as", "bmt", code=1)
    assert (answer["status"], [found["code"] for found in answer["findings"]]) == ("refused", ["identity-other-unit"])
    assert baocao.run("ingest", path, "--unit", "24133", "--as", "easup").exit_code == 1
    (answer,) = baocao.json("ingest", "--dry-run", path, "--unit", "24133", code=1)
    assert [found["code"] for found in answer["findings"]] == ["identity-other-unit"]
    result = baocao.run("ingest", path, "--unit", "99999")
    assert (result.exit_code, "99999" in result.stderr) == (2, True)


def test_what_the_file_should_answer_can_be_narrowed(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in")
    (answer,) = baocao.json("ingest", "--dry-run", path, "--unit", EASUP, "--regime", "KTXH", "--period", "202610")
    assert answer["identity"]["regime"] == "KTXH"
    (answer,) = baocao.json("ingest", "--dry-run", path, "--period", "202609", code=1)
    assert answer["status"] == "refused"


def test_a_leader_cannot_send_files_and_an_unknown_login_is_a_wrong_command_line(
    baocao: Console, tmp_path: Path
) -> None:
    path = baocao.filled(tmp_path / "in")
    assert baocao.run("ingest", path, "--as", "ld.easup").exit_code == 1
    assert baocao.run("ingest", path, "--as", "nobody").exit_code == 2
    assert kept(baocao) == 0


@pytest.mark.parametrize(
    "words",
    [["--submit"], ["--submit", "--as", "easup", "--dry-run"], ["--marked", "out", "--dry-run"], ["--unknown"]],
)
def test_a_wrong_command_line_is_told_before_anything_is_done(
    baocao: Console, tmp_path: Path, words: list[str]
) -> None:
    result = baocao.run("ingest", baocao.filled(tmp_path / "in"), *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert kept(baocao) == 0


def test_each_file_that_was_judged_is_written_marked_into_a_folder(baocao: Console, tmp_path: Path) -> None:
    path, out = baocao.filled(tmp_path / "in"), tmp_path / "out"
    (answer,) = baocao.json("ingest", path, "--as", "easup", "--marked", out)
    assert answer["marked"] == str(next(out.iterdir()))
    assert answer["marked"].endswith(f"_tep-{answer['upload']}_da-danh-dau.xlsx")
    foreign = tmp_path / "thư.txt"
    foreign.write_text("không phải biểu")
    (answer,) = baocao.json("ingest", foreign, "--as", "easup", "--marked", out, code=1)
    assert answer["marked"] is None
    assert len(list(out.iterdir())) == 1


# --- submit, approve -------------------------------------------------------------------------------------------------


def test_a_file_is_sent_submitted_and_approved_in_peoples_names(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in")
    (answer,) = baocao.json("ingest", path, "--as", "easup", "--submit", "--explain", "đã đối chiếu")
    assert_shape(answer)
    assert states(baocao) == {"empty", "pending"}
    assert last_entry(baocao) == ("operator for easup", Action.SUBMIT.value)
    assert baocao.run("approve", "KTXH", "--period", "202610", "--as", "ld.bmt").exit_code == 1
    assert baocao.run("approve", "KTXH", "--period", "202610", "--unit", "24133", "--as", "ld.easup").exit_code == 1
    (row,) = baocao.json("approve", "KTXH", "--period", "202610", "--as", "ld.easup")
    assert row == {"unit": EASUP, "form": "KTXH-01", "version": 1, "state": "approved", "refused": None}
    assert states(baocao) == {"empty", "approved"}
    assert last_entry(baocao) == ("operator for ld.easup", Action.APPROVE.value)
    assert baocao.run("approve", "KTXH", "--period", "202610", "--as", "ld.easup").exit_code == 1


def test_a_file_that_cannot_be_submitted_is_told_and_judged_all_the_same(baocao: Console, tmp_path: Path) -> None:
    first, second = baocao.filled(tmp_path / "a"), baocao.filled(tmp_path / "b", "130")
    baocao.json("ingest", first, "--as", "easup", "--submit", "--explain", "đã đối chiếu")
    result = baocao.run("ingest", second, "--as", "easup", "--submit", "--explain", "đã đối chiếu")
    assert result.exit_code == 1
    assert_shape(json.loads(result.stdout)[0])
    assert result.stderr.startswith(f"{second}: ")


def test_warnings_need_an_explanation_to_be_submitted(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in", NN11_c07=CellValue(State.VALUE, Decimal(100)))
    (answer,) = baocao.json("ingest", path, "--as", "easup")
    assert answer["status"] == "accepted_with_warnings"
    (told,) = baocao.json("submit", answer["upload"], "--as", "easup", code=1)
    assert (told["upload"], told["submission"]) == (answer["upload"], None)
    assert "giải trình" in told["refused"]
    (told,) = baocao.json("submit", answer["upload"], "--as", "easup", "--explain", "bán đàn bò")
    assert (told["refused"], isinstance(told["submission"], int)) == (None, True)


def test_uploads_are_submitted_in_order_and_a_refused_one_makes_the_exit_code_one(
    baocao: Console, tmp_path: Path
) -> None:
    (answer,) = baocao.json("ingest", baocao.filled(tmp_path / "in"), "--as", "easup")
    told = baocao.json("submit", 999, answer["upload"], "--as", "easup", "--explain", "đã đối chiếu", code=1)
    assert [set(one) for one in told] == [{"upload", "submission", "refused"}] * 2
    assert [one["upload"] for one in told] == [999, answer["upload"]]
    assert [one["submission"] is None for one in told] == [True, False]
    assert baocao.run("submit", answer["upload"]).exit_code == 2


def test_a_row_that_is_refused_is_told_and_the_others_are_decided_all_the_same(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = ["--as", "easup", "--submit", "--explain", "đã đối chiếu"]
    baocao.json("ingest", baocao.filled(tmp_path / "a"), *send)
    decide = ["approve", "KTXH", "--period", "202610", "--as", "ld.easup"]
    unknown = baocao.run(*decide, "--unit", EASUP, "--unit", "99999")
    assert (unknown.exit_code, unknown.stdout, "99999" in unknown.stderr) == (2, "", True)
    with monkeypatch.context() as patched:
        patched.setattr(batch, "approve", quicker)
        (row,) = baocao.json(*decide, code=1)
    assert (row["unit"], row["state"], row["refused"]) == (EASUP, "pending", str(Changed()))
    done, idle = baocao.json(*decide, "--unit", EASUP, "--unit", "24133", code=1)
    assert (done["state"], done["refused"]) == ("approved", None)
    assert (idle["unit"], idle["form"], bool(idle["refused"])) == ("24133", None, True)
    assert states(baocao) == {"empty", "approved"}


def quicker(*given: object) -> None:
    """Somebody else decided first."""
    raise Changed


def test_a_return_needs_a_reason_and_the_unit_may_send_again(baocao: Console, tmp_path: Path) -> None:
    send = ["--as", "easup", "--submit", "--explain", "đã đối chiếu"]
    baocao.json("ingest", baocao.filled(tmp_path / "a"), *send)
    decide = ["approve", "KTXH", "--period", "202610", "--unit", EASUP, "--as", "ld.easup"]
    assert baocao.run(*decide, "--return", "  ").exit_code == 1
    (row,) = baocao.json(*decide, "--return", "xem lại đàn bò")
    assert (row["version"], row["state"]) == (1, "returned")
    baocao.json("ingest", baocao.filled(tmp_path / "b", "130"), *send)
    (row,) = baocao.json(*decide, "--send")
    assert (row["version"], row["state"]) == (2, "approved")


# --- compile ---------------------------------------------------------------------------------------------------------


def test_a_compile_writes_its_files_and_names_who_is_missing(baocao: Console, tmp_path: Path) -> None:
    send = ["--as", "easup", "--submit", "--explain", "đã đối chiếu"]
    baocao.json("ingest", baocao.filled(tmp_path / "a"), *send)
    baocao.json("approve", "KTXH", "--period", "202610", "--as", "ld.easup", "--send")
    out = tmp_path / "tổng hợp"
    told = baocao.json("compile", "KTXH", "--period", "202610", "--out", out)
    assert set(told) == {"files", "coverage", "version", "inputs", "seconds"}
    assert (told["version"], len(told["inputs"])) == (1, 64)
    assert set(told["coverage"]) == {"have", "expected", "missing"}
    assert {Path(one) for one in told["files"]} == set(out.iterdir())
    assert {Path(one).suffix for one in told["files"]} == {".xlsx", ".docx"}
    coverage = told["coverage"]
    assert (coverage["have"], coverage["have"] + len(coverage["missing"])) == (1, coverage["expected"])
    assert "Xã Ea Súp" not in coverage["missing"]
    assert all(isinstance(name, str) for name in coverage["missing"])


def test_a_compile_as_of_an_earlier_moment_counts_what_was_there(baocao: Console, tmp_path: Path) -> None:
    words = ["compile", "KTXH", "--period", "202610", "--for", "VPUB", "--out", tmp_path / "out"]
    told = baocao.json(*words, "--as-of", "2026-10-14T17:00")
    assert told["coverage"]["have"] == 0
    assert baocao.run(*words, "--as-of", "hôm qua").exit_code == 2
    result = baocao.run("compile", "KTXH", "--period", "202611", "--out", tmp_path / "other")
    assert (result.exit_code, (tmp_path / "other").exists()) == (1, False)
    result = baocao.run("compile", "KTXH", "--period", "202610", "--for", "99999", "--out", tmp_path / "other")
    assert (result.exit_code, "99999" in result.stderr, (tmp_path / "other").exists()) == (2, True, False)
