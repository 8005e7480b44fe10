"""What a command line says of the documents that it names."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from aggregator.domain.errors import UnreadableFile

STDIN = "-"
"""The name of standard input."""

LARGEST = 256 * 1024 * 1024
"""Bytes of a file; the most that ``max_bytes`` may grant a feed."""


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


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input, up to LARGEST. Raises UnreadableFile."""
    try:
        if name == STDIN:
            body = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as opened:
                body = opened.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableFile(f"cannot read {shown_name(name)}: {error.strerror}") from error
    except ValueError as error:
        raise UnreadableFile(f"cannot read {shown_name(name)}: it is no path") from error
    if len(body) > LARGEST:
        raise UnreadableFile(
            f"cannot read {shown_name(name)}: it is larger than {LARGEST >> 20} MiB"
        )
    return body


def read_text(name: str) -> str:
    """The text of a UTF-8 file, or of standard input, without a mark of the byte order. Raises
    UnreadableFile."""
    try:
        return read_bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{shown_name(name)} is not UTF-8 text") from error
