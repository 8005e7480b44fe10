"""What is still to come of an answer after its head: the document, or the beginning of a refusal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.errors import ConnectFailed, FetchError, TooLarge
from aggregator.fetch.body import BodyTooLarge, BoundedBody
from aggregator.fetch.codings import BadCoding
from aggregator.fetch.failures import bad_status, size
from aggregator.fetch.headers import content_coding, content_type, validator
from aggregator.fetch.hints import retry_after
from aggregator.fetch.journey import HEAD, Journey
from aggregator.fetch.reading import BodyReader, read_beginning
from aggregator.fetch.wire import Wire
from aggregator.ports.fetching import Fetched, Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An answer whose head is there. ``host`` and ``url`` are for messages; what is read must be
    there by ``deadline``."""

    journey: Journey
    host: str
    url: str
    wire: Wire
    deadline: asyncio.Timeout

    async def document(self, reader: BodyReader, told: Hints) -> Fetched:
        """The body, with what the server says of it. Raises TooLarge, ConnectFailed, or what the
        connection raises."""
        headers = self.wire.headers
        body, wire, coding = await self._body(reader)
        media_type, charset = content_type(headers)
        return Fetched(
            url=self.journey.hide(self.url),
            status=self.wire.status,
            body=body,
            media_type=media_type,
            charset=charset,
            etag=validator(headers, "ETag"),
            last_modified=validator(headers, "Last-Modified"),
            hops=tuple(self.journey.hops),
            hints=told,
            wire=wire,
            coding=coding,
        )

    async def _body(self, reader: BodyReader) -> tuple[bytes, bytes, str]:
        """The body, the body as it came, and how that one is compressed."""
        request = self.journey.request
        try:
            body = BoundedBody(content_coding(self.wire.headers), request.max_bytes)
            owner = request.feed_id if request.kept else ""
            try:
                read = await reader.read(self.wire.chunks(), body, self.deadline, owner=owner)
            except BaseException:
                self.journey.head = body.beginning(HEAD)
                raise
            else:
                return *read, body.coding
        except BodyTooLarge as error:
            raise TooLarge(
                f"the answer of {self.host} is larger than {size(request.max_bytes)}",
                feed_id=request.feed_id,
                url=self.url,
            ) from error
        except BadCoding as error:
            raise ConnectFailed(
                f"{self.host}: {error}", feed_id=request.feed_id, url=self.url
            ) from error

    async def refusal(self, now: datetime) -> FetchError:
        """The error for a status that brings no feed."""
        left = (self.deadline.when() or 0.0) - asyncio.get_running_loop().time()
        coding = content_coding(self.wire.headers)
        self.journey.head = await read_beginning(self.wire.chunks(), coding, HEAD, left / 2)
        return bad_status(
            self.wire.status,
            host=self.host,
            feed_id=self.journey.request.feed_id,
            url=self.url,
            wait=retry_after(self.wire.headers, now),
        )
