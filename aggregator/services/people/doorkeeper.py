"""The doorkeeper: who is let in, by what, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from aggregator.domain.errors import AccountRefused
from aggregator.domain.people import Account, DeskOptions, Proof, Visitor
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.people import AccountStore, PasswordHasher
from aggregator.services.people.accounts import Accounts
from aggregator.services.people.names import folded
from aggregator.services.people.passwords import LONGEST, normalised
from aggregator.services.people.throttle import FORGOTTEN_AFTER, limits_of, weigh
from aggregator.services.people.tokens import kept_form, new_token

log = get_logger(__name__)

NOTED_AFTER = timedelta(minutes=1)
"""A session in use is noted so often: a page must not cost a write."""

FRESH = timedelta(minutes=15)
"""So long after a one-time link its visitor may choose a password without the old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """Somebody is in; ``token`` is the new session's, told once."""

    account: Account
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TooOften:
    """Too many logins failed: the next one may be made at ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorkeeper:
    """Lets people in and knows them again."""

    store: AccountStore
    hasher: PasswordHasher
    clock: Clock
    options: DeskOptions

    def log_in(self, name: str, password: str, *, address: str) -> LetIn | TooOften | None:
        """A new session for who knows the password; None for anybody else.

        An unknown name, a wrong password and a disabled account have the same answer, which takes
        the same time.
        """
        name, now = folded(name), self.clock.now()
        limits = limits_of(name, address)
        until = self.store.weigh_attempt(
            [*limits], partial(weigh, limits, now=now), forget=now - FORGOTTEN_AFTER
        )
        if until is not None:
            log.warning("login_throttled", address=address, until=until.isoformat())
            return TooOften(until=until)
        account = self.store.account(name)
        given = normalised(password[: 2 * LONGEST])
        known = self.hasher.verify(account.password_hash if account else "", given)
        if account is None or not known or account.disabled:
            reason = "unknown" if account is None else "disabled" if known else "password"
            shown = account.name if account else None
            log.warning("login_failed", account=shown, reason=reason, address=address)
            return None
        self.store.forgive(*limits)
        account = self._renewed(account, given)
        return self._start(account, Proof.PASSWORD, address)

    def use_link(self, token: str, *, address: str) -> LetIn | None:
        """A new session for who has a link that is still good, which it is no more; else None."""
        account = self.store.use_link(kept_form(token), self.clock.now())
        if account is None:
            log.warning("link_refused", address=address)
            return None
        return self._start(account, Proof.LINK, address)

    def linked(self, token: str) -> Account | None:
        """Whom a link would let in. It stays as good as it is."""
        return self.store.linked_account(kept_form(token), self.clock.now())

    def again(self, account: Account, proof: Proof, *, address: str) -> LetIn | None:
        """A new session for somebody who is in, after all his were ended."""
        fresh = self.store.account(account.name)
        return self._start(fresh, proof, address) if fresh else None

    def recognise(self, token: str) -> Visitor | None:
        """Who holds the token of a session, unless that is over. A session in use stays for longer,
        but never beyond its lifetime."""
        visitor = self.store.visitor(kept_form(token))
        if visitor is None or visitor.session is None or visitor.account.disabled:
            return None
        session, now = visitor.session, self.clock.now()
        is_over = (
            now - session.seen_at >= self.options.idle
            or now - session.started_at >= self.options.lifetime
        )
        if is_over:
            self.store.end_session(kept_form(token))
            return None
        if now - session.seen_at >= NOTED_AFTER:
            self.store.touch_session(session.id, now)
        return visitor

    def vouched_for(self, name: str, accounts: Accounts) -> Visitor | None:
        """Who a trusted proxy says is asking; None for nobody that is let in. Where the desk is set
        so, an account is made for a name that has none."""
        account = self.store.account(folded(name))
        if account is None and self.options.auto_create is not None:
            try:
                account = accounts.ensure(name, role=self.options.auto_create, by="proxy")
            except AccountRefused:
                return None
        if account is None or account.disabled:
            return None
        return Visitor(account=account, session=None)

    def log_out(self, token: str) -> None:
        """End a session, if there is one."""
        self.store.end_session(kept_form(token))

    def may_choose_password(self, visitor: Visitor, current: str, *, address: str) -> bool:
        """Whether somebody who is in may choose another password: by the present one, or for a while
        after a one-time link. A session that was stolen guesses no faster than a stranger."""
        account, now = visitor.account, self.clock.now()
        if is_fresh_link(visitor, now):
            return True
        limits = limits_of(account.name, address)
        until = self.store.weigh_attempt(
            [*limits], partial(weigh, limits, now=now), forget=now - FORGOTTEN_AFTER
        )
        given = normalised(current[: 2 * LONGEST])
        known = until is None and self.hasher.verify(account.password_hash, given)
        if known:
            self.store.forgive(*limits)
        return known

    def _renewed(self, account: Account, password: str) -> Account:
        """The account with a hash of today's parameters."""
        if not self.hasher.is_outdated(account.password_hash):
            return account
        self.store.renew_hash(account.id, account.password_hash, self.hasher.hash(password))
        return self.store.account(account.name) or account

    def _start(self, account: Account, proof: Proof, address: str) -> LetIn | None:
        token, now = new_token(), self.clock.now()
        started = self.store.start_session(
            account,
            token=kept_form(token),
            proof=proof,
            now=now,
            forget=now - max(self.options.idle, FORGOTTEN_AFTER),
        )
        if not started:
            return None
        log.info("login", account=account.name, proof=proof.value, address=address)
        return LetIn(account=account, token=token)


def is_fresh_link(visitor: Visitor, now: datetime) -> bool:
    """Whether somebody came by a one-time link a short while ago."""
    session = visitor.session
    return session is not None and session.proof is Proof.LINK and now - session.started_at < FRESH
