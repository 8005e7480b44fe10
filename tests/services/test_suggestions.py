"""What editors decided otherwise becomes changes of rules to try, each with its evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from aggregator.domain.bodies import Level
from aggregator.domain.issues import Window
from aggregator.domain.rules import Condition, Group, RuleSet, SectionRule, Topic
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept, drop, leave_out_rest
from aggregator.services.editing.typed_in import NewItem, add_item
from aggregator.services.lab.corrections import Kind, kind_of
from aggregator.services.lab.rulebook import Rulebook
from aggregator.services.lab.suggestions import Advice, Advisor, Suggestion
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import (
    DRAFT_DAY,
    ISSUE_DAY,
    bring,
    make_curator,
    make_press,
    make_rules,
    make_series,
    release,
    set_clock,
)

FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
LOCAL = frozenset({Level.METRO, Level.PROVINCE})
RULES = RuleSet(
    field_weights={"title": 2.0, "summary": 1.0, "content": 0.3},
    group_cap=2,
    masks=("도시농업",),
    groups=(
        Group(id="core", weight=3.0, words=("스마트시티",)),
        Group(id="urban", weight=1.0, words=("도시",)),
        Group(id="call", weight=1.0, words=("공모",)),
        Group(id="offtopic", weight=-3.0, words=("축제",)),
    ),
    topic=Topic(
        groups=("core", "urban", "offtopic"),
        must_any=(Condition.parse("core@title"), Condition.parse("urban@title")),
        threshold=2.0,
    ),
    sections=(
        SectionRule(id="project", levels=frozenset({Level.MINISTRY}), threshold=4.0),
        SectionRule(id="trend", levels=LOCAL, threshold=4.0, priority=1),
    ),
    hash="suggestions",
)


def advise(desk: Desk, rules: RuleSet = RULES, span: Window | None = FEBRUARY) -> Advice:
    book = Rulebook(rules=rules, series=desk.series, feeds=desk.feeds, bodies=desk.bodies)
    return Advisor(store=desk.store, clock=desk.clock, book=book).advise(span)


def lines(one: Suggestion) -> list[tuple[str, str]]:
    return [(line.key, line.text) for line in one.trial.lines]


def titles(one: Suggestion) -> set[str]:
    return {decision.title for decision in one.evidence}


@pytest.fixture
def newsroom(desk: Desk) -> Desk:
    """The desk on its draft day, with rules to learn for."""
    set_clock(desk, DRAFT_DAY)
    return replace(desk, rules=RULES)


def test_words_that_missed_stories_share(newsroom: Desk) -> None:
    """Put into the lightest group that takes them, with who else has the word."""
    bring(
        newsroom,
        release("seoul", "가", title="도심융합특구 지정 환영", summary="첫째 글."),
        release("ulsan", "나", title="울산 도심융합특구 착공", summary="둘째 글."),
        release("gyeonggi", "다", title="도심융합특구 반대 집회", summary="셋째 글."),
        release("gyeonggi", "라", title="하천 정비 계획", summary="넷째 글."),
    )
    accept(newsroom, "도심융합특구 지정", section="trend")
    accept(newsroom, "도심융합특구 착공", section="trend")

    (one,) = advise(newsroom).suggestions

    assert (Kind.MISSED, None, "trend") == (one.kind, one.source, one.target)
    assert [("groups.core.words", '"도심융합특구",')] == lines(one)
    assert {"도심융합특구 지정 환영", "울산 도심융합특구 착공"} == titles(one)
    assert (2, 0, 0, 1) == (one.of, one.touched, one.harmed, one.others)


def test_a_mask_that_is_in_the_way_goes(newsroom: Desk) -> None:
    """A word that a mask swallows is taken out of the masks as it is put into a group."""
    bring(
        newsroom,
        release("seoul", "가", title="도시농업 텃밭 분양", summary="첫째 글."),
        release("ulsan", "나", title="초보도 쉬운 도시농업", summary="둘째 글."),
    )
    accept(newsroom, "도시농업 텃밭", section="trend")
    accept(newsroom, "쉬운 도시농업", section="trend")

    (one,) = advise(newsroom).suggestions

    assert [("groups.core.words", '"도시농업",'), ("match.masks", '"도시농업",')] == lines(one)
    assert ["put into words", "take out of masks"] == [line.how for line in one.trial.lines]


def test_one_correction_is_no_evidence(newsroom: Desk) -> None:
    """It is told as one that nothing mends."""
    bring(newsroom, release("seoul", "가", title="도심융합특구 지정 환영"))
    accept(newsroom, "도심융합특구", section="trend")

    advice = advise(newsroom)

    assert () == advice.suggestions
    assert ["도심융합특구 지정 환영"] == [one.title for one in advice.unexplained]
    (one,) = advice.unexplained
    assert ("editor", "accepted") == (one.by, one.why)


def test_a_threshold_that_is_too_high(newsroom: Desk) -> None:
    """Just low enough for those that failed at it, with what else would come."""
    bring(
        newsroom,
        release("seoul", "가", title="도시 하나", summary="글."),
        release("ulsan", "나", title="도시 둘째", summary="도시 글."),
        release("gyeonggi", "다", title="도시 셋째", summary="글씨."),
    )
    accept(newsroom, "도시 하나", section="trend")
    accept(newsroom, "도시 둘째", section="trend")

    found = [one for one in advise(newsroom).suggestions if not one.trial.word]

    assert [("sections.trend.threshold", "threshold = 2.0")] == lines(found[0])
    assert (1, 1) == (found[0].others, found[0].looked_at)


def test_what_a_section_refuses(newsroom: Desk) -> None:
    """A condition or a word of a section that kept editors' stories out."""
    trend = replace(RULES.sections[1], none=(Condition.parse("call@title"),), none_words=("헌장",))
    rules = replace(RULES, sections=(RULES.sections[0], trend))
    bring(
        newsroom,
        release("seoul", "가", title="스마트시티 공모 하나", summary="첫째."),
        release("ulsan", "나", title="스마트시티 공모 둘째", summary="둘째 글."),
    )
    accept(newsroom, "공모 하나", section="trend")
    accept(newsroom, "공모 둘째", section="trend")

    conditions = [one for one in advise(newsroom, rules).suggestions if not one.trial.word]

    assert [("sections.trend.none", "none = []")] == lines(conditions[0])
    assert "are refused by call@title" == conditions[0].trial.says


