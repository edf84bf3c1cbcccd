"""The token of a workbook: whose it is, signed, short enough to be a defined name (FACTS 4).

Layout of the bytes before Base32, numbers as LEB128 varints, codes as a length byte and UTF-8::

    version | key id | form | form version | unit | born - 1900 | period | issue | grid hash (4) | HMAC-SHA256 (16)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

NAME_PREFIX = "BC_"  # of the defined name on the form's first data cell
PROPERTY = "BaocaoToken"  # custom document property
META_SHEET = "_meta"  # very-hidden sheet: the map of the cells, token in its first row
CELL_PREFIX = "Mã biểu: "  # of the visible locked cell on each form sheet
TRIAL = "BANTHUKHONGDUNGDENOPBAOCAO"  # stands in a trial workbook: well-formed, signed by nobody

TOKEN_VERSION = 1
_EPOCH = 1900
_HASH_BYTES = 4
_MAC_BYTES = 16
_PURPOSE = b"baocao token\x00"
_VARINT_LIMIT = 1 << 28


class TokenInvalid(ValueError):
    """The text is no token of ours: malformed, of an unknown version or key, or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class Token:
    """Identity of a workbook: one form version, one unit, one period, one issue."""

    key_id: int  # 0..255, which secret signed it
    form: str
    form_version: int
    unit: str
    born: int  # year the unit was founded: identity of a unit is (code, born)
    period: str  # "202610"
    issue: int  # number of this handing-out, from 1
    grid_hash: str  # 8 hex digits of Grid.hash
    version: int = TOKEN_VERSION


def issue(token: Token, secret: bytes) -> str:
    """The signed text of a token: Base32 without padding, 65 to 80 characters for ordinary codes."""
    body = _packed(token)
    return base64.b32encode(body + _mac(body, secret)).decode().rstrip("=")


def verify(text: str, keys: Mapping[int, bytes]) -> Token:
    """The token in ``text`` (surrounding blanks and case do not matter), if one of ``keys`` signed it.

    Raises TokenInvalid.
    """
    data = _decoded(text.strip().upper())
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if len(body) < 2 or body[0] != TOKEN_VERSION:
        raise TokenInvalid("version")
    secret = keys.get(body[1])
    if secret is None:
        raise TokenInvalid("key")
    if not hmac.compare_digest(mac, _mac(body, secret)):
        raise TokenInvalid("signature")
    return _unpacked(body)


def defined_name(text: str) -> str:
    """The defined name that carries a token's text."""
    return NAME_PREFIX + text


def _mac(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, _PURPOSE + body, hashlib.sha256).digest()[:_MAC_BYTES]


def _decoded(text: str) -> bytes:
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        raise TokenInvalid("base32") from None
    if base64.b32encode(data).decode().rstrip("=") != text:
        raise TokenInvalid("not canonical")
    return data


def _packed(token: Token) -> bytes:
    return b"".join(
        (
            bytes((token.version, token.key_id)),
            _code(token.form),
            _varint(token.form_version),
            _code(token.unit),
            _varint(token.born - _EPOCH),
            _code(token.period),
            _varint(token.issue),
            bytes.fromhex(token.grid_hash),
        )
    )


def _code(text: str) -> bytes:
    encoded = text.encode()
    return bytes((len(encoded),)) + encoded


def _varint(number: int) -> bytes:
    if not 0 <= number < _VARINT_LIMIT:
        raise ValueError(f"{number} does not fit a token")
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


class _Bytes:
    """A cursor over the body of a token."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) != count:
            raise TokenInvalid("too short")
        self.at += count
        return piece

    def code(self) -> str:
        try:
            return self.take(self.take(1)[0]).decode()
        except UnicodeDecodeError:
            raise TokenInvalid("code") from None

    def varint(self) -> int:
        number = shift = 0
        while shift < 28:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
        raise TokenInvalid("number")


def _unpacked(body: bytes) -> Token:
    cursor = _Bytes(body, 2)
    token = Token(
        key_id=body[1],
        form=cursor.code(),
        form_version=cursor.varint(),
        unit=cursor.code(),
        born=cursor.varint() + _EPOCH,
        period=cursor.code(),
        issue=cursor.varint(),
        grid_hash=cursor.take(_HASH_BYTES).hex(),
        version=body[0],
    )
    if cursor.at != len(body):
        raise TokenInvalid("too long")
    return token
