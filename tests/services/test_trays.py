"""What waits outside a draft and why: printed before, carried over, in a review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from aggregator.domain.issues import PickState, Section
from aggregator.domain.items import SEOUL, Item
from aggregator.domain.stories import Placement
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft, Tray, open_draft
from aggregator.services.editing.edit import accept, drop, leave_out_rest, skip_draft
from tests.fixtures.desk import (
    EXPO,
    ISSUE_DAY,
    bring,
    make_series,
    release,
    set_clock,
)

APRIL_DAY = datetime(2024, 4, 1, 10, tzinfo=SEOUL)
MARCH_5 = date(2024, 3, 5)
LEAD = "스마트시티 데이터허브를 열어 시민 누구나 교통과 환경 자료를 내려받을 수 있게 한다고 밝혔다."


def with_trend(desk: Desk, **changes: object) -> Desk:
    """The desk with another section of local releases."""

    def changed(one: Section) -> Section:
        return replace(one, **changes) if one.id == "trend" else one  # type: ignore[arg-type]

    sections = tuple(changed(one) for one in desk.series.sections)
    return replace(desk, series=replace(desk.series, sections=sections))


def publish(desk: Desk) -> None:
    """The draft is out, without its pages."""
    draft = open_draft(desk)
    desk.store.publish_issue(
        draft.issue.id,
        number=draft.number,
        version=draft.issue.version,
        snapshot={},
        published_at=desk.clock.now(),
    )


def printed(desk: Desk, *items: Item, at: datetime = ISSUE_DAY) -> None:
    """The items are out in the issue of that day, as the rules propose them."""
    set_clock(desk, at)
    bring(desk, *items)
    publish(desk)


def bring_event(desk: Desk, key: str) -> None:
    """An event of May, which the rules place under the news."""
    event = replace(EXPO, starts_on=date(2024, 5, 20), ends_on=date(2024, 5, 22))
    bring(desk, release("ulsan", key, event=event))
    (story,) = desk.store.find_stories(f"{key} 스마트시티")
    placement = Placement(section="news", score=3.0, ruleset=desk.rules.hash)
    desk.store.save_placements({story.id: placement}, desk.clock.now())


def april(desk: Desk, *items: Item) -> Draft:
    """The draft of No. 49 with these items in its window."""
    set_clock(desk, APRIL_DAY)
    bring(desk, *items)
    return open_draft(desk)


def reasons(tray: tuple[Tray, ...]) -> dict[str, str]:
    return {one.story.primary.item.key: one.why for one in tray}


def keys(draft: Draft) -> set[str]:
    return {one.story.primary.item.key for one in draft.picked}


@pytest.mark.parametrize(
    "again",
    [
        release("seoul", "둘째", MARCH_5, canonical_url="https://seoul.example/연구"),
        release("seoul", "둘째", MARCH_5, title="연구 스마트시티"),
        release("seoul", "둘째", MARCH_5, title="데이터허브 스마트시티", summary=LEAD),
    ],
    ids=["address", "title", "lead"],
)
def test_what_was_printed_in_other_words_waits(desk: Desk, again: Item) -> None:
    """The same address, normal title or lead, too far apart to be folded; the tray says where."""
    printed(desk, release("seoul", "연구", summary=LEAD))

    draft = april(desk, again, release("ulsan", "교통", MARCH_5))

    assert {"교통"} == keys(draft)
    assert {"둘째": "printed in No. 48 as '연구 스마트시티'"} == reasons(draft.waiting)


@pytest.mark.parametrize(
    "other",
    [
        release("seoul", "둘째", MARCH_5, title="스마트시티 리빙랩 3차 공모", summary=LEAD),
        release("seoul", "둘째", MARCH_5, title="스마트시티 리빙랩 2차 공모 결과", summary=LEAD),
        release("seoul", "둘째", MARCH_5, title="스마트시티 2차 정비", summary="다른 첫 문단이다."),
    ],
    ids=["number", "status word", "unlike"],
)
def test_what_says_something_new_is_proposed(desk: Desk, other: Item) -> None:
    """Another number or a status word is another release, under the same lead too."""
    printed(desk, release("seoul", "연구", title="스마트시티 리빙랩 2차 공모", summary=LEAD))

    assert {"둘째"} == keys(april(desk, other))


def test_one_title_of_two_offices_is_two_releases(desk: Desk) -> None:
    """Months apart many offices use one headline; their leads differ."""
    title = "스마트시티 통합플랫폼 구축 완료"
    printed(desk, release("seoul", "연구", title=title, summary=LEAD))
    lead = "울산 앞바다의 안개를 살피는 감시탑이 밤낮으로 항만 차량에 위험을 알리게 된다고 전했다."

    assert {"교통"} == keys(
        april(desk, release("ulsan", "교통", MARCH_5, title=title, summary=lead))
    )


def test_an_event_that_was_printed_waits(desk: Desk) -> None:
    """It lies ahead of the next issue too, whose editor is told that the last one had it."""
    bring_event(desk, "행사")
    publish(desk)

    assert {"행사": "printed in No. 48"} == reasons(april(desk).waiting)


def test_the_last_so_many_issues_count(desk: Desk) -> None:
    """With a shorter memory the one before the last is forgotten, with none every one."""
    again = release("seoul", "둘째", date(2024, 4, 5), title="연구 스마트시티")
    printed(desk, release("seoul", "연구"))
    printed(desk, release("ulsan", "교통", MARCH_5), at=APRIL_DAY)
    set_clock(desk, datetime(2024, 4, 20, tzinfo=SEOUL))
    bring(desk, again)

    def waiting(no_repeat: int) -> dict[str, str]:
        series = replace(desk.series, no_repeat=no_repeat)
        return reasons(open_draft(replace(desk, series=series)).waiting)

    assert "printed in No. 48 as '연구 스마트시티'" == waiting(2)["둘째"]
    assert {"will be proposed; 4 points"} == {waiting(few)["둘째"] for few in (0, 1)}


def test_a_review_may_repeat(desk: Desk) -> None:
    """Switched on before its places are filled it proposes what was printed; switched off it does
    not; the log says who did it."""
    printed(desk, release("seoul", "연구"))
    set_clock(desk, datetime(2024, 3, 20, tzinfo=SEOUL))
    bring(desk, release("seoul", "둘째", MARCH_5, title="연구 스마트시티"))

    on = open_draft(desk, review=True)
    off = open_draft(desk, review=False)
    again = open_draft(desk, review=True, propose=True)

    assert ({"둘째": "will be proposed; 4 points"}, True) == (reasons(on.waiting), on.issue.review)
    assert (["printed in No. 48 as '연구 스마트시티'"], False) == (
        [*reasons(off.waiting).values()],
        off.issue.review,
    )
    assert {"둘째"} == keys(again)
    log = desk.store.edits(f"issue:{again.issue.id}")
    assert [("editor", "true"), ("editor", "false"), ("editor", "true")] == [
        (edit.actor, edit.new) for edit in log
    ]


def test_a_switch_that_stands_as_it_is_writes_nothing(desk: Desk) -> None:
    """Neither a line in the log nor another version."""
    before = open_draft(desk)

    assert before == open_draft(desk, review=False)
    assert [] == desk.store.edits(f"issue:{before.issue.id}")


def test_a_review_is_switched_before_its_places_are_filled(desk: Desk) -> None:
    """On the draft day too, when looking at the draft fills it."""
    printed(desk, release("seoul", "연구"))
    set_clock(desk, APRIL_DAY)
    bring(desk, release("seoul", "둘째", MARCH_5, title="연구 스마트시티"))

    assert {"둘째"} == keys(open_draft(desk, review=True))


def test_the_next_issue_is_no_review(desk: Desk) -> None:
    """The switch is one issue's."""
    bring(desk, release("seoul", "연구"))
    open_draft(desk, review=True)
    publish(desk)

    assert not april(desk).issue.review


