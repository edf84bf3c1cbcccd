"""How pages speak: the copy deck, and figures, dates and names as Vietnamese offices write them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from flask import Flask

from actions.desk import say as told
from actions.waivers import waiver_of
from registry.findings import fix, message
from registry.periods import parse
from registry.periods.told import weekday
from registry.store.people import OPERATOR
from vietnamese.copydeck import deck
from vietnamese.dates import format_date, format_due, format_moment
from vietnamese.fold import fold
from vietnamese.letters import first_upper
from vietnamese.numbers import format_number, places

say = deck(Path(__file__).parent / "copy.toml")


def period_words(code: str) -> str:
    """``Tháng 10 năm 2026``: a period at the head of a line."""
    words = parse(code).label
    return words[:1].upper() + words[1:]


def one_decimal(number: float) -> str:
    """``56,4``."""
    return format_number(Decimal(number).quantize(Decimal("0.1")), 1)


def login_of(signature: str) -> str:
    """The account that something is signed with, whoever at the console acted for it."""
    return signature.removeprefix(f"{OPERATOR} for ")


def signed(signature: str) -> str:
    """Who is said to have done it: an account, or the operator at the console, for an account or not."""
    login = login_of(signature)
    if signature == OPERATOR:
        return told("operator")
    return login if login == signature else say("log.operator-for", operator=told("operator"), login=login)


def install(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.globals.update(say=say, finding_message=message, finding_fix=fix, waiver_of=waiver_of)
    app.jinja_env.filters.update(
        period=period_words,
        day=format_date,
        moment=format_moment,
        due=format_due,
        weekday=weekday,
        first_upper=first_upper,
        fold=fold,
        signed=signed,
        named=lambda key, names: names.get(key, key),
        decimal=one_decimal,
        figure=lambda value, decimals=None: format_number(value, places(value) if decimals is None else decimals),
        grouped=lambda count: format_number(Decimal(count), 0),
    )
