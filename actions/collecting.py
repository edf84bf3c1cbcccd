"""Collecting figures of places without accounts (nhập thay, F16): a sheet of places, its totals put into the form."""

from __future__ import annotations

from dataclasses import dataclass

from actions import correct, entry, parts, steps
from actions.cases import Part, Situation, situation
from actions.desk import Changed, Desk, NotNow, NotYours, Refusal
from ingest import collected, typed
from ingest.collected import Sheet, Total
from registry.catalogue.aggregation import adds_up
from registry.catalogue.forms import CellSpec
from registry.catalogue.model import Row
from registry.catalogue.values import CellKey
from registry.catalogue.words import shown
from registry.store import collected as stored
from registry.store import divisions, openings, uploads
from registry.store.codec import plain, revive
from registry.store.collected import Kept
from registry.store.engine import Connection
from registry.store.uploads import StoredVerdict
from registry.workflow.policy import Action
from vietnamese.numbers import format_number
from workbook_templates.filling import prefilled

MOST_PLACES, MOST_CELLS, LONGEST = 80, 8, 200
_MOST_NAMED = 5


@dataclass(frozen=True)
class Collecting:
    """A sheet and the form it is for."""

    situated: Situation
    sheet: Sheet
    kept: Kept | None  # as which it was saved; None: made up from the period before, or nothing yet
    totals: dict[CellKey, Total]
    can_keep: bool

    @property
    def cells(self) -> dict[CellKey, CellSpec]:
        """What can be collected of the form by whoever answers: figures that add up over places."""
        return addable(self.situated)

    @property
    def rows(self) -> dict[str, Row]:
        """The rows by code."""
        return {row.code: row for row, _ in self.situated.view.rows}


def addable(situated: Situation) -> dict[CellKey, CellSpec]:
    """The cells whose figures add up over places, of this period, which the answerer gives."""
    view = situated.view
    known = view.definitions.indicators
    return {
        key: spec
        for key, spec in view.inputs.items()
        if key not in situated.waiting
        and not spec.shift
        and (spec.series is None or adds_up(known[spec.series.indicator], spec.series.aspect))
    }


def look(desk: Desk, assignment_id: int, by: int | None = None) -> Collecting:
    """The sheet as it was left, else with the places and rows of the last one for the form; ``by``: of a division.

    Raises NotYours.
    """
    with desk.read() as connection:
        situated = parts.answering(desk, connection, Action.UPLOAD, assignment_id, by)
        kept = stored.newest(connection, assignment_id, situated.answerer_id)
        before = kept or stored.of_form(connection, situated.answerer_id, situated.work.form)
    can_keep = steps.may(desk, situated.work, Action.UPLOAD, situated.answerer_id)
    return _collecting(situated, _sheet(situated, before, is_this=kept is not None), kept, can_keep=can_keep)


def of_answerer(desk: Desk, assignment_id: int, unit_id: int) -> Collecting:
    """The sheet of a unit or of one of its divisions, empty until there is one, for those who see all parts.

    One saved stays to be read when its division is the unit's no more. Raises NotYours.
    """
    allowed = desk.require(Action.SEE_PARTS)
    with desk.read() as connection:
        works = openings.work(connection, allowed, assignment_id=assignment_id)
        kept = stored.newest(connection, assignment_id, unit_id)
        if not works:
            raise NotYours
        work, snapshot = works[0], desk.snapshot(connection)
        held = {work.unit_id, *(one.division_id for one in parts.of_assignment(connection, snapshot, work, desk.day))}
        if unit_id in held or kept is None:
            situated = parts.situation_of(connection, snapshot, work, unit_id, desk.day)
        else:
            rows = parts.given_rows(connection, work, unit_id, kept.at)
            situated = situation(connection, snapshot, work, Part(unit_id, snapshot.units_by_id[unit_id], rows))
    return _collecting(situated, _sheet(situated, kept, is_this=True), kept, can_keep=False)


def _sheet(situated: Situation, kept: Kept | None, *, is_this: bool) -> Sheet:
    cells = addable(situated)
    if kept is None:
        return Sheet((), ())
    sheet = revive(Sheet, kept.content)
    at = [place for place, key in enumerate(sheet.cells) if key in cells]
    places = tuple(
        collected.Told(
            one.name, one.source if is_this else "", tuple(one.texts[place] if is_this else "" for place in at)
        )
        for one in sheet.places
    )
    return Sheet(tuple(sheet.cells[place] for place in at), places)


