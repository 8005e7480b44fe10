"""One document for the verb check: where it comes from, and how it is read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aggregator.cli.app import State
from aggregator.cli.given import Given, read_bytes
from aggregator.config.addresses import read_url
from aggregator.config.values import BadValue
from aggregator.domain.errors import UnreadableFile, UsageError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import When
from aggregator.fetch.headers import content_type
from aggregator.ports.reading import Inspected
from aggregator.read.dates.when import parse_when
from aggregator.services.asking.feed_key import Key, read_quietly
from aggregator.services.trials.inspect import (
    Reading,
    declared_charset,
    inspect_document,
    readings,
)
from aggregator.services.trials.probe import ask

if TYPE_CHECKING:
    from aggregator.ports.reading import Page
    from aggregator.services.asking.gathered import Gathered

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)
_HOST_AND_PATH = re.compile(r"[\w-]+(?:\.[\w-]+)+/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document with what came with it: ``header`` is the charset that the server said,
    ``further`` the other bodies of a visit, ``warnings`` tell which of them are missing; ``key`` is
    the one that it was asked for with, of which nobody is told."""

    name: str
    body: bytes
    url: str = ""
    media_type: str = ""
    header: str = ""
    further: tuple[Page, ...] = ()
    warnings: tuple[str, ...] = ()
    key: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A document as read by ``feed``, for whoever shows it. ``configured``: the feed is one of the
    configuration, not a blank one. ``updated`` is what the document's own date means."""

    source: Source
    found: Inspected
    readings: list[Reading]
    declaration: str
    feed: Feed
    configured: bool
    updated: When | None = None


def read_source(
    state: State,
    source: Source,
    given: Given,
    feed: Feed | None,
    issuer: Callable[[str], str | None],
) -> Checked:
    """Read a document as ``feed`` would, or as a feed without settings. Raises ReadError."""
    reader = feed or Feed(id="check", url=source.url, title="", body="")
    reader = replace(
        reader,
        timezone=given.timezone or reader.timezone,
        encoding=given.encoding or reader.encoding,
    )
    now = state.moment()
    read = partial(
        inspect_document,
        source.body,
        feed=reader,
        now=now,
        charset=source.header,
        media_type=source.media_type,
        base_url=source.url,
        issuer=issuer,
        further=source.further,
    )
    found = read_quietly(read, source.key)
    found = replace(found, warnings=(*found.warnings, *source.warnings))
    return Checked(
        source=source,
        found=found,
        readings=readings(found, reader, now),
        declaration=declared_charset(source.body),
        feed=reader,
        configured=feed is not None,
        updated=parse_when(found.parsed.updated, zone=ZoneInfo(reader.timezone)),
    )


def open_source(state: State, what: str, given: Given, feed: Feed | None) -> Source:
    """The document in a file, on standard input or at an address, with what the options say of it.

    Raises UnreadableFile, FetchError, UsageError for an address that is none, and ConfigError: only
    an address needs the configuration, which says where the program may go.
    """
    if _ADDRESS.match(what):
        visited = feed or Feed(id="check", url=what, title="", body="")
        gathered = _fetch(state, replace(visited, url=_checked(what)))
        answer = gathered.first
        source = Source(
            name=what,
            body=answer.body,
            url=given.base or answer.url,
            media_type=answer.media_type,
            header=answer.charset,
            further=gathered.document(visited, state.moment()).further,
            warnings=gathered.warnings,
            key=gathered.key,
        )
    else:
        source = Source(name=what, body=_bytes(what), url=given.base or (feed.url if feed else ""))
    if not given.content_type:
        return source
    media_type, charset = content_type([(b"Content-Type", given.content_type.encode())])
    return replace(source, media_type=media_type, header=charset)


def _checked(url: str) -> str:
    try:
        return read_url(url)
    except BadValue as error:
        raise UsageError(f"{error.message} ({error.remedy})") from error


def _fetch(state: State, feed: Feed) -> Gathered:
    fetcher = state.app().new_remembering_fetcher()

    async def get() -> Gathered:
        try:
            return await ask(fetcher, feed, now=state.moment(), environ=state.environ)
        finally:
            await fetcher.aclose()

    return asyncio.run(get())


def _bytes(what: str) -> bytes:
    try:
        return read_bytes(what)
    except UnreadableFile as error:
        if isinstance(error.__cause__, FileNotFoundError) and _HOST_AND_PATH.match(what):
            hint = " (an address begins with http:// or https://)"
            raise UnreadableFile(f"{error}{hint}") from error
        raise
