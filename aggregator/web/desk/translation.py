"""The page Translation: every text of an issue beside its source, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from starlette.responses import Response

from aggregator.domain.errors import NotFound
from aggregator.domain.findings import Severity, Span
from aggregator.domain.issues import IssueStatus
from aggregator.domain.people import Role
from aggregator.issue.translation import export_po
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.services.publishing.translate import import_translation
from aggregator.services.publishing.translating import Beside, TranslatedItem, translation_of
from aggregator.web.desk.actions import Done, Unfit, handled
from aggregator.web.desk.checking import Kept
from aggregator.web.desk.fields import FieldForm, field_forms
from aggregator.web.desk.findings import FindingView, called, item_address, view_of
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.preview_files import number_in
from aggregator.web.desk.views import query_of, section_title
from aggregator.web.desk.wording import Pieces, word_pieces
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute

TRANSLATION = f"{HOME}/translation"
_NAMED = 3
"""Entries of a file that are named where nobody takes them; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A text with its form. ``source`` and ``target`` are cut at what the lint marks; ``changed`` is how
    the source differs from the text that was translated."""

    form: FieldForm
    beside: Beside
    source: Pieces
    target: Pieces
    changed: Pieces
    faults: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRows:
    """An item with those of its texts that are shown."""

    item: TranslatedItem
    href: str
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a translation is; ``red`` are those of the faulty that block publishing."""

    total: int
    missing: int
    fuzzy: int
    faulty: int
    red: int

    @property
    def done(self) -> int:
        """Texts that would be printed."""
        return self.total - self.missing - self.fuzzy


class TranslationPage:
    """Answers for the page and its files; the forms of the texts are those of ``fields``."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._kept = Kept()

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        taken = handled(self.take_file, back=TRANSLATION)
        return [
            DeskRoute(name="translation", path=TRANSLATION, handlers={"GET": self.show}),
            DeskRoute(
                name="translation_file", path=f"{TRANSLATION}/file", handlers={"GET": self.file}
            ),
            DeskRoute(
                name="translation_import", path=f"{TRANSLATION}/import", handlers={"POST": taken}
            ),
        ]

    def show(self, asked: Asked) -> Response:
        """The texts, all or what is left."""
        found = _asked_for(asked)
        if isinstance(found, Response):
            return found
        draft, language = found
        desk = asked.app.desk

        def look() -> list[TranslatedItem]:
            return translation_of(desk, draft.picked, language)

        items = self._kept.of(asked.app, draft, f"translation {language}", look)
        left = asked.request.query_params.get("left") == "1"
        is_draft = draft.issue.status is IssueStatus.DRAFT
        texts = [text for item in items for text in item.texts]
        base = {"number": asked.request.query_params.get("number", ""), "language": language}
        return self._frame.page(
            asked,
            "translation.html",
            draft=draft,
            chosen=language,
            chosen_name=called(asked, language),
            chosen_left=left,
            is_draft=is_draft,
            may_write=is_draft and asked.who.role.includes(Role.EDITOR),
            may_import=_may_import(asked, draft),
            progress=progress_of(texts),
            sections=self._sections(asked, items, language, only_left=left),
            languages_here=[
                (
                    called(asked, one),
                    f"{TRANSLATION}{query_of(base, language=one)}",
                    one == language,
                )
                for one in desk.series.languages
            ],
            all_href=f"{TRANSLATION}{query_of(base)}",
            left_href=f"{TRANSLATION}{query_of(base, left='1')}",
            file_href=f"{TRANSLATION}/file{query_of(base, number=str(draft.number))}",
        )

    def _sections(
        self, asked: Asked, items: Sequence[TranslatedItem], language: str, *, only_left: bool
    ) -> list[tuple[str, str, list[ItemRows]]]:
        """By section its id, its title and its items, those without a text that is shown left out."""
        found = []
        for section, group in groupby(items, key=lambda one: one.section):
            rows = [self._rows(asked, one, language, only_left=only_left) for one in group]
            rows = [one for one in rows if one.rows]
            if rows:
                title = section_title(asked.app.desk.series, section.id, asked.language)
                found.append((section.id, title, rows))
        return found

    def _rows(
        self, asked: Asked, item: TranslatedItem, language: str, *, only_left: bool
    ) -> ItemRows:
        forms = {one.told.field: one for one in field_forms(asked, item.picked, language)}
        return ItemRows(
            item=item,
            href=item_address(self._frame.path, item.picked.story.public_id),
            rows=tuple(
                _row(asked, one, forms[one.told.field])
                for one in item.texts
                if one.is_left or not only_left
            ),
        )

    def file(self, asked: Asked) -> Response:
        """The texts as a PO file."""
        found = _asked_for(asked)
        if isinstance(found, Response):
            return found
        draft, language = found
        series = asked.app.desk.series
        text = export_po(draft.picked, series, number=draft.number, language=language)
        name = f"issue-{draft.number}.{language}.po"
        return Response(
            text,
            media_type="text/x-gettext-translation; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def take_file(self, asked: Asked) -> Done:
        """Lay a PO file on the issue's texts."""
        form = asked.form
        number, text = number_in(form.get("number", "")), form.get("po", "")
        if number is None:
            raise Unfit("desk.issues.no_such")
        if not text.strip():
            raise Unfit("desk.translation.no_file", focus="po")
        draft = draft_at_hand(asked.app.desk, number)
        if not _may_import(asked, draft):
            raise Unfit("desk.translation.publisher")
        desk = replace(asked.app.desk, actor=asked.who.account.name)
        taken = import_translation(desk, text, number, language=form.get("language", ""))
        told = asked.text("desk.translation.taken", count=taken.texts)
        if taken.fuzzy or taken.empty:
            told += " " + asked.text(
                "desk.translation.taken_rest", fuzzy=taken.fuzzy, empty=taken.empty
            )
        if taken.unknown:
            named = ", ".join(taken.unknown[:_NAMED])
            told += " " + asked.text(
                "desk.translation.unknown", count=len(taken.unknown), names=named
            )
        return Done(text=told, focus="progress", more={"texts": taken.texts})


