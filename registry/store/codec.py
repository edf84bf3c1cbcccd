"""Frozen dataclasses to and from JSON; the canonical form is what every hash of ours is taken over."""

from __future__ import annotations

import hashlib
import zlib
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def _encode_other(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(type(value))


def _decode_other(kind: type, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)


def plain(value: object) -> Any:
    """Dataclasses, enums, decimals, dates and sets as JSON's own types; sets sorted, 2.50 and 2.5 alike."""
    return _alike(msgspec.to_builtins(value, enc_hook=_encode_other, order="deterministic", builtin_types=(Decimal,)))


def _alike(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _alike(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_alike(one) for one in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def revive(kind: type[T], value: Any) -> T:
    """The inverse of `plain`; raises msgspec.ValidationError when the JSON is not of that kind."""
    return msgspec.convert(value, kind, dec_hook=_decode_other, strict=False)


def canonical(value: object) -> bytes:
    """One byte string per value: sorted, without spaces."""
    return msgspec.json.encode(plain(value), order="deterministic")


def sha(value: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def pack(value: object) -> bytes:
    """A compressed blob of the canonical form."""
    return zlib.compress(canonical(value), 6)


def unpack(kind: type[T], blob: bytes) -> T:
    """The inverse of `pack`."""
    return revive(kind, msgspec.json.decode(zlib.decompress(blob)))
