"""People: who may work at the desk, as what, and what lets them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network


class Role(StrEnum):
    """What somebody may do; each role may do all that those before it may."""

    READER = "reader"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    def includes(self, least: Role) -> bool:
        """Whether this role may do what ``least`` may."""
        order = [*Role]
        return order.index(self) >= order.index(least)


class Proof(StrEnum):
    """What somebody showed at the door."""

    PASSWORD = "password"  # noqa: S105 - the name of a proof
    LINK = "link"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may come in. ``password_hash`` is "" for one that has no password (yet), which is
    let in by a one-time link or a proxy alone; it is left out of the representation."""

    id: int
    name: str
    display_name: str
    role: Role
    disabled: bool
    created_at: datetime
    last_login_at: datetime | None
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A login that lasts. The token itself is nowhere kept, only its hash."""

    id: int
    account_id: int
    proof: Proof
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks: an account, and the session that says so. A proxy's word needs no session."""

    account: Account
    session: Session | None

    @property
    def role(self) -> Role:
        """The account's role."""
        return self.account.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Logins that failed lately under one key: an account's name or an address, each as a hash."""

    failures: int
    last_at: datetime


class Changed(StrEnum):
    """What became of a change to an account."""

    DONE = "done"
    UNKNOWN = "unknown"
    LAST_ADMIN = "last_admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOptions:
    """``[desk]``: how people come in.

    ``address`` is where browsers reach the desk, "" for this machine alone. A session ends ``idle``
    after it was last used and ``lifetime`` after its login. ``trusted_header`` names, where one of
    ``proxies`` asks, the account; ``auto_create`` is the role of one that is not there yet.
    """

    address: str = ""
    status_public: bool = False
    idle: timedelta = timedelta(hours=12)
    lifetime: timedelta = timedelta(days=7)
    link_life: timedelta = timedelta(hours=1)
    trusted_header: str = ""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    auto_create: Role | None = None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the desk by https alone."""
        return self.address.startswith("https://")