def test_accepting_says_who_had_the_same(desk: Desk) -> None:
    """By hand it goes in all the same, in any issue."""
    printed(desk, release("seoul", "연구"))
    april(
        desk,
        release("seoul", "둘째", MARCH_5, title="연구 스마트시티", link="https://seoul.example/2"),
    )

    edited = accept(desk, "https://seoul.example/2")

    assert ("No. 48 has printed the same already: 연구 스마트시티",) == tuple(
        one.text for one in edited.notes
    )
    assert PickState.ACCEPTED == edited.picked.pick.state


def test_what_found_no_place_is_carried_over(desk: Desk) -> None:
    """The next editor sees it with the reason; it is not proposed, and can be accepted."""
    printed(desk, release("seoul", "연구"), release("seoul", "교량", date(2024, 2, 9)))

    draft = april(desk, release("ulsan", "교통", MARCH_5))

    assert {"교통"} == keys(draft)
    assert () == draft.waiting
    assert {"교량": "carried over from No. 48, where 서울시 had a place in trend"} == reasons(
        draft.carried
    )
    assert "trend" == accept(desk, "교량").picked.pick.section
    assert () == open_draft(desk).carried


def test_what_is_carried_over_is_proposed_where_the_section_is_short(desk: Desk) -> None:
    """And says so."""
    desk = with_trend(desk, fill=2)
    february = [release("seoul", "연구"), release("seoul", "교량", date(2024, 2, 9))]
    printed(desk, *february, release("ulsan", "교통"))

    draft = april(desk, release("gyeonggi", "버스", MARCH_5))

    (one,) = [one for one in draft.picked if one.story.primary.item.key == "교량"]
    whence = "carried over from No. 48, where 서울시 had a place in trend"
    assert f"{whence}: trend is short of 2 items; 4 points" == one.pick.why


