"""A WebSub hub, told through the guarded fetcher which feed has changed.

How a publisher tells its hub is left open by WebSub (section 6); what hubs take is the form of
PubSubHubbub 0.3 (section 7.1), some under the name that 0.4 gives the address. One feed goes with one
request: hubs that read a repeated field take the last of them only.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from aggregator.domain.errors import (
    BlockedAddress,
    FetchError,
    HostHeld,
    Throttled,
)
from aggregator.domain.mailing import Outcome
from aggregator.domain.net import Hop
from aggregator.domain.pings import HubAnswer
from aggregator.ports.fetching import Fetcher, FetchRequest
from aggregator.text.secrets import secret_values

TIMEOUT = 10.0
MAX_BYTES = 1024 * 1024
"""What an answer may have; nobody reads it."""

_KEEP_METHOD = frozenset({307, 308})
"""Redirects after which a POST is still one (RFC 9110 section 15.4)."""

_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""What of 4xx says nothing about the question."""

NAME = "hub"
"""Stands for the feed in messages of the fetcher."""


class WebSubHub:
    """The hub at ``url``; see ``aggregator.ports.pinging.Hub``. Keys in the address are repeated in
    no message."""

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self._fetcher = fetcher
        self._url = url
        self._name = f"the hub at {urlsplit(url).hostname}"

    async def tell(self, topic: str) -> HubAnswer:
        """Say that the feed at ``topic`` has changed."""
        try:
            hops: Iterable[Hop] = (await self._fetcher.fetch(self._request(topic))).hops
        except FetchError as error:
            status = error.status
            if status is None or not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return self._not_taken(error)
            # 202 and 204 are thanks; the fetcher only knows that they carry no document.
            hops = error.hops
        if any(hop.status not in _KEEP_METHOD for hop in hops):
            # What answered then was asked for a page, and was told nothing.
            return HubAnswer(
                outcome=Outcome.REFUSED,
                reason=f"{self._name} redirects elsewhere: put its final address into publish.hub",
            )
        return HubAnswer(outcome=Outcome.TAKEN)

    def _not_taken(self, error: FetchError) -> HubAnswer:
        said = f"{self._name} did not take it: {error}"
        if isinstance(error, HostHeld):
            return HubAnswer(
                outcome=Outcome.LATER,
                reason=said,
                until=error.until,
                is_silent=True,
                is_unsent=True,
            )
        if isinstance(error, Throttled):
            return HubAnswer(
                outcome=Outcome.LATER, reason=said, wait=error.retry_after, is_silent=True
            )
        if isinstance(error, BlockedAddress):
            return HubAnswer(outcome=Outcome.REFUSED, reason=said)
        if error.status is None:
            return HubAnswer(outcome=Outcome.LATER, reason=said, is_silent=True)
        passes = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status in _LATER
        return HubAnswer(outcome=Outcome.LATER if passes else Outcome.REFUSED, reason=said)

    def _request(self, topic: str) -> FetchRequest:
        form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        return FetchRequest(
            feed_id=NAME,
            url=self._url,
            method="POST",
            content=urlencode(form).encode("ascii"),
            content_type="application/x-www-form-urlencoded",
            timeout=TIMEOUT,
            max_bytes=MAX_BYTES,
            secrets=secret_values(self._url),
        )

    async def aclose(self) -> None:
        """Give back connections."""
        await self._fetcher.aclose()
