"""The demo's storm: asked of the coast and Ea Súp with the sample's own form, answered on the page."""

from actions import demo
from actions.console import open_desk
from actions.instance import Instance
from registry.store import openings as stored
from registry.store import uploads
from registry.workflow.policy import Action
from registry.workflow.submission import State
from tests.webui.small_province import sit


def test_the_demo_asks_about_a_storm_and_some_answer_on_the_page(instance: Instance) -> None:
    desk = open_desk(instance, None)
    demo._ask(desk)
    office = sit(instance, "vpub")
    with office.read() as connection:
        opening = stored.find(connection, f"DX-{desk.day.year}-001", f"{desk.day.year}DX001")
        assert opening is not None
        works = stored.work(connection, office.scope(Action.SEE_BOARD), opening_id=opening.id)
        sent = uploads.recent(connection, office.scope(Action.SEE_UPLOAD))
    units = {work.unit_id: work.state for work in works}
    assert sorted(units.values()) == sorted([State.APPROVED, State.EMPTY])
    assert [one.status for one in sent if one.upload.kind == uploads.BROWSER] == ["accepted"]
