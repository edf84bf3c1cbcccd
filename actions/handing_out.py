"""Workbooks of a period by mail: whoever fills a form is written where to fetch it.

A letter has links for whoever signs in, never a workbook: it carries figures
([decision](docs/decisions/0039-letters-carry-links.md)).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions import mailing
from actions.desk import Desk, NotNow, Refusal, say
from actions.distribute import asked
from actions.mailing import Letter
from registry.catalogue.model import Role
from registry.periods import parse
from registry.store import addressees, contacts
from registry.store.codec import sha
from registry.store.definitions import Snapshot
from registry.store.openings import Work
from registry.store.outbox import New
from registry.workflow.policy import Action
from registry.workflow.submission import State
from vietnamese.dates import format_due

_TO_FILL = (State.EMPTY, State.DRAFT, State.RETURNED)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """How many people were written to, and had been of the same the same day; the units where nobody could be."""

    people: int
    before: int
    without: tuple[str, ...]


def can_mail(desk: Desk) -> bool:
    """True where letters leave and can say where the pages are."""
    return bool(desk.instance.settings.smtp and desk.instance.settings.public_url)


def by_mail(desk: Desk, regime: str, period: str, units: Iterable[str] = ()) -> HandedOut:
    """Write to the clerks of all or some units which of their forms are to be filled.

    Nobody is written twice a day of the same forms with the same deadlines; who wants no letters gets none.

    Raises NotYours, NotNow (no mail server), Refusal (nothing to be filled).
    """
    if not can_mail(desk):
        raise NotNow("no-mail")
    allowed = desk.require(Action.REMIND)
    snapshot, works = asked(desk, regime, period, units)
    works = [one for one in works if one.state in _TO_FILL and allowed.allows(one.unit_id, one.regime, one.form)]
    if not works:
        raise Refusal("nothing-to-hand-out")
    of_unit: dict[int, list[Work]] = {}
    for one in works:
        of_unit.setdefault(one.unit_id, []).append(one)
    with desk.change("mail workbooks", f"{regime} {period}") as change:
        clerks = addressees.of_units(change.connection, (Role.CLERK,), of_unit, desk.day, regime)
        reached = contacts.letters_to(change.connection, set().union(*clerks.values()))
        letters = []
        for key, (name, address) in reached.items():
            mine = [one for unit_id, some in of_unit.items() if key in clerks[unit_id] for one in some]
            body = _letter(desk, snapshot, name, mine).body
            told = sha(sorted([one.assignment_id, one.due_at.isoformat()] for one in mine))
            letters.append(New(address, body, f"workbooks {key} {desk.day} {told}"))
        made = mailing.post_all(desk.instance, change.connection, letters, desk.moment)
        change.detail |= {"people": made, "before": len(letters) - made, "units": len(of_unit)}
    without = tuple(snapshot.units_by_id[one].name for one, people in clerks.items() if not people & reached.keys())
    return HandedOut(made, len(letters) - made, without)


def _letter(desk: Desk, snapshot: Snapshot, name: str, works: Sequence[Work]) -> Letter:
    about = {"name": snapshot.regimes[works[0].regime].name, "period": parse(works[0].period).label}
    lines = [
        say(
            "handout.line",
            unit=snapshot.units_by_id[one.unit_id].name,
            form=one.form,
            due=format_due(one.due_at),
            address=f"{desk.instance.settings.public_url}/bieu-mau/{one.assignment_id}.xlsx",
        )
        for one in works
    ]
    text = say("handout.text", to=name, lines="\n".join(lines), home=f"{desk.instance.settings.public_url}/", **about)
    return Letter(say("handout.subject", **about), text)
