"""The first sheet, "Hướng dẫn": what this workbook is, how to fill it, until when, and whom to call."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from registry.catalogue.forms import Access
from registry.catalogue.model import CellKind, RowKind, Rule
from vietnamese.copydeck import deck
from workbook_templates import list_guide
from workbook_templates.changes import changes
from workbook_templates.filling import Live
from workbook_templates.grid import Grid, Slot, label_headings
from workbook_templates.list_grid import ListGrid
from workbook_templates.live_checks import applicable
from workbook_templates.order import Order
from workbook_templates.paper import A4_UPRIGHT, MARGINS_MM, Fit
from workbook_templates.styles import WRONG_COLOUR, Styles
from workbook_templates.text_width import column_points, height, line_count
from workbook_templates.wording import Wording

_say = deck(Path(__file__).parent / "copy.toml")
_KEY_WIDTH, _TEXT_WIDTH = 30, 84
_SIZE = 11.0
_SMALLEST_LAST_PAGE = 180.0  # points; less than that is pressed into the page before
_PROTECTION = {"format_columns": True, "format_rows": True}
_SIGNS = (("-", "nil"), ("…", "missing"), ("x", "closed"), ("0", "zero"), (_say("guide.signs.blank-sign"), "blank"))
_UNIT_FACTS = ("unit", "due", "receivers", "contact", "status")
_FACTS = (
    "form",
    "unit",
    "period",
    "window",
    "due",
    "receivers",
    "contact",
    "status",
    "request",
    "rows",
    "closed-heading",
)
_FIRST_FACT = 2  # sheet row
SLOTS = tuple(Slot(_say("guide.sheet"), f"B{_FIRST_FACT + _FACTS.index(name)}") for name in _UNIT_FACTS)
_COLOURS = (("input", "input"), ("prefilled", "prefilled"), ("locked", "locked"), ("shown", "shown"))


def write_guide(
    workbook: Workbook,
    style: Styles,
    order: Order,
    grid: Grid,
    lists: tuple[ListGrid, ...],
    words: Wording,
    status: Live,
) -> Worksheet:
    """The guide's sheet; its unit-dependent cells are ``SLOTS``. ``status`` is what the first sheet says of itself."""
    checks = _checks(order)
    guide = _Guide(workbook.add_worksheet(_say("guide.sheet")), style)
    guide.title(_say("guide.title", number=order.form.official_number))
    guide.rows(_facts(order, lists, words, str(status.cached)))
    guide.follow(SLOTS[-1], grid if grid.cells else lists[0], status)
    changed = changes(order.former, order.context.view) if order.former else ()
    if changed:
        guide.heading(_say("guide.changes-heading"))
        guide.rows([(str(i), one) for i, one in enumerate(changed, start=1)], key="guide sign")
    guide.heading(_say("guide.steps-heading"))
    steps = enumerate(_steps(order, grid, lists, has_checks=bool(checks)), start=1)
    guide.rows([(str(i), step) for i, step in steps], key="guide sign")
    guide.heading(_say("guide.colours-heading"))
    for colour, name in _COLOURS:
        guide.swatch(colour, _say(f"guide.colours.{name}"))
    guide.swatch("closed", _say("guide.colours.closed"), "x")
    guide.swatch("input", _say("guide.colours.wrong"), "12a", bg_color=WRONG_COLOUR)
    guide.heading(_say("guide.signs-heading"))
    guide.rows([(sign, _say(f"guide.signs.{name}")) for sign, name in _SIGNS], key="guide sign")
    guide.heading(_say("guide.columns-heading"))
    guide.rows([*_columns(grid), *(pair for one in lists for pair in list_guide.columns(one))])
    if checks:
        guide.heading(_say("guide.checks-heading"))
        guide.rows([(_say("guide.check", level=one.level.value), one.message) for one in checks])
    return guide.finished(words)


