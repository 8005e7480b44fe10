"""The texts of an item, each in a form of its own: the part that several pages have, and what it sends.

A page makes the forms with ``field_forms`` and shows them with the macro ``editor`` of
``edit_fields.html`` (and ``fields.css``). Each works without a script: it has the text that the editor
saw, and leads back with a line that says what was done. For the script a form has ``data-save``, and its
text ``data-field``, ``data-base`` and ``data-version``; the answer is

    200  {"ok": true, "field": "headline.ko", "text": "…", "base": "…", "version": 4, "edited": true, "fuzzy": false,
          "source": "…", "undo": "17", "flash": "…",
          "headline": {"story": "…", "language": "ko", "pieces": [["드론", true], [" 도시", false]]}}
    409  {"ok": false, "code": "field_conflict", "field": "headline.ko", "mine": "…", "theirs": "…", "base": "…", "by":
          "lee", "flash": "…"}: to keep one's own, send it again with "theirs" as the base
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from aggregator.domain.edit_errors import Clash, FieldConflict
from aggregator.domain.errors import AggregatorError, NotFound, RenderError
from aggregator.domain.issues import PickField, Shape
from aggregator.issue.edition import Picked
from aggregator.services.editing.editor import Done as Edited
from aggregator.services.editing.fields import (
    FieldText,
    Where,
    clear_field,
    edit_field,
    texts_of,
)
from aggregator.services.editing.issue_at_hand import the_pick
from aggregator.web.desk.actions import Done, Unfit, error_text, handled, wants_json, way_back
from aggregator.web.desk.facts import headline_of, marked
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of, issue_of
from aggregator.web.desk.wording import Pieces, word_pieces
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute

ITEMS = f"{HOME}/items"
CLEAR = "clear"
_A_LINE = 60
"""Characters that a line of a form's text has."""

_MOST_LINES = 8
_REFUSED = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldForm:
    """A field as its form shows it. ``told`` is the field as FieldText says it; ``key`` names it for the
    script (``headline.ko``), ``id`` the element; ``pieces`` are the source's words and what became of
    them, where somebody wrote the text in the item's own language."""

    id: str
    key: str
    label: str
    action: str
    issue: int
    version: int
    told: FieldText
    is_own: bool
    lines: int
    pieces: Pieces = ()


def field_forms(asked: Asked, picked: Picked, language: str) -> list[FieldForm]:
    """The forms of an item's texts in a language, in printed order."""
    return [
        _form(asked, picked, one, language) for one in texts_of(asked.app.desk, picked, language)
    ]


