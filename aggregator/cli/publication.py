"""What the verb publish says of what it made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aggregator.cli.forms import counted, translations_form
from aggregator.domain.mailing import Delivery, DeliveryState
from aggregator.publish.layout import FEED
from aggregator.services.publishing.publish import Published

NAMED = 5
"""Feeds that are named; of more there is the count."""

_SAID = {
    DeliveryState.PENDING: "queued",
    DeliveryState.SENDING: "being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "given up",
}


def publication_form(made: Published, page: Path) -> dict[str, Any]:
    """What was made, as documented in docs/json.md."""
    return {
        "number": made.issue.number,
        "items": _items(made),
        "page": str(page),
        "files": len(made.files),
        "feeds": list(made.feeds),
        "mails": [
            {"language": one.language, "to": one.address, "state": one.state.value}
            for one in made.mails
        ],
        "translations": translations_form(made.translations),
    }


def publication_lines(made: Published, page: Path) -> Iterator[str]:
    """The issue and its page, the feeds that changed, and one line for each mail."""
    yield (
        f"No. {made.issue.number} is published: {counted(_items(made), 'item')},"
        f" {counted(len(made.files), 'file')} written"
    )
    yield str(page)
    if made.feeds:
        yield f"{counted(len(made.feeds), 'feed')} changed: {_named(made.feeds)}"
    yield from (_mail(made.issue.number, one) for one in made.mails)


def _items(made: Published) -> int:
    return sum(len(section.items) for section in made.issue.editions[0].sections)


def _named(feeds: tuple[str, ...]) -> str:
    """The combined feed before those of the site, and these before those of a section or body."""
    more = len(feeds) - NAMED
    known = sorted(feeds, key=lambda path: (path != f"{FEED}.atom", path.count("/")))
    return ", ".join(known[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _mail(number: int, one: Delivery) -> str:
    how = _SAID[one.state]
    if one.state is DeliveryState.PENDING:
        how = f"{how}: run sends it, or mail send {number}"
    return f"mail {one.language} to {one.address} {how}"
