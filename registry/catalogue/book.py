"""A catalogue folder as tables of text: taken apart for writing, put together from reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registry.catalogue import sheets as s
from registry.catalogue.model import Catalogue, Form, ListTable, Rule
from registry.catalogue.places import Places
from registry.catalogue.season import Season
from registry.catalogue.sheets import Field, Sheet
from registry.catalogue.table import Entry, Fold, Reader, Table, record
from registry.findings import Finding, finding

Tables = Mapping[str, Mapping[str, Table]]  # workbook -> stem of sheet -> table


@dataclass(frozen=True)
class Reading:
    """What a folder says: the catalogue, where each row stands, what is wrong with the text of it."""

    catalogue: Catalogue
    places: Places
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Page:
    """One sheet ready to be written: its columns in order and the text of every cell."""

    sheet: Sheet
    headers: tuple[str, ...]
    fields: tuple[Field, ...]
    rows: tuple[tuple[str, ...], ...]


def canonical(catalogue: Catalogue) -> Catalogue:
    """The catalogue in the order a folder gives back, each row's season being the one of its code.

    Forms stand by code, rules form by form, groups sorted.
    """
    forms = tuple(sorted(with_seasons(catalogue.forms, catalogue.seasons), key=lambda form: (form.code, form.version)))
    order = {form.code: place for place, form in enumerate(forms)}
    rules = tuple(sorted(catalogue.rules, key=lambda rule: order.get(rule.form, len(order))))
    units = tuple(replace(unit, groups=tuple(sorted(unit.groups))) for unit in catalogue.units)
    return replace(catalogue, forms=forms, rules=rules, units=units)


def with_seasons(forms: Iterable[Form], seasons: Iterable[Season]) -> Iterator[Form]:
    """Forms whose rows lean on these seasons; a season nobody defines stays as it is."""
    by_code = {season.code: season for season in seasons}
    for form in forms:
        rows = tuple(
            replace(row, season=by_code.get(row.season.code, row.season)) if row.season else row for row in form.rows
        )
        yield replace(form, rows=rows)


# --- reading ---------------------------------------------------------------------------------------------------------


def read(tables: Tables, fold: Fold) -> Reading:
    """Every table of a folder at once; a row that cannot be understood is named and left out."""
    reader = Reader(fold)
    entries = {
        (workbook, sheet.stem): entries_of(reader, sheet, workbook, tables[workbook])
        for workbook in tables
        if not workbook.startswith("forms/")
        for sheet in s.sheets_of(workbook)
    }
    forms = [_form(reader, workbook, tables[workbook]) for workbook in tables if workbook.startswith("forms/")]
    catalogue = _catalogue(entries, [(form, rules) for form, rules in forms if form is not None])
    return Reading(catalogue, reader.places, tuple(reader.findings))


def entries_of(
    reader: Reader, sheet: Sheet, workbook: str, tables: Mapping[str, Table], scope: tuple[str, ...] = ()
) -> list[Entry]:
    """What the table of a sheet says; a table that must be there and is not is named."""
    table = tables.get(sheet.stem)
    if table is not None:
        return reader.read(sheet, table, workbook, scope)
    if not sheet.optional:
        reader.findings.append(finding("catalogue-sheet-missing", workbook=workbook, expected=sheet.title))
    return []


def _form(reader: Reader, workbook: str, tables: Mapping[str, Table]) -> tuple[Form | None, list[Rule]]:
    heads = entries_of(reader, s.FORM, workbook, tables)
    code = heads[0].values["code"] if heads else workbook.removeprefix("forms/")
    parts = {
        sheet.stem: tuple(
            entry.values if sheet in _KEPT_AS_VALUES else record(sheet, entry.values)
            for entry in entries_of(reader, sheet, workbook, tables, (code,))
        )
        for sheet in s.FORM_SHEETS[1:]
    }
    if not heads:
        return None, []
    form = record(
        s.FORM,
        heads[0].values,
        rows=parts["rows"],
        columns=parts["columns"],
        cell_rules=parts["cells"],
        lists=_lists(parts["lists"], parts["list_columns"]),
        members=parts["members"],
    )
    return form, [record(s.FORM_RULES, values, form=code) for values in parts["rules"]]


_KEPT_AS_VALUES = (s.FORM_RULES, s.LISTS, s.LIST_COLUMNS)  # rows that other sheets complete


def _lists(tables: Iterable[dict[str, Any]], columns: Iterable[dict[str, Any]]) -> tuple[ListTable, ...]:
    listed = list(columns)
    return tuple(
        record(
            s.LISTS,
            table,
            columns=tuple(record(s.LIST_COLUMNS, one) for one in listed if one["table"] == table["code"]),
        )
        for table in tables
    )


def _catalogue(entries: Mapping[tuple[str, str], list[Entry]], forms: list[tuple[Form, list[Rule]]]) -> Catalogue:
    def plain(workbook: str, sheet: Sheet) -> tuple[Any, ...]:
        return tuple(record(sheet, entry.values) for entry in entries.get((workbook, sheet.stem), ()))

    def owning(workbook: str, sheet: Sheet, parts: Sheet) -> tuple[Any, ...]:
        found = entries.get((workbook, parts.stem), [])
        return tuple(
            record(
                sheet,
                entry.values,
                **{
                    parts.stem: tuple(
                        record(parts, part.values) for part in found if part.values[parts.owner] == entry.values["code"]
                    )
                },
            )
            for entry in entries.get((workbook, sheet.stem), ())
        )

    rules = tuple(rule for _, own in forms for rule in own) + plain("rules", s.RULES)
    return canonical(
        Catalogue(
            measures=plain("measures", s.MEASURES),
            units=plain("units", s.UNITS),
            successions=plain("units", s.SUCCESSIONS),
            group_sets=plain("units", s.GROUP_SETS),
            indicators=plain("indicators", s.INDICATORS),
            members=plain("indicators", s.MEMBERS),
            forms=tuple(form for form, _ in forms),
            rules=rules,
            outlines=owning("outlines", s.OUTLINES, s.HEADINGS),
            regimes=owning("regimes", s.REGIMES, s.DEADLINES),
            requests=plain("regimes", s.REQUESTS),
            plans=plain("plans", s.PLANS),
            holidays=plain("holidays", s.HOLIDAYS),
            seasons=plain("seasons", s.SEASONS),
            roles=plain("roles", s.ROLES),
        )
    )


# --- writing ---------------------------------------------------------------------------------------------------------


def pages(catalogue: Catalogue) -> dict[str, tuple[Page, ...]]:
    """Every workbook of the folder with its sheets; older versions of a form stand in ``forms/<code>_v<n>``."""
    book = {
        workbook: tuple(page(sheet, _records(catalogue, sheet)) for sheet in described)
        for workbook, described in s.WORKBOOKS.items()
    }
    latest = {
        form.code: max(one.version for one in catalogue.forms if one.code == form.code) for form in catalogue.forms
    }
    for form in catalogue.forms:
        newest = form.version == latest[form.code]
        name = form.code if newest else f"{form.code}_v{form.version}"
        rules = [rule for rule in catalogue.rules if rule.form == form.code] if newest else []
        book[f"forms/{name}"] = form_pages(form, rules)
    return book


def form_pages(form: Form, rules: list[Rule]) -> tuple[Page, ...]:
    """The sheets of one form's workbook."""
    return tuple(page(sheet, _form_records(form, rules, sheet)) for sheet in s.FORM_SHEETS)


