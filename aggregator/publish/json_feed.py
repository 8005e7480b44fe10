"""Feed documents as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from aggregator.domain.errors import RenderError
from aggregator.observe import get_logger
from aggregator.publish.feed_records import FeedDocument, FeedEntry, FeedFormat, Link

VERSION = "https://jsonfeed.org/version/1.1"

Object = dict[str, object]
_log = get_logger(__name__)


def render_json(document: FeedDocument) -> tuple[bytes, dict[str, int]]:
    """``document`` in UTF-8, and how many of its bytes each entry that could be written takes, by
    the entry's id. One that could not is left out and logged as a warning.

    The result was read back; raises RenderError where the feed as a whole cannot be made.
    """
    path = document.path(FeedFormat.JSON)
    items: list[Object] = []
    sizes = {}
    for entry in document.entries:
        try:
            item = _item(entry, document)
            sizes[entry.id] = len(_encoded(item))
        except ValueError as problem:
            _log.warning("entry_left_out", feed=path, entry=entry.id, reason=str(problem))
        else:
            items.append(item)
    try:
        body = _encoded({**_frame(document), "items": items}) + b"\n"
        count = len(json.loads(body)["items"])
    except (ValueError, LookupError) as problem:
        raise RenderError(f"{path}: the feed cannot be written: {problem}") from problem
    if count != len(sizes):
        raise RenderError(f"{path}: {count} entries were read back where {len(sizes)} were written")
    return body, sizes


def _encoded(value: Object) -> bytes:
    """Raises ValueError for what UTF-8 or JSON has no place for."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1).encode("utf-8")


def _frame(document: FeedDocument) -> Object:
    """What is said of the feed as a whole."""
    return _filled(
        version=VERSION,
        title=document.title,
        home_page_url=document.home.href,
        feed_url=document.url(FeedFormat.JSON),
        description=document.subtitle,
        authors=[{"name": document.author}],
        language=document.language,
        hubs=[{"type": "WebSub", "url": document.hub}] if document.hub else [],
    )


def _item(entry: FeedEntry, document: FeedDocument) -> Object:
    """One entry. Raises ValueError for one without a title."""
    if not entry.title:
        raise ValueError("it has no title")
    url = next(_targets(entry.links, "alternate"), "")
    return _filled(
        id=entry.id,
        url=url,
        external_url=_elsewhere(url, entry, document.base_url),
        title=entry.title,
        **_content(entry),
        summary=entry.summary,
        date_published=entry.published.isoformat() if entry.published is not None else "",
        date_modified=entry.updated.isoformat(),
        authors=[{"name": name} for name in entry.bylines],
        tags=[entry.category.label] if entry.category is not None else [],
        language=entry.language,
        attachments=[_attachment(link) for link in entry.links if link.rel == "enclosure"],
        _source=_source(entry),
        _links=_filled(related=[_related(link) for link in entry.links if link.rel == "related"]),
    )


def _content(entry: FeedEntry) -> Object:
    """An item must have one or the other."""
    if entry.content:
        return {"content_html": entry.content}
    return {"content_text": entry.summary or entry.title}


def _elsewhere(url: str, entry: FeedEntry, base_url: str) -> str:
    """The first place elsewhere of an entry whose own address is on this site, "" for another."""
    home = f"{base_url.rstrip('/')}/"
    if not url.startswith(home):
        return ""
    others = _targets(entry.links, "related")
    return next((other for other in others if not other.startswith(home)), "")


def _targets(links: Iterable[Link], rel: str) -> Iterator[str]:
    return (link.href for link in links if link.rel == rel)


def _attachment(link: Link) -> Object:
    return _filled(url=link.href, mime_type=link.type, size_in_bytes=link.length)


def _related(link: Link) -> Object:
    return _filled(url=link.href, title=link.title, language=link.hreflang, mime_type=link.type)


def _source(entry: FeedEntry) -> Object:
    """Where an entry was taken from and under which licence. This is an object of our own, as is
    ``_links``: the specification has room for such, with names that begin with an underscore."""
    licence = _filled(licence=entry.rights, licence_url=next(_targets(entry.links, "license"), ""))
    source = entry.source
    if source is None:
        return licence
    return _filled(
        id=source.id,
        title=source.title,
        home_page_url=next(_targets(source.links, "alternate"), ""),
        feed_url=next(_targets(source.links, "self"), ""),
        date_modified=source.updated.isoformat(),
        **licence,
    )


def _filled(**fields: object) -> Object:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value}
