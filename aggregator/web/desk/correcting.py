"""The page on which something of a published issue is put right: what, how readers will see it, done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.errors import AggregatorError, LintRefused, NotFound, RenderError
from aggregator.domain.findings import Finding, Severity
from aggregator.domain.issues import Edition, IssueStatus, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import EVENT_FIELDS, FIELDS_OF, is_withdrawn, text_of
from aggregator.publish.correction_views import correction_views
from aggregator.publish.views import CorrectionView
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.services.publishing.by_hand import correct_published
from aggregator.services.publishing.corrected_texts import ANY, SAME_EVERYWHERE, Wanted
from aggregator.services.publishing.correcting import Foreseen, foresee_correction
from aggregator.services.publishing.publish import as_printed, build_site
from aggregator.web.desk.actions import Done, Unfit, error_text, handled, wants_json
from aggregator.web.desk.findings import FindingView, called, views_of
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of
from aggregator.web.desk.preview_files import number_in
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute

ISSUES = f"{HOME}/issues"
LOOK = "look"
_REFUSED = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What readers of an edition are told of a correction."""

    language: str
    language_name: str
    view: CorrectionView
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An item with what each edition prints in one of its fields, "" where it prints nothing."""

    story: str
    items: Mapping[str, PrintedItem]

    @property
    def first(self) -> PrintedItem:
        """The item as the first edition that has it prints it."""
        return next(iter(self.items.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class InPrint:
    """What an edition prints in a field: ``text`` in its own language, "" where it has none; then
    ``fallback`` is the text that it shows instead, in the language ``spoken``."""

    text: str
    fallback: str = ""
    spoken: str = ""


def told_corrections(asked: Asked, printed: PrintedIssue) -> list[Told]:
    """The corrections of an issue as the edition of the page's language tells them, newest first; of
    those that it does not show, as another one does."""
    by = {one.public_id: one.by for one in printed.corrections}
    order = sorted(printed.editions, key=lambda one: one.language != asked.language)
    found: dict[str, Told] = {}
    for edition in order:
        for told in _told_in(asked, printed, edition):
            found.setdefault(told.view.id, told)
    names = {f"correction-{public_id}": name for public_id, name in by.items()}
    every = sorted(found.values(), key=lambda one: one.view.at, reverse=True)
    return [
        Told(
            language=one.language,
            language_name=one.language_name,
            view=one.view,
            by=names.get(one.view.id, ""),
        )
        for one in every
    ]


def _told_in(asked: Asked, printed: PrintedIssue, edition: Edition) -> list[Told]:
    return [
        Told(language=edition.language, language_name=called(asked, edition.language), view=view)
        for view in correction_views(printed, edition, asked.app.desk.catalogue)
    ]


class CorrectPage:
    """Answers for the form of a correction."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The route of the form."""
        return [
            DeskRoute(
                name="issue_correct",
                path=f"{ISSUES}/{{number}}/correct",
                handlers={"GET": self.show, "POST": handled(self.correct, back=ISSUES)},
            )
        ]

    def show(self, asked: Asked) -> Response:
        """The form for one field of an item, with what is printed there now."""
        query = asked.request.query_params
        found = _item_of(asked, query.get("item", ""))
        if found is None:
            response = go_to(ISSUES)
            problem = Flash(kind=Kind.PROBLEM, text=asked.text("desk.correct.no_item"))
            say_next(asked, response, problem)
            return response
        draft, item = found
        return self._form(asked, draft, item, _field_in(query.get("field", ""), item), {})

    def correct(self, asked: Asked) -> Done | Response:
        """Show what readers would see, or record it and build the site."""
        form = asked.form
        found = _item_of(asked, form.get("item", ""))
        if found is None:
            raise Unfit("desk.correct.no_item")
        draft, item = found
        field = _field_in(form.get("field", ""), item)
        wanted = wanted_in(asked, draft, item, field)
        try:
            if form.get("do") == LOOK:
                seen = foresee_correction(asked.app.desk, wanted, issuer=asked.app.config.issuer)
                return self._form(asked, draft, item, field, form, seen=seen)
            editor = editor_of(asked)
            recorded = correct_published(editor, wanted, issuer=asked.app.config.issuer)
        except RenderError:
            raise
        except AggregatorError as error:
            if wants_json(asked):
                raise
            return self._refused(asked, draft, item, field, error)
        written = build_site(asked.app.desk, asked.app.press)
        return Done(
            text=asked.text("desk.correct.done", number=draft.number, count=written),
            to=f"{ISSUES}/{draft.number}#corrections",
            more={"id": recorded.correction.public_id, "files": written},
        )

    def _views(self, asked: Asked, findings: Sequence[Finding], draft: Draft) -> list[FindingView]:
        return views_of(asked, findings, draft.picked, draft.number, self._frame.path)

    def _refused(
        self,
        asked: Asked,
        draft: Draft,
        item: Printed,
        field: CorrectedField,
        error: AggregatorError,
    ) -> Response:
        """The form again, with what was typed and why it was not recorded."""
        findings: list[FindingView] = []
        text, detail = error_text(asked, error), str(error)
        if isinstance(error, LintRefused):
            findings = self._views(asked, error.findings, draft)
            red = any(one.severity is Severity.RED for one in error.findings)
            text = asked.text("desk.correct.red" if red else "desk.correct.amber")
            detail = ""
        return self._form(
            asked,
            draft,
            item,
            field,
            asked.form,
            status=_REFUSED,
            problem=text,
            detail=detail,
            findings=findings,
        )

    def _form(
        self,
        asked: Asked,
        draft: Draft,
        item: Printed,
        field: CorrectedField,
        typed: Mapping[str, str],
        *,
        status: int = 200,
        seen: Foreseen | None = None,
        **more: object,
    ) -> Response:
        address = f"{ISSUES}/{draft.number}/correct"
        findings = self._views(asked, seen.findings, draft) if seen else []
        given: dict[str, object] = {"problem": "", "detail": "", "findings": findings, **more}
        return self._frame.page(
            asked,
            "correct.html",
            status=status,
            here=f"{address}?item={item.story}&field={field}",
            place="issues",
            draft=draft,
            item=item,
            field=field,
            fields=fields_of(asked, draft, item),
            address=address,
            typed=typed,
            texts=_texts(asked, item, field),
            is_same=field in SAME_EVERYWHERE,
            seen=_seen(asked, seen) if seen else (),
            called=lambda language: called(asked, language),
            **given,
        )


