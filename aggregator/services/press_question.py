"""What a visit to an open-data interface asks: with which key, for which days, and told to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import quote, unquote

from aggregator.domain.errors import ApiError, FetchError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import SEOUL
from aggregator.ports import Fetched, FetchRequest
from aggregator.text.secrets import SHORTEST_KEY

MOST_DAYS = 3
"""Days that one question may cover, both ends included (quirk H1)."""

ROWS = 100
"""Releases asked for at once; three days have about 400, each of some ten kilobytes."""

MASK = "***"
"""What stands in the place of a key."""

_SHORTEST_KEY = 8
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_NO_KEY = re.compile(r"[^\x21-\x7e]")
_KEY_PARAMETER = re.compile(r"(?i)(?<=[?&])serviceKey=[^&#]*&?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of data.go.kr. ``encoded`` is how it stands in an address; ``spellings`` are all forms
    of it that nobody may see, the longest first."""

    encoded: str
    spellings: tuple[str, ...]

    def masked(self, text: str) -> str:
        """A text without the key."""
        for spelling in self.spellings:
            text = text.replace(spelling, MASK)
        return text

    def masked_bytes(self, body: bytes) -> bytes:
        """A body without the key."""
        for spelling in self.spellings:
            body = body.replace(spelling.encode("ascii"), MASK.encode("ascii"))
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days that are asked for at once, both included, local to Asia/Seoul."""

    start: date
    end: date


def key_of(feed: Feed, environ: Mapping[str, str]) -> Key:
    """The key of a feed from the environment variable that it names.

    data.go.kr shows it in two forms, as it is and encoded for an address; either is taken, and
    encoded exactly once (quirk H2). Raises ApiError with the reason ``key_missing`` or
    ``key_malformed``; the message never repeats what stands in the variable.
    """
    raw = environ.get(feed.key_env, "").strip() if feed.key_env else ""
    if not raw:
        where = (
            f"the environment variable {feed.key_env}" if feed.key_env else "key_env of the feed"
        )
        message = f"{feed.id}: no key for the interface (put the one of data.go.kr into {where})"
        raise ApiError(message, reason="key_missing")
    plain = _plain(raw)
    if len(plain) < _SHORTEST_KEY or _NO_KEY.search(plain):
        message = (
            f"{feed.id}: what the environment variable {feed.key_env} holds is no key "
            "(a key of data.go.kr is one long word of letters, digits and + / = %)"
        )
        raise ApiError(message, reason="key_malformed")
    return _key(raw, plain)


def key_of_address(feed: Feed, environ: Mapping[str, str]) -> Key:
    """The key that belongs into a feed's own address, from the environment variable that it names,
    as it is or encoded for an address. Raises ApiError as ``key_of``."""
    raw = environ.get(feed.key_env, "").strip()
    if not raw:
        message = (
            f"{feed.id}: no key for its address (put it into the environment variable"
            f" {feed.key_env})"
        )
        raise ApiError(message, reason="key_missing")
    plain = _plain(raw)
    if len(plain) < SHORTEST_KEY or _NO_KEY.search(plain):
        message = (
            f"{feed.id}: what the environment variable {feed.key_env} holds is no key"
            f" (at least {SHORTEST_KEY} letters, digits or signs of ASCII, without blanks)"
        )
        raise ApiError(message, reason="key_malformed")
    return _key(raw, plain)


def _plain(raw: str) -> str:
    return unquote(raw) if _ENCODED.search(raw) else raw


def _key(raw: str, plain: str) -> Key:
    encoded = quote(plain, safe="")
    forms = {raw, plain, encoded, quote(plain, safe="/"), quote(encoded, safe="")}
    forms |= {_ENCODED.sub(lambda found: found[0].lower(), form) for form in forms}
    # As JSON, HTML and forms spell it.
    forms |= {plain.replace("/", "\\/"), plain.replace("+", " ")}
    forms |= {re.sub(r"[+/=]", lambda found: f"&#{ord(found[0])};", plain)}
    return Key(encoded=encoded, spellings=tuple(sorted(forms, key=lambda form: (-len(form), form))))


def windows(days: int, now: datetime) -> Iterator[Window]:
    """The last ``days`` days in Seoul, today among them, in abutting windows of at most three, the
    newest first."""
    end = now.astimezone(SEOUL).date()
    left = days
    while left > 0:
        length = min(left, MOST_DAYS)
        start = end - timedelta(days=length - 1)
        yield Window(start=start, end=end)
        left -= length
        end = start - timedelta(days=1)


def question(base: FetchRequest, key: Key, window: Window, page: int) -> FetchRequest:
    """``base`` as the question for a page of a window. It carries no validators, since every answer
    is made anew, and takes care that the fetcher knows what to hide."""
    parameters = (
        f"serviceKey={key.encoded}&startDate={window.start:%Y%m%d}&endDate={window.end:%Y%m%d}"
        f"&numOfRows={ROWS}&pageNo={page}"
    )
    joint = "&" if "?" in base.url else "?"
    return replace(
        base,
        url=f"{base.url}{joint}{parameters}",
        etag=None,
        last_modified=None,
        known_bytes=0,
        secrets=key.spellings,
    )


def without_key(answer: Fetched, base: str, key: Key) -> Fetched:
    """An answer as it may be kept: its address is the configured one, or where it was redirected
    to without the key, and a body that repeats the key repeats it no more."""
    same_place = answer.url.partition("?")[0] == base.partition("?")[0]
    body = key.masked_bytes(answer.body)
    is_told = body != answer.body
    return replace(
        answer,
        url=base if same_place else clean_address(answer.url, key),
        body=body,
        hops=tuple(replace(hop, url=clean_address(hop.url, key)) for hop in answer.hops),
        # What came compressed cannot be masked; the body stands for it.
        wire=b"" if is_told else answer.wire,
        coding="" if is_told else answer.coding,
    )


def clean_address(url: str, key: Key) -> str:
    """An address without the key's parameter, and without the key wherever else it stands."""
    return key.masked(_KEY_PARAMETER.sub("", url).rstrip("?&"))


def silence(error: FetchError, key: Key) -> None:
    """Take the key out of everything that an error says and carries."""
    error.args = tuple(key.masked(str(arg)) for arg in error.args)
    error.url = clean_address(error.url, key)
    error.hops = tuple(replace(hop, url=clean_address(hop.url, key)) for hop in error.hops)
    error.head = key.masked_bytes(error.head)
