"""How often the checks of plausibility speak, form by form, and which are therefore off."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from actions import measuring
from actions.check_rates import FEWEST_ASKED, MOST_HIT
from registry.workflow.policy import Action
from webui import standing
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("plausibility", __name__, url_prefix="/danh-muc/canh-bao")


@blueprint.get("")
@page(Action.SEE_CATALOGUE)
def listing() -> str:
    """Each check with its rate of the last months."""
    return render_template(
        "plausibility.html",
        listed=measuring.listing(desk()),
        badge_of=standing.of_check,
        most=MOST_HIT,
        fewest=FEWEST_ASKED,
    )


@blueprint.post("/do-lai")
@page(Action.OPEN_PERIOD)
def renew() -> Response:
    """Measure the period under way and the one before again."""
    count = measuring.renew(desk())
    flash(say("doubts.renewing", count=count), "success")
    return redirect(url_for("plausibility.listing"))
