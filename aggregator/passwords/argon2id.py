"""Passwords hashed with argon2id (RFC 9106), a few at a time.

The only importer of argon2.
"""

from __future__ import annotations

import threading
from functools import cached_property

import argon2
from argon2.exceptions import Argon2Error, InvalidHashError

AT_ONCE = 2
"""Passwords that are hashed at one time: each takes 64 MiB, and who guesses must not fill memory."""


class Argon2idHasher:
    """Hashes by the second recommended choice of RFC 9106, section 4: 64 MiB, three passes, four
    lanes. ``memory`` in KiB."""

    def __init__(self, *, passes: int = 3, memory: int = 64 * 1024, lanes: int = 4) -> None:
        self._hasher = argon2.PasswordHasher(
            time_cost=passes, memory_cost=memory, parallelism=lanes
        )
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """A salted hash of ``password``, with what is needed to verify it."""
        with self._room:
            return self._hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        """Whether ``password`` is the one that ``kept`` was made of. It takes as long where ``kept``
        is "" or no hash, and is then False."""
        try:
            with self._room:
                self._hasher.verify(kept or self._nobodys, password)
        except (Argon2Error, InvalidHashError):
            return False
        return bool(kept)

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than are in use now."""
        try:
            return self._hasher.check_needs_rehash(kept)
        except InvalidHashError:
            return True

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password has, at the price of any other."""
        return self._hasher.hash("nobody has this password")
