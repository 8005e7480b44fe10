"""Whom to connect to, and the connection made: directly, with TLS, or through a proxy."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

from aggregator.fetch.wire import Wire

_OK = 200


class ProxyRefused(Exception):
    """The proxy makes no connection to the server; ``status`` is what it answered."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Whom to connect to: checked ``addresses`` in the order to try them, and how.

    ``tls`` with ``server_name`` for https. ``tunnel`` is the request that asks a proxy for a
    connection to the server, b"" where none is needed.
    """

    addresses: tuple[str, ...]
    port: int
    tls: ssl.SSLContext | None = None
    server_name: str = ""
    tunnel: bytes = b""


async def connect(dial: Dial) -> Wire:
    """A connection as ``dial`` wants it; the first address that can be reached is taken.

    Raises OSError (ssl.SSLError is one), ValueError for a name that TLS refuses, ProxyRefused, or
    what ``Wire.head`` raises.
    """
    for address in dial.addresses[:-1]:
        try:
            return await _connect(dial, address)
        except ssl.SSLError:
            raise
        except OSError:
            continue
    return await _connect(dial, dial.addresses[-1])


async def _connect(dial: Dial, address: str) -> Wire:
    loop = asyncio.get_running_loop()
    if dial.tls is not None:
        # A name that TLS refuses (a label that is empty or too long) is found before there is a
        # connection: the loop would leave that one open.
        dial.tls.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=dial.server_name)
    if dial.tunnel or dial.tls is None:
        _, wire = await loop.create_connection(Wire, address, dial.port)
    else:
        _, wire = await loop.create_connection(
            Wire, address, dial.port, ssl=dial.tls, server_hostname=dial.server_name
        )
    if dial.tunnel and dial.tls is not None:
        try:
            wire = await _through(wire, dial.tunnel, dial.tls, dial.server_name)
        except BaseException:
            wire.close()
            raise
    wire.address = address
    return wire


async def _through(wire: Wire, tunnel: bytes, tls: ssl.SSLContext, server_name: str) -> Wire:
    """The connection behind a proxy."""
    wire.send(tunnel)
    await wire.head()
    if wire.status != _OK:
        raise ProxyRefused(wire.status)
    return await wire.upgrade(tls, server_name)
