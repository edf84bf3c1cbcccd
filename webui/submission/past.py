"""How a form came to be: its steps, the versions handed in, the files sent, and where its figures went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.store import approvals, behalf, checkpoints, receipts, returned, submissions, uploads
from registry.store import reports as stored
from registry.store.audit import Head
from registry.store.behalf import Behalf
from registry.store.checkpoints import Checkpoint
from registry.store.engine import Connection
from registry.store.reports import Use
from registry.store.submissions import Event, Version
from registry.store.uploads import Upload
from registry.workflow.policy import Action
from registry.workflow.submission import State
from webui import standing
from webui.cell_names import Named
from webui.standing import Badge
from webui.submission.look import Look

_APPROVALS = (Action.APPROVE, Action.TAKE_BACK)


@dataclass(frozen=True)
class Past:
    """Everything that happened to a form."""

    versions: Sequence[Version]
    events: Sequence[Event]
    uploads: Sequence[tuple[Upload, Badge]]
    approvals: Mapping[datetime, Head]  # the audit entry of each
    signed: Mapping[datetime, Checkpoint | None]
    uses: Mapping[int, Sequence[Use]]  # by version
    entered: Mapping[int, Behalf]  # by version: on the unit's behalf
    cells_of: Mapping[int, tuple[Named, ...]]  # by event: the cells it opened
    counted_id: int | None  # of the version that counts
    is_provisional: bool  # it counts until another is approved

    @property
    def sendings(self) -> dict[int, int]:
        """By handing in, which one of its version it was; of versions handed in more than once only."""
        handed = [event for event in self.events if event.action == Action.SUBMIT]
        times = Counter(event.n for event in handed)
        return {
            event.id: sum(one.n == event.n for one in handed[: place + 1])
            for place, event in enumerate(handed)
            if times[event.n] > 1
        }

    @property
    def approved_versions(self) -> set[int]:
        """Numbers of the versions that were approved."""
        return {event.n for event in self.events if event.action == Action.APPROVE}

    @property
    def approved(self) -> Event | None:
        """The last approval, or the taking back of it."""
        return next((event for event in reversed(self.events) if event.action in _APPROVALS), None)

    @property
    def returned(self) -> Event | None:
        """The last step that was taken with a reason."""
        return next((event for event in reversed(self.events) if event.reason), None)

    @property
    def receipt(self) -> Event | None:
        """The last time it was handed in."""
        return next((event for event in reversed(self.events) if event.action == Action.SUBMIT), None)


def past_of(connection: Connection, look: Look) -> Past:
    """What the store tells of a form's past."""
    work = look.work
    events = submissions.events(connection, work.submission_id)
    approved = receipts.approvals(connection, work.submission_id)
    counted_id = approvals.last(connection, work.submission_id)
    document = behalf.newest(connection, work.assignment_id)
    opened = returned.of_events(connection, [event.id for event in events])
    sent = uploads.recent(connection, look.at.scope(Action.SEE_UPLOAD), assignment_id=work.assignment_id)
    return Past(
        versions=look.versions,
        events=events,
        uploads=[(each.upload, standing.of_upload(each.upload, each.status)) for each in sent],
        approvals=approved,
        signed={moment: checkpoints.over(connection, entry.seq) for moment, entry in approved.items()},
        uses=stored.uses(connection, work.submission_id),
        entered=behalf.of_versions(connection, [one.id for one in look.versions]) if document else {},
        cells_of={event: look.called(cells) for event, cells in opened.items()},
        counted_id=counted_id,
        is_provisional=counted_id is not None and work.state is not State.APPROVED,
    )
