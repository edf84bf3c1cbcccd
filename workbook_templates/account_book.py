"""The workbook new accounts are listed in: its sheet with help at every column, units and roles to look up."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from registry.catalogue import book, sheets
from registry.catalogue.model import Unit
from registry.catalogue.new_accounts import SHEET, NewAccount
from vietnamese.copydeck import deck
from workbook_templates.definition_book import Help, begun, write_pages

_copy = deck(Path(__file__).parent / "account_book.toml")
_FIRST = 2  # row of the lookup sheet's first unit, from 0


def account_book(units: Iterable[Unit], accounts: Iterable[NewAccount] = ()) -> bytes:
    """The workbook, empty or with accounts; ``ingest.new_accounts`` reads it back. ``units`` may be chosen from."""
    listed = list(units)
    last = _FIRST + max(len(listed), 1)
    hints = {(SHEET.stem, field.name): _copy(f"hint.{field.name}") for field in SHEET.fields}
    sources = {
        (SHEET.stem, "unit"): f"='{sheets.LOOKUP}'!$A${_FIRST + 1}:$A${last}",
        (SHEET.stem, "roles"): f"='{sheets.LOOKUP}'!$D${_FIRST + 1}:$D${_FIRST + len(sheets.ROLE_WORDS.choices)}",
    }
    target = BytesIO()
    with begun(target) as workbook:
        page = book.page(SHEET, [(one, "") for one in accounts])
        write_pages(workbook, (page,), Help(hints, sources, frozenset({(SHEET.stem, "roles")})))
        aside = workbook.add_worksheet(sheets.LOOKUP)
        aside.set_landscape()
        aside.set_paper(9)
        aside.fit_to_pages(1, 0)
        bold = workbook.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1})
        text = workbook.add_format({"num_format": "@"})
        aside.write_string(0, 0, _copy("lead"))
        for column, (name, width) in enumerate((("unit", 14), ("unit-name", 48), ("", 3), ("role", 38))):
            aside.set_column(column, column, width, text)
            if name:
                aside.write_string(_FIRST - 1, column, _copy(f"heading.{name}"), bold)
        for row, unit in enumerate(listed, start=_FIRST):
            aside.write_string(row, 0, unit.code)
            aside.write_string(row, 1, unit.name)
        for row, words in enumerate(sheets.ROLE_WORDS.choices, start=_FIRST):
            aside.write_string(row, 3, words)
        aside.freeze_panes(_FIRST, 0)
    return target.getvalue()