class _Guide:
    """Two columns written from top to bottom."""

    def __init__(self, sheet: Worksheet, style: Styles) -> None:
        self.sheet, self.style, self.at, self.down = sheet, style, 0, 0.0
        sheet.set_column(0, 0, _KEY_WIDTH)
        sheet.set_column(1, 1, _TEXT_WIDTH)

    def title(self, text: str) -> None:
        self.sheet.write_string(self.at, 0, text, self.style("guide title"))
        self._height(height(2, _SIZE))
        self.at += 1

    def heading(self, text: str) -> None:
        self.sheet.write_string(self.at, 0, text, self.style("guide heading", valign="bottom"))
        self._height(height(2, _SIZE))
        self.at += 1

    def rows(self, pairs: list[tuple[str, str]], key: str = "guide key") -> None:
        for name, text in pairs:
            self.sheet.write_string(self.at, 0, name, self.style(key))
            self._text(text, name)

    def follow(self, slot: Slot, grid: Grid, status: Live) -> None:
        """A cell already written repeats, live, the status line of the form's sheet."""
        self.sheet.write_formula(slot.a1, follows(grid), self.style("guide text", bold=True), status.cached)

    def swatch(self, style: str, text: str, sample: str = "1.234,5", **varying: str) -> None:
        self.sheet.write_string(self.at, 0, sample, self.style(style, align="center", locked=True, **varying))
        self._text(text)

    def _text(self, text: str, beside: str = "") -> None:
        self.sheet.write_string(self.at, 1, text, self.style("guide text"))
        taken = max(lines(text), line_count(beside, column_points(_KEY_WIDTH), _SIZE, bold=True))
        self._height(height(taken, _SIZE))
        self.at += 1

    def _height(self, points: float) -> None:
        self.sheet.set_row(self.at, points)
        self.down += points

    def finished(self, words: Wording) -> Worksheet:
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", _PROTECTION)
        self.sheet.set_portrait()
        self.sheet.set_paper(9)
        on_paper = Fit(A4_UPRIGHT, (_KEY_WIDTH, _TEXT_WIDTH))
        self.sheet.fit_to_pages(1, on_paper.pages(self.down, 0, _SMALLEST_LAST_PAGE))
        self.sheet.set_margins(**{side: mm / 25.4 for side, mm in MARGINS_MM.items()})
        self.sheet.print_area(0, 0, self.at - 1, 1)
        self.sheet.set_footer(words.footer)
        if words.header:
            self.sheet.set_header(words.header, {"margin": 0.2})
        return self.sheet


def filling_steps() -> tuple[str, ...]:
    """The steps of the first sheet that hold for every form, for guides beside it."""
    return tuple(_say(f"guide.steps.{name}") for name in ("cells", "digits", "shape"))


def follows(grid: Grid) -> str:
    """The formula that repeats the status line of a sheet."""
    return f"='{grid.sheet}'!{grid.status}"


def unit_facts(order: Order, words: Wording) -> dict[str, str]:
    """What stands in ``SLOTS``, in their order, but for the last, which repeats the status of the form's sheet."""
    return {
        "unit": words.head["unit"].partition(": ")[2],
        "due": _say("guide.due-text", time=words.time, day=words.day),
        "receivers": ", ".join(order.receivers),
        "contact": order.contact,
    }


def lines(text: str) -> int:
    """How many lines the guide gives a fact."""
    return line_count(text, column_points(_TEXT_WIDTH), _SIZE)


def _checks(order: Order) -> tuple[Rule, ...]:
    """The rules that run in the form's table or on the lines of its lists."""
    views = (order.context.view, *order.context.view.lists.values())
    met = {one for view in views for one in applicable(replace(order.context, view=view), order.rules)}
    return tuple(rule for rule in order.rules if rule in met)


