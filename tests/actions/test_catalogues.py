import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from actions import catalogues, closing, console, receive, work
from actions.console import open_desk
from actions.desk import Refusal
from actions.instance import Instance
from actions.units import chronicle_in
from registry.catalogue.model import Catalogue, HistoryDocument, HistoryFigure, PlanFigure
from registry.catalogue.values import Aspect, Known, Nature, SeriesKey
from registry.periods import parse
from registry.rules.answers import Ask
from registry.rules.background import Need
from registry.rules.courses import Look
from registry.store import definitions, figures, jobs, uploads
from registry.store.plans import InForce
from registry.store.warehouse import Warehouse
from registry.workflow.policy import EVERYWHERE
from tests.actions.conftest import NOW, SAMPLE, As
from tests.catalogue.history_book import write_history
from tests.webui.conftest import ON_SQLITE
from workbook_templates import definition_book


@ON_SQLITE
def test_what_was_loaded_comes_back_the_same_from_the_database(instance: Instance) -> None:
    with instance.store.read() as connection:
        assert definitions.catalogue_of(connection) == SAMPLE


@ON_SQLITE
def test_loading_the_exported_folder_changes_nothing(instance: Instance) -> None:
    desk = open_desk(instance, None)
    loaded = catalogues.load(desk, catalogues.export(desk))
    assert loaded.findings == ()
    assert loaded.changes == ()


@ON_SQLITE
def test_an_absent_row_changes_nothing_and_a_changed_one_makes_a_second_version(instance: Instance) -> None:
    desk = open_desk(instance, None)
    only = SAMPLE.measures[0]
    changed = replace(SAMPLE.indicators[0], concept="Khái niệm mới")
    loaded = catalogues.put(desk, Catalogue(measures=(only,), indicators=(changed,)))
    assert [(one.kind, one.code, one.n) for one in loaded] == [("indicator", changed.code, 2)]
    with desk.read() as connection:
        now = definitions.catalogue_of(connection)
    assert len(now.measures) == len(SAMPLE.measures)
    assert now.indicators[0].concept == "Khái niệm mới"


@ON_SQLITE
def test_a_form_changed_from_a_date_leaves_earlier_periods_theirs(instance: Instance) -> None:
    desk = open_desk(instance, None)
    form = next(one for one in SAMPLE.forms if one.code == "KTXH-01")
    catalogues.put(desk, Catalogue(forms=(replace(form, title="MỚI", valid_from=date(2027, 1, 1)),)))
    with desk.read() as connection:
        titles = {
            day: definitions.snapshot(connection, day).form_versions["KTXH-01"].form.title
            for day in (date(2026, 12, 31), date(2027, 1, 1))
        }
    assert titles == {date(2026, 12, 31): form.title, date(2027, 1, 1): "MỚI"}


@ON_SQLITE
def test_a_folder_with_a_mistake_loads_nothing(instance: Instance) -> None:
    desk = open_desk(instance, None)
    broken = replace(SAMPLE.indicators[0], measure="thúng")
    loaded = catalogues.load(desk, definition_book.write(replace(SAMPLE, indicators=(broken,))))
    assert loaded.changes == ()
    assert any("thúng" in str(found) for found in loaded.findings)


@ON_SQLITE
def test_a_plan_is_a_figure_of_its_year_and_an_adjustment_the_next_vintage(at_desk: As) -> None:
    desk = at_desk("vpub")

    def plan(value: str, decision: str, on: date) -> PlanFigure:
        return PlanFigure("NN14", "24211", 2026, Aspect.PLAN_COUNCIL, Decimal(value), "con", decision, on, on)

    def in_force() -> int:
        with desk.read() as connection:
            unit = desk.snapshot(connection).unit_ids["24211"]
            need = Need(SeriesKey("NN14", Aspect.PLAN_COUNCIL), "2026")
            known = figures.backgrounds(connection, [unit], [need])[unit].get(need.series, "2026")
        assert known is not None
        return known.mantissa

    catalogues.put(desk, Catalogue(plans=(plan("5000", "NQ 54/NQ-HĐND", date(2025, 12, 24)),)))
    assert in_force() == 5000
    catalogues.put(desk, Catalogue(plans=(plan("5200", "NQ 19/NQ-HĐND", date(2026, 7, 16)),)))
    assert in_force() == 5200

    catalogues.put(desk, Catalogue(plans=(plan("6000", "NQ 99/NQ-HĐND", date(2026, 12, 9)),)))
    ask, october = Ask("NN14", Look.PLAN_COUNCIL), parse("202610")

    def told(moment: datetime) -> InForce | None:
        with desk.read() as connection:
            snapshot = desk.snapshot(connection)
            warehouse = Warehouse(connection, EVERYWHERE, snapshot, chronicle_in(connection, snapshot))
            return warehouse.plan(snapshot.units["24211"].key, ask, october, moment)

    assert told(desk.moment - timedelta(days=1)) is None
    now, later = told(desk.moment), told(datetime(2026, 12, 10, tzinfo=UTC))
    assert now is not None
    assert later is not None
    assert (now.plan.mantissa, now.plan.document, now.plan.decided_on) == (5200, "NQ 19/NQ-HĐND", date(2026, 7, 16))
    assert ([one.mantissa for one in now.former], now.was_adjusted) == ([5000], True)
    assert later.plan.mantissa == 6000

    closing.set_year(desk, "KTXH", 2026, "QĐ khóa năm", is_locked=True)
    with pytest.raises(Refusal, match="không đổi được kế hoạch"):
        catalogues.put(desk, Catalogue(plans=(plan("7000", "NQ 100/NQ-HĐND", date(2026, 12, 9)),)))
    again = replace(plan("8000", "NQ 100/NQ-HĐND", date(2027, 1, 9)), year=2027)
    assert catalogues.put(desk, Catalogue(plans=(again,)))


