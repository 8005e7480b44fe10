"""Parts of an address that nobody may read, hidden in everything that is said about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote

HIDDEN = "***"


def hide(text: str, secrets: Sequence[str]) -> str:
    """``text`` without any of ``secrets``, in whatever way their characters are percent-encoded."""
    return _pattern(tuple(secrets)).sub(HIDDEN, text) if any(secrets) else text


@lru_cache(maxsize=64)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str]:
    # A key may itself be given in its encoded form, and is then sent decoded by some servers.
    forms = {form for secret in secrets for form in (secret, unquote(secret)) if form}
    ordered = sorted(forms, key=len, reverse=True)
    return re.compile("|".join("".join(map(_spellings, form)) for form in ordered), re.IGNORECASE)


def _spellings(character: str) -> str:
    """A character percent-encoded, percent-encoded twice, or as itself.

    The longer forms come first: of "%25" nothing but the sign itself would be hidden otherwise.
    """
    octets = character.encode("utf-8", "surrogatepass")
    encoded = "".join(f"%(?:25)?{octet:02x}" for octet in octets)
    plus = r"|\+" if character == " " else ""
    return f"(?:{encoded}|{re.escape(character)}{plus})"
