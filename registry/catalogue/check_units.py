"""Whether the units of a catalogue fit one another on every day: trees, codes, successions, groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from registry.catalogue import sheets as s
from registry.catalogue.chronicle import Chronicle
from registry.catalogue.codec import nearest
from registry.catalogue.model import Catalogue, Unit
from registry.catalogue.places import Places
from registry.catalogue.table import key_of_record
from registry.findings import Finding, finding


def unit_findings(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    """Units below themselves, two units of one code at once, successions of units not there, groups of no set."""
    chronicle = Chronicle(catalogue.units, catalogue.successions)
    yield from _circles(chronicle, places)
    yield from _shared_codes(chronicle, places)
    yield from _successions(catalogue, chronicle, places)
    yield from _groups(catalogue, places)


def _circles(chronicle: Chronicle, places: Places) -> Iterator[Finding]:
    """A unit that stands above itself on a day, said once."""
    said: set[Unit] = set()
    for day in chronicle.turns:
        alive = {unit.code: unit for unit in chronicle.units_on(day)}
        for unit in alive.values():
            above, passed = unit.parent, {unit.code}
            while above in alive and above not in passed:
                passed.add(above)
                above = alive[above].parent
            if above == unit.code and unit not in said:
                said.add(unit)
                yield finding("catalogue-unit-own-parent", **_where(unit, "parent", places), found=unit.code)


def _shared_codes(chronicle: Chronicle, places: Places) -> Iterator[Finding]:
    """A code is used again only after the unit that bore it has ended."""
    for code in dict.fromkeys(code for code, _ in chronicle.keys):
        held = sorted(
            (one for key in chronicle.of_code(code) for one in chronicle.stretches(key)), key=lambda one: one.since
        )
        for before, after in pairwise(held):
            if before.unit.born != after.unit.born and after.since <= before.until:
                where = _where(after.unit, "born", places)
                yield finding("catalogue-unit-code-taken", **where, found=code, expected=before.unit.name)


def _successions(catalogue: Catalogue, chronicle: Chronicle, places: Places) -> Iterator[Finding]:
    for one in catalogue.successions:
        for name, code, day in (("old", one.old, one.on - timedelta(days=1)), ("new", one.new, one.on)):
            if chronicle.of_code(code) and chronicle.on(code, day) is None:
                where = places.where("successions", key_of_record(s.SUCCESSIONS, one), name)
                yield finding("catalogue-succession-not-alive", **where, found=code, day=f"{day:%d/%m/%Y}")


def _groups(catalogue: Catalogue, places: Places) -> Iterator[Finding]:
    sets = {one.code: one for one in catalogue.group_sets}
    for unit in catalogue.units:
        for code, count in Counter(code for code, _ in unit.groups).items():
            if code in sets and sets[code].single and count > 1:
                where = _where(unit, "groups", places)
                yield finding("catalogue-unit-groups-several", **where, found=unit.code, expected=sets[code].name)
        for code, group in unit.groups:
            if code in sets and sets[code].groups and group not in sets[code].groups:
                expected = nearest(group, sets[code].groups) or "; ".join(sets[code].groups)
                where = _where(unit, "groups", places)
                yield finding("catalogue-unit-group-unknown", **where, found=group, expected=expected)


def _where(unit: Unit, name: str, places: Places) -> dict[str, str]:
    return places.where("units", key_of_record(s.UNITS, unit), name)
