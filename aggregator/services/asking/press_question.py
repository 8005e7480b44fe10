"""What a visit to an open-data interface asks: with which key, for which days, and told to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.domain.errors import ApiError, FetchError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import SEOUL
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.services.asking.feed_key import Key, make_key, plain_key
from aggregator.text.secrets import SHORTEST_KEY

MOST_DAYS = 3
"""Days that one question may cover, both ends included (quirk H1)."""

ROWS = 100
"""Releases asked for at once; three days have about 400, each of some ten kilobytes."""

_SHORTEST_KEY = 8
_NO_KEY = re.compile(r"[^\x21-\x7e]")
_KEY_PARAMETER = re.compile(r"(?i)(?<=[?&])serviceKey=[^&#]*&?")


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
    plain = plain_key(raw)
    if len(plain) < _SHORTEST_KEY or _NO_KEY.search(plain):
        message = (
            f"{feed.id}: what the environment variable {feed.key_env} holds is no key "
            "(a key of data.go.kr is one long word of letters, digits and + / = %)"
        )
        raise ApiError(message, reason="key_malformed")
    return make_key(raw)


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
    plain = plain_key(raw)
    if len(plain) < SHORTEST_KEY or _NO_KEY.search(plain):
        message = (
            f"{feed.id}: what the environment variable {feed.key_env} holds is no key"
            f" (at least {SHORTEST_KEY} letters, digits or signs of ASCII, without blanks)"
        )
        raise ApiError(message, reason="key_malformed")
    return make_key(raw)


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
    to without the key, and a body that repeats the key repeats it no more (but see ``Key.is_in``)."""
    same_place = answer.url.partition("?")[0] == base.partition("?")[0]
    body = key.masked_bytes(answer.body)
    is_told = body != answer.body
    return replace(
        answer,
        url=base if same_place else clean_address(answer.url, key),
        media_type=key.masked(answer.media_type),
        charset=key.masked(answer.charset),
        # A masked validator would stand for nothing.
        etag=_unless_told(answer.etag, key),
        last_modified=_unless_told(answer.last_modified, key),
        body=body,
        hops=tuple(replace(hop, url=clean_address(hop.url, key)) for hop in answer.hops),
        # What came compressed cannot be masked; the body stands for it.
        wire=b"" if is_told else answer.wire,
        coding="" if is_told else answer.coding,
    )


def _unless_told(validator: str | None, key: Key) -> str | None:
    return None if validator is None or key.masked(validator) != validator else validator


def clean_address(url: str, key: Key) -> str:
    """An address without the key's parameter, and without the key wherever else it stands."""
    return key.masked(_KEY_PARAMETER.sub("", url).rstrip("?&"))


def silence(error: FetchError, key: Key) -> None:
    """Take the key out of everything that an error says and carries."""
    key.silence(error)
    error.url = clean_address(error.url, key)
    error.hops = tuple(replace(hop, url=clean_address(hop.url, key)) for hop in error.hops)
    head = key.masked_bytes(error.head)
    error.head = b"" if key.is_in(head) else head
