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
    demo._ask(open_desk(instance, None))
    office = sit(instance, "vpub")
    with office.read() as connection:
        opening = stored.find(connection, f"DX-{open_desk(instance, None).day.year}-001", "2026DX001")
        assert opening is not None
        works = stored.work(connection, office.scope(Action.SEE_BOARD), opening_id=opening.id)
        typed = [
            one for one in uploads.recent(connection, office.scope(Action.SEE_UPLOAD)) if one.upload.kind == "browser"
        ]
    units = {work.unit_id: work.state for work in works}
    assert sorted(units.values()) == sorted([State.APPROVED, State.EMPTY])
    assert [one.status for one in typed] == ["accepted"]
