"""Mails of issues: as files of the site, and as letters for a server."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.catalogue import Catalogue
from aggregator.domain.errors import RenderError
from aggregator.domain.issues import Edition
from aggregator.domain.mailing import Letter
from aggregator.domain.publishing import Planet, PrintedIssue
from aggregator.issue.corrected import as_mailed
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import is_slug
from aggregator.publish.layout import Layout
from aggregator.publish.mail.html_part import HtmlPart
from aggregator.publish.mail.message import headers_of, make_message, message_id, sender_of
from aggregator.publish.mail.sheet import ROOMS, Cast, Sheet, make_sheet
from aggregator.publish.mail.text_part import render_text

MOST_BYTES = 90_000
"""The size of a whole mail, both parts and the headers: programs cut off what is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeMail:
    """A mail in its forms, made of ``sheet``. ``is_cut`` where the page has more than it."""

    html: str
    text: str
    letter: Letter
    is_cut: bool
    sheet: Sheet


def make_mail(
    cast: Cast, issue: PrintedIssue, edition: Edition, *, to: str = "", test: datetime | None = None
) -> MadeMail:
    """The mail of an edition, to its list or to ``to``; a ``test`` says so, names no list and has
    that instant in place of the issue's.

    The first of ``ROOMS`` is taken in which it has less than ``MOST_BYTES``. Raises RenderError
    where it has more in none, or cannot be made.
    """
    series, authority = cast.series, cast.options.tag_authority
    mine = series.mail.list_for(edition.language)
    address = to or (mine.to if mine is not None else "")
    mark = f"test-{test:%Y%m%d%H%M%S%f}" if test is not None else ""
    ident = message_id(edition, authority, mark)
    sender = sender_of(series, authority)
    at = test or issue.published_at
    part = HtmlPart(catalogue=cast.catalogue)
    tried: Sheet | None = None
    for room in ROOMS:
        sheet = make_sheet(cast, issue, edition, room, is_test=test is not None)
        if sheet == tried:
            continue
        tried = sheet
        html = part.render(sheet)
        size = len(html.encode())
        if size >= MOST_BYTES:
            continue
        text = render_text(sheet, cast.catalogue)
        headers = headers_of(sheet, series, at=at, ident=ident, sender=sender, to=address)
        body = make_message(sheet, headers=headers, text=text, html=html)
        size = len(body)
        if size < MOST_BYTES:
            letter = Letter(sender=sender, to=address, message_id=ident, body=body)
            is_cut = room != ROOMS[0]
            return MadeMail(html=html, text=text, letter=letter, is_cut=is_cut, sheet=sheet)
    raise RenderError(
        f"the mail of {edition.heading} in {edition.language} has {size} bytes even without"
        f" its items; fewer than {MOST_BYTES} are wanted: shorten title, tagline and section names"
    )


def public_copy(cast: Cast, issue: PrintedIssue, mail: MadeMail) -> MadeMail:
    """The mail as anybody may have it: to nobody, without the list's address and the ways to leave
    it, which are the subscribers'; else word for word what is sent, under the same Message-ID. Its
    HTML tells search engines to take the issue's page in its place. Raises RenderError."""
    part = HtmlPart(catalogue=cast.catalogue)
    sheet, letter, text, html = mail.sheet, mail.letter, mail.text, mail.html
    if sheet.mailing_list is not None:
        sheet = replace(sheet, mailing_list=None)
        text, html = render_text(sheet, cast.catalogue), part.render(sheet)
        headers = headers_of(
            sheet,
            cast.series,
            at=issue.published_at,
            ident=letter.message_id,
            sender=letter.sender,
            to="",
        )
        body = make_message(sheet, headers=headers, text=text, html=html)
        letter = replace(letter, to="", body=body)
    html = part.render(replace(sheet, is_public=True))
    return replace(mail, html=html, text=text, letter=letter, sheet=sheet)


def mail_files(planet: Planet, layout: Layout, catalogue: Catalogue) -> list[Artefact]:
    """``mail.html``, ``mail.txt`` and ``issue.eml`` beside the page of each edition, the newest
    issue first, as public copies. A mail that was sent keeps what was sent, whatever was corrected
    afterwards. Raises RenderError."""
    cast = Cast(
        series=planet.series,
        options=planet.options,
        layout=layout,
        catalogue=catalogue,
        pictures=planet.thumbnails,
    )
    made = []
    for issue in sorted(planet.issues, key=lambda issue: issue.number, reverse=True):
        for edition in issue.editions:
            if is_slug(edition.language):
                folder = posixpath.dirname(layout.issue(issue, edition.language))
                mailed = as_mailed(issue, edition.language, catalogue)
                mail = make_mail(cast, mailed, layout.edition(mailed, edition.language))
                made += _files(folder, public_copy(cast, mailed, mail))
    return made


def _files(folder: str, mail: MadeMail) -> list[Artefact]:
    bodies = (
        ("mail.html", mail.html.encode()),
        ("mail.txt", mail.text.encode()),
        ("issue.eml", mail.letter.body),
    )
    return [Artefact(path=f"{folder}/{name}", body=body) for name, body in bodies]
