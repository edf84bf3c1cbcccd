"""What the clerk is told of texts that were not Unicode NFC: before, after, and what was doubtful."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ingest.lines import capped
from ingest.text import Place, row_name, short
from ingest.unicode import Change
from registry.catalogue.forms import View
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey, CellValue
from registry.findings import Finding, finding
from registry.rules.lines import lines_of, name_of
from vietnamese.convert import Reason, charset_name, explain

Spot = tuple[str, str]  # sheet, A1

_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_FREE = frozenset({CellKind.TEXT, CellKind.NOTE})
_MENDED = frozenset({Reason.ORDER, Reason.HOMOGLYPH, Reason.INVISIBLE, Reason.CONTROL})


def retold(
    changes: Iterable[Change], view: View, values: Mapping[CellKey, CellValue], addresses: Mapping[CellKey, Spot]
) -> list[Finding]:
    """One finding for every text changed in a cell of the form, and one for all others of a sheet but those of a copy.

    A doubtful text is asked about where any words may stand: elsewhere it is understood, or refused by its reader. Of
    figures their own findings tell, with the text as it was understood.
    """
    changes = list(changes)
    wanted = {(one.sheet, one.a1) for one in changes}
    keys = {spot: key for key, spot in addresses.items() if spot in wanted}
    places = _places(view, values, keys)
    of_form = {(one.a1, one.before) for one in changes if (one.sheet, one.a1) in keys}
    found: list[Finding] = []
    elsewhere: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        key = keys.get((change.sheet, change.a1))
        if change.is_note:
            found.append(_of_note(change))
        elif key is None and (change.a1, change.before) in of_form:
            continue
        elif key is None:
            elsewhere[change.sheet].append(change)
        elif _kind(view, key) in _FREE or (change.converted.changed and _kind(view, key) is not CellKind.INPUT):
            found.append(_of_cell(change, places[key]))
    return [*capped(found), *_of_sheets(elsewhere)]


def _of_cell(change: Change, place: Place) -> Finding:
    converted = change.converted
    before, after = visible(change.before), short(converted.unicode)
    if converted.reason is Reason.DOUBTFUL:
        return place.finding("text-doubtful", found=before, expected=short(converted.proposal))
    if converted.reason is Reason.COMPOSED:
        return place.finding("text-composed", found=after)
    how = explain(converted.reason)
    if converted.charset is None or converted.reason in _MENDED:
        return place.finding("text-mended", found=before, expected=after, how=how)
    charset = charset_name(converted.charset)
    return place.finding(
        "text-converted", found=_in_old_letters(change.before), expected=after, charset=charset, how=how
    )


def _of_note(change: Change) -> Finding:
    return finding(
        "text-note-converted",
        sheet=change.sheet,
        cell=change.a1,
        found=visible(change.before),
        expected=short(change.converted.unicode),
        how=explain(change.converted.reason),
    )


def _of_sheets(elsewhere: Mapping[str, list[Change]]) -> Iterator[Finding]:
    for sheet, changes in elsewhere.items():
        changed = [one for one in changes if one.converted.changed]
        if changed:
            first = changed[0]
            yield finding(
                "text-converted-elsewhere",
                sheet=sheet,
                cell=first.a1,
                found=visible(first.before),
                expected=short(first.converted.unicode),
                count=len(changed),
            )


def _in_old_letters(text: str) -> str:
    """``visible`` of a text in an old charset, where U+00AD is a letter (ư in TCVN3) that shows as a hyphen."""
    return visible(text.replace("\u00ad", "-"))


def visible(text: str) -> str:
    """A short text with the characters nobody can see written as their numbers: ``a‹U+200B›b``."""
    return _HIDDEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", short(text))


# --- where -----------------------------------------------------------------------------------------------------------


def _places(view: View, values: Mapping[CellKey, CellValue], keys: Mapping[Spot, CellKey]) -> dict[CellKey, Place]:
    if not keys:
        return {}
    rows = {row.code: row_name(row) for row, _ in view.rows}
    lines = lines_of(values)
    places = {}
    for (sheet, a1), key in keys.items():
        own = view.lists[key.row] if key.line is not None else view
        column = next(" – ".join(one.path) for one in own.columns if one.code == key.column)
        row = rows[key.row] if key.line is None else name_of(own, key.line, lines[key.row][key.line])
        places[key] = Place(sheet, a1, row, column, key)
    return places


def _kind(view: View, key: CellKey) -> CellKind:
    own = view.lists[key.row] if key.line is not None else view
    return own.cells[key._replace(line=None)].kind
