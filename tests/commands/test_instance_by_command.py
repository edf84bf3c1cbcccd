"""The operator's side of the command line: instance, catalogue, figures of the past, checks (CLI.md)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import click
import pytest
from click.testing import Result
from openpyxl import load_workbook
from pysqlite3 import dbapi2 as sqlite

from registry.catalogue.model import Catalogue, HistoryDocument, HistoryFigure, PlanFigure
from registry.catalogue.reorganise import Act, ActKind
from registry.catalogue.values import Aspect, Nature, SeriesKey
from registry.rules.background import Need
from registry.store import audit, definitions, figures
from registry.store.engine import Store
from registry.workflow.policy import Action
from tests.catalogue.history_book import write_history
from tests.commands.conftest import EASUP, Console
from workbook_templates import definition_book
from workbook_templates.definition_book import write_acts

ROOT = Path(__file__).resolve().parents[2]
LOADED = {"figures", "findings"}
FINDING = {"code", "severity", "sheet", "cell", "row", "column", "found", "expected", "message", "fix"}
DOCUMENT = HistoryDocument("Niên giám thống kê 2025", "Nguyễn Văn Bình")


def entry(*words: object, root: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """The true entry point in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "BAOCAO_INSTANCE": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


# --- the instance ----------------------------------------------------------------------------------------------------


def test_init_makes_an_instance_and_copies_one_of_an_older_release_first(tmp_path: Path) -> None:
    fresh = Console(tmp_path / "new" / "instance")
    assert fresh.run("catalogue", "export", tmp_path / "out").exit_code == 2
    first = fresh.run("init")
    assert (first.exit_code, list(fresh.root.glob("backups/*"))) == (0, [])
    assert (fresh.run("init").exit_code, list(fresh.root.glob("backups/*"))) == (0, [])
    for path in fresh.root.glob("baocao.db*"):
        path.unlink()
    with closing(sqlite.connect(fresh.root / "baocao.db")) as older:
        older.execute("CREATE TABLE of_an_older_release (id)")
    second = fresh.run("init")
    (backup,) = fresh.root.glob("backups/*")
    assert second.exit_code == 0
    assert str(backup) in second.stdout
    with closing(sqlite.connect(backup)) as copy:
        assert copy.execute("SELECT name FROM sqlite_master").fetchall() == [("of_an_older_release",)]
    assert (backup.stat().st_mode & 0o777, (fresh.root / "secrets").stat().st_mode & 0o777) == (0o600, 0o700)
    assert fresh.run("audit", "verify").exit_code == 0


def test_without_an_instance_every_command_ends_with_two_and_a_sentence(tmp_path: Path) -> None:
    nowhere = Console(tmp_path / "nowhere")
    (tmp_path / "a.xlsx").write_bytes(b"")
    commands: list[list[object]] = [
        ["doctor"],
        ["audit", "verify"],
        ["catalogue", "check", tmp_path],
        ["ingest", tmp_path / "a.xlsx"],
        ["approve", "KTXH", "--period", "202610", "--as", "ld.easup"],
        ["history", "load", tmp_path / "a.xlsx"],
    ]
    for words in commands:
        result = nowhere.run(*words)
        assert (result.exit_code, result.stdout, "baocao init" in result.stderr) == (2, "", True), words
    assert not nowhere.root.exists()


def test_a_database_that_cannot_be_opened_ends_the_command_with_two(baocao: Console) -> None:
    (baocao.root / "baocao.db").write_bytes(b"not a database" * 100)
    for suffix in ("-wal", "-shm"):
        baocao.root.joinpath(f"baocao.db{suffix}").unlink(missing_ok=True)
    for words in (["doctor"], ["init"]):
        result = baocao.run(*words)
        assert (result.exit_code, "BAOCAO_DATABASE_URL" in result.stderr) == (2, True)


