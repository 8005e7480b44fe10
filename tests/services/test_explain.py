"""Why a story is folded and placed as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from aggregator.domain.stories import Verdict
from aggregator.services.answers.explain import explain_story
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import drop
from aggregator.services.editing.find import find_one
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import ISSUE_DAY, bring, make_curator, make_press, release

TITLE = "국가시범도시 스마트시티 혁신 서비스 모델 실증 지원사업 추가 공모"


def explained(desk: Desk, words: str) -> dict[str, Any]:
    """The explanation as it leaves."""
    form = explain_story(desk, make_curator(desk), find_one(desk, words))
    read: dict[str, Any] = json.loads(json.dumps(form))
    return read


def told_twice(desk: Desk) -> None:
    bring(
        desk,
        release("molit", "1", date(2024, 2, 15), title=TITLE),
        release("msit", "2", date(2024, 2, 15), title=f"[보도자료] {TITLE}"),
    )


def test_the_whole_explanation_is_json(desk: Desk) -> None:
    """Members with the rule that folded them, words with place and points, each section's word."""
    told_twice(desk)

    form = explained(desk, TITLE)

    assert [("molit", None), ("msit", TITLE)] == [(m["feed"], m["with"]) for m in form["members"]]
    assert ["first", "same_title"] == [member["rule"] for member in form["members"]]
    assert "one and the same title" == form["members"][1]["why"]
    assert ("issue", 4.0, "ministry", "국토교통부", False) == (
        form["section"],
        form["score"],
        form["level"],
        form["body_name"],
        form["due"],
    )
    assert {("core", "스마트시티", "title", 4.0)} <= {
        (h["group"], h["word"], h["field"], h["points"]) for h in form["trace"]["hits"]
    }
    assert {"issue", "trend", "special", "literature"} == form["trace"]["sections"].keys()


def test_spans_count_in_the_texts_that_are_given(desk: Desk) -> None:
    """What a hit spans is its word."""
    bring(desk, release("molit", "1", title=TITLE, content="<p>모든 <b>스마트 시티</b>에</p>"))

    form = explained(desk, TITLE)

    spans = {
        h["field"]: form["texts"][h["field"]][h["start"] : h["end"]] for h in form["trace"]["hits"]
    }
    assert {"title": "스마트시티", "content": "스마트 시티"} == spans
    assert [{"스마트시티": 2}] == [one["words"] for one in form["groups"]]


def test_a_masked_word_is_told(desk: Desk) -> None:
    """With the mask that swallows it."""
    rules = replace(desk.rules, masks=("스마트시티 호텔",), hash="rules-2")
    desk = replace(desk, rules=rules)
    bring(desk, release("molit", "1", title="스마트시티 호텔 개장"))

    (masked,) = explained(desk, "호텔")["masked"]

    assert ("title", "core", "스마트시티", "스마트시티 호텔") == (
        masked["field"],
        masked["group"],
        masked["word"],
        masked["mask"],
    )


def test_a_story_without_section_says_what_was_missing(desk: Desk) -> None:
    """No condition of the gate holds, and it is said which there are."""
    bring(desk, release("seoul", "연못", title="연못 정비", summary="첫 문단."))

    form = explained(desk, "연못")

    assert form["section"] is None
    assert [("core@title", "a word of core in the title", False)] == [
        (one["condition"], one["means"], one["holds"]) for one in form["gate"]["conditions"]
    ]
    assert "no condition of the topic holds" == form["trace"]["sections"]["trend"]["why"]


def test_a_like_story_says_what_keeps_it_apart(desk: Desk) -> None:
    """The veto with what each side names, decided as folding does."""
    titles = (
        "서울 스마트시티 드론 실증 사업 공모 시작한다",
        "울산 스마트시티 드론 실증 사업 공모 시작한다",
    )
    bring(
        desk,
        release("seoul", "1", title=titles[0], summary=""),
        release("ulsan", "2", title=titles[1], summary=""),
    )

    (other,) = explained(desk, titles[0])["apart"]

    assert ("veto:region", "another region: 서울 / 울산") == (other["rule"], other["why"])
    assert (*titles, "ulsan") == (other["mine"], other["theirs"], other["feed"])
    assert [other["id"]] == explained(desk, titles[0])["related"]


def test_an_editors_word_says_by_whom_and_when(desk: Desk) -> None:
    """Both where it folds and where it keeps apart."""
    told_twice(desk)
    ids = sorted(member.id for member in find_one(desk, TITLE).members)
    said = Verdict(item_a=ids[0], item_b=ids[1], same=False, by="mina", at=ISSUE_DAY, reason="two")
    desk.store.save_verdicts([said])
    desk.store.make_due(ids)
    make_curator(desk).curate()

    (other,) = explained(desk, "https://molit.example/1")["apart"]
    assert ("verdict", "by the word of mina (two)") == (other["rule"], other["why"])
    assert "2024-03-04T10:00:00+09:00" == other["at"]

    desk.store.save_verdicts([replace(said, same=True, reason="one")])
    desk.store.make_due(ids)
    make_curator(desk).curate()
    member = explained(desk, "https://molit.example/1")["members"][1]
    assert ("by the word of mina (one)", "2024-03-04T10:00:00+09:00") == (
        member["why"],
        member["at"],
    )


def test_a_placement_of_other_rules_is_due(desk: Desk) -> None:
    """The stored section stays, and it is said what comes."""
    told_twice(desk)
    sections = tuple(
        replace(one, threshold=100.0) if one.id == "issue" else one for one in desk.rules.sections
    )
    changed = replace(desk, rules=replace(desk.rules, sections=sections, hash="rules-2"))

    form = explained(changed, TITLE)

    assert (True, "issue", None) == (form["due"], form["section"], form["section_due"])
    assert "4 points, 100 needed" == form["trace"]["sections"]["issue"]["why"]


def test_the_issues_of_a_story_are_named(desk: Desk, tmp_path: Path) -> None:
    """Printed, or dropped with the reason."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    open_draft(desk)
    drop(desk, "연구", why="last month's")
    publish_issue(desk, make_press(tmp_path))

    told = [explained(desk, words)["issues"][0] for words in ("연구", "수출")]

    assert [(48, "dropped", "trend", "last month's"), (48, "proposed", "issue")] == [
        (told[0]["number"], told[0]["state"], told[0]["section"], told[0]["why"]),
        (told[1]["number"], told[1]["state"], told[1]["section"]),
    ]


def test_a_body_that_is_gone_is_no_obstacle(desk: Desk) -> None:
    """An item whose body left the configuration, without a date."""
    bring(desk, release("seoul", "연구", None, body="abolished"))

    form = explained(desk, "연구")

    assert (None, None, "abolished") == (form["day"], form["body_name"], form["body"])
