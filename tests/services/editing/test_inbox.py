"""The inbox: what the draft's own trays hold, counted and paged by the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import UsageError
from aggregator.domain.stories import Placement
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, reject
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.inbox import InboxFilter, InboxPage, count_undecided, inbox
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.outlook import foreseen_outlook
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import (
    EXPO,
    FEBRUARY_20,
    ISSUE_DAY,
    bring,
    make_press,
    paper,
    release,
    set_clock,
)
from tests.fixtures.editing import editor_of, issue_id_of, story_named


def _page(desk: Desk, wanted: InboxFilter | None = None, **more: object) -> InboxPage:
    return inbox(desk, working_issue(desk), wanted, **more)  # type: ignore[arg-type]


def _names(page: InboxPage) -> list[str]:
    return [row.story.primary.item.guid for row in page.rows]


def _all_pages(desk: Desk, size: int) -> list[str]:
    found, page = [], _page(desk, size=size)
    while True:
        found += _names(page)
        if not page.next:
            return found
        page = _page(desk, size=size, after=page.next)


def _scored(desk: Desk, scores: dict[str, float]) -> None:
    """Give placements other scores than the rules gave."""
    by_name = {one.primary.item.guid: one for one in desk.store.stories()}
    for name, score in scores.items():
        story = by_name[name]
        assert story.placement is not None
        placement = replace(story.placement, score=score)
        desk.store.save_placements({story.id: placement}, desk.clock.now())


def test_the_inbox_has_what_nobody_decided_on(desk: Desk) -> None:
    """By section in the order of the series; what was accepted, rejected or left out is not there."""
    names = ("가", "나", "다", "라")
    bring(desk, *(release("seoul", one) for one in names), release("molit", "수출"))
    issue = issue_id_of(desk)
    accept(editor_of(desk), issue, story_named(desk, "가"))
    reject(editor_of(desk), issue, story_named(desk, "나"))
    leave(editor_of(desk), issue, story_named(desk, "다"))

    page = _page(desk)

    assert ["수출", "라"] == _names(page)
    assert ({"issue": 1, "trend": 1}, 2, "") == (page.counts, page.total, page.next)


def test_what_rules_proposed_is_undecided(desk: Desk) -> None:
    """It is told from what waits, in the section that it was proposed for."""
    bring(desk, release("molit", "수출"), release("molit", "도로", date(2024, 2, 9)))
    open_draft(desk)
    bring(desk, release("seoul", "연구"))

    proposed = _page(desk, InboxFilter(state="proposed"))
    waiting = _page(desk, InboxFilter(state="waiting"))

    assert ["issue", "project"] == [row.section for row in proposed.rows]
    assert all(row.pick is not None for row in proposed.rows)
    assert ["연구"] == _names(waiting)
    assert [None] == [row.pick for row in waiting.rows]


def test_the_best_stands_first(desk: Desk) -> None:
    """Then the newest, then the one that was made first."""
    bring(
        desk,
        release("seoul", "낮은"),
        release("seoul", "옛", date(2024, 2, 1)),
        release("seoul", "새", date(2024, 2, 3)),
        release("ulsan", "둘째", date(2024, 2, 1)),
    )
    _scored(desk, {"낮은": 2.5, "옛": 4.0, "새": 4.0, "둘째": 4.0})

    assert ["새", "옛", "둘째", "낮은"] == _names(_page(desk))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 12), seed=st.integers(0, 5))
def test_pages_together_are_the_whole(desk: Desk, size: int, seed: int) -> None:
    """However large they are: each row once, in one order."""
    if not desk.store.stories():
        names = [f"{number}번" for number in range(10)]
        bring(desk, *(release("seoul", one, date(2024, 2, 1 + len(one) % 2)) for one in names))
        _scored(desk, {one: 2.0 + (number * 7 + seed) % 3 for number, one in enumerate(names)})

    assert _names(_page(desk, size=100)) == _all_pages(desk, size)


@pytest.mark.parametrize("size", [1, 3, 4, 8, 9])
def test_every_page_is_led_to(desk: Desk, size: int) -> None:
    """Each beginning leads to its page, which knows its number; together they are the whole."""
    bring(
        desk,
        *(release("seoul", f"{number}번") for number in range(5)),
        *(release("molit", f"{number}차") for number in range(3)),
    )
    whole = _names(_page(desk))

    first = _page(desk, size=size, pages=True)
    pages = [_page(desk, size=size, after=one, pages=True) for one in first.starts]

    assert whole == [name for page in pages for name in _names(page)]
    assert [*range(1, len(pages) + 1)] == [page.number for page in pages]


def test_pages_are_of_the_section_and_words_that_are_asked_for(desk: Desk) -> None:
    """What the filters leave out is on no page."""
    bring(
        desk,
        *(release("seoul", f"{number}번") for number in range(3)),
        *(release("molit", f"{number}차") for number in range(3)),
    )

    trend = _page(desk, InboxFilter(section="trend"), size=2, pages=True)
    one = _page(desk, InboxFilter(text="번"), size=1, pages=True)

    assert (2, 3) == (len(trend.starts), len(one.starts))
    assert ["trend"] == [
        row.section
        for row in _page(
            desk, InboxFilter(section="trend"), size=2, after=trend.starts[1], pages=True
        ).rows
    ]


def test_a_page_whose_first_rows_were_decided_keeps_its_number(desk: Desk) -> None:
    """Its key names a row that is on no list any more."""
    bring(desk, *(release("seoul", f"{number}번") for number in range(6)))
    first = _page(desk, size=2, pages=True)
    for row in first.rows:
        accept(editor_of(desk), issue_id_of(desk), row.story.public_id)

    again = _page(desk, size=2, after=first.starts[1], pages=True)

    assert (2, 1) == (len(again.starts), again.number)


def test_a_row_that_is_decided_between_two_pages_moves_no_other(desk: Desk) -> None:
    """The next page begins behind the last row that was seen."""
    bring(desk, *(release("seoul", f"{number}번") for number in range(4)))
    whole = _names(_page(desk))
    first = _page(desk, size=2)
    accept(editor_of(desk), issue_id_of(desk), first.rows[0].story.public_id)

    assert whole[2:] == _names(_page(desk, size=2, after=first.next))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (InboxFilter(section="trend"), ["연구", "교량"]),
        (InboxFilter(body="ulsan"), ["교량"]),
        (InboxFilter(region="seoul"), ["연구"]),
        (InboxFilter(region="seoul", body="ulsan"), []),
        (InboxFilter(day=date(2024, 2, 9)), ["교량"]),
        (InboxFilter(text="수 출"), ["수출"]),
        (InboxFilter(text="100%"), []),
    ],
)
def test_filters(desk: Desk, wanted: InboxFilter, names: list[str]) -> None:
    """Each leaves what it names; headlines are compared without spaces."""
    bring(
        desk,
        release("molit", "수출"),
        release("seoul", "연구"),
        release("ulsan", "교량", date(2024, 2, 9)),
    )

    assert names == _names(_page(desk, wanted))


def test_counts_do_not_heed_the_section(desk: Desk) -> None:
    """They say what the other tabs hold; the total is of the one that is shown."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"), release("ulsan", "교량"))

    page = _page(desk, InboxFilter(section="trend"))

    assert ({"issue": 1, "trend": 2}, 2) == (page.counts, page.total)
    assert page.counts == count_undecided(desk, working_issue(desk))


