"""Who may see the personal data of a form (R51): its unit, and the roles and units its definition names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.catalogue.model import Form, Role
from registry.catalogue.personal import PersonalColumns, personal_columns
from registry.catalogue.values import BLANK, HIDDEN, CellKey, CellValue
from registry.workflow.policy import Actor

_OF_THE_UNIT = frozenset({Role.CLERK, Role.LEADER, Role.UNIT_ADMIN})


@dataclass(frozen=True, slots=True)
class Sight:
    """What is hidden from a reader of one unit's form: some of its columns, or none."""

    hidden: PersonalColumns = frozenset()

    @property
    def is_whole(self) -> bool:
        """True when nothing is hidden."""
        return not self.hidden

    def hides(self, key: CellKey) -> bool:
        """True for a cell of a hidden column."""
        return ("" if key.line is None else key.row, key.column) in self.hidden

    def hides_line(self, key: CellKey) -> bool:
        """True also for the other cells of a line with a hidden one: what is said of them may name whom it is about."""
        return self.hides(key) or any(table == key.row for table, _ in self.hidden)

    def values(self, values: Mapping[CellKey, CellValue]) -> Mapping[CellKey, CellValue]:
        """The values as they may be seen; what is blank stays so."""
        if self.is_whole:
            return values
        return {key: HIDDEN if value != BLANK and self.hides(key) else value for key, value in values.items()}


def sight(actor: Actor, form: Form, unit_id: int, unit_ids: Mapping[str, int]) -> Sight:
    """What the actor sees of what a unit gave; ``unit_ids`` are the keys of units by code."""
    columns = personal_columns(form)
    if not columns:
        return Sight()
    named = {unit_ids[one] for one in form.personal_seen_by if one in unit_ids}
    is_named = any(
        (grant.role in _OF_THE_UNIT and unit_id in grant.units)
        or grant.role in form.personal_seen_by
        or grant.unit_id in named
        for grant in actor.grants
    )
    return Sight() if is_named else Sight(columns)


def sight_of_all(form: Form) -> Sight:
    """What everybody sees: of a report compiled for whoever may read reports."""
    return Sight(personal_columns(form))
