"""The guides inside the application: quick ones by role, the long ones, unusual words, and what findings mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from registry.catalogue.model import Role
from registry.findings import RULE, Described, codes, described
from registry.rules.checks import SEVERITIES
from registry.workflow.policy import Action
from vietnamese.fold import fold
from webui import guide_places, guides, quick, standing
from webui.permission import action_of, page
from webui.visitor import actor_or_none, desk, may
from webui.wording import say

blueprint = Blueprint("guides", __name__, url_prefix=guides.ADDRESS)

_FILLED_IN = re.compile(r"\{([^}]*)\}")
_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Term:
    """An unusual word of the pages and what it means."""

    key: str
    word: str
    means: str


def terms() -> list[Term]:
    """The glossary, in the order of a dictionary."""
    keys = {key.split(".")[1] for key in say.sentences if key.startswith("glossary.")}
    known = (Term(key, say(f"glossary.{key}.word"), say(f"glossary.{key}.means")) for key in keys)
    return sorted(known, key=lambda one: fold(one.word))


@blueprint.get("")
@page(Action.SIGN_IN)
def home() -> str:
    """The quick guides and guides, those of one's own roles first; with ``tim`` the sections that have the words."""
    roles = _roles()
    own, others = guides.in_order(roles)
    words = request.args.get("tim", "").strip()
    return render_template(
        "guides.html",
        own=own,
        others=others,
        roles=roles,
        quick=sorted(quick.QUICK, key=lambda one: one.role not in roles),
        words=words,
        hits=guides.seek(words),
        terms=[one for one in terms() if words and fold(words) in fold(f"{one.word} {one.means}")],
    )


@blueprint.get("/nhanh/<name>")
@page(Action.SIGN_IN)
def fast(name: str) -> str:
    """What a role does, on one screen."""
    found = quick.quick_of(name) or abort(404)
    steps = [(one, bool(one.page) and may(action_of(current_app, one.page))) for one in quick.steps(found)]
    return render_template("guide_quick.html", quick=found, steps=steps)


@blueprint.get("/tu-ngu")
@page(Action.SIGN_IN)
def glossary() -> str:
    """The unusual words; each has its own place, to which pages lead."""
    return render_template("glossary.html", terms=terms())


@blueprint.get("/phat-hien")
@page(Action.SIGN_IN)
def findings() -> str:
    """Every finding there is, by the word its code begins with."""
    return render_template(
        "guide_findings.html", findings=[_filled(one) for one in codes()], badge_of=standing.of_finding
    )


@blueprint.get("/phat-hien/<code>")
@page(Action.SIGN_IN)
def finding(code: str) -> str:
    """What one finding means; findings of a form's own rules share a page."""
    if code.startswith(RULE):
        found = _in_force(code.removeprefix(RULE))
        return render_template("guide_finding.html", found=found, code=code, is_rule=True, badge_of=standing.of_finding)
    if code not in codes():
        abort(404)
    return render_template(
        "guide_finding.html", found=[("", _filled(code))], code=code, is_rule=False, badge_of=standing.of_finding
    )


@blueprint.get("/anh/<name>.png")
@page(Action.SIGN_IN)
def picture(name: str) -> Response:
    """A picture of the guides, kept by browsers for a day."""
    path = guides.image(name) or abort(404)
    answer = send_file(path, mimetype="image/png", max_age=_A_DAY, conditional=True)
    answer.cache_control.public = True
    return answer


@blueprint.get("/<name>")
@page(Action.SIGN_IN)
def one(name: str) -> str:
    """One guide."""
    if name not in guides.READERS:
        abort(404)
    return render_template("guide.html", guide=guides.guide(name))


def about_this_page() -> str:
    """The address of what the guides say of the page being made; of all guides where they say nothing of it."""
    place = guide_places.place_of(request.blueprint, _roles())
    return url_for("guides.one", name=place[0], _anchor=place[1]) if place else url_for("guides.home")


def _roles() -> set[Role]:
    actor = actor_or_none()
    return {grant.role for grant in actor.grants} if actor else set()


def _filled(code: str) -> Described:
    """The catalogue's entry as it is read; what a finding fills in is left open."""
    entry = described(code)
    return Described(code, entry.severity, _FILLED_IN.sub(_named, entry.message), _FILLED_IN.sub(_named, entry.fix))


def _named(blank: re.Match[str]) -> str:
    """What will stand there, in brackets."""
    key = f"guide.blank.{blank[1]}"
    return f"[{say(key)}]" if key in say else "…"


def _in_force(code: str) -> list[tuple[str, Described]]:
    """What the rules of this code say today, form by form, to whoever is signed in."""
    if actor_or_none() is None:
        return []
    at = desk()
    with at.read() as connection:
        known = at.snapshot(connection).rule_versions.values()
    begun = (
        next((one for one in reversed(versions) if one.valid_from <= at.day), None)
        for versions in known
        if versions[0].code == code
    )
    return [(one.form, Described(f"{RULE}{code}", SEVERITIES[one.level], one.message, one.fix)) for one in begun if one]
