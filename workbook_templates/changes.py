"""What the form of this period asks otherwise than the one before, in sentences for the guide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from registry.catalogue import sheets as s
from registry.catalogue.diff import Change, Design, What, diff
from registry.catalogue.forms import COMMUNE, View
from registry.catalogue.model import CommuneEntry, Form, Row
from vietnamese.copydeck import deck

_say = deck(Path(__file__).parent / "copy.toml")
_TOLD = frozenset({"label", "number", "path", "commune_path", "measure", "commune_measure", "decimals", "required"})
_OF_COMMUNES = frozenset({"commune_path", "commune_measure"})


def changes(former: Form, view: View) -> tuple[str, ...]:
    """Rows and columns that came, went or are called or measured otherwise, of those the view's audience meets."""
    if former == view.form:
        return ()
    found = diff(Design(former), Design(view.form))
    return tuple(_sentence(one) for one in found if _is_met(one, former, view))


def _is_met(change: Change, former: Form, view: View) -> bool:
    """What concerns nobody who gets this workbook is left out; it must not differ between units of one row set."""
    is_commune = view.row_set.audience == COMMUNE
    if change.what is What.MOVED or (change.what is What.CHANGED and change.name not in _TOLD):
        return False
    if change.name in _OF_COMMUNES and not is_commune:
        return False
    if change.stem == s.COLUMNS.stem:
        columns = former.columns if change.what is What.REMOVED else view.form.columns
        hidden = {column.code: column.hidden_from for column in columns}
        return view.row_set.audience not in hidden.get(change.code, frozenset())
    if change.stem != s.ROWS.stem:
        return False
    if change.what is What.REMOVED:
        return any(row.code == change.code for row in _had(former, is_commune))
    return change.code in {code for code, _ in view.row_set.rows}


def _had(former: Form, is_commune: bool) -> Iterator[Row]:
    return (row for row in former.rows if row.commune_entry is not CommuneEntry.ABSENT or not is_commune)


def _sentence(change: Change) -> str:
    what = "row" if change.stem == s.ROWS.stem else "column"
    name = change.label.strip("–- ")
    if change.what is not What.CHANGED:
        return _say(f"change.{change.what.value}-{what}", name=name)
    words = {"name": name, "before": change.before, "after": change.after}
    if change.name in ("label", "path", "commune_path"):
        return _say(f"change.renamed-{what}", **words)
    return _say(f"change.changed-{what}", field=change.header, **words)