def _form(asked: Asked, picked: Picked, told: FieldText, language: str) -> FieldForm:
    story = picked.story
    is_own = language == story.primary.item.language
    compared = told.edited and is_own
    longest = max(len(told.text), len(told.source) if is_own else 0)
    return FieldForm(
        id=field_id(story.public_id, told.field, language),
        key=f"{told.field}.{language}",
        label=asked.text(f"desk.fields.{told.field}"),
        action=f"{ITEMS}/{story.public_id}/fields/{told.field}/{language}",
        issue=picked.pick.issue_id,
        version=picked.pick.version,
        told=told,
        is_own=is_own,
        lines=min(max(1 + longest // _A_LINE, 1), _MOST_LINES),
        pieces=word_pieces(told.source, told.text) if compared else (),
    )


def field_id(story: str, field: str, language: str) -> str:
    """The id of a field's form; its text has the same with ``-text``."""
    return f"f-{story}-{field}-{language}"


class FieldsPage:
    """Takes what the forms send, and asks where two people wrote one text."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The route of every field."""
        return [
            DeskRoute(
                name="field_save",
                path=f"{ITEMS}/{{story}}/fields/{{field}}/{{language}}",
                handlers={"POST": handled(self.save)},
            )
        ]

    def save(self, asked: Asked) -> Done | Response:
        """Write a text, or take back what was written. What was typed is never lost: where it cannot be
        saved, a page has it."""
        where = _where(asked)
        form = asked.form
        base, text = form.get("base", ""), form.get("text", "")
        try:
            editor, issue = editor_of(asked), issue_of(asked)
            if form.get("do") == CLEAR:
                done = clear_field(editor, issue.id, where, base=base)
            else:
                done = edit_field(editor, issue.id, where, text, base=base)
        except FieldConflict as conflict:
            return self._choice(asked, where, conflict.clash)
        except RenderError:
            raise
        except AggregatorError as error:
            if wants_json(asked) or isinstance(error, NotFound) or not text:
                raise
            return self._kept(asked, where, error)
        return _saved(asked, where, done, issue.id)

    def _choice(self, asked: Asked, where: Where, clash: Clash) -> Response:
        """Both texts, what they were made of, and which shall stand."""
        if wants_json(asked):
            told = {
                "ok": False,
                "kind": "problem",
                "code": FieldConflict.code,
                "flash": _clash_line(asked, where, clash),
                "field": f"{where.field}.{where.language}",
                "mine": clash.mine,
                "theirs": clash.theirs,
                "base": clash.base,
                "by": clash.by,
                "at": clash.at.isoformat() if clash.at else None,
            }
            return JSONResponse(told, status_code=409)
        return self._page(
            asked,
            where,
            409,
            problem=_clash_line(asked, where, clash),
            text=clash.mine,
            base=clash.theirs,
            clash=clash,
            mine=word_pieces(clash.base, clash.mine),
            theirs=word_pieces(clash.base, clash.theirs),
        )

    def _kept(self, asked: Asked, where: Where, error: AggregatorError) -> Response:
        """What was typed, for another try."""
        status = 503 if error.retryable else _REFUSED
        form = asked.form
        return self._page(
            asked,
            where,
            status,
            problem=error_text(asked, error),
            detail=str(error),
            text=form.get("text", ""),
            base=form.get("base", ""),
        )

    def _page(self, asked: Asked, where: Where, status: int, **view: object) -> Response:
        back = way_back(asked, f"{ITEMS}/{where.story}")
        given: dict[str, object] = {"clash": None, "detail": "", "mine": (), "theirs": (), **view}
        return self._frame.page(
            asked,
            "field_choice.html",
            status=status,
            here=back,
            place="inbox",
            back=back,
            action=asked.request.url.path,
            issue=asked.form.get("issue", ""),
            label=asked.text(f"desk.fields.{where.field}"),
            spoken=where.language,
            **given,
        )


def _where(asked: Asked) -> Where:
    given = asked.request.path_params
    if given["field"] not in set(PickField):
        raise Unfit("desk.fields.unknown")
    return Where(story=given["story"], field=PickField(given["field"]), language=given["language"])


def _saved(asked: Asked, where: Where, done: Edited, issue_id: int) -> Done:
    label = asked.text(f"desk.fields.{where.field}")
    key = "desk.fields.same" if not done.action else "desk.fields.saved"
    if done.action and asked.form.get("do") == CLEAR:
        key = "desk.fields.cleared"
    text = asked.text(key, field=label)
    if done.reopened:
        text = f"{text} {asked.text('desk.fields.reopened')}"
    return Done(
        text=text,
        version=done.version,
        undo=str(done.action) if done.action else "",
        focus=f"{field_id(where.story, where.field, where.language)}-text",
        more=_told(asked, where, issue_id) if wants_json(asked) else {},
    )


def _told(asked: Asked, where: Where, issue_id: int) -> dict[str, object]:
    """The field as it stands now, for the script."""
    picked = the_pick(asked.app.desk, issue_id, where.story)
    texts = texts_of(asked.app.desk, picked, where.language) if picked is not None else []
    one = next((text for text in texts if text.field is where.field), None)
    if one is None:
        return {}
    return {
        **_headline(asked, picked, where),
        "field": f"{where.field}.{where.language}",
        "text": one.text,
        "base": one.text,
        "source": one.source,
        "edited": one.edited,
        "fuzzy": one.fuzzy,
    }


def _headline(asked: Asked, picked: Picked | None, where: Where) -> dict[str, object]:
    """The headline as rows show it, with the words of the rules, where that is what was written."""
    if picked is None or where.field is not PickField.HEADLINE:
        return {}
    story = picked.story
    if where.language != story.primary.item.language:
        return {}
    section = asked.app.desk.series.section(picked.pick.section)
    shape = section.shape if section is not None else Shape.ARTICLE
    pieces = marked(asked.app.curator.matcher, headline_of(story, picked.pick, shape))
    return {"headline": {"story": where.story, "language": where.language, "pieces": pieces}}


def _clash_line(asked: Asked, where: Where, clash: Clash) -> str:
    label = asked.text(f"desk.fields.{where.field}")
    who = clash.by or asked.text("desk.fields.the_source")
    return asked.text("desk.fields.clash", who=who, field=label)