def test_a_history_file_is_loaded_once_with_its_natures_and_a_plan_may_return_to_an_earlier_value(
    instance: Instance,
) -> None:
    desk = open_desk(instance, None)
    rows = [
        HistoryFigure("NN14", Aspect.ACTUAL, "", "202508", "24211", "24211", Decimal(value), "con", nature)
        for value, nature in (("5000", Nature.ESTIMATE), ("5100", Nature.OFFICIAL))
    ]
    data = write_history(rows, HistoryDocument("Niên giám", "Nguyễn Văn Bình"))
    assert catalogues.load_history_file(desk, "nen.xlsx", data) == catalogues.LoadedFigures(2, ())
    assert catalogues.load_history_file(desk, "nen.xlsx", data) == catalogues.LoadedFigures(0, ())
    with desk.read() as connection:
        unit = desk.snapshot(connection).unit_ids["24211"]
        need = Need(SeriesKey("NN14", Aspect.ACTUAL), "202508")
        known = figures.backgrounds(connection, [unit], [need])[unit].get(need.series, "202508")
    assert known == Known(5100, Nature.OFFICIAL)

    on = date(2026, 12, 9)
    for value in ("5200", "5300", "5200"):
        plan = PlanFigure("NN14", "24211", 2027, Aspect.PLAN_COUNCIL, Decimal(value), "con", "NQ 99", on, on)
        catalogues.put(desk, Catalogue(plans=(plan,)))
        with desk.read() as connection:
            need = Need(SeriesKey("NN14", Aspect.PLAN_COUNCIL), "2027")
            known = figures.backgrounds(connection, [unit], [need])[unit].get(need.series, "2027")
        assert known == Known(int(value), Nature.OFFICIAL)


@ON_SQLITE
def test_the_worker_judges_what_the_operator_sent(instance: Instance) -> None:
    desk = open_desk(instance, None)
    with desk.read() as connection:
        unit = desk.snapshot(connection).unit_ids["24211"]
    number = receive.receive(desk, io.BytesIO(b"a,b"), "a.csv", unit)
    assert work.run_one(instance)
    with instance.store.read() as connection:
        assert uploads.newest_verdict(connection, number) is not None


@ON_SQLITE
def test_the_console_leaves_no_job_for_what_it_judged_itself(instance: Instance, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b")
    desk = open_desk(instance, None)
    answer = console.ingest(desk, path, console.Wanted(), dry_run=False, then_submit=False, explanation=None)
    assert answer.body["upload"] is not None
    assert not work.run_one(instance)
    with instance.store.read() as connection:
        assert jobs.lease(connection, NOW + timedelta(days=9999)) is None


@ON_SQLITE
def test_an_old_period_still_knows_a_unit_that_is_no_more(instance: Instance) -> None:
    desk = open_desk(instance, None)
    unit = next(one for one in SAMPLE.units if one.code == "24211")
    catalogues.put(desk, Catalogue(units=(replace(unit, valid_to=date(2026, 6, 30)),)))
    with desk.read() as connection:
        key = desk.snapshot(connection, date(2026, 6, 1)).unit_ids["24211"]
        later = desk.snapshot(connection, date(2026, 10, 1))
    assert "24211" not in later.units
    assert later.units_by_id[key].name == unit.name
