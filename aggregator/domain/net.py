"""How feeds are reached: exceptions to the address guard, where names are really connected to, and
what a feed relaxes of TLS."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address


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


_METADATA: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("169.254.0.0/16"),
    IPv4Network("100.100.100.200/32"),
    IPv4Network("192.0.0.192/32"),
    IPv6Network("fe80::/10"),
    IPv6Network("fd00:ec2::/32"),
    IPv6Network("fd20:ce::/32"),
)
_METADATA_PORT = 80
_METADATA_LABELS = frozenset({"metadata", "instance-data"})


def opens_metadata(exception: AddressException) -> bool:
    """Whether an exception names such an address, or a network in which one is, at the port where
    it answers."""
    network = exception.network
    if network is None:
        try:
            return is_metadata(ip_address(exception.host))
        except ValueError:
            return is_metadata_name(exception.host)
    return exception.port == _METADATA_PORT and any(
        network.version == one.version and network.overlaps(one) for one in _METADATA
    )


ALLOW = "allow_private"
"""The key of the configuration that names exceptions. A refusal that one would lift says so."""


def is_metadata(address: IPv4Address | IPv6Address) -> bool:
    """Whether machines of a cloud learn their own secrets there, or it leads no further than the
    next cable: no feed is at such an address, and no exception is ever proposed for one."""
    return any(address in network for network in _METADATA if network.version == address.version)


def is_metadata_name(host: str) -> bool:
    """Whether a name (lower case) is one under which a cloud has such an address."""
    return not _METADATA_LABELS.isdisjoint(host.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectTo:
    """Connect somewhere else for hosts that match ``pattern`` (``*`` matches within the name)."""

    pattern: str
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One answer on the way: the address that was asked, and the status it answered with."""

    url: str
    status: int


class Tls(StrEnum):
    """What a feed relaxes of TLS, by name; everything else stays as strict as it is."""

    OLD_CIPHERS = "old-ciphers"
    """OpenSSL's security level 1: short keys and old ciphers."""

    TLS_1_2 = "tls-1.2"
    """Nothing newer than TLS 1.2, for servers that stumble over TLS 1.3."""

    LEGACY_RENEGOTIATION = "legacy-renegotiation"
    """Servers without RFC 5746."""

    UNVERIFIED = "unverified"
    """No certificate is verified: anybody on the way can read and change what comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsProfile:
    """How one feed speaks TLS. ``certificate`` is the path of a PEM file whose certificates are
    trusted besides the system's (a missing intermediate, an office's own authority), or ""."""

    relax: frozenset[Tls] = frozenset()
    certificate: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether the server must prove who it is."""
        return Tls.UNVERIFIED not in self.relax


STRICT_TLS = TlsProfile()
"""TLS as it should be."""
