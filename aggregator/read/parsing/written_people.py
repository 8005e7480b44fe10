"""People as RSS has them: a name, a mail address, or both in one text."""

from __future__ import annotations

import re

_MAX_AUTHOR = 300
"""Characters read of a name with its mail address."""

_MAIL = re.compile(
    r"(?:mailto:)?([\w.+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,200}[A-Za-z0-9])(?:\?subject=[^\s<>()]*)?"
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|<\s*>|\[\s*\]|&lt;\s*&gt;")


def name_and_mail(written: str) -> tuple[str, str]:
    """Who is meant by ``name (address)``, ``address (name)``, ``name <address>`` or one of both."""
    written = written[:_MAX_AUTHOR]
    match = _MAIL.search(written)
    if match is None:
        return written.strip(), ""
    rest = _EMPTY_BRACKETS.sub(" ", f"{written[: match.start()]} {written[match.end() :]}").strip()
    if rest[:1] in {"(", "<"} and rest[-1:] in {")", ">"}:
        rest = rest[1:-1]
    return " ".join(rest.split()), match[1]
