"""Why something is missing: each answer, through a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.domain.issues import IssueStatus
from aggregator.domain.rules import Condition, Group
from aggregator.services.answers.search import catch_up
from aggregator.services.answers.why import MOST, Whereabouts, why_missing
from aggregator.services.answers.why_reply import Answer, Reply
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import drop, leave_out_rest, skip_draft
from aggregator.services.intake.refresh_plan import plan_refresh
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import (
    DRAFT_DAY,
    EXPO,
    ISSUE_DAY,
    bring,
    make_curator,
    make_press,
    release,
    set_clock,
)
from tests.fixtures.records import make_visit

ISSUERS = {"서울시": "seoul", "울산시": "ulsan"}


def ask(desk: Desk, words: str) -> Whereabouts:
    """The one answer to a question."""
    (found,), more = why_missing(desk, make_curator(desk), ISSUERS, words)
    assert 0 == more
    return found


def reply(desk: Desk, words: str, answer: Answer) -> Reply:
    """The reply to a question, which is of this kind."""
    found = ask(desk, words).reply
    assert (answer, found.says) == (found.answer, found.says)
    assert [] == [name for name in found.figures if f"`{name}`" not in documented()]
    return found


def documented() -> str:
    """The chapter of docs/json.md about answers."""
    text = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    return text.split("\n## answer\n")[1].split("\n## ")[0]


def published_february(desk: Desk, folder: Path) -> None:
    """No. 48 is out."""
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    publish_issue(desk, make_press(folder))


def with_rules(desk: Desk, **changes: object) -> Desk:
    """The desk with its trend section's rule changed."""
    sections = tuple(
        replace(one, **changes) if one.id == "trend" else one  # type: ignore[arg-type]
        for one in desk.rules.sections
    )
    groups = (*desk.rules.groups, Group(id="off", weight=-1.0, words=("축제",)))
    topic = replace(desk.rules.topic, groups=("core", "off"))
    rules = replace(desk.rules, sections=sections, groups=groups, topic=topic, hash="rules-2")
    return replace(desk, rules=rules)


# --- where it is ----------------------------------------------------------------------------------


def test_what_is_printed_is_not_missing(desk: Desk, tmp_path: Path) -> None:
    """Number, section and place are named."""
    bring(desk, release("seoul", "연구"), release("ulsan", "교통"))
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path))

    found = reply(desk, "교통", Answer.PRINTED)

    assert "printed in No. 48 of 2024-03-04, trend, place 2 of 2" in found.says
    assert {"number": 48, "section": "trend", "place": 2, "of": 2} == found.figures
    assert "" == found.do


def test_what_is_in_the_draft_is_not_missing(desk: Desk) -> None:
    """With its place and the reason for it."""
    bring(desk, release("seoul", "연구"))
    open_draft(desk)

    found = reply(desk, "연구", Answer.IN_DRAFT)

    assert "in the draft of No. 48, trend, place 1 of 1 (proposed: 4 points)" in found.says


def test_what_was_dropped_says_by_whom_when_and_why(desk: Desk) -> None:
    """Of this draft; the site has it no longer."""
    bring(desk, release("seoul", "연구"))
    open_draft(desk)
    drop(replace(desk, actor="mina"), "연구", why="an old hat")

    found = reply(desk, "연구", Answer.DROPPED)

    assert (
        "dropped from the draft of No. 48 by mina on 2024-03-04 10:00 KST: an old hat" == found.says
    )
    assert ("mina", "an old hat") == (found.figures["by"], found.figures["why"])
    assert "an editor dropped it" in ask(desk, "연구").site


