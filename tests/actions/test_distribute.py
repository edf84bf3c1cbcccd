"""Handing out a period's workbooks: streamed, by few queries, prepared in the background, kept for the next start."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select

from actions import bundles, distribute, openings, outlines, work
from actions.cases import situation
from actions.desk import Desk, NotNow, NotYours
from actions.instance import Instance
from actions.making import Making
from actions.settings import Settings
from ingest.peek import peek
from registry.catalogue.values import CellKey, CellValue, State
from registry.rules.background import KnownLines
from registry.store.tables import audit, audit_detail
from tests.actions.conftest import As
from tests.webui.conftest import ON_SQLITE
from workbook_templates import foundry, token
from workbook_templates.stamps import Stamp

REGIME, PERIOD = "KTXH", "202610"


@pytest.fixture
def office(at_desk: As) -> Desk:
    """The office that has opened October."""
    desk = at_desk("vpub")
    openings.open_period(desk, REGIME, PERIOD)
    return desk


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the period asked five units only."""
    asked = distribute.asked

    def some(*of: Any) -> Any:
        snapshot, works = asked(*of)
        return snapshot, works[:5]

    monkeypatch.setattr(distribute, "asked", some)


@contextmanager
def counted(instance: Instance) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = instance.store.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def queries_of(office: Desk, units: list[str]) -> int:
    with counted(office.instance) as sent:
        made = list(distribute.workbooks(office, REGIME, PERIOD, units).made)
    assert len(made) == len(units)
    return len(sent)


@ON_SQLITE
def test_the_number_of_queries_does_not_grow_with_the_units(office: Desk) -> None:
    codes = [work.unit_id for work in distribute.asked(office, REGIME, PERIOD)[1]]
    with office.read() as connection:
        named = office.snapshot(connection).units_by_id
    alike = [named[one].code for one in codes if named[one].kind.is_commune]
    queries_of(office, alike[:12])  # the catalogue is read once
    assert queries_of(office, alike[:2]) == queries_of(office, alike[:12])


@ON_SQLITE
def test_a_bundle_holds_every_workbook_with_its_own_token(office: Desk) -> None:
    out = io.BytesIO()
    handout = distribute.workbooks(office, REGIME, PERIOD, ["24211", "24133", "STC"])
    made = [one.path for one in bundles.write(office, handout.made, out)]
    archive = zipfile.ZipFile(out)
    assert archive.testzip() is None
    assert archive.namelist() == made
    for path in made:
        (text,) = peek(archive.read(path)).texts
        assert token.verify(text, office.instance.token_keys).unit == path.partition("/")[0]


@ON_SQLITE
def test_workbooks_come_out_one_at_a_time(office: Desk) -> None:
    handout = distribute.workbooks(office, REGIME, PERIOD)
    first = next(handout.made)
    assert handout.count > 100
    assert first.data.startswith(b"PK")


