"""What people call a cell of a form: its row, or its line of a list, and its column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.text import row_name
from registry.catalogue.model import Form
from registry.catalogue.values import CellKey
from webui.table import cell_id, code_of
from webui.wording import say


@dataclass(frozen=True, slots=True)
class Named:
    """A cell by its name, with words on it."""

    key: CellKey
    row: str
    column: str
    text: str = ""

    @property
    def code(self) -> str:
        """The cell in a form or an address: ``NN14:c06``, ``DA:c14:3``."""
        return code_of(self.key)

    @property
    def place(self) -> str:
        """Where the cell stands on a page with the table."""
        return cell_id(self.key)


def keys_of(codes: Iterable[str]) -> list[CellKey]:
    """The cells such codes name, once each, in the order given; what is no code is left out."""
    return list(dict.fromkeys(key for code in codes if (key := _key(code)) is not None))


def _key(code: str) -> CellKey | None:
    parts = code.split(":")
    if len(parts) not in (2, 3) or not all(parts) or not all(one.isdecimal() and len(one) < 7 for one in parts[2:]):
        return None
    return CellKey(parts[0], parts[1], int(parts[2]) if parts[2:] else None)


def named(form: Form, audience: str, cells: Mapping[CellKey, str]) -> tuple[Named, ...]:
    """Cells with words on each, by their names, in the order given; what the form does not have is left out."""
    return tuple(one for key, text in cells.items() if (one := _named(form, audience, key, text)) is not None)


def _named(form: Form, audience: str, key: CellKey, text: str) -> Named | None:
    listed = next((one for one in form.lists if one.code == key.row), None)
    if key.line is None:
        columns, row = form.columns, next((row_name(one) for one in form.rows if one.code == key.row), None)
    else:
        columns = listed.columns if listed else ()
        row = say("remark.line", list=listed.title, n=key.line) if listed else None
    column = next((one for one in columns if one.code == key.column), None)
    return None if row is None or column is None else Named(key, row, " – ".join(column.heading(audience)), text)
