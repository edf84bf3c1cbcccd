"""What changed in a form's design between two versions: typed changes, each change said once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from registry.catalogue import sheets as s
from registry.catalogue.model import Form, ListTable, Rule
from registry.catalogue.sheets import Sheet

_NUMBERED_BY_US = ("version",)  # the store numbers versions; what a workbook says of it is no change
_LABELS = ("label", "path", "title", "formula", "breakdown")  # what a person knows a record by, the first it has


class What(StrEnum):
    """What happened to a record of the design."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of a record (``stem`` names its sheet), or of one field of it.

    ``code`` is the record's key as people write it, ``label`` what they know it by; ``before`` and ``after`` are
    written as the field is in its sheet. ``name`` is the attribute changed, empty for records added, removed, moved.
    """

    what: What
    stem: str
    code: str
    label: str = ""
    name: str = ""
    header: str = ""  # the field's header in the sheet
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Design:
    """A form with its rules: what one workbook defines."""

    form: Form
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class _Table:
    """How the records of one sheet are told apart: by the fields of ``key``, or, with none, by what they say."""

    sheet: Sheet
    key: tuple[str, ...]

    def code(self, one: Any) -> str:
        return " ".join(_shown(self.sheet, name, one) for name in self.key or ("columns",))

    def identity(self, one: Any) -> tuple[Any, ...]:
        return tuple(getattr(one, name) for name in self.key)

    @property
    def names(self) -> tuple[str, ...]:
        owned = (self.sheet.owner, *_NUMBERED_BY_US)
        return tuple(field.name for field in self.sheet.fields if field.name not in owned)


_FORM = _Table(s.FORM, ("code",))
_COLUMNS = _Table(s.LIST_COLUMNS, ("code",))
_LISTS = _Table(s.LISTS, ("code",))
_TABLES: tuple[tuple[_Table, Callable[[Design], Sequence[Any]]], ...] = (
    (_Table(s.ROWS, ("code",)), lambda one: one.form.rows),
    (_Table(s.COLUMNS, ("code",)), lambda one: one.form.columns),
    (_Table(s.CELLS, ()), lambda one: one.form.cell_rules),
    (_LISTS, lambda one: one.form.lists),
    (_Table(s.FORM_RULES, ("code", "valid_from")), lambda one: one.rules),
    (_Table(s.FORM_MEMBERS, ("breakdown", "code")), lambda one: one.form.members),
)


def diff(before: Design, after: Design) -> tuple[Change, ...]:
    """Every change from one design to another, sheet by sheet; equal designs have none."""
    changes = list(_fields(_FORM, before.form, after.form))
    for table, of in _TABLES:
        changes += _records(table, of(before), of(after))
    changes += _list_columns(before.form.lists, after.form.lists)
    return tuple(changes)


def record_changes(sheet: Sheet, before: Any, after: Any) -> tuple[Change, ...]:
    """The fields one record of a catalogue's sheet has otherwise than another."""
    return tuple(_fields(_Table(sheet, sheet.key), before, after))


def _list_columns(before: Sequence[ListTable], after: Sequence[ListTable]) -> Iterator[Change]:
    """Columns of the lists that both designs have; a list added or removed is said as a whole."""
    for old, new in _paired(_LISTS, before, after)[0]:
        yield from _records(_COLUMNS, old.columns, new.columns)


def _records(table: _Table, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    pairs, gone, come = _paired(table, before, after)
    for one in gone:
        yield Change(What.REMOVED, table.sheet.stem, table.code(one), _label(table, one))
    for one in come:
        yield Change(What.ADDED, table.sheet.stem, table.code(one), _label(table, one))
    for old, new in pairs:
        yield from _fields(table, old, new)
    for _, new in _moved(pairs, before, after):
        yield Change(What.MOVED, table.sheet.stem, table.code(new), _label(table, new))


_Pairs = list[tuple[Any, Any]]


def _paired(table: _Table, before: Sequence[Any], after: Sequence[Any]) -> tuple[_Pairs, list[Any], list[Any]]:
    """Records of both designs that are one record, those only in the first, those only in the second."""
    pairs = _by_key(table, before, after) if table.key else _by_place(before, after)
    old = {id(one) for one, _ in pairs}
    new = {id(one) for _, one in pairs}
    gone = [one for one in before if id(one) not in old]
    come = [one for one in after if id(one) not in new]
    renamed = _renamed(table, gone, come) if table.key else []
    pairs += renamed
    gone = [one for one in gone if all(one is not other for other, _ in renamed)]
    come = [one for one in come if all(one is not other for _, other in renamed)]
    return pairs, gone, come


def _by_key(table: _Table, before: Sequence[Any], after: Sequence[Any]) -> _Pairs:
    known = {table.identity(one): one for one in before}
    return [(known[table.identity(one)], one) for one in after if table.identity(one) in known]


def _by_place(before: Sequence[Any], after: Sequence[Any]) -> _Pairs:
    """Records without a key: the runs that stayed equal, and between them one for one."""
    pairs: _Pairs = []
    for _, first, last, to_first, to_last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        pairs += zip(before[first:last], after[to_first:to_last], strict=False)
    return pairs


def _renamed(table: _Table, gone: Sequence[Any], come: Sequence[Any]) -> _Pairs:
    """A record that lost its key and one that came, alike in all but one field of the key."""
    free = {tuple(_shown(table.sheet, name, one) for name in table.names): one for one in come}
    pairs: _Pairs = []
    for one in gone:
        said = [_shown(table.sheet, name, one) for name in table.names]
        for texts, other in free.items():
            differing = [name for name, a, b in zip(table.names, said, texts, strict=True) if a != b]
            if len(differing) == 1 and differing[0] in table.key:
                pairs.append((one, other))
                del free[texts]
                break
    return pairs


def _fields(table: _Table, before: Any, after: Any) -> Iterator[Change]:
    for name in table.names:
        if getattr(before, name) != getattr(after, name):
            yield Change(
                What.CHANGED,
                table.sheet.stem,
                table.code(before),
                _label(table, after),
                name,
                next(field.header for field in table.sheet.fields if field.name == name),
                _shown(table.sheet, name, before),
                _shown(table.sheet, name, after),
            )


def _shown(sheet: Sheet, name: str, one: Any) -> str:
    value = getattr(one, name)
    field = next(field for field in sheet.fields if field.name == name)
    return "" if value is None else str(field.codec.show(value))


def _label(table: _Table, one: Any) -> str:
    name = next((name for name in _LABELS if name in table.names), "")
    return _shown(table.sheet, name, one) if name else ""


def _moved(pairs: _Pairs, before: Sequence[Any], after: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The fewest records that, taken out, leave all others in their old order."""
    places = {id(one): place for place, one in enumerate(before)}
    order = {id(one): place for place, one in enumerate(after)}
    ordered = sorted(pairs, key=lambda pair: order[id(pair[1])])
    kept = _longest_rising([places[id(old)] for old, _ in ordered])
    return [pair for at, pair in enumerate(ordered) if at not in kept]


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Positions of a longest rising subsequence, in O(n log n)."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for at, number in enumerate(numbers):
        place = bisect_left(tails, number)
        previous.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(number)
            ends.append(at)
        else:
            tails[place], ends[place] = number, at
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = previous[at]
    return kept
