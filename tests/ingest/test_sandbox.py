"""Reading children: the server outlives whatever a file does to them."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import msgspec
import pytest

import registry.findings
from ingest import child, narrative, sandbox
from ingest.letter import check_letter
from ingest.limits import CHILD_LIMITS
from ingest.model import Extraction
from ingest.parcel import unpack
from ingest.pieces import pieces
from ingest.reading import read_guarded
from ingest.sandbox import ReadingPool
from ingest.word.changes import Looked
from ingest.word.unicode import in_unicode
from registry.findings import Severity, fix, message
from tests.ingest import a_form, crafted
from tests.ingest.a_document import document, paragraph, run
from workbook_templates.outline import Place

ROOT = Path(sandbox.__file__).parents[1]


@pytest.fixture
def pool() -> Iterator[ReadingPool]:
    with ReadingPool() as made:
        yield made


def pid(pool: ReadingPool) -> int:
    (running,) = pool._children
    assert running is not None
    return running._process.pid


def codes(extraction: Extraction) -> list[str]:
    return [one.code for one in extraction.findings]


def test_a_child_reads_what_this_process_reads(pool: ReadingPool) -> None:
    assert pool.read(a_form.workbook(), "biểu.xlsx") == read_guarded(a_form.workbook(), "biểu.xlsx")


def test_a_child_converts_a_narrative(pool: ReadingPool) -> None:
    old = document(paragraph(run("T×nh h×nh kinh tÕ", ".VnTime")))
    assert pool.narrative(old, "cũ.docx") == Looked((), in_unicode(old))
    assert [one.code for one in pool.narrative(b"no document", "a.docx").findings] == ["narrative-not-docx"]
    assert pool._children == [None]


def test_a_child_looks_through_a_letter(pool: ReadingPool) -> None:
    assert pool.letter(b"%PDF-1.7", "cv.pdf") == check_letter(b"%PDF-1.7", "cv.pdf")
    assert [one.code for one in pool.letter(document(paragraph(run("MẬT"))), "cv.docx")] == ["narrative-secret"]


@pytest.mark.parametrize(
    ("blow", "code"),
    [(signal.SIGKILL, "reading-document-died"), (signal.SIGXCPU, "reading-document-timeout")],
    ids=["killed", "out of time"],
)
def test_a_document_that_costs_the_child_is_not_clean(pool: ReadingPool, blow: int, code: str) -> None:
    whole = document(paragraph(run("Báo cáo")))
    for look in (lambda: pool.narrative(whole, "a.docx").findings, lambda: pool.letter(whole, "a.docx")):
        pool.read(crafted.book(), "a.xlsx")
        os.kill(pid(pool), blow)
        (found,) = look()
        assert (found.code, found.severity) == (code, Severity.BLOCK)
    assert [one.code for one in pool.letter(whole, "a.docx")] == ["reading-document-died"]  # twice is enough
    assert pool.narrative(document(paragraph(run("Báo cáo khác"))), "a.docx") == Looked()


def test_trouble_in_the_child_over_a_document_becomes_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(data: bytes, name: str) -> Looked:
        raise MemoryError

    monkeypatch.setattr(narrative, "look_through", out_of_memory)
    (found,) = msgspec.msgpack.decode(child._narrative(b"", b"a.docx"), type=Looked).findings
    assert found.code == "reading-document-died"


def test_a_conversion_too_large_for_the_pipe_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CHILD_LIMITS", replace(CHILD_LIMITS, result_bytes=100))
    old = document(paragraph(run("T×nh h×nh kinh tÕ", ".VnTime")))
    assert msgspec.msgpack.decode(child._narrative(old, b"a.docx"), type=Looked) == Looked()


def test_a_child_finds_the_pieces_of_a_narrative(pool: ReadingPool) -> None:
    places = (Place("BC:X:01", "I. TÌNH HÌNH", 1, "Nêu kết quả.", True), Place("BC:X:02", "II. KIẾN NGHỊ", 1, "", True))
    held, saved = docx.Document(), io.BytesIO()
    held.add_paragraph("I. TÌNH HÌNH")
    held.add_paragraph("Ổn định.")
    held.save(saved)
    assert pool.pieces(saved.getvalue(), places) == pieces(saved.getvalue(), places)
    assert [one.lines for one in pool.pieces(saved.getvalue(), places)] == [("Ổn định.",), ()]


def test_a_narrative_that_cannot_be_read_has_no_pieces_and_costs_the_child(pool: ReadingPool) -> None:
    assert pool.pieces(b"PK\3\4", ()) == ()
    assert pool._children == [None]


def test_no_child_runs_before_the_first_file() -> None:
    with ReadingPool(3) as pool:
        assert pool._children == [None, None, None]


def test_one_child_reads_many_files(pool: ReadingPool) -> None:
    pool.read(crafted.book(), "a.xlsx")
    first = pid(pool)
    pool.read(a_form.workbook(), "b.xlsx")

    assert pid(pool) == first


def test_a_refusal_costs_the_child(pool: ReadingPool) -> None:
    assert codes(pool.read(b"x;y", "a.csv")) == ["guard-csv"]
    assert pool._children == [None]
    assert codes(pool.read(crafted.book(), "a.xlsx")) == []


def test_a_child_is_replaced_after_so_many_files() -> None:
    with ReadingPool(limits=replace(CHILD_LIMITS, files=2)) as pool:
        pool.read(crafted.book(), "a.xlsx")
        assert pool._children != [None]
        pool.read(crafted.book(), "a.xlsx")
        assert pool._children == [None]


def test_a_child_that_died_before_is_reported_and_replaced(pool: ReadingPool) -> None:
    pool.read(crafted.book(), "a.xlsx")
    os.kill(pid(pool), signal.SIGKILL)

    found = pool.read(a_form.workbook(), "b.xlsx")

    assert codes(found) == ["reading-child-died"]
    assert found.findings[0].severity is Severity.BLOCK
    assert codes(pool.read(a_form.workbook(), "b.xlsx")) == []


def test_a_file_that_killed_two_children_is_not_tried_again(pool: ReadingPool) -> None:
    data = crafted.book()
    for _ in range(2):
        pool.read(a_form.workbook(), "khác.xlsx")
        os.kill(pid(pool), signal.SIGKILL)
        assert codes(pool.read(data, "a.xlsx")) == ["reading-child-died"]

    assert codes(pool.read(data, "a.xlsx")) == ["reading-child-died"]
    assert pool._children == [None]


def test_a_child_that_does_not_answer_is_stopped() -> None:
    with ReadingPool() as pool:
        pool.read(crafted.book(), "a.xlsx")
        running = pool._children[0]
        assert running is not None
        running._limits = replace(CHILD_LIMITS, wall_seconds=0.2)
        os.kill(pid(pool), signal.SIGSTOP)

        found = pool.read(a_form.workbook(), "b.xlsx")

        assert codes(found) == ["reading-timeout"]
        assert pool._children == [None]


def test_a_child_that_uses_up_its_processor_time_was_too_slow(pool: ReadingPool) -> None:
    pool.read(crafted.book(), "a.xlsx")
    os.kill(pid(pool), signal.SIGXCPU)

    assert codes(pool.read(a_form.workbook(), "b.xlsx")) == ["reading-timeout"]


def test_an_answer_beyond_the_cap_is_not_taken() -> None:
    with ReadingPool(limits=replace(CHILD_LIMITS, result_bytes=10)) as pool:
        assert codes(pool.read(crafted.book(), "a.xlsx")) == ["reading-child-died"]


def test_threads_share_the_children() -> None:
    answers: list[Extraction] = []
    with ReadingPool(2) as pool:
        threads = [
            threading.Thread(target=lambda: answers.append(pool.read(crafted.book(), "a.xlsx"))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert answers == [read_guarded(crafted.book(), "a.xlsx")] * 8


def test_a_closed_pool_opens_again_when_asked() -> None:
    pool = ReadingPool()
    pool.close()
    assert codes(pool.read(crafted.book(), "a.xlsx")) == []
    pool.close()
    pool.close()


def test_the_child_imports_neither_shells_nor_database_nor_spreadsheet_libraries() -> None:
    code = "import sys, ingest.child; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "'ingest'" in done.stdout
    for unwanted in ("flask", "sqlalchemy", "openpyxl", "pandas", "lxml", "lark"):
        assert f"'{unwanted}'" not in done.stdout


def test_the_child_knows_nothing_of_the_servers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOCAO_SECRET_OF_THE_SERVER", "x")
    with ReadingPool() as pool:
        pool.read(crafted.book(), "a.xlsx")
        environment = Path(f"/proc/{pid(pool)}/environ").read_bytes()

    assert b"BAOCAO" not in environment


def test_the_child_is_confined(pool: ReadingPool) -> None:
    pool.read(crafted.book(), "a.xlsx")
    limits = Path(f"/proc/{pid(pool)}/limits").read_text()

    assert f"Max address space         {CHILD_LIMITS.address_bytes}" in limits
    assert "Max file size             0" in limits


def test_the_child_has_no_network(pool: ReadingPool) -> None:
    may = subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True, check=False)
    if may.returncode:
        pytest.skip("this machine lets no process have a network of its own")
    pool.read(crafted.book(), "a.xlsx")

    assert Path(f"/proc/{pid(pool)}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def test_trouble_of_any_kind_in_the_child_becomes_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(data: bytes, name: str) -> Extraction:
        raise MemoryError

    monkeypatch.setattr(child, "read_guarded", out_of_memory)

    assert codes(unpack(child._answer(b"", b"a.xlsx"))) == ["reading-child-died"]


def test_an_answer_too_large_for_the_pipe_becomes_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CHILD_LIMITS", replace(CHILD_LIMITS, result_bytes=10))

    assert codes(unpack(child._answer(crafted.book(), b"a.xlsx"))) == ["reading-too-much"]


@pytest.mark.parametrize(
    "code", tomllib.loads((Path(registry.findings.__file__).parent / "catalogue" / "reading.toml").read_text("utf-8"))
)
def test_every_sentence_about_reading_can_be_said(code: str) -> None:
    found = registry.findings.finding(code, name="a.xlsx", limit=20, part="xl/x.xml", sheet="Biểu", cell="A1")

    assert "{" not in message(found) + fix(found)
