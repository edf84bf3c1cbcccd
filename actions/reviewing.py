"""Rà soát by the agency that answers for a field: what units approved, the worst deviations first (PRACTICE F13).

A reviewer accepts, or asks for chosen cells to be checked again; he never types over a unit's figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.desk import Desk, NotNow
from registry.catalogue.forms import row_set
from registry.catalogue.model import Form, Regime
from registry.catalogue.values import CellKey
from registry.periods import parse
from registry.store import amendments, approvals, definitions, openings, reviews, submissions
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.store.openings import Opening, Work
from registry.store.submissions import Counted
from registry.workflow.policy import EVERYWHERE, Action
from registry.workflow.review import Review, ReviewState, changed_rows, in_charge, standing, to_review, together

_NEWEST = 24  # openings on the list


@dataclass(frozen=True)
class Line:
    """One unit's approved version of a form, before one reviewer."""

    work: Work
    reviewer_id: int
    version_id: int
    n: int
    rows: Mapping[str, ReviewState]  # those the reviewer looks at; list tables by their code
    told: tuple[Review, ...]  # by this reviewer, oldest first

    @cached_property
    def state(self) -> ReviewState:
        """Of all its rows."""
        return together(self.rows.values())

    @property
    def asked(self) -> tuple[CellKey, ...]:
        """The cells to be checked again."""
        return tuple(key for one in self.told if one.version_id == self.version_id for key in one.cells)


@dataclass(frozen=True)
class Sheet:
    """What one reviewer has to look at in one form of a period."""

    opening: Opening
    regime: Regime
    form: Form
    reviewer_id: int
    lines: tuple[Line, ...]
    asked: int  # units of which the form has rows for this reviewer, whether approved yet or not

    def count(self, state: ReviewState) -> int:
        """Units that stand so."""
        return sum(line.state is state for line in self.lines)


def charge_of(snapshot: Snapshot, form: Form, regime: Regime) -> Mapping[str, str]:
    """Who reviews each row of a form, worked out once."""
    key = ("in charge", form.code, form.version, regime.code)
    if key not in snapshot.memo:
        snapshot.memo[key] = in_charge(form, snapshot.units, regime.lead)
    kept: Mapping[str, str] = snapshot.memo[key]
    return kept


def rows_for(
    connection: Connection, snapshot: Snapshot, work: Work, regime: Regime
) -> tuple[Form, dict[str, frozenset[str]]]:
    """A work's form, and what each reviewer (by code) looks at of it."""
    form = definitions.form_version(connection, snapshot, work.form_definition_id).form
    unit = snapshot.units_by_id[work.unit_id]
    met = row_set(form, unit, parse(work.period).shape)
    return form, to_review(charge_of(snapshot, form, regime), form, met, unit)


def reviewers(snapshot: Snapshot) -> frozenset[int]:
    """Keys of the units that review anything in any regime in force."""
    if "reviewers" not in snapshot.memo:
        codes = {
            reviewer
            for regime in snapshot.regimes.values()
            for code in regime.forms
            if code in snapshot.form_versions
            for reviewer in charge_of(snapshot, snapshot.form_versions[code].form, regime).values()
        }
        snapshot.memo["reviewers"] = frozenset(snapshot.unit_ids[code] for code in codes if code in snapshot.unit_ids)
    kept: frozenset[int] = snapshot.memo["reviewers"]
    return kept


# --- what there is to look at ---------------------------------------------------------------------------------------


def overview(desk: Desk) -> list[Sheet]:
    """Every form of the newest periods with something for a reviewer the actor sees, newest period first."""
    allowed = desk.require(Action.SEE_REVIEW)
    with desk.read() as connection:
        snapshot = desk.snapshot(connection)
        wanted = {key for key in reviewers(snapshot) if allowed.allows(key)}
        if not wanted:
            return []
        return [
            sheet
            for opening in openings.all_openings(connection)[:_NEWEST]
            for sheet in sheets(desk, connection, snapshot, opening, wanted)
            if sheet.lines and allowed.allows(sheet.reviewer_id, opening.regime, sheet.form.code)
        ]


