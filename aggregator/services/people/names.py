"""What an account may be called."""

from __future__ import annotations

import re

from aggregator.domain.errors import AccountRefused

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}", re.ASCII)
_LONGEST = 80


def folded(name: str) -> str:
    """A name as it is kept and looked for."""
    return name.strip().lower()


def check_name(name: str) -> str:
    """A name that an account may have, in lower case. Raises AccountRefused."""
    made = folded(name)
    if _NAME.fullmatch(made) is None:
        raise AccountRefused(
            f"{name!r} is no name of an account (letters a to z, digits, . _ @ and -, at most 64)",
            reason="name",
        )
    return made


def check_display_name(text: str, name: str) -> str:
    """How somebody is called on pages and in the log; the account's name where nothing is given.
    Raises AccountRefused."""
    made = " ".join(text.split()) or name
    if len(made) > _LONGEST or not made.isprintable():
        raise AccountRefused(
            f"a name to show has at most {_LONGEST} characters, all of them to be seen",
            reason="display_name",
        )
    return made
