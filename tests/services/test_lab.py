"""The rule lab on a real store: what other rules gain, lose and move, and what editors say to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.issues import Window
from aggregator.domain.items import SEOUL, StoredItem
from aggregator.domain.rules import Condition, Group, RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept, drop, leave_out_rest
from aggregator.services.editing.typed_in import NewItem, add_item
from aggregator.services.lab.lab import Lab, LabReport, span_of
from aggregator.services.lab.placing_twice import Changes, Effect, WordChange
from aggregator.services.lab.rulebook import Rulebook
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import (
    DRAFT_DAY,
    FEBRUARY_20,
    ISSUE_DAY,
    bring,
    make_curator,
    make_press,
    make_rules,
    release,
    set_clock,
)
from tests.fixtures.dumping import dump

FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
RULES = make_rules()


def book(desk: Desk, rules: RuleSet = RULES) -> Rulebook:
    return Rulebook(rules=rules, series=desk.series, feeds=desk.feeds, bodies=desk.bodies)


def try_rules(
    desk: Desk, rules: RuleSet, span: Window | None = FEBRUARY, examples: int | None = 5
) -> LabReport:
    lab = Lab(store=desk.store, clock=desk.clock, live=book(desk), other=book(desk, rules))
    return lab.run(span, examples=examples)


def with_words(*words: str, masks: tuple[str, ...] = ()) -> RuleSet:
    """The rules with these words in their group."""
    core = Group(id="core", weight=2.0, words=words)
    return replace(RULES, groups=(core,), masks=masks, hash="other")


def stories_per_section(report: LabReport) -> dict[str | None, tuple[int, int]]:
    return {one.section: (one.before, one.after) for one in report.sections}


def test_a_new_word_gains_stories(desk: Desk) -> None:
    """With the word that made the difference, and the answers of the section before and after."""
    bring(desk, release("seoul", "연못", title="연못 도심융합특구"), release("seoul", "연구"))

    report = try_rules(desk, with_words("스마트시티", "도심융합특구"))

    (move,) = report.moves
    (change,) = move.examples
    assert (Effect.GAINED, None, "trend") == (change.effect, change.source, change.target)
    assert ("연못 도심융합특구", date(2024, 2, 10), "seoul") == (
        change.title, change.day, change.body,
    )  # fmt: skip
    assert (WordChange(group="core", word="도심융합특구", before=0.0, after=4.0),) == change.words
    assert ["no condition of the topic holds"] == [one.why for one in change.before]
    assert [(True, 4.0)] == [(one.passed, one.score) for one in change.after]
    assert (1, 2) == stories_per_section(report)["trend"]
    assert (1, 0) == stories_per_section(report)[None]


def test_a_word_that_is_gone_loses_stories(desk: Desk) -> None:
    """From their section to none."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))

    report = try_rules(desk, with_words("도심융합특구"))

    assert [("issue", None, 1), ("trend", None, 1)] == [
        (one.source, one.target, one.count) for one in report.moves
    ]
    assert [Effect.LOST] * 2 == [one.examples[0].effect for one in report.moves]


def test_another_scope_moves_stories(desk: Desk) -> None:
    """Both sections answer before and after."""
    bring(desk, release("seoul", "연구"))
    issue, trend, *rest = RULES.sections
    rules = replace(
        RULES, sections=(replace(issue, levels=trend.levels), replace(trend, threshold=9), *rest)
    )

    (move,) = try_rules(desk, rules).moves

    (change,) = move.examples
    assert Effect.MOVED is change.effect
    assert ["trend", "issue"] == [one.section for one in change.before]
    assert [True, False] == [one.passed for one in change.before]
    assert [False, True] == [one.passed for one in change.after]
    assert () == change.words


def test_a_body_of_another_level_moves_its_stories(desk: Desk) -> None:
    """Bodies and what feeds carry decide as rules do."""
    bring(desk, release("seoul", "연구"))
    seoul = replace(desk.bodies["seoul"], level=desk.bodies["molit"].level)
    other = replace(book(desk), bodies={**desk.bodies, "seoul": seoul})

    report = Lab(store=desk.store, clock=desk.clock, live=book(desk), other=other).run(
        FEBRUARY, examples=5
    )

    assert [("trend", "issue")] == [(one.source, one.target) for one in report.moves]