def test_words_of_dropped_stories(newsroom: Desk) -> None:
    """As a mask or against the topic, as long as editors keep what they took."""
    bring(
        newsroom,
        release("seoul", "가", title="스마트시티 체험관 휴관", summary="첫째 글."),
        release("ulsan", "나", title="울산 스마트시티 체험관 소식", summary="둘째 글."),
        release("gyeonggi", "다", title="스마트시티 협력", summary="셋째 글."),
    )
    drop(newsroom, "체험관 휴관", why="no policy")
    drop(newsroom, "체험관 소식")
    accept(newsroom, "스마트시티 협력", section="trend")

    advice = advise(newsroom)

    assert {(Kind.DROPPED, "trend", None)} == {
        (one.kind, one.source, one.target) for one in advice.suggestions
    }
    first = advice.suggestions[0]
    assert "체험관" in first.trial.word
    assert {"스마트시티 체험관 휴관", "울산 스마트시티 체험관 소식"} == titles(first)
    assert 0 == first.harmed
    assert {"no policy", "dropped"} == {one.why for one in first.evidence}
    assert ("스마트시티", 2, 1) in [(one.word, one.dropped, one.taken) for one in advice.behind]
    assert () == advice.unexplained


def test_a_word_that_spoils_as_much_as_it_mends_is_not_suggested(newsroom: Desk) -> None:
    """Editors took two with it and dropped two."""
    names = ("하나", "둘째", "셋째", "넷째")
    bring(
        newsroom,
        *(
            release("seoul", name, title=f"스마트시티 체험관 {name}", summary=f"{name} 글.")
            for name in names
        ),
    )
    for name in names[:2]:
        drop(newsroom, f"체험관 {name}")
    for name in names[2:]:
        accept(newsroom, f"체험관 {name}", section="trend")

    assert not [one for one in advise(newsroom).suggestions if one.trial.word]


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("공모", ("sections.trend.none", 'none = ["call@title"]')),
        ("헌장", ("sections.trend.none_words", 'none_words = ["헌장"]')),
    ],
)
def test_moves_between_sections(newsroom: Desk, word: str, line: tuple[str, str]) -> None:
    """What the moved stories share, a group or a word, is refused where they were, and they are let
    in where they went."""
    bring(
        newsroom,
        release("seoul", "가", title=f"스마트시티 사업 {word} 시작", summary="첫째 글."),
        release("ulsan", "나", title=f"울산 스마트시티 {word} 마감", summary="둘째 글."),
        release("gyeonggi", "다", title="스마트시티 협력", summary="셋째 글."),
    )
    accept(newsroom, f"{word} 시작", section="project")
    accept(newsroom, f"{word} 마감", section="project")
    accept(newsroom, "스마트시티 협력", section="trend")

    advice = advise(newsroom)

    assert 2 == advice.count(Kind.MOVED)
    assert {(Kind.MOVED, "trend", "project")} == {
        (one.kind, one.source, one.target) for one in advice.suggestions
    }
    levels = ("sections.project.levels", 'levels = ["metro", "ministry"]')
    assert [levels, line] in [lines(one) for one in advice.suggestions]
    assert all(one.harmed < len(one.evidence) for one in advice.suggestions)


