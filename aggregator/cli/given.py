"""What a command line says of the documents that it names."""

from __future__ import annotations

from dataclasses import dataclass

STDIN = "-"
"""The name of standard input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say of the documents, "" where they say nothing."""

    base: str = ""
    feed: str = ""
    timezone: str = ""
    encoding: str = ""
    content_type: str = ""


def shown_name(name: str) -> str:
    """What messages call a document that was named, on one line whatever its name holds."""
    return "standard input" if name == STDIN else name if name.isprintable() else repr(name)
