"""Whether servers of feeds can be reached: looked up by name, checked, connected to; nothing is sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import urlsplit

from aggregator.doctor.finding import Finding, fine, warn
from aggregator.domain.errors import AggregatorError
from aggregator.domain.feeds import Feed, FeedKind

MOST_HOSTS = 5
PATIENCE = 5.0
"""Seconds for one host."""


class Found(Protocol):
    """Where a name leads."""

    @property
    def address(self) -> str:
        """The checked address."""
        ...

    @property
    def port(self) -> int:
        """The port to connect to."""
        ...


class NameGuard(Protocol):
    """Looks names up and refuses private addresses, as for a visit."""

    async def endpoint(self, *, feed_id: str, url: str, host: str, port: int) -> Found:
        """Raises BlockedAddress or ConnectFailed."""
        ...


def look_at_network(feeds: Iterable[Feed], guard: NameGuard) -> list[Finding]:
    """A few hosts of active feeds, spread over all of them."""
    hosts: dict[tuple[str, int], Feed] = {}
    for feed in feeds:
        parts = urlsplit(feed.url)
        # Those behind a proxy of their own are not reached from here.
        if feed.active and feed.kind is not FeedKind.MANUAL and parts.hostname and not feed.proxy:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            hosts.setdefault((parts.hostname, port), feed)
    step = max(1, len(hosts) // MOST_HOSTS)
    some = list(hosts.items())[::step][:MOST_HOSTS]
    return asyncio.run(_all(some, guard))


async def _all(some: list[tuple[tuple[str, int], Feed]], guard: NameGuard) -> list[Finding]:
    return [*await asyncio.gather(*(_one(host, port, feed, guard) for (host, port), feed in some))]


async def _one(host: str, port: int, feed: Feed, guard: NameGuard) -> Finding:
    where = f"{host}:{port}"
    remedy = "look at the name server, the firewall and the office's site; see docs/health.md"
    try:
        async with asyncio.timeout(PATIENCE):
            found = await guard.endpoint(feed_id=feed.id, url=feed.url, host=host, port=port)
            _, writer = await asyncio.open_connection(found.address, found.port)
    except AggregatorError as error:
        return warn("network", where, str(error), remedy)
    except TimeoutError:
        return warn("network", where, f"nothing answers within {PATIENCE:.0f} s", remedy)
    except OSError as error:
        return warn("network", where, f"no connection: {error.strerror or error}", remedy)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return fine("network", where, f"{found.address} takes connections")
