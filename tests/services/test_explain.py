"""Why a story is folded and placed as it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from aggregator.services.desk import Desk
from aggregator.services.draft import open_draft
from aggregator.services.edit import drop
from aggregator.services.explain import explain_story
from aggregator.services.find import find_one
from aggregator.services.publish import publish_issue
from tests.fixtures.desk import bring, make_press, release

TITLE = "국가시범도시 스마트시티 혁신 서비스 모델 실증 지원사업 추가 공모"


def told_twice(desk: Desk) -> None:
    bring(
        desk,
        release("molit", "1", date(2024, 2, 15), title=TITLE),
        release("msit", "2", date(2024, 2, 15), title=f"[보도자료] {TITLE}"),
    )


def test_the_whole_explanation_is_json(desk: Desk) -> None:
    """Members with the rule that folded them, words with place and points, each section's word."""
    told_twice(desk)

    form = json.loads(json.dumps(explain_story(desk, find_one(desk, TITLE)).form))

    assert [("molit", None), ("msit", TITLE)] == [(m["feed"], m["with"]) for m in form["members"]]
    assert "first" == form["members"][0]["rule"]
    assert ("issue", 4.0, "ministry", "국토교통부") == (
        form["section"],
        form["score"],
        form["level"],
        form["body_name"],
    )
    assert {("core", "스마트시티", "title", 4.0)} <= {
        (h["group"], h["word"], h["field"], h["points"]) for h in form["trace"]["hits"]
    }
    assert {"issue", "trend", "special", "literature"} == form["trace"]["sections"].keys()


def test_the_lines_say_the_same(desk: Desk) -> None:
    """For a person, with the reasons of every section."""
    told_twice(desk)

    lines = explain_story(desk, find_one(desk, TITLE)).lines

    text = "\n".join(lines)
    assert TITLE == lines[0]
    assert "2024-02-15, 국토교통부 (ministry)" in text
    assert "https://msit.example/2" in text
    assert "Section: issue (4.0 points)" in text
    assert "'스마트시티' in title at 7: +4 (core)" in text
    assert "failed: " in text


def test_a_story_without_section_is_explained(desk: Desk) -> None:
    """It says what was missing."""
    bring(desk, release("seoul", "연못", title="연못 정비", summary="첫 문단."))

    explanation = explain_story(desk, find_one(desk, "연못"))

    assert explanation.form["section"] is None
    assert "no condition of the topic holds" in "\n".join(explanation.lines)


def test_the_issues_of_a_story_are_named(desk: Desk, tmp_path: Path) -> None:
    """Printed, or dropped with the reason."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    open_draft(desk)
    drop(desk, "연구", why="last month's")

    assert "draft over 2024-02-01: dropped in trend (last month's)" in "\n".join(
        explain_story(desk, find_one(desk, "연구")).lines
    )
    publish_issue(desk, make_press(tmp_path))
    assert "No. 48: proposed in issue" in "\n".join(
        explain_story(desk, find_one(desk, "수출")).lines
    )


def test_a_body_that_is_gone_is_no_obstacle(desk: Desk) -> None:
    """An item whose body left the configuration, without a date."""
    bring(desk, release("seoul", "연구", None, body="abolished"))

    text = "\n".join(explain_story(desk, find_one(desk, "연구")).lines)

    assert "no date, no body" in text
