"""Where a feed is at home: what it has of its own is for its own server."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.domain.net import STRICT_TLS, TlsProfile
from aggregator.fetch.route import Target

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The server that a request's own headers and relaxations of TLS belong to; None where its
    address is none: they are for nobody then.

    It is that of the configured address. What is asked may be elsewhere from the start: a page that
    a hostile list links to, or what a permanent redirect led to.
    """

    server: Target | None

    def has_headers_for(self, target: Target) -> bool:
        """Whether ``target`` may have the headers: the same origin (RFC 6454), or the same server
        asked in the secure way instead of the plain one, both at their usual ports."""
        server = self.server
        if server is None or server.host != target.host:
            return False
        ways = ((server.is_plain, server.port), (target.is_plain, target.port))
        is_upgrade = ways == ((True, DEFAULT_PORTS["http"]), (False, DEFAULT_PORTS["https"]))
        return ways[0] == ways[1] or is_upgrade

    def tls_for(self, target: Target, profile: TlsProfile) -> TlsProfile:
        """How to speak TLS with ``target``: as ``profile`` says with the host itself, at whatever
        port, and as it should be with every other."""
        is_same = self.server is not None and self.server.host == target.host
        return profile if is_same else STRICT_TLS
