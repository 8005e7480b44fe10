"""One fetch on its way from hop to hop: what is asked next, what is remembered, what is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin

from aggregator.domain.errors import FetchError, TooManyRedirects
from aggregator.domain.net import Hop
from aggregator.fetch.codings import ACCEPT_ENCODING
from aggregator.fetch.headers import Headers, is_sendable, location
from aggregator.fetch.home import Home
from aggregator.fetch.masking import hide
from aggregator.fetch.route import Target
from aggregator.ports.fetching import FetchRequest

MAX_HOPS = 8
"""Redirects that are followed in one fetch."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
LONGEST_HOLD = timedelta(hours=24)
SHOWN = 200
"""Characters of a foreign address that a message repeats."""

HEAD = 512
"""Bytes of a bad answer that are kept as evidence."""

_KEEP_METHOD = frozenset({307, 308})
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_WHO_ASKS = frozenset({"user-agent", "accept", "accept-language", "accept-encoding", "referer"})
"""Headers that a feed may set itself although the program has its own, and that every hop gets.

Accept-Encoding is one of them for servers that cut what they compress (quirk B8).
"""

_OURS = frozenset(
    {
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that belong to the exchange itself."""


@dataclass(slots=True, kw_only=True)
class Journey:
    """A fetch on its way: cookies by host, the redirects so far, and the seconds that are left for
    all its exchanges. ``method`` and ``content`` are what the next hop gets."""

    request: FetchRequest
    url: str
    left: float
    method: str
    content: bytes
    home: Home
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    hops: list[Hop] = field(default_factory=list)
    head: bytes = b""
    _seen: set[tuple[object, ...]] = field(default_factory=set)
    _is_repeated: bool = False
    _is_alone: bool = False

    @classmethod
    def beginning(cls, request: FetchRequest, home: Home) -> Journey:
        """At the address that was asked for, which may be away from home."""
        return cls(
            request=request,
            url=request.url,
            left=request.timeout,
            method=request.method,
            content=request.content,
            home=home,
        )

    @property
    def may_reuse(self) -> bool:
        """Whether the next question may share a connection with others of its host.

        It is put again where that turns out to be gone. A POST is not: whether it was heard is not
        known (RFC 9110 section 9.2.2). And nothing is to follow where a redirect leads.
        """
        return self.method == "GET" and not self.hops and not self._is_alone

    @property
    def asks_for_changes(self) -> bool:
        """Whether validators are sent.

        They belong to the document where the way ends, and go along with every hop: a feed that
        has moved can say only so that nothing is new. A POST has none (RFC 9110 section 13.1).
        """
        request = self.request
        return self.method == "GET" and bool(request.etag or request.last_modified)

    def jar(self, host: str) -> dict[str, str]:
        """The cookies of a host; nobody else gets them."""
        return self.cookies.setdefault(host, {})

    def hide(self, text: str) -> str:
        """``text`` without the secrets of the request."""
        return hide(text, self.request.secrets)

    def shown(self, url: str) -> str:
        """A foreign address as a message may repeat it."""
        return repr(self.hide(url)[:SHOWN])

    def depart(self, host: str) -> None:
        """Note what is about to be asked. Raises TooManyRedirects where just that was asked
        already, with the same cookies: the answer would be the same redirect."""
        step = (self.url.partition("#")[0], self.method, tuple(sorted(self.jar(host).items())))
        if step in self._seen and not self._is_repeated:
            raise self.too_many(f"redirected in a circle, back to {self.shown(self.url)}")
        self._seen.add(step)
        self._is_repeated = False

    def ask_anew(self) -> None:
        """Put the same question again, on a connection of its own: the other one was left."""
        self._is_alone = self._is_repeated = True

    def turn(self, host: str, url: str, status: int, headers: Headers) -> None:
        """Go where a redirect leads. Raises TooManyRedirects for one too many, or without target.

        301 and 302 make a GET of a POST as browsers do, 303 by its meaning (RFC 9110 section 15.4).
        """
        target = location(headers)
        try:
            following = urljoin(url, target) if target else ""
        except ValueError:
            following = ""
        if not following:
            says = f"with {self.shown(target)}, which is no address" if target else ""
            raise self.too_many(f"{host} redirects ({status}) {says or 'without saying where to'}")
        self.hops.append(Hop(url=self.hide(url), status=status))
        self.url = following
        if status not in _KEEP_METHOD:
            self.method, self.content = "GET", b""
        if len(self.hops) > MAX_HOPS:
            raise self.too_many(
                f"redirected more than {MAX_HOPS} times, last to {self.shown(following)}"
            )

    def too_many(self, message: str) -> TooManyRedirects:
        """The error for a way that does not end."""
        return TooManyRedirects(message, feed_id=self.request.feed_id, url=self.url)

    def close(self, error: FetchError) -> None:
        """Put into an error what is known of the way, and take out what nobody may read."""
        error.args = (self.hide(str(error)),)
        error.url = self.hide(error.url)
        error.hops = tuple(self.hops)
        error.head = self.hide(self.head.decode("latin-1")).encode("latin-1")


def headers_of(
    journey: Journey, *, target: Target, netloc: bytes, agent: bytes, follows: bool
) -> list[tuple[bytes, bytes]]:
    """The headers of the next request, which goes to ``target``; ``follows``: it may be followed by
    another one on its connection."""
    request = journey.request
    is_home = journey.home.has_headers_for(target)
    headers = {
        b"host": (b"Host", netloc),
        b"user-agent": (b"User-Agent", agent),
        b"accept": (b"Accept", ACCEPT.encode("ascii")),
        b"accept-encoding": (b"Accept-Encoding", ACCEPT_ENCODING.encode("ascii")),
        b"connection": (b"Connection", b"keep-alive" if follows else b"close"),
    }
    for name, value in request.headers.items():
        low = name.lower()
        is_for_target = low in _WHO_ASKS or (low not in _OURS and is_home)
        if is_for_target and _TOKEN.fullmatch(name) and is_sendable(value):
            headers[low.encode("ascii")] = (name.encode("ascii"), value.encode("latin-1"))
    found = list(headers.values())
    if journey.method != "GET":
        if is_sendable(request.content_type):
            found.append((b"Content-Type", request.content_type.encode("latin-1")))
        found.append((b"Content-Length", str(len(journey.content)).encode("ascii")))
    if journey.asks_for_changes:
        validators = (
            (b"If-None-Match", request.etag),
            (b"If-Modified-Since", request.last_modified),
        )
        found += [(n, v.encode("latin-1")) for n, v in validators if v and is_sendable(v)]
    if cookies := journey.jar(target.host):
        pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
        found.append((b"Cookie", pairs.encode("latin-1")))
    return found
