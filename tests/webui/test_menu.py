"""The menu: few entries on one line, whoever looks, and a place for every page."""

from collections.abc import Callable

from flask import Flask

from registry.catalogue.model import Role
from registry.workflow.policy import MATRIX, Action
from webui import site
from webui.menu import AT_ONCE, PLACES, menu
from webui.permission import action_of
from webui.wording import say

# Pages of no place: one's own account, what stands in the top line, and what is no page.
ELSEWHERE = {
    "account",
    "factor",
    "links",
    "health",
    "icons",
    "notices",
    "feedback",
    "letters",
    "guides",
    "languages",
    "demo",
}


def seen_by(*roles: Role) -> Callable[[Action], bool]:
    return lambda needs: any(role in MATRIX[needs] for role in roles)


def test_nobody_sees_more_entries_than_stand_on_a_line_even_with_every_role() -> None:
    for roles in [(one,) for one in Role] + [tuple(Role)]:
        shown = menu(seen_by(*roles), "work")
        assert 1 <= len(shown.entries) <= AT_ONCE, roles
        assert len(set(shown.places)) == len(shown.places)
        assert not any(entry.is_group and len(entry.places) < 2 for entry in shown.entries)


def test_who_sees_little_has_no_groups_and_who_sees_much_has() -> None:
    officer = menu(seen_by(Role.SECURITY), None)
    assert not any(entry.is_group for entry in officer.entries)
    assert [say(entry.word) for entry in menu(seen_by(Role.OFFICE), None).entries] == [
        "Việc của tôi",
        "Kỳ báo cáo",
        "Báo cáo",
        "Theo dõi",
        "Danh mục, đơn vị",
        "Quản trị",
    ]


def test_of_two_places_that_claim_a_page_the_one_a_person_sees_has_it() -> None:
    office, clerk = seen_by(Role.OFFICE), seen_by(Role.CLERK)
    assert menu(office, "submissions").here.endpoint == "periods.listing"  # type: ignore[union-attr]
    assert menu(clerk, "submissions").here.endpoint == "work.home"  # type: ignore[union-attr]
    assert menu(office, "waivers").here.endpoint == "catalogue.overview"  # type: ignore[union-attr]
    assert menu(clerk, "waivers").here.endpoint == "reviewing.listing"  # type: ignore[union-attr]
    assert menu(office, None).here is None


def test_every_place_is_a_page_that_needs_what_the_menu_says(app: Flask) -> None:
    letters = [place.letter for place in PLACES]
    assert len(letters) == len(set(letters))
    for place in PLACES:
        assert action_of(app, place.endpoint) is place.needs, place
        assert place.word in say


def test_every_blueprint_has_a_place_or_is_known_to_have_none() -> None:
    named = {module.blueprint.name for module in site.PAGES}
    placed = frozenset().union(*(place.rooms for place in PLACES))
    assert placed <= named
    assert named - placed <= ELSEWHERE
