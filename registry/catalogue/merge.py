"""A folder laid over the catalogue in force: same key replaces, new key adds, an absent row changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from registry.catalogue.book import canonical
from registry.catalogue.model import Catalogue

KEYS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "measures": lambda one: (one.code,),
    "units": lambda one: (one.code, one.born, one.valid_from),
    "successions": lambda one: (one.old, one.new, one.on),
    "group_sets": lambda one: (one.code,),
    "indicators": lambda one: (one.code,),
    "members": lambda one: (one.breakdown, one.code),
    "forms": lambda one: (one.code, one.version),
    "rules": lambda one: (one.form, one.code, one.valid_from),
    "outlines": lambda one: (one.code,),
    "regimes": lambda one: (one.code,),
    "requests": lambda one: (one.regime,),
    "plans": lambda one: (one.indicator, one.subject, one.year, one.aspect, one.valid_from),
    "seasons": lambda one: (one.code,),
    "holidays": lambda one: (one.day,),
    "roles": lambda one: (one.login, one.role, one.unit, one.valid_from),
}


def merged(known: Catalogue, new: Catalogue) -> Catalogue:
    """Both catalogues as one; rows of ``new`` stand in the place of those they replace.

    A form stands in the place of every known version of it.
    """
    redrawn = {form.code for form in new.forms}
    known = replace(known, forms=tuple(form for form in known.forms if form.code not in redrawn))
    together = {}
    for table, key in KEYS.items():
        rows = {key(one): one for one in getattr(known, table)}
        rows.update({key(one): one for one in getattr(new, table)})
        together[table] = tuple(rows.values())
    return canonical(Catalogue(**together))
