"""Which addresses a feed may reach: none that is private, whatever name or spelling leads there."""

from __future__ import annotations

import fnmatch
import re
import socket
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from aggregator.domain.errors import BlockedAddress, ConnectFailed
from aggregator.domain.net import (
    ALLOW,
    AddressException,
    ConnectTo,
    is_metadata,
    is_metadata_name,
)
from aggregator.fetch.names import Names

Address: TypeAlias = IPv4Address | IPv6Address

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052): what counts is the address in the last 32 bits."""

_FIGURES = re.compile(r"(?=.*[0-9])(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]*))*", re.ASCII)
"""A host in which every part is a number, decimal, octal or hexadecimal."""

_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is handed out to anybody; the rest is local, mapped or reserved."""

_MOST_FURTHER = 2
"""Addresses of a name that are tried after its first one."""

# Special blocks (RFC 6890 and its registries) that not every standard library knows as such.
_SPECIAL: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
)


_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal")
"""Names and endings of names that lead nowhere but to this machine or its neighbours (RFC 6761)."""


_NEVER = "a link-local or metadata address, where no feed is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The checked address that is connected to; ``further`` ones of the same name are as good."""

    address: str
    port: int
    further: tuple[str, ...] = field(default=(), compare=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All of them, in the order to try them."""
        return (self.address, *self.further)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Resolves names and refuses every address that is not globally reachable.

    ``allow`` names exceptions exactly; ``connect_to`` redirects names, and its targets are checked
    like any other address. ``allow_all`` is for an endpoint that the operator configured and that is
    nobody else's business (a webhook): it is no feed, and may be anywhere.
    """

    allow: Sequence[AddressException] = ()
    connect_to: Sequence[ConnectTo] = ()
    allow_all: bool = False
    names: Names = field(default_factory=Names, compare=False, repr=False)

    async def endpoint(self, *, feed_id: str, url: str, host: str, port: int) -> Endpoint:
        """The address to connect to for ``host``.

        All addresses of a name must be allowed: a name with one private address among public ones
        is refused whole. Raises BlockedAddress or ConnectFailed.
        """
        target, target_port = self._target(host, port)
        addresses = await self._resolve(target, target_port, feed_id=feed_id, url=url)
        for address in addresses:
            if not self._may_reach(target, address, target_port):
                raise _blocked(host, target, address, target_port, feed_id=feed_id, url=url)
        first, *others = map(str, addresses)
        return Endpoint(address=first, port=target_port, further=tuple(others[:_MOST_FURTHER]))

    def check_unresolved(self, *, feed_id: str, url: str, host: str, port: int) -> None:
        """Refuse what can be told to be private by its spelling alone.

        For a feed with a proxy: there the proxy looks up names, and what it connects to is the
        business of whoever runs it. Raises BlockedAddress.
        """
        address = _literal(host)
        if address is not None and not self._may_reach(host, address, port):
            raise _blocked(host, host, address, port, feed_id=feed_id, url=url)
        name = host.rstrip(".")
        is_local = name in _LOCAL_NAMES or name.endswith(_LOCAL_NAMES[1:])
        if is_local and not self.allow_all and not self._names(host, port):
            if is_metadata_name(name):
                raise BlockedAddress(f"{host} is {_NEVER}", feed_id=feed_id, url=url)
            raise BlockedAddress(
                f"{host} is a name of this machine or its neighbours, which feeds may not reach"
                f" ({ALLOW} = [{_exception(host, port)}] would permit it)",
                feed_id=feed_id,
                url=url,
            )

    def _target(self, host: str, port: int) -> tuple[str, int]:
        for rule in self.connect_to:
            if fnmatch.fnmatchcase(host, rule.pattern):
                return rule.host, rule.port
        return host, port

    def _may_reach(self, host: str, address: Address, port: int) -> bool:
        return (
            self.allow_all
            or is_public(address)
            or any(exception.covers(host, address, port) for exception in self.allow)
        )

    def _names(self, host: str, port: int) -> bool:
        """Whether an exception names ``host`` itself."""
        return any((one.host, one.port) == (host, port) for one in self.allow)

    async def _resolve(self, host: str, port: int, *, feed_id: str, url: str) -> list[Address]:
        literal = _literal(host)
        if literal is not None:
            return [literal]
        try:
            found = await self.names.addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise ConnectFailed(
                f"the name {host} was not found", feed_id=feed_id, url=url
            ) from error
        # One address comes several times where the system lists it for several protocols.
        addresses = list(dict.fromkeys(ip_address(one.partition("%")[0]) for one in found))
        if not addresses:
            raise ConnectFailed(f"the name {host} has no address", feed_id=feed_id, url=url)
        return addresses


@lru_cache(maxsize=4096)
def is_public(address: Address) -> bool:
    """Whether an address is globally reachable, looking through IPv4-in-IPv6 spellings.

    RFC 6890 registries as the standard library knows them, and what it does not know; multicast
    is refused too. Of IPv6 only the space that is handed out counts as reachable.
    """
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST or address.teredo is not None:
            return False
    if any(address in network for network in _SPECIAL if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_disguised_number(url: str) -> bool:
    """Whether the host of an address that is none is made of figures: an octal, hexadecimal or
    full-width spelling that other programs take for an address."""
    try:
        host = urlsplit(unicodedata.normalize("NFKC", url)).hostname or ""
    except ValueError:
        return False
    return _FIGURES.fullmatch(unquote(host).replace("。", ".")) is not None


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 spelling leads to, if it is one."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _exception(host: str, port: int) -> str:
    """How an exception for the address would be written in the configuration."""
    return f'"[{host}]:{port}"' if ":" in host else f'"{host}:{port}"'


@lru_cache(maxsize=4096)
def _literal(host: str) -> Address | None:
    """The address that ``host`` spells, None for a name.

    Every spelling that the system's resolver takes for an address is one: 127.1, 2130706433,
    0x7f.0.0.1, 0177.0.0.1, each also with a dot behind it.
    """
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.removesuffix(".")))
    except (OSError, UnicodeError):
        return None


def _blocked(
    host: str, target: str, address: Address, port: int, *, feed_id: str, url: str
) -> BlockedAddress:
    leads = "is" if str(address) == host else f"leads to {address},"
    inner = _inner(address) if isinstance(address, IPv6Address) else None
    if is_metadata(inner or address) or is_metadata_name(target):
        return BlockedAddress(f"{host} {leads} {_NEVER}", feed_id=feed_id, url=url)
    return BlockedAddress(
        f"{host} {leads} a private or reserved address that feeds may not reach"
        f" ({ALLOW} = [{_exception(target, port)}] would permit it)",
        feed_id=feed_id,
        url=url,
    )
