"""Any figure of a compiled report followed to the cell of the file it came from, read independently (R23)."""

from __future__ import annotations

import io
import json
import random
import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

import app as entry_point
from actions import compiling, console, decide, tracing
from actions.instance import Instance
from actions.tracing import NoFigure
from compile.traced_model import Figure, Way
from registry.catalogue.model import Role
from registry.catalogue.values import State
from registry.store import reports, submissions, uploads
from tests.webui import rights
from tests.webui import small_province as province
from tests.webui.conftest import ON_SQLITE, SignIn
from tests.webui.page_faults import faults
from tests.webui.small_province import NOW, sit
from tests.webui.test_every_command import Here
from webui import commands

OFFICE = "vpub"


@dataclass
class Compiled:
    """A report of two communes, compiled by the office."""

    version_id: int
    workbook: bytes
    easup_version: int


def approved(instance: Instance, clerk: str, leader: str, number: str) -> int:
    """A unit's month approved; the key of its version."""
    province.submitted(sit(instance, clerk), number)
    work = province.work_of(sit(instance, leader))
    decide.approve(sit(instance, leader), work.assignment_id, 1)
    with instance.store.read() as connection:
        newest = submissions.newest(connection, work.submission_id)
    assert newest is not None
    return newest.id


def compile_now(instance: Instance) -> tuple[int, bytes]:
    result = compiling.compile_report(sit(instance, OFFICE), "KTXH", "202610")
    with instance.store.read() as connection:
        at = sit(instance, OFFICE)
        opening = province.work_of(sit(instance, "ld.easup")).opening_id
        made = reports.compiled(connection, opening, at.snapshot(connection).unit_ids["VPUB"])
    return made[0].id, result.files[0].data


@pytest.fixture
def compiled(instance: Instance) -> Compiled:
    easup = approved(instance, "easup", "ld.easup", "120")
    approved(instance, "bmt", "ld.bmt", "30")
    return Compiled(*compile_now(instance), easup)


def figures(instance: Instance, version_id: int) -> list[tuple[str, Figure]]:
    report = tracing.look(sit(instance, OFFICE), version_id)
    return [(sheet.form, one) for sheet in report.traced.sheets for one in sheet.figures]


def in_the_file(instance: Instance, version_id: int, address: tuple[str, str]) -> object:
    """What openpyxl finds in a cell of the file a version was read from."""
    with instance.store.read() as connection:
        version = submissions.by_ids(connection, [version_id])[version_id]
        upload = uploads.get(connection, version.upload_id or 0)
    assert upload is not None
    book = openpyxl.load_workbook(io.BytesIO(instance.files.read(upload.sha)), data_only=True)
    return book[address[0]][address[1]].value


def test_random_figures_add_up_from_cells_that_the_files_really_hold(instance: Instance, compiled: Compiled) -> None:
    summed = [(form, one) for form, one in figures(instance, compiled.version_id) if one.way is Way.SUM and one.given]
    assert len(summed) > 20
    for form, one in random.Random(7).sample(summed, 12):
        found = tracing.follow(sit(instance, OFFICE), compiled.version_id, form, one.code)
        assert found.figure.number == sum(held.given.number or 0 for held in found.contributors)
        for held in found.contributors:
            assert held.given.address is not None
            assert held.came is not None
            value = in_the_file(instance, held.given.version_id, held.given.address)
            if held.given.state is State.VALUE:
                assert isinstance(value, int | float)
                assert Decimal(str(value)) == Decimal(held.given.typed)


@ON_SQLITE
def test_the_page_prints_the_numbers_of_the_stored_workbook(instance: Instance, compiled: Compiled) -> None:
    sheet = tracing.look(sit(instance, OFFICE), compiled.version_id).traced.sheets[0]
    book = openpyxl.load_workbook(io.BytesIO(compiled.workbook), data_only=True)
    stored = [
        Decimal(str(round(value, 6))).normalize()
        for row in book["Tổng hợp KTXH-01"].iter_rows(values_only=True)
        for value in row
        if isinstance(value, int | float)
    ]
    shown = [round(one.number, 6).normalize() for one in sheet.figures if one.number is not None and one.state != "nil"]
    assert shown
    remaining = list(stored)
    for number in shown:
        assert number in remaining, number
        remaining.remove(number)


@ON_SQLITE
def test_what_is_kept_is_what_the_pinned_inputs_give_again(instance: Instance, compiled: Compiled) -> None:
    before = tracing.look(sit(instance, OFFICE), compiled.version_id)
    for path in (instance.settings.files_root / "derived").iterdir():
        path.unlink()
    approved_later = province.work_of(sit(instance, "ld.bmt"))
    decide.reopen(
        sit(instance, OFFICE, NOW + timedelta(hours=1)), approved_later.assignment_id, "sai đơn vị tính", version=1
    )
    assert tracing.look(sit(instance, OFFICE), compiled.version_id).traced == before.traced


