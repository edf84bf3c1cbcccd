"""The menu: where each page belongs, and what of it a person sees on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from registry.workflow.policy import Action

AT_ONCE = 6
"""So many places stand side by side; who may see more finds them in groups."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page the menu leads to.

    ``word`` and ``endpoint`` say what it is called and where it is, ``letter`` how it is reached by keyboard, ``rooms``
    which blueprints' pages lie below it; of two places that claim a room, the later one a person may see has it.
    """

    word: str
    endpoint: str
    needs: Action
    letter: str
    rooms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on the line: a place, or a group of some under a word of its own."""

    word: str
    places: tuple[Place, ...]
    is_group: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The entries a person sees, and the place the page shown belongs to."""

    entries: tuple[Entry, ...]
    here: Place | None

    @property
    def places(self) -> tuple[Place, ...]:
        """All that it leads to, in order."""
        return tuple(place for entry in self.entries for place in entry.places)


_OF_WORK = """work uploads many holding corrections returned entry receipts parts own_reports behalf submissions remarks
    comparing approving collecting amending pleas sources"""
_OF_PERIODS = """periods board chasing templates previews compiling collecting amending attainments reports report_files
    releasing tracing sources submissions comparing instants outages pleas telling trainings reopening"""
_OF_CATALOGUE = """catalogue copies designer official plausibility rule_lab proposals changed waivers working_days
    regimes"""
_OF_UNITS = "units unit_groups unit_totals unit_exports reorganising"
_OF_PEOPLE = """staff capacities handing_over shortages unit_catalogue lending unit_accounts account_desk account_import
    account_slips account_rules matrix feedback_desk components"""


def _place(word: str, endpoint: str, needs: Action, letter: str, rooms: str) -> Place:
    return Place(word, endpoint, needs, letter, frozenset(rooms.split()))


_HOME = _place("site.home", "work.home", Action.SEE_WORK, "v", _OF_WORK)
_PERIODS = _place("site.periods", "periods.listing", Action.SEE_BOARD, "k", _OF_PERIODS)
_DRAFTS = _place(
    "drafting.menu", "drafting.listing", Action.SEE_DRAFT, "b", "drafting draft_files draft_asks petitions"
)
_REVIEWS = _place("review.title", "reviewing.listing", Action.SEE_REVIEW, "r", "reviewing waivers proposals")
_DIVIDING = _place("site.divide", "dividing.listing", Action.DIVIDE_WORK, "p", "dividing")
_REQUESTS = _place("site.requests", "answers.listing", Action.REQUEST, "y", "asking answers")
_DASHBOARDS = _place("dashboards.title", "dashboards.listing", Action.SEE_DASHBOARD, "d", "dashboards")
_CALENDAR = _place("due-calendar.title", "due_calendar.own", Action.SEE_WORK, "l", "due_calendar")
_HISTORY = _place("history.menu", "history.look", Action.SEE_TIMELINESS, "t", "history usage")
_CATALOGUE = _place("site.catalogue", "catalogue.overview", Action.SEE_CATALOGUE, "m", _OF_CATALOGUE)
_UNITS = _place("site.units", "units.tree", Action.SEE_UNITS, "o", _OF_UNITS)
_PEOPLE = _place("staff.title", "staff.choose", Action.MANAGE_PEOPLE, "q", _OF_PEOPLE)
_LENDING = _place("lend.title", "lending.own", Action.DELEGATE, "u", "lending")
_DESTROYING = _place("destroy.title", "destroying.acts", Action.SEE_DESTRUCTION, "h", "destroying")
_LOG = _place("site.log", "log.latest", Action.SEE_AUDIT, "n", "log watch")
_WATCH = _place("watch.title", "watch.overview", Action.SEE_SECURITY, "a", "watch")

# A group's word, then what it holds; of places in one pair a person is shown the first he may see.
_ALONE = ""
_GROUPS: tuple[tuple[str, tuple[tuple[Place, ...], ...]], ...] = (
    (_ALONE, ((_HOME,), (_PERIODS,))),
    ("menu.reports", ((_DRAFTS,), (_REVIEWS,), (_DIVIDING,), (_REQUESTS,))),
    ("menu.watch", ((_DASHBOARDS,), (_CALENDAR,), (_HISTORY,))),
    ("menu.catalogue", ((_CATALOGUE,), (_UNITS,))),
    ("menu.rule", ((_PEOPLE, _LENDING), (_DESTROYING,), (_LOG, _WATCH))),
)
PLACES = tuple(place for _, slots in _GROUPS for slot in slots for place in slot)


def menu(may: Callable[[Action], bool], room: str | None) -> Menu:
    """What somebody who may do so much sees on a page of this blueprint."""
    seen = [(word, tuple(_first(slots, may))) for word, slots in _GROUPS]
    places = [place for _, some in seen for place in some]
    here = next((place for place in reversed(places) if room in place.rooms), None)
    if len(places) <= AT_ONCE:
        return Menu(tuple(map(_alone, places)), here)
    return Menu(tuple(entry for word, some in seen for entry in _entries(word, some)), here)


def _first(slots: Iterable[tuple[Place, ...]], may: Callable[[Action], bool]) -> Iterable[Place]:
    for slot in slots:
        yield from [place for place in slot if may(place.needs)][:1]


def _entries(word: str, places: tuple[Place, ...]) -> Iterable[Entry]:
    if word == _ALONE or len(places) < 2:
        return map(_alone, places)
    return (Entry(word, places, is_group=True),)


def _alone(place: Place) -> Entry:
    return Entry(place.word, (place,), is_group=False)