def _facts(order: Order, lists: tuple[ListGrid, ...], words: Wording, status: str) -> list[tuple[str, str]]:
    first, last = (f"{day:%d/%m/%Y}" for day in order.window)
    facts = unit_facts(order, words) | {
        "form": f"{order.form.official_number} – {order.form.title}",
        "period": words.period,
        "window": _say("guide.window-text", first=first, last=last),
        "status": status,
        "request": _request(order),
        "rows": " ".join(filter(None, (_open_rows(order), list_guide.facts(lists)))),
        "closed-heading": _closed_rows(order),
    }
    return [(_say(f"guide.{name}"), facts[name]) for name in _FACTS if facts[name] or name in _UNIT_FACTS]


def _request(order: Order) -> str:
    """The document a request was born from and where it lies; empty for a periodic report."""
    behind = order.request
    if behind is None or not behind.document:
        return ""
    dated = _say("guide.request-dated", day=f"{behind.dated:%d/%m/%Y}") if behind.dated else ""
    parts = (f"{behind.document} {dated}".strip(), behind.summary, _say("guide.request-file"))
    return "; ".join(part for part in parts if part)


def _open_rows(order: Order) -> str:
    view = order.context.view
    if not view.rows:
        return ""
    counts = Counter(access for row, access in view.rows if row.kind is RowKind.DATA)
    rows = {access.value: counts[access] for access in Access}
    prefilled = sum(spec.prefill for spec in view.inputs.values())
    inputs = _say("guide.inputs-text", inputs=len(view.inputs), prefilled=prefilled) if prefilled else ""
    return f"{_say('guide.rows-text', **rows)} {inputs}".strip()


def _closed_rows(order: Order) -> str:
    closed = [row.label.strip("–- ") for row, access in order.context.view.rows if access is Access.CLOSED]
    return "; ".join(closed)


def _steps(order: Order, grid: Grid, lists: tuple[ListGrid, ...], has_checks: bool) -> list[str]:
    headings = label_headings(order.form)
    prefilled = any(spec.prefill for spec in order.context.view.inputs.values())
    has_notes = any(column.kind is CellKind.NOTE for column in grid.view.columns)
    steps = {
        "where": f"{_say('guide.steps.sheet', sheet=grid.sheet)} {_say('guide.steps.cells')}" if grid.cells else "",
        "digits": _say("guide.steps.digits"),
        "measure": _say("guide.steps.measure", measure=headings[2]) if len(headings) > 2 and grid.cells else "",
        "prefilled": _say("guide.steps.prefilled") if prefilled else "",
        "check": _say(f"guide.steps.check{'' if has_notes else '-without-notes'}") if has_checks else "",
        "shape": _say("guide.steps.shape") if grid.cells else "",
        "send": _say("guide.steps.send"),
        "submit": _say("guide.steps.submit"),
    }
    where = 1 if grid.cells else 0
    written = [step for step in steps.values() if step]
    return [*written[:where], *list_guide.steps(lists), *written[where:]]


def _columns(grid: Grid) -> list[tuple[str, str]]:
    """What each figure column is: what a person types in it, else the kind most of its cells have."""
    described: list[tuple[str, str]] = []
    for column in grid.view.columns:
        path = column.heading(grid.view.row_set.audience)
        kinds = Counter(
            (spec.kind, spec.prefill)
            for key, spec in grid.view.cells.items()
            if key.column == column.code and spec.kind is not CellKind.CLOSED
        )
        typed = [one for one in kinds if one[0].is_typed]
        kind, prefilled = max(typed or kinds, key=kinds.__getitem__, default=(CellKind.CLOSED, False))
        suffix = "-prefilled" if prefilled and kind is CellKind.INPUT else ""
        what = _say(f"guide.kinds.{kind.name.lower()}{suffix}")
        if typed and len(typed) < len(kinds):
            what = _say("guide.kinds.partly", what=what)
        number = column.number.strip("()")
        described.append((f"({number}) {path[-1]}", f"{' > '.join(path)}: {what}"))
    return described
