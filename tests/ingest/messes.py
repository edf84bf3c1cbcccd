"""A catalogue of what people do to a workbook before they send it back, each with what must be said about it.

A mistake changes a returned workbook in place and answers with its outcome: the findings it must cause, each as
(code, row, column) in a person's words, and the cells whose value must differ from what was filled in.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from ingest.a1 import column_letters, join, split
from ingest.experience import Experience, Past
from ingest.model import Case, Extraction, RawCell
from ingest.reading import read_guarded
from ingest.text import LONGEST_NOTE, row_name
from registry.catalogue.forms import CellSpec, View
from registry.catalogue.measures import Measure, to_mantissa
from registry.catalogue.model import CellKind, Row, RowKind
from registry.catalogue.values import BLANK, CellKey, CellValue, State
from tests.templates import real_orders
from vietnamese.numbers import format_number
from workbook_templates.grid import CODE_COLUMN, Grid, place
from workbook_templates.order import Order
from workbook_templates.template import build

Said = tuple[str, str | None, str | None]  # code, row, column
ERRORS = ("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#SPILL!")
LOST = "c11"  # the column whose code may be erased; no other mistake is made in it
MANGLED = "Hạn hán kéo dài".encode().decode("cp1252")
NIL, LACKING = CellValue(State.NIL), CellValue(State.NOT_AVAILABLE)


@dataclass
class Outcome:
    """What must come of one mistake."""

    said: list[Said] = field(default_factory=list)
    values: dict[CellKey, CellValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """One way of going wrong; ``make`` changes the mess and answers with what must come of it."""

    name: str
    make: Callable[[Mess], Outcome]


class Nowhere(Exception):
    """There is no place left in the workbook for this mistake."""


def figure(number: int) -> CellValue:
    """So much, as it is stored."""
    return CellValue(State.VALUE, Decimal(number))


@cache
def order() -> Order:
    """A commune's monthly form; nothing is known of other periods, so that nothing can look odd."""
    return real_orders.order("KTXH-01", "24211", "202610", seed=None)


def filled(seed: int) -> dict[CellKey, CellValue]:
    """A figure in every input, of one to six digits; none that is the number of a day of these years."""
    chance = random.Random(seed)
    answers = {}
    for key, spec in order().context.view.inputs.items():
        number = Decimal(chance.randrange(1, 10 ** chance.randrange(2, 7))).scaleb(-spec.decimals)
        answers[key] = CellValue(State.VALUE, number - 5_000 if 45_000 <= number < 47_000 else number)
    return answers


@cache
def _read(seed: int) -> Extraction:
    extraction = read_guarded(build(order(), filled(seed)), "biểu.xlsx")
    assert not extraction.findings
    return extraction


