"""Publishing by schedule: at the hour, through the gate, and the operator is told what holds it back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.domain.errors import LintRefused, NotifyError
from aggregator.domain.issues import IssueStatus
from aggregator.domain.notices import Mail, NotifyOptions
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.later import put_aside
from aggregator.services.publishing.linting import gate
from aggregator.services.publishing.publish import Gate, Published
from aggregator.services.publishing.scheduled import RETRIED_AFTER, publish_if_due
from tests.fixtures.desk import (
    ISSUE_DAY,
    bring,
    make_curator,
    make_desk,
    make_press,
    make_series,
    public_files,
    release,
    set_clock,
)

OPERATOR = NotifyOptions(to=("kim@office.example",), sender="desk@news.example")


@dataclass
class Letterbox:
    """A mailer that keeps what it is given, or fails."""

    fails: bool = False
    mails: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        """Keep it."""
        if self.fails:
            raise NotifyError("the mail server is away")
        self.mails.append(mail)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A series that is published unattended, its draft with one item, at the issue's hour."""
    made = make_desk(tmp_path, series=make_series(unattended=True))
    bring(made, release("molit", "수출"))
    open_draft(made)
    yield made
    made.store.close()


def turn(
    desk: Desk, folder: Path, box: Letterbox | None = None, passes: Gate | None = None
) -> Published | None:
    """What the daemon does of it in a tick."""
    work = publish_if_due(desk, make_press(folder), passes or gate(desk), box, OPERATOR)
    return asyncio.run(work)


def statuses(desk: Desk) -> list[IssueStatus]:
    return [issue.status for issue in desk.store.issues(desk.series.id)]


def test_a_sound_issue_is_published_once(desk: Desk, tmp_path: Path) -> None:
    """With its page."""
    made = turn(desk, tmp_path, passes=lambda _: ())

    assert made is not None
    assert "issues/48/index.html" in public_files(tmp_path)
    assert turn(desk, tmp_path, passes=lambda _: ()) is None
    assert [IssueStatus.PUBLISHED] == statuses(desk)


def test_it_waits_for_its_hour(desk: Desk, tmp_path: Path) -> None:
    """A minute before, nothing happens."""
    set_clock(desk, ISSUE_DAY - timedelta(minutes=1))

    assert turn(desk, tmp_path, passes=lambda _: ()) is None
    assert [IssueStatus.DRAFT] == statuses(desk)


def test_amber_holds_it_back_and_the_operator_is_told_once(desk: Desk, tmp_path: Path) -> None:
    """Nobody answers for it at night; nothing is half done."""
    box = Letterbox()
    for _ in range(3):
        assert turn(desk, tmp_path, box) is None
        set_clock(desk, desk.clock.now() + RETRIED_AFTER)

    (mail,) = box.mails
    assert ("스마트시티 뉴스레터: No. 48 is not published, 6 findings", OPERATOR.to) == (
        mail.subject,
        mail.to,
    )
    assert "amber section-empty" in mail.text
    assert [IssueStatus.DRAFT] == statuses(desk)
    assert not [path for path in public_files(tmp_path) if path.startswith("issues/48/")]


def test_proposals_of_an_unattended_issue_need_nobody(desk: Desk) -> None:
    """Its one item is a proposal: by the configuration nobody looks at it."""
    with pytest.raises(LintRefused) as refused:
        gate(desk)(open_draft(desk))

    assert {"section-empty", "untranslated"} == {one.code for one in refused.value.findings}


def test_what_somebody_set_aside_holds_it_back(desk: Desk, tmp_path: Path) -> None:
    """An editor was at work, and did not decide: the operator is told which story it is about."""
    editor = Editor.of(desk, make_curator(desk), "kim")
    draft = open_draft(desk)
    put_aside(editor, draft.issue.id, draft.picked[0].story.public_id)
    box = Letterbox()

    assert turn(desk, tmp_path, box) is None
    assert "red set-aside" in box.mails[0].text


def test_it_is_tried_again_in_ten_minutes(desk: Desk, tmp_path: Path) -> None:
    """What was mended meanwhile goes out by itself."""
    turn(desk, tmp_path, Letterbox())

    assert turn(desk, tmp_path, passes=lambda _: ()) is None
    set_clock(desk, ISSUE_DAY + RETRIED_AFTER)
    assert turn(desk, tmp_path, passes=lambda _: ()) is not None


def test_who_could_not_be_told_is_told_later(desk: Desk, tmp_path: Path) -> None:
    """A mail server that is away costs nothing else."""
    box = Letterbox(fails=True)
    turn(desk, tmp_path, box)
    box.fails = False
    set_clock(desk, ISSUE_DAY + RETRIED_AFTER)
    turn(desk, tmp_path, box)

    assert 1 == len(box.mails)


def test_a_broken_press_is_tried_again(desk: Desk, tmp_path: Path) -> None:
    """The error is the daemon's to log; the draft stays one."""
    (tmp_path / "public").write_text("in the way", encoding="utf-8")
    with pytest.raises(Exception, match="public"):
        turn(desk, tmp_path, passes=lambda _: ())
    (tmp_path / "public").unlink()
    set_clock(desk, ISSUE_DAY + RETRIED_AFTER)

    assert turn(desk, tmp_path, passes=lambda _: ()) is not None
