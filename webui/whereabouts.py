"""What a page is about, for whoever writes of trouble with it: named by its route, looked up again when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, has_request_context, request, url_for
from werkzeug.routing import BuildError

from registry.workflow.feedback import About
from registry.workflow.policy import Action
from webui.permission import action_of
from webui.typed import as_number
from webui.visitor import may
from webui.wording import say

# What routes call it: what the address of the form calls it.
_NAMES = {
    "number": "tep",
    "assignment_id": "viec",
    "regime": "che_do",
    "period": "ky",
    "form": "bieu",
    "code": "bieu",
    "unit_id": "don_vi",
}
_OF_UPLOADS = ("uploads", "corrections", "returned")  # in other rooms a number is that of something else
_LONGEST = 80


def here(**more: object) -> dict[str, object]:
    """The address of the form, from the page being made; ``more`` names a finding in it."""
    said: dict[str, object] = {name: value for name, value in more.items() if value}
    if not has_request_context() or request.endpoint is None or request.blueprint == "feedback":
        return said
    said["trang"] = request.endpoint
    for name, value in ({} if "is_nowhere" in g else request.view_args or {}).items():
        if name in _NAMES and (name != "number" or request.blueprint in _OF_UPLOADS):
            said[_NAMES[name]] = value
    return said


def nowhere() -> None:
    """What the address names is not there, or not the reader's: nothing on the page repeats it."""
    g.is_nowhere = True


def asked(values: Mapping[str, Any]) -> About:
    """What the address or the form says it is about: nothing of it is believed yet but the page's name."""
    page = str(values.get("trang", ""))
    return About(
        page=page if _is_page(page) else "",
        upload=_number(values.get("tep")),
        assignment=_number(values.get("viec")),
        regime=str(values.get("che_do", ""))[:_LONGEST],
        period=str(values.get("ky", ""))[:_LONGEST],
        form=str(values.get("bieu", ""))[:_LONGEST],
        unit=_number(values.get("don_vi")),
        finding=str(values.get("ma", ""))[:_LONGEST],
        place=_number(values.get("vi_tri")),
    )


def carried(about: About) -> dict[str, object]:
    """The same as fields of the form."""
    said = {
        "trang": about.page,
        "tep": about.upload,
        "viec": about.assignment,
        "che_do": about.regime,
        "ky": about.period,
        "bieu": about.form,
        "don_vi": about.unit,
        "ma": about.finding,
        "vi_tri": about.place,
    }
    return {name: value for name, value in said.items() if value}


def room_of(page: str) -> str:
    """What people call the part of the system a page belongs to."""
    return say(f"feedback.room.{page.partition('.')[0]}")


def page_of(about: About) -> str:
    """The address of the page, where the reader may open it and everything it names is known; else empty."""
    if not _is_page(about.page):
        return ""
    known = {
        "number": about.upload,
        "assignment_id": about.assignment,
        "regime": about.regime,
        "period": about.period,
        "form": about.form,
        "code": about.form,
        "unit_id": about.unit,
    }
    rule = next(current_app.url_map.iter_rules(about.page))
    wanted: dict[str, Any] = {name: known.get(name) for name in rule.arguments}
    if "GET" not in (rule.methods or ()) or not all(wanted.values()):
        return ""
    try:
        return url_for(about.page, **wanted)
    except BuildError:
        return ""


def _is_page(name: str) -> bool:
    """A page of ours that the person signed in may open."""
    if name not in current_app.view_functions or f"feedback.room.{name.partition('.')[0]}" not in say:
        return False
    action = action_of(current_app, name)
    return action is not Action.SIGN_IN and may(action)


def _number(text: object) -> int | None:
    try:
        return as_number(str(text or ""))
    except ValueError:
        return None
