"""One exchange over HTTP: what is asked for, what comes back, and how hosts were treated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from aggregator.domain.net import STRICT_TLS, Hop, TlsProfile
from aggregator.domain.visits import HostHold, Manners


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One conditional request. Validators are sent verbatim; ``timeout`` in seconds bounds the
    whole exchange, ``max_bytes`` the body before and after decompression.

    ``home`` is the address whose server ``headers`` and ``tls`` are for, the feed's own; "" for
    ``url`` itself. Other servers get of ``headers`` only who asks, and must speak TLS as it should
    be.

    ``content`` is the body of a POST with its ``content_type``. ``known_bytes`` is the size of the
    document that a 304 would leave unsent. ``secrets`` are parts of the address that no message,
    log line or record may repeat. ``kept``: the caller says ``done_with`` when it needs the body no
    more, and until then a large one counts as one of the few that are in memory. ``follows``:
    another request to the same host is to follow soon, and may find the connection still open.
    """

    feed_id: str
    url: str
    home: str = ""
    method: str = "GET"
    content: bytes = b""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    timeout: float = 20.0
    max_bytes: int = 5 * 1024 * 1024
    known_bytes: int = 0
    proxy: str = ""
    tls: TlsProfile = STRICT_TLS
    secrets: tuple[str, ...] = ()
    kept: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """For how long nobody need come again by what a server says: its answer stays good (Cache-Control,
    Expires), or it wants rest (Retry-After, in both forms), whichever is longer; None where it says
    nothing."""

    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body: decoded from its transfer coding, still bytes. ``url`` is where it came from after
    redirects, ``charset`` the one named in Content-Type or "". ``hops`` are the redirects on the
    way; ``wire`` is the body as it came, compressed by ``coding`` ("" for not at all)."""

    url: str
    status: int
    body: bytes
    media_type: str
    charset: str
    etag: str | None
    last_modified: str | None
    hops: tuple[Hop, ...] = ()
    hints: Hints = Hints()
    wire: bytes = b""
    coding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304, at ``url`` after ``hops``."""

    status: int = 304
    url: str = ""
    hops: tuple[Hop, ...] = ()
    hints: Hints = Hints()


class Fetcher(Protocol):
    """Gets one address over HTTP without letting anybody in."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The body or NotModified.

        Raises a subclass of FetchError: BlockedAddress, ConnectFailed, CertificateRefused, Refused,
        FetchTimeout, TooLarge, TooManyRedirects, HostHeld, BadStatus, Gone or Throttled. Never any
        other exception for what a server does.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...


class PoliteFetcher(Fetcher, Protocol):
    """A fetcher that remembers how it treated hosts, and heeds what they asked for."""

    def hold(self, holds: Sequence[HostHold]) -> None:
        """Leave these hosts alone until their time, as an earlier run was asked to."""
        ...

    def done_with(self, feed_id: str) -> None:
        """The bodies that were asked for with ``kept`` for this feed are in use no more."""
        ...

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        """How hosts were treated since the last call, and those that asked to be left alone."""
        ...
