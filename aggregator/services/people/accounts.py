"""Accounts: made, changed, let in by a link. What the command line and the page People do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.errors import AccountRefused, NotFound
from aggregator.domain.people import Account, Changed, DeskOptions, Role
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.people import AccountStore, PasswordHasher
from aggregator.services.people.names import check_display_name, check_name, folded
from aggregator.services.people.passwords import check_password
from aggregator.services.people.tokens import kept_form, new_token

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A one-time link. ``token`` is told once and nowhere kept."""

    account: Account
    token: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts of one desk. ``by`` says who does it, for the log."""

    store: AccountStore
    hasher: PasswordHasher
    clock: Clock
    options: DeskOptions

    def all(self) -> list[Account]:
        """All accounts, by name."""
        return self.store.accounts()

    def get(self, name: str) -> Account:
        """The account of this name. Raises NotFound."""
        found = self.store.account(folded(name))
        if found is None:
            raise NotFound(f"there is no account {name!r} (aggregator user list shows them)")
        return found

    def add(
        self, name: str, *, role: Role, display_name: str = "", password: str | None = None, by: str
    ) -> Account:
        """Make an account; without a password it is let in by a one-time link. Raises AccountRefused
        for a name that is none or taken, PasswordRefused."""
        made = check_name(name)
        shown = check_display_name(display_name, made)
        kept = "" if password is None else self.hasher.hash(check_password(password, made))
        added = self.store.add_account(
            made, display_name=shown, role=role, password_hash=kept, now=self.clock.now()
        )
        if not added:
            raise AccountRefused(f"there is an account {made!r} already", reason="taken")
        log.info("account_added", account=made, role=role.value, by=by)
        return self.get(made)

    def ensure(self, name: str, *, role: Role, display_name: str = "", by: str) -> Account:
        """The account of this name, made where it is not there."""
        found = self.store.account(check_name(name))
        try:
            return found or self.add(name, role=role, display_name=display_name, by=by)
        except AccountRefused:
            # Another process was first.
            return self.get(name)

    def set_password(self, name: str, password: str, *, by: str) -> None:
        """Give an account another password; all its sessions end. Raises NotFound,
        PasswordRefused."""
        account = self.get(name)
        kept = self.hasher.hash(check_password(password, account.name))
        self._must(self.store.set_password(account.name, kept), name)
        log.info("password_changed", account=account.name, by=by)

    def reset(self, name: str, *, by: str) -> Link:
        """Take an account's password away, end its sessions, and give a link by which another one
        can be chosen. Raises NotFound, AccountRefused for a disabled account."""
        account = self._open(name)
        self._must(self.store.set_password(account.name, ""), name)
        log.info("password_reset", account=account.name, by=by)
        return self.link(name, by=by)

    def change_role(self, name: str, role: Role, *, by: str) -> None:
        """Give an account another role; its sessions end. Raises NotFound, AccountRefused where no
        admin would be left."""
        self._changed(self.store.change_account(folded(name), role=role), name)
        log.info("role_changed", account=folded(name), role=role.value, by=by)

    def disable(self, name: str, *, by: str) -> None:
        """Let nobody in under this name; its sessions end. Raises NotFound, AccountRefused where no
        admin would be left."""
        self._changed(self.store.change_account(folded(name), disabled=True), name)
        log.info("account_disabled", account=folded(name), by=by)

    def enable(self, name: str, *, by: str) -> None:
        """Let somebody in again. Raises NotFound."""
        self._changed(self.store.change_account(folded(name), disabled=False), name)
        log.info("account_enabled", account=folded(name), by=by)

    def link(self, name: str, *, by: str) -> Link:
        """A link that lets somebody in once and not for long; older ones of the account end. Raises
        NotFound, AccountRefused for a disabled account."""
        account = self._open(name)
        token, now = new_token(), self.clock.now()
        until = now + self.options.link_life
        self.store.add_link(account.id, token=kept_form(token), now=now, until=until)
        log.info("link_made", account=account.name, by=by)
        return Link(account=account, token=token, until=until)

    def _open(self, name: str) -> Account:
        account = self.get(name)
        if account.disabled:
            raise AccountRefused(
                f"the account {account.name!r} is disabled: enable it first", reason="disabled"
            )
        return account

    def _changed(self, changed: Changed, name: str) -> None:
        if changed is Changed.LAST_ADMIN:
            raise AccountRefused(
                f"{folded(name)!r} is the last admin who is let in: make another one first",
                reason="last_admin",
            )
        self._must(changed is Changed.DONE, name)

    def _must(self, found: bool, name: str) -> None:  # noqa: FBT001 - what a look-up came to
        if not found:
            self.get(name)
