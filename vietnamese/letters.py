"""Small and capital first letters."""

from __future__ import annotations


def first_upper(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """The text with a small first letter, the rest as it is."""
    return text[:1].lower() + text[1:]
