"""What entries of the audit log are about, in words, with the page they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from actions.desk import Desk
from registry.periods import BadPeriodCode
from registry.store import audit_search, openings, people
from registry.store.audit import Entry
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening
from registry.workflow.policy import Action
from vietnamese.fold import fold
from webui.wording import period_words, say

_PAGES = {  # kind of object: its page, the name of its number there, who may see it
    "upload": ("uploads.verdict", "number", Action.SEE_UPLOAD),
    "assignment": ("submissions.one", "assignment_id", Action.SEE_SUBMISSION),
    "version": ("sources.one", "version_id", Action.SEE_SUBMISSION),
    "plea": ("pleas.one", "plea_id", Action.SEE_SUBMISSION),
    "petition": ("petitions.one", "petition_id", Action.SEE_PETITIONS),
    "draft": ("drafting.one", "draft_id", Action.SEE_DRAFT),
    "receipt": ("receipts.one", "number", Action.SEE_SUBMISSION),
}
_NUMBERED = re.compile(r"([a-z]+(?: [a-z]+)?) (\d{1,9})(?: ([a-z-]+))?")
_OF_REPORT = re.compile(r"(?:([a-z]+) of )?opening (\d{1,9}) unit (\d{1,9})")
_OF_REGIME = re.compile(r"(letter|rounds) of (\S+)")
_OF_PERIOD = re.compile(r"(?:(attainment|outlines) )?(\S+) (\S+)")
_OF_FORM = re.compile(r"(rule|form|trial|groups) (\S+)(?: .*)?")
_COMPILED = re.compile(r"compiled report (\d{1,9}) (\w+)")


@dataclass(frozen=True, slots=True)
class Told:
    """An object in words; ``address`` is empty where it has no page, or none for the reader."""

    words: str
    address: str = ""


class Objects:
    """The objects of some entries, told for one reader."""

    def __init__(self, desk: Desk, connection: Connection, snapshot: Snapshot, entries: Iterable[Entry]) -> None:
        self._desk, self._snapshot = desk, snapshot
        numbered = [found for entry in entries if (found := _NUMBERED.fullmatch(entry.object))]
        submissions = {int(found[2]) for found in numbered if found[1] == "submission"}
        self._assignments = audit_search.assignments(connection, submissions)
        self.people = {one.id: one.name for one in people.all_people(connection)}
        self._openings = {one.id: one for one in openings.all_openings(connection)}

    def person(self, entry: Entry) -> str:
        """The name of who did it, "" where nobody's account is known."""
        return self.people.get(entry.person_id or 0, "")

    def unit(self, entry: Entry) -> str:
        """The unit an entry is about."""
        unit = self._snapshot.units_by_id.get(entry.unit_id or 0)
        return unit.name if unit else ""

    def told(self, entry: Entry) -> Told:
        """The object in words; as it was logged where it is none of those known here."""
        on = entry.object
        if f"object.{on.replace(' ', '-')}" in say:
            return Told(say(f"object.{on.replace(' ', '-')}"))
        for pattern, told in (
            (_NUMBERED, self._numbered),
            (_OF_REPORT, self._of_report),
            (_COMPILED, self._compiled),
            (_OF_REGIME, self._of_regime),
            (_OF_PERIOD, self._of_period),
            (_OF_FORM, self._of_form),
        ):
            found = pattern.fullmatch(on)
            if found and (made := told(entry, found)):
                return made
        return Told(on)

    def _numbered(self, entry: Entry, found: re.Match[str]) -> Told | None:
        kind, number, more = found[1].replace(" ", "-"), int(found[2]), found[3]
        if kind == "person":
            return Told(say("object.person", name=self.people.get(number, number)))
        if kind == "unit" and number in self._snapshot.units_by_id:
            return Told(self._snapshot.units_by_id[number].name)
        if kind == "opening" and number in self._openings:
            return self._period(self._openings[number])
        if f"object.{kind}" not in say or (more and f"object-part.{more}" not in say):
            return None
        words = say(f"object.{kind}", n=number) + (f" ({say(f'object-part.{more}')})" if more else "")
        if kind == "submission" and number in self._assignments:
            return Told(words, self._page("assignment", self._assignments[number], entry))
        return Told(words, self._page(kind, number, entry))

    def _page(self, kind: str, number: int, entry: Entry) -> str:
        if kind not in _PAGES:
            return ""
        endpoint, name, action = _PAGES[kind]
        allowed = self._desk.scope(action)
        if allowed.is_empty or (entry.unit_id and not allowed.allows(entry.unit_id)):
            return ""
        return url_for(endpoint, **{name: number})  # type: ignore[arg-type]

    def _of_report(self, _: Entry, found: re.Match[str]) -> Told | None:
        opening, unit = self._openings.get(int(found[2])), self._snapshot.units_by_id.get(int(found[3]))
        if opening is None or unit is None:
            return None
        kind = f"{found[1] or 'report'}-of-unit"
        return Told(say(f"object.{kind}", unit=unit.name, period=_period_of(opening.period)), self._board(opening))

    def _compiled(self, _: Entry, found: re.Match[str]) -> Told:
        return Told(say("object.compiled", n=found[1], kind=found[2]))

    def _of_regime(self, _: Entry, found: re.Match[str]) -> Told:
        return Told(say(f"object.{found[1]}-of", regime=self._regime(found[2])))

    def _of_period(self, _: Entry, found: re.Match[str]) -> Told | None:
        kind, regime, period = found[1] or "period", found[2], found[3]
        if regime not in self._snapshot.regimes:
            return None
        words = say(f"object.{kind}", regime=self._regime(regime), period=_period_of(period))
        known = next((one for one in self._openings.values() if (one.regime, one.period) == (regime, period)), None)
        return Told(words, self._board(known) if known else "")

    def _of_form(self, _: Entry, found: re.Match[str]) -> Told:
        return Told(say(f"object.{found[1]}-of-form", what=found[0].partition(" ")[2]))

    def _period(self, opening: Opening) -> Told:
        words = say("object.period", regime=self._regime(opening.regime), period=_period_of(opening.period))
        return Told(words, self._board(opening))

    def _board(self, opening: Opening) -> str:
        if self._desk.scope(Action.SEE_BOARD).is_empty:
            return ""
        return url_for("board.board", regime=opening.regime, period=opening.period)

    def _regime(self, code: str) -> str:
        regime = self._snapshot.regimes.get(code)
        return regime.name if regime else code


def _period_of(code: str) -> str:
    try:
        return period_words(code)
    except BadPeriodCode:
        return code


_TYPED: Mapping[str, str] = {  # beginning, as people type it, of what is numbered on pages
    kind: fold(say(f"object.{kind}", n="").strip())
    for kind in ("upload", "assignment", "submission", "receipt", "round")
}


def typed(text: str) -> str:
    """An object as the log names it, from what a person typed: “Tệp số 7” or its name in the log itself."""
    cleaned = " ".join(text.split())
    for kind, beginning in _TYPED.items():
        if fold(cleaned).startswith(f"{beginning} ") and cleaned.split()[-1].isdigit():
            return f"{kind} {cleaned.split()[-1]}"
    return cleaned
