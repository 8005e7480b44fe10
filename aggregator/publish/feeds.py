"""Feed documents as bytes in every format, none larger than readers take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.domain.errors import RenderError
from aggregator.observe import get_logger
from aggregator.ports.publishing import Artefact
from aggregator.publish.feed_records import FeedDocument, FeedEntry, FeedFormat
from aggregator.publish.json_feed import render_json
from aggregator.publish.xml_feed import render_xml

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A feed in one format: its bytes, and how many entries were left out for its size."""

    form: FeedFormat
    body: bytes
    left_out: int = 0


def feed_artefacts(document: FeedDocument, made: Sequence[Rendering] = ()) -> list[Artefact]:
    """``document`` in each of its formats, as files to publish, Atom last: the one that most readers
    and all other formats point to. What is ``made`` of it already is not made again. A feed without
    its oldest entries is logged as a warning. Raises RenderError."""
    ready = {one.form: one for one in made}
    files = []
    for form in reversed(document.formats):
        path, done = document.path(form), ready.get(form) or rendering(document, form)
        if done.left_out:
            limit = document.max_bytes
            _log.warning("feed_shortened", feed=path, left_out=done.left_out, max_bytes=limit)
        topic = document.url(form) if document.hub else ""
        files.append(Artefact(path=path, body=done.body, topic=topic))
    return files


def rendering(document: FeedDocument, form: FeedFormat) -> Rendering:
    """``document`` as Atom (RFC 4287), RSS 2.0 or JSON Feed 1.1 in UTF-8, the same bytes for the
    same document.

    An entry that cannot be written is left out and logged as a warning. Of a feed that would have
    its ``max_bytes`` or more the oldest entries are left out, and any entry too large to stand even
    alone. The result was read back before it is returned; raises RenderError
    where the feed as a whole cannot be made.
    """
    max_bytes, left_out = document.max_bytes, 0
    body, sizes = _rendered(document, form)
    while len(body) >= max_bytes and sizes:
        frame, _ = _rendered(replace(document, entries=()), form)
        entries = _fitting(document.entries, sizes, max_bytes - len(frame))
        left_out += len(sizes) - len(entries)
        updated = max((entry.updated for entry in entries), default=document.updated)
        document = replace(document, entries=entries, updated=updated)
        body, sizes = _rendered(document, form)
    return Rendering(form=form, body=body, left_out=left_out)


def _rendered(document: FeedDocument, form: FeedFormat) -> tuple[bytes, dict[str, int]]:
    """The bytes of ``document``, and how many of them each entry that could be written takes, by
    the entry's id. Where the whole cannot be made or read back, it is tried with the entries that
    can stand alone. Raises RenderError."""
    try:
        return _written(document, form)
    except RenderError:
        sound = tuple(one for one in document.entries if _can_stand_alone(one, document, form))
        if len(sound) == len(document.entries):
            raise
        return _written(replace(document, entries=sound), form)


def _can_stand_alone(entry: FeedEntry, document: FeedDocument, form: FeedFormat) -> bool:
    """Whether a feed of this entry can be made and read back; one that cannot is logged."""
    try:
        _written(replace(document, entries=(entry,)), form)
    except RenderError as problem:
        path = document.path(form)
        _log.warning("entry_left_out", feed=path, entry=entry.id, reason=str(problem))
        return False
    return True


def _written(document: FeedDocument, form: FeedFormat) -> tuple[bytes, dict[str, int]]:
    if form is FeedFormat.JSON:
        return render_json(document)
    return render_xml(document, form)


def _fitting(
    entries: tuple[FeedEntry, ...], sizes: Mapping[str, int], room: int
) -> tuple[FeedEntry, ...]:
    """The newest of the entries whose sizes are known that stay below ``room`` bytes together,
    at least one fewer than there are; an entry that alone has no room does not bar the older."""
    kept = []
    left = room
    for entry in entries:
        size = sizes.get(entry.id, room)
        if size >= room:
            continue
        if size >= left:
            break
        kept.append(entry)
        left -= size
    return tuple(kept[: len(sizes) - 1])