def _seen(asked: Asked, seen: Foreseen) -> list[Told]:
    """What each edition would tell of the correction that is foreseen."""
    ident = f"correction-{seen.correction.public_id}"
    return [
        told
        for edition in seen.issue.editions
        for told in _told_in(asked, seen.issue, edition)
        if told.view.id == ident
    ]


def _item_of(asked: Asked, story: str) -> tuple[Draft, Printed] | None:
    """The published issue and the item of it that an address names."""
    number = number_in(asked.request.path_params["number"])
    try:
        draft = draft_at_hand(asked.app.desk, number) if number is not None else None
    except NotFound:
        return None
    if draft is None or draft.issue.status is not IssueStatus.PUBLISHED:
        return None
    printed = as_printed(asked.app.desk, draft)
    items = {
        edition.language: item
        for edition in printed.editions
        for section in edition.sections
        for item in section.items
        if item.story == story
    }
    return (draft, Printed(story=story, items=items)) if items else None


def _field_in(text: str, item: Printed) -> CorrectedField:
    """The field that was chosen; the headline where none was."""
    known = {*FIELDS_OF[item.first.shape], *_WITHOUT_TEXT}
    return CorrectedField(text) if text in known else CorrectedField.HEADLINE


_WITHOUT_TEXT = (CorrectedField.NOTE, CorrectedField.WITHDRAWN, CorrectedField.RESTORED)


def fields_of(asked: Asked, draft: Draft, item: Printed) -> list[CorrectedField]:
    """What can be corrected of an item as it is printed now."""
    printed = as_printed(asked.app.desk, draft)
    gone = is_withdrawn(item.story, printed.corrections)
    last = CorrectedField.RESTORED if gone else CorrectedField.WITHDRAWN
    shape = item.first.shape
    texts = [
        one
        for one in FIELDS_OF[shape]
        if one not in EVENT_FIELDS
        or any(one.text or one.fallback for one in _texts(asked, item, one).values())
    ]
    return [*texts, CorrectedField.NOTE, last]


def _texts(asked: Asked, item: Printed, field: CorrectedField) -> dict[str, InPrint]:
    """What each edition prints in a field, as it is typed into the form."""
    if not field.has_text:
        return {}
    return {
        language: _in_print(asked, printed, field, language)
        for language, printed in item.items.items()
    }


def _in_print(asked: Asked, item: PrintedItem, field: CorrectedField, language: str) -> InPrint:
    catalogue = asked.app.desk.catalogue
    label = ""
    if field in EVENT_FIELDS:
        label = f"{catalogue.text(f'issue.{field}', language)}: "
    phrase = text_of(item, field, label=label)
    if phrase is None:
        return InPrint(text="")
    text = phrase.text.removeprefix(label)
    if field is CorrectedField.HEADLINE:
        text = text.removeprefix(f"{catalogue.text('correction.mark', language)} ")
    if field is CorrectedField.DAY:
        text = _iso(text)
    if phrase.language in {"", language}:
        return InPrint(text=text)
    return InPrint(text="", fallback=text, spoken=phrase.language)


def _iso(printed: str) -> str:
    """``2024.2.27`` as forms take a day."""
    try:
        return date(*map(int, printed.split("."))).isoformat()
    except (ValueError, TypeError):
        return ""


def wanted_in(asked: Asked, draft: Draft, item: Printed, field: CorrectedField) -> Wanted:
    """What the form asks for. Of the texts only those that were changed: the others stay as they
    are printed, and one that an edition has not in its language follows the text that it shows."""
    form, shown = asked.form, _texts(asked, item, field)
    values: dict[str, str] = {}
    if field in SAME_EVERYWHERE:
        values = {ANY: form.get("value", "").strip()}
    elif field.has_text:
        typed = {one: form.get(f"value.{one}", was.text).strip() for one, was in shown.items()}
        values = {one: text for one, text in typed.items() if text != shown[one].text}
        values = values or {one: text for one, text in typed.items() if text}
    notes = {one: form.get(f"note.{one}", "") for one in item.items}
    return Wanted(
        number=draft.number,
        item=item.story,
        field=field,
        by=asked.who.account.name,
        values=values,
        notes=notes,
        accepted_by=form.get("accepted_by", ""),
    )
