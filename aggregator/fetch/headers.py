"""What response headers say, read so that nothing in them can trip the program.

Values are taken as the bytes they are: validators and cookies go back exactly as they came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import cache, lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import TypeAlias
from urllib.parse import quote

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]
"""Names and values in the order they came, as bytes."""

_LONGEST_VALIDATOR = 1000
_LONGEST_COOKIE = 4096
"""Octets that a client has to keep of one cookie (RFC 6265 section 6.1)."""

_MOST_COOKIES = 50
_LONGEST_CONTENT_TYPE = 500
_LONGEST_CHARSET = 40
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_FIELD_VALUE = re.compile(r"[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


def first_value(headers: Headers, name: str) -> bytes:
    """The first value of a header, b"" where it is missing."""
    wanted = _octets(name)
    return next((value.strip() for key, value in headers if key.lower() == wanted), b"")


def all_values(headers: Headers, name: str) -> bytes:
    """Every value of a header that may come several times, joined by commas."""
    wanted = _octets(name)
    return b", ".join(value.strip() for key, value in headers if key.lower() == wanted)


@cache
def _octets(name: str) -> bytes:
    return name.lower().encode("ascii")


def content_coding(headers: Headers) -> str:
    """How the body is compressed, as the server lists it."""
    return all_values(headers, "Content-Encoding").decode("latin-1")


def validator(headers: Headers, name: str) -> str | None:
    """An ETag or Last-Modified, each character one octet; None for one that cannot be sent back."""
    value = first_value(headers, name).decode("latin-1")
    return value if is_sendable(value) else None


def is_sendable(value: str) -> bool:
    """Whether a value may stand in a request header (RFC 9110 section 5.5), and is no flood."""
    return len(value) <= _LONGEST_VALIDATOR and _FIELD_VALUE.fullmatch(value) is not None


def location(headers: Headers) -> str:
    """Where a redirect points, "" where it does not say; octets outside UTF-8 percent-encoded."""
    value = first_value(headers, "location")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return quote(value, safe=_PRINTABLE)


def content_type(headers: Headers) -> tuple[str, str]:
    """Media type and charset as named in Content-Type, "" each where it is not."""
    return _media_type(first_value(headers, "content-type")[:_LONGEST_CONTENT_TYPE])


@lru_cache(maxsize=256)
def _media_type(octets: bytes) -> tuple[str, str]:
    """What the whole parser of mail headers makes of a value; there are few different ones."""
    value = octets.decode("latin-1")
    if not value:
        return "", ""
    message = Message()
    message["Content-Type"] = value
    try:
        charset = collapse_rfc2231_value(message.get_param("charset") or "")
    except (LookupError, TypeError, ValueError):
        # The parser trips over parts that are numbered and not numbered (RFC 2231 section 3).
        charset = ""
    return message.get_content_type(), charset.strip()[:_LONGEST_CHARSET]


def new_cookies(headers: Headers) -> dict[str, str]:
    """The cookies that an answer sets, name to value as written."""
    found: dict[str, str] = {}
    for key, value in headers:
        if key.lower() != b"set-cookie" or len(value) > _LONGEST_COOKIE:
            continue
        try:
            morsels = SimpleCookie(value.decode("latin-1"))
        except CookieError:
            continue
        pairs = {name: morsel.coded_value for name, morsel in morsels.items()}
        found |= {n: v for n, v in pairs.items() if is_sendable(f"{n}={v}")}
    return dict(list(found.items())[:_MOST_COOKIES])