@ON_SQLITE
def test_another_process_finds_the_base_where_the_first_has_put_it(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    foundry.foundry.cache_clear()  # other tests have other instances
    before = [one.data for one in distribute.workbooks(office, REGIME, PERIOD, ["24211"]).made]
    foundry.foundry.cache_clear()
    monkeypatch.setattr("workbook_templates.template.written", None)
    assert [one.data for one in distribute.workbooks(office, REGIME, PERIOD, ["24211"]).made] == before


@pytest.mark.parametrize("how", list(Stamp))
@ON_SQLITE
def test_the_setting_says_how_workbooks_are_made(office: Desk, how: Stamp) -> None:
    settings = replace(office.instance.settings, stamp=how)
    desk = replace(office, instance=replace(office.instance, settings=settings))
    (made,) = distribute.workbooks(desk, REGIME, PERIOD, ["24211"]).made
    assert peek(made.data).present == ("cell", "sheet", "property", "name")


def test_the_setting_is_read_from_the_environment() -> None:
    assert Settings.read({}).stamp is Stamp.SLOTS
    assert Settings.read({"BAOCAO_STAMP": "full"}).stamp is Stamp.FULL
    with pytest.raises(ValueError, match="fast"):
        Settings.read({"BAOCAO_STAMP": "fast"})


@pytest.mark.usefixtures("few")
@ON_SQLITE
def test_a_bundle_is_prepared_by_a_job_and_stays(office: Desk, at_desk: As) -> None:
    assert bundles.newest(office, REGIME, PERIOD) == (None, None)
    with pytest.raises(NotNow):
        bundles.fetch(office, REGIME, PERIOD)
    bundles.prepare(office, REGIME, PERIOD)
    bundles.prepare(office, REGIME, PERIOD)  # pressed twice
    waiting, _ = bundles.newest(office, REGIME, PERIOD)
    assert waiting == Making("waiting")
    with pytest.raises(NotNow):
        bundles.fetch(office, REGIME, PERIOD)
    assert work.run_one(office.instance, [bundles.BUNDLE])
    assert not work.run_one(office.instance, [bundles.BUNDLE])
    bundles.prepare(office, REGIME, PERIOD)
    bundles.stop(office, REGIME, PERIOD)  # what was made before stays
    stopped, ready = bundles.newest(office, REGIME, PERIOD)
    assert stopped == Making("cancelled")
    assert ready is not None
    with bundles.fetch(office, REGIME, PERIOD) as file:
        archive = zipfile.ZipFile(file)
        books = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert len(books) == ready.count == 5
    assert bundles.newest(at_desk("easup"), REGIME, PERIOD) == (None, None)  # everybody has one's own


@pytest.mark.usefixtures("few")
@ON_SQLITE
def test_progress_is_told_while_a_bundle_is_made(office: Desk) -> None:
    told: list[int] = []
    made = bundles.make_now(office, REGIME, PERIOD, told.append)
    assert made["count"] == 5
    assert told == [20, 40, 60, 80]


@pytest.mark.usefixtures("few")
@ON_SQLITE
def test_a_failed_bundle_leaves_the_earlier_one(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bundles.make_now(office, REGIME, PERIOD, lambda _: None)
    shelf = office.instance.shelf
    (before,) = [path for path in shelf.root.iterdir() if path.read_bytes()[:2] == b"PK"]
    kept = before.read_bytes()
    monkeypatch.setattr("actions.distribute.make", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bundles.make_now(office, REGIME, PERIOD, lambda _: None)
    assert before.read_bytes() == kept
    assert not [path for path in shelf.root.iterdir() if path.name.startswith(".making-")]


@ON_SQLITE
def test_a_clerk_bundles_the_own_units_workbooks_only(office: Desk, at_desk: As) -> None:
    made = distribute.workbooks(at_desk("easup"), REGIME, PERIOD).made
    assert {one.unit for one in made} == {"24211"}
    with pytest.raises(NotYours):
        distribute.workbooks(at_desk("easup"), REGIME, PERIOD, ["24133"])
    with pytest.raises(NotYours):
        bundles.prepare(office, REGIME, "202611")


@pytest.mark.usefixtures("few")
def test_a_bundle_made_under_wider_grants_is_not_served(office: Desk, at_desk: As) -> None:
    bundles.prepare(office, REGIME, PERIOD)
    assert work.run_one(office.instance, [bundles.BUNDLE])
    bundles.fetch(office, REGIME, PERIOD).close()
    narrowed = replace(office, actor=replace(office.actor, grants=at_desk("easup").actor.grants))
    assert distribute.asked(narrowed, REGIME, PERIOD)[1]
    assert bundles.newest(narrowed, REGIME, PERIOD) == (None, None)
    with pytest.raises(NotNow):
        bundles.fetch(narrowed, REGIME, PERIOD)


def test_outlines_handed_out_in_bulk_are_in_the_audit(office: Desk) -> None:
    made = list(outlines.outlines(office, REGIME, PERIOD, ["24211", "24133"]))
    assert len(made) == 2
    with office.read() as connection:
        query = select(audit_detail.c.body).join(audit, audit.c.seq == audit_detail.c.seq)
        told = connection.execute(query.where(audit.c.object == f"outlines {REGIME} {PERIOD}")).scalars().all()
    assert ['"outlines":2' in body.replace(" ", "") for body in told] == [True]


@ON_SQLITE
def test_a_pattern_follows_the_form_asked_before_and_keeps_nothing_of_a_unit(office: Desk) -> None:
    with office.read() as connection:
        snapshot, works = distribute.asked(office, REGIME, PERIOD, ["24211"])
        one = situation(connection, snapshot, works[0])
    lines = KnownLines(start={CellKey("DA", "c01", 1): CellValue(State.ZERO)})
    met = replace(one, context=replace(one.context, lines=lines), former=None)
    first = distribute._pattern(snapshot, met)
    assert (first.context.lines, first.context.unit) == (KnownLines(), None)
    assert distribute._pattern(snapshot, met) is first
    assert distribute._pattern(snapshot, replace(met, former=one.form)).key != first.key
