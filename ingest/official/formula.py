"""Formulas of a spreadsheet and hints of a heading, in the rule language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest.a1 import column_number

_TOKENS = re.compile(
    r"\s*(?:(?P<range>\$?[A-Z]{1,3}\$?\d{1,7}:\$?[A-Z]{1,3}\$?\d{1,7})|(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?![\w(!])"
    r"|(?P<name>[A-Z]{2,12})\(|(?P<number>\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\")|(?P<sign><=|>=|<>|[-+*/(),%<>=]))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
_HINT_TOKENS = re.compile(
    r"\s*(?:\((?P<bracketed>\d{1,3})\)|\[(?P<squared>\d{1,3})\]|(?P<plain>\d{1,3})|(?P<sign>[-+−–*xX×/:÷()%]))"
)
_SIGNS = {"−": "-", "–": "-", "x": "*", "X": "*", "×": "*", ":": "/", "÷": "/"}
_LONGEST = 600


class NotOurs(ValueError):
    """A formula with something the rule language has no word for."""


# --- hints -----------------------------------------------------------------------------------------------------------


def of_hint(hint: str, codes: Mapping[str, str]) -> str:
    """``(5)+(6)``, ``5+6``, ``15/13*100`` in codes of columns; raises NotOurs.

    A bare number is a column; 100 after a multiplication sign is a hundred.
    """
    parts: list[str] = []
    position, text = 0, hint.strip().rstrip("=.;, ")
    while position < len(text):
        token = _HINT_TOKENS.match(text, position)
        if token is None:
            raise NotOurs(hint)
        position = token.end()
        parts.append(_hint_part(token, parts, codes, hint))
    if parts and parts[-1] == "%":
        parts = [*parts[:-1], "*", "100"]
    if not any(part.startswith(("(c", "(")) for part in parts) or "%" in parts:
        raise NotOurs(hint)
    return _spaced(parts)


def _hint_part(token: re.Match[str], parts: list[str], codes: Mapping[str, str], hint: str) -> str:
    if token["sign"]:
        return _SIGNS.get(token["sign"], token["sign"])
    number = token["bracketed"] or token["squared"] or token["plain"]
    if token["plain"] and number == "100" and parts and parts[-1] in "*/":
        return "100"
    if number not in codes:
        raise NotOurs(hint)
    return f"({codes[number]})"


def _spaced(parts: list[str]) -> str:
    text = ""
    for place, part in enumerate(parts):
        is_operator = part in ("+", "-", "*", "/") and place > 0 and parts[place - 1] not in ("(", "+", "-", "*", "/")
        text += f" {part} " if is_operator else part
    return text


# --- formulas of Excel -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """What the cells of a table are called in the rule language."""

    rows: Mapping[int, str]  # row of the sheet -> code
    columns: Mapping[int, str]  # column of the sheet -> code

    def translated(self, formula: str, row: int, column: int) -> str:
        """The formula of a cell: references in its row name only columns, in its column only rows. Raises NotOurs."""
        if len(formula) > _LONGEST:
            raise NotOurs(formula)
        return _Translator(self, formula, row, column).whole()


class _Translator:
    """Recursive descent over Excel's formula, writing the rule language."""

    def __init__(self, ground: Ground, formula: str, row: int, column: int) -> None:
        self.ground, self.formula, self.row, self.column = ground, formula, row, column
        self.tokens = self._split(formula)
        self.position = 0
        self.depth = 0

    def _split(self, formula: str) -> list[tuple[str, str]]:
        tokens, position = [], 0
        text = formula.strip().lstrip("=")
        while position < len(text.rstrip()):
            token = _TOKENS.match(text, position)
            if token is None or token.lastgroup is None:
                raise NotOurs(formula)
            tokens.append((token.lastgroup, token[token.lastgroup]))
            position = token.end()
        return tokens

    def whole(self) -> str:
        text = self._sum()
        if self.position != len(self.tokens):
            raise NotOurs(self.formula)
        return text

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "")

    def _take(self, *wanted: str) -> str:
        kind, text = self._peek()
        if wanted and text not in wanted:
            raise NotOurs(self.formula)
        self.position += 1
        return text if kind else ""

    def _sum(self) -> str:
        self.depth += 1
        if self.depth > 30:
            raise NotOurs(self.formula)
        text = self._product()
        while self._peek()[1] in ("+", "-"):
            text = f"{text} {self._take()} {self._product()}"
        self.depth -= 1
        return text

    def _product(self) -> str:
        text = self._single()
        while self._peek()[1] in ("*", "/"):
            text = f"{text} {self._take()} {self._single()}"
        return text

    def _single(self) -> str:
        kind, text = self._peek()
        self.position += 1
        if text == "-":
            return f"-{self._single()}"
        if text == "+":
            return self._single()
        if text == "(":
            inner = self._sum()
            self._take(")")
            is_single = inner.startswith("(") and inner.endswith(")") and inner.count("(") == 1
            return inner if is_single else f"({inner})"
        if kind == "number":
            return self._number(text)
        if kind == "cell":
            return self._cell(text)
        if kind == "name":
            return self._call(text.upper())
        raise NotOurs(self.formula)

    def _number(self, text: str) -> str:
        if self._peek()[1] == "%":
            self.position += 1
            return f"{text.replace('.', ',')} / 100"
        return text.replace(".", ",")

    def _cell(self, text: str) -> str:
        row, column = _place(text)
        code = self.ground.columns.get(column)
        if code is None:
            raise NotOurs(self.formula)
        if row == self.row and column != self.column:
            return f"({code})"
        if row == self.row or row not in self.ground.rows:
            raise NotOurs(self.formula)
        return f"[{self.ground.rows[row]}]" + ("" if column == self.column else f".({code})")

    # functions

    def _call(self, name: str) -> str:
        known: dict[str, Callable[[], str]] = {
            "SUM": self._sum_of,
            "IFERROR": self._first_argument,
            "IF": self._guarded,
            "ROUND": self._rounded,
            "ABS": lambda: f"ABS({self._closed()})",
        }
        if name not in known:
            raise NotOurs(self.formula)
        return known[name]()

    def _closed(self) -> str:
        inner = self._sum()
        self._take(")")
        return inner

    def _sum_of(self) -> str:
        start = self.position - 1
        parts: list[str] = []
        while True:
            kind, text = self._peek()
            if kind == "range":
                self.position += 1
                parts.append(self._range(text))
            else:
                parts.append(self._sum())
            if self._take(",", ")") == ")":
                break
        return self._inlined(start, " + ".join(parts))

    def _inlined(self, start: int, text: str) -> str:
        """What stood in a call, in parentheses where more stands around the call."""
        is_alone = start == 0 and self.position == len(self.tokens)
        return text if is_alone or " " not in text or text.startswith("SUM(") else f"({text})"

    def _range(self, text: str) -> str:
        first, _, last = text.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last)
        if top == bottom == self.row:
            codes = [self.ground.columns.get(column) for column in range(left, right + 1)]
            named = [f"({code})" for code in codes if code]
            if not named or left <= self.column <= right:
                raise NotOurs(self.formula)
            return " + ".join(named)
        rows = [code for row, code in sorted(self.ground.rows.items()) if top <= row <= bottom]
        if left != right or left not in self.ground.columns or not rows or top <= self.row <= bottom:
            raise NotOurs(self.formula)
        column = "" if left == self.column else f".({self.ground.columns[left]})"
        return f"SUM([{rows[0]}]:[{rows[-1]}]{column})"

    def _first_argument(self) -> str:
        """IFERROR(x, ...): the language gives nothing where nothing can be computed."""
        start = self.position - 1
        inner = self._sum()
        self._skip_to_end()
        return self._inlined(start, inner)

    def _skip_to_end(self) -> None:
        level = 1
        while level:
            kind, text = self._peek()
            if not kind:
                raise NotOurs(self.formula)
            level += (text == "(" or kind == "name") - (text == ")")
            self.position += 1

    def _guarded(self) -> str:
        """IF(D7=0, "", x) and its kin: x."""
        start, level = self.position - 1, 0
        while (text := self._peek()[1]) != "," or level:
            if not text:
                raise NotOurs(self.formula)
            level += (text == "(" or self._peek()[0] == "name") - (text == ")")
            self.position += 1
        self.position += 1
        kind, text = self._peek()
        if kind == "text" or text == "0":
            self.position += 1
            self._take(",")
            return self._inlined(start, self._closed())
        inner = self._sum()
        self._take(",")
        if self._peek()[0] != "text" and self._peek()[1] != "0":
            raise NotOurs(self.formula)
        self._skip_to_end()
        return self._inlined(start, inner)

    def _rounded(self) -> str:
        inner = self._sum()
        self._take(",")
        kind, places = self._peek()
        if kind != "number" or not places.isdecimal():
            raise NotOurs(self.formula)
        self.position += 1
        self._take(")")
        return f"ROUND({inner}; {places})"


def _place(text: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(text)
    if found is None:
        raise NotOurs(text)
    return int(found[2]), column_number(found[1])
