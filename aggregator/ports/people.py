"""People: how accounts, sessions, links and failed logins are kept, and passwords hashed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.domain.people import Account, Attempts, Changed, Proof, Role, Visitor


class PasswordHasher(Protocol):
    """Turns passwords into what may be kept."""

    def hash(self, password: str) -> str:
        """A salted hash of ``password``, with what is needed to verify it."""
        ...

    def verify(self, kept: str, password: str) -> bool:
        """Whether ``password`` is the one that ``kept`` was made of. It takes as long where ``kept``
        is "" or no hash, and is then False."""
        ...

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than are in use now."""
        ...


class AccountStore(Protocol):
    """Accounts and what lets them in. Names are compared as they are, in lower case."""

    def accounts(self) -> list[Account]:
        """All accounts, by name."""
        ...

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        ...

    def add_account(
        self, name: str, *, display_name: str, role: Role, password_hash: str, now: datetime
    ) -> bool:
        """Make an account. False, with nothing written, where the name is taken."""
        ...

    def set_password(self, name: str, password_hash: str) -> bool:
        """Give an account another password, or none, and end all its sessions and links. False
        where there is no such account."""
        ...

    def renew_hash(self, account_id: int, old: str, new: str) -> None:
        """Put another hash of the same password in place of ``old``, if that is still there."""
        ...

    def change_account(
        self, name: str, *, role: Role | None = None, disabled: bool | None = None
    ) -> Changed:
        """Change the role, or let nobody in under the name any more, or again. Where something
        differs all sessions and links end. LAST_ADMIN, with nothing written, where nobody would be
        left who is an admin and let in."""
        ...

    def start_session(
        self, account: Account, *, token: str, proof: Proof, now: datetime, forget: datetime
    ) -> bool:
        """Keep a session under the hash of its token, and note the login. False, with nothing
        written, where the account is not as it was read: disabled, another role, another password.
        Sessions that nobody used since ``forget`` are thrown away."""
        ...

    def visitor(self, token: str) -> Visitor | None:
        """The session under the hash of a token, with its account."""
        ...

    def touch_session(self, session_id: int, now: datetime) -> None:
        """Note that a session is in use."""
        ...

    def end_session(self, token: str) -> None:
        """Throw away the session under the hash of a token, if there is one."""
        ...

    def add_link(self, account_id: int, *, token: str, now: datetime, until: datetime) -> None:
        """Keep a one-time link under the hash of its token; older links of the account end."""
        ...

    def linked_account(self, token: str, now: datetime) -> Account | None:
        """Whom a link lets in, if it is still good. It stays so."""
        ...

    def use_link(self, token: str, now: datetime) -> Account | None:
        """Whom a link lets in, once: it is thrown away in the same transaction."""
        ...

    def weigh_attempt(
        self,
        keys: Sequence[str],
        weigh: Callable[[Mapping[str, Attempts]], Mapping[str, Attempts] | datetime],
        *,
        forget: datetime,
    ) -> datetime | None:
        """One transaction: read what failed under ``keys``, and write what ``weigh`` makes of it; where
        that is an instant, nothing is written and it is returned. What last failed before ``forget``
        is thrown away."""
        ...

    def forgive(self, account_key: str, address_key: str) -> None:
        """A counted attempt was none: forget the account's failures, and one of the address."""
        ...
