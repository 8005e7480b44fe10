"""What an editor decides on a story, from the inbox and from its own page: accept, move, leave out, reject."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from aggregator.domain.edit_errors import FieldConflict
from aggregator.domain.issues import PickState
from aggregator.publish.titles import short_title
from aggregator.services.editing import actions
from aggregator.services.editing.editor import Done as Edited
from aggregator.services.editing.issue_at_hand import story_of
from aggregator.services.editing.later import put_aside, take_up
from aggregator.web.desk.actions import Action, Done, Unfit, handled, wants_json
from aggregator.web.desk.fields import ITEMS
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.given_reasons import REASONS, reason_in_words, stored_reason
from aggregator.web.desk.hands import editor_of, issue_of, version_of
from aggregator.web.desk.remarks import in_words, with_notes
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute

INBOX = f"{HOME}/inbox"
_LONGEST = 500
"""Characters of a reason."""

_STORY = re.compile(r"[0-9a-f]{1,64}", re.ASCII)


class Decisions:
    """Carries out decisions. Each form has the issue and the pick's version that were seen, and may name
    the story that is looked at next (``then``)."""

    def __init__(self, _: Frame) -> None:
        """Nothing of the frame is needed."""

    def routes(self) -> list[DeskRoute]:
        """A route for each decision."""
        decisions = {
            "accept": self.accept,
            "move": self.move,
            "leave": self.leave,
            "later": self.later,
            "reject": self.reject,
        }
        return [
            DeskRoute(
                name=f"item_{name}",
                path=f"{ITEMS}/{{story}}/{name}",
                handlers={"POST": handled(_clashes_said(one), back=INBOX)},
            )
            for name, one in decisions.items()
        ]

    def accept(self, asked: Asked) -> Done:
        """Into the issue: into the section that was chosen, else where it stands or the rules place it."""
        section = _section(asked)
        issue, story = issue_of(asked), asked.request.path_params["story"]
        done = actions.accept(
            editor_of(asked), issue.id, story, section=section or None, version=version_of(asked)
        )
        where = done.pick.section if done.pick else section
        return _done(asked, "desk.inbox.accepted", done, section=where)

    def move(self, asked: Asked) -> Done:
        """Into another section."""
        section = _section(asked)
        if not section:
            raise Unfit("desk.inbox.no_section", focus="section")
        issue, story = issue_of(asked), asked.request.path_params["story"]
        done = actions.move(editor_of(asked), issue.id, story, section, version=version_of(asked))
        return _done(asked, "desk.inbox.moved", done, section=section)

    def leave(self, asked: Asked) -> Done:
        """Out of this issue; the combined feed keeps it."""
        issue, story = issue_of(asked), asked.request.path_params["story"]
        done = actions.leave(editor_of(asked), issue.id, story, version=version_of(asked))
        return _done(asked, "desk.inbox.left", done)

    def later(self, asked: Asked) -> Done:
        """Nothing is decided: it waits beside the inbox, or (``again``) in it."""
        again = bool(asked.form.get("again"))
        put = take_up if again else put_aside
        done = put(editor_of(asked), issue_of(asked).id, asked.request.path_params["story"])
        return _done(asked, "desk.inbox.taken_up" if again else "desk.inbox.put_aside", done)

    def reject(self, asked: Asked) -> Done:
        """Out of the issue and the combined feed, for a reason."""
        why = _reason(asked)
        issue, story = issue_of(asked), asked.request.path_params["story"]
        done = actions.reject(editor_of(asked), issue.id, story, why=why, version=version_of(asked))
        told = reason_in_words(asked.app.desk, why, asked.language)
        return _done(asked, "desk.inbox.rejected", done, why=told)


def _clashes_said(action: Callable[[Asked], Done]) -> Action:
    """The action; where somebody else decided otherwise meanwhile, that is said in words."""

    def carried_out(asked: Asked) -> Done | Response:
        try:
            return action(asked)
        except FieldConflict as conflict:
            clash = conflict.clash
            who = clash.by or asked.text("desk.fields.the_source")
            what = _decided(asked, clash.field, clash.theirs)
            if not wants_json(asked):
                raise Unfit("desk.inbox.clash", who=who, what=what) from conflict
            told = {
                "ok": False,
                "kind": "problem",
                "code": conflict.code,
                "flash": asked.text("desk.inbox.clash", who=who, what=what),
                "mine": clash.mine,
                "theirs": clash.theirs,
                "by": clash.by,
            }
            return JSONResponse(told, status_code=409)

    return carried_out


def _decided(asked: Asked, cell: str, value: str) -> str:
    if cell == "section":
        return section_title(asked.app.desk.series, value, asked.language)
    if cell == "state" and value in set(PickState):
        return asked.text(f"desk.inbox.state.{value.replace('-', '_')}")
    return value


def _section(asked: Asked) -> str:
    """The section of the form, "" for none. Raises Unfit for one that there is not."""
    section = asked.form.get("section", "")
    if section and asked.app.desk.series.section(section) is None:
        raise Unfit("desk.inbox.no_section", focus="section")
    return section


def _reason(asked: Asked) -> str:
    """The reason of a rejection as it is stored: a usual one, own words, or both. Raises Unfit for
    none."""
    usual = asked.form.get("reason", "")
    words = " ".join(asked.form.get("why", "").split())[:_LONGEST]
    if usual not in {"", *REASONS}:
        raise Unfit("desk.inbox.no_reason", focus="reason")
    why = stored_reason(usual, words)
    if not why:
        raise Unfit("desk.inbox.no_reason", focus="why")
    return why


def _done(asked: Asked, key: str, done: Edited, *, section: str = "", why: str = "") -> Done:
    """What came of it: the next page has the focus on the story that is looked at next."""
    desk = asked.app.desk
    story = asked.request.path_params["story"]
    title = short_title(story_of(desk, story).primary.item.title)
    told = section_title(desk.series, section, asked.language) if section else ""
    text = with_notes(asked, asked.text(key, title=title[:80], section=told, why=why), done.notes)
    if done.reopened:
        text = f"{text} {asked.text('desk.fields.reopened')}"
    then = asked.form.get("then", "")
    then = then if _STORY.fullmatch(then) else ""
    return Done(
        text=text,
        version=done.version,
        undo=str(done.action) if done.action else "",
        focus=f"item-{then}" if then else "",
        more={
            "item": story,
            "then": then,
            "notes": [in_words(asked, one) for one in done.notes],
            "gone": bool(then),
        },
    )
