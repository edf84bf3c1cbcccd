"""Personal data (R51): shown to whom the form names, left out of what goes to everybody else."""

from __future__ import annotations

from dataclasses import replace

from actions.cases import Situation
from actions.desk import Desk, Refusal
from registry.catalogue.model import Form
from registry.store import openings
from registry.store.definitions import Snapshot, form_version
from registry.store.engine import Connection
from registry.store.uploads import Upload
from registry.workflow.personal import Sight, sight
from registry.workflow.policy import EVERYWHERE, Action


def sight_of(desk: Desk, snapshot: Snapshot, form: Form, unit_id: int) -> Sight:
    """What the person at the desk sees of what a unit gave; who enters or approves in its place sees all of it."""
    instead = desk.stands_in
    if instead and instead.place.allows(unit_id, None, form.code) and instead.actions & {Action.UPLOAD, Action.APPROVE}:
        return Sight()
    return sight(desk.actor, form, unit_id, snapshot.unit_ids)


def sight_of_upload(desk: Desk, connection: Connection, upload: Upload) -> Sight:
    """What the person at the desk sees of a file; of one that answers nothing yet, all of it."""
    works = openings.work(connection, EVERYWHERE, assignment_id=upload.assignment_id) if upload.assignment_id else []
    snapshot = desk.snapshot(connection)
    forms = [form_version(connection, snapshot, work.form_definition_id).form for work in works]
    return sight_of(desk, snapshot, forms[0], upload.unit_id) if forms else Sight()


def assert_sees_all(desk: Desk, connection: Connection, upload: Upload) -> None:
    """A file is handed out whole or not at all. Raises Refusal."""
    if not sight_of_upload(desk, connection, upload).is_whole:
        raise Refusal("personal-hidden")


def without_lines(desk: Desk, snapshot: Snapshot, one: Situation) -> Situation:
    """A situation whose lists of personal data begin empty, for a workbook made for whoever may not see them."""
    hidden = sight_of(desk, snapshot, one.view.form, one.work.unit_id)
    if hidden.is_whole or not one.context.lines.start:
        return one
    lines = one.context.lines
    start = {key: value for key, value in lines.start.items() if not hidden.hides_line(key)}
    return replace(one, context=replace(one.context, lines=replace(lines, start=start)))
