"""One fetch from a loopback server, as the tests of this room want it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aggregator.domain.net import AddressException, ConnectTo
from aggregator.fetch.guard import Guard
from aggregator.fetch.http import HttpFetcher
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified
from tests.fixtures.http import Office

AGENT = "test-desk/1 (+https://desk.example/about)"


def guard_for(*offices: Office) -> Guard:
    """A guard that lets feeds reach these servers, under 127.0.0.1 or any ``*.example`` name."""
    allow = [AddressException(host="127.0.0.1", port=office.port) for office in offices]
    connect = [ConnectTo(pattern="*.example", host="127.0.0.1", port=offices[0].port)]
    return Guard(allow=allow, connect_to=connect)


async def fetch_all(
    guard: Guard, requests: Sequence[FetchRequest], *, spacing: float = 0.0
) -> list[Fetched | NotModified | BaseException]:
    """All of these at once, through one fetcher."""
    async with HttpFetcher(guard=guard, user_agent=AGENT, spacing=spacing) as fetcher:
        return await asyncio.gather(*map(fetcher.fetch, requests), return_exceptions=True)


def get(
    office: Office,
    url: str = "",
    *,
    guard: Guard | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    timeout: float = 5.0,
    max_bytes: int = 100_000,
) -> Fetched | NotModified:
    """Fetch one address; an error is raised."""
    request = FetchRequest(
        feed_id="molit",
        url=url or office.url("/rss"),
        etag=etag,
        last_modified=last_modified,
        timeout=timeout,
        max_bytes=max_bytes,
    )
    (answer,) = asyncio.run(fetch_all(guard or guard_for(office), [request]))
    if isinstance(answer, BaseException):
        raise answer
    return answer


def fetched(office: Office, url: str = "", **more: object) -> Fetched:
    """Fetch one address that must bring a body."""
    answer = get(office, url, **more)  # type: ignore[arg-type]
    assert isinstance(answer, Fetched)
    return answer
