"""Copy decks: every Vietnamese sentence a user reads, kept in TOML files beside the room that speaks it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


class MissingCopy(KeyError):
    """The deck has no sentence under this key: a fault of ours, never of a user."""


@dataclass(frozen=True, slots=True)
class Deck:
    """Sentences by dotted key, e.g. ``deck("head.due", time="17:00")`` -> ``"trước 17:00"``."""

    name: str
    sentences: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        try:
            sentence = self.sentences[key]
        except KeyError:
            raise MissingCopy(f"{self.name}: {key}") from None
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
    """The deck in a TOML file; nested tables become dotted keys."""
    with path.open("rb") as file:
        return Deck(path.name, _flatten(tomllib.load(file)))
