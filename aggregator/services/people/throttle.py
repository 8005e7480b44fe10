"""How often a login may fail before the next one has to wait: pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from aggregator.domain.people import Attempts

FORGOTTEN_AFTER = timedelta(days=1)
"""Failures so old count no more. With the waits below, whoever guesses without a pause gets some
hundred tries a day at one account (NIST SP 800-63B asks for a bound)."""

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=15)
_DOUBLINGS = 4
_NET_OF_SIX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many failures under one kind of key go without a wait."""

    free: int

    def wait(self, failures: int) -> timedelta:
        """How long the next try has to wait after so many failures: a minute after the last free
        one, doubled with each further, a quarter of an hour at most."""
        beyond = failures - self.free
        if beyond < 0:
            return timedelta()
        return min(_FIRST_WAIT * (1 << min(beyond, _DOUBLINGS)), _LONGEST_WAIT)


PER_ACCOUNT = Limit(free=5)
PER_ADDRESS = Limit(free=20)
"""More than one account's: an office has one address for all who sit in it."""


def account_key(name: str) -> str:
    """The key of an account's name, whether there is one or not. A hash: people type passwords into
    the wrong field."""
    return f"account:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"


def address_key(address: str) -> str:
    """The key of an address; of IPv6 the first half, which one customer has for himself."""
    try:
        found = ip_address(address)
    except ValueError:
        return "address:unknown"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(int(found) >> _NET_OF_SIX << _NET_OF_SIX)
    return f"address:{found}"


def limits_of(name: str, address: str) -> dict[str, Limit]:
    """The keys that a login counts under, the account's first, each with its limit."""
    return {account_key(name): PER_ACCOUNT, address_key(address): PER_ADDRESS}


def weigh(
    limits: Mapping[str, Limit], known: Mapping[str, Attempts], now: datetime
) -> Mapping[str, Attempts] | datetime:
    """A try counted as a failure under each key, or the instant from which one may be made.

    It is counted before the password is looked at, so that many tries at once are not one; a right
    password takes it back.
    """
    fresh = {key: one for key, one in known.items() if now - one.last_at < FORGOTTEN_AFTER}
    # A clock that was set back keeps nobody out for longer than the wait itself.
    waits = [min(one.last_at, now) + limits[key].wait(one.failures) for key, one in fresh.items()]
    until = max(waits, default=now)
    if until > now:
        return until
    return {
        key: Attempts(failures=fresh[key].failures + 1 if key in fresh else 1, last_at=now)
        for key in limits
    }
