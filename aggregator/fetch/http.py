"""Conditional GET over HTTP: redirects by hand, every hop checked, everything bounded.

The only importer of httpx.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.message import Message
from http.cookies import CookieError, SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from aggregator.domain.errors import (
    BadStatus,
    BlockedAddress,
    ConnectFailed,
    FetchTimeout,
    TooLarge,
    TooManyRedirects,
)
from aggregator.fetch.body import ACCEPT_ENCODING, BadCoding, BodyTooLarge, BoundedBody
from aggregator.fetch.guard import Guard
from aggregator.fetch.pacing import HostPacing
from aggregator.ports import Fetched, FetchRequest, NotModified

MAX_HOPS = 8
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hop:
    """Where a redirect leads."""

    url: str


class HttpFetcher:
    """Fetches one address at a time per host; see ``aggregator.ports.Fetcher``.

    ``user_agent`` should name a contact; ``spacing`` is the pause between two exchanges with a
    host in seconds. Names are resolved here and the checked address is the one connected to, so
    that a name which resolves differently a second time gains nothing.
    """

    def __init__(self, *, guard: Guard, user_agent: str, spacing: float = 1.0) -> None:
        self._guard = guard
        self._pacing = HostPacing(spacing)
        self._client = httpx.AsyncClient(
            headers={
                "User-Agent": user_agent,
                "Accept": ACCEPT,
                "Accept-Encoding": ACCEPT_ENCODING,
            },
            follow_redirects=False,
            trust_env=False,
            timeout=None,  # noqa: S113 - one deadline bounds the whole exchange
            # A connection is made to an address, and belongs to the name it was made for: it must
            # not be reused for another name at the same address.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give back connections."""
        await self._client.aclose()

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """Get ``request.url``; the errors are those of ``aggregator.ports.Fetcher.fetch``."""
        cookies: dict[str, dict[str, str]] = {}
        url = request.url
        for _ in range(MAX_HOPS):
            answer = await self._visit(request, url, cookies)
            if not isinstance(answer, _Hop):
                return answer
            url = answer.url
        raise TooManyRedirects(
            f"redirected more than {MAX_HOPS} times, last to {url}",
            feed_id=request.feed_id,
            url=url,
        )

    async def _visit(
        self, request: FetchRequest, url: str, cookies: dict[str, dict[str, str]]
    ) -> Fetched | NotModified | _Hop:
        """One hop within its host's turn; the deadline runs from when the turn has come."""
        parsed = _checked_url(request, url)
        host = _host(parsed)
        async with self._pacing.turn(f"{host}:{parsed.port or ''}"):
            try:
                async with asyncio.timeout(request.timeout):
                    return await self._exchange(request, parsed, cookies.setdefault(host, {}))
            except TimeoutError as error:
                raise FetchTimeout(
                    f"no complete answer from {host} within {request.timeout:g} seconds",
                    feed_id=request.feed_id,
                    url=url,
                ) from error

    async def _exchange(
        self, request: FetchRequest, url: httpx.URL, cookies: dict[str, str]
    ) -> Fetched | NotModified | _Hop:
        host = _host(url)
        port = url.port or DEFAULT_PORTS[url.scheme]
        endpoint = await self._guard.endpoint(
            feed_id=request.feed_id, url=str(url), host=host, port=port
        )
        message = self._client.build_request(
            "GET",
            url.copy_with(host=endpoint.address, port=endpoint.port, fragment=None),
            headers=_headers(request, url, cookies),
            extensions={"sni_hostname": host},
        )
        try:
            response = await self._client.send(message, stream=True)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _connect_failed(request, url, error) from error
        try:
            return await self._answer(request, url, response, cookies)
        except httpx.TransportError as error:
            raise _connect_failed(request, url, error) from error
        finally:
            await response.aclose()

    async def _answer(
        self,
        request: FetchRequest,
        url: httpx.URL,
        response: httpx.Response,
        cookies: dict[str, str],
    ) -> Fetched | NotModified | _Hop:
        status = response.status_code
        _remember_cookies(response, cookies)
        if status in REDIRECTS:
            target = response.headers.get("Location", "")
            if not target:
                raise TooManyRedirects(
                    f"{url.host} answered {status} without saying where to go",
                    feed_id=request.feed_id,
                    url=str(url),
                )
            return _Hop(url=urljoin(str(url), target))
        if status == httpx.codes.NOT_MODIFIED and (request.etag or request.last_modified):
            return NotModified()
        if status != httpx.codes.OK:
            raise BadStatus(
                f"{url.host} answered {status} {response.reason_phrase}".rstrip(),
                feed_id=request.feed_id,
                url=str(url),
                status=status,
            )
        media_type, charset = _content_type(response.headers.get("Content-Type", ""))
        return Fetched(
            url=str(url),
            status=status,
            body=await _read(request, url, response),
            media_type=media_type,
            charset=charset,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )


def _checked_url(request: FetchRequest, url: str) -> httpx.URL:
    """The parsed address, or BlockedAddress for anything but http and https with a host."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise ConnectFailed(
            f"{url[:200]!r} is no address", feed_id=request.feed_id, url=url
        ) from error
    if parsed.scheme not in DEFAULT_PORTS or not parsed.host:
        raise BlockedAddress(
            f"{url[:200]!r} is not an http or https address", feed_id=request.feed_id, url=url
        )
    return parsed


def _host(url: httpx.URL) -> str:
    """The host as it goes over the wire: lower case, international names in their ASCII form."""
    return url.raw_host.decode("ascii").lower()


def _headers(request: FetchRequest, url: httpx.URL, cookies: dict[str, str]) -> dict[str, str]:
    headers = {"Host": url.netloc.decode("ascii")}
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return headers


def _remember_cookies(response: httpx.Response, cookies: dict[str, str]) -> None:
    """Keep the hop's cookies for the same host: some offices redirect to the same address until
    the cookie that came with the redirect is sent back."""
    for header in response.headers.get_list("Set-Cookie"):
        try:
            morsels = SimpleCookie(header)
        except CookieError:
            continue
        cookies.update({name: morsel.coded_value for name, morsel in morsels.items()})


def _content_type(header: str) -> tuple[str, str]:
    message = Message()
    message["Content-Type"] = header
    charset = message.get_param("charset")
    return message.get_content_type() if header else "", str(charset) if charset else ""


async def _read(request: FetchRequest, url: httpx.URL, response: httpx.Response) -> bytes:
    try:
        body = BoundedBody(response.headers.get("Content-Encoding", ""), request.max_bytes)
        async for chunk in response.aiter_raw():
            body.feed(chunk)
        return body.finish()
    except BodyTooLarge as error:
        raise TooLarge(
            f"the answer of {url.host} is larger than {request.max_bytes} bytes",
            feed_id=request.feed_id,
            url=str(url),
        ) from error
    except BadCoding as error:
        raise ConnectFailed(
            f"{url.host}: {error}", feed_id=request.feed_id, url=str(url)
        ) from error


def _connect_failed(request: FetchRequest, url: httpx.URL, error: Exception) -> ConnectFailed:
    reason = str(error) or type(error).__name__
    return ConnectFailed(
        f"no answer from {url.host}: {reason}", feed_id=request.feed_id, url=str(url)
    )
