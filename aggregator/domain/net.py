"""Exceptions to the address guard, and where names are really connected to."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressException:
    """One ``host:port`` or ``network:port`` that a feed may reach although it is private.

    Either ``host`` (a name or literal, lower case) or ``network`` is set.
    """

    port: int
    host: str = ""
    network: IPv4Network | IPv6Network | None = None

    def covers(self, host: str, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Whether it allows ``host``, resolved to ``address``, at ``port``."""
        if port != self.port:
            return False
        if self.network is not None:
            return address.version == self.network.version and address in self.network
        return host == self.host or str(address) == self.host


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectTo:
    """Connect somewhere else for hosts that match ``pattern`` (``*`` matches within the name)."""

    pattern: str
    host: str
    port: int
