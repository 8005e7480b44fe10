"""Passwords as kept."""

from __future__ import annotations

from aggregator.passwords.argon2id import Argon2idHasher

CHEAP = Argon2idHasher(passes=1, memory=8, lanes=1)


def test_the_kept_form_is_argon2id_as_rfc_9106_recommends_it() -> None:
    """64 MiB, three passes, four lanes."""
    assert Argon2idHasher().hash("a long password").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_is_known_again() -> None:
    """That one alone."""
    kept = CHEAP.hash("a long password")

    assert (True, False) == (CHEAP.verify(kept, "a long password"), CHEAP.verify(kept, "another"))


def test_a_password_has_another_hash_each_time() -> None:
    """It is salted."""
    assert CHEAP.hash("a long password") != CHEAP.hash("a long password")


def test_no_password_is_known_to_nobody() -> None:
    """Neither the empty one nor the one that the time is spent on; what is no hash knows none."""
    assert [False] * 3 == [
        CHEAP.verify("", ""),
        CHEAP.verify("", "nobody has this password"),
        CHEAP.verify("plain", "plain"),
    ]


def test_other_parameters_are_outdated() -> None:
    """Also what is no hash at all."""
    kept = CHEAP.hash("a long password")

    assert not CHEAP.is_outdated(kept)
    assert Argon2idHasher(passes=2, memory=8, lanes=1).is_outdated(kept)
    assert CHEAP.is_outdated("plain")
