"""Receipts of what was handed in (phiếu xác nhận gửi báo cáo): a page to print, whose QR leads back to it."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, render_template, request, url_for

from actions import correct
from actions.behalf import at_assignment, at_receipt
from actions.desk import NotYours
from registry.store import behalf as stored
from registry.store import checkpoints, definitions, papers, receipts, reports, uploads
from registry.store.receipts import Receipt
from registry.workflow.policy import Action
from registry.workflow.timeliness import judged
from webui import standing
from webui.permission import page
from webui.visitor import desk

blueprint = Blueprint("receipts", __name__)

_CODE_LENGTH = 16  # hexadecimal digits of the audit entry's hash: enough to tell a forged paper


@blueprint.get("/phieu/<int:number>")
@page(Action.SEE_SUBMISSION, reads="receipt {number}")
def one(number: int) -> str:
    """A receipt; with the code of a printed one (``ma``) also whether that paper says what the log says."""
    at = at_receipt(desk(), number)
    with at.read() as connection:
        found = receipts.get(connection, at.scope(Action.SEE_SUBMISSION), number)
        if found is None:
            raise NotYours
        snapshot = at.snapshot(connection)
        form = definitions.form_version(connection, snapshot, found.form_definition_id).form
        upload = uploads.get(connection, found.upload_id) if found.upload_id else None
        origin = correct.origin(at, connection, upload) if upload else None
        report = reports.of_assignment(connection, found.assignment_id)
        recorded = papers.of_report(connection, report) if report else []
        document = stored.get(connection, found.behalf_id) if found.behalf_id else None
        newest_entry = max(found.audit_seq or 0, found.approval.seq if found.approval else 0)
        signed = checkpoints.over(connection, newest_entry)
    asked = "".join(one for one in request.args.get("ma", "").lower() if one.isalnum())
    of_form = at_assignment(desk(), found.assignment_id).scope(Action.SEE_SUBMISSION)
    return render_template(
        "receipt.html",
        receipt=found,
        form=form,
        sees_form=of_form.allows(found.unit_id, found.regime, form.code),
        behalf=document,
        paper=recorded[0] if recorded else None,
        unit=snapshot.units_by_id[found.unit_id],
        regime=snapshot.regimes[found.regime],
        origin=origin,
        status=standing.of_status(found.status) if found.status else None,
        timely=standing.of_arrival(judged(found.sending, at.moment, snapshot.calendar)),
        code=code_of(found),
        signed=signed,
        minutes=int(at.instance.settings.checkpoint_every.total_seconds() // 60),
        asked=asked,
        matches=bool(asked) and asked == code_of(found).replace("-", ""),
    )


@blueprint.get("/phieu/<int:number>/ma.svg")
@page(Action.SEE_SUBMISSION, reads="receipt {number}")
def picture(number: int) -> Response:
    """The QR code of a receipt: the address of its page, with the code that is printed on it."""
    at = at_receipt(desk(), number)
    with at.read() as connection:
        found = receipts.get(connection, at.scope(Action.SEE_SUBMISSION), number)
    if found is None:
        raise NotYours
    drawn = io.BytesIO()
    address = url_for("receipts.one", number=number, ma=code_of(found), _external=True)
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


def code_of(receipt: Receipt) -> str:
    """What stands on paper to be compared with the log: ``3f2a-9c41-07be-55d0``; nothing where the log has no entry."""
    digits = (receipt.audit_hash or "")[:_CODE_LENGTH]
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
