"""What belongs to a release besides its text: documents and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import TypeVar

from aggregator.domain.items import Attachment, Entry, Image
from aggregator.read.items.file_names import (
    KINDS,
    extension,
    file_name,
    kind_of_type,
    names_in_address,
    shown_name,
)
from aggregator.read.items.licence import licence_slug
from aggregator.read.items.markup import Picture, links_in, pictures_in
from aggregator.read.links.addresses import absolute, canonical_url
from aggregator.text.clean import clean_title

_Part = TypeVar("_Part", Attachment, Image)

MAX_ATTACHED = 20
"""Documents and pictures of one entry, of each."""

_SERVLET = re.compile(
    r"(?:file_?down(?:load)?|(?<![a-z])down|down_?load_?(?:file)?|down_?file|attach_?down|get_?file)\w{0,20}"
    r"\.(?:do|es|jsp|php|aspx?|html?)(?![\w.])"
    r"|[?&](?:atchfileid|atchmnflno|file_?id|file_?seq|file_?sn|file_?no|attach_?id)="
    r"|/(?:download|filedown|attachfile)(?:/|\?|\Z)",
    re.IGNORECASE,
)
"""Addresses under which boards hand out their files."""

_ANY_FILE = frozenset(
    {"application/octet-stream", "application/download", "application/x-download"}
)
"""Media types that say no more than that a file is enclosed."""

_VIEWER = re.compile(
    r"viewer|synap|preview|convert|docview|hwpview|htmlview|streamdocs", re.IGNORECASE
)
_VIEWING = re.compile(r"바로\s?보기|미리\s?보기|뷰어|preview", re.IGNORECASE)
_NAME_FIELD = re.compile(r"name|nm|title|제목|파일명", re.IGNORECASE)
_SHARED = 4
"""Letters that the names of fields begin with alike which tell of one file."""

_PICTURE_KINDS = frozenset({"jpg", "jpeg", "png", "gif", "webp", "bmp", "avif", "jfif"})
_FURNITURE = re.compile(
    r"(?:^|[/_.\-])(?:btn|button|logo|icon|ico|bullet|blank|spacer|pixel|tracking|beacon|emoticon|"
    r"badge|bg|dot|opentype|opencode|kogl)s?(?=[/_.\-\d]|$)|/(?:feedburner|~ff|~r)/|doubleclick",
    re.IGNORECASE,
)
_FURNITURE_ALT = re.compile(
    r"(?:.{0,30}\s)?(?:로고|아이콘|버튼|새\s?창|바로\s?(?:가기|보기)|공공누리.{0,60}|logo|icon|button)\W*",
    re.IGNORECASE,
)
_PIXELS = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*([\d.]+)\s*px", re.IGNORECASE)
_LEAST_PIXELS = 3
_CREDIT = re.compile(
    r"(?:\A|[\s(\[▲△▶◀■□ⓒ©|/])"
    r"(?:사진|이미지|그림)\s?(?:(?:제공|출처|촬영)\s?[=:：/]?|[=:：ⓒ©])\s?(?P<who>[^()\[\]<>=:\n.,]{2,60})"
    r"|[ⓒ©]\s?(?P<owner>[^()\[\]<>=:\n.,ⓒ©]{2,60})"
)
_CREDIT_BEHIND = re.compile(
    r"\A[\s(\[▲△▶◀■□]{0,4}(?:사진|이미지|그림)\s?(?:(?:제공|출처|촬영)\s?[=:：/]|[=:：ⓒ©])\s?"
    r"(?P<who>[^()\[\]<>=:\n.,]{2,60})"
)
_CAPTION_BEHIND = re.compile(r"\A[\s(\[]{0,3}[▲△▶◀■□]")
_LONGEST_TEXT = 300


def attachments_of(entry: Entry, *, base_url: str) -> tuple[Attachment, ...]:
    """The documents of an entry, each once by its address, in its order, at most 20.

    They come from enclosures, from fields that hold an address, and from links in its texts whose
    address or text names a document or whose address is one that boards hand files out under. A
    field with a mere name (``clipname1`` without address) leads nowhere and is none. Links are
    absolute http and https addresses, resolved against ``base_url``; a viewer is no document. Names
    are one line of at most 200 characters without folders, "" where only the address is known.
    """
    offered = (*_enclosed(entry, base_url), *_in_fields(entry, base_url), *_linked(entry, base_url))
    return _each_once(offered, _key)


def images_of(entry: Entry, *, base_url: str) -> tuple[Image, ...]:
    """The pictures of an entry, each once by its address, at most 20: those of media elements, of
    enclosures, and of its texts. Buttons, logos, counting pixels and ``data:`` addresses are none.

    ``credit`` is what media elements, the caption or the words right behind a picture say about who
    made it; ``licence`` only what is said of the picture itself.
    """
    return _each_once((*_of_media(entry, base_url), *_shown(entry, base_url)), canonical_url)


def _each_once(offered: Iterable[_Part], key_of: Callable[[str], str]) -> tuple[_Part, ...]:
    """The first MAX_ATTACHED by the key of their addresses; one that is offered again fills in what
    is not known of it yet."""
    offered = tuple(offered)
    if len(offered) <= 1:
        return offered
    found: dict[str, _Part] = {}
    for each in offered:
        key = key_of(each.url)
        known = found.get(key)
        if known is not None:
            told = asdict(each)
            found[key] = replace(
                known, **{name: value or told[name] for name, value in asdict(known).items()}
            )
        elif len(found) < MAX_ATTACHED:
            found[key] = each
    return tuple(found.values())


def _key(url: str) -> str:
    """The canonical address, with all parameters where one script hands out many files."""
    if not _SERVLET.search(url):
        return canonical_url(url)
    path, _, query = url.partition("?")
    return f"{canonical_url(path)}?{'&'.join(sorted(query.split('&')))}"


def _attachment(url: str, names: Iterable[str], kind: str = "") -> Attachment | None:
    """A document, or None for an address that neither names one nor hands out files."""
    told = [name for name in names if name]
    kinds = [each for each in (kind, *(extension(name) for name in told)) if each]
    if any(each in KINDS for each in kinds):
        known = next(each for each in kinds if each in KINDS)
        name = next((name for name in told if extension(name) in KINDS), told[0] if told else "")
        return Attachment(url=url, name=name, kind=known)
    other = any(extension(name) for name in told)
    if other or not _SERVLET.search(url):
        return None
    return Attachment(url=url, name=told[0] if told else "")


def _enclosed(entry: Entry, base_url: str) -> Iterator[Attachment]:
    for enclosure in entry.enclosures:
        url = absolute(enclosure.url, base_url)
        kind = kind_of_type(enclosure.media_type)
        if enclosure.media_type.startswith(("image/", "audio/", "video/")) or not url:
            continue
        names = tuple(names_in_address(url))
        found = _attachment(url, names, kind)
        if found is None and not names and enclosure.media_type.lower() in _ANY_FILE:
            found = Attachment(url=url)
        if found is not None:
            yield found


def _in_fields(entry: Entry, base_url: str) -> Iterator[Attachment]:
    names: list[tuple[str, str]] = []
    addresses: list[tuple[str, str]] = []
    for field, value in entry.fields.items():
        if value.startswith(("http://", "https://", "/")) and not any(c.isspace() for c in value):
            addresses.append((field, value))
        elif _NAME_FIELD.search(field) and extension(name := file_name(value)) in KINDS:
            names.append((field, name))
    for field, value in addresses:
        url = absolute(value, base_url)
        if not url or _VIEWER.search(url):
            continue
        named = (name for other, name in names if _belong_together(field, other))
        found = _attachment(url, (next(named, ""), *names_in_address(url)))
        if found is not None:
            yield found


def _belong_together(field: str, other: str) -> bool:
    """Whether two fields tell of one file, as ``clipurl1`` and ``clipname1`` do."""
    numbers = [re.sub(r"\A.*?(?=\d*\Z)", "", each, flags=re.DOTALL) for each in (field, other)]
    return numbers[0] == numbers[1] and field[:_SHARED].lower() == other[:_SHARED].lower()


def _linked(entry: Entry, base_url: str) -> Iterator[Attachment]:
    for markup in dict.fromkeys((entry.content, entry.summary)):
        for link in links_in(markup):
            url = absolute(link.href, base_url)
            if not url or _VIEWER.search(url) or _VIEWING.search(link.text):
                continue
            told = (
                link.text,
                link.attributes.get("download", ""),
                link.attributes.get("title", ""),
            )
            shown = [shown_name(text) for text in told]
            files = [name for name in shown if extension(name)]
            found = _attachment(url, (*files, *names_in_address(url), *shown))
            if found is not None:
                yield found


def _of_media(entry: Entry, base_url: str) -> Iterator[Image]:
    for image in entry.images:
        if url := absolute(image.url, base_url):
            yield Image(
                url=url,
                alt=_line(image.alt),
                credit=_line(image.credit),
                licence=licence_slug(image.licence) or _line(image.licence),
            )
    for enclosure in entry.enclosures:
        url = absolute(enclosure.url, base_url)
        kind = extension(url.partition("?")[0])
        is_picture = enclosure.media_type.startswith("image/") or (
            not enclosure.media_type and kind in _PICTURE_KINDS
        )
        if url and is_picture:
            yield Image(url=url)


def _shown(entry: Entry, base_url: str) -> Iterator[Image]:
    for markup in dict.fromkeys((entry.content, entry.summary)):
        for picture in pictures_in(markup):
            url = absolute(picture.src, base_url)
            alt = _line(picture.attributes.get("alt", ""))
            if not url or _is_furniture(url, alt, picture):
                continue
            yield Image(
                url=url,
                alt=alt or _line(picture.caption),
                credit=_credit(picture),
                licence=licence_slug(picture.caption),
            )


def _is_furniture(url: str, alt: str, picture: Picture) -> bool:
    """Whether a picture belongs to the page and not to the release."""
    sizes = [picture.attributes.get(name, "") for name in ("width", "height")]
    sizes += _PIXELS.findall(picture.attributes.get("style", ""))
    if any(_pixels(size) < _LEAST_PIXELS for size in sizes if size):
        return True
    path = url.partition("?")[0]
    return _FURNITURE.search(path) is not None or _FURNITURE_ALT.fullmatch(alt) is not None


def _pixels(size: str) -> float:
    match = re.match(r"\s*(\d{1,6})(?:px)?\s*(?!\s*%)\Z", size.partition(".")[0])
    return float(match[1]) if match else float(_LEAST_PIXELS)


def _credit(picture: Picture) -> str:
    match = _CREDIT.search(picture.caption) or _CREDIT_BEHIND.search(picture.behind)
    if match is None and _CAPTION_BEHIND.match(picture.behind):
        match = _CREDIT.search(picture.behind)
    if match is None:
        return ""
    told = match.groupdict()
    return _line(told.get("who") or told.get("owner") or "")


def _line(text: str) -> str:
    return clean_title(text)[:_LONGEST_TEXT]
