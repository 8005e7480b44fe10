"""The documents that are kept of a feed, to be looked at as text and taken along as files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from starlette.responses import Response

from aggregator.bootstrap import App
from aggregator.domain.errors import NotFound, ReadError
from aggregator.domain.feeds import Feed
from aggregator.publish.addresses import public_feed_url
from aggregator.read.decoding.charset import decode
from aggregator.services.trials.capture import (
    Capture,
    CapturedDocument,
    capture_visit,
    mask_of,
    refuse_told,
)
from aggregator.services.trials.inline_reader import read_safely

SHOWN = 20_000
"""Characters of a document that a page shows."""

_LOOKED_AT = 256 * 1024
"""Bytes of it that are made text of."""

_INSTANT = timedelta(microseconds=1)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A document as a page shows it: the beginning of its text, and whether there is more. ``problem``
    says why there is none, "" for nothing."""

    text: str = ""
    is_cut: bool = False
    charset: str = ""
    problem: str = ""


def capture_of(app: App, feed: Feed, at: datetime | None) -> Capture | None:
    """What is kept of the visit at an instant, of the last one for None; None where nothing is. Raises
    ReadError for what cannot be unpacked, or would tell the feed's key."""
    before = (at or app.clock.now()) + _INSTANT
    kept = app.desk.store.payloads_before(feed.id, before)
    if not kept or (at is not None and kept[0].seen_at != at):
        return None
    mask = mask_of(feed, app.environ, public_feed_url)
    found = capture_visit(kept, feed, mask)
    if mask.secrets:
        refuse_told(found, feed, mask, partial(read_safely, issuer=app.config.issuer))
    return found


def shown(document: CapturedDocument) -> Shown:
    """The document as text; what steers how a text is read, and is not seen, stands there by name."""
    try:
        decoded = decode(document.body[:_LOOKED_AT], header=document.charset, override=None)
    except ReadError as error:
        return Shown(problem=str(error))
    text = decoded.text[:SHOWN]
    is_cut = len(decoded.text) > SHOWN or len(document.body) > _LOOKED_AT
    named = _HIDDEN.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text)
    return Shown(text=named, is_cut=is_cut, charset=decoded.encoding)


def attachment(found: Capture, number: int) -> Response:
    """A document as a file, which no browser opens by itself. Raises NotFound."""
    if not 1 <= number <= len(found.documents):
        raise NotFound(f"{found.name} has no document {number}")
    document = found.documents[number - 1]
    # The id of a feed is letters, digits and hyphens.
    name = f"{found.name}-{number}.{document.extension}"
    return Response(
        document.body,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def parse_instant(text: str) -> datetime | None:
    """An instant of an address; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None
