"""What one visit to a feed asks, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState
from aggregator.ports import Document, Fetched, Fetcher, FetchRequest, NotModified


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The first document of a visit and the further ones."""

    first: Fetched
    further: tuple[Fetched, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything that was asked for came."""
        return not self.warnings

    def document(self, feed: Feed, now: datetime) -> Document:
        """The bodies as one document of ``feed``, to be read as at ``now``."""
        first = self.first
        return Document(
            body=first.body,
            feed=feed,
            now=now,
            charset=first.charset,
            media_type=first.media_type,
            url=first.url,
        )


def digest_of_all(gathered: Gathered, feed: Feed) -> str:
    """Stands for what a visit brought."""
    del feed
    first = gathered.first
    return hashlib.sha256(f"{first.charset}\n".encode() + first.body).hexdigest()


async def gather(
    fetcher: Fetcher,
    feed: Feed,
    state: FeedState,
    *,
    now: datetime,
    environ: Mapping[str, str],
) -> NotModified | Gathered:
    """Visit a feed. Raises FetchError."""
    del now, environ
    answer = await fetcher.fetch(
        FetchRequest(
            feed_id=feed.id,
            url=state.move.url if state.move and state.move.kept else feed.url,
            etag=state.etag,
            last_modified=state.last_modified,
            timeout=feed.timeout.total_seconds(),
            max_bytes=feed.max_bytes,
            known_bytes=state.wire_bytes,
        )
    )
    return answer if isinstance(answer, NotModified) else Gathered(first=answer)
