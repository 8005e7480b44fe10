"""The documents that the page Preview shows in frames: an issue as it would go out now.

Below ``/desk/preview/NUMBER/LOOK/`` they stand as they will stand on the site, so that their links to the style
sheet and to pictures lead to files here.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import Response

from aggregator.bootstrap import App
from aggregator.domain.errors import NotFound
from aggregator.ports.publishing import Artefact
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.services.publishing.previewing import preview_planet, thumbnails_of
from aggregator.services.publishing.publish import as_printed
from aggregator.web.desk.looks import Look
from aggregator.web.doors.asked import Asked
from aggregator.web.doors.headers import FramedDocument
from aggregator.web.file_kinds import kind_of

MAIL = re.compile(r"mail\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.(html|txt)", re.ASCII)

PAGE = re.compile(
    r"issues/(\d{1,7})/(?:([A-Za-z][A-Za-z0-9-]*)/)?(?:index\.html|month\.svg)", re.ASCII
)


def number_in(text: str) -> int | None:
    """An issue's number as it stands in an address, None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None  # noqa: PLR2004 - no series has a million issues


def serve_file(asked: Asked) -> Response:
    """A file of an issue; 404 for one that there is not."""
    places = asked.request.path_params
    look, number = Look.of(places["look"]), number_in(places["number"])
    if look is None or number is None:
        raise HTTPException(404)
    path = places["file"]
    if path.startswith("assets/"):
        found = next((one for one in asked.app.previewer.assets() if one.path == path), None)
    else:
        draft = _issue(asked.app, number)
        if mail := MAIL.fullmatch(path):
            return _mail(asked, draft, look, mail)
        found = _file(asked.app, draft, path)
    if found is None:
        raise HTTPException(404)
    body = found.body if found.copy_of is None else found.copy_of.read_bytes()
    kind = kind_of(path)
    if PurePosixPath(path).suffix in {".html", ".css"}:
        body = look.forced(body)
    return FramedDocument(body, kind.media_type, images=look.images)


def _issue(app: App, number: int) -> Draft:
    try:
        return draft_at_hand(app.desk, number)
    except NotFound:
        raise HTTPException(404) from None


def _file(app: App, draft: Draft, path: str) -> Artefact | None:
    """One of the issue's own files, or a picture that it shows."""
    if path.startswith("pictures/"):
        files = app.press.pictures.artefacts(thumbnails_of(as_printed(app.desk, draft)))
        return next((file for file in files if file.path == path), None)
    place = PAGE.fullmatch(path)
    if place is None or int(place[1]) != draft.number:
        return None
    languages = app.desk.series.languages
    planet = preview_planet(app.desk, app.press.pictures, draft)
    made = app.previewer.issue_files(planet, draft.number, place[2] or languages[0])
    return next((file for file in made if file.path == path), None)


def _mail(asked: Asked, draft: Draft, look: Look, named: re.Match[str]) -> Response:
    """A part of the mail that the list would get."""
    language, form = named[1], named[2]
    printed = as_printed(asked.app.desk, draft)
    try:
        letter = asked.app.letters.letter(printed, language, to="")
    except NotFound:
        raise HTTPException(404) from None
    text = mail_part(letter.body, "plain" if form == "txt" else "html")
    if form == "txt":
        return FramedDocument(text.encode(), "text/plain; charset=utf-8")
    # Its pictures have addresses of the site, where they are not yet: the copies stand here.
    base = asked.app.desk.options.base_url.rstrip("/")
    text = text.replace(f'src="{base}/pictures/', 'src="pictures/')
    return FramedDocument(
        look.forced(text.encode()),
        "text/html; charset=utf-8",
        images=look.images,
        inline_style=True,
    )


def mail_part(body: bytes, kind: str) -> str:
    """The part of a letter of one kind (``html`` or ``plain``), as it was written."""
    message = message_from_bytes(body, _class=EmailMessage, policy=policy.SMTP)
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
