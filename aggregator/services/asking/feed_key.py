"""The key of a feed: however a document or a message spells it, nobody is told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, unquote

from aggregator.domain.errors import AggregatorError
from aggregator.ports.reading import Document, DocumentReader, Inspected
from aggregator.text.secrets import MASK

KEY_REPEATED = "key-repeated"
"""Warning: the document repeats the key of its feed in a spelling that only reading it shows."""

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_OWN = frozenset({"feed_id", "body", "hash"})
"""Fields of an item that the program made itself."""

_BACKSLASHES = r"\\\\{0,7}"
# No more: a search that goes on from each of a million backslashes to the last one has no end.


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key. ``encoded`` is how it stands in an address; ``spellings`` are the usual forms of it,
    the longest first, for who can only look for texts; ``pattern`` finds every form.

    Nothing of it is in its ``repr``.
    """

    encoded: str = field(repr=False)
    spellings: tuple[str, ...] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)

    def masked(self, text: str) -> str:
        """A text without the key."""
        return self.pattern.sub(MASK, text)

    def masked_bytes(self, body: bytes) -> bytes:
        """A body without the key where that stands in single bytes, as in all charsets but UTF-16
        and UTF-32 (``is_in`` tells)."""
        return self.pattern.sub(MASK, body.decode("latin-1")).encode("latin-1")

    def starred_bytes(self, body: bytes) -> bytes:
        """As ``masked_bytes``, with as many stars as the key had bytes there."""
        text = body.decode("latin-1")
        return self.pattern.sub(lambda found: "*" * len(found[0]), text).encode("latin-1")

    def is_in(self, body: bytes) -> bool:
        """Whether a body holds the key, in whatever charset."""
        return self.pattern.search(_narrow(body).decode("latin-1")) is not None

    def without(self, found: Inspected) -> Inspected:
        """What was read of a document, without the key; where it was there, with a warning."""
        clean = self._clean(found)
        if clean == found:
            return found
        return replace(found, **_shallow(clean) | {"warnings": (*clean.warnings, KEY_REPEATED)})

    def silence(self, error: AggregatorError) -> None:
        """Take the key out of what an error says."""
        error.args = tuple(self.masked(str(arg)) for arg in error.args)

    def _clean(self, value: Any) -> Any:  # noqa: ANN401 - whatever a record is made of
        """The same value without the key in any text of it."""
        # Not what derives from str: the members of an enumeration are the program's own words.
        if type(value) is str:
            return self.masked(value)
        if isinstance(value, tuple):
            return tuple(self._clean(one) for one in value)
        if isinstance(value, Mapping):
            return {self._clean(name): self._clean(one) for name, one in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            told = {name: one for name, one in _shallow(value).items() if name not in _OWN}
            return replace(value, **{name: self._clean(one) for name, one in told.items()})
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietReader:
    """A reader whose answers and errors come without a key."""

    reader: DocumentReader
    key: Key

    async def read(self, document: Document) -> Inspected:
        """As the reader's."""
        try:
            found = await self.reader.read(document)
        except AggregatorError as error:
            self.key.silence(error)
            # Not "from": what the error was made of may repeat the key.
            raise error from None
        return self.key.without(found)

    async def aclose(self) -> None:
        """The reader is somebody else's to end."""


def read_quietly(read: Callable[[], Inspected], key: Key | None) -> Inspected:
    """What ``read`` brings or raises, without the key of the feed, None where it has none."""
    if key is None:
        return read()
    try:
        found = read()
    except AggregatorError as error:
        key.silence(error)
        raise error from None
    return key.without(found)


def plain_key(raw: str) -> str:
    """A key as it is, of one that may be encoded for an address."""
    return unquote(raw) if _ENCODED.search(raw) else raw


@lru_cache(maxsize=64)
def make_key(raw: str) -> Key:
    """The key that ``raw`` is, as it is or encoded for an address."""
    plain = plain_key(raw)
    encoded = quote(plain, safe="")
    forms = {raw, plain, encoded, quote(plain, safe="/"), quote(encoded, safe="")}
    forms |= {_ENCODED.sub(lambda found: found[0].lower(), form) for form in forms}
    # As JSON, HTML and forms spell it.
    forms |= {plain.replace("/", "\\/"), plain.replace("+", " ")}
    forms |= {re.sub(r"[+/=]", lambda found: f"&#{ord(found[0])};", plain)}
    return Key(
        encoded=encoded,
        spellings=tuple(sorted(forms, key=lambda form: (-len(form), form))),
        pattern=re.compile("".join(map(_any_form, plain))),
    )


def _any_form(sign: str) -> str:
    """A pattern for one character in each of the forms that JSON, HTML and addresses have for it,
    also on top of one another."""
    code = ord(sign)
    digits = f"(?i:{code:02x})"
    called = _names_of_signs().get(sign)
    names = f"|(?:{'|'.join(sorted(called))})" if called else ""
    entity = rf"(?:\#(?:0*{code}|[xX]0*{digits}){names});?"
    # Each begins with a character of its own: the search skips to these.
    forms = [
        rf"%(?:(?:25)*{digits}|26(?:amp;)*{entity})",
        rf"&(?:amp;)*(?:\#(?:0*37|[xX]0*25);(?:25)*{digits}|{entity})",
        rf"{_BACKSLASHES}(?:u0025(?:25)*{digits}|u0026(?:amp;)*{entity}|(?:u00|x){digits})",
    ]
    if sign == "+":
        forms += [" ", "%(?:25)*20"]
    if not sign.isalnum():
        slashes = r"\\" if sign == "\\" else _BACKSLASHES
        forms.append(f"{slashes}{re.escape(sign)}")
    return f"(?:{'|'.join([*forms, re.escape(sign)])})"


@cache
def _names_of_signs() -> Mapping[str, set[str]]:
    """How HTML calls the signs of ASCII."""
    # Loaded with the first key: few feeds have one.
    from html.entities import html5  # noqa: PLC0415

    names: dict[str, set[str]] = defaultdict(set)
    for name, meant in html5.items():
        if meant.isascii():
            names[meant].add(name.rstrip(";"))
    return names


def _narrow(body: bytes) -> bytes:
    """A body in which the characters of ASCII are single bytes, also of UTF-16 and UTF-32."""
    return body.replace(b"\0", b"") if b"\0" in body else body


def _shallow(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {one.name: getattr(record, one.name) for one in fields(record)}
