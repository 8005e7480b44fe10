"""People as rows: accounts, sessions, one-time links, failed logins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from aggregator.domain.people import Account, Attempts, Changed, Proof, Role, Session, Visitor
from aggregator.store.engine import Database
from aggregator.store.people_tables import accounts, login_attempts, login_links, sessions


class AccountRows:
    """The part of the store that keeps people."""

    _db: Database

    def accounts(self) -> list[Account]:
        """All accounts, by name."""
        with self._db.reading() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.name)).mappings()
            return [_account_of(row) for row in rows]

    def account(self, name: str) -> Account | None:
        """The account of this name."""
        query = select(accounts).where(accounts.c.name == name)
        with self._db.reading() as connection:
            row = connection.execute(query).mappings().first()
        return _account_of(row) if row else None

    def add_account(
        self, name: str, *, display_name: str, role: Role, password_hash: str, now: datetime
    ) -> bool:
        """Make an account. False, with nothing written, where the name is taken."""
        with self._db.writing() as connection:
            if connection.scalar(select(accounts.c.id).where(accounts.c.name == name)) is not None:
                return False
            connection.execute(
                insert(accounts).values(
                    name=name,
                    display_name=display_name,
                    role=role.value,
                    disabled=False,
                    password_hash=password_hash,
                    created_at=now,
                )
            )
            return True

    def set_password(self, name: str, password_hash: str) -> bool:
        """Give an account another password, or none, and end all its sessions and links. False
        where there is no such account."""
        with self._db.writing() as connection:
            account_id = connection.scalar(select(accounts.c.id).where(accounts.c.name == name))
            if account_id is None:
                return False
            this = update(accounts).where(accounts.c.id == account_id)
            connection.execute(this.values(password_hash=password_hash))
            _end_all(connection, account_id)
            return True

    def renew_hash(self, account_id: int, old: str, new: str) -> None:
        """Put another hash of the same password in place of ``old``, if that is still there."""
        this = update(accounts).where(accounts.c.id == account_id, accounts.c.password_hash == old)
        with self._db.writing() as connection:
            connection.execute(this.values(password_hash=new))

    def change_account(
        self, name: str, *, role: Role | None = None, disabled: bool | None = None
    ) -> Changed:
        """Change the role, or let nobody in under the name any more, or again. Where something
        differs all sessions and links end. LAST_ADMIN, with nothing written, where nobody would be
        left who is an admin and let in."""
        with self._db.writing() as connection:
            query = select(accounts).where(accounts.c.name == name)
            row = connection.execute(query).mappings().first()
            if row is None:
                return Changed.UNKNOWN
            new = {
                "role": row["role"] if role is None else role.value,
                "disabled": row["disabled"] if disabled is None else disabled,
            }
            if new == {key: row[key] for key in new}:
                return Changed.DONE
            if _is_admin(row) and not _is_admin(new) and not _others(connection, row["id"]):
                return Changed.LAST_ADMIN
            connection.execute(update(accounts).where(accounts.c.id == row["id"]).values(new))
            _end_all(connection, row["id"])
            return Changed.DONE

    # --- sessions -------------------------------------------------------------------------------------

    def start_session(
        self, account: Account, *, token: str, proof: Proof, now: datetime, forget: datetime
    ) -> bool:
        """Keep a session under the hash of its token, and note the login. False, with nothing
        written, where the account is not as it was read: disabled, another role, another password.
        Sessions that nobody used since ``forget`` are thrown away."""
        same = (
            accounts.c.id == account.id,
            accounts.c.disabled.is_(False),
            accounts.c.role == account.role.value,
            accounts.c.password_hash == account.password_hash,
        )
        with self._db.writing() as connection:
            this = update(accounts).where(*same).values(last_login_at=now)
            if connection.execute(this).rowcount != 1:
                return False
            connection.execute(delete(sessions).where(sessions.c.seen_at < forget))
            connection.execute(
                insert(sessions).values(
                    token_hash=token,
                    account_id=account.id,
                    proof=proof.value,
                    started_at=now,
                    seen_at=now,
                )
            )
            return True

    def visitor(self, token: str) -> Visitor | None:
        """The session under the hash of a token, with its account."""
        query = select(
            *accounts.c,
            sessions.c.id.label("session_id"),
            sessions.c.proof,
            sessions.c.started_at,
            sessions.c.seen_at,
        ).join(sessions, sessions.c.account_id == accounts.c.id)
        with self._db.reading() as connection:
            found = connection.execute(query.where(sessions.c.token_hash == token))
            row = found.mappings().first()
        if row is None:
            return None
        session = Session(
            id=row["session_id"],
            account_id=row["id"],
            proof=Proof(row["proof"]),
            started_at=row["started_at"],
            seen_at=row["seen_at"],
        )
        return Visitor(account=_account_of(row), session=session)

    def touch_session(self, session_id: int, now: datetime) -> None:
        """Note that a session is in use."""
        this = update(sessions).where(sessions.c.id == session_id, sessions.c.seen_at < now)
        # What a power cut takes away of this is that somebody logs in an hour earlier.
        with self._db.writing(can_be_had_again=True) as connection:
            connection.execute(this.values(seen_at=now))

    def end_session(self, token: str) -> None:
        """Throw away the session under the hash of a token, if there is one."""
        with self._db.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == token))

    # --- one-time links -------------------------------------------------------------------------------

    def add_link(self, account_id: int, *, token: str, now: datetime, until: datetime) -> None:
        """Keep a one-time link under the hash of its token; older links of the account end."""
        row = {"token_hash": token, "account_id": account_id, "made_at": now, "until": until}
        with self._db.writing() as connection:
            connection.execute(
                delete(login_links).where(
                    (login_links.c.account_id == account_id) | (login_links.c.until <= now)
                )
            )
            connection.execute(insert(login_links).values(row))

    def linked_account(self, token: str, now: datetime) -> Account | None:
        """Whom a link lets in, if it is still good. It stays so."""
        with self._db.reading() as connection:
            return _linked(connection, token, now)

    def use_link(self, token: str, now: datetime) -> Account | None:
        """Whom a link lets in, once: it is thrown away in the same transaction."""
        with self._db.writing() as connection:
            account = _linked(connection, token, now)
            connection.execute(delete(login_links).where(login_links.c.token_hash == token))
            return account

    # --- failed logins --------------------------------------------------------------------------------

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
        rows = login_attempts
        with self._db.writing() as connection:
            found = connection.execute(select(rows).where(rows.c.key.in_(keys))).mappings()
            known = {
                row["key"]: Attempts(failures=row["failures"], last_at=row["last_at"])
                for row in found
            }
            weighed = weigh(known)
            if isinstance(weighed, datetime):
                return weighed
            gone = (rows.c.last_at < forget) | rows.c.key.in_([*weighed])
            connection.execute(delete(rows).where(gone))
            connection.execute(
                insert(rows),
                [
                    {"key": key, "failures": one.failures, "last_at": one.last_at}
                    for key, one in weighed.items()
                ],
            )
            return None

    def forgive(self, account_key: str, address_key: str) -> None:
        """A counted attempt was none: forget the account's failures, and one of the address."""
        rows = login_attempts
        with self._db.writing() as connection:
            connection.execute(delete(rows).where(rows.c.key == account_key))
            less = update(rows).where(rows.c.key == address_key, rows.c.failures > 0)
            connection.execute(less.values(failures=rows.c.failures - 1))


