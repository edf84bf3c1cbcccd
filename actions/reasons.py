"""What somebody writes why something is done: there is one, and it has an end."""

from __future__ import annotations

from actions.desk import Refusal

MOST = 2000  # characters


def reason_of(text: str, most: int = MOST) -> str:
    """The words, at most so many characters. Raises Refusal (none, or too many)."""
    words = text.strip()
    if not words:
        raise Refusal("reason-needed")
    if len(words) > most:
        raise Refusal("reason-too-long", most=most)
    return words
