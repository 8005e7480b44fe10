"""Values as they are written in TOML."""

from __future__ import annotations


def toml_string(text: str) -> str:
    """A text as a basic string of TOML. Lone surrogates, which no file may hold, go."""
    safe = text.encode("utf-8", "ignore").decode()
    return '"' + "".join(map(_escaped, safe)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char < " " or char == "\x7f":
        return f"\\u{ord(char):04x}"
    return char
