"""What a person can do with a form now."""

from __future__ import annotations

from dataclasses import dataclass

from actions import decide, entry, instants, own_entry, steps, submit
from registry.store import uploads
from registry.store.engine import Connection
from registry.store.uploads import Upload
from registry.workflow.policy import Action
from registry.workflow.submission import State
from webui.submission.look import Look


@dataclass(frozen=True, slots=True)
class Steps:
    """One flag for each button of the page."""

    template: bool
    upload: bool
    type: bool
    correct: bool
    nil: bool
    withdraw: bool
    approve: bool
    send_back: bool
    take_back: bool
    ask_reopen: bool
    reopen: bool
    amend: bool
    remark: bool
    send: bool
    see_upload: bool
    enter_instead: bool
    not_by_you: str  # why the reader, who entered the figures, may not approve them


def steps_of(connection: Connection, look: Look, *, is_partly_open: bool) -> Steps:
    """The steps; of a form that came back for some cells only, none that touches the others."""
    at, work, snapshot = look.at, look.work, look.snapshot

    def allows(action: Action) -> bool:
        return at.scope(action).allows(work.unit_id, work.regime, work.form)

    is_open = steps.may(at, work, Action.UPLOAD)
    approve = steps.may(at, work, Action.APPROVE) and not _is_for_the_lead(look)
    return Steps(
        template=work.is_open_at(at.moment) and allows(Action.DOWNLOAD_TEMPLATE),
        upload=is_open,
        type=is_open and entry.fits(look.situated.view),
        correct=is_open and _is_correctable(look.source),
        nil=steps.may(at, work, Action.SUBMIT) and submit.may_be_nil(snapshot, work.regime) and not is_partly_open,
        withdraw=steps.may(at, work, Action.WITHDRAW),
        approve=approve,
        send_back=steps.may(at, work, Action.RETURN) and not _is_for_the_lead(look),
        take_back=decide.may_take_back(at, connection, work),
        ask_reopen=steps.is_possible(work, Action.REOPEN, at.moment) and allows(Action.ASK_REOPEN),
        reopen=decide.may_reopen(at, snapshot, work),
        amend=work.is_locked and work.state is State.APPROVED and instants.may_run(at, snapshot, work.regime),
        remark=decide.may_remark(at, snapshot, work),
        send=allows(Action.SEND_REPORT) or bool(look.of_report.stands_in),
        see_upload=allows(Action.SEE_UPLOAD),
        enter_instead=allows(Action.ENTER_FOR_ABSENT) and steps.is_possible(work, Action.UPLOAD, at.moment),
        not_by_you=own_entry.told_before(at, connection, snapshot, work, look.newest.id)
        if approve and look.newest
        else "",
    )


def _is_for_the_lead(look: Look) -> bool:
    """True where the unit's own leader has nothing to decide: its figures were entered on its behalf."""
    stands_in = look.at.stands_in
    decides = stands_in is not None and Action.APPROVE in stands_in.actions
    return look.newest is not None and look.newest.behalf_id is not None and not decides


def _is_correctable(source: Upload | None) -> bool:
    """True for a file whose content is there; what was typed on the page is typed again."""
    return source is not None and source.is_kept and source.kind != uploads.BROWSER
