"""The host of an address: what takes turns, holds, leases and the ledger of manners go by."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=8192)
def host_of(url: str) -> str:
    """The host of an address in lower case, an international name in its ASCII form; "" for none.

    The port is no part of it: whoever runs a server at two ports has one machine to spare, and is
    visited one exchange at a time. It is spelt as ``fetch`` spells it.
    """
    host = urlsplit(url).hostname or ""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        # No host that could be asked; but two spellings of it are still one.
        return host
