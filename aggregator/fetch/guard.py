"""Which addresses a feed may reach: none that is private, whatever name or spelling leads there."""

from __future__ import annotations

import asyncio
import fnmatch
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from aggregator.domain.errors import BlockedAddress, ConnectFailed
from aggregator.domain.net import AddressException, ConnectTo

Address: TypeAlias = IPv4Address | IPv6Address

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052): what counts is the address in the last 32 bits."""

_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is handed out to anybody; the rest is local, mapped or reserved."""

# Special blocks (RFC 6890 and its registries) that not every standard library knows as such.
_SPECIAL: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The checked address that is connected to."""

    address: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Resolves names and refuses every address that is not globally reachable.

    ``allow`` names exceptions exactly; ``connect_to`` redirects names, and its targets are checked
    like any other address.
    """

    allow: Sequence[AddressException] = ()
    connect_to: Sequence[ConnectTo] = ()

    async def endpoint(self, *, feed_id: str, url: str, host: str, port: int) -> Endpoint:
        """The address to connect to for ``host``.

        All addresses of a name must be allowed: a name with one private address among public ones
        is refused whole. Raises BlockedAddress or ConnectFailed.
        """
        target, target_port = self._target(host, port)
        addresses = await _resolve(target, target_port, feed_id=feed_id, url=url)
        for address in addresses:
            if not self._may_reach(target, address, target_port):
                raise BlockedAddress(
                    f"{host} leads to {address}, a private or reserved address that feeds may not"
                    f" reach (allow_private = [{_exception(target, target_port)}] would permit it)",
                    feed_id=feed_id,
                    url=url,
                )
        return Endpoint(address=str(addresses[0]), port=target_port)

    def _target(self, host: str, port: int) -> tuple[str, int]:
        for rule in self.connect_to:
            if fnmatch.fnmatchcase(host, rule.pattern):
                return rule.host, rule.port
        return host, port

    def _may_reach(self, host: str, address: Address, port: int) -> bool:
        return is_public(address) or any(e.covers(host, address, port) for e in self.allow)


def is_public(address: Address) -> bool:
    """Whether an address is globally reachable, looking through IPv4-in-IPv6 spellings.

    RFC 6890 registries as the standard library knows them, and what it does not know; multicast
    is refused too. Of IPv6 only the space that is handed out counts as reachable.
    """
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST or address.teredo is not None:
            return False
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 spelling leads to, if it is one."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _exception(host: str, port: int) -> str:
    """How an exception for the address would be written in the configuration."""
    return f'"[{host}]:{port}"' if ":" in host else f'"{host}:{port}"'


async def _resolve(host: str, port: int, *, feed_id: str, url: str) -> list[Address]:
    try:
        return [ip_address(host.strip("[]"))]
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectFailed(f"the name {host} was not found", feed_id=feed_id, url=url) from error
    # One address comes several times where the system lists it for several protocols.
    addresses = list(dict.fromkeys(ip_address(str(info[4][0]).partition("%")[0]) for info in found))
    if not addresses:
        raise ConnectFailed(f"the name {host} has no address", feed_id=feed_id, url=url)
    return addresses
