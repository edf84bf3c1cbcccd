"""Rà soát: between a unit's approval and the province's total stands who answers for the field (PRACTICE F13)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.catalogue.forms import RowSet
from registry.catalogue.model import Form, RowKind, Unit
from registry.catalogue.values import BLANK, CellKey, CellValue


class ReviewState(StrEnum):
    """How far the review of a row, or of all a reviewer looks at in a form, is (WORDS)."""

    WAITING = "reviewing"  # Đang rà soát
    RECHECK = "recheck"  # Đề nghị kiểm tra lại
    REVIEWED = "reviewed"  # Đã rà soát


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewing unit said of one version: the rows it accepted, the cells it wants checked again."""

    submission_id: int
    version_id: int
    n: int
    reviewer_id: int
    rows: frozenset[str]
    cells: tuple[CellKey, ...]
    reason: str
    by_name: str
    at: datetime


def in_charge(form: Form, units: Container[str], lead: str) -> dict[str, str]:
    """Who reviews each row that is filled, and each list table, by code.

    The first agency the row names as its source, which knows the field; the regime's lead where it names none
    (docs/decisions: who reviews).
    """
    rows = {
        row.code: next((one for one in row.suppliers if one in units), lead)
        for row in form.rows
        if row.kind is RowKind.DATA
    }
    return rows | {table.code: lead for table in form.lists}


def to_review(charge: Mapping[str, str], form: Form, met: RowSet, unit: Unit) -> dict[str, frozenset[str]]:
    """What each reviewer, in the order of the form, looks at in one unit's form: nobody reviews figures of his own."""
    found: dict[str, set[str]] = {}
    rows = (row.code for row in form.rows if row.code in met.open_rows)
    for code in (*rows, *(table.code for table in form.lists)):
        reviewer = charge.get(code, unit.code)
        if reviewer != unit.code:
            found.setdefault(reviewer, set()).add(code)
    return {reviewer: frozenset(rows) for reviewer, rows in found.items()}


def standing(
    rows: Iterable[str], version_id: int, told: Iterable[Review], unchanged: Callable[[int, str], bool]
) -> dict[str, ReviewState]:
    """How each row of a version stands by what one reviewer said so far, oldest first.

    What was accepted in an earlier version stays so while its row is ``unchanged`` since (key of that version, row).
    """
    found = dict.fromkeys(rows, ReviewState.WAITING)
    for one in told:
        asked = {key.row for key in one.cells}
        for row in found:
            if row in asked and one.version_id == version_id:
                found[row] = ReviewState.RECHECK
            elif row in one.rows and (one.version_id == version_id or unchanged(one.version_id, row)):
                found[row] = ReviewState.REVIEWED
            elif row in asked | one.rows:
                found[row] = ReviewState.WAITING
    return found


def together(states: Iterable[ReviewState]) -> ReviewState:
    """Of several rows: what holds the rest up."""
    held = set(states)
    return next((one for one in (ReviewState.RECHECK, ReviewState.WAITING) if one in held), ReviewState.REVIEWED)


def changed_rows(before: Mapping[CellKey, CellValue], after: Mapping[CellKey, CellValue]) -> frozenset[str]:
    """Codes of the rows (list tables) in which any cell differs."""
    return frozenset(key.row for key in before.keys() | after.keys() if before.get(key, BLANK) != after.get(key, BLANK))
