"""The machine: time zones, certificates, fonts."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.doctor.finding import Finding, fault, fine, warn

FORGED_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before that has lost its battery: this program is younger."""


def look_at_machine(
    zones: set[str], new_context: Callable[[], ssl.SSLContext], now: datetime
) -> Iterator[Finding]:
    """Everything about the machine; ``new_context`` makes the TLS context that feeds are asked with."""
    if now < FORGED_BEFORE:
        says, remedy = f"it is {now:%Y-%m-%d} by it", "let NTP set the clock"
        yield fault("clock", "this machine", says, remedy)
    else:
        yield fine("clock", "this machine", f"{now:%Y-%m-%d %H:%M:%S} UTC")
    for zone in sorted(zones):
        yield _zone(zone)
    yield _certificates(new_context)
    # Pages and mails name font families that readers have; pictures are SVG. Nothing is drawn here.
    yield fine("fonts", "this machine", "none are needed: no page, mail or picture is drawn here")


def _zone(zone: str) -> Finding:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "install the system's tzdata, or the package tzdata"
        return fault("time_zones", zone, "nothing is known of this zone", remedy)
    return fine("time_zones", zone, "known")


def _certificates(new_context: Callable[[], ssl.SSLContext]) -> Finding:
    where = ssl.get_default_verify_paths().cafile or "certifi"
    try:
        count = len(new_context().get_ca_certs())
    except (OSError, ssl.SSLError) as error:
        remedy = "install ca-certificates, and look at SSL_CERT_FILE and SSL_CERT_DIR"
        return fault("certificates", where, f"no TLS context can be made: {error}", remedy)
    if not count:
        remedy = "install ca-certificates, or reinstall the package certifi"
        return fault("certificates", where, "no certificate authority is trusted", remedy)
    return fine("certificates", where, f"{count} authorities are trusted, {ssl.OPENSSL_VERSION}")


def look_at_pins(files: set[str]) -> Iterator[Finding]:
    """The pinned certificates of feeds: whether they can still be read."""
    for file in sorted(files):
        if Path(file).is_file():
            yield fine("pinned", file, "it is there")
        else:
            remedy = "put the file back, or take `certificate` out of the feed"
            yield warn("pinned", file, "a feed's certificate is not there", remedy)