def test_what_was_dropped_from_another_issue_is_still_dropped(desk: Desk, tmp_path: Path) -> None:
    """The next draft does not propose it, and the answer names the issue."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    open_draft(desk)
    drop(desk, "연구", why="an old hat")
    publish_issue(desk, make_press(tmp_path))

    assert reply(desk, "연구", Answer.DROPPED).says.startswith("dropped from No. 48 by editor on")


def test_what_was_left_out_stays_on_the_site(desk: Desk) -> None:
    """It had no room."""
    bring(desk, release("seoul", "연구"))
    open_draft(desk)
    leave_out_rest(desk)

    found = ask(desk, "연구")

    assert Answer.LEFT_OUT is found.reply.answer
    assert "no room" in found.reply.says
    assert found.site.startswith("it is shown")


# --- the tray -------------------------------------------------------------------------------------


def test_what_came_late_belongs_to_the_next_issue(desk: Desk) -> None:
    """Both times are named."""
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    set_clock(desk, ISSUE_DAY)
    bring(desk, release("seoul", "연구"))

    found = reply(desk, "연구", Answer.LATE)

    assert "first seen on 2024-03-04 10:00 KST" in found.says
    assert "filled on 2024-03-01 10:00 KST" in found.says
    assert found.do.startswith("aggregator accept ")


def test_what_found_no_place_says_why(desk: Desk) -> None:
    """In the words of the draft."""
    bring(desk, release("seoul", "연구"), release("seoul", "교통", date(2024, 2, 9)))
    open_draft(desk)

    found = reply(desk, "교통", Answer.WAITING)

    (waits,) = open_draft(desk).waiting
    assert waits.why in found.says
    assert {"number": 48, "section": "trend", "why": waits.why} == found.figures


def test_before_the_draft_day_everything_waits(desk: Desk, tmp_path: Path) -> None:
    """It is said when the places are filled."""
    published_february(desk, tmp_path)
    bring(desk, release("seoul", "연구", date(2024, 3, 3)))
    open_draft(desk)

    found = reply(desk, "연구", Answer.BEFORE_DRAFT)

    assert "the free places of No. 49 are filled on 2024-04-01 00:00 KST" in found.says
    assert "it waits for trend (as things stand: will be proposed; 4 points)" in found.says


def test_a_question_makes_no_draft(desk: Desk) -> None:
    """Neither its row nor its places, though its day has come."""
    bring(desk, release("seoul", "연구"))

    found = reply(desk, "연구", Answer.BEFORE_DRAFT)

    assert "aggregator draft" in found.do
    assert [] == desk.store.issues(desk.series.id)


# --- folded ---------------------------------------------------------------------------------------


def test_what_is_folded_names_the_headline_that_is_printed(desk: Desk) -> None:
    """And the rule, and then where that story is."""
    bring(
        desk,
        release("molit", "1", title="스마트시티 실증 지원사업 추가 공모", summary=""),
        release("msit", "2", title="[보도자료] 스마트시티 실증 지원사업 추가 공모", summary=""),
    )
    open_draft(desk)

    found = reply(desk, "https://msit.example/2", Answer.FOLDED)

    assert "one and the same title [same_title]" in found.says
    assert "“스마트시티 실증 지원사업 추가 공모” (molit)" in found.says
    assert found.then is not None
    assert Answer.IN_DRAFT is found.then.answer
    reply(desk, "https://molit.example/1", Answer.IN_DRAFT)


# --- no section -----------------------------------------------------------------------------------


def test_below_the_threshold_says_by_how_much(desk: Desk) -> None:
    """The section that came nearest, and what took points."""
    desk = with_rules(desk, threshold=5.0)
    bring(desk, release("seoul", "1", title="스마트시티 축제"))

    found = reply(desk, "축제", Answer.BELOW_THRESHOLD)

    assert "trend came nearest, 2 points, 5 needed: 3 short" in found.says
    assert "words took points: 축제 (off) -2" in found.says
    assert ("trend", 3.0, {"축제 (off)": -2.0}) == (
        found.figures["nearest"],
        found.figures["short"],
        found.figures["taken"],
    )


def test_too_few_points_of_the_topic_are_below_a_threshold(desk: Desk) -> None:
    """The gate's own one."""
    desk = with_rules(desk, topic_threshold=3.0)
    bring(desk, release("seoul", "1", title="스마트시티 축제"))

    assert "2 points, 3 needed: 1 short" in reply(desk, "축제", Answer.BELOW_THRESHOLD).says


def test_off_topic_says_that_no_condition_holds(desk: Desk) -> None:
    """There is no word of the rules in it."""
    bring(desk, release("seoul", "1", title="연못 정비", summary=""))

    found = reply(desk, "연못", Answer.OFF_TOPIC)

    assert "trend came nearest, but no condition of the topic gate holds" in found.says
    assert "it has no word of any" in found.says
    assert "--section trend" in found.do


def test_off_topic_says_what_a_condition_lacks(desk: Desk) -> None:
    """A word in the wrong place."""
    bring(desk, release("seoul", "1", title="연못 정비", summary="스마트시티의 연못이다."))

    found = reply(desk, "연못", Answer.OFF_TOPIC)

    assert "core@title lacks core@title; found 스마트시티" in found.says


def test_a_refused_word_is_named(desk: Desk) -> None:
    """With the section that refuses it."""
    desk = with_rules(desk, none_words=("호텔",))
    bring(desk, release("seoul", "1", title="스마트시티 호텔"))

    assert "trend came nearest" in reply(desk, "호텔", Answer.REFUSED).says
    assert "refused by the word 호텔" in reply(desk, "호텔", Answer.REFUSED).says


