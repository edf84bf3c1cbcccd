"""Slips to print (phiếu cấp tài khoản): one page for each person, with the link that sets a password."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import Blueprint, render_template, request, url_for

from actions import account_slips
from actions.account_slips import Slip
from registry.workflow.policy import Action
from webui.permission import page
from webui.typed import as_number
from webui.visitor import desk

blueprint = Blueprint("account_slips", __name__)

_MASK = 3  # as good to read as the best of eight, and eight times sooner drawn


@dataclass(frozen=True, slots=True)
class Printed:
    """A slip as it stands on paper."""

    slip: Slip
    address: str
    picture: str  # address of the QR code's drawing


@blueprint.post("/cap-tai-khoan/phieu")
@page(Action.DECIDE_ACCOUNT)
def show() -> str:
    """New links on slips; shown once, since the links themselves are not kept."""
    numbers = request.form.getlist("de_xuat", type=as_number)
    made = account_slips.make(desk(), numbers, request.form.get("lan_nhap", type=as_number))
    where = url_for("links.ask", _external=True)
    return render_template("account_slips.html", slips=[_printed(one) for one in made], where=where)


def _printed(slip: Slip) -> Printed:
    address = url_for("links.one", token=slip.link.token, _external=True)
    drawn = segno.make(address, error="l", mask=_MASK, micro=False)
    return Printed(slip, address, drawn.svg_data_uri(omitsize=True, xmldecl=False))
