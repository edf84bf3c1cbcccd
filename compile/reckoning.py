"""The form's own formulas over the cells of its compiled sheet: a reader follows a ratio to what it divides."""

from __future__ import annotations

from decimal import Decimal

from compile.tables import Table
from compile.total_table import figure_places
from compile.totals import Totals
from registry.catalogue.model import CellKind
from registry.catalogue.values import CellKey
from registry.rules.bind import Place
from registry.rules.lookup import Outside, background_value
from registry.rules.parse import parse
from workbook_templates.formula import SheetResolver, to_excel


def reckoned(one: Totals, table: Table) -> dict[CellKey, str]:
    """Of every computed cell of `total_table` its formula, with the "="; figures of other periods stand in it as
    numbers, since they stand nowhere on the sheet.
    """
    from xlsxwriter.utility import xl_rowcol_to_cell

    addresses = {key: xl_rowcol_to_cell(*place) for key, place in figure_places(one, table).items()}

    def outside(asked: Outside, place: Place) -> str | None:
        known = background_value(one.context, asked, *place)
        return None if known is None else _literal(known)

    return {
        key: to_excel(
            parse(spec.formula), SheetResolver(one.view, Place(key.row, key.column), addresses, outside), spec.decimals
        )
        for key, spec in one.view.cells.items()
        if spec.kind is CellKind.COMPUTED and spec.formula and key in addresses
    }


def _literal(known: Decimal | str) -> str:
    if isinstance(known, str):
        return '"' + known.replace('"', '""') + '"'
    return f"{known:f}" if known >= 0 else f"({known:f})"
