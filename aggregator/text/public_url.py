"""Which addresses readers may be sent to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from aggregator.text.unseen import without_unseen


def public_url(url: str) -> str:
    """``url`` where readers may be sent there, else "".

    Only http and https addresses with a host that is not this machine or a private network pass;
    whatever cannot be read as an address does not, nor one with what nobody sees in it.
    """
    cleaned = url.strip()
    try:
        parts = urlsplit(cleaned)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is the check
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.username is not None:
        return ""
    if any(ord(char) <= ord(" ") or char in '<>"\\^`{|}\x7f' for char in cleaned):
        return ""
    return "" if _is_private(host) or without_unseen(cleaned) != cleaned else cleaned


def _is_private(host: str) -> bool:
    """Whether ``host`` names this machine or an address that the public cannot reach."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ip_address(name.partition("%")[0]).is_global
    except ValueError:
        return name.replace(".", "").isdigit()