def _account_of(row: RowMapping) -> Account:
    return Account(
        id=row["id"],
        name=row["name"],
        display_name=row["display_name"],
        role=Role(row["role"]),
        disabled=row["disabled"],
        created_at=row["created_at"],
        last_login_at=row["last_login_at"],
        password_hash=row["password_hash"],
    )


def _is_admin(row: Mapping[str, object] | RowMapping) -> bool:
    return row["role"] == Role.ADMIN.value and not row["disabled"]


def _others(connection: Connection, account_id: int) -> int:
    """How many admins besides this account are let in."""
    query = select(func.count()).where(
        accounts.c.role == Role.ADMIN.value,
        accounts.c.disabled.is_(False),
        accounts.c.id != account_id,
    )
    return connection.scalar(query) or 0


def _end_all(connection: Connection, account_id: int) -> None:
    """End all sessions and links of an account."""
    for table in (sessions, login_links):
        connection.execute(delete(table).where(table.c.account_id == account_id))


def _linked(connection: Connection, token: str, now: datetime) -> Account | None:
    query = (
        select(accounts)
        .join(login_links, login_links.c.account_id == accounts.c.id)
        .where(
            login_links.c.token_hash == token,
            login_links.c.until > now,
            accounts.c.disabled.is_(False),
        )
    )
    row = connection.execute(query).mappings().first()
    return _account_of(row) if row else None
