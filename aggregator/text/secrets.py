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
_DOUBTFUL = frozenset({"auth", "key", "pass"})
SHORTEST_KEY = 6
"""Characters below which nothing is a key, nor could be masked without masking other words."""
_SURE_KEY = 8
_ENDS = ("token", "secret", "password", "apikey")
_PARAMETER = re.compile(r"(?<=[?&;])([A-Za-z0-9_.%-]{1,60})=([^&;#\s'\"<>]+)")


def is_secret(name: str) -> bool:
    """Whether a parameter of this name holds a key, a token or a password."""
    bare = re.sub(r"[^a-z0-9]", "", unquote(name).lower())
    return bare in _NAMES or bare.endswith(_ENDS)


def without_keys(url: str, place: str) -> tuple[str, list[str]]:
    """An address with ``place`` where the keys stand in its parameters, and the names of these.

    Short values are no keys, and of names that boards also number their menus with only such
    values are that could be one.
    """
    names: list[str] = []

    def take_out(found: re.Match[str]) -> str:
        if not _is_key(found[1], found[2]) or found[2] == place:
            return found[0]
        names.append(found[1])
        return f"{found[1]}={place}"

    return _PARAMETER.sub(take_out, url), names


def secret_values(url: str) -> tuple[str, ...]:
    """The keys in the parameters of an address, as they stand there."""
    return tuple(found[2] for found in _PARAMETER.finditer(url) if is_secret(found[1]))


def repeats_keys(text: str, url: str) -> bool:
    """Whether a text about an address holds a key: one of the address, as it is or encoded and in
    whatever case, or in an address of its own."""
    if without_keys(text, MASK)[1]:
        return True
    plain = _bare(text)
    keys = (_bare(found[2]) for found in _PARAMETER.finditer(url) if _is_key(found[1], found[2]))
    return any(key in plain for key in keys)


def _bare(text: str) -> str:
    return unquote(unquote(text)).casefold()


def _is_key(name: str, value: str) -> bool:
    if not is_secret(name) or len(value) < SHORTEST_KEY:
        return False
    is_doubtful = name.lower() in _DOUBTFUL
    return not is_doubtful or (len(value) >= _SURE_KEY and not value.isdecimal())


def masked(text: str) -> str:
    """A text with the keys in its addresses masked."""
    return _PARAMETER.sub(
        lambda found: f"{found[1]}={MASK}" if is_secret(found[1]) else found[0], text
    )
