"""One document that was read, as lines for a terminal: what was found, and how it was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from aggregator.cli.forms import instant, when
from aggregator.cli.inspection import Checked
from aggregator.domain.items import Image, Item, Precision
from aggregator.services.reports.oddities import explained
from aggregator.services.trials.inspect import Reading, Text
from aggregator.text.clean import plain_text

LABEL = 10
"""Columns of the names on the left."""

LONGEST = 300
"""Characters of one value that a terminal shows; --json has the whole."""


def document_lines(checked: Checked) -> Iterator[str]:
    """The feed, its warnings, and its entries one by one."""
    source, parsed = checked.source, checked.found.parsed
    yield click.style(
        f"{_shown(source.name)}: {parsed.version}, {parsed.encoding}{_claims(checked)}:"
        f" {_shown(parsed.title) or 'no title'}",
        bold=True,
    )
    yield from _lines(_feed_values(checked))
    for slug, sentence in explained(checked.found.warnings):
        told = f"{slug}: {sentence}" if sentence else slug
        yield click.style(f"{'warning':>{LABEL}} {told}", fg="yellow")
    count = len(checked.readings)
    yield f"{'entries':>{LABEL}} {count}"
    for number, one in enumerate(checked.readings, start=1):
        yield ""
        headline = _shown(one.item.title) or "no headline"
        lost = " [not stored: it says nothing]" if one.item.says_nothing else ""
        yield click.style(f"{number:>{LABEL}} {headline}{lost}", bold=True)
        yield from _lines(_entry_values(one, checked))


def _claims(checked: Checked) -> str:
    """What was claimed of the charset, by whom."""
    told = (("server", checked.source.header), ("declaration", checked.declaration))
    claims = [f"{who} says {_shown(name)}" for who, name in told if name]
    forced = checked.feed.encoding
    if forced:
        claims.append(f"configured as {forced}")
    return f" ({', '.join(claims) or 'none claimed'})"


def _feed_values(checked: Checked) -> Iterator[tuple[str, str]]:
    parsed = checked.found.parsed
    yield "subtitle", parsed.subtitle
    yield "link", parsed.link
    yield "self", parsed.self_url
    yield "hub", parsed.hub_url
    yield "id", parsed.id
    yield "language", parsed.language
    if parsed.updated:
        yield "updated", f"{when(checked.updated) or 'unreadable'}   given {parsed.updated!r}"
    yield "ttl", f"{parsed.minutes_to_live} minutes" if parsed.minutes_to_live else ""
    yield "authors", ", ".join(parsed.authors)
    yield "category", ", ".join(parsed.categories)
    yield "image", parsed.image
    yield "rights", parsed.rights
    yield "generator", parsed.generator


def _entry_values(one: Reading, checked: Checked) -> Iterator[tuple[str, str]]:
    item, entry = one.item, one.entry
    yield "date", _date(one)
    if item.updated and item.updated != item.published:
        yield "updated", f"{when(item.updated)}   given {entry.updated!r}{_clamped(item)}"
    if item.embargo_until:
        yield "embargo", f"not to be printed before {instant(item.embargo_until)}"
    yield "key", f"{item.key}   by {one.chosen} (policy {checked.feed.identity})"
    yield "guid", item.guid if item.guid != item.link and item.guid not in item.key else ""
    yield "link", item.link or "none"
    if item.canonical_url != item.link:
        yield "canonical", item.canonical_url
    yield "body", item.body if checked.configured else ""
    yield "text", _text(one)
    yield "content", _length(item)
    yield "authors", ", ".join(_person(p.name, p.affiliation) for p in item.authors)
    yield "category", ", ".join(entry.categories)
    if item.event:
        event = item.event
        yield "event", f"{event.starts_on} to {event.ends_on}, {', '.join(event.venues)}"
    for file in item.enclosures:
        size = f", {file.length} bytes" if file.length else ""
        yield "enclosure", f"{file.url}   {file.media_type or 'no type'}{size}"
    for paper in item.attachments:
        yield "attached", f"{paper.url}   {paper.kind} {paper.name}".rstrip()
    for image in item.images:
        yield "image", f"{image.url}   {_rights(image)}"
    yield "thumbnail", item.thumbnail
    yield (
        "licence",
        item.licence or (checked.feed.licence and f"{checked.feed.licence} (the feed's)"),
    )
    yield "rights", entry.rights
    yield "comments", entry.comments
    yield "source", entry.source


def _date(one: Reading) -> str:
    published = one.item.published
    if published is None:
        return f"none that can be read   given {one.date_raw!r}" if one.date_raw else "none"
    told = [when(published) or ""]
    if published.precision is Precision.DAY:
        told.append("(day alone)")
    told.append(f"  from {one.date_from} {one.date_raw!r}" if one.date_from else "  from elsewhere")
    if one.inferred:
        told.append("[inferred]")
    if published.clamped:
        told.append("[clamped]")
    return " ".join(told)


def _clamped(item: Item) -> str:
    return " [clamped]" if item.updated and item.updated.clamped else ""


def _text(one: Reading) -> str:
    if one.text is Text.STORED:
        return one.item.summary or "markup without a first paragraph"
    return "no text (boilerplate)" if one.text is Text.BOILERPLATE else "no text"


def _length(item: Item) -> str:
    """How much there is besides the first paragraph, which is the whole of a short text."""
    length = len(plain_text(item.content))
    return f"{length} characters of text" if length > len(item.summary) else ""


def _person(name: str, affiliation: str) -> str:
    return f"{name} ({affiliation})" if affiliation else name


def _rights(image: Image) -> str:
    told = (("credit", image.credit), ("licence", image.licence), ("alt", image.alt))
    return ", ".join(f"{name} {value}" for name, value in told if value) or "all rights reserved"


def _lines(values: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in values:
        if value:
            yield f"{name:>{LABEL}} {_shown(value)}"


def _shown(text: str) -> str:
    """A foreign text on one line, without what would move a terminal's cursor."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split(" ")).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
