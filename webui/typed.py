"""What arrives in addresses and forms, before any page reads it: letters that can be kept, numbers that fit a key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

_NUMBER = re.compile("[0-9]{1,9}")
# What neither PostgreSQL (NUL) nor the XML of documents (the others) can hold.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_number(text: str) -> int:
    """A key, version, year or count: at most nine digits, as many as fit a key of the database. Raises ValueError."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(text[:20])
    return int(text)


def numbers_in(texts: Iterable[str]) -> set[int]:
    """The numbers among some texts; what is none chooses nothing."""
    return {int(one) for one in texts if _NUMBER.fullmatch(one)}


def numbered(fields: Iterable[str], prefix: str) -> set[int]:
    """The numbers behind a prefix in the names of fields: "muc-3" is 3."""
    return numbers_in(name.removeprefix(prefix) for name in fields if name.startswith(prefix))


class Values(ImmutableMultiDict[str, Any]):
    """Fields and their texts, with a space for each letter that cannot be kept; files as they are."""

    def __init__(self, sent: Any = ()) -> None:
        pairs = sent.items(multi=True) if isinstance(sent, ImmutableMultiDict) else sent
        super().__init__([(_kept(name), _kept(value)) for name, value in pairs])


class Arrived(Request):
    """A request whose address and form hold nothing but what can be kept."""

    parameter_storage_class = Values


class Key(IntegerConverter):
    """A number in an address, small enough for a key of the database; any longer one is not there."""

    regex = _NUMBER.pattern


class Name(UnicodeConverter):
    """A code or name in an address; what cannot be kept names nothing."""

    def to_python(self, value: str) -> str:
        """The same; raises ValidationError."""
        if _UNKEPT.search(value):
            raise ValidationError
        return value


def _kept(value: Any) -> Any:
    return _UNKEPT.sub(" ", value) if isinstance(value, str) else value