def test_the_doctor_finds_a_whole_instance_good_and_a_damaged_one_bad(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    baocao.json("ingest", baocao.filled(tmp_path / "in"))
    assert _marks(baocao.run("doctor")) >= {"[đạt]"}
    monkeypatch.setattr(Store, "transport", "require")  # encrypted, to whoever answers
    result = baocao.run("doctor")
    assert (result.exit_code, "[lỗi]   Đường tới cơ sở dữ liệu" in result.stdout) == (1, True)
    monkeypatch.undo()
    stored = next(path for path in (baocao.root / "files").rglob("*") if path.is_file())
    stored.chmod(0o600)
    stored.write_bytes(b"changed")
    result = baocao.run("doctor")
    assert result.exit_code == 1
    assert "[lỗi]" in _marks(result)


def _marks(result: Result) -> set[str]:
    return {line.split()[0] for line in result.stdout.splitlines()}


def test_the_audit_log_is_walked_and_a_changed_entry_found(baocao: Console) -> None:
    assert baocao.run("audit", "verify").exit_code == 0
    database = sqlite.connect(baocao.root / "baocao.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE audit SET action = 'nothing' WHERE seq = 2")
    database.commit()
    database.close()
    result = baocao.run("audit", "verify")
    assert (result.exit_code, result.stdout, " 2 " in result.stderr) == (1, "", True)


def test_the_log_is_signed_exported_and_held_against_a_checkpoint_kept_elsewhere(
    baocao: Console, tmp_path: Path
) -> None:
    made = baocao.json("audit", "checkpoint")
    (kept := tmp_path / "checkpoint.json").write_text(json.dumps(made))
    assert baocao.run("audit", "export", "--out", tmp_path / "log.jsonl").exit_code == 0
    verifier = [sys.executable, "-I", str(ROOT / "deploy" / "verify_audit.py"), str(tmp_path / "log.jsonl")]
    key = baocao.run("audit", "key").stdout.strip()
    outside = subprocess.run([*verifier, "--checkpoint", str(kept), "--key", key], capture_output=True, check=False)
    assert outside.returncode == 0, outside.stderr
    bare = baocao.run("audit", "export", "--without-details").stdout.splitlines()
    assert [json.loads(line).get("salt") for line in bare] == [None] * (made["seq"] + 3)
    assert baocao.run("audit", "verify", "--checkpoint", kept).exit_code == 0
    kept.write_text(json.dumps(made | {"seq": made["seq"] + 100}))
    forged = baocao.run("audit", "verify", "--checkpoint", kept)
    assert (forged.exit_code, forged.stdout, "Điểm chốt số 1" in forged.stderr) == (1, "", True)
    kept.write_text("{}")
    assert baocao.run("audit", "verify", "--checkpoint", kept).exit_code == 2


def test_there_is_nothing_to_sign_in_an_empty_log(tmp_path: Path) -> None:
    fresh = Console(tmp_path / "instance")
    fresh.run("init")
    result = fresh.run("audit", "checkpoint")
    assert (result.exit_code, result.stdout) == (1, "")


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_an_exported_catalogue_checks_clean_and_loading_it_changes_nothing(baocao: Console, tmp_path: Path) -> None:
    folder = tmp_path / "danh mục"
    exported = baocao.run("catalogue", "export", folder)
    assert exported.exit_code == 0
    assert set(exported.stdout.splitlines()) == {str(path) for path in folder.rglob("*.xlsx")}
    assert {"units.xlsx", "KTXH-01.xlsx"} <= {path.name for path in folder.rglob("*.xlsx")}
    assert baocao.run("catalogue", "check", folder).exit_code == 0
    loaded = baocao.run("catalogue", "load", folder, "--as", "vpub")
    assert (loaded.exit_code, " 0 " in loaded.stdout) == (0, True)


def test_a_forms_workbook_is_checked_alone_with_its_changes_and_whom_they_concern(
    baocao: Console, exported: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bieu moi.xlsx"
    book = load_workbook(exported / "forms" / "KTXH-01.xlsx")
    book["Chỉ tiêu"]["C3"], book["Biểu"]["B6"] = "Tổng diện tích vụ Đông Xuân", "01/11/2026"
    book.save(path)
    answer = baocao.json("catalogue", "check", path, "--json")
    (form,) = answer["forms"]
    assert (form["form"], form["live"], form["valid_from"]) == ("KTXH-01", 1, "2026-11-01")
    assert [(one["what"], one["stem"], one["name"]) for one in form["changes"]] == [
        ("changed", "form", "valid_from"),
        ("changed", "rows", "label"),
    ]
    assert form["affected"][0]["kinds"]["xã"] == 88
    assert form["openings"] == [{"regime": "KTXH", "period": "202610", "units": 118}]
    told = baocao.run("catalogue", "check", path)
    assert "Sửa dòng NN01 “Tổng diện tích vụ Đông Xuân”: tên “Tổng diện tích gieo trồng vụ Đông Xuân”" in told.stdout
    assert "Kỳ mở từ ngày 01/11/2026 dùng phiên bản này" in told.stdout
    book["Chỉ tiêu"]["F4"] = "NN2"
    book.save(path)
    wrong = baocao.json("catalogue", "check", path, "--json", code=1)
    found, *others = wrong["findings"]
    assert {one["code"] for one in others} == {"catalogue-rule-example-bad"}  # examples that lean on that row
    assert (found["code"], found["sheet"], found["cell"]) == ("catalogue-reference-unknown", "Chỉ tiêu", "F4")
    assert found["expected"] == "NN02"


def test_the_burden_of_reporting_is_told_in_numbers(baocao: Console) -> None:
    answer = baocao.json("catalogue", "burden")
    commune = next(one for one in answer["units"] if one["unit"] == EASUP)
    assert len(commune["months"]) == 12
    assert sum(commune["months"]) > commune["typed"] > 0
    assert {one["form"] for one in answer["kinds"]} == {"KTXH-01", "II.06a", "GCT-01", "DX"}
    assert any(one["source"] == "" for one in answer["prefillable"])


def test_a_wrong_folder_is_told_by_sheet_and_cell_and_loads_nothing(
    baocao: Console, exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    book = load_workbook(exported / "indicators.xlsx")
    book["Chỉ tiêu"]["C2"] = "thúng"
    book.save(folder / "indicators.xlsx")
    for name in ("check", "load"):
        result = baocao.run("catalogue", name, folder)
        assert result.exit_code == 1
        assert result.stdout.startswith("block\tcatalogue-reference-unknown\tChỉ tiêu C2\t")
    assert baocao.run("catalogue", "check", tmp_path / "nowhere").exit_code == 2
    refused = baocao.run("catalogue", "load", folder, "--as", "easup")
    assert (refused.exit_code, refused.stdout) == (1, "")


# --- figures of the past and of plans --------------------------------------------------------------------------------


def figure(value: str, nature: Nature = Nature.OFFICIAL, period: str = "202508") -> HistoryFigure:
    return HistoryFigure("NN14", Aspect.ACTUAL, "", period, EASUP, EASUP, Decimal(value), "con", nature)


def known(baocao: Console, indicator: str, aspect: Aspect, period: str) -> tuple[int, Nature] | None:
    opened = baocao.open()
    with opened.store.read() as connection:
        unit = definitions.snapshot(connection, date(2026, 10, 15)).unit_ids[EASUP]
        need = Need(SeriesKey(indicator, aspect), period)
        found = figures.backgrounds(connection, [unit], [need])[unit].get(need.series, period)
    opened.close()
    return (found.mantissa, found.nature) if found else None


def test_figures_of_earlier_periods_are_loaded_once_with_their_nature(baocao: Console, tmp_path: Path) -> None:
    path = tmp_path / "nền.xlsx"
    path.write_bytes(write_history([figure("5000"), figure("5100", Nature.PRELIMINARY, "202509")], DOCUMENT))
    told = baocao.json("history", "load", path, "--as", "vpub")
    assert told == {"figures": 2, "findings": []}
    assert known(baocao, "NN14", Aspect.ACTUAL, "202508") == (5000, Nature.OFFICIAL)
    assert known(baocao, "NN14", Aspect.ACTUAL, "202509") == (5100, Nature.PRELIMINARY)
    assert baocao.json("history", "load", path) == {"figures": 0, "findings": []}
    assert baocao.run("history", "load", path, "--as", "easup").exit_code == 1


def test_what_is_loaded_without_a_name_is_logged_as_done_by_the_operator(
    baocao: Console, exported: Path, tmp_path: Path
) -> None:
    path = tmp_path / "nen.xlsx"
    path.write_bytes(write_history([figure("5000")], DOCUMENT))
    folder = tmp_path / "catalogue"
    folder.mkdir()
    for name in ("plans.xlsx", "measures.xlsx"):
        shutil.copy(exported / name, folder)
    for words in (["history", "load", path], ["plans", "load", folder / "plans.xlsx"], ["catalogue", "load", folder]):
        before = entries(baocao)
        assert baocao.run(*words).exit_code == 0
        assert entries(baocao)[len(before) :] == [("operator", Action.CHANGE_CATALOGUE)]


def entries(baocao: Console) -> list[tuple[str, str]]:
    opened = baocao.open()
    with opened.store.read() as connection:
        found = [(entry.actor, entry.action) for entry in audit.latest(connection, 1000)]
    opened.close()
    return found[::-1]


def test_a_file_that_is_no_workbook_is_named_as_it_was_given(baocao: Console, tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("print()")
    (found,) = baocao.json("history", "load", path, code=1)["findings"]
    assert "x.py" in found["message"]
    assert ".xlsx" not in found["message"]


def test_a_mistake_in_figures_of_earlier_periods_loads_none_of_them(baocao: Console, tmp_path: Path) -> None:
    path = tmp_path / "nen.xlsx"
    path.write_bytes(write_history([figure("5000", period="202507"), figure("5.1")], DOCUMENT))
    told = baocao.json("history", "load", path, code=1)
    assert (set(told), told["figures"]) == (LOADED, 0)
    (found,) = told["findings"]
    assert set(found) == FINDING
    assert (found["code"], found["sheet"], found["cell"]) == ("catalogue-figure-digits", "Số liệu nền", "H3")
    assert known(baocao, "NN14", Aspect.ACTUAL, "202507") is None


def test_plans_are_loaded_once_and_a_mistake_loads_none(baocao: Console, tmp_path: Path) -> None:
    def written(value: str, measure: str = "con") -> Path:
        plan = PlanFigure(
            "NN14", EASUP, 2027, Aspect.PLAN_COUNCIL, Decimal(value), measure, "NQ 99", date(2026, 12, 9),
            date(2027, 1, 1),
        )  # fmt: skip
        path = tmp_path / "kế hoạch.xlsx"
        path.write_bytes(definition_book.write(Catalogue(plans=(plan,)))["plans.xlsx"])
        return path

    assert baocao.json("plans", "load", written("5200")) == {"figures": 1, "findings": []}
    assert known(baocao, "NN14", Aspect.PLAN_COUNCIL, "2027") == (5200, Nature.OFFICIAL)
    assert baocao.json("plans", "load", written("5200"))["figures"] == 0
    told = baocao.json("plans", "load", written("5300", "ha"), code=1)
    assert [found["code"] for found in told["findings"]] == ["catalogue-measure-clash"]
    assert known(baocao, "NN14", Aspect.PLAN_COUNCIL, "2027") == (5200, Nature.OFFICIAL)


# --- text, help, entry point -----------------------------------------------------------------------------------------


def test_text_is_converted_one_object_a_line_in_order(tmp_path: Path) -> None:
    lines = [
        {"text": "TØnh §¾k L¾k", "font": ".VnTime"},
        {"text": "Tỉnh Đắk Lắk"},
        {"runs": [["X· ", ".VnTime"], ["Ea Sóp", ".VnTime"]], "column": 3},
    ]
    given = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    result = entry("text", "convert", "--jsonl", root=tmp_path, given=given)
    assert result.returncode == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [set(answer) for answer in answers] == [{"unicode", "charset", "changed", "reason"}] * 3
    assert [answer["unicode"] for answer in answers] == ["Tỉnh Đắk Lắk", "Tỉnh Đắk Lắk", "Xã Ea Súp"]
    assert [answer["charset"] for answer in answers] == ["TCVN3", None, "TCVN3"]


def test_text_without_its_flag_or_with_a_broken_line_is_a_wrong_command_line(tmp_path: Path) -> None:
    console = Console(tmp_path)
    assert console.run("text", "convert", given="").exit_code == 2
    for wrong in ("không phải JSON", '["text"]', '{"text": "a"'):
        result = console.run("text", "convert", "--jsonl", given=f'{{"text": "a"}}\n\n{wrong}\n')
        assert (result.exit_code, " 3 " in result.stderr) == (2, True)
        assert [json.loads(line)["unicode"] for line in result.stdout.splitlines()] == ["a"]


def test_half_a_surrogate_pair_does_not_stop_the_conversion(tmp_path: Path) -> None:
    result = entry("text", "convert", "--jsonl", root=tmp_path, given='{"text": "a\\ud800"}\n{"text": "b"}\n')
    assert [len(json.loads(line)["unicode"]) for line in result.stdout.splitlines()][-1] == 1
    assert result.returncode == 0


def test_the_entry_point_makes_an_instance_and_judges_a_file(baocao: Console, tmp_path: Path) -> None:
    path = baocao.filled(tmp_path / "in")
    judged = entry("ingest", "--dry-run", "--jsonl", path, root=baocao.root)
    assert judged.returncode == 0, judged.stderr
    assert json.loads(judged.stdout)["identity"]["token"] == "valid"
    assert entry("ingest", "--dry-run", path, root=tmp_path / "nowhere").returncode == 2


@pytest.mark.parametrize("words", [["--help"], ["ingest", "--help"], ["text", "--help"]])
def test_help_loads_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app", *words],
        cwd=ROOT,
        env={**os.environ, "BAOCAO_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines() if "|" in line}
    assert "click" in loaded
    assert not loaded & {"flask", "pandas", "docx", "sqlalchemy", "openpyxl", "xlsxwriter", "lxml", "lark", "alembic"}
    assert "Usage" in result.stdout


@pytest.mark.parametrize("words", [["serve"], ["worker"]])
def test_a_server_asked_to_end_ends_cleanly(baocao: Console, words: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env={**os.environ, "BAOCAO_INSTANCE": str(baocao.root), "BAOCAO_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")


def test_an_account_gets_its_first_password_at_the_console(baocao: Console) -> None:
    weak = baocao.run("password", "easup", given="ngan\nngan\n")
    strong = baocao.run("password", "easup", given="Mat-khau-moi-2027\nMat-khau-moi-2027\n")
    assert (weak.exit_code, strong.exit_code) == (1, 0)
    assert "ít nhất" in weak.output
    assert "Mat-khau" not in strong.output


def test_the_operator_takes_a_lost_phone_only_from_an_account_that_has_one(baocao: Console) -> None:
    unknown, without = baocao.run("drop-factor", "khong-co"), baocao.run("drop-factor", "easup")
    assert (unknown.exit_code, without.exit_code) == (2, 1)
    assert "chưa bật xác thực hai bước" in without.stderr


def test_every_command_is_marked_with_what_it_lets_people_do() -> None:
    from webui.commands import baocao

    unmarked = [name for name, command in marked(baocao) if "policy_action" not in vars(command.callback)]
    assert unmarked == []
    actions = {name: vars(command.callback)["policy_action"] for name, command in marked(baocao)}
    assert all(isinstance(action, Action) for action in actions.values())
    operated = {name for name, action in actions.items() if action is Action.OPERATE}
    assert operated == {
        *("init", "demo", "serve", "worker", "password", "doctor", "cube rebuild"),
        *("audit verify", "audit export", "audit checkpoint", "audit key", "text convert"),
    }


def marked(command: click.Command, above: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from marked(child, f"{above} {name}".strip())
    else:
        yield above, command


def test_every_command_of_the_contract_is_there() -> None:
    from webui.commands import baocao

    names = {
        f"{name} {below}".strip()
        for name, command in baocao.commands.items()
        for below in getattr(command, "commands", {"": None})
    }
    assert names == {
        *("init", "demo", "serve", "worker", "password", "drop-factor", "doctor"),
        *("catalogue check", "catalogue load", "catalogue export", "catalogue burden", "catalogue propose"),
        *("history load", "cube rebuild", "plans load", "units reorganise"),
        *("open", "templates", "ingest", "submit", "approve", "compile", "trace"),
        *("audit verify", "audit export", "audit checkpoint", "audit key", "text convert"),
    }


def test_a_reorganisation_is_done_from_its_workbook_and_not_while_anything_is_wrong(
    baocao: Console, tmp_path: Path
) -> None:
    path, on = tmp_path / "sap-xep.xlsx", date(2027, 1, 1)
    merged = Act(ActKind.MERGE, EASUP, on, "NQ 12/NQ-UBTVQH15", "24214")
    path.write_bytes(write_acts([merged, replace(merged, into="99999", unit="24217")]))
    wrong = baocao.run("units", "reorganise", path)
    assert (wrong.exit_code, "reorganise-no-unit" in wrong.stdout) == (1, True)
    path.write_bytes(write_acts([merged]))
    seen = baocao.json("units", "reorganise", path, "--dry-run")
    done = baocao.json("units", "reorganise", path)
    assert (seen["done"], done["done"], done["ended"], done["successions"]) == (False, True, 1, 1)
    again = baocao.run("units", "reorganise", path)
    assert (again.exit_code, "reorganise-later-change" in again.stdout) == (1, True)


def test_a_workbook_is_the_same_bytes_each_time(baocao: Console, tmp_path: Path) -> None:
    words = ["templates", "KTXH", "--period", "202610", "--unit", EASUP, "--out"]
    first, second = (baocao.json(*words, tmp_path / name)["files"][0]["sha256"] for name in ("a", "b"))
    assert first == second
    assert load_workbook(BytesIO(next((tmp_path / "a").iterdir()).read_bytes())).sheetnames
