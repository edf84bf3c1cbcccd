"""What a unit handed in, cell by cell: where a figure of a compiled report, or of its workbook, leads to."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from actions.sourcing import source
from registry.catalogue.values import CellKey
from registry.workflow.policy import Action
from webui.boxes import named
from webui.cell_names import named as named_cells
from webui.lists import lists_of
from webui.permission import page
from webui.table import cell_id, table_of
from webui.visitor import desk

blueprint = Blueprint("sources", __name__)


@blueprint.get("/nguon/<int:version_id>")
@page(Action.SEE_SUBMISSION, reads="version {version_id}", also=Action.ENTER_ON_BEHALF)
def one(version_id: int) -> str:
    """One version of a unit's form; ``o=ROW.COLUMN`` (or ``.LINE`` besides) highlights a cell."""
    cell = cell_of(request.args.get("o", ""))
    found = source(desk(), version_id, cell, request.args.get("chi_tieu", ""), request.args.get("bang", ""))
    situated, view = found.situated, found.situated.view
    names = named_cells(view.form, view.row_set.audience, {cell: ""}) if cell else ()
    return render_template(
        "source.html",
        source=found,
        version=found.version,
        work=found.work,
        situated=situated,
        cell=cell,
        cell_name=next(iter(names), None),
        cell_place=cell_id(cell) if cell else "",
        address=found.version.addresses.get(cell) if cell else None,
        value=found.values.get(cell) if cell else None,
        row_names={row.code: row.label.strip("–-+ ") for row, _ in view.rows},
        table=table_of(situated, found.values) if found.grid is None and view.cells else None,
        lists=lists_of(situated, found.values) if found.grid is None else (),
        corrections=named(view, found.values, found.corrections) if found.corrections else (),
    )


def cell_of(text: str) -> CellKey | None:
    """``NN14.c06``, ``DA.c14.3``; None for anything else."""
    parts = text.split(".")
    if len(parts) not in (2, 3) or not all(parts) or not all(one.isdecimal() and len(one) < 7 for one in parts[2:]):
        return None
    return CellKey(parts[0], parts[1], int(parts[2]) if parts[2:] else None)
