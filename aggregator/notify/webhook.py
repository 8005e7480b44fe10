"""A webhook: JSON posted through the guarded fetcher."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import urlsplit

from aggregator.domain.errors import BadStatus, FetchError, NotifyError
from aggregator.domain.notices import Posting
from aggregator.ports.fetching import Fetcher, FetchRequest

TIMEOUT = 20.0
MAX_BYTES = 1024 * 1024
"""What an answer may have; nobody reads it."""

_KEEP_METHOD = frozenset({307, 308})
"""Redirects after which a POST is still one (RFC 9110 section 15.4)."""

NAME = "digest"
"""Stands for the feed in messages of the fetcher."""


class Webhook:
    """Posts to ``url``, with ``token`` as a bearer token where there is one; see
    ``aggregator.ports.Poster``. The path of the address may be secret: no message repeats it."""

    def __init__(self, fetcher: Fetcher, url: str, *, token: str = "") -> None:
        self._fetcher = fetcher
        self._url = url
        self._token = token

    async def post(self, posting: Posting) -> None:
        """Post once. Raises NotifyError."""
        parts = urlsplit(self._url)
        try:
            hops = (await self._fetcher.fetch(self._request(posting))).hops
        except BadStatus as error:
            # 201, 202 and 204 are thanks; the fetcher only knows that they carry no document.
            hops = error.hops
            if not HTTPStatus.OK <= error.status < HTTPStatus.MULTIPLE_CHOICES:
                raise NotifyError(
                    f"the webhook at {parts.hostname} answered {error.status}"
                ) from error
        except FetchError as error:
            message = str(error)
            for secret in (self._url, *_secrets(self._url)):
                message = message.replace(secret, "…")
            raise NotifyError(
                f"the webhook at {parts.hostname} did not take the digest: {message}"
            ) from error

        if any(hop.status not in _KEEP_METHOD for hop in hops):
            # What answered then was asked for a page, and never got the digest.
            raise NotifyError(
                f"the webhook at {parts.hostname} redirects elsewhere: put its final address into"
                " notify.webhook"
            )

    def _request(self, posting: Posting) -> FetchRequest:
        if not (self._token.isascii() and self._token.isprintable()):
            raise NotifyError("AGG_WEBHOOK_TOKEN holds what no header may: ASCII text is right")
        return FetchRequest(
            feed_id=NAME,
            url=self._url,
            method="POST",
            content=json.dumps(posting, ensure_ascii=False).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self._token}"} if self._token else {},
            timeout=TIMEOUT,
            max_bytes=MAX_BYTES,
            secrets=_secrets(self._url),
        )


def _secrets(url: str) -> tuple[str, ...]:
    """Path and query of the address, if they say anything."""
    parts = urlsplit(url)
    return tuple(part for part in (parts.path, parts.query) if len(part) > 1)
