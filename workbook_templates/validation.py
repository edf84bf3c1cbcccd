"""What an input accepts while it is being typed into, and what the person reads beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from registry.catalogue.forms import CellSpec, View
from registry.catalogue.model import Row, RowNature
from registry.catalogue.values import CellKey
from vietnamese.copydeck import deck
from workbook_templates.grid import Grid

_say = deck(Path(__file__).parent / "copy.toml")
_SIGNS = ("-", "–", "…", "...", "kps")
_MAY_BE_NEGATIVE = frozenset({RowNature.CUMULATIVE, RowNature.RATIO})
_TITLE_LIMIT = 32
_MESSAGE_LIMIT = 255


class Acceptance(NamedTuple):
    """What the inputs of a row have in common: one validation serves them all."""

    kind: str  # "whole", "positive" or "number": a key of the copy deck's [refusal]
    measure: str
    decimals: int


def acceptance(view: View, spec: CellSpec) -> Acceptance:
    """Counted things are whole, flows and stocks not negative; what the source only cumulates may be corrected down."""
    series = spec.series
    nature = view.definitions.indicators[series.indicator].nature if series else None
    measure = view.definitions.measures.get(spec.measure)
    kind = "number" if nature in _MAY_BE_NEGATIVE else "positive"
    if kind == "positive" and measure is not None and measure.counted and spec.decimals == 0:
        kind = "whole"
    return Acceptance(kind, spec.measure, spec.decimals)


def accepts(kind: str, address: str) -> str:
    """Excel condition under which the cell at ``address`` holds what its input accepts."""
    limits = {"number": "TRUE", "positive": f"{address}>=0", "whole": f"AND({address}>=0,{address}=INT({address}))"}
    return f"IF(ISNUMBER({address}),{limits[kind]},{is_sign(address)})"


def is_sign(address: str) -> str:
    """Excel condition under which the cell holds a sign officials type instead of a figure."""
    return "OR(" + ",".join(f'{address}="{sign}"' for sign in _SIGNS) + ")"


def validations(grid: Grid) -> list[tuple[list[str], dict[str, Any]]]:
    """(A1 of the inputs, xlsxwriter's options) for every group of inputs that share a prompt, row by row."""
    made: list[tuple[list[str], dict[str, Any]]] = []
    for row, _ in grid.view.rows:
        groups: dict[tuple[Acceptance, str], list[str]] = {}
        for column in grid.view.columns:
            key = CellKey(row.code, column.code)
            if key in grid.view.inputs:
                accepted = acceptance(grid.view, grid.view.inputs[key])
                groups.setdefault((accepted, column.hint), []).append(grid.cells[key])
        made.extend((inputs, _options(grid.view, row, *asked, inputs[0])) for asked, inputs in groups.items())
    return made


def note_validation() -> dict[str, Any]:
    """Options of the note column: any text, with a prompt."""
    return {"validate": "any", "input_title": _say("prompt.note-title"), "input_message": _say("prompt.note")}


def _options(view: View, row: Row, accepted: Acceptance, hint: str, address: str) -> dict[str, Any]:
    label = row.label.strip("–- ")
    return of_input(accepted, address, label, prompt(label, accepted, _explanation(view, row, hint)))


def of_input(accepted: Acceptance, address: str, title: str, message: str) -> dict[str, Any]:
    """Xlsxwriter's options for inputs that accept the same, the first of them at ``address``."""
    return {
        "validate": "custom",
        "value": "=" + accepts(accepted.kind, address),
        "ignore_blank": True,
        "input_title": cut(title, _TITLE_LIMIT),
        "input_message": message,
        "error_type": "stop",
        "error_title": _say("refusal.title"),
        "error_message": cut(_say(f"refusal.{accepted.kind}", measure=accepted.measure), _MESSAGE_LIMIT),
    }


def prompt(label: str, accepted: Acceptance, explanation: str) -> str:
    """What is read beside an input: label, measure and decimals, explanation as far as it fits, the signs."""
    digits = _say("prompt.fraction", decimals=accepted.decimals) if accepted.decimals else _say("prompt.whole")
    signs = _say("prompt.signs")
    message = _say(
        "prompt.figure" if accepted.measure else "prompt.figure-without-measure",
        label=label,
        measure=accepted.measure,
        decimals=digits,
        explanation=explanation,
    ).rstrip()
    return f"{cut(message, _MESSAGE_LIMIT - len(signs) - 1)}\n{signs}"


def _explanation(view: View, row: Row, hint: str) -> str:
    """What is particular to the column, then what the indicator means and how it is reckoned."""
    indicator = view.definitions.indicators.get(row.indicator or "")
    concept, method = (indicator.concept, indicator.method) if indicator else ("", "")
    said = (hint, row.note or concept, _say("prompt.method", method=method) if method not in ("", row.note) else "")
    return "\n".join(part for part in said if part)


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, shortened at a word with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;.") + "…"
