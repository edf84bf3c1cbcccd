"""The site: pages, guards and words wired to one open instance."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from actions.instance import Instance
from registry.workflow.policy import Action
from webui import (
    demo,
    doors,
    icons,
    mishaps,
    noting,
    permission,
    security,
    squeezing,
    table_door,
    visitor,
    whereabouts,
    wording,
)
from webui.menu import Menu, menu
from webui.pages import (
    account,
    account_desk,
    account_import,
    account_rules,
    account_slips,
    amending,
    answers,
    approving,
    asking,
    attainments,
    behalf,
    board,
    capacities,
    catalogue,
    changed,
    chasing,
    collecting,
    comparing,
    compiling,
    components,
    copies,
    corrections,
    dashboards,
    designer,
    destroying,
    dividing,
    draft_asks,
    draft_files,
    drafting,
    due_calendar,
    entry,
    factor,
    feedback,
    feedback_desk,
    guides,
    handing_over,
    health,
    history,
    holding,
    instants,
    languages,
    lending,
    letters,
    links,
    log,
    many,
    matrix,
    notices,
    official,
    outages,
    own_reports,
    parts,
    periods,
    petitions,
    plausibility,
    pleas,
    previews,
    proposals,
    receipts,
    regimes,
    releasing,
    remarks,
    reopening,
    reorganising,
    report_files,
    reports,
    returned,
    reviewing,
    rule_lab,
    shortages,
    sources,
    staff,
    submissions,
    telling,
    templates,
    tracing,
    trainings,
    unit_accounts,
    unit_catalogue,
    unit_exports,
    unit_groups,
    unit_totals,
    units,
    uploads,
    usage,
    waivers,
    watch,
    work,
    working_days,
)
from webui.typed import Arrived, Key, Name

PAGES = (
    account,
    factor,
    account_rules,
    links,
    health,
    history,
    languages,
    holding,
    demo,
    icons,
    work,
    templates,
    uploads,
    usage,
    many,
    corrections,
    returned,
    entry,
    submissions,
    sources,
    tracing,
    releasing,
    remarks,
    comparing,
    approving,
    parts,
    dividing,
    receipts,
    reports,
    report_files,
    own_reports,
    unit_exports,
    previews,
    periods,
    instants,
    pleas,
    outages,
    behalf,
    board,
    dashboards,
    reviewing,
    attainments,
    drafting,
    draft_files,
    draft_asks,
    petitions,
    asking,
    answers,
    letters,
    catalogue,
    chasing,
    working_days,
    due_calendar,
    regimes,
    collecting,
    compiling,
    copies,
    designer,
    official,
    plausibility,
    rule_lab,
    proposals,
    changed,
    waivers,
    units,
    unit_groups,
    unit_totals,
    reopening,
    reorganising,
    staff,
    capacities,
    lending,
    handing_over,
    shortages,
    matrix,
    unit_catalogue,
    unit_accounts,
    account_desk,
    account_import,
    account_slips,
    amending,
    notices,
    telling,
    trainings,
    feedback,
    feedback_desk,
    guides,
    log,
    components,
    watch,
    destroying,
)
_DAY = 86_400


def register(app: Flask, instance: Instance) -> None:
    """Make ``app`` serve an instance."""
    app.config.update(
        SECRET_KEY=instance.session_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=instance.settings.upload_limit * 4,
        SEND_FILE_MAX_AGE_DEFAULT=_DAY,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.request_class = Arrived
    app.url_map.converters |= {"int": Key, "string": Name, "default": Name}
    if instance.settings.proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    Bootstrap5(app)
    visitor.install(app, instance)
    languages.install(app)
    doors.install(app)
    permission.install(app)
    CSRFProtect(app)  # after the guard, so that a stranger is asked to sign in first
    mishaps.install(app)
    noting.install(app)
    squeezing.install(app)
    security.install(app)
    table_door.install(app)  # after the headers, so that its answer bears them too
    wording.install(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        may=visitor.may,
        units_held=visitor.units_held,
        announced_now=telling.shown_now,
        demo_role=demo.to_try,
        guide_here=guides.about_this_page,
        menu_here=_menu_here,
        Action=Action,
        asset=_assets(Path(app.root_path) / "static"),
        whereabouts=whereabouts.here,
    )
    app.context_processor(_about_the_instance)


def _menu_here() -> Menu:
    return menu(
        lambda needs: visitor.is_reviewer() if needs is Action.SEE_REVIEW else visitor.may(needs), request.blueprint
    )


def _about_the_instance() -> dict[str, Any]:
    return {"is_demo": visitor.instance().settings.demo, "now": visitor.moment()}


def _assets(folder: Path) -> Any:
    """``asset("baocao.css")``: the address of a file of ours, new whenever its content is."""
    marks = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in folder.iterdir()}

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=marks[name])

    return asset
