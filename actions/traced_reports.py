"""A compiled report as pages follow it, kept as it was compiled; made again from its pinned inputs where it is gone."""

from __future__ import annotations

from actions import compiling, kept_traces
from actions.desk import Desk
from actions.instance import local_day
from actions.reviewed import as_its_regime_counts
from compile.compiled import compiled
from compile.model import MapChoice
from compile.traced import traced
from compile.traced_model import Traced
from registry.store import openings, report_versions, submissions
from registry.store.engine import Connection
from registry.store.report_versions import ReportVersion


def of(desk: Desk, connection: Connection, version: ReportVersion) -> Traced:
    """What a compiled version says of its figures, the same however often it is asked."""
    about = (version.id, version.inputs_sha, version.as_of)
    kept = kept_traces.get(desk.instance, *about)
    if kept is None:
        kept = _made_again(desk, connection, version)
        kept_traces.put(desk.instance, *about, kept)
    return kept


def _made_again(desk: Desk, connection: Connection, version: ReportVersion) -> Traced:
    """From the versions it is pinned to, as of its moment, by the catalogue of the day it was compiled on."""
    snapshot = desk.snapshot(connection, local_day(report_versions.made_at(connection, version)))
    opening = openings.get(connection, version.opening_id)
    assert opening is not None
    pinned = set(report_versions.inputs(connection, version.id))
    counted = [
        one
        for one in submissions.counted(connection, opening.id, version.unit_id, version.as_of)
        if one.version_id in pinned
    ]
    receiver = snapshot.units_by_id[version.unit_id].code
    order = compiling.gather(
        desk,
        connection,
        snapshot,
        opening,
        counted,
        receiver,
        version.as_of,
        version.n,
        with_narratives=False,
        map_choice=MapChoice(version.made_from.get("map", MapChoice.NOW)),
    )
    return traced(compiled(as_its_regime_counts(connection, snapshot, opening, order, counted)))
