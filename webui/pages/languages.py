"""The language pages are read in, chosen at the foot of any of them."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, request
from werkzeug.wrappers import Response

from registry.workflow.policy import Action
from vietnamese.copydeck import VIETNAMESE, speak, spoken
from webui.pages.account import next_page
from webui.permission import page
from webui.visitor import instance
from webui.wording import say

blueprint = Blueprint("languages", __name__)

_COOKIE, _A_YEAR = "baocao_ngon_ngu", 31_536_000


def install(app: Flask) -> None:
    """Speak the language asked for while a request is answered, and Vietnamese again after it."""
    app.before_request(_begin)
    app.teardown_request(_end)
    app.jinja_env.globals.update(spoken=spoken, languages=offered, named_in=named_in, page_language=page_language)


def offered() -> list[str]:
    """What pages can be read in here, Vietnamese first; that alone when no other is offered."""
    return [VIETNAMESE, *(one for one in instance().settings.languages if one in say.translations)]


def page_language() -> str:
    """What the page is written in: the language spoken where the whole page is translated, else Vietnamese."""
    return spoken() if request.endpoint in say("language.whole").split() else VIETNAMESE


def named_in(language: str) -> str:
    """A language's own name for itself."""
    return say.translations.get(language, say.sentences)["language.name"]


@blueprint.post("/ngon-ngu")
@page(Action.SIGN_IN)
def choose() -> Response:
    """Keep the choice, say how far it goes, and go back to the page it was made on."""
    answer = redirect(next_page())
    wanted = request.form.get("ngon-ngu", VIETNAMESE)
    if wanted in offered():
        answer.set_cookie(_COOKIE, wanted, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
        speak(wanted)
        flash(say("language.told"), "info")
    return answer


def _begin() -> None:
    wanted = request.cookies.get(_COOKIE, VIETNAMESE)
    speak(wanted if wanted in offered() else VIETNAMESE)


def _end(_: BaseException | None) -> None:
    speak(VIETNAMESE)
