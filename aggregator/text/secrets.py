"""Parameters of addresses that prove somebody's right: told by their names, and masked."""

from __future__ import annotations

import re
from urllib.parse import unquote

MASK = "***"

_NAMES = frozenset(
    {
        "accesskey", "apikey", "appkey", "auth", "authkey", "authorization", "certkey", "clientkey",
        "confmkey", "credential", "credentials", "crtfckey", "jwt", "key", "pass", "passwd", "pwd",
        "secretkey", "servicekey", "sig", "signature", "userkey",
    }
)  # fmt: skip
_ENDS = ("token", "secret", "password", "apikey")
_PARAMETER = re.compile(r"(?<=[?&;])([A-Za-z0-9_.%-]{1,60})=([^&;#\s'\"<>]+)")


def is_secret(name: str) -> bool:
    """Whether a parameter of this name holds a key, a token or a password."""
    bare = re.sub(r"[^a-z0-9]", "", unquote(name).lower())
    return bare in _NAMES or bare.endswith(_ENDS)


def masked(text: str) -> str:
    """A text with the keys in its addresses masked."""
    return _PARAMETER.sub(
        lambda found: f"{found[1]}={MASK}" if is_secret(found[1]) else found[0], text
    )