def test_a_key_that_is_none_is_refused(desk: Desk) -> None:
    """A page's address may have been cut off."""
    with pytest.raises(UsageError, match="no key of the inbox"):
        _page(desk, after="trend~x")


def test_what_was_printed_is_not_asked_about_again(desk: Desk, tmp_path: Path) -> None:
    """Nor what was rejected in another issue; a review asks again of what was printed."""
    bring(desk, *(release("seoul", one) for one in ("가", "나")))
    issue = issue_id_of(desk)
    accept(editor_of(desk), issue, story_named(desk, "가"))
    reject(editor_of(desk), issue, story_named(desk, "나"))
    publish_issue(desk, make_press(tmp_path), number=48)
    set_clock(desk, ISSUE_DAY + timedelta(days=1))
    bring(desk, release("seoul", "다", date(2024, 3, 5)))

    assert ["다"] == _names(_page(desk))


def test_it_has_what_the_draft_would_take(desk: Desk, tmp_path: Path) -> None:
    """By day, by first sight, by an event's days, and what came too late for the issue before: the same
    stories as the draft's trays, whatever was given up between."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("molit", "수출"), release("seoul", "옛", date(2023, 12, 20)))
    set_clock(desk, ISSUE_DAY)
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, ISSUE_DAY + timedelta(days=2))
    bring(
        desk,
        release("ulsan", "늦은", date(2024, 2, 28)),
        release("seoul", "새", date(2024, 3, 5)),
        release("seoul", "먼", date(2024, 4, 20)),
        release("seoul", "무일", None),
        paper(),
        release("gyeonggi", "행사", event=EXPO),
    )
    (event,) = desk.store.find_stories("행사 스마트시티")
    placement = Placement(section="news", score=3.0, ruleset="rules-1")
    desk.store.save_placements({event.id: placement}, desk.clock.now())

    outlook = foreseen_outlook(desk, desk.store.issues(desk.series.id))
    ids = [one.candidate.story_id for one in (*outlook.late, *outlook.waiting)]
    trays = [story.primary.item.guid for story in desk.store.shown_stories(ids=ids)]
    assert sorted(trays) == sorted(_names(_page(desk)))
    assert {"늦은", "새", "무일", "버스정보 플랫폼"} <= {*trays}


def test_late_is_what_arrived_after_the_places_were_filled(desk: Desk) -> None:
    """And found none: the draft's tray."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "가"), release("seoul", "나"))
    open_draft(desk, propose=True)
    set_clock(desk, FEBRUARY_20 + timedelta(days=1))
    bring(desk, release("seoul", "다"))

    draft = open_draft(desk)
    assert [one.story.primary.item.guid for one in draft.late] == ["다"]
    assert ["다"] == _names(_page(desk, InboxFilter(state="late")))
    leave(editor_of(desk), issue_id_of(desk), story_named(desk, "다"))
    assert [] == _names(_page(desk, InboxFilter(state="late")))