def _collecting(situated: Situation, sheet: Sheet, kept: Kept | None, *, can_keep: bool) -> Collecting:
    cells = addable(situated)
    totals = {key: collected.total(sheet, key, cells[key].decimals) for key in sheet.cells}
    return Collecting(situated, sheet, kept, totals, can_keep)


def keep(desk: Desk, assignment_id: int, sheet: Sheet, seen: int, by: int | None = None) -> int:
    """Save a sheet made from the one ``seen`` (0: there was none); its number, of before where it says the same.

    Raises NotYours (also for cells the answerer does not give), NotNow (closed, waiting or approved), Refusal (too
    many places or cells; a place twice, without a name, or telling something without a source; a text that is no
    number), Changed (somebody saved another since).
    """
    content = plain(sheet)
    with desk.read() as connection:
        situated = parts.answering(desk, connection, Action.UPLOAD, assignment_id, by)
        last = stored.newest(connection, assignment_id, situated.answerer_id)
    steps.needed(situated.work, Action.UPLOAD, desk.moment)
    _assert_sound(situated, sheet)
    if last is not None and last.content == content:
        return last.id
    with desk.change("collect", f"assignment {assignment_id}") as change:
        number = stored.put(
            change.connection,
            assignment_id,
            situated.answerer_id,
            content,
            desk.actor.person_id,
            desk.moment,
            seen,
        )
        if number is None:
            raise Changed
        change.unit_id = situated.answerer_id
        change.detail |= {"places": len(sheet.places), "cells": [list(key) for key in sheet.cells]}
    return number


def _assert_sound(situated: Situation, sheet: Sheet) -> None:
    cells, rows = addable(situated), {row.code: row for row, _ in situated.view.rows}
    if any(key not in cells for key in sheet.cells):
        raise NotYours
    if len(sheet.places) > MOST_PLACES or len(sheet.cells) > MOST_CELLS:
        raise Refusal("sheet-too-long", places=MOST_PLACES, rows=MOST_CELLS)
    names = [one.name.strip().casefold() for one in sheet.places]
    if not all(names):
        raise Refusal("sheet-place-unnamed")
    twice = next((one.name for at, one in enumerate(sheet.places) if names.index(one.name.casefold()) != at), None)
    if twice is not None:
        raise Refusal("sheet-place-twice", place=twice)
    for one in sheet.places:
        if any(text.strip() for text in one.texts) and not one.source.strip():
            raise Refusal("sheet-no-source", place=one.name)
    for at, key in enumerate(sheet.cells):
        decimals = cells[key].decimals
        for wrong in collected.total(sheet, key, decimals).unread[:1]:
            row, text = rows[key.row].label, wrong.texts[at]
            why = "sheet-no-number" if decimals else "sheet-no-whole-number"
            raise Refusal(why, place=wrong.name, row=row, text=text, decimals=decimals)


def carry(desk: Desk, assignment_id: int, seen: int, by: int | None = None) -> tuple[int, StoredVerdict]:
    """Put the totals into the form: the answerer's newest file with these cells corrected, else typed as a new draft.

    Raises NotYours, NotNow (nothing collected; closed, waiting or approved), Changed (``seen`` is not the last sheet),
    Refusal (a place has not told; nothing changed, too many cells to be typed on a page).
    """
    found = look(desk, assignment_id, by)
    situated = found.situated
    steps.needed(situated.work, Action.UPLOAD, desk.moment)
    if found.kept is None or found.kept.id != seen:
        raise Changed
    cells = addable(situated)
    texts = {
        key: format_number(one.amount, cells[key].decimals)
        for key, one in found.totals.items()
        if one.amount is not None
    }
    if not texts:
        raise NotNow("nothing-collected")
    untold = [one.name for one in found.sheet.places if not all(text.strip() for text in one.texts)]
    if untold:
        raise Refusal("sheet-untold", count=len(untold), places="; ".join(untold[:_MOST_NAMED]))
    with desk.read() as connection:
        number = _correctable(connection, assignment_id, situated.answerer_id)
    if number is not None:
        return correct.correct(desk, number, texts)
    return entry.enter(desk, assignment_id, _known(situated) | texts, by=by)


def _correctable(connection: Connection, assignment_id: int, answerer_id: int) -> int | None:
    sent = divisions.answers(connection, assignment_id).get(answerer_id, [])
    for number, _ in sent[:1]:
        verdict = uploads.newest_verdict(connection, number)
        return number if verdict is not None and verdict.addresses else None
    return None


def _known(situated: Situation) -> dict[CellKey, str]:
    view, known = situated.view, prefilled(situated.context)
    return {key: shown(view, spec, known[key]) for key, spec in typed.typed_cells(view).items() if key in known}
