"""The log: who did what, when, from what to what, and why; page by page."""

from __future__ import annotations

import pytest

from aggregator.domain.editing import ActionKind, LogFilter
from aggregator.domain.issues import Origin, PickField
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, reject
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.logbook import LogPage, actors, logbook, reason_of, story_in
from aggregator.services.editing.undo import undo
from tests.fixtures.desk import bring, release
from tests.fixtures.editing import editor_of, issue_id_of, story_named


@pytest.fixture
def issue(desk: Desk) -> int:
    """An issue with a proposal, which was rejected, and a release that was accepted and edited."""
    bring(desk, release("seoul", "가"))
    open_draft(desk)
    bring(desk, release("ulsan", "나"))
    issue = issue_id_of(desk)
    reject(editor_of(desk, "lee"), issue, story_named(desk, "가"), why="dull")
    accept(editor_of(desk), issue, story_named(desk, "나"))
    where = Where(story=story_named(desk, "나"), field=PickField.HEADLINE, language="ko")
    edit_field(editor_of(desk), issue, where, "새 제목", base="나 스마트시티")
    add_comment(editor_of(desk), issue, "why?", story=story_named(desk, "나"))
    return issue


def _told(page: LogPage) -> list[tuple[str, str, str, str]]:
    return [(one.edit.actor, one.edit.field, one.edit.old, one.edit.new) for one in page.lines]


def test_the_newest_line_stands_first(desk: Desk, issue: int) -> None:
    """With the person, the field, and both texts."""
    assert [
        ("kim", "text", "", "why?"),
        ("kim", "headline.ko", "", "새 제목"),
        ("kim", "section", "", "trend"),
        ("kim", "state", "", "accepted"),
        ("lee", "state", "proposed", "dropped"),
        ("rules", "section", "", "trend"),
        ("rules", "state", "", "proposed"),
    ] == _told(logbook(desk))


@pytest.mark.parametrize(
    ("wanted", "actors_found"),
    [
        (LogFilter(actor="lee"), ["lee"]),
        (LogFilter(kind=ActionKind.FIELD), ["kim"]),
        (LogFilter(kind=ActionKind.PROPOSE), ["rules", "rules"]),
        (LogFilter(issue_id=99), []),
        (LogFilter(actor="lee", kind=ActionKind.FIELD), []),
    ],
)
def test_filters(desk: Desk, issue: int, wanted: LogFilter, actors_found: list[str]) -> None:
    """Each leaves what it names; several go together."""
    assert actors_found == [one.edit.actor for one in logbook(desk, wanted).lines]


def test_the_log_of_an_item(desk: Desk, issue: int) -> None:
    """What was done with its story in any issue, and said about it."""
    story = story_named(desk, "나")
    page = logbook(desk, LogFilter(story=story))

    assert ["text", "headline.ko", "section", "state"] == [one.edit.field for one in page.lines]
    assert {story} == {story_in(one) for one in page.lines}


def test_pages_together_are_the_whole(desk: Desk, issue: int) -> None:
    """Each line once."""
    found, page = [], logbook(desk, size=3)
    while True:
        found += _told(page)
        if not page.next:
            break
        page = logbook(desk, size=3, after=page.next)

    assert _told(logbook(desk)) == found


def test_every_line_has_its_reason(desk: Desk, issue: int) -> None:
    """A person's, or the rules'."""
    found = {one.edit.actor: reason_of(one) for one in logbook(desk).lines}

    assert {"kim": Origin.EDITOR, "lee": Origin.EDITOR, "rules": Origin.RULES} == found
    assert ["kim", "lee", "rules"] == actors(desk)


def test_what_was_undone_is_told(desk: Desk, issue: int) -> None:
    """The line stays, marked with the action that took it back."""
    done = undo(editor_of(desk, "lee"), issue)

    (line,) = logbook(desk, LogFilter(actor="lee", kind=ActionKind.REJECT)).lines
    assert done.action == line.undone_by
    (back,) = logbook(desk, LogFilter(kind=ActionKind.UNDO)).lines
    assert line.action == back.undoes
