"""“Kiểu dáng”: the components pages are made of, in every state, each with the call that makes it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, render_template, render_template_string
from markupsafe import Markup

from registry.workflow.policy import Action
from webui.permission import page

_PARTS = "{% import 'parts.html' as p with context %}"

blueprint = Blueprint("components", __name__)


@dataclass(frozen=True, slots=True)
class Sample:
    """A component in one state or a few: what it is called, and the template text that makes it."""

    name: str
    source: str

    @property
    def shown(self) -> Markup:
        """What the text makes of itself."""
        return Markup(render_template_string(_PARTS + self.source))  # noqa: S704 - our own file, escaped as it is rendered


@cache
def groups() -> tuple[tuple[str, tuple[Sample, ...]], ...]:
    """The samples by group, in the order of their file."""
    text = (Path(__file__).parent.parent / "components.toml").read_text(encoding="utf-8")
    return tuple(
        (group["name"], tuple(Sample(one["name"], one["source"]) for one in group["sample"]))
        for group in tomllib.loads(text)["group"]
    )


@blueprint.get("/kieu-dang")
@page(Action.SEE_COMPONENTS)
def every() -> str:
    """All of them on one page, for who writes pages."""
    return render_template("components.html", groups=groups())