def sheets(
    desk: Desk,
    connection: Connection,
    snapshot: Snapshot,
    opening: Opening,
    wanted: Iterable[int],
    form: str | None = None,
) -> list[Sheet]:
    """What each of some reviewers has to look at in a period: five queries, however many reviewers, forms and units."""
    regime = snapshot.regimes.get(opening.regime)
    if regime is None:
        return []
    works = openings.work(connection, EVERYWHERE, opening_id=opening.id, form=form)
    asked: dict[tuple[int, str], list[Part]] = {}
    forms: dict[str, Form] = {}
    for work in works:
        forms[work.form], rows = rows_for(connection, snapshot, work, regime)
        for key in wanted:
            if mine := rows.get(snapshot.units_by_id[key].code):
                asked.setdefault((key, work.form), []).append(Part(work, key, mine))
    if not asked:
        return []
    counted = submissions.counted_by(connection, opening.id, {key for key, _ in asked}, desk.moment)
    told = reviews.of_submissions(connection, [work.submission_id for work in works])
    known: dict[tuple[int, str], list[Line]] = {}
    for line in lines(connection, [part for parts in asked.values() for part in parts], counted, told):
        known.setdefault((line.reviewer_id, line.work.form), []).append(line)
    return [
        Sheet(opening, regime, forms[code], key, tuple(known.get((key, code), ())), len(parts))
        for (key, code), parts in asked.items()
    ]


@dataclass(frozen=True)
class Part:
    """What one reviewer looks at of one unit's form."""

    work: Work
    reviewer_id: int
    rows: frozenset[str]


def lines(
    connection: Connection,
    parts: Iterable[Part],
    counted: Mapping[int, Iterable[Counted]],
    told: Mapping[int, Sequence[Review]],
) -> list[Line]:
    """How those of some parts stand that have a version that counts (by reviewer): one query, where versions were
    reviewed before.
    """
    counts = {(key, one.assignment_id): one for key, versions in counted.items() for one in versions}
    held = [(part, now) for part in parts if (now := counts.get((part.reviewer_id, part.work.assignment_id)))]
    said = [
        tuple(one for one in told.get(part.work.submission_id, ()) if one.reviewer_id == part.reviewer_id)
        for part, _ in held
    ]
    pairs = {
        (one.version_id, now.version_id)
        for (_, now), mine in zip(held, said, strict=True)
        for one in mine
        if one.version_id != now.version_id
    }
    known = submissions.by_ids(connection, {key for pair in pairs for key in pair}) if pairs else {}
    differing = {(old, new): changed_rows(known[old].values, known[new].values) for old, new in pairs}
    return [
        Line(
            part.work,
            part.reviewer_id,
            now.version_id,
            now.n,
            standing(
                sorted(part.rows),
                now.version_id,
                mine,
                lambda old, row, new=now.version_id: row not in differing[old, new],  # type: ignore[misc]
            ),
            mine,
        )
        for (part, now), mine in zip(held, said, strict=True)
    ]


def sheet_of(
    desk: Desk, connection: Connection, snapshot: Snapshot, reviewer_id: int, regime: str, period: str, form: str
) -> Sheet:
    """One form of a period before one reviewer. Raises NotNow where he has nothing to look at there."""
    opening = openings.find(connection, regime, period)
    found = sheets(desk, connection, snapshot, opening, [reviewer_id], form) if opening else []
    if not found:
        raise NotNow("nothing-to-review")
    return found[0]


def is_open(connection: Connection, opening: Opening, versions: Collection[int]) -> bool:
    """False where versions are of a locked period, but for those that put it right (đính chính)."""
    if not opening.is_locked:
        return True
    return set(versions) <= {one.new_version_id for one in amendments.of_opening(connection, opening.id)}


@dataclass(frozen=True, slots=True)
class OnForm:
    """How one reviewer stands to one unit's form, for the unit's own page."""

    reviewer_id: int
    state: ReviewState
    asked: tuple[CellKey, ...]
    newest: Review | None


def on_form(connection: Connection, snapshot: Snapshot, work: Work) -> list[OnForm]:
    """Who reviews a unit's form and how far they are; nothing before it is approved."""
    regime = snapshot.regimes.get(work.regime)
    if regime is None or work.approved_at is None:
        return []
    _, rows = rows_for(connection, snapshot, work, regime)
    told = reviews.of_submissions(connection, [work.submission_id])
    last = approvals.last(connection, work.submission_id)
    if last is None:
        return []
    counts = [Counted(work.assignment_id, work.unit_id, work.form, last, work.version, provisional=False)]
    parts = [Part(work, snapshot.unit_ids[code], mine) for code, mine in rows.items() if code in snapshot.unit_ids]
    return [
        OnForm(line.reviewer_id, line.state, line.asked, line.told[-1] if line.told else None)
        for line in lines(connection, parts, {one.reviewer_id: counts for one in parts}, told)
    ]