def test_only_some_examples_are_kept(desk: Desk) -> None:
    """The newest first, while all are counted."""
    bring(
        desk,
        *(
            release("seoul", f"{day}일", date(2024, 2, day), summary=f"{day}일 글.")
            for day in (3, 9, 5)
        ),
    )

    (move,) = try_rules(desk, with_words("다른"), examples=2).moves

    assert 3 == move.count
    assert [date(2024, 2, 9), date(2024, 2, 5)] == [one.day for one in move.examples]
    (every,) = try_rules(desk, with_words("다른"), examples=None).moves
    assert 3 == len(every.examples)


def test_a_story_without_a_date_has_none_here_either(desk: Desk) -> None:
    """As in all lists; that it counts by its first sight is another matter."""
    bring(desk, release("seoul", "연구", None))
    march = Window(start=date(2024, 2, 1), end=date(2024, 3, 31))

    (move,) = try_rules(desk, with_words("다른"), march).moves

    assert [None] == [one.day for one in move.examples]


def test_stories_of_other_days_do_not_count(desk: Desk) -> None:
    """Before and behind the span."""
    bring(
        desk,
        release("seoul", "정월", date(2024, 1, 31)),
        release("seoul", "이월", date(2024, 2, 29)),
        release("seoul", "삼월", date(2024, 3, 1)),
    )

    report = try_rules(desk, with_words("다른"))

    assert 1 == report.stories
    assert [1] == [one.count for one in report.moves]


def test_what_is_due_is_placed_anew(desk: Desk) -> None:
    """A story whose stored placement is of other rules, or of an older revision, is placed by the
    live rules; the report is the same as after the daemon has done so."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    before = try_rules(desk, with_words("수출"))
    stale = replace(make_curator(desk), rules=with_words("다른"))
    Curator.curate(stale)

    assert before == try_rules(desk, with_words("수출"))


def test_a_placement_without_explanation_is_made_anew(desk: Desk) -> None:
    """As an older program may have left it."""
    bring(desk, release("seoul", "연구"))
    before = try_rules(desk, with_words("수출"))
    (story,) = desk.store.stories()
    bare = Placement(section=None, score=0.0, ruleset=RULES.hash, trace={"hits": []})
    desk.store.save_placements({story.id: bare}, desk.clock.now())

    assert before == try_rules(desk, with_words("수출"))


def test_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    """Not a row of the store."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    publish_issue(desk, make_press(tmp_path))
    before = dump(tmp_path / "desk.db")

    try_rules(desk, with_words("수출"))

    assert before == dump(tmp_path / "desk.db")


