"""Who may read the metrics: decided by peer, headers and the token, without I/O."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_address

from aggregator.domain.people import DeskOptions
from aggregator.web.doors.origin import is_at_home

TOKEN = "AGG_METRICS_TOKEN"  # noqa: S105 - the name of a variable
SHORTEST = 16
"""Characters of a token; a shorter one lets nobody in."""

FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
)
"""Headers by which proxies say that somebody else asks."""


def meter_refusal(peer: str, headers: Mapping[str, str], token: str) -> HTTPStatus | None:
    """Why the metrics are not shown, None where they are.

    With a ``token`` whoever has it reads them. Without one this machine does, by a loopback name and
    through no proxy: behind a proxy the whole world comes from this machine.
    """
    if token:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        is_same = hmac.compare_digest(given.strip().encode(), token.encode())
        is_right = is_same and scheme.lower() == "bearer" and len(token) >= SHORTEST
        return None if is_right else HTTPStatus.UNAUTHORIZED
    is_near = _is_loopback(peer) and is_at_home(headers.get("host", ""), DeskOptions())
    if is_near and not any(name in headers for name in FORWARDED):
        return None
    return HTTPStatus.FORBIDDEN


def _is_loopback(peer: str) -> bool:
    try:
        found = ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
