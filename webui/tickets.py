"""Signed parts of addresses: only what this server gave out is ever opened."""

from __future__ import annotations

import hashlib

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from actions.desk import NotYours


def sign(salt: str, *parts: str) -> str:
    """The texts as one part of an address; ``salt`` keeps the addresses of different pages apart."""
    text = _serializer(salt).dumps(list(parts))
    return text.decode() if isinstance(text, bytes) else text


def opened(salt: str, ticket: str) -> tuple[str, ...]:
    """The texts that were signed; raises NotYours."""
    try:
        return tuple(map(str, _serializer(salt).loads(ticket)))
    except BadSignature:
        raise NotYours from None


def _serializer(salt: str) -> URLSafeSerializer:
    derived = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(str(current_app.secret_key), salt=salt, signer_kwargs=derived)
