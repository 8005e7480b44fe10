"""``[desk]``: what its keys say about each other, and what they come to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from aggregator.config import addresses, values
from aggregator.config.schema import DeskTable
from aggregator.config.values import shown
from aggregator.config.walk import Report
from aggregator.domain.people import DeskOptions


def check_desk(desk: DeskTable, report: Report) -> None:
    """Report an address at which passwords could be read, and keys that need another one."""
    if desk.address is not None:
        _check_address(desk.address, report)
    if desk.trusted_header is not None and not desk.proxies:
        report(
            ("desk", "trusted_header"),
            "no proxy is named whose header is trusted",
            'add proxies = ["127.0.0.1"], the addresses that the proxy asks from',
        )
    if desk.auto_create is not None and desk.trusted_header is None:
        report(
            ("desk", "auto_create"),
            "accounts are made only for names that a proxy vouches for",
            'add trusted_header = "X-Remote-User", or leave auto_create out',
        )
    if values.read_duration(desk.idle) > values.read_duration(desk.lifetime):
        report(
            ("desk", "idle"), "it is longer than lifetime", "make it shorter, or lifetime longer"
        )


def _check_address(address: str, report: Report) -> None:
    parts = urlsplit(addresses.read_base_url(address))
    path = ("desk", "address")
    if parts.path:
        report(path, f"{shown(address)} has a path", "leave it out: the desk stands at /desk")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        report(
            path,
            f"{shown(address)} would send passwords in the clear",
            "an https address; http is for this machine alone, such as http://127.0.0.1:8080",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def desk_options(desk: DeskTable) -> DeskOptions:
    """What an accepted table comes to."""
    return DeskOptions(
        address=addresses.read_base_url(desk.address) if desk.address else "",
        status_public=desk.status == "public",
        idle=values.read_duration(desk.idle),
        lifetime=values.read_duration(desk.lifetime),
        link_life=values.read_duration(desk.link_life),
        trusted_header=desk.trusted_header or "",
        proxies=tuple(addresses.read_network(text) for text in desk.proxies),
        auto_create=desk.auto_create,
    )
