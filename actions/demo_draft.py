"""What the demo tries the editing desk with: a draft begun, two headings written, two narratives that name a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from actions import drafting
from actions.cases import Situation
from actions.desk import Desk, say
from registry.catalogue.values import CellKey, CellValue
from registry.store import openings, people
from vietnamese.numbers import format_number

REGIME = "KTXH"
_OF_FARMING = "SNNMT"
_PIGS = CellKey("NN15", "c06")
_SAID = {"24181": Decimal(1), "24193": Decimal("1.1")}  # unit -> what its text makes of its own figure: 10 % too much
_WRITTEN = (("vpub", "demo.draft-crops"), ("nl.vpub", "demo.draft-livestock"))
_WAITING = "nl.vpub"  # has a heading to write yet


def told_of(one: Situation, answers: Mapping[CellKey, CellValue]) -> tuple[str, ...]:
    """What a unit's narrative says of its own figure; of most nothing."""
    answer = answers.get(_PIGS)
    if one.unit.code not in _SAID or answer is None or answer.number is None:
        return ()
    number = format_number(answer.number * _SAID[one.unit.code], 0)
    return (say("demo.said", unit=one.unit.name, number=number),)


def begin(chief: Desk, period: str, as_person: Callable[[str], Desk]) -> None:
    """Begin the draft of a period's report; its editors have written a heading each, one is not written yet."""
    with chief.read() as connection:
        opening = openings.find(connection, REGIME, period)
        unit_id = chief.snapshot(connection).unit_ids["VPUB"]
    if opening is None:
        return
    key = drafting.begin(chief, opening.id, unit_id)
    with chief.read() as connection:
        headings = drafting.look(chief, connection, key).headings
        keys = {login: found.id for login, _ in _WRITTEN if (found := people.find(connection, login))}
    farming = [one.n for one in headings if one.is_written and _OF_FARMING in one.units]
    owners = {n: keys[login] for n, (login, _) in zip(farming, (*_WRITTEN, (_WAITING, "")), strict=False)}
    drafting.name_people(chief, key, chief.actor.person_id, owners)
    for n, (login, words) in zip(farming, _WRITTEN, strict=False):
        drafting.write(as_person(login), key, n, 0, say(words))
