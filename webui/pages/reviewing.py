"""Rà soát: what units approved, before the agency that answers for the field, the worst deviations first (F13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import exp

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from actions import recheck, reviewing
from actions.cases import Situation
from actions.desk import Desk
from actions.deviations import Labels, Looked, Suspect, looked_at, whole
from actions.review_totals import two_lines
from registry.catalogue.model import Unit
from registry.catalogue.values import CellKey
from registry.store.definitions import Snapshot
from registry.store.engine import Connection
from registry.workflow.policy import Action
from registry.workflow.review import Review, ReviewState
from webui import standing
from webui.permission import page
from webui.standing import Badge
from webui.typed import as_number
from webui.visitor import desk
from webui.wording import one_decimal, say

blueprint = Blueprint("reviewing", __name__)

SHOWN = 6  # cells of one unit on the list
_LOOKED = re.compile(r"xem-(\d{1,9})")
_CHOSEN = re.compile(r"(\d{1,9})\|([^|]{1,40})\|([^|]{1,40})\|(\d{0,6})")


@dataclass(frozen=True)
class Group:
    """One unit with the cells to look at."""

    unit: Unit
    looked: Looked
    cells: tuple[Suspect, ...]
    hidden: int  # further ones, on the unit's own page


@dataclass(frozen=True)
class Reviewer:
    """How far one reviewer is with one unit's form, as the form's own page says it."""

    name: str
    badge: Badge
    told: Review | None
    cells: tuple[str, ...]  # to be checked again


def reviewers_of(connection: Connection, snapshot: Snapshot, situated: Situation) -> list[Reviewer]:
    """Every reviewer of a form that is approved; none before."""
    labels = Labels(situated.view)
    return [
        Reviewer(
            snapshot.units_by_id[one.reviewer_id].name,
            standing.of_review(one.state),
            one.newest,
            tuple(f"{labels.row(key).lstrip('– ')} – {labels.column(key)}" for key in one.asked),
        )
        for one in reviewing.on_form(connection, snapshot, situated.work)
    ]


@blueprint.get("/ra-soat")
@page(Action.SEE_REVIEW)
def listing() -> str:
    """What every reviewer the reader sees has to look at."""
    at = desk()
    found = reviewing.overview(at)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    return render_template(
        "reviews.html", sheets=found, units=snapshot.units_by_id, states=list(ReviewState), badge=standing.of_review
    )


@blueprint.get("/ra-soat/<int:unit_id>/<regime>/<period>/<form>")
@page(Action.SEE_REVIEW)
def sheet(unit_id: int, regime: str, period: str, form: str) -> str:
    """One form of a period: units by worst deviation; with ``viec`` every cell of one unit."""
    at = desk()
    at.require(Action.SEE_REVIEW, unit_id, regime, form)
    wanted = request.args.get("viec", 0, type=as_number)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = reviewing.sheet_of(at, connection, snapshot, unit_id, regime, period, form)
        lines = [line for line in found.lines if not wanted or line.work.assignment_id == wanted]
        waiting = [line for line in lines if wanted or line.state is ReviewState.WAITING]
        looked = looked_at(at, connection, snapshot, waiting)
        is_open = reviewing.is_open(connection, found.opening, [line.version_id for line in waiting])
        groups = [_group(at, snapshot, one, all_cells=bool(wanted)) for one in looked]
    return render_template(
        "review.html",
        sheet=found,
        reviewer=snapshot.units_by_id[unit_id],
        units=snapshot.units_by_id,
        groups=groups,
        rest=[line for line in lines if line not in waiting],
        states=list(ReviewState),
        badge=standing.of_review,
        finding_badge=standing.of_finding,
        may_review=is_open and at.scope(Action.REVIEW).allows(unit_id, regime, form),
        wanted=wanted,
        times=_times,
        here={"unit_id": unit_id, "regime": regime, "period": period, "form": form},
    )


def _group(at: Desk, snapshot: Snapshot, one: Looked, *, all_cells: bool) -> Group:
    unit = snapshot.units_by_id[one.line.work.unit_id]
    if all_cells:
        return Group(unit, one, whole(at, snapshot, one), 0)
    return Group(unit, one, one.suspects[:SHOWN], max(0, len(one.suspects) - SHOWN))


def _times(one: Suspect) -> str:
    """How far a cell is off, in words."""
    return say("review.times", times=one_decimal(exp(min(one.beyond, 20)))) if one.beyond >= _TOLD else ""


_TOLD = 0.1  # of a logarithm: ten per cent beyond what is usual


@blueprint.get("/ra-soat/<int:unit_id>/<regime>/<period>/<form>/hai-dong")
@page(Action.SEE_REVIEW)
def totals(unit_id: int, regime: str, period: str, form: str) -> str:
    """The province's total in two lines, beside the agency's own figure."""
    at = desk()
    at.require(Action.SEE_REVIEW, unit_id, regime, form)
    with at.read() as connection:
        snapshot = at.snapshot(connection)
        found = reviewing.sheet_of(at, connection, snapshot, unit_id, regime, period, form)
        made = two_lines(at, connection, snapshot, found)
    return render_template(
        "review_totals.html",
        sheet=found,
        reviewer=snapshot.units_by_id[unit_id],
        totals=made,
        here={"unit_id": unit_id, "regime": regime, "period": period, "form": form},
    )


@blueprint.post("/ra-soat/<int:unit_id>/<regime>/<period>/<form>")
@page(Action.REVIEW)
def decide(unit_id: int, regime: str, period: str, form: str) -> Response:
    """Accept everything looked at but the chosen cells."""
    looked, chosen = _looked(request.form), _chosen(request.form.getlist("o"))
    asked = recheck.review(desk(), unit_id, regime, period, form, looked, chosen, request.form.get("reason", ""))
    flash(say("review.asked", n=asked) if asked else say("review.accepted"), "success")
    return redirect(url_for("reviewing.sheet", unit_id=unit_id, regime=regime, period=period, form=form))


def _looked(form: ImmutableMultiDict[str, str]) -> dict[int, int]:
    """Assignments looked at, with the version seen; of what is no version none, which is what nobody sees any more."""
    named = ((_LOOKED.fullmatch(name), name) for name in form)
    return {int(found[1]): form.get(name, -1, type=as_number) for found, name in named if found}


def _chosen(values: list[str]) -> dict[int, frozenset[CellKey]]:
    """The ticked cells by assignment."""
    found: dict[int, set[CellKey]] = {}
    for one in map(_CHOSEN.fullmatch, values):
        if one:
            key = CellKey(one[2], one[3], int(one[4]) if one[4] else None)
            found.setdefault(int(one[1]), set()).add(key)
    return {key: frozenset(cells) for key, cells in found.items()}
