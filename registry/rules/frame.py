"""What a formula sees while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from registry.catalogue.values import CellKey, CellValue, State
from registry.rules import lookup
from registry.rules.bind import Foreign
from registry.rules.context import Context
from registry.rules.tree import Call

_NOUGHT = Decimal(0)
_UNASKED = Decimal("NaN")


@dataclass(slots=True)
class Frame:
    """What a formula sees while it runs; ``blank_is_zero`` is the blank strategy of the rule at hand.

    Nothing is judged that reads a ``doubtful`` cell: what stands there could not be read.
    """

    context: Context
    values: Mapping[CellKey, CellValue]
    blank_is_zero: bool = False
    doubtful: frozenset[CellKey] = frozenset()
    answers: dict[tuple[Call, CellKey] | Foreign, Decimal | None] = field(default_factory=dict)

    def amount(self, key: CellKey | None) -> Decimal | None:
        """The number in a cell; a cell the view does not have is blank."""
        value = self.values.get(key) if key is not None else None
        if value is None:
            return _NOUGHT if self.blank_is_zero else None
        if value.state is State.VALUE:
            return value.number
        return _NOUGHT if self.blank_is_zero and value.state is State.BLANK else value.amount

    def answer(self, call: Call, key: CellKey) -> Decimal | None:
        """What a background function comes to, asked once a frame."""
        asked = (call, key)
        found = self.answers.get(asked, _UNASKED)
        if found is _UNASKED:
            found = self.answers[asked] = lookup.answer(self.context, key, call)
        return found

    def elsewhere(self, there: Foreign) -> Decimal | None:
        """The figure of a cell of another form, asked once a frame."""
        if there not in self.answers:
            self.answers[there] = lookup.elsewhere(self.context, there)
        return self.answers[there]
