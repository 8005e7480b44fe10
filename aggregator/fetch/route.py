"""Whom to connect to for an address: the server itself, checked, or the feed's proxy."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from aggregator.domain.errors import ConnectFailed
from aggregator.domain.net import TlsProfile
from aggregator.fetch.dialling import Dial
from aggregator.fetch.guard import Guard
from aggregator.fetch.tls import TlsContexts
from aggregator.ports.fetching import FetchRequest

_PROXY_PORT = 80

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The server that is meant: ``url`` for messages, ``host`` as it goes over the wire."""

    url: str
    host: str
    port: int
    is_plain: bool


class Routes:
    """Finds the way to servers. ``new_context`` makes a strict TLS context.

    Where a request names a proxy, the check of addresses ends there: the proxy is the operator's,
    may be anywhere, and looks names up itself. What a name's spelling tells is refused even so.
    """

    def __init__(self, guard: Guard, new_context: Callable[[], ssl.SSLContext]) -> None:
        self._guard = guard
        self._proxy_guard = Guard(allow_all=True, names=guard.names)
        self._tls = TlsContexts(new_context)

    async def dial(self, request: FetchRequest, target: Target, profile: TlsProfile) -> Dial:
        """How to connect, and to speak TLS by ``profile``. Raises BlockedAddress, ConnectFailed or tls.BadCertificateFile."""
        tunnel = b""
        if request.proxy:
            self._guard.check_unresolved(
                feed_id=request.feed_id, url=target.url, host=target.host, port=target.port
            )
            proxy = _proxy_of(request, target)
            guard, host, port = self._proxy_guard, proxy.hostname or "", proxy.port or _PROXY_PORT
            tunnel = b"" if target.is_plain else _tunnel(target, proxy)
        else:
            guard, host, port = self._guard, target.host, target.port
        endpoint = await guard.endpoint(
            feed_id=request.feed_id, url=target.url, host=host, port=port
        )
        return Dial(
            addresses=endpoint.addresses,
            port=endpoint.port,
            tls=None if target.is_plain else self._tls.of(profile),
            server_name=target.host.removesuffix("."),
            tunnel=tunnel,
        )


def proxy_headers(request: FetchRequest, target: Target) -> tuple[Header, ...]:
    """What a proxy that passes on the request itself needs to know of who asks."""
    if not request.proxy or not target.is_plain:
        return ()
    return _authorization(_proxy_of(request, target))


def _proxy_of(request: FetchRequest, target: Target) -> SplitResult:
    """The proxy's address taken apart. It may hold a password and is never repeated."""
    try:
        proxy = urlsplit(request.proxy)
        if proxy.scheme == "http" and proxy.hostname and proxy.port != 0:
            return proxy
    except ValueError:
        pass
    raise ConnectFailed(
        "the proxy of this feed has no address of the form http://host:port",
        feed_id=request.feed_id,
        url=target.url,
    )


def _authorization(proxy: SplitResult) -> tuple[Header, ...]:
    userinfo, at, _ = proxy.netloc.rpartition("@")
    if not at:
        return ()
    return ((b"Proxy-Authorization", b"Basic " + base64.b64encode(unquote_to_bytes(userinfo))),)


def _tunnel(target: Target, proxy: SplitResult) -> bytes:
    """What asks a proxy for a connection to the server."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    authority = f"{host}:{target.port}".encode("ascii")
    lines = [b"CONNECT " + authority + b" HTTP/1.1"]
    lines += [
        name + b": " + value for name, value in ((b"Host", authority), *_authorization(proxy))
    ]
    return b"\r\n".join([*lines, b"", b""])
