"""Any sequence of actions, followed by as many undos, gives the draft back as it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import EditError, UsageError
from aggregator.domain.issues import PickField
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, move, reject, reorder
from aggregator.services.editing.comments import add_comment, comments_of, resolve_comment
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.fields import Where, clear_field, edit_field, texts_of
from aggregator.services.editing.grouping import add_by_hand, merge_stories, split_story
from aggregator.services.editing.issue_at_hand import story_of, the_pick, working_issue
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.typed_in import NewItem
from aggregator.services.editing.undo import redo, undo
from aggregator.services.editing.workflow import approve, ask_review, schedule, send_back
from tests.fixtures.desk import FEBRUARY_20, bring, make_desk, release
from tests.fixtures.editing import draft_as_it_is, editor_of, issue_id_of

NAMES = "가나다라"

Step = tuple[str, int, int]
"""What is done, with which story, and how."""

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("accept", "accept", "reject", "leave", "move", "reorder", "headline", "clear"),
                *("english", "comment", "resolve", "split", "merge", "add"),
                *("review", "approve", "schedule", "back"),
            ]
        ),
        st.integers(0, len(NAMES) - 1),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=9,
)


class Work:
    """An editor who does what he is told, and counts what came of it."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.issue = desk, issue_id_of(desk)
        self.editor: Editor = editor_of(desk, name)
        self.actions: list[int] = []
        self._texts = itertools.count()
        found = {
            member.item.guid: one.public_id
            for one in desk.store.stories()
            for member in one.members
        }
        self.stories = [found[name] for name in NAMES]

    def do(self, step: Step) -> None:
        """One step; what cannot be done is left."""
        name, story, how = step
        work: Callable[[str, int], Done] = getattr(self, name)
        try:
            done = work(self.stories[story], how)
        except (EditError, UsageError):
            return
        if done.action:
            self.actions.append(done.action)

    def accept(self, story: str, how: int) -> Done:
        """At a place, or anywhere."""
        return accept(self.editor, self.issue, story, position=how or None)

    def reject(self, story: str, how: int) -> Done:
        """For one reason or another."""
        return reject(self.editor, self.issue, story, why=f"reason {how}")

    def leave(self, story: str, _how: int) -> Done:
        """For want of room."""
        return leave(self.editor, self.issue, story)

    def move(self, story: str, how: int) -> Done:
        """To one of four sections."""
        section = ("issue", "project", "trend", "special")[how]
        return move(self.editor, self.issue, story, section)

    def reorder(self, story: str, how: int) -> Done:
        """To a place of its section."""
        return reorder(self.editor, self.issue, story, how + 1)

    def headline(self, story: str, how: int) -> Done:
        """Written anew, or as the source has it."""
        where = self._where(story, "ko")
        text = f"제목 {next(self._texts)}" if how else "가 스마트시티"
        return edit_field(self.editor, self.issue, where, text, base=self._base(where))

    def english(self, story: str, how: int) -> Done:
        """A translation, or none."""
        where = self._where(story, "en")
        text = f"Headline {next(self._texts)}" if how else ""
        return edit_field(self.editor, self.issue, where, text, base=self._base(where))

    def clear(self, story: str, how: int) -> Done:
        """The source's text again."""
        where = self._where(story, "ko" if how else "en")
        return clear_field(self.editor, self.issue, where, base=self._base(where))

    def comment(self, story: str, how: int) -> Done:
        """On a story, or on the issue."""
        return add_comment(self.editor, self.issue, "why?", story=story if how else "")

    def resolve(self, _story: str, how: int) -> Done:
        """One of the comments."""
        every = comments_of(self.desk, self.issue)
        return resolve_comment(self.editor, every[how % len(every)].id if every else 0)

    def split(self, story: str, how: int) -> Done:
        """One member out of its story."""
        members = story_of(self.desk, story).members
        link = members[how % len(members)].item.link
        return split_story(self.editor, self.issue, story, [link])

    def merge(self, story: str, how: int) -> Done:
        """With another one."""
        return merge_stories(self.editor, self.issue, [story, self.stories[how]])

    def add(self, _story: str, how: int) -> Done:
        """Something typed in."""
        new = NewItem(
            section="special",
            title=f"입력 {how}",
            url=f"https://typed.example/{how}",
            day=date(2024, 2, 11),
        )
        return add_by_hand(self.editor, self.issue, new)

    def review(self, _story: str, _how: int) -> Done:
        """Ask for a look."""
        return ask_review(self.editor, self.issue, version=None)

    def approve(self, _story: str, _how: int) -> Done:
        """As it is."""
        version = working_issue(self.desk).version
        return approve(self.editor, self.issue, version=version)

    def schedule(self, _story: str, _how: int) -> Done:
        """For its day."""
        version = working_issue(self.desk).version
        return schedule(self.editor, self.issue, version=version)

    def back(self, _story: str, _how: int) -> Done:
        """To the editors."""
        return send_back(self.editor, self.issue)

    def _where(self, story: str, language: str) -> Where:
        return Where(story=story, field=PickField.HEADLINE, language=language)

    def _base(self, where: Where) -> str:
        picked = the_pick(self.desk, self.issue, where.story)
        if picked is None:
            return ""
        (text, *_) = texts_of(self.desk, picked, where.language)
        return text.text


