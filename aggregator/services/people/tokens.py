"""Tokens of sessions and links: random, and kept as hashes alone."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """256 random bits in letters, digits, "-" and "_"."""
    return secrets.token_urlsafe(_BYTES)


def kept_form(token: str) -> str:
    """What is kept of a token: nobody who reads the database can log in with it. A plain hash is
    enough, as there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