def _records(catalogue: Catalogue, sheet: Sheet) -> Iterable[tuple[Any, str]]:
    if sheet is s.HEADINGS:
        return [(heading, outline.code) for outline in catalogue.outlines for heading in outline.headings]
    if sheet is s.DEADLINES:
        return [(deadline, regime.code) for regime in catalogue.regimes for deadline in regime.deadlines]
    if sheet is s.RULES:
        forms = {form.code for form in catalogue.forms}
        return [(rule, "") for rule in catalogue.rules if rule.form not in forms]
    return [(one, "") for one in getattr(catalogue, sheet.stem)]


def _form_records(form: Form, rules: list[Rule], sheet: Sheet) -> Iterable[tuple[Any, str]]:
    if sheet is s.LIST_COLUMNS:
        return [(column, table.code) for table in form.lists for column in table.columns]
    parts: dict[str, Iterable[Any]] = {
        "form": (form,),
        "rows": form.rows,
        "columns": form.columns,
        "cells": form.cell_rules,
        "lists": form.lists,
        "rules": rules,
        "members": form.members,
    }
    return [(one, "") for one in parts[sheet.stem]]


def page(sheet: Sheet, records: Iterable[tuple[Any, str]]) -> Page:
    """One sheet of records, each with the code of its owner."""
    listed = list(records)
    columns = _columns(sheet, [one for one, _ in listed])
    rows = tuple(
        tuple(owner if field.name == sheet.owner else _show(field, subset, one) for field, subset in columns)
        for one, owner in listed
    )
    return Page(sheet, tuple(field.header + subset for field, subset in columns), tuple(f for f, _ in columns), rows)


def _columns(sheet: Sheet, records: list[Any]) -> list[tuple[Field, str]]:
    columns: list[tuple[Field, str]] = []
    for field in sheet.fields:
        if field.spread:
            subsets = sorted({subset for one in records for subset, _ in getattr(one, field.name)})
            columns += [(field, subset) for subset in subsets]
        else:
            columns.append((field, ""))
    return columns


def _show(field: Field, subset: str, one: Any) -> str:
    value = getattr(one, field.name)
    if field.spread:
        return str(field.codec.show(group for name, group in value if name == subset))
    return "" if value is None else str(field.codec.show(value))
