"""What the mail of an edition shows: its items, cut to the room there is, and absolute links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit, urlunsplit

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Edition, Phrase, PrintedItem, PrintedSection, Series, Shape
from aggregator.domain.items import SEOUL
from aggregator.domain.mailing import MailingList
from aggregator.domain.publishing import PrintedIssue, PublishOptions
from aggregator.issue.corrected import split_byline
from aggregator.publish.addresses import absolute_url, is_slug
from aggregator.publish.correction_views import withdrawal_views
from aggregator.publish.layout import Layout
from aggregator.publish.licences import licence_words
from aggregator.publish.river import section_tone
from aggregator.publish.titles import short_title
from aggregator.publish.views import CorrectionView
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url
from aggregator.text.xml_chars import xml_safe

LONGEST_LINK = 450
"""Characters of a source's address in a mail; a longer one gives way to the item on the page."""

PREHEADER = 110
"""Characters of the line that mail programs show beside the subject."""

_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much of an issue a mail prints: ``text`` characters of a blurb, of authors and of a
    line of an event, ``items`` of a section; None for all."""

    text: int | None = None
    items: int | None = None


ROOMS = (
    Room(),
    *(Room(text=characters) for characters in (400, 240, 160, 100, 60, 0)),
    *(Room(text=0, items=items) for items in (40, 20, 10, 5, 2, 0)),
)
"""What is tried, one after the other, until the mail is small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everything but the issue that a mail is made of. ``pictures`` maps the address of a thumbnail
    to its path below ``public/``."""

    series: Series
    options: PublishOptions
    layout: Layout
    catalogue: Catalogue
    pictures: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLink:
    """The issue's page in another language."""

    language: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetItem:
    """An item as the mail prints it. ``url`` leads to its source, ``page_url`` to the item on the
    page; ``is_cut`` where the page has more of it. One that is ``withdrawn`` has no picture, and
    leads to the reason on the page."""

    shape: Shape
    headline: Phrase
    url: str
    page_url: str
    byline: str
    note: str
    picture: str
    blurb: Phrase | None
    authors: Phrase | None
    lines: tuple[tuple[Phrase, ...], ...]
    is_cut: bool
    withdrawn: CorrectionView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSection:
    """A section with its colour; ``left_out`` counts the items that only the page has."""

    label: str
    tone: int
    url: str
    items: tuple[SheetItem, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One edition as a mail. ``mailing_list`` None where the language has no list; ``is_public`` for
    the copy on the site, which search engines are to pass over."""

    language: str
    title: str
    tagline: str
    heading: str
    subject: str
    preheader: str
    page_url: str
    archive_url: str
    others: tuple[EditionLink, ...]
    sections: tuple[SheetSection, ...]
    corrected_on: date | None
    licences: tuple[str, ...]
    mailing_list: MailingList | None
    is_test: bool
    is_public: bool = False


def make_sheet(
    cast: Cast, issue: PrintedIssue, edition: Edition, room: Room, *, is_test: bool = False
) -> Sheet:
    """The mail of an edition in the room that it has. A test names no list."""
    language, base = edition.language, cast.options.base_url
    page = absolute_url(base, cast.layout.issue(issue, language))
    known = language if language in cast.layout.languages else cast.layout.default
    subject = one_line(xml_safe(f"{edition.title} {edition.heading}"))
    corrected_at = issue.corrected.get(language)
    gone = withdrawal_views(issue, edition, cast.catalogue)
    return Sheet(
        language=language,
        title=edition.title,
        tagline=edition.tagline,
        heading=edition.heading,
        subject=cast.catalogue.text("letter.test_subject", language, subject=subject)
        if is_test
        else subject,
        preheader=_preheader(edition),
        page_url=page,
        archive_url=absolute_url(base, cast.layout.archive(known)),
        others=tuple(
            EditionLink(
                language=other.language,
                label=_language_name(cast.catalogue, other.language, language),
                url=absolute_url(base, cast.layout.issue(issue, other.language)),
            )
            for other in issue.editions
            if other.language != language and is_slug(other.language)
        ),
        sections=tuple(
            _section(cast, section, page, room, gone)
            for section in edition.sections
            if section.items
        ),
        corrected_on=corrected_at.astimezone(SEOUL).date() if corrected_at else None,
        licences=_licences(edition, cast.catalogue),
        mailing_list=None if is_test else cast.series.mail.list_for(language),
        is_test=is_test,
    )


def _licences(edition: Edition, catalogue: Catalogue) -> tuple[str, ...]:
    """Each licence in a line of its own, with the offices whose items bear it."""
    offices: dict[str, dict[str, None]] = {}
    for section in edition.sections:
        for item in section.items:
            if words := licence_words(item.licence, edition.language, catalogue):
                name = one_line(split_byline(item.byline)[1])
                offices.setdefault(words, {}).update({name: None} if name else {})
    return tuple(
        catalogue.text("licence.of", edition.language, licence=words, bodies=", ".join(names))
        if names
        else words
        for words, names in offices.items()
    )


def _section(
    cast: Cast,
    section: PrintedSection,
    page: str,
    room: Room,
    gone: Mapping[str, CorrectionView],
) -> SheetSection:
    items = section.items if room.items is None else section.items[: room.items]
    return SheetSection(
        label=section.label,
        tone=section_tone(cast.series, section.id),
        url=f"{page}#{quote(section.id)}",
        items=tuple(_item(cast, item, page, room.text, gone.get(item.story)) for item in items),
        left_out=len(section.items) - len(items),
    )


def _item(
    cast: Cast, item: PrintedItem, page: str, limit: int | None, withdrawn: CorrectionView | None
) -> SheetItem:
    page_url = f"{page}#item-{quote(item.story)}"
    url = portable_url(public_url(item.url)) if withdrawn is None else f"{page}#{withdrawn.id}"
    is_media, is_event = item.shape is Shape.MEDIA, item.shape is Shape.EVENT
    authors = item.authors if item.shape in {Shape.ARTICLE, Shape.PAPER} else None
    blurb = None if is_event else _cut_phrase(item.blurb, limit)
    lines = tuple(_cut_line(line, limit) for line in item.lines) if is_event else ()
    shown_authors = _cut_phrase(authors, limit)
    whole = (None if is_event else item.blurb, authors, item.lines if is_event else ())
    picture = cast.pictures.get(item.thumbnail, "") if is_media and withdrawn is None else ""
    return SheetItem(
        shape=item.shape,
        headline=Phrase(
            text=short_title(one_line(item.headline.text)), language=item.headline.language
        ),
        url=page_url if len(url) > LONGEST_LINK else url,
        page_url=page_url,
        byline="" if is_event else item.byline,
        note=item.note if is_media and withdrawn is None else "",
        picture=absolute_url(cast.options.base_url, picture) if picture else "",
        blurb=blurb if blurb is not None and blurb.text else None,
        authors=shown_authors if shown_authors is not None and shown_authors.text else None,
        lines=tuple(line for line in lines if line),
        is_cut=(blurb, shown_authors, lines) != whole,
        withdrawn=withdrawn,
    )


def _cut_phrase(phrase: Phrase | None, limit: int | None) -> Phrase | None:
    if phrase is None:
        return None
    return Phrase(text=cut(phrase.text, limit), language=phrase.language)


def _cut_line(line: tuple[Phrase, ...], limit: int | None) -> tuple[Phrase, ...]:
    """A run of phrases of ``limit`` characters together."""
    if limit is None or sum(len(phrase.text) for phrase in line) <= limit:
        return line
    kept, left = [], limit
    for phrase in line:
        text = cut(phrase.text, left)
        if text:
            kept.append(Phrase(text=text, language=phrase.language))
        left -= len(phrase.text)
        if left <= 0:
            break
    return tuple(kept)


def cut(text: str, limit: int | None) -> str:
    """``text`` of ``limit`` characters at most, cut behind a word where one ends in its second half
    and then with "…"; None leaves it whole."""
    if limit is None or len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    start = text[: limit - 1]
    before, blank, _ = start.rpartition(" ")
    kept = before if blank and len(before) > limit // 2 else start
    return f"{kept.rstrip(' ,.·')}…"


def portable_url(url: str) -> str:
    """``url`` in ASCII, so that a mail program makes a link of all of it."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    try:
        place = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except UnicodeError:
        place = parts.netloc
    rest = (quote(part, safe=_SAFE) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, place, *rest))


def _preheader(edition: Edition) -> str:
    """The first headlines, as many as there is room for; a single one is cut."""
    found: list[str] = []
    for section in edition.sections:
        for item in section.items:
            more = " · ".join([*found, one_line(item.headline.text)])
            if found and len(more) > PREHEADER:
                return " · ".join(found)
            found.append(one_line(item.headline.text))
    return cut(" · ".join(found), PREHEADER)


def _language_name(catalogue: Catalogue, named: str, language: str) -> str:
    try:
        return catalogue.text(f"language.{named}", language)
    except LookupError:
        return named
