"""An explanation as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import pytest

from aggregator.cli.explanation_lines import explanation_lines
from aggregator.domain.rules import Condition, Group
from aggregator.services.answers.explain import explain_story
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import drop
from aggregator.services.editing.find import find_one
from tests.fixtures.desk import bring, make_curator, make_desk, release

TITLE = "국가시범도시 스마트시티 혁신 서비스 모델 실증 지원사업 추가 공모"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk on the issue's day."""
    return make_desk(tmp_path)


def told(desk: Desk, words: str) -> str:
    """The lines as a pipe gets them."""
    form = explain_story(desk, make_curator(desk), find_one(desk, words))
    desk.store.close()
    return click.unstyle("\n".join(explanation_lines(form)))


def test_a_folded_story(desk: Desk) -> None:
    """The rule in words with its slug, the hits in place, each section in a line."""
    bring(
        desk,
        release("molit", "1", date(2024, 2, 15), title=TITLE),
        release("msit", "2", date(2024, 2, 15), title=f"[보도자료] {TITLE}"),
    )

    text = told(desk, TITLE)

    assert text.startswith(f"{TITLE}\n  국토교통부 (ministry), 2024-02-15, id ")
    assert "because: one and the same title  [same_title]" in text
    assert "https://msit.example/2" in text
    assert "title    국가시범도시 [스마트시티 +4 core] 혁신 서비스" in text
    assert "+4 core: 스마트시티" in text
    assert "open: core@title holds, a word of core in the title" in text
    assert "* issue: chosen: 4 points reach 0  (4 of 0)" in text
    assert "trend: failed: level ministry is outside its scope" in text


def test_a_hit_is_marked_without_colour_too(desk: Desk) -> None:
    """Colour is only added to the brackets."""
    bring(desk, release("molit", "1", title=TITLE))
    form = explain_story(desk, make_curator(desk), find_one(desk, TITLE))

    marked = next(line for line in explanation_lines(form) if line.lstrip().startswith("title"))

    assert click.style("[스마트시티 +4 core]", fg="green") in marked
    desk.store.close()


def test_a_word_that_a_mask_swallows(desk: Desk) -> None:
    """With the mask."""
    desk = replace(desk, rules=replace(desk.rules, masks=("스마트시티 호텔",), hash="rules-2"))
    bring(desk, release("molit", "1", title="스마트시티 호텔 개장"))

    assert "swallowed by a mask: 스마트시티 (core) in 스마트시티 호텔" in told(desk, "호텔")


def test_a_word_that_counted_before(desk: Desk) -> None:
    """Its mark is explained."""
    bring(desk, release("molit", "1", title="스마트시티와 스마트시티"))

    text = told(desk, "스마트시티와")

    assert "[스마트시티 +4 core]와 [스마트시티 +0 core]" in text
    assert "+0: counted in this field before" in text


def test_a_story_in_no_section(desk: Desk) -> None:
    """The gate is shut, and the nearest section is named."""
    bring(desk, release("seoul", "1", title="연못 정비", summary=""))

    text = told(desk, "연못")

    assert "shut: none of its conditions holds (core@title)" in text
    assert "0 points of core; 2 needed: too few" in text
    assert "trend: failed, came nearest: no condition of the topic holds" in text
    assert "no section takes it" in text


def test_a_placement_that_is_due(desk: Desk) -> None:
    """What is stored, and what comes."""
    bring(desk, release("seoul", "연구"))
    rules = replace(desk.rules, sections=desk.rules.sections[:1], hash="rules-2")

    text = told(replace(desk, rules=rules), "연구")

    assert "so far in trend (4 points), by other rules" in text


def test_a_like_story(desk: Desk) -> None:
    """With what keeps the two apart."""
    for feed, name in (("seoul", "서울"), ("ulsan", "울산")):
        bring(
            desk,
            release(feed, feed, title=f"{name} 스마트시티 드론 실증 사업 공모 시작", summary=""),
        )

    text = told(desk, "서울 스마트시티")

    assert "Like it, but another story\n  2024-02-10  울산 스마트시티" in text
    assert "not folded: another region: 서울 / 울산  [veto:region]" in text


def test_the_issues(desk: Desk) -> None:
    """With state and reason."""
    bring(desk, release("seoul", "연구"))
    open_draft(desk)
    drop(desk, "연구", why="last month's")

    assert "draft over 2024-02-01: dropped in trend (last month's)" in told(desk, "연구")


def test_what_a_feed_writes_moves_no_cursor(desk: Desk) -> None:
    """Nor does it end a line."""
    bring(desk, release("seoul", "1", title="스마트시티\x1b[2J\n연구"))

    assert "\x1b" not in told(desk, "연구")


def test_of_a_pattern_what_it_found(desk: Desk) -> None:
    """Not the pattern, which says nothing to an editor."""
    pattern = "re:로봇[^.]{0,8}(?:순찰|배송)"
    rules = replace(desk.rules, groups=(Group(id="core", weight=2.0, words=("로봇", pattern)),))
    desk = replace(desk, rules=replace(rules, hash="rules-2"))
    bring(desk, release("seoul", "1", title="로봇이 순찰, 로봇이  배송"))

    text = told(desk, "로봇이 순찰")

    assert "[로봇이 순찰 “로봇이 순찰” (by a pattern) +4 core, 로봇 +4 core]" in text
    assert "core: “로봇이 순찰” (by a pattern), 로봇 ×2, “로봇이 배송” (by a pattern)" in text
    assert pattern not in text


def test_the_gate_of_another_section(desk: Desk) -> None:
    """It is not said to be open for one whose own conditions do not hold."""
    issue, *rest = desk.rules.sections
    own = replace(issue, id="own", must_any=(Condition.parse("core@summary"),), topic_threshold=1.0)
    rules = replace(desk.rules, sections=(issue, own, *rest), hash="rules-2")
    desk = replace(desk, rules=rules)
    bring(desk, release("molit", "1", title="연못 정비", summary="스마트시티의 연못이다."))

    text = told(desk, "연못")

    assert "open for own: core@summary holds, a word of core in the summary" in text
    assert "shut for issue" in text
    assert "issue: failed: no condition of the topic holds" in text
    assert "1 needed for own: enough" in text