def test_a_section_for_videos_is_never_the_nearest_of_a_text(desk: Desk) -> None:
    """Although it stopped the story later than the section for texts, and its scope is open."""
    video = replace(
        desk.rules.sections[2], carries=frozenset(), require=((Condition.parse("video"),),)
    )
    local, *_ = (one for one in desk.rules.sections if one.id == "trend")
    local = replace(local, topic_threshold=9.0)
    desk = replace(desk, rules=replace(desk.rules, sections=(video, local), hash="rules-2"))
    bring(desk, release("seoul", "연구"))

    found = reply(desk, "연구", Answer.BELOW_THRESHOLD)

    assert ("trend", 5.0) == (found.figures["nearest"], found.figures["short"])


def test_words_that_are_asked_for_are_named(desk: Desk) -> None:
    """A section that takes only festivals."""
    desk = with_rules(desk, require=((Condition.parse("off"),),))
    bring(desk, release("seoul", "연구"))

    assert "asks for a word of off" in reply(desk, "연구", Answer.LACKS_WORDS).says


def test_out_of_every_scope(desk: Desk) -> None:
    """An institute's press release has no section here."""
    bring(desk, release("seoul", "연구", body="kits"))

    found = reply(desk, "연구", Answer.OUT_OF_SCOPE)

    assert "level institute is outside its scope" in found.says
    assert found.figures["nearest"] is None


def test_a_change_of_the_rules_is_told(desk: Desk) -> None:
    """The stored section holds until the next curation."""
    bring(desk, release("seoul", "연구"), release("seoul", "연못", title="연못", summary=""))
    open_draft(desk)
    changed = with_rules(desk, threshold=100.0)

    assert "no section at the next curation" in ask(changed, "연구").note
    assert "" == ask(desk, "연구").note


def test_what_the_new_rules_place_is_not_placed_yet(desk: Desk) -> None:
    """Until the next curation."""
    strict = with_rules(desk, threshold=100.0)
    bring(strict, release("seoul", "연구"))

    assert (
        "at the next curation it comes into trend" in reply(desk, "연구", Answer.NOT_CURATED).says
    )


# --- other days -----------------------------------------------------------------------------------


def test_a_day_before_the_window(desk: Desk) -> None:
    """Older than the first issue."""
    bring(desk, release("seoul", "연구", date(2024, 1, 5)))
    open_draft(desk)

    found = reply(desk, "연구", Answer.OUTSIDE_WINDOW)

    assert "2024-01-05, lies outside the window of No. 48, 2024-02-01 to 2024-02-29" in found.says


def test_a_day_after_the_window(desk: Desk) -> None:
    """For a later issue."""
    bring(desk, release("seoul", "연구", date(2024, 3, 2)))
    open_draft(desk)

    assert "it is for a later issue" in reply(desk, "연구", Answer.OUTSIDE_WINDOW).says


def test_a_day_of_a_printed_issue(desk: Desk, tmp_path: Path) -> None:
    """That one did not print it, as it was seen before its places were filled and found none; it
    was carried over into one issue, and that has appeared as well."""
    bring(desk, release("seoul", "연구"), release("seoul", "교통", date(2024, 2, 9)))
    published_february(desk, tmp_path)
    set_clock(desk, ISSUE_DAY + timedelta(days=28))
    bring(desk, release("seoul", "삼월", date(2024, 3, 20)))
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, ISSUE_DAY + timedelta(days=29))
    open_draft(desk)

    found = reply(desk, "교통", Answer.OUTSIDE_WINDOW)

    assert "it was one of No. 48 of 2024-03-04, which did not print it" in found.says
    assert 48 == found.figures["belongs_to"]


@pytest.mark.parametrize("is_opened", [True, False])
def test_what_is_carried_over_is_told_as_the_tray_tells_it(
    desk: Desk, tmp_path: Path, *, is_opened: bool
) -> None:
    """Although its day is one of the issue before; also while the draft was not opened yet."""
    bring(desk, release("seoul", "연구"), release("seoul", "교통", date(2024, 2, 9)))
    published_february(desk, tmp_path)
    set_clock(desk, ISSUE_DAY + timedelta(days=1))
    if is_opened:
        open_draft(desk)

    found = reply(desk, "교통", Answer.CARRIED_OVER)

    (tray,) = open_draft(desk).carried
    assert f"in the tray of No. 49 for trend: {tray.why}" in found.says
    assert tray.why == found.figures["why"]


def test_what_was_late_for_the_issue_before_is_of_this_one(desk: Desk, tmp_path: Path) -> None:
    """Although its day is one of the issue before, and while the draft was not opened yet."""
    published_february(desk, tmp_path)
    set_clock(desk, ISSUE_DAY + timedelta(days=1))
    bring(desk, release("seoul", "연구", date(2024, 2, 28)))

    before = reply(desk, "연구", Answer.BEFORE_DRAFT)
    (tray,) = open_draft(desk).waiting

    assert "it is in trend, and it is one of No. 49's" in before.says
    assert "연구" == tray.story.primary.item.key
    reply(desk, "연구", Answer.BEFORE_DRAFT)