def _asked_for(asked: Asked) -> tuple[Draft, str] | Response:
    """The issue and the language that an address names, else the usual ones; back to the page with a
    line where there is no such issue."""
    query = asked.request.query_params
    try:
        draft = draft_at_hand(asked.app.desk, number_in(query.get("number", "")))
    except NotFound:
        response = go_to(TRANSLATION)
        problem = Flash(kind=Kind.PROBLEM, text=asked.text("desk.issues.no_such"))
        say_next(asked, response, problem)
        return response
    languages = asked.app.desk.series.languages
    wanted = query.get("language", "")
    return draft, wanted if wanted in languages else (languages[1:] or languages)[0]


def _may_import(asked: Asked, draft: Draft) -> bool:
    """A file changes a draft, or what a published issue prints: that is for publishers."""
    is_draft = draft.issue.status is IssueStatus.DRAFT
    return asked.who.role.includes(Role.EDITOR if is_draft else Role.PUBLISHER)


def progress_of(texts: Iterable[Beside]) -> Progress:
    """How many texts there are, and what is to be done with them."""
    every = list(texts)
    return Progress(
        total=len(every),
        missing=sum(one.is_missing for one in every),
        fuzzy=sum(one.is_fuzzy for one in every),
        faulty=sum(bool(one.findings) for one in every),
        red=sum(any(f.severity is Severity.RED for f in one.findings) for one in every),
    )


def _row(asked: Asked, one: Beside, form: FieldForm) -> TextRow:
    told = one.told
    return TextRow(
        form=form,
        beside=one,
        source=cut_at(told.source, [(f.of, f.severity) for f in one.findings]),
        target=cut_at(told.text, [(f.at, f.severity) for f in one.findings]),
        changed=word_pieces(told.of, told.source) if one.is_fuzzy and told.of else (),
        faults=tuple(view_of(asked, f) for f in one.findings),
    )


def cut_at(text: str, spans: Iterable[tuple[Span | None, Severity]]) -> Pieces:
    """A text in pieces, each with the severity of what the lint marks there, "" for nothing; where
    two marks overlap the red one counts."""
    marks = [""] * len(text)
    for span, severity in spans:
        if span is not None:
            for place in range(max(span.start, 0), min(span.end, len(text))):
                marks[place] = (
                    Severity.RED if Severity.RED in {marks[place], severity} else severity
                )
    found, start = [], 0
    for mark, run in groupby(marks):
        end = start + sum(1 for _ in run)
        found.append((text[start:end], str(mark)))
        start = end
    return tuple(found)
