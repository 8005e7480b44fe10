"""One exchange over HTTP: what is asked for, what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One conditional GET. Validators are sent verbatim; ``timeout`` in seconds bounds the whole
    exchange, ``max_bytes`` the body before and after decompression."""

    feed_id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    timeout: float = 20.0
    max_bytes: int = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body: decoded from its transfer coding, still bytes. ``url`` is where it came from after
    redirects, ``charset`` the one named in Content-Type or ""."""

    url: str
    status: int
    body: bytes
    media_type: str
    charset: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304."""

    status: int = 304


class Fetcher(Protocol):
    """Gets one address over HTTP without letting anybody in."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """The body or NotModified.

        Raises a subclass of FetchError: BlockedAddress, ConnectFailed, FetchTimeout, TooLarge,
        TooManyRedirects or BadStatus. Never any other exception for what a server does.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections."""
        ...