def test_a_change_that_moves_too_many_others_is_not_suggested(newsroom: Desk) -> None:
    """Lowering a threshold for two would let in all the others."""
    names = [f"{first}{second}" for first in "가나다라마" for second in "거너더러머"]
    bring(
        newsroom,
        *(release("seoul", name, title=f"도시 {name}", summary=f"{name}.") for name in names),
    )
    accept(newsroom, f"도시 {names[0]}", section="trend")
    accept(newsroom, f"도시 {names[1]}", section="trend")

    keys = {key for one in advise(newsroom).suggestions for key, _ in lines(one)}

    assert "sections.trend.threshold" not in keys


def test_what_was_printed_as_proposed_is_agreement(newsroom: Desk, tmp_path: Path) -> None:
    """What had no room and what was typed in are no decision."""
    bring(newsroom, release("seoul", "연구"), release("ulsan", "교통"))
    open_draft(newsroom)
    accept(newsroom, "연구")
    leave_out_rest(newsroom)
    add_item(
        newsroom,
        make_curator(newsroom),
        NewItem(section="trend", title="손으로", url="https://x.example/", day=date(2024, 2, 3)),
    )
    set_clock(newsroom, ISSUE_DAY)
    publish_issue(newsroom, make_press(tmp_path))

    advice = advise(newsroom)

    assert [(Kind.AGREED, "연구 스마트시티")] == [(one.kind, one.title) for one in advice.decisions]
    assert ((), ()) == (advice.suggestions, advice.unexplained)


def test_decisions_of_other_issues_do_not_count(newsroom: Desk) -> None:
    """The span is one of issues."""
    bring(newsroom, release("seoul", "연구"))
    accept(newsroom, "연구")

    january = Window(start=date(2024, 1, 1), end=date(2024, 1, 31))
    assert () == advise(newsroom, span=january).decisions
    assert () == advise(newsroom, span=None).decisions


@pytest.mark.parametrize(
    ("rules", "editor", "kind"),
    [
        (None, None, Kind.AGREED),
        ("trend", None, Kind.DROPPED),
        (None, "trend", Kind.MISSED),
        ("trend", "trend", Kind.AGREED),
        ("trend", "project", Kind.MOVED),
        ("issue", "project", Kind.AGREED),
        ("project", "issue", Kind.MOVED),
    ],
)
def test_how_an_editor_stands_to_the_rules(
    rules: str | None, editor: str | None, kind: Kind
) -> None:
    """What overflows from issue into project is as the rules have it."""
    assert kind is kind_of(make_series(), rules, editor)


def test_nothing_is_changed(newsroom: Desk) -> None:
    """The rules that were given are those that stand there afterwards."""
    before = make_rules()
    bring(newsroom, release("seoul", "연구"))
    drop(newsroom, "연구")

    advise(newsroom, before)

    assert make_rules() == before
