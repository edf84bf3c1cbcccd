"""Definitions that still name a unit which has ended, each with the unit that took all of it over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from actions.desk import Desk
from actions.units import chronicle_in
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.model import Catalogue, Unit
from registry.store import definitions
from registry.store.engine import Connection
from registry.workflow.policy import Action

_KINDS = ("indicator", "form", "outline", "regime")


@dataclass(frozen=True, slots=True)
class Mention:
    """A definition that names a unit which has ended."""

    kind: str  # indicator | form | outline | regime
    code: str
    where: tuple[str, ...]  # rows of a form, headings of an outline
    unit: Unit
    heir: Unit | None


def of_ended(desk: Desk, connection: Connection) -> list[Mention]:
    """What to mend in the catalogue. Raises NotYours."""
    desk.require(Action.CHANGE_UNITS)
    snapshot = desk.snapshot(connection)
    if "mentions" not in snapshot.memo:
        known = definitions.catalogue_of(connection, _KINDS)
        snapshot.memo["mentions"] = list(_mentions(known, chronicle_in(connection, snapshot), desk.day))
    return cast(list[Mention], snapshot.memo["mentions"])


def _mentions(known: Catalogue, chronicle: Chronicle, day: date) -> Iterator[Mention]:
    for kind, code, named in _named(known):
        for unit_code, where in named.items():
            bearers = chronicle.of_code(unit_code)
            if not bearers or chronicle.on(unit_code, day) is not None:
                continue
            last = chronicle.last(bearers[-1])
            if last.valid_to is not None and last.valid_to < day:
                yield Mention(kind, code, tuple(dict.fromkeys(where)), last, chronicle.heir(last.key, day))


def _named(known: Catalogue) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """(kind, code, what it names by where)."""
    for indicator in known.indicators:
        yield "indicator", indicator.code, {indicator.owner: []}
    for form in known.forms:
        yield "form", form.code, _gathered((code, row.code) for row in form.rows for code in row.suppliers)
    for outline in known.outlines:
        owners = ((code, heading.title) for heading in outline.headings for code in heading.owners)
        yield "outline", outline.code, _gathered(owners)
    for regime in known.regimes:
        yield "regime", regime.code, {code: [] for code in (*regime.reporters, *regime.receivers, regime.lead)}


def _gathered(pairs: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, where in pairs:
        found.setdefault(code, []).append(where)
    return found