def test_how_far_it_is_is_told(desk: Desk) -> None:
    """Up to all of them."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))
    steps: list[tuple[int, int]] = []
    lab = Lab(store=desk.store, clock=desk.clock, live=book(desk), other=book(desk))

    lab.run(FEBRUARY, examples=5, on_step=lambda *step: steps.append(step))

    assert [(2, 2)] == steps


def test_without_stories_there_is_nothing_to_try(desk: Desk) -> None:
    """But what the rules say otherwise."""
    report = try_rules(desk, with_words("다른"), span=None)

    assert (0, None, None) == (report.stories, report.span, report.idle)
    assert ["groups.core.words"] == [one.place for one in report.rules]


# --- the span -------------------------------------------------------------------------------------


def test_the_span_is_a_year_up_to_the_newest_story(desk: Desk) -> None:
    """Or as long as there are stories; what is dated ahead does not count."""
    today = ISSUE_DAY.date()
    days = [date(2022, 5, 1), date(2023, 2, 11), date(2023, 2, 12), date(2024, 2, 10)]
    bring(desk, *(release("seoul", str(day), day, summary=f"{day} 글.") for day in days))
    set_clock(desk, ISSUE_DAY + timedelta(days=1))
    bring(desk, release("seoul", "앞날", date(2024, 3, 5)))

    found = span_of(desk.store, today, since=None, until=None)

    assert Window(start=date(2023, 2, 11), end=date(2024, 2, 10)) == found


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (date(2024, 2, 1), None, (date(2024, 2, 1), date(2024, 2, 10))),
        (None, date(2024, 2, 9), (date(2024, 2, 5), date(2024, 2, 9))),
        (date(2024, 2, 1), date(2024, 2, 29), (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2024, 2, 6), date(2024, 2, 9), None),
    ],
)
def test_the_span_may_be_named(
    desk: Desk, since: date | None, until: date | None, span: tuple[date, date] | None
) -> None:
    """One end or both; days without a story are no span."""
    bring(desk, release("seoul", "가", date(2024, 2, 5)), release("seoul", "나", date(2024, 2, 10)))

    found = span_of(desk.store, ISSUE_DAY.date(), since=since, until=until)

    assert span == (found and (found.start, found.end))


# --- agreement ------------------------------------------------------------------------------------


def published(desk: Desk, folder: Path) -> None:
    """No. 48: two printed as proposed, one that rules left out, one moved, one dropped, one typed."""
    set_clock(desk, FEBRUARY_20)
    bring(
        desk,
        release("molit", "수출"),
        release("seoul", "연구"),
        release("ulsan", "공장"),
        release("gyeonggi", "연못", title="연못 정비"),
        release("msit", "교량"),
    )
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    accept(desk, "연못 정비", section="trend")
    accept(desk, "공장", section="project")
    drop(desk, "교량", why="unfit")
    add_item(
        desk,
        make_curator(desk),
        NewItem(section="trend", title="손으로", url="https://x.example/", day=date(2024, 2, 3)),
    )
    set_clock(desk, ISSUE_DAY)
    publish_issue(desk, make_press(folder))


def test_agreement_with_a_published_issue(desk: Desk, tmp_path: Path) -> None:
    """What was printed from feeds in the rules' section, what was dropped, and what the rules alone
    would have proposed; typed-in items and those without room are no matter."""
    published(desk, tmp_path)

    (issue,) = try_rules(desk, with_words("스마트시티", "연못")).issues

    assert (48, FEBRUARY, 4, 1, 1) == (
        issue.number, issue.window, issue.printed, issue.typed_in, issue.dropped,
    )  # fmt: skip
    # 수출 and 연구 of 수출 (issue), 연구 (trend), 공장 (trend, printed in project), 연못 (none).
    assert 2 == issue.before.first
    assert 3 == issue.after.first
    assert 1 == issue.before.unfit == issue.after.unfit
    assert (4, 3) == (issue.before.proposed, issue.before.hit)
    assert (5, 4) == (issue.after.proposed, issue.after.hit)
    assert (("연못 정비",), ()) == (issue.found, issue.missed)


def test_what_overflows_agrees(desk: Desk, tmp_path: Path) -> None:
    """The rules of issue had it, printed in project for want of room."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("molit", "수출"), release("molit", "지원"))
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    set_clock(desk, ISSUE_DAY)
    publish_issue(desk, make_press(tmp_path))

    (issue,) = try_rules(desk, RULES).issues

    assert (2, 2) == (issue.printed, issue.before.first)