def links(browser: FlaskClient, address: str, to: str) -> list[str]:
    page = browser.get(address)
    assert page.status_code == 200, address
    return [unescape(one) for one in re.findall(rf'href="({to}[^"]*)"', page.text)]


@ON_SQLITE
def test_from_the_board_over_the_report_and_a_figure_to_the_cell_in_the_file(
    signed_in: SignIn, compiled: Compiled
) -> None:
    browser = signed_in(OFFICE)
    page = f"/ban-tong-hop/{compiled.version_id}"
    assert page in links(browser, "/ky-bao-cao/KTXH/202610", "/ban-tong-hop/")
    assert "bang-tong-hop-2" in browser.get(page).text
    assert faults(browser.get(page).text) == []  # each of its tables has a name of its own
    followed = links(browser, page, f"{page}/so-lieu")
    assert len(followed) > 20
    (figure,) = [one for one in followed if one.endswith("o=NN10.c06")]
    source, *_ = links(browser, figure, f"/nguon/{compiled.easup_version}")
    grid = browser.get(source).text
    (chosen,) = re.findall(r'<td class="[^"]*chosen[^"]*"[^>]*>([^<]*)</td>', grid)
    assert chosen == "120"
    assert "tải tệp gốc" in grid.lower()


@ON_SQLITE
def test_a_figure_tells_what_it_was_before_and_why_it_was_given_anew(instance: Instance, compiled: Compiled) -> None:
    work = province.work_of(sit(instance, "ld.easup"))
    decide.reopen(sit(instance, OFFICE), work.assignment_id, "nhầm cột", version=1)
    with instance.store.read() as connection:
        provisional = submissions.counted(connection, work.opening_id, work.unit_id, province.NOW)
    assert any(one.provisional for one in provisional)
    province.submitted(sit(instance, "easup"), "99")
    decide.approve(sit(instance, "ld.easup"), work.assignment_id, 2)
    later, _ = compile_now(instance)
    found = tracing.follow(sit(instance, OFFICE), later, "KTXH-01", "NN10.c06")
    (held,) = [one for one in found.contributors if one.given.unit == province.EASUP]
    (was,) = held.earlier
    assert (held.given.number, was.number, was.version_id) == (Decimal(99), Decimal(120), compiled.easup_version)
    assert was.why == "nhầm cột"
    assert tracing.look(sit(instance, OFFICE), compiled.version_id).newest_id == later


@ON_SQLITE
def test_the_command_tells_what_the_page_tells(
    instance: Instance, compiled: Compiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "now", lambda: NOW)
    shell = Here(instance.settings, entry_point.create_app, instance)

    def run(*line: str) -> Result:
        return CliRunner().invoke(commands.baocao, ["trace", *line], obj=shell)

    told = json.loads(run("KTXH:202610", "KTXH-01!NN10.c06", "--json", "--as", OFFICE).output)
    assert told["report"]["id"] == compiled.version_id
    assert {one["unit"]: one["number"] for one in told["contributors"]} == {province.EASUP: "120", province.BMT: "30"}
    assert told["figure"]["sum"] == told["figure"]["number"] == "150"
    lines = run(str(compiled.version_id), "NN10.c06").output
    assert "Xã Ea Súp: 120 (ước)" in lines
    assert "Cộng 2 đơn vị: 150" in lines
    assert (run("KTXH:202610", "KTXH-01!NN99.c06").exit_code, run("99", "NN10.c06").exit_code) == (1, 1)


@ON_SQLITE
def test_who_sees_one_form_only_finds_no_figure_of_another(instance: Instance, compiled: Compiled) -> None:
    rights.give(instance, "nl.vp", Role.RECEIVER, form="KTXH-01")
    seen = tracing.look(sit(instance, "nl.vp"), compiled.version_id)
    assert {sheet.form for sheet in seen.traced.sheets} == {"KTXH-01"}
    with pytest.raises(NoFigure):
        tracing.follow(sit(instance, "nl.vp"), compiled.version_id, "PL-KTXH", "NN14.r1")


@ON_SQLITE
def test_a_unit_sees_its_own_source_and_no_others(signed_in: SignIn, instance: Instance, compiled: Compiled) -> None:
    assert signed_in("easup").get(f"/nguon/{compiled.easup_version}?o=NN10.c06").status_code == 200
    assert signed_in("bmt").get(f"/nguon/{compiled.easup_version}").status_code == 404
    assert signed_in("easup").get("/nguon/999999").status_code == 404
    assert signed_in("easup").get(f"/ban-tong-hop/{compiled.version_id}").status_code == 404