class Mess:
    """A workbook that was in order until mistakes were made in it; no row is used for two of them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.extraction = _read(seed % 7)
        self.answers = filled(seed % 7)
        self.case = Case(order().unit, order().context, ())
        self.view: View = order().context.view
        self.grid: Grid = place(self.view)
        self.rows: dict[str, Row] = {row.code: row for row, _ in self.view.rows}
        self.headings = {column.code: " – ".join(column.path) for column in self.view.columns}
        self.free = {code for code, row in self.rows.items() if row.kind is not RowKind.SECTION}
        at = next(i for i, one in enumerate(self.extraction.sheets) if one.name == self.grid.sheet)
        self._at = at

    # --- places

    @property
    def cells(self) -> dict[str, RawCell]:
        return self.extraction.sheets[self._at].cells

    def take(self, *kinds: CellKind, where: Callable[[CellSpec], bool] = lambda _: True) -> CellKey:
        """A cell of one of the kinds in a row nothing was done to yet; raises Nowhere."""
        chosen = [
            key
            for key, spec in self.view.cells.items()
            if spec.kind in (kinds or (CellKind.INPUT,)) and key.row in self.free and where(spec) and key.column != LOST
        ]
        if not chosen:
            raise Nowhere
        key = self.chance.choice(chosen)
        self.free.discard(key.row)
        return key

    def take_row(self, where: Callable[[Row], bool] = lambda _: True) -> Row:
        """A row nothing was done to yet; raises Nowhere."""
        chosen = sorted(code for code in self.free if where(self.rows[code]))
        if not chosen:
            raise Nowhere
        code = self.chance.choice(chosen)
        self.free.discard(code)
        return self.rows[code]

    def spec(self, key: CellKey) -> CellSpec:
        return self.view.cells[key]

    def amount(self, key: CellKey) -> Decimal:
        number = self.answers[key].number
        assert number is not None
        return number

    def said(self, code: str, key: CellKey) -> Said:
        return code, row_name(self.rows[key.row]), self.headings[key.column]

    def of_row(self, code: str, row: Row) -> Said:
        return code, row_name(row), None

    def inputs_of(self, row: Row) -> Iterator[CellKey]:
        return (key for key in self.view.inputs if key.row == row.code)

    def knows(self, key: CellKey, number: int) -> None:
        """What was usual of a cell until now: so much each month, a little more or less."""
        spec, definitions, period = self.spec(key), self.view.definitions, self.case.context.period
        assert spec.series is not None
        one = to_mantissa(Decimal(number), definitions.measures[spec.measure], definitions.canonical(spec.series))
        before = self.case.experience or Experience()
        past = Past.of({period.ordinal - back: one + one * (back % 3) // 10 for back in range(2, 14)})
        self.case = replace(self.case, experience=replace(before, past={**before.past, key: past}))

    # --- edits

    def put(self, key: CellKey, kind: str, raw: str, **more: str | None) -> None:
        address = self.grid.cells[key]
        kept = self.cells.get(address)
        number_format = more.pop("number_format", None) or (kept.number_format if kept else "")
        font = more.pop("font", None) or (kept.font if kept else "")
        self.at(address, RawCell(address, kind, raw, number_format=number_format, font=font, **more))  # type: ignore[arg-type]

    def at(self, address: str, cell: RawCell | None) -> None:
        cells = dict(self.cells)
        cells.pop(address, None)
        if cell is not None:
            cells[address] = cell
        self.with_sheet(cells=cells)

    def text_at(self, address: str, text: str) -> None:
        self.at(address, self.cells[address]._replace(raw=text, runs=()))

    def with_sheet(self, **changes: object) -> None:
        sheets = list(self.extraction.sheets)
        sheets[self._at] = replace(sheets[self._at], **changes)  # type: ignore[arg-type]
        self.extraction = replace(self.extraction, sheets=tuple(sheets))

    def label_of(self, row: Row) -> str:
        return dict(self.grid.labels)[row.code][1]

    def measure_of(self, row: Row) -> str:
        return dict(self.grid.labels)[row.code][2]

    def code_of(self, row: Row) -> str:
        return join(self.grid.rows[row.code], CODE_COLUMN)


# --- one cell typed otherwise


def typed(
    write: Callable[[Mess, CellKey], str],
    code: str | None,
    where: Callable[[CellSpec], bool] = lambda _: True,
    value: CellValue | None = None,
) -> Callable[[Mess], Outcome]:
    """A text in an input; ``value`` None = the figure is understood all the same."""

    def make(mess: Mess) -> Outcome:
        key = mess.take(where=where)
        mess.put(key, "s", write(mess, key))
        return Outcome([mess.said(code, key)] if code else [], {} if value is None else {key: value})

    return make


def stored(
    write: Callable[[Mess, CellKey], tuple[str, str]],
    code: str,
    where: Callable[[CellSpec], bool] = lambda _: True,
    value: CellValue | None = None,
    **more: str,
) -> Callable[[Mess], Outcome]:
    """An input as the file holds it: (kind, raw)."""

    def make(mess: Mess) -> Outcome:
        key = mess.take(where=where)
        kind, raw = write(mess, key)
        mess.put(key, kind, raw, **more)
        return Outcome([mess.said(code, key)], {} if value is None else {key: value})

    return make


def whole(spec: CellSpec) -> bool:
    return spec.decimals == 0


def broken(spec: CellSpec) -> bool:
    return spec.decimals > 0


def counted(spec: CellSpec) -> bool:
    return spec.decimals == 0 and _measure(spec).counted


def money(spec: CellSpec) -> bool:
    return spec.measure == "triệu đồng"


def not_percent(spec: CellSpec) -> bool:
    return spec.measure not in ("%", "điểm %")


def _measure(spec: CellSpec) -> Measure:
    return order().context.view.definitions.measures[spec.measure]


def vietnamese(mess: Mess, key: CellKey) -> str:
    return format_number(mess.amount(key), mess.spec(key).decimals)


def spaced(mess: Mess, key: CellKey) -> str:
    blank = mess.chance.choice(" \u00a0\u2009\u202f")
    return vietnamese(mess, key).replace(".", blank)


def full_width(mess: Mess, key: CellKey) -> str:
    return vietnamese(mess, key).replace(".", "").translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


def plain(mess: Mess, key: CellKey) -> str:
    return f"{mess.amount(key):f}".replace(".", ",")


def with_unit(mess: Mess, key: CellKey) -> str:
    return f"{plain(mess, key)} {mess.spec(key).measure}"


def holds(kind: str, raw: str) -> Callable[[Mess, CellKey], tuple[str, str]]:
    """What the file holds, whatever the figure was."""
    return lambda mess, key: (kind, raw)


def unscaled(spec: CellSpec) -> bool:
    return spec.measure in ("người", "hộ", "ha", "con", "tấn")


def a_day(mess: Mess) -> Outcome:
    """A day typed among figures, kept as its number: asked about, for the cell never held a figure of that size."""
    key = mess.take(where=whole)
    mess.knows(key, 12)
    mess.put(key, "n", "46240", number_format="#,##0")
    return Outcome([mess.said("number-may-be-day", key)], {key: figure(46240)})


def no_day(mess: Mess) -> Outcome:
    """The same figure where such figures are usual: nothing to say."""
    key = mess.take(where=whole)
    mess.knows(key, 46_000)
    mess.put(key, "n", "46240", number_format="#,##0")
    return Outcome([], {key: figure(46240)})


def rounded_away(mess: Mess) -> Outcome:
    """More digits behind the comma than the form asks: rounded, and said."""
    key = mess.take(where=broken)
    mess.put(key, "n", f"{mess.amount(key):f}4")
    return Outcome([mess.said("number-rounded", key)])


def from_formula(mess: Mess) -> Outcome:
    """An input that is a formula with its result: the result counts."""
    key = mess.take()
    mess.put(key, "n", f"{mess.amount(key):f}", formula="1+1")
    return Outcome([mess.said("number-from-formula", key)])


def blank(mess: Mess) -> Outcome:
    """An input left empty: one line says how many."""
    key = mess.take()
    mess.at(mess.grid.cells[key], None)
    return Outcome([("judge-blank-cells", None, None)], {key: BLANK})


# --- signs: nothing to say


def hidden_figure(mess: Mess) -> Outcome:
    """A format that shows nothing: the figure counts, and is pointed at."""
    key = mess.take()
    mess.put(key, "n", f"{mess.amount(key):f}", number_format=";;;")
    return Outcome([mess.said("number-hidden", key)])


def signed(text: str, value: CellValue) -> Callable[[Mess], Outcome]:
    """One of the signs staff use (F10)."""

    def make(mess: Mess) -> Outcome:
        key = mess.take()
        mess.put(key, "s", text)
        return Outcome([], {key: value})

    return make


# --- rows


def row_deleted(mess: Mess) -> Outcome:
    row = mess.take_row(lambda one: any(mess.inputs_of(one)))
    gone = mess.grid.rows[row.code]
    mess.with_sheet(cells={a1: cell for a1, cell in mess.cells.items() if _row_of(a1) != gone})
    return Outcome([mess.of_row("anchor-row-missing", row)], dict.fromkeys(mess.inputs_of(row), BLANK))


def code_erased(mess: Mess) -> Outcome:
    labels = [row.label for row in mess.rows.values()]
    row = mess.take_row(lambda one: labels.count(one.label) == 1)
    mess.at(mess.code_of(row), None)
    return Outcome([mess.of_row("anchor-row-by-label", row)])


def row_copied_below(mess: Mess) -> Outcome:
    row = mess.take_row()
    below = mess.grid.last_row + 2 + len(mess.rows) - len(mess.free)
    address = join(below, CODE_COLUMN)
    mess.at(address, mess.cells[mess.code_of(row)]._replace(a1=address))
    return Outcome([mess.of_row("anchor-duplicate-row", row)])


def label_reworded(mess: Mess) -> Outcome:
    row = mess.take_row()
    mess.text_at(mess.label_of(row), f"{row.label} và các loại khác")
    return Outcome([mess.of_row("anchor-label-changed", row)])


def label_of_another(mess: Mess) -> Outcome:
    row, other = mess.take_row(), mess.take_row()
    if row.label == other.label:
        raise Nowhere
    mess.text_at(mess.label_of(row), other.label)
    return Outcome([mess.of_row("anchor-label-moved", row)])


def label_in_capitals(mess: Mess) -> Outcome:
    row = mess.take_row()
    mess.text_at(mess.label_of(row), f"  {row.label.upper()} ")
    return Outcome()


def measure_of_another_kind(mess: Mess) -> Outcome:
    row = mess.take_row(lambda one: any(mess.inputs_of(one)) and (one.commune_measure or one.measure) != "lượt")
    mess.text_at(mess.measure_of(row), "lượt")
    return Outcome([mess.of_row("measure-changed", row)])


def measure_of_another_scale(mess: Mess) -> Outcome:
    row = mess.take_row(lambda one: any(map(money, (mess.spec(key) for key in mess.inputs_of(one)))))
    mess.text_at(mess.measure_of(row), "Tỷ đồng")
    scaled = [key for key in mess.inputs_of(row) if money(mess.spec(key))]
    values = {key: CellValue(State.VALUE, mess.amount(key) * 1000) for key in scaled}
    return Outcome([mess.of_row("measure-row-converted", row)], values)


def heading_reworded(mess: Mess) -> Outcome:
    column = mess.chance.choice(mess.view.columns)
    letters = column_letters(mess.grid.columns[column.code])
    lowest = max(row for row in range(1, mess.grid.code_row) if f"{letters}{row}" in mess.cells)
    mess.text_at(f"{letters}{lowest}", "Số liệu")
    return Outcome([("anchor-heading-changed", None, " – ".join(column.heading(mess.view.row_set.audience)))])


def rows_hidden(mess: Mess) -> Outcome:
    mess.with_sheet(
        hidden_rows=tuple(mess.grid.rows[code] for code in mess.free if any(mess.inputs_of(mess.rows[code])))
    )
    return Outcome([("anchor-hidden-rows", None, None)])


# --- cells nobody should type in


def computed_overwritten(mess: Mess) -> Outcome:
    key = mess.take(CellKind.COMPUTED)
    mess.put(key, "n", "987654321")
    return Outcome([mess.said("anchor-formula-overwritten", key)])


def looked_up_changed(mess: Mess) -> Outcome:
    key = mess.take(CellKind.SAME_PERIOD, CellKind.PLAN, CellKind.CUMULATIVE_SAME_PERIOD)
    mess.put(key, "n", "987654321")
    return Outcome([mess.said("anchor-locked-changed", key)])


def closed_typed(mess: Mess) -> Outcome:
    key = mess.take(CellKind.CLOSED)
    mess.put(key, "n", "5")
    return Outcome([mess.said("anchor-closed-cell", key)])


# --- notes


def noted(
    text: str, code: str | None, kept: str | None, font: str = "Times New Roman", kind: str = "s"
) -> Callable[[Mess], Outcome]:
    """A note cell; ``kept`` None = whatever is kept of it."""

    def make(mess: Mess) -> Outcome:
        key = mess.take(CellKind.NOTE)
        mess.put(key, kind, text, font=font)
        values = {} if kept is None else {key: CellValue(State.VALUE, text=kept)}
        return Outcome([mess.said(code, key)] if code else [], values)

    return make


# --- the sheet


def rows_sorted(mess: Mess) -> Outcome:
    """The rows of the table in another order, codes and all."""
    first, last = min(mess.grid.rows.values()), mess.grid.last_row
    places = list(range(first, last + 1))
    mess.chance.shuffle(places)
    moved = dict(zip(range(first, last + 1), places, strict=True))
    _move(mess, lambda row, column: (moved.get(row, row), column))
    return Outcome()


def rows_inserted(mess: Mess) -> Outcome:
    """Empty rows put in above the table, and a row with a figure within it."""
    at = mess.chance.randrange(min(mess.grid.rows.values()) + 1, mess.grid.last_row)
    _move(mess, lambda row, column: (row + (row >= at), column))
    address = join(at, mess.grid.columns["c06"])
    mess.at(address, RawCell(address, "n", "5"))
    return Outcome([("anchor-extra-row", None, None)])


def column_inserted(mess: Mess) -> Outcome:
    at = mess.grid.columns["c06"]
    row = mess.take_row().code
    _move(mess, lambda line, column: (line, column + (column >= at)))
    address = join(mess.grid.rows[row], at)
    mess.at(address, RawCell(address, "n", "5"))
    return Outcome([("anchor-extra-column", None, None)])


def columns_swapped(mess: Mess) -> Outcome:
    one, other = mess.grid.columns["c05"], mess.grid.columns["c06"]
    swapped = {one: other, other: one}
    _move(mess, lambda row, column: (row, swapped.get(column, column)))
    return Outcome()


def column_code_erased(mess: Mess) -> Outcome:
    mess.at(join(mess.grid.code_row, mess.grid.columns[LOST]), None)
    return Outcome([("anchor-column-missing", None, mess.headings[LOST])])


def sheet_renamed(mess: Mess) -> Outcome:
    mess.with_sheet(name="Sheet1 (sửa)")
    return Outcome()


def sheet_copied(mess: Mess) -> Outcome:
    sheet = mess.extraction.sheets[mess._at]
    mess.extraction = replace(mess.extraction, sheets=(*mess.extraction.sheets, replace(sheet, name="Bản sao")))
    return Outcome([("anchor-sheet-copied", None, None)])


def into_another_workbook(mess: Mess) -> Outcome:
    sheets = tuple(one for one in mess.extraction.sheets if one.name != "_meta")
    mess.extraction = replace(mess.extraction, sheets=sheets, properties={})
    mess._at = next(i for i, one in enumerate(sheets) if mess.grid.identity in one.cells)
    return Outcome([("identity-copied-sheet", None, None)])


def unlocked(mess: Mess) -> Outcome:
    mess.with_sheet(protected=False)
    return Outcome([("anchor-protection-missing", None, None)])


def _row_of(address: str) -> int:
    return split(address)[0]


def _move(mess: Mess, where: Callable[[int, int], tuple[int, int]]) -> None:
    moved = {}
    for address, cell in mess.cells.items():
        at = join(*where(*split(address)))
        moved[at] = cell._replace(a1=at)
    mess.with_sheet(cells=moved)


CELL_MISTAKES = (
    Mistake("figure typed as text", typed(vietnamese, "number-converted", whole)),
    Mistake("figure with decimals typed as text", typed(plain, "number-converted", broken)),
    Mistake("figure grouped by blanks", typed(spaced, "number-converted", whole)),
    Mistake("full-width digits", typed(full_width, "number-converted", whole)),
    Mistake("unit behind the figure", typed(with_unit, "number-converted")),
    Mistake("blanks around the figure", typed(lambda m, k: f"\u00a0 {plain(m, k)} ", "number-converted")),
    Mistake("plus sign", typed(lambda m, k: f"+{plain(m, k)}", "number-converted")),
    Mistake("zero-width blank", typed(lambda m, k: f"\u200b{plain(m, k)}", "number-converted")),
    Mistake("words for a figure", typed(lambda *_: "khoảng mười", "number-is-text", value=BLANK)),
    Mistake("a remark for a figure", typed(lambda *_: "xem ghi chú", "number-is-text", value=BLANK)),
    Mistake("a range", typed(lambda *_: "5-7", "number-is-range", value=BLANK)),
    Mistake("a date in words", typed(lambda *_: "01/05/2026", "number-is-date", value=BLANK)),
    Mistake("no such day", typed(lambda *_: "31/02/2026", "number-is-date", value=BLANK)),
    Mistake("separators in disorder", typed(lambda *_: "12.5.3", "number-is-text", value=BLANK)),
    Mistake("percent of what is none", typed(lambda *_: "5%", "measure-clash", not_percent, BLANK)),
    Mistake("x in an open cell", typed(lambda *_: "x", "number-closed-sign", value=BLANK)),
    Mistake(
        "a point that can only be of thousands", typed(lambda *_: "1.234", "number-converted", broken, figure(1234))
    ),
    Mistake("billions in a cell of millions", typed(lambda *_: "5 tỷ", "measure-converted", money, figure(5000))),
    Mistake("hundreds in words", typed(lambda *_: "9 trăm", "measure-converted", unscaled, figure(900))),
    Mistake("a thousand and a half", typed(lambda *_: "1 nghìn rưỡi", "measure-converted", unscaled, figure(1500))),
    Mistake("hundreds of nobody knows what", typed(lambda *_: "9 trăm", "measure-clash", money, BLANK)),
    Mistake("a billion and a half", typed(lambda *_: "1 tỷ rưỡi", "measure-converted", money, figure(1500))),
    Mistake("a day among figures", a_day),
    Mistake("a figure that is a day's number", no_day),
    Mistake("a scientific notation", typed(lambda *_: "1E+05", "number-exponent", value=BLANK)),
    Mistake("about so many", typed(lambda *_: "~100", "number-is-rough", value=BLANK)),
    Mistake("a minus on either side", typed(lambda *_: "12-", "number-sign-unclear", value=BLANK)),
    Mistake(
        "a decimal Excel took for a day",
        stored(holds("n", "46143"), "number-date-from-decimal", broken, BLANK, number_format="dd/mm"),
    ),
    Mistake("a figure nobody can see", hidden_figure),
    Mistake("not a number at all", typed(lambda *_: "NaN", "number-is-text", value=BLANK)),
    Mistake("a date Excel made", stored(holds("n", "30000"), "number-is-date", value=BLANK, number_format="dd/mm")),
    Mistake("an ISO date", stored(holds("d", "2026-05-01"), "number-is-date", value=BLANK)),
    Mistake("an error", stored(lambda m, _: ("e", m.chance.choice(ERRORS)), "number-error-cell", value=BLANK)),
    Mistake("a formula never computed", stored(holds("", ""), "number-not-calculated", value=BLANK, formula="A1")),
    Mistake("true", stored(holds("b", "1"), "number-is-text", value=BLANK)),
    Mistake("half a person", stored(holds("n", "12.5"), "number-not-whole", counted, BLANK)),
    Mistake("less than nothing", stored(holds("n", "-12"), "number-negative", whole, BLANK)),
    Mistake("beyond measure", stored(holds("n", "1E+308"), "number-too-big", value=BLANK)),
    Mistake("percent format", stored(holds("n", "0.125"), "measure-percent", not_percent, BLANK, number_format="0.0%")),
    Mistake("too many decimals", rounded_away),
    Mistake("a formula with its result", from_formula),
    Mistake("left blank", blank),
    Mistake("a dash", signed("–", NIL)),
    Mistake("KPS", signed("KPS", NIL)),
    Mistake("nothing occurred", signed("Không phát sinh", NIL)),
    Mistake("not known yet", signed("chưa có", LACKING)),
    Mistake("three dots", signed("...", LACKING)),
    Mistake("row deleted", row_deleted),
    Mistake("row code erased", code_erased),
    Mistake("row copied", row_copied_below),
    Mistake("label reworded", label_reworded),
    Mistake("label of another row", label_of_another),
    Mistake("label in capitals", label_in_capitals),
    Mistake("measure of another kind", measure_of_another_kind),
    Mistake("measure of another scale", measure_of_another_scale),
    Mistake("told in two measures", typed(lambda *_: "1 tỷ 051 triệu", "measure-converted", money, figure(1051))),
    Mistake("computed cell overwritten", computed_overwritten),
    Mistake("looked-up cell changed", looked_up_changed),
    Mistake("closed cell typed in", closed_typed),
    Mistake("note in good order", noted("Do mưa lũ", None, "Do mưa lũ")),
    Mistake("note in composed letters", noted("Ha\u0323n ha\u0301n", "text-composed", "Hạn hán")),
    Mistake("note in TCVN3", noted("H¹n h¸n kÐo dµi", "text-converted", "Hạn hán kéo dài", ".VnTime")),
    Mistake("note in VNI", noted("Haïn haùn keùo daøi", "text-converted", "Hạn hán kéo dài", "VNI-Times")),
    Mistake("note in TCVN3 in a Unicode font", noted("H¹n h¸n kÐo dµi", "text-converted", "Hạn hán kéo dài")),
    Mistake("note in mangled UTF-8", noted(MANGLED, "text-converted", "Hạn hán kéo dài")),
    Mistake("note in Ê Đê", noted("Buôn Čuôr Knia, Y Ƀhăm Mlô", None, "Buôn Čuôr Knia, Y Ƀhăm Mlô")),
    Mistake("note with an error", noted("#N/A", "text-error-cell", None, kind="e")),
    Mistake("note without end", noted("a" * (LONGEST_NOTE + 1), "text-too-long", None)),
)
SHEET_MISTAKES = (
    Mistake("rows sorted", rows_sorted),
    Mistake("row put in", rows_inserted),
    Mistake("column put in", column_inserted),
    Mistake("columns swapped", columns_swapped),
    Mistake("column code erased", column_code_erased),
    Mistake("sheet renamed", sheet_renamed),
    Mistake("sheet copied", sheet_copied),
    Mistake("sheet into another workbook", into_another_workbook),
    Mistake("unlocked", unlocked),
    Mistake("heading reworded", heading_reworded),
    Mistake("rows hidden", rows_hidden),
)