def test_a_second_choice_is_told(desk: Desk, tmp_path: Path) -> None:
    """Where the section printed is the one that came next."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "연구"))
    set_clock(desk, DRAFT_DAY)
    accept(desk, "연구", section="issue")
    set_clock(desk, ISSUE_DAY)
    publish_issue(desk, make_press(tmp_path))

    (issue,) = try_rules(desk, RULES).issues

    assert (0, 1) == (issue.before.first, issue.before.second)


def test_an_issue_that_covers_no_day_of_the_span_is_not_judged(desk: Desk, tmp_path: Path) -> None:
    """Nor is a draft; one that covers a day is judged whole."""
    published(desk, tmp_path)
    open_draft(desk)

    march = Window(start=date(2024, 3, 1), end=date(2024, 3, 31))
    assert () == try_rules(desk, RULES, march).issues
    (whole,) = try_rules(desk, RULES, FEBRUARY).issues
    for day in (FEBRUARY.start, FEBRUARY.end):
        assert (whole,) == try_rules(desk, RULES, Window(start=day, end=day)).issues


def test_what_an_earlier_issue_printed_is_proposed_by_no_later_one(
    desk: Desk, tmp_path: Path
) -> None:
    """The simulated draft heeds what the real one did: a late story belongs to one issue."""
    set_clock(desk, datetime(2024, 2, 1, 10, tzinfo=SEOUL))
    bring(desk, release("seoul", "정월", date(2024, 1, 10)))
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("ulsan", "늦은", date(2024, 1, 20)), release("gyeonggi", "교통"))
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    set_clock(desk, ISSUE_DAY)
    publish_issue(desk, make_press(tmp_path))

    span = Window(start=date(2024, 1, 1), end=date(2024, 2, 29))
    first, second = try_rules(desk, RULES, span).issues
    (alone,) = try_rules(desk, RULES, FEBRUARY).issues

    assert (1, 1) == (first.before.proposed, first.before.hit)
    assert (2, 2) == (second.before.proposed, second.before.hit)
    assert second == alone


# --- words ----------------------------------------------------------------------------------------


def test_words_without_a_hit_are_told(desk: Desk) -> None:
    """Of the other rules, in the 90 days up to the end of the span, also where that is shorter."""
    bring(
        desk,
        release("seoul", "연구", date(2024, 2, 29)),
        release("seoul", "옛말", date(2023, 12, 1), title="드론 옛말"),
        release("seoul", "요즘", date(2023, 12, 2), title="로봇 요즘"),
    )

    idle = try_rules(desk, with_words("스마트시티", "드론", "로봇", "수소")).idle

    assert idle is not None
    assert {"core": ("드론", "수소")} == idle.words
    assert (date(2023, 12, 2), FEBRUARY.end) == (idle.since, idle.until)
    assert (2, date(2023, 12, 2)) == (idle.stories, idle.oldest)


def test_masks_that_cover_no_word_are_told(desk: Desk) -> None:
    """One that occurs without a word in it does nothing, as one that does not occur."""
    bring(
        desk,
        release("seoul", "연구", title="스마트시티랩 연구", summary="하천공사 소식."),
    )

    idle = try_rules(
        desk, with_words("스마트시티", masks=("스마트시티랩", "하천공사", "교통카드"))
    ).idle

    assert idle is not None
    assert ("하천공사", "교통카드") == idle.masks


def test_words_behind_dropped_proposals_are_told(desk: Desk) -> None:
    """With how many stories that have them were dropped, and how many taken; what only had no room
    counts for neither."""
    set_clock(desk, DRAFT_DAY)
    bring(
        desk,
        release("molit", "수출", title="스마트시티 축제"),
        release("seoul", "연구", title="스마트시티 축제 개막"),
        release("ulsan", "교통"),
        release("gyeonggi", "공장"),
    )
    open_draft(desk)
    drop(desk, "스마트시티 축제 개막")
    drop(desk, "스마트시티 축제")
    accept(desk, "교통 스마트시티")
    leave_out_rest(desk)

    report = try_rules(desk, with_words("스마트시티", "축제"))

    assert [("스마트시티", 2, 1), ("축제", 2, 0)] == sorted(
        (one.word, one.dropped, one.taken) for one in report.rejected
    )
    assert "축제" == report.rejected[0].word
    assert 2 == report.dropped


# --- any stories ----------------------------------------------------------------------------------


def placed(section: str | None) -> Placement:
    """A placement in that section, or in none."""
    figures = {"score": 4.0, "threshold": 2.0, "passed": section is not None, "why": "why"}
    trace = {"hits": [], "sections": {"trend": figures, "issue": figures}}
    return Placement(section=section, score=4.0, ruleset="r", trace=trace)


def told(number: int) -> Story:
    """A story of one item."""
    item = StoredItem(
        id=number, item=release("seoul", str(number)), rev=1,
        first_seen_at=ISSUE_DAY, last_seen_at=ISSUE_DAY,
    )  # fmt: skip
    return Story(
        id=number,
        public_id=str(number),
        members=(item,),
        memberships=(),
        placement=None,
        first_seen_at=ISSUE_DAY,
    )


SECTIONS = st.sampled_from(["trend", "issue", None])


@given(st.lists(st.tuples(SECTIONS, SECTIONS)), st.integers(min_value=0, max_value=3))
def test_the_counts_agree(ways: list[tuple[str | None, str | None]], examples: int) -> None:
    """Each story is in one section before and after, and the moves are the difference."""
    changes = Changes(examples)
    for number, (before, after) in enumerate(ways):
        changes.note(told(number), placed(before), placed(after))

    moves = changes.moves(["issue", "trend"])

    assert len(ways) == changes.stories == sum(changes.before.values())
    assert len(ways) == sum(changes.after.values())
    for section in ("trend", "issue", None):
        came = sum(one.count for one in moves if one.target == section)
        went = sum(one.count for one in moves if one.source == section)
        assert changes.after[section] - changes.before[section] == came - went
    assert all(len(one.examples) == min(one.count, examples) for one in moves)


# --- changed words --------------------------------------------------------------------------------


def found(report: LabReport) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {(one.group, one.word): (one.before, one.after, one.elsewhere) for one in report.words}


def test_a_word_that_moves_nothing_says_what_it_hits(desk: Desk) -> None:
    """A story that has its section anyway, with its headline; and one that no story has says so."""
    bring(desk, release("seoul", "연구", title="스마트시티 하천 연구"), release("molit", "수출"))

    report = try_rules(desk, with_words("스마트시티", "하천", "수소"))

    assert () == report.moves
    assert {("core", "하천"): (0, 1, 0), ("core", "수소"): (0, 0, 0)} == found(report)
    assert [True, True] == [one.added for one in report.words]
    assert ["스마트시티 하천 연구"] == [
        story.title for one in report.words for story in one.examples
    ]


def test_a_word_that_is_gone_says_what_it_hit(desk: Desk) -> None:
    """And how many of these stories go elsewhere."""
    bring(desk, release("seoul", "연구"), release("molit", "수출"))

    report = try_rules(desk, with_words("수출"))

    assert (2, 0, 1) == found(report)["core", "스마트시티"]
    assert [False, True] == [one.removed for one in report.words]


def test_a_word_within_a_new_longer_one_says_that_it_hits_less(desk: Desk) -> None:
    """It stands in both files, and its hits differ all the same."""
    bring(desk, release("seoul", "연구", title="스마트시티랩 연구"), release("molit", "수출"))

    report = try_rules(desk, with_words("스마트시티", "스마트시티랩"))

    assert (2, 1, 0) == found(report)["core", "스마트시티"]
    (changed,) = (one for one in report.words if one.word == "스마트시티")
    assert (False, False) == (changed.added, changed.removed)


def test_a_new_mask_says_in_how_many_stories_it_covers_a_word(desk: Desk) -> None:
    """One that stands in a text without a word in it covers none."""
    bring(
        desk,
        release("seoul", "연구", title="스마트시티랩 연구", summary="하천공사 소식."),
        release("molit", "수출"),
    )

    report = try_rules(desk, with_words("스마트시티", masks=("스마트시티랩", "하천공사")))

    assert (0, 1, 1) == found(report)["masks", "스마트시티랩"]
    assert (0, 0, 0) == found(report)["masks", "하천공사"]
    assert (2, 1, 1) == found(report)["core", "스마트시티"]


def test_without_another_rule_no_word_is_told(desk: Desk) -> None:
    """Nothing was changed."""
    bring(desk, release("seoul", "연구"))

    assert () == try_rules(desk, RULES).words


# --- proposals ------------------------------------------------------------------------------------


def test_a_gained_story_that_pushes_another_out_says_so(desk: Desk, tmp_path: Path) -> None:
    """The one that comes in, and the one that goes with what keeps it out."""
    set_clock(desk, FEBRUARY_20)
    bring(
        desk,
        release("seoul", "연구"),
        release("seoul", "하천", title="하천 소식", summary="하천 디지털트윈 하천."),
    )
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    set_clock(desk, ISSUE_DAY)
    publish_issue(desk, make_press(tmp_path))

    (issue,) = try_rules(desk, with_words("스마트시티", "하천", "소식")).issues

    assert [("trend", "하천 소식")] == [(one.section, one.title) for one in issue.change.came]
    assert [("연구 스마트시티", "서울시 has a place in trend already")] == [
        (one.title, one.why) for one in issue.change.gone
    ]
    assert () == issue.change.unplaced


def test_a_gained_story_that_finds_no_place_says_so(desk: Desk, tmp_path: Path) -> None:
    """Placed by the rules, and not proposed."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, release("seoul", "연구"), release("seoul", "하천", title="하천 소식"))
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    set_clock(desk, ISSUE_DAY)
    publish_issue(desk, make_press(tmp_path))
    core, low = (
        Group(id="core", weight=2.0, words=("스마트시티",)),
        Group(id="low", weight=1.0, words=("하천",)),
    )
    topic = replace(
        RULES.topic,
        groups=("core", "low"),
        must_any=(Condition.parse("core@title"), Condition.parse("low@title")),
    )

    report = try_rules(desk, replace(RULES, groups=(core, low), topic=topic, hash="other"))

    assert [(None, "trend")] == [(one.source, one.target) for one in report.moves]
    (issue,) = report.issues
    assert ((), ()) == (issue.change.came, issue.change.gone)
    assert [("하천 소식", "서울시 has a place in trend already")] == [
        (one.title, one.why) for one in issue.change.unplaced
    ]
