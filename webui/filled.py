"""What was filled into a form, as values: days, choices. What cannot be one is refused in words."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from actions.desk import Refusal
from webui.wording import say

E = TypeVar("E", bound=StrEnum)


class Misfilled(Refusal):
    """A field holds what it cannot."""

    def __init__(self, code: str) -> None:
        self.code = code
        Exception.__init__(self, say(f"filled.{code}"))


def day_of(name: str) -> date | None:
    """The day in a field, None when it is empty. Raises Misfilled."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misfilled("bad-day") from None


def day_in(text: str, code: str = "bad-day", **values: object) -> date:
    """The day a text is; what is none is refused by ``code``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(code, **values) from None


def chosen(kind: type[E], text: str) -> E:
    """The member of an enumeration chosen. Raises Misfilled."""
    try:
        return kind(text)
    except ValueError:
        raise Misfilled("bad-choice") from None


def forms_of(name: str) -> tuple[str, ...] | None:
    """The form codes ticked; None when none was: every form."""
    return tuple(dict.fromkeys(request.form.getlist(name))) or None