def everything(desk: Desk) -> object:
    """What editors decided: picks, stories with their members, open comments, and the stage."""
    issue = working_issue(desk)
    stories = {
        one.public_id: sorted(member.item.guid for member in one.members)
        for one in desk.store.stories()
        if not one.primary.item.key.startswith("typed:")
    }
    comments = [(one.text, one.story, one.resolved_by) for one in comments_of(desk, issue.id)]
    return draft_as_it_is(desk), stories, comments, standing_of(desk, issue).stage


def make(folder: str) -> Desk:
    """A draft with what rules proposed, a copy folded into a story, and something that waits."""
    desk = make_desk(Path(folder), now=FEBRUARY_20)
    copy = release("molit", "사본", title="가 스마트시티", summary="가 소식의 첫 문단이다.")
    copy = replace(copy, body="seoul")
    bring(desk, *(release("seoul", name) for name in NAMES[:3]), copy)
    open_draft(desk, propose=True)
    bring(desk, release("ulsan", NAMES[3]))
    assert [1, 1, 1, 2] == sorted(len(one.members) for one in desk.store.stories())
    return desk


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_as_many_undos_as_actions_give_the_draft_back(steps: list[Step]) -> None:
    """And as many redos give back what was done."""
    with TemporaryDirectory() as folder:
        desk = make(folder)
        before = everything(desk)
        work = Work(desk, "kim")
        for step in steps:
            work.do(step)
        after = everything(desk)

        for _ in work.actions:
            undo(work.editor, work.issue)
        undone = everything(desk)
        for _ in work.actions:
            redo(work.editor, work.issue)
        redone = everything(desk)
        desk.store.close()

    assert before == undone
    assert without_stage(after) == without_stage(redone)


def without_stage(told: object) -> object:
    """An approval that an edit reopened is not reopened by the redo of the edit alone."""
    assert isinstance(told, tuple)
    return told[:-1]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.booleans(), STEPS.map(lambda one: one[0])), max_size=9))
def test_two_editors_in_turn_are_undone_backwards(steps: list[tuple[bool, Step]]) -> None:
    """Each action by its id, the last one first, whoever did it."""
    with TemporaryDirectory() as folder:
        desk = make(folder)
        before = everything(desk)
        kim, lee = Work(desk, "kim"), Work(desk, "lee")
        for is_first, step in steps:
            (kim if is_first else lee).do(step)

        for action in sorted((*kim.actions, *lee.actions), reverse=True):
            undo(kim.editor, kim.issue, action=action)
        undone = everything(desk)
        desk.store.close()

    assert before == undone
