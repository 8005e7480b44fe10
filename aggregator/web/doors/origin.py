"""Whose page sent a request, and to which name: decided by its headers, without I/O.

A browser says where a request comes from (Sec-Fetch-Site, Origin), and no page can forge that. So no
tokens are needed in forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aggregator.domain.people import DeskOptions

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""

_OWN = frozenset({"same-origin", "none"})
""""none" is the person: an address typed, a page loaded again."""

_DOCUMENT = frozenset({"document", ""})
_FORWARDED_MOST = 50


def is_at_home(host: str, options: DeskOptions) -> bool:
    """Whether the Host header names the desk: its address, or this machine. Any other name that leads
    here is somebody else's, whose pages would be of the desk's own origin (DNS rebinding)."""
    if options.address and host.lower() == urlsplit(options.address).netloc.lower():
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_own_request(method: str, headers: Mapping[str, str], options: DeskOptions) -> bool:
    """Whether a page of the desk, or the person, sent a request. One that changes nothing may also come
    by a link from anywhere, as a page to be shown, but not as a picture, a frame or a script.

    What changes something and says neither Sec-Fetch-Site nor Origin is refused: every browser of
    these years says one of them.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if method in SAFE:
        return site is None or site in _OWN or _is_link(headers)
    if site is not None and site not in _OWN:
        return False
    if origin is None:
        return site is not None
    if origin == "null":
        return site == "same-origin"
    return origin.lower() in _origins(headers.get("host", ""), options)


def _is_link(headers: Mapping[str, str]) -> bool:
    mode, dest = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest", "")
    return mode == "navigate" and dest in _DOCUMENT


def _origins(host: str, options: DeskOptions) -> set[str]:
    """The origins of the desk's own pages: its address, and what the browser asked, if that is this
    machine."""
    own = {options.address.lower()} if options.address else set()
    if host and is_at_home(host, DeskOptions()):
        own.add(f"http://{host.lower()}")
    return own


def is_proxy(peer: str, options: DeskOptions) -> bool:
    """Whether a request comes from a proxy that the configuration names."""
    found = _address(peer)
    return found is not None and any(found in network for network in options.proxies)


def client_address(peer: str, forwarded: str, options: DeskOptions) -> str:
    """Whose request it is: the peer's, or behind the configured proxies the last address of
    ``X-Forwarded-For`` that is none of them. What stands before that anybody may have written."""
    if not is_proxy(peer, options):
        return peer
    hops = [hop.strip() for hop in forwarded.split(",")[-_FORWARDED_MOST:]]
    for hop in reversed(hops):
        if _address(hop) is None:
            break
        if not is_proxy(hop, options):
            return hop
    return peer


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
