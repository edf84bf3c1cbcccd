"""Copy decks: every Vietnamese sentence a user reads, kept in TOML files beside the room that speaks it.

``copy.en.toml`` beside ``copy.toml`` says the same in English as far as it goes; the rest is said in Vietnamese.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

VIETNAMESE = "vi"
_spoken: ContextVar[str] = ContextVar("spoken", default=VIETNAMESE)


class MissingCopy(KeyError):
    """The deck has no sentence under this key: a fault of ours, never of a user."""


@dataclass(frozen=True, slots=True)
class Deck:
    """Sentences by dotted key, e.g. ``deck("head.due", time="17:00")`` -> ``"trước 17:00"``.

    ``translations`` has, by language (``"en"``), those sentences of the deck that were translated.
    """

    name: str
    sentences: dict[str, str]
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        try:
            sentence = self.sentences[key]
        except KeyError:
            raise MissingCopy(f"{self.name}: {key}") from None
        if self.translations:
            sentence = self.translations.get(_spoken.get(), {}).get(key, sentence)
        return sentence.format(**values) if values else sentence

    def __contains__(self, key: str) -> bool:
        return key in self.sentences


def _flatten(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = str(value)
    return flat


@cache
def deck(path: Path) -> Deck:
    """The deck in a TOML file, with what translations lie beside it; nested tables become dotted keys."""
    beside = {other.suffixes[0].lstrip("."): _read(other) for other in path.parent.glob(f"{path.stem}.*{path.suffix}")}
    return Deck(path.name, _read(path), beside)


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return _flatten(tomllib.load(file))


def spoken() -> str:
    """The language decks speak here: ``"vi"`` unless `speak` said otherwise."""
    return _spoken.get()


def speak(language: str) -> None:
    """From here on, in this thread, have every deck speak this language as far as it can."""
    _spoken.set(language)
