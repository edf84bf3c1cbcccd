"""The rule laboratory: the rules of every form, and one of them written, tried and published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from actions import rule_lab
from actions.rule_lab import CriesWolf, Draft, Mode, NotReady, Problem, Sheet, Trial
from actions.rule_runs import LONG, SHORT, Hit, PeriodRun
from registry.catalogue.model import BlankRule, Form, RowKind, RuleScope
from registry.findings import fix, message
from registry.store.definitions import Snapshot
from registry.workflow.policy import Action
from vietnamese.dates import format_date
from webui import standing
from webui.permission import page
from webui.visitor import desk
from webui.wording import say

blueprint = Blueprint("rule_lab", __name__, url_prefix="/danh-muc/quy-tac")
_MOST_HITS = 60  # cells shown of one period
_AROUND = 34  # characters shown on either side of a fault


@dataclass(frozen=True, slots=True)
class Told:
    """A fault under its field: what is wrong, and for a formula the line with a caret below the character."""

    text: str
    line: str = ""
    caret: str = ""


@dataclass(frozen=True, slots=True)
class HitLine:
    """A cell a rule found fault with, in words."""

    unit: str
    row: str
    column: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one period, the first ones in words."""

    period: str
    units: int
    cells: int
    lines: tuple[HitLine, ...]


@blueprint.get("")
@page(Action.SEE_CATALOGUE)
def listing() -> str:
    """The rules of every form: what they say, how they stand, how many units they hit."""
    return render_template(
        "rule_lab.html", listed=rule_lab.listing(desk()), mode_badge=standing.of_mode, upcoming_mode=Mode.of
    )


@blueprint.get("/<form>")
@page(Action.SEE_CATALOGUE)
def one(form: str) -> str:
    """A rule to be read or changed, or an empty sheet."""
    return _page(rule_lab.opened(desk(), form, request.args.get("ma")))


@blueprint.post("/<form>")
@page(Action.SEE_CATALOGUE, reads="rule {form}")
def try_it(form: str) -> tuple[str, int]:
    """Run what stands in the sheet over what is stored."""
    at = desk()
    sheet = rule_lab.opened(at, form, request.args.get("ma"))
    draft = _draft(sheet)
    trial = rule_lab.try_rule(at, draft, _span())
    return _page(replace(sheet, draft=draft), trial), 200 if trial.is_runnable else 422


@blueprint.post("/<form>/ban-hanh")
@page(Action.CHANGE_CATALOGUE)
def publish(form: str) -> Response | tuple[str, int]:
    """Publish what stands in the sheet, in a mode from a date."""
    at = desk()
    sheet = rule_lab.opened(at, form, request.args.get("ma"))
    draft = _draft(sheet)
    try:
        day, mode = date.fromisoformat(request.form.get("tu_ngay", "")), Mode(request.form.get("hinh_thuc", ""))
    except ValueError:
        return _page(replace(sheet, draft=draft), None, say("lab.bad-day")), 422
    try:
        rule = rule_lab.publish(at, draft, mode, day, despite_rate="xac_nhan" in request.form, most=_span())
    except NotReady as refusal:
        told = str(refusal)
        asks = isinstance(refusal, CriesWolf)
        return _page(replace(sheet, draft=draft), refusal.trial, told, asks=asks), 422 if not asks else 409
    words = say("lab.published", code=rule.code, mode=say(f"lab.mode.{mode}"), day=format_date(day))
    flash(words, "success")
    return redirect(url_for("rule_lab.one", form=form, ma=rule.code))


def _span() -> int:
    """How many periods back the person looked."""
    return LONG if request.form.get("so_ky") == str(LONG) else SHORT


def _draft(sheet: Sheet) -> Draft:
    """What the person wrote, over what the page did not ask."""
    asked = {field.name: request.form[field.name] for field in rule_lab.EDITED if field.name in request.form}
    return replace(sheet.draft, texts={**sheet.draft.texts, **asked})


def _page(sheet: Sheet, trial: Trial | None = None, refused: str = "", *, asks: bool = False) -> str:
    at = desk()
    with at.read() as connection:
        snapshot = at.snapshot(connection)
    mode = Mode(request.form["hinh_thuc"]) if request.form.get("hinh_thuc") in [*Mode] else _next_mode(sheet)
    return render_template(
        "rule_lab_one.html",
        sheet=sheet,
        trial=trial,
        refused=refused,
        asks=asks,
        told=_told(sheet.draft, trial.problems if trial else ()),
        found=_found(trial.periods, sheet.form, snapshot) if trial else (),
        newly=_lines((hit for _, hit in trial.newly), sheet.form, snapshot) if trial else (),
        no_longer=_lines((hit for _, hit in trial.no_longer), sheet.form, snapshot) if trial else (),
        watched=_found(sheet.watched, sheet.form, snapshot),
        blank_rules=[*BlankRule],
        scopes=[(RuleScope.UNIT, say("lab.scope-unit")), (RuleScope.PROVINCE, say("lab.scope-province"))],
        rows=[row for row in sheet.form.rows if row.kind is not RowKind.SECTION],
        modes=[*Mode],
        mode=mode,
        mode_of=Mode.of,
        mode_badge=standing.of_mode,
        day=request.form.get("tu_ngay") or at.day.isoformat(),
        spans=(SHORT, LONG),
        span=str(_span()),
    )


def _next_mode(sheet: Sheet) -> Mode:
    return sheet.mode.following if sheet.current else Mode.SHADOW


def _told(draft: Draft, problems: Iterable[Problem]) -> dict[str, list[Told]]:
    """Faults by the field they are in."""
    told: dict[str, list[Told]] = {}
    for problem in problems:
        line, caret = _pointed(draft.texts.get(problem.field, ""), problem.position)
        told.setdefault(problem.field, []).append(Told(_words(problem), line, caret))
    return told


def _words(problem: Problem) -> str:
    found = problem.finding
    key = f"lab.problem.{found.code}"
    if key not in say:
        return f"{message(found)} {fix(found)}"
    values: dict[str, Any] = {"found": found.found or "", "expected": found.expected or ""}
    return say(key, **values | dict(found.values))


def _pointed(text: str, position: int | None) -> tuple[str, str]:
    """The part of a text around a character counted from 1, and a line with a caret below that character."""
    if position is None:
        return "", ""
    flat = " ".join(text.splitlines()) if "\n" in text else text
    start = max(position - 1 - _AROUND, 0)
    return flat[start : position + _AROUND], " " * (position - 1 - start) + "▲"


def _found(runs: Iterable[PeriodRun], form: Form, snapshot: Snapshot) -> tuple[Found, ...]:
    return tuple(
        Found(run.period, run.units_hit, len(run.hits), _lines(run.hits, form, snapshot)) for run in runs if run.hits
    )


def _lines(hits: Iterable[Hit], form: Form, snapshot: Snapshot) -> tuple[HitLine, ...]:
    """The first hits in words."""
    rows = {row.code: row.label.strip("–-+ ") for row in form.rows}
    tables = {"": form.columns} | {table.code: table.columns for table in form.lists}
    columns = {
        (table, column.code): say("lab.column-n", number=column.number)
        for table, own in tables.items()
        for column in own
    }
    return tuple(
        HitLine(
            snapshot.units_by_id[hit.unit_id].name,
            hit.line or rows.get(hit.row or "", hit.row or ""),
            columns.get(((hit.row or "") if hit.line else "", hit.column or ""), hit.column or ""),
            hit.found or "",
            hit.expected or "",
        )
        for hit, _ in zip(hits, range(_MOST_HITS), strict=False)
    )
