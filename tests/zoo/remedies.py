"""What each remedy is replaced with, to show that a case fails without it.

A replacement does what a program without the remedy would do, as far as possible what the libraries
themselves do; none raises.
"""

from __future__ import annotations

import html
import re
import sys
import time
from calendar import timegm
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import feedparser

from aggregator.domain.feeds import Identity
from aggregator.domain.items import Entry, ParsedFeed, Person, When
from aggregator.read.dates.when import parse_when
from aggregator.read.decoding.charset import Decoded
from aggregator.read.items.identity import Identified, entry_key
from aggregator.read.mending.mend import Mended
from aggregator.services.intake.likeness import Facts

_OF_OURS = "aggregator"


def _decode(body: bytes, *, header: str, override: str | None) -> Decoded:
    """By the header, else as UTF-8, like an HTTP client."""
    name = override or header or "utf-8"
    try:
        text = body.decode(name, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return Decoded(text=text, encoding="utf-8", claimed=header)


def _decode_strictly(body: bytes, *, header: str, override: str | None) -> Decoded:
    """By the first charset without an error, in the end by windows-1252."""
    for name in (override or header or "utf-8", "utf-8"):
        try:
            return Decoded(text=body.decode(name), encoding=name, claimed=header)
        except (LookupError, UnicodeDecodeError):
            continue
    text = body.decode("cp1252", "replace")
    return Decoded(text=text, encoding="windows-1252", claimed=header)


def _parse_when(raw: str, *, zone: ZoneInfo) -> When | None:
    """By the feed parser, which takes what has no zone for UTC."""
    del zone
    parsed: time.struct_time | None = feedparser.datetimes._parse_date(raw)
    return None if parsed is None else When(at=datetime.fromtimestamp(timegm(parsed), UTC))


def _published(entry: Entry, zone: ZoneInfo) -> When | None:
    """From the standard elements alone."""
    return parse_when(entry.published or entry.updated, zone=zone)


def _clean_title(markup: str) -> str:
    """Tags cut out by a pattern, as most collectors do."""
    return re.sub(r"<[^>]*>", "", html.unescape(markup)).strip()


def _first_paragraph(markup: str, *, title: str = "") -> str:
    """Everything there is."""
    del title
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def _disambiguate(candidates: Sequence[Identified], policy: Identity) -> list[str]:
    """Each by itself."""
    return [entry_key(each.entry, each.canonical, each.when, policy) for each in candidates]


def _recognise(entries: Sequence[Facts], stored: Sequence[Facts]) -> dict[int, int]:
    """By the key alone."""
    places = {known.key: index for index, known in enumerate(stored)}
    return {index: places[entry.key] for index, entry in enumerate(entries) if entry.key in places}


def _nothing(*_args: object, **_kwargs: object) -> tuple[()]:
    return ()


def _no_licence(entry: Entry, text: str) -> str:
    del entry, text
    return ""


def _read_anything(original: Callable[..., ParsedFeed | None]) -> Callable[..., ParsedFeed]:
    """What is no feed is one without entries."""

    def read(text: str, *, url: str, quick: bool) -> ParsedFeed:
        return original(text, url=url, quick=quick) or ParsedFeed(
            version="", title="", link="", language="", encoding="", claimed="", entries=()
        )

    return read


def _always(*, value: object) -> Callable[[Any], Callable[..., Any]]:
    """A replacement that answers ``value`` to everything."""
    return lambda _original: lambda *_args, **_kwargs: value


def _by(replacement: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    return lambda _original: replacement


_INSTEAD: Mapping[str, Callable[[Any], Callable[..., Any]]] = {
    "aggregator.read.items.attached:attachments_of": _by(_nothing),
    "aggregator.read.items.attached:images_of": _by(_nothing),
    "aggregator.read.decoding.charset:decode": _by(_decode),
    "aggregator.read.decoding.charset:decode@strict": _by(_decode_strictly),
    "aggregator.read.dates.when:not_ahead": _by(lambda when, **_: when),
    "aggregator.read.dates.when:parse_when": _by(_parse_when),
    "aggregator.read.parsing.documents:_refuse_pages": _always(value=None),
    "aggregator.read.dates.embargo:parse_embargo": _always(value=None),
    "aggregator.read.items.identity:is_shared": _always(value=False),
    "aggregator.read.items.identity:disambiguate": _by(_disambiguate),
    "aggregator.read.parsing.json_feed:looks_like_json": _always(value=False),
    "aggregator.read.items.fingerprint:_instant": _by(datetime.isoformat),
    "aggregator.read.items.licence:licence_of": _by(_no_licence),
    "aggregator.read.links.addresses:absolute": _by(lambda link, _base: link.strip()),
    "aggregator.read.links.addresses:canonical_url": _by(str.strip),
    "aggregator.read.mending.mend:mend": _by(lambda text: Mended(text=text)),
    "aggregator.read.items.normalise:_is_placeholder": _always(value=False),
    "aggregator.read.items.normalise:_published": _by(_published),
    "aggregator.read.items.people:parse_author": _by(lambda raw: Person(name=raw)),
    "aggregator.read.items.people:split_authors": _by(lambda raw: (raw,)),
    "aggregator.read.parsing.xml_feed:read_xml": _read_anything,
    "aggregator.services.intake.recognise:recognise": _by(_recognise),
    "aggregator.text.clean:_as_markup": _by(lambda text: text),
    "aggregator.text.clean:clean_title": _by(_clean_title),
    "aggregator.text.clean:first_paragraph": _by(_first_paragraph),
    "aggregator.text.clean:strip_boilerplate": _by(lambda text: text),
    "aggregator.text.clean:xml_safe": _by(lambda text: text),
    "aggregator.text.fold:squash": _by(lambda text: text),
    "aggregator.text.tag_forms:with_own_brackets": _by(lambda markup, **_: markup),
    "aggregator.text.fold:unescape": _by(lambda text: text),
}


@contextmanager
def without(*remedies: str) -> Iterator[None]:
    """The program with these functions ("module:name") replaced in every module that uses them.

    "module:name@manner" asks for another replacement than the usual one.
    """
    found = [(_original(remedy), _INSTEAD[remedy]) for remedy in remedies]
    places = [
        (module, name, instead(original))
        for original, instead in found
        for module in _modules()
        for name, value in list(vars(module).items())
        if value is original
    ]
    with _replaced(places):
        yield


@contextmanager
def _replaced(places: Sequence[tuple[ModuleType, str, object]]) -> Iterator[None]:
    patches = [patch.object(module, name, value) for module, name, value in places]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def _original(remedy: str) -> object:
    module, _, name = remedy.partition("@")[0].partition(":")
    return getattr(import_module(module), name)


def _modules() -> list[ModuleType]:
    return [
        module
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == _OF_OURS and module is not None
    ]
