"""A unit's own workbook saved as .xls or .ods: converted, judged like the .xlsx, the file sent kept as it came."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions import instance
from actions.console import open_desk
from actions.receive import judge_upload
from ingest.limits import OFFICE_LIMITS
from ingest.office import Office
from registry.store import uploads
from tests.commands.conftest import Console
from tests.compile.office import convert
from tests.ingest import crafted
from tests.ingest.test_office import pretending


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever else converts on this machine holds another lock: these tests wait for nobody."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def figures(answer: dict[str, Any]) -> list[tuple[object, ...]]:
    return [(one["row"], one["column"], one["state"], one["value"], one["text"]) for one in answer["figures"]]


def has(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    """Every instance opened from now on has this office."""
    monkeypatch.setattr(instance, "Office", lambda: office)


@pytest.mark.office
@pytest.mark.parametrize(("kind", "filter_"), [("ods", "ods"), ("xls", "xls:MS Excel 97")])
def test_it_gives_the_same_figures_as_the_xlsx(
    kind: str, filter_: str, baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, Office(replace(OFFICE_LIMITS, wall_seconds=90.0, cpu_seconds=60)))
    path = baocao.filled(tmp_path / "in", "120.5")
    sent = tmp_path / f"biểu tháng 10.{kind}"
    sent.write_bytes(convert(path.read_bytes(), "bieu.xlsx", filter_, tmp_path))
    (expected,) = baocao.json("ingest", "--dry-run", path, code=1)
    assert (expected["status"], expected["identity"]["token"]) == ("rejected", "valid")  # half a cow

    (dry,) = baocao.json("ingest", "--dry-run", sent, code=1)
    (answer,) = baocao.json("ingest", sent, code=1)

    for one in (dry, answer):
        assert figures(one) == figures(expected)
        assert one["identity"] == expected["identity"]
        note, *rest = sorted(one["findings"], key=lambda found: found["code"] != "kind-converted")
        assert (note["code"], note["found"], note["severity"]) == ("kind-converted", f".{kind}", "note")
        assert [found["code"] for found in rest] == [found["code"] for found in expected["findings"]]
    opened = baocao.open()
    desk = open_desk(opened, None)
    with desk.read() as connection:
        upload = uploads.get(connection, answer["upload"])
        verdict = uploads.newest_verdict(connection, answer["upload"])
        kept = uploads.all_files(connection)
    assert upload is not None
    assert verdict is not None
    assert upload.sha == hashlib.sha256(sent.read_bytes()).hexdigest()
    assert verdict.conversion in kept
    assert opened.files.read(verdict.conversion).startswith(b"PK")
    has(monkeypatch, Office())
    assert judge_upload(desk, upload.id).id == verdict.id
    opened.close()


XLS = crafted.compound({"Workbook": crafted.biff()})


def test_without_libreoffice_the_clerk_is_told_how_to_save_it(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office()
    office.__dict__["is_there"] = False
    has(monkeypatch, office)
    for name, data, code in (("a.xls", XLS, "guard-xls"), ("a.ods", crafted.ods(), "guard-ods")):
        (tmp_path / name).write_bytes(data)
        (answer,) = baocao.json("ingest", tmp_path / name, code=1)
        assert [one["code"] for one in answer["findings"]] == [code]
        assert "xlsx" in answer["findings"][0]["fix"]


def test_what_cannot_be_converted_is_told(baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, pretending(tmp_path, "exit 1"))
    (tmp_path / "a.xls").write_bytes(XLS)
    (answer,) = baocao.json("ingest", tmp_path / "a.xls", code=1)
    assert [one["code"] for one in answer["findings"]] == ["kind-not-converted"]


@pytest.mark.parametrize(
    "data", [crafted.ods(more={"Basic/M.xml": "<a/>"}), crafted.compound({"Workbook": b"\x2f\0\0\0"})]
)
def test_a_dangerous_or_locked_one_never_reaches_libreoffice(
    data: bytes, baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, pretending(tmp_path, f"touch '{tmp_path}/ran'"))
    (tmp_path / "a.xls").write_bytes(data)
    (answer,) = baocao.json("ingest", tmp_path / "a.xls", code=1)
    assert answer["findings"][0]["code"] in ("guard-macros", "guard-encrypted")
    assert not (tmp_path / "ran").exists()


def test_a_conversion_is_guarded_like_any_file(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(monkeypatch, pretending(tmp_path, "mkdir out; echo '<html>' > out/bieu.xlsx"))
    (tmp_path / "a.xls").write_bytes(XLS)
    (answer,) = baocao.json("ingest", "--dry-run", tmp_path / "a.xls", code=1)
    assert [one["code"] for one in answer["findings"]] == ["kind-converted", "guard-html"]


def test_a_secret_one_leaves_no_conversion_behind(
    baocao: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = crafted.book(crafted.sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>TỐI MẬT</t></is></c></row>'))
    (tmp_path / "bieu.xlsx").write_bytes(marked)
    has(monkeypatch, pretending(tmp_path, f"mkdir out; cp '{tmp_path}/bieu.xlsx' out/bieu.xlsx"))
    (tmp_path / "a.xls").write_bytes(XLS)
    (answer,) = baocao.json("ingest", tmp_path / "a.xls", code=1)
    assert "secrecy-mark" in [one["code"] for one in answer["findings"]]
    opened = baocao.open()
    for data in (XLS, marked):
        assert not opened.files.exists(hashlib.sha256(data).hexdigest())
    opened.close()
