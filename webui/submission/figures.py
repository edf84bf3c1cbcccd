"""What a form holds: the newest version's figures in the form's own table, with everything said of single cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions import bases, correct, sealing
from registry.store import returned
from registry.store.engine import Connection
from registry.store.returned import Remark
from webui.boxes import CorrectedCell
from webui.boxes import named as corrected_cells
from webui.cell_names import Named
from webui.lists import Lines, lists_of
from webui.submission.look import Look
from webui.table import Remarks, Table, marks_of, table_of


@dataclass(frozen=True)
class Figures:
    """The newest version as it is printed; nothing where none was handed in."""

    table: Table | None
    lists: tuple[Lines, ...]
    corrections: tuple[CorrectedCell, ...]  # made on the page
    said: Sequence[tuple[Remark, tuple[Named, ...]]]
    open_cells: tuple[Named, ...]  # those it came back for, where not all of it did
    returned_n: int  # the version that came back for them
    no_base: str  # why nothing stands in the columns of a year before


def figures_of(connection: Connection, look: Look) -> Figures:
    """The figures, and what is said of them."""
    newest, situated, seen = look.newest, look.situated, look.sight
    made = correct.origin(look.at, connection, look.source).corrections if look.source else ()
    corrections = correct.visible(made, seen)
    opened = sealing.opened(connection, [look.work]).get(look.work.assignment_id)
    said = returned.remarks(connection, look.work.submission_id)
    remarked = {one.key for one in said} | (opened.cells.keys() if opened else set())
    remarks = Remarks(
        marks_of(look.findings, newest.addresses if newest else {}),
        corrected=correct.first_texts(corrections),
        said={key for key in remarked if not seen.hides(key)},
    )
    values = seen.values(newest.values) if newest else {}
    return Figures(
        table=table_of(situated, values, remarks) if newest and situated.view.cells else None,
        lists=lists_of(situated, values, remarks) if newest else (),
        corrections=corrected_cells(situated.view, values, corrections) if newest else (),
        said=[(one, look.called({one.key: one.text})) for one in said],
        open_cells=look.called(opened.cells) if opened else (),
        returned_n=opened.n if opened else 0,
        no_base=bases.why_blank(situated),
    )
