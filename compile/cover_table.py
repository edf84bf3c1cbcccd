"""The first sheet: what the workbook is, who is missing, what it was made from, and what the other sheets are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compile.compiled import Compiled
from compile.coverage import copy, sentences
from compile.head import moment, subtitles
from compile.tables import Cell, Table, TableColumn, TableRow, text_cell
from workbook_templates.official.letterhead import letterhead


def cover_table(report: Compiled, sheets: Iterable[str]) -> Table:
    """Words only; each of the other sheets is one click away."""
    order = report.order
    rows = [TableRow((text_cell(name), text_cell(text))) for name, text in _told(report)]
    for place, sheet in enumerate(sheets):
        target = "internal:'" + sheet.replace("'", "''") + "'!A1"
        rows.append(TableRow((text_cell(copy("cover.sheets") if place == 0 else ""), Cell(sheet, url=target))))
    return Table(
        title=order.regime.name.upper(),
        columns=(TableColumn((copy("cover.name"),), "", 34), TableColumn((copy("cover.text"),), "", 78)),
        rows=tuple(rows),
        subtitles=subtitles(order),
        landscape=False,
        label_column=0,
        labels=1,
    )


def _told(report: Compiled) -> Iterator[tuple[str, str]]:
    order = report.order
    yield copy("cover.period"), order.period.heading
    yield copy("cover.issuer"), letterhead(order.issuer, order.province).name
    yield copy("cover.as_of"), moment(order.as_of)
    if order.freeze:
        yield copy("cover.freeze"), order.freeze
    yield copy("cover.map"), copy(f"cover.map-{order.map.value}")
    yield copy("cover.version"), str(order.version)
    yield copy("cover.state"), _state(report)
    for place, sentence in enumerate(sentences(report.coverage)):
        yield copy("cover.coverage") if place == 0 else "", sentence
    if order.before is not None:
        said = copy("cover.before-of", label=order.before.label, count=len(report.changes))
        yield copy("cover.before"), said
    for kind, sha in order.hashes.items():
        yield copy("cover.hash", kind=copy(f"cover.hash-{kind}")), sha


def _state(report: Compiled) -> str:
    if not report.coverage.is_complete:
        return copy("cover.provisional")
    return copy("cover.reopened" if report.coverage.provisional else "cover.complete")
