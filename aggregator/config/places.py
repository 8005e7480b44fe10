"""Where the keys of a TOML text stand: key paths mapped to line numbers.

``tomllib`` gives values without places, so the text is scanned a second time for its keys alone.
The scanner expects a text that ``tomllib`` has accepted; it never judges, and what it cannot place
falls back to the nearest enclosing key.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""A key path: names of keys, and indexes (from 0) into arrays."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_VOID = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Places:
    """Line numbers (from 1) by key path."""

    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int | None:
        """The line of ``path``, or of the nearest key around it; None for the whole file."""
        for length in range(len(path), 0, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return None


def find_places(text: str) -> Places:
    """Scan a TOML text that ``tomllib`` accepts. Headers, dotted keys, arrays and inline tables
    are placed down to their elements. Never raises: an odd text has fewer places."""
    scanner = _Scanner(text)
    try:
        scanner.scan()
    except (_Lost, RecursionError):
        return Places(scanner.lines)
    return Places(scanner.lines)


class _Lost(Exception):
    """The scanner met something that is no TOML."""


class _Scanner:
    """One pass over a text. ``prefix`` is the table that the last header opened."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._breaks = [m.start() for m in re.finditer("\n", text)]
        self._counts: dict[KeyPath, int] = {}
        self._prefix: KeyPath = ()

    def scan(self) -> None:
        self._skip(_VOID)
        while self.at < len(self.text):
            if self._sees("["):
                self._header()
            else:
                self._pair(self._prefix)
            self._skip(_VOID)

    def _sees(self, token: str) -> bool:
        return self.text.startswith(token, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()

    def _take(self, token: str) -> None:
        if not self._sees(token):
            raise _Lost
        self.at += len(token)

    def _place(self, path: KeyPath, start: int) -> None:
        self.lines.setdefault(path, bisect_right(self._breaks, start - 1) + 1)

    def _header(self) -> None:
        start = self.at
        many = self._sees("[[")
        self._take("[[" if many else "[")
        *parents, last = self._key()
        self._take("]]" if many else "]")
        path: KeyPath = ()
        for part in parents:
            path = self._latest((*path, part))
            self._place(path, start)
        path = (*path, last)
        self._place(path, start)
        if many:
            count = self._counts.get(path, 0)
            self._counts[path] = count + 1
            path = (*path, count)
            self._place(path, start)
        self._prefix = path

    def _latest(self, path: KeyPath) -> KeyPath:
        """A header that passes through an array of tables means its newest table."""
        count = self._counts.get(path)
        return path if count is None else (*path, count - 1)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_BLANK)
            parts.append(self._key_part())
            self._skip(_BLANK)
            if not self._sees("."):
                return parts
            self._take(".")

    def _key_part(self) -> str:
        if self._sees('"') or self._sees("'"):
            return self._string()
        found = _BARE_KEY.match(self.text, self.at)
        if found is None:
            raise _Lost
        self.at = found.end()
        return found.group()

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = table
        for part in self._key():
            path = (*path, part)
            self._place(path, start)
        self._take("=")
        self._skip(_BLANK)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._sees('"') or self._sees("'"):
            self._string()
        elif self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline_table(path)
        else:
            self._skip(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        self._take("[")
        index = 0
        while True:
            self._skip(_VOID)
            if self._sees("]"):
                break
            self._place((*path, index), self.at)
            self._value((*path, index))
            index += 1
            self._skip(_VOID)
            if not self._sees("]"):
                self._take(",")
        self._take("]")

    def _inline_table(self, path: KeyPath) -> None:
        self._take("{")
        while True:
            self._skip(_VOID)
            if self._sees("}"):
                break
            self._pair(path)
            self._skip(_VOID)
            if not self._sees("}"):
                self._take(",")
        self._take("}")

    def _string(self) -> str:
        quote = self.text[self.at]
        long = self._sees(quote * 3)
        self.at += 3 if long else 1
        start = self.at
        while self.at < len(self.text):
            if quote == '"' and self._sees("\\"):
                self.at += 2
            elif self._sees(quote * 3 if long else quote):
                return self._close(start, quote, long=long)
            else:
                self.at += 1
        raise _Lost

    def _close(self, start: int, quote: str, *, long: bool) -> str:
        if long:
            # Up to two quotes may stand right before the three that close the string.
            while self._sees(quote * 4):
                self.at += 1
        raw = self.text[start : self.at]
        self.at += 3 if long else 1
        return _ESCAPE.sub(_unescape, raw) if quote == '"' else raw


def _unescape(found: re.Match[str]) -> str:
    short, long, letter = found.groups()
    if letter is not None:
        return _ESCAPED.get(letter, letter)
    return chr(int(short or long, 16))
