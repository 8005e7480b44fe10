"""Whether readers see anything new in an item, where hashes cannot tell.

They cannot where the stored item was hashed by another version of the program, or stood at another
address: then both are compared part by part.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aggregator.domain.items import Item
from aggregator.ports.refreshing import KnownItem
from aggregator.read.links.addresses import canonical_url, page_number
from aggregator.text.clean import plain_text


def differs_for_readers(before: Item, after: Item, *, learns: bool, by_link: bool) -> bool:
    """Whether readers see another item; ``by_link``: also in its link alone. ``learns``: ``after``
    was read by another version, and what the earlier did not know to read was there before."""
    if by_link and not leads_to_one_page(before, after):
        return True
    if _seen(before) != _seen(after):
        return True
    is_clamped = after.published is not None and after.published.clamped
    if not is_clamped and _told(before) != _told(after):
        return True
    return any(
        old != new and not (learns and not old)
        for old, new in zip(_learned(before), _learned(after), strict=True)
    )


def leads_to_one_page(before: Item | KnownItem, after: Item) -> bool:
    """Whether both links are taken to lead to one page: the same, or one that moved with its site
    to another host or folder. Another page of the same site is another one."""
    old, new = (canonical_url(item.link or item.canonical_url) for item in (before, after))
    if not old or not new:
        return old == new
    (old_host, old_end), (new_host, new_end) = _ends(old), _ends(new)
    return old_host != new_host or old_end == new_end


def _ends(address: str) -> tuple[str, str]:
    """The host of an address, and its page: by the number of a board, else what stands last."""
    parts = urlsplit(address)
    last = f"{parts.path.rpartition('/')[2]}?{parts.query}#{parts.fragment}"
    return parts.netloc, page_number(address) or last


def _anywhere(url: str) -> str:
    """An address without its host: files move with the pages that they belong to."""
    parts = urlsplit(canonical_url(url))
    return f"{parts.path}?{parts.query}"


def _seen(item: Item) -> tuple[object, ...]:
    return (
        item.title,
        item.summary,
        "".join(plain_text(item.content).split()) if item.content else "",
        item.body,
        item.language,
        item.authors,
        item.event,
        [_anywhere(each.url) for each in item.enclosures],
    )


def _told(item: Item) -> tuple[object, ...]:
    return (item.published.at, item.published.precision) if item.published else ()


def _learned(item: Item) -> tuple[object, ...]:
    attachments = [(_anywhere(each.url), each.name) for each in item.attachments]
    return (attachments, item.licence, item.embargo_until)
