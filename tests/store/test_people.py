"""Accounts, sessions, links and failed logins as kept, in both databases."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.domain.people import Account, Attempts, Changed, Proof, Role
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW

LATER = NOW + timedelta(minutes=5)
LONG_AGO = NOW - timedelta(days=30)


def add(store: SqlStore, name: str, role: Role = Role.EDITOR, password: str = "h1") -> Account:
    assert store.add_account(
        name, display_name=name.title(), role=role, password_hash=password, now=NOW
    )
    account = store.account(name)
    assert account is not None
    return account


def start(store: SqlStore, account: Account, token: str = "t1") -> bool:
    return store.start_session(account, token=token, proof=Proof.PASSWORD, now=NOW, forget=LONG_AGO)


def link(store: SqlStore, account: Account, token: str = "l1") -> None:
    store.add_link(account.id, token=token, now=NOW, until=LATER)


def test_an_account_is_kept_as_it_was_made(store: SqlStore) -> None:
    """With its role, and nobody has logged in yet."""
    made = add(store, "kim")

    expected = ("kim", "Kim", Role.EDITOR, False, "h1", NOW, None)
    assert expected == (
        made.name,
        made.display_name,
        made.role,
        made.disabled,
        made.password_hash,
        made.created_at,
        made.last_login_at,
    )


def test_a_name_is_given_once(store: SqlStore) -> None:
    """The second account of a name is not made, and the first stays as it is."""
    first = add(store, "kim")

    again = store.add_account("kim", display_name="", role=Role.ADMIN, password_hash="", now=NOW)

    assert (False, [first]) == (again, store.accounts())


def test_accounts_are_listed_by_name(store: SqlStore) -> None:
    """Whatever the order they were made in."""
    add(store, "park")
    add(store, "kim")

    assert ["kim", "park"] == [one.name for one in store.accounts()]


def test_a_session_is_found_by_the_hash_of_its_token(store: SqlStore) -> None:
    """With its account, whose login is noted."""
    assert start(store, add(store, "kim"))

    visitor = store.visitor("t1")
    assert visitor is not None
    assert visitor.session is not None
    assert ("kim", NOW, Proof.PASSWORD, NOW) == (
        visitor.account.name,
        visitor.account.last_login_at,
        visitor.session.proof,
        visitor.session.seen_at,
    )
    assert store.visitor("t2") is None


@pytest.mark.parametrize(
    "stale",
    [{"password_hash": "h0"}, {"role": Role.ADMIN}, {"id": 999}],
    ids=["password", "role", "account"],
)
def test_no_session_starts_for_an_account_as_it_was(
    store: SqlStore, stale: Mapping[str, object]
) -> None:
    """Who gave a password that has been changed meanwhile is not in."""
    account = add(store, "kim")

    assert not start(store, replace(account, **stale))  # type: ignore[arg-type]
    assert store.visitor("t1") is None


def test_no_session_starts_for_a_disabled_account(store: SqlStore) -> None:
    """Not even with the right password."""
    account = add(store, "kim")
    store.change_account("kim", disabled=True)

    assert not start(store, account)


def test_a_session_in_use_is_noted(store: SqlStore) -> None:
    """And never set back by a request that took long."""
    start(store, add(store, "kim"))
    visitor = store.visitor("t1")
    assert visitor is not None
    assert visitor.session is not None

    store.touch_session(visitor.session.id, LATER)
    store.touch_session(visitor.session.id, NOW)

    touched = store.visitor("t1")
    assert touched is not None
    assert touched.session is not None
    assert LATER == touched.session.seen_at


def test_sessions_that_nobody_uses_are_thrown_away(store: SqlStore) -> None:
    """With the next login, whosever it is."""
    start(store, add(store, "kim"))

    store.start_session(add(store, "park"), token="t2", proof=Proof.LINK, now=LATER, forget=LATER)

    assert store.visitor("t1") is None
    assert store.visitor("t2") is not None


def test_a_session_ends(store: SqlStore) -> None:
    """And no other one of the account."""
    account = add(store, "kim")
    start(store, account, "t1")
    start(store, account, "t2")

    store.end_session("t1")

    assert store.visitor("t1") is None
    assert store.visitor("t2") is not None


@pytest.mark.parametrize("change", ["password", "role", "disabled"])
def test_a_change_ends_all_sessions_and_links(store: SqlStore, change: str) -> None:
    """Of the account it is about, and of no other."""
    add(store, "boss", Role.ADMIN)
    account, other = add(store, "kim"), add(store, "park")
    start(store, account, "t1")
    link(store, account, "l1")
    start(store, other, "t2")

    if change == "password":
        assert store.set_password("kim", "h2")
    elif change == "role":
        assert Changed.DONE is store.change_account("kim", role=Role.READER)
    else:
        assert Changed.DONE is store.change_account("kim", disabled=True)

    assert store.visitor("t1") is None
    assert store.use_link("l1", NOW) is None
    assert store.visitor("t2") is not None


def test_a_change_that_changes_nothing_ends_nothing(store: SqlStore) -> None:
    """Saying again what is so throws nobody out."""
    start(store, add(store, "kim"))

    assert Changed.DONE is store.change_account("kim", role=Role.EDITOR, disabled=False)
    assert store.visitor("t1") is not None


def test_nobody_is_nobody(store: SqlStore) -> None:
    """An account that is not there is not changed."""
    assert (False, Changed.UNKNOWN) == (
        store.set_password("kim", "h"),
        store.change_account("kim", disabled=True),
    )


@pytest.mark.parametrize(
    "change", [{"disabled": True}, {"role": Role.PUBLISHER}], ids=["disabled", "role"]
)
def test_the_last_admin_stays(store: SqlStore, change: dict[str, object]) -> None:
    """A disabled one does not count."""
    add(store, "boss", Role.ADMIN)
    add(store, "gone", Role.ADMIN)
    assert Changed.DONE is store.change_account("gone", disabled=True)

    assert Changed.LAST_ADMIN is store.change_account("boss", **change)  # type: ignore[arg-type]
    boss = store.account("boss")
    assert boss is not None
    assert (Role.ADMIN, False) == (boss.role, boss.disabled)


def test_one_of_two_admins_may_go(store: SqlStore) -> None:
    """The other one is left."""
    add(store, "boss", Role.ADMIN)
    add(store, "other", Role.ADMIN)

    assert Changed.DONE is store.change_account("boss", disabled=True)


def test_a_hash_is_renewed_only_where_it_is_the_one_meant(store: SqlStore) -> None:
    """Sessions stay: it is the same password."""
    account = add(store, "kim")
    start(store, account)

    store.renew_hash(account.id, "h1", "h2")
    store.renew_hash(account.id, "h1", "h3")

    visitor = store.visitor("t1")
    assert visitor is not None
    assert "h2" == visitor.account.password_hash


def test_a_link_lets_in_once(store: SqlStore) -> None:
    """Looking at it does not use it up."""
    link(store, add(store, "kim"))

    looked = [store.linked_account("l1", NOW) for _ in range(2)]
    used = [store.use_link("l1", NOW) for _ in range(2)]

    assert ["kim", "kim"] == [one.name for one in looked if one]
    assert ["kim", None] == [one and one.name for one in used]


def test_a_link_is_used_by_one_of_many(store: SqlStore) -> None:
    """Who comes at the same moment comes too late."""
    link(store, add(store, "kim"))

    with ThreadPoolExecutor(4) as pool:
        used = list(pool.map(lambda _: store.use_link("l1", NOW), range(4)))

    assert 1 == sum(one is not None for one in used)


def test_a_link_ends(store: SqlStore) -> None:
    """At the instant that it was given."""
    link(store, add(store, "kim"))

    assert store.linked_account("l1", LATER) is None
    assert store.use_link("l1", LATER) is None


def test_a_later_link_ends_the_one_before(store: SqlStore) -> None:
    """One account has one at a time."""
    account = add(store, "kim")
    link(store, account, "l1")
    link(store, account, "l2")

    assert store.use_link("l1", NOW) is None
    assert store.use_link("l2", NOW) is not None


def test_a_link_of_a_disabled_account_lets_nobody_in(store: SqlStore) -> None:
    """Also one that was made meanwhile."""
    account = add(store, "kim")
    store.change_account("kim", disabled=True)
    link(store, account)

    assert store.use_link("l1", NOW) is None


def one_more(known: Mapping[str, Attempts]) -> Mapping[str, Attempts]:
    count = known["a"].failures if "a" in known else 0
    return {"a": Attempts(failures=count + 1, last_at=NOW), "b": Attempts(failures=7, last_at=NOW)}


def counted(store: SqlStore) -> dict[str, int]:
    seen: dict[str, int] = {}

    def look(known: Mapping[str, Attempts]) -> datetime:
        seen.update({key: one.failures for key, one in known.items()})
        return NOW

    store.weigh_attempt(["a", "b"], look, forget=LONG_AGO)
    return seen


def test_attempts_at_once_are_counted_each(store: SqlStore) -> None:
    """Each sees what the one before it wrote."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: store.weigh_attempt(["a", "b"], one_more, forget=LONG_AGO), "1234"))

    assert {"a": 4, "b": 7} == counted(store)


def test_a_wait_writes_nothing(store: SqlStore) -> None:
    """Who has to wait is told until when, and does not wait longer for asking."""
    store.weigh_attempt(["a", "b"], one_more, forget=LONG_AGO)

    assert LATER == store.weigh_attempt(["a", "b"], lambda _: LATER, forget=LONG_AGO)
    assert {"a": 1, "b": 7} == counted(store)


def test_old_attempts_are_thrown_away(store: SqlStore) -> None:
    """Whoever comes next clears them."""
    store.weigh_attempt(["a", "b"], one_more, forget=LONG_AGO)

    store.weigh_attempt(["c"], lambda _: {"c": Attempts(failures=1, last_at=LATER)}, forget=LATER)

    assert {} == counted(store)


def test_a_right_password_is_forgiven(store: SqlStore) -> None:
    """The account's failures are forgotten, of the address only this one try: who has an account of
    his own must not guess others' for ever."""
    store.weigh_attempt(["a", "b"], one_more, forget=LONG_AGO)

    store.forgive("a", "b")

    assert {"b": 6} == counted(store)
