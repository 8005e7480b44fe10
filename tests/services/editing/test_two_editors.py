"""Two editors at once, in threads of their own: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from aggregator.domain.edit_errors import FieldConflict
from aggregator.domain.editing import LogFilter
from aggregator.domain.errors import EditError
from aggregator.domain.issues import PickField
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, move, reorder
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.logbook import logbook
from aggregator.services.editing.workflow import approve
from tests.fixtures.desk import bring, release
from tests.fixtures.editing import editor_of, issue_id_of, pick_named, story_named

NAMES = [f"{number}번" for number in range(8)]


@pytest.fixture
def issue(desk: Desk) -> int:
    """The working issue, with eight accepted releases."""
    bring(desk, *(release("seoul", name) for name in NAMES))
    for name in NAMES:
        accept(editor_of(desk), issue_id_of(desk), story_named(desk, name))
    return issue_id_of(desk)


def _at_once(*works: Callable[[], Done]) -> list[Done | EditError]:
    """What came of each, all begun at the same moment."""
    start = Barrier(len(works))

    def one(work: Callable[[], Done]) -> Done | EditError:
        start.wait()
        try:
            return work()
        except EditError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return [*pool.map(one, works)]


def _write(editor: Editor, issue: int, place: tuple[PickField, str], text: str) -> Done:
    field, language = place
    story = story_named(editor.desk, NAMES[0])
    where = Where(story=story, field=field, language=language)
    base = "0번 스마트시티" if (field, language) == (PickField.HEADLINE, "ko") else ""
    if (field, language) == (PickField.BLURB, "ko"):
        base = "0번 소식의 첫 문단이다."
    return edit_field(editor, issue, where, text, base=base)


def test_four_fields_at_once_all_land(desk: Desk, issue: int) -> None:
    """Each is a version of its own, and a line of the log."""
    fields = [(PickField.HEADLINE, "ko"), (PickField.HEADLINE, "en")]
    fields += [(PickField.BLURB, "ko"), (PickField.BLURB, "en")]
    done = _at_once(
        *(
            lambda number=number, one=one: _write(
                editor_of(desk, f"editor {number}"), issue, one, f"text {number}"
            )
            for number, one in enumerate(fields)
        )
    )

    assert [2, 3, 4, 5] == sorted(one.version for one in done if isinstance(one, Done))
    texts = {(one.field, one.language): one.text for one in pick_named(desk, NAMES[0]).texts}
    assert {one: f"text {number}" for number, one in enumerate(fields)} == texts


def test_one_field_at_once_has_one_winner(desk: Desk, issue: int) -> None:
    """Everybody else is told the winner's text and keeps his own."""
    names = ["kim", "lee", "park", "choi"]
    done = _at_once(
        *(
            lambda name=name: _write(
                editor_of(desk, name), issue, (PickField.HEADLINE, "ko"), f"{name}의 제목"
            )
            for name in names
        )
    )

    (stands,) = [one.text for one in pick_named(desk, NAMES[0]).texts]
    clashes = [one.clash for one in done if isinstance(one, FieldConflict)]
    assert 3 == len(clashes)
    assert {stands} == {one.theirs for one in clashes}
    assert {f"{name}의 제목" for name in names} == {stands, *(one.mine for one in clashes)}


def test_places_given_at_once_are_places(desk: Desk, issue: int) -> None:
    """Whoever was faster: no two items have one, and each that was moved was moved once."""
    _at_once(
        *(
            lambda number=number: reorder(
                editor_of(desk, f"editor {number}"),
                issue,
                story_named(desk, NAMES[number]),
                number + 1,
            )
            for number in range(4)
        )
    )

    places = [pick_named(desk, name).position for name in NAMES]
    given = [one for one in places if one is not None]
    assert [*range(1, len(given) + 1)] == sorted(given)


def test_different_items_at_once_are_all_moved(desk: Desk, issue: int) -> None:
    """The issue's version is raised by each."""
    before = working_issue(desk).version
    done = _at_once(
        *(
            lambda name=name: move(
                editor_of(desk, name), issue, story_named(desk, name), "project", version=1
            )
            for name in NAMES[:4]
        )
    )

    assert all(isinstance(one, Done) for one in done)
    assert before + 4 == working_issue(desk).version
    assert {"project"} == {pick_named(desk, name).section for name in NAMES[:4]}


def test_an_approval_and_an_edit_at_once(desk: Desk, issue: int) -> None:
    """Either the approval is of what was seen and the edit reopens it, or it is refused; the log has
    the edit in any case."""
    version = working_issue(desk).version
    done = _at_once(
        lambda: approve(editor_of(desk, "chief"), issue, version=version),
        lambda: move(editor_of(desk), issue, story_named(desk, NAMES[0]), "project"),
    )

    approved, edited = done
    assert isinstance(edited, Done)
    assert edited.reopened is isinstance(approved, Done)
    lines = logbook(desk, LogFilter(actor="kim", story=story_named(desk, NAMES[0]))).lines
    assert "project" in {line.edit.new for line in lines}
