"""“Ma trận phân quyền”: the policy's own table, in words."""

from __future__ import annotations

from flask import Blueprint, render_template

from registry.catalogue.model import Role
from registry.workflow.policy import GRANTED_BY_UNIT_ADMINS, LENT, MATRIX, Action
from webui.permission import page
from webui.wording import say

blueprint = Blueprint("matrix", __name__)


@blueprint.get("/ma-tran-phan-quyen")
@page(Action.SEE_MATRIX)
def table() -> str:
    """Every action, every role, how far."""
    rows = [(action, [MATRIX[action].get(role) for role in Role]) for action in MATRIX if MATRIX[action]]
    return render_template(
        "matrix.html",
        roles=list(Role),
        rows=rows,
        lent=LENT,
        names=[say(f"role.{role}") for role in GRANTED_BY_UNIT_ADMINS],
    )
