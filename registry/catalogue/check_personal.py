"""Columns of personal data (PRACTICE F21): lawful only with a basis, for those named, for a time set beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from registry.catalogue.model import Column, Form, Role
from registry.catalogue.personal import is_personal_column
from registry.catalogue.places import Key, Places
from registry.findings import Finding, finding


def personal_findings(form: Form, places: Places, units: frozenset[str]) -> Iterator[Finding]:
    """What a form does not say about the personal data its columns and lists ask for: basis, how long they are kept.

    ``units`` are the codes of all units.
    """
    for name in form.personal_seen_by:
        if name not in units and name not in tuple(Role):
            where = places.where("form", (form.code, str(form.version)), "personal_seen_by")
            yield finding("catalogue-personal-reader", **where, found=name, form=form.code, roles=", ".join(Role))
    for stem, key, column in _listed(form):
        if is_personal_column(column):
            heading = " > ".join(column.path)
            where = places.where(stem, key, "path") | {"column": heading, "found": heading, "form": form.code}
            if not form.legal_basis.strip():
                yield finding("catalogue-personal-column", **where)
            if form.personal_kept_days is None:
                yield finding("catalogue-personal-kept", **where)


def _listed(form: Form) -> Iterator[tuple[str, Key, Column]]:
    yield from (("columns", (form.code, one.code), one) for one in form.columns)
    for table in form.lists:
        yield from (("list_columns", (form.code, table.code, one.code), one) for one in table.columns)
