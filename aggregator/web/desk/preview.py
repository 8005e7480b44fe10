"""The page Preview: the issue as it would go out now, in every form, beside what the lint says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from starlette.responses import Response

from aggregator.domain.errors import NotFound
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.services.publishing.previewing import thumbnails_of
from aggregator.services.publishing.publish import as_printed
from aggregator.web.desk.actions import Done, Unfit, handled
from aggregator.web.desk.checking import Checks
from aggregator.web.desk.findings import called, views_of
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.looks import Look, Scheme
from aggregator.web.desk.preview_files import number_in, serve_file
from aggregator.web.desk.views import query_of
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.doors.headers import ScriptedPage

PREVIEW = f"{HOME}/preview"


class Form(StrEnum):
    """In which form an issue is looked at; ``ALL`` is side by side."""

    ALL = "all"
    WEB = "web"
    MAIL = "mail"
    TEXT = "text"


class Width(StrEnum):
    """Of a telephone, and of a mail program's pane; in pixels."""

    PHONE = "375"
    PANE = "680"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is chosen on the page."""

    form: Form
    language: str
    width: Width
    look: Look

    def query(self, number: int | None) -> dict[str, str]:
        """The choices as an address holds them; what is usual is left out."""
        return {
            "number": str(number) if number is not None else "",
            "form": self.form if self.form is not Form.WEB else "",
            "language": self.language,
            "width": self.width,
            "scheme": self.look.scheme if self.look.scheme is not Scheme.LIGHT else "",
            "images": "" if self.look.images else "0",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several ways to look: its name, and the address that chooses it."""

    name: str
    href: str
    is_chosen: bool


class PreviewPage:
    """Answers for the preview and for what it shows in frames."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._checks = Checks()

    def routes(self) -> list[DeskRoute]:
        """The routes of the page and of its documents."""
        files = f"{PREVIEW}/{{number}}/{{look}}/{{file:path}}"
        return [
            DeskRoute(name="preview", path=PREVIEW, handlers={"GET": self.show}),
            DeskRoute(
                name="preview_links",
                path=f"{PREVIEW}/links",
                handlers={"POST": handled(self.ask, back=PREVIEW)},
            ),
            DeskRoute(name="preview_file", path=files, handlers={"GET": serve_file}),
        ]

    def show(self, asked: Asked) -> Response:
        """The frames, and the list of what is wrong."""
        query = asked.request.query_params
        number = number_in(query.get("number", ""))
        try:
            draft = draft_at_hand(asked.app.desk, number)
        except NotFound:
            response = go_to(PREVIEW)
            text = asked.text("desk.issues.no_such")
            say_next(asked, response, Flash(kind=Kind.PROBLEM, text=text))
            return response
        languages = asked.app.desk.series.languages
        shown = shown_in(query, languages, asked.language)
        findings = self._checks.findings(asked.app, draft)
        page = self._frame.page(
            asked,
            "preview.html",
            draft=draft,
            shown=shown,
            frames=frames_of(draft, shown, languages),
            choices=_choices(asked, shown, number),
            findings=views_of(asked, findings, draft.picked, draft.number, self._frame.path),
            missing=_missing_pictures(asked, draft),
            asked_at=self._checks.asked_at(asked.app, draft),
        )
        if isinstance(page, ScriptedPage):
            page.frames = True
        return page

    def ask(self, asked: Asked) -> Done:
        """Ask whether the links of the issue answer."""
        if not self._checks.ask_links(asked.app, _known(asked)):
            raise Unfit("desk.preview.asking")
        return Done(text=asked.text("desk.preview.asked"), focus="lint")


def _known(asked: Asked) -> Draft:
    number = number_in(asked.form.get("number", ""))
    try:
        return draft_at_hand(asked.app.desk, number)
    except NotFound as error:
        raise Unfit("desk.issues.no_such") from error


def _missing_pictures(asked: Asked, draft: Draft) -> int:
    """How many pictures of the issue have no copy yet: publishing fetches them."""
    urls = thumbnails_of(as_printed(asked.app.desk, draft))
    return sum(asked.app.press.pictures.path_of(url) is None for url in urls)


def shown_in(query: Mapping[str, str], languages: tuple[str, ...], own: str) -> Shown:
    """What an address chooses; what it does not say, or nobody can choose, is the usual."""
    language = query.get("language", "")
    if language not in languages:
        language = own if own in languages else languages[0]
    form, width = query.get("form", ""), query.get("width", "")
    scheme = query.get("scheme", "")
    return Shown(
        form=Form(form) if form in set(Form) else Form.WEB,
        language=language,
        width=Width(width) if width in set(Width) else Width.PANE,
        look=Look(
            scheme=Scheme(scheme) if scheme in set(Scheme) else Scheme.LIGHT,
            images=query.get("images") != "0",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """A document in its frame."""

    form: Form
    src: str


def frames_of(draft: Draft, shown: Shown, languages: tuple[str, ...]) -> list[Framed]:
    """The frames of what is chosen."""
    forms = [Form.WEB, Form.MAIL, Form.TEXT] if shown.form is Form.ALL else [shown.form]
    root = f"{PREVIEW}/{draft.number}/{shown.look.slug}"
    folder = "" if shown.language == languages[0] else f"{shown.language}/"
    files = {
        Form.WEB: f"issues/{draft.number}/{folder}index.html",
        Form.MAIL: f"mail.{shown.language}.html",
        Form.TEXT: f"mail.{shown.language}.txt",
    }
    return [Framed(form=form, src=f"{root}/{files[form]}") for form in forms]


def _choices(asked: Asked, shown: Shown, number: int | None) -> dict[str, list[Choice]]:
    base = shown.query(number)
    languages = asked.app.desk.series.languages
    schemes = (Scheme.LIGHT, Scheme.DARK, Scheme.OWN)

    def ways(name: str, values: Mapping[str, str], chosen: str) -> list[Choice]:
        return [
            Choice(
                name=text,
                href=f"{PREVIEW}{query_of(base, **{name: value})}",
                is_chosen=value == chosen,
            )
            for value, text in values.items()
        ]

    def named(name: str, values: Iterable[str], chosen: str) -> list[Choice]:
        texts = {one: asked.text(f"desk.preview.{name}.{one}") for one in values}
        return ways(name, texts, chosen)

    pictures = {
        "": asked.text("desk.preview.images.with"),
        "0": asked.text("desk.preview.images.without"),
    }
    return {
        "language": ways(
            "language", {one: called(asked, one) for one in languages}, shown.language
        ),
        "form": named("form", Form, shown.form),
        "width": named("width", Width, shown.width),
        "scheme": named("scheme", schemes, shown.look.scheme),
        "images": ways("images", pictures, "" if shown.look.images else "0"),
    }
