"""A unit compiles its divisions: a workbook of who gave which row of a form (F16)."""

from __future__ import annotations

from decimal import Decimal

from actions.assembling import assembly_of
from actions.desk import Desk
from compile import tables_book
from compile.coverage import copy
from compile.head import moment
from compile.parts_table import GivenPart, parts_table
from ingest.assembled import Entry
from vietnamese.letters import first_upper


def parts_book(desk: Desk, assignment_id: int) -> tuple[bytes, str]:
    """The workbook and its name, from what counts of each division at this moment. Raises NotYours."""
    situated, assembly = assembly_of(desk, assignment_id)
    view, work = situated.view, situated.work
    parts = [
        GivenPart(piece.name, piece.upload, {key: _figure(entry) for key, entry in piece.entries.items()})
        for piece in assembly.pieces
    ]
    table = parts_table(view, parts, assembly.missing)
    period = situated.context.period.label
    subtitle = copy("parts.subtitle", unit=situated.unit.name, period=period, moment=moment(desk.moment))
    data = tables_book.build([(copy("parts.sheet"), table)], first_upper(subtitle))
    return data, f"{work.form}_{work.period}_{situated.unit.code}_phan-viec.xlsx"


def _figure(entry: Entry) -> tuple[str, Decimal | None]:
    return entry.text, None if entry.number is None else Decimal(entry.number)