def test_nothing_is_carried_over_twice(desk: Desk) -> None:
    """The issue after the next has no room for it either, and does not show it."""
    printed(desk, release("seoul", "연구"), release("seoul", "교량", date(2024, 2, 9)))
    printed(desk, release("ulsan", "교통", MARCH_5), at=APRIL_DAY)
    set_clock(desk, datetime(2024, 5, 2, 10, tzinfo=SEOUL))

    assert () == open_draft(desk).carried


def test_what_an_editor_left_out_or_dropped_is_not_carried_over(desk: Desk) -> None:
    """A decision was made on it."""
    bring(desk, *(release(name, name, summary=name * 9) for name in ("seoul", "ulsan", "gyeonggi")))
    accept(desk, "seoul 스마트시티")
    drop(desk, "ulsan 스마트시티")
    leave_out_rest(desk)
    publish(desk)

    assert ((), ()) == (april(desk).carried, open_draft(desk).waiting)


def test_the_reason_is_the_one_that_the_editor_saw(desk: Desk) -> None:
    """A story waited because another of its body stood there, which was left out in the end."""
    bring(desk, release("seoul", "연구"), release("seoul", "교량", date(2024, 2, 9)))
    bring(desk, release("ulsan", "교통"))
    accept(desk, "교통")
    leave_out_rest(desk)
    publish(desk)

    assert {"교량": "carried over from No. 48, where 서울시 had a place in trend"} == reasons(
        april(desk).carried
    )


def test_what_was_dropped_stays_dropped(desk: Desk) -> None:
    """An event that lies ahead of the next issue too is not proposed there again, nor shown."""
    bring(desk, release("seoul", "연구"))
    bring_event(desk, "행사")
    drop(desk, "행사")
    publish(desk)

    draft = april(desk)
    assert ((), (), ()) == (draft.picked, draft.waiting, draft.carried)


def test_what_was_left_out_may_be_proposed_again(desk: Desk) -> None:
    """An event that had no room in one issue may have it in the next."""
    bring(desk, release("seoul", "연구"))
    bring_event(desk, "행사")
    accept(desk, "연구")
    leave_out_rest(desk)
    publish(desk)

    assert {"행사"} == keys(april(desk))


def test_a_skipped_issue_hands_nothing_on(desk: Desk) -> None:
    """Its window was given up, and the one before is too old."""
    printed(desk, release("seoul", "연구"), release("seoul", "교량", date(2024, 2, 9)))
    april(desk, release("ulsan", "교통", MARCH_5))
    skip_draft(desk)
    set_clock(desk, datetime(2024, 5, 2, 10, tzinfo=SEOUL))

    draft = open_draft(desk)
    assert ((), (), ()) == (draft.picked, draft.waiting, draft.carried)


def test_a_place_that_an_editor_freed_is_told(desk: Desk) -> None:
    """The draft does not move by itself: the tray says that the next one could go in."""
    desk = with_trend(desk, limit=1)
    bring(desk, release("seoul", "연구"), release("ulsan", "교통"))
    assert {"교통": "trend is full (1 place)"} == reasons(open_draft(desk).waiting)

    drop(desk, "연구")

    assert {"교통": "a place is free; 4 points"} == reasons(open_draft(desk).waiting)


def test_a_series_remembers_twelve_issues() -> None:
    """Unless its configuration says otherwise."""
    assert 12 == make_series().no_repeat