def test_a_day_of_a_skipped_issue(desk: Desk) -> None:
    """What was in it belongs to no issue."""
    bring(desk, release("seoul", "연구"))
    skip_draft(desk)
    open_draft(desk)
    assert IssueStatus.SKIPPED is desk.store.issues(desk.series.id)[0].status

    assert "the issue over 2024-02 was skipped" in reply(desk, "연구", Answer.GIVEN_UP).says


def test_an_event_that_has_ended(desk: Desk) -> None:
    """Events go by their days."""
    events = replace(desk.rules.sections[1], id="news", levels=frozenset(), carries=frozenset())
    desk = replace(desk, rules=replace(desk.rules, sections=(events,), hash="rules-2"))
    over = replace(EXPO, ends_on=date(2024, 3, 1))
    bring(desk, release("seoul", "연구", event=over))
    open_draft(desk)

    found = reply(desk, "연구", Answer.OUTSIDE_WINDOW)

    assert "the event ended on 2024-03-01, before the day of No. 48, 2024-03-04" == found.says


def test_what_is_held_back_says_until_when(desk: Desk) -> None:
    """And what becomes of it then."""
    until = ISSUE_DAY + timedelta(days=1)
    bring(desk, release("seoul", "연구", embargo_until=until))
    set_clock(desk, ISSUE_DAY)

    found = reply(desk, "연구", Answer.HELD_BACK)

    assert "held back until 2024-03-05 10:00 KST" in found.says
    assert found.then is not None
    assert Answer.BEFORE_DRAFT is found.then.answer
    assert "before its hour" in ask(desk, "연구").site


# --- no story -------------------------------------------------------------------------------------


def test_what_is_not_folded_yet(desk: Desk) -> None:
    """It was seen, and is due."""
    item = release("seoul", "연구")
    now = desk.clock.now()
    states = desk.store.feed_states()
    desk.store.apply_refresh(
        plan_refresh("seoul", {}, [item], now), states["seoul"], make_visit("seoul", now)
    )

    found = ask(desk, "연구")

    assert (Answer.NOT_CURATED, "연구 스마트시티") == (
        found.reply.answer,
        found.item.item.title if found.item else "",
    )
    assert "seen on 2024-03-04 10:00 KST in seoul" in found.reply.says


def test_what_was_never_seen_names_its_feed(desk: Desk) -> None:
    """By the host of the link, with what it has."""
    bring(desk, release("seoul", "연구"), release("ulsan", "교통"))

    found = ask(desk, "https://www.seoul.example/news/9")

    assert Answer.NEVER_SEEN is found.reply.answer
    (near,) = found.feeds
    assert ("seoul", date(2024, 2, 10), date(2024, 2, 10)) == (
        near.report.feed.id,
        near.first_day,
        near.last_day,
    )
    assert "aggregator refresh seoul" in found.reply.do


def test_what_was_never_seen_names_like_titles(desk: Desk) -> None:
    """A slip of the pen is no new release."""
    bring(
        desk, release("seoul", "1", title="서울 스마트시티 교통 연구 시작"), release("ulsan", "2")
    )

    assert catch_up(desk.store, seconds=60)

    found = ask(desk, "서울 스마트시티 교통 연구 착수")

    assert ["서울 스마트시티 교통 연구 시작"] == [near.title for near in found.titles]
    assert "the titles below" in found.reply.do
    (story,) = desk.store.find_stories("교통 연구 시작")
    assert story.public_id == found.titles[0].story


def test_a_link_of_nobody_is_for_discover(desk: Desk) -> None:
    """No configured feed has that host."""
    found = ask(desk, "https://nowhere.go.kr/1")

    assert ((), "aggregator discover https://nowhere.go.kr/1 looks for a feed on that page") == (
        found.feeds,
        found.reply.do,
    )


def test_several_stories_are_answered_one_by_one(desk: Desk) -> None:
    """As many as a person reads; the rest is counted."""
    bring(desk, *(release("seoul", f"{n:02}", date(2024, 2, 1 + n)) for n in range(MOST + 2)))

    found, more = why_missing(desk, make_curator(desk), ISSUERS, "스마트시티")

    assert (MOST, 2) == (len(found), more)
    assert {Answer.BEFORE_DRAFT} == {one.reply.answer for one in found}


def test_every_answer_is_documented() -> None:
    """docs/json.md names each."""
    assert [] == [one for one in Answer if f"| `{one}` |" not in documented()]
