"""What is put behind a text being written: last period's, the outline's sentences, what a unit sent."""

from __future__ import annotations

from actions import draft_figures, drafting, gathered
from actions.desk import Desk, NotYours
from actions.drafting import Look
from actions.gathered import Contribution
from registry.store.draft_texts import Origin
from registry.store.engine import Connection
from webui.typed import as_number


def mark_of(given: list[Contribution], one: Contribution) -> str:
    """What names a contribution in a form: its unit, and which of the unit's it is."""
    return f"{one.unit_id} {[each for each in given if each.unit_id == one.unit_id].index(one)}"


def wanted(at: Desk, draft_id: int, n: int, kind: str, mark: str) -> tuple[str, Origin, int | None]:
    """What is put behind the text, how it comes there, and of which unit it is."""
    if kind == "so":
        return mark, Origin.TYPED, None
    if kind == "decuong":
        with at.read() as connection:
            seen = drafting.look(at, connection, draft_id)
            known = draft_figures.facts(at, connection, seen.draft, seen.headings)
            return known.of_outline.get(drafting.heading_of(seen, n).tag, ""), Origin.TYPED, None
    if kind not in ("truoc", "lay"):
        return "", Origin.TYPED, None
    with at.read() as connection:
        seen = drafting.look(at, connection, draft_id)
        if kind == "truoc":
            last = drafting.last_texts(connection, seen.draft)
            return last.get(drafting.heading_of(seen, n).tag, drafting.LastText()).body, Origin.BEFORE, None
        taken = _taken(at, connection, seen, mark)
    return taken.text, Origin.TAKEN, taken.unit_id


def _taken(at: Desk, connection: Connection, seen: Look, mark: str) -> Contribution:
    unit, _, place = mark.partition(" ")
    try:
        unit_id, at_place = as_number(unit), as_number(place)
        kind = at.snapshot(connection).units_by_id[unit_id].kind
        given = gathered.contributions(
            at, connection, seen.draft, seen.headings, communes=kind.is_commune, units=(unit_id,)
        )
        return given[at_place]
    except (ValueError, KeyError, IndexError):
        raise NotYours from None
