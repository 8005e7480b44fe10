"""What readers of all formats do with the parts they find: bound them and tell each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from aggregator.domain.items import Entry
from aggregator.text.xml_chars import xml_safe

_Part = TypeVar("_Part")


class _Addressed(Protocol):
    """A part that is known by its address."""

    @property
    def url(self) -> str: ...


_File = TypeVar("_File", bound=_Addressed)

MAX_ENTRIES = 2000
"""Entries read of one document; feeds of the field have 10 to 100."""

MAX_TEXT = 200_000
"""Characters read of a summary or content; a long release has 20,000."""

MAX_PARTS = 50
"""Authors, categories, enclosures and images read of one entry, of each kind."""

MAX_PART = 2000
"""Characters read of one of them."""

_MAX_FIELDS = 60
_MAX_FIELD_LENGTH = 4000
_MAX_DIGITS = 15


def cut(text: str, warnings: list[str]) -> str:
    """The first MAX_TEXT characters."""
    if len(text) > MAX_TEXT:
        warnings.append("text-cut")
    return text[:MAX_TEXT]


def first(parts: Iterable[_Part], warnings: list[str]) -> tuple[_Part, ...]:
    """The first MAX_PARTS of these."""
    found = tuple(islice(parts, MAX_PARTS + 1))
    if len(found) > MAX_PARTS:
        warnings.append("parts-cut")
    return found[:MAX_PARTS]


def distinct(texts: Iterable[str]) -> Iterator[str]:
    """What is not empty, each once and cut to a sane length."""
    seen = {""}
    for text in texts:
        part = text[:MAX_PART]
        if part not in seen:
            seen.add(part)
            yield part


def each_once(files: Iterable[_File]) -> Iterator[_File]:
    """What has an address, each once by it."""
    seen = {""}
    for file in files:
        if file.url not in seen:
            seen.add(file.url)
            yield file


def fields_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Further elements by name, as far as they say something, of each name the first."""
    fields: dict[str, str] = {}
    for name, text in pairs:
        if len(fields) >= _MAX_FIELDS:
            break
        told = xml_safe(text.strip())[:_MAX_FIELD_LENGTH]
        if told:
            fields.setdefault(name, told)
    return fields


def number_of(text: str) -> int:
    """A count in digits, 0 for everything else."""
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS:
        return int(digits)
    return 0


def warn_of_empty(entries: Sequence[Entry], warnings: list[str]) -> None:
    """Tell of entries that say nothing at all (``empty-entries``) and of none (``no-entries``)."""
    nothing = Entry()
    if any(entry == nothing for entry in entries):
        warnings.append("empty-entries")
    if not entries:
        warnings.append("no-entries")
