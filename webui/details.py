"""What an entry of the audit log keeps besides its object, in words: units and people by name, cells, days, moments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from actions.desk import say as told
from registry.catalogue.model import Unit
from registry.periods import BadPeriodCode
from registry.workflow.account_rules import BOUNDS
from vietnamese.dates import format_date, format_due, format_moment
from webui.wording import period_words, say

_HASH = 64  # digits
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_UNITS = {"unit", "units", "staying", "acting"}
_PEOPLE = {"person", "people", "from person", "to person"}
_COUNTED = {"units", "people"}  # or how many
_WORDS = {"role": "role", "roles": "role", "before": "role", "after": "role", "standing": "standing"}
_TYPED = {"reason", "text", "document", "subject", "name", "label", "behalf", "field", "who"}  # as people wrote it


class Details:
    """The details of entries, for one reader."""

    def __init__(self, units: Mapping[int, Unit], people: Mapping[int, str]) -> None:
        self._units: dict[object, str] = {key: unit.name for key, unit in units.items()}
        self._units |= {unit.code: unit.name for unit in units.values()}
        self._people = people

    def told(self, detail: str) -> Iterable[tuple[str, str]]:
        """Each by its name, of a detail as the log keeps it; what was left empty is not told."""
        for name, value in json.loads(detail).items():
            is_count = name in _COUNTED and isinstance(value, int)
            if text := str(value) if is_count else self._value(name, value):
                yield _name(name), text

    def _value(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, dict):
            return "; ".join(f"{self._key(name, key)}: {self._value(name, one)}" for key, one in value.items())
        if isinstance(value, list):
            told = (_cell(one) if _is_cell(name, one) else self._value(name, one) for one in value)
            return ("; " if name == "cells" else ", ").join(one for one in told if one)
        if name in _UNITS:
            return self._units.get(value) or _text(name, str(value))
        if name in _PEOPLE and isinstance(value, int):
            return self._people.get(value, str(value))
        return _text(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def _key(self, name: str, key: str) -> str:
        return self._people.get(int(key), key) if name in _PEOPLE and key.isdigit() else _name(key)


def _name(key: str) -> str:
    if key in BOUNDS:
        return told(f"account-rule.{key}")
    words = f"detail.{key.replace(' ', '_')}"
    return say(words) if words in say else key


def _is_cell(name: str, value: object) -> bool:
    return name == "cells" and isinstance(value, list) and len(value) == 3


def _cell(value: list[Any]) -> str:
    row, column, line = value
    said = say("log.cell", row=row, column=column)
    return said if line is None else say("log.cell-of-line", cell=said, line=line)


def _text(name: str, text: str) -> str:
    if name in _TYPED:
        return text
    for words in (f"{_WORDS[name]}.{text}" if name in _WORDS else "", f"detail-value.{text}"):
        if words in say:
            return say(words)
    if name == "period":
        return _period(text)
    if _MOMENT.fullmatch(text):
        return (format_due if name == "due" else format_moment)(datetime.fromisoformat(text))
    if _DAY.fullmatch(text):
        return format_date(date.fromisoformat(text))
    return f"{text[:12]}…" if len(text) == _HASH and " " not in text else text


def _period(code: str) -> str:
    try:
        return period_words(code)
    except BadPeriodCode:
        return code
