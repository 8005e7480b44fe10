"""Sections chosen from words, office and feed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.sections import Obstacle
from aggregator.curate.matching.words import compile_rules
from aggregator.curate.placing.classify import ClassifyInput, classify
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Condition, RuleSet
from tests.curate.ruleset import load_rules

RULES = compile_rules(load_rules())
TEXTS = ClassifyInput(
    title="",
    summary="",
    content="",
    level=Level.MINISTRY,
    body="molit",
    carries=Carries.PRESS,
)


def section(title: str, summary: str = "", level: Level = Level.MINISTRY) -> str | None:
    return classify(replace(TEXTS, title=title, summary=summary, level=level), RULES).section


@pytest.mark.parametrize(
    ("title", "level", "expected"),
    [
        ("스마트도시법 개정안 국회 통과", Level.MINISTRY, "issue"),
        ("거점형 스마트도시 조성사업 공모", Level.MINISTRY, "project"),
        ("거점형 스마트도시 공모 최종 선정", Level.CITY, "trend"),
        ("스마트도시 국제포럼 개최", Level.METRO, "news"),
        ("자율주행차 달리는 도시가 온다", Level.PORTAL, "issue"),
        ("Smart city law revised", Level.MINISTRY, "issue"),
        ("City widens drone delivery", Level.CITY, "trend"),
    ],
)
def test_level_and_call_decide(title: str, level: Level, expected: str) -> None:
    """National or local is the office's level; a call makes a national item a project."""
    assert expected == section(title, level=level)


@pytest.mark.parametrize(
    "title",
    [
        "스마트폰 활용 교육생 모집",
        "고병원성 조류인플루엔자(AI) 발생",
        "드론 축구 대회",
        "도시가스 요금 안내",
        "국토교통부 인사발령",
        "Drone soccer league kicks off",
        "",
    ],
)
@pytest.mark.parametrize("level", [Level.MINISTRY, Level.CITY])
def test_look_alikes_stay_out(title: str, level: Level) -> None:
    """A word in another sense does not open the gate."""
    assert section(title, level=level) is None


@pytest.mark.parametrize(
    ("carries", "expected"),
    [
        (Carries.VIDEO, "special"),
        (Carries.PAPER, "literature"),
        (Carries.EVENT, "news"),
        (Carries.PRESS, "issue"),
        (Carries.ARTICLE, "issue"),
    ],
)
def test_what_the_feed_carries_decides(carries: Carries, expected: str) -> None:
    """The same words follow the kind of their feed."""
    texts = replace(TEXTS, title="고정밀 공간정보로 보는 디지털트윈", carries=carries)
    assert expected == classify(texts, RULES).section


def test_trace_explains_the_decision() -> None:
    """The trace is plain JSON with hits, points, each section's reason and the runner-up."""
    texts = replace(TEXTS, title="스마트시티 참여기업 공모")
    placement = classify(texts, RULES)
    trace = json.loads(json.dumps(placement.trace))
    assert placement.trace == trace
    hit = next(h for h in trace["hits"] if h["group"] == "core")
    assert (
        hit["word"],
        hit["field"],
        hit["start"],
        hit["end"],
        hit["points"],
    ) == ("스마트 시티", "title", 0, 5, 6.0)
    assert placement.score == trace["sections"]["project"]["score"]
    assert trace["sections"]["project"]["passed"]
    assert trace["sections"]["trend"]["why"] == "level ministry is outside its scope"
    special = trace["sections"]["special"]
    assert special["why"] == "asks for a word of video"
    assert special["obstacle"] == Obstacle.REQUIRED
    assert trace["topic"]["condition"] == "core@title"
    assert trace["runner_up"] == "issue"


def test_unplaced_story_names_the_nearest_section() -> None:
    """Where no section passes, score and runner-up tell how near it was."""
    placement = classify(replace(TEXTS, title="전혀 다른 이야기"), RULES)
    assert placement.section is None
    assert placement.score == 0.0
    assert placement.trace["runner_up"] is not None


def test_priority_breaks_a_tie() -> None:
    """Of two sections with the same margin the one with the higher priority wins."""
    ruleset = load_rules()
    issue = next(s for s in ruleset.sections if s.id == "issue")
    twins = (replace(issue, id="low", priority=1), replace(issue, id="high", priority=2))
    rules = compile_rules(replace(ruleset, sections=twins))
    assert classify(replace(TEXTS, title="스마트시티 수출"), rules).section == "high"


def test_scope_by_body() -> None:
    """A section for certain bodies refuses others and says so."""
    ruleset = load_rules()
    issue = next(s for s in ruleset.sections if s.id == "issue")
    only = replace(issue, bodies=frozenset({"msit"}))
    rules = compile_rules(replace(ruleset, sections=(only,)))
    placement = classify(replace(TEXTS, title="스마트시티 수출"), rules)
    assert placement.section is None
    assert placement.trace["sections"]["issue"]["why"] == "body molit is outside its scope"


def test_a_refusal_names_what_a_pattern_found() -> None:
    """Not the pattern, which says nothing to an editor."""
    ruleset = load_rules()
    literature = next(s for s in ruleset.sections if s.id == "literature")
    rules = compile_rules(replace(ruleset, sections=(replace(literature, none_words=()),)))
    title = "[카드뉴스] 스마트시티에 관한 연구"
    placement = classify(replace(TEXTS, title=title, carries=Carries.PAPER), rules)
    why = "refused by a word of video: “[카드뉴스]” (by a pattern)"
    assert why == placement.trace["sections"]["literature"]["why"].partition(", ")[0]


def with_core(*words: str) -> RuleSet:
    rules = load_rules()
    core = next(group for group in rules.groups if group.id == "core")
    groups = (replace(core, words=words), *(g for g in rules.groups if g.id != "core"))
    return replace(rules, groups=groups)


def test_a_pattern_that_could_take_for_ever_sees_the_beginning_only() -> None:
    """What it does not look at is said, the rest is placed as ever."""
    rules = compile_rules(with_core("re:(가+)+나", "스마트시티"))
    texts = replace(TEXTS, title="가가나 스마트시티", summary="가" * 2000, content="가가나")
    trace = classify(texts, rules).trace
    hits = [(hit["word"], hit["field"]) for hit in trace["hits"] if hit["group"] == "core"]
    assert hits == [
        ("re:(가+)+나", "title"),
        ("스마트시티", "title"),
        ("re:(가+)+나", "content"),
    ]
    assert trace["unread"] == [
        {"word": "re:(가+)+나", "field": "title", "after": 7},
        {"word": "re:(가+)+나", "field": "summary", "after": 7},
    ]


def test_nothing_is_said_of_patterns_that_see_all() -> None:
    """A field that is read as far as patterns read has no entry."""
    texts = replace(TEXTS, title="스마트시티", content="가 " * 3000)
    assert "unread" not in classify(texts, RULES).trace


def test_points_are_never_minus_nothing() -> None:
    """Figures that cancel each other are printed as 0."""
    rules = load_rules()
    groups = tuple(replace(group, weight=-0.0) for group in rules.groups)
    placement = classify(
        replace(TEXTS, title="스마트시티 조성"), compile_rules(replace(rules, groups=groups))
    )
    assert "-0" not in json.dumps(placement.trace["sections"])
    assert "-0" not in json.dumps(placement.trace["points"])


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.sampled_from(list(Level)), st.sampled_from(list(Carries)))
def test_same_input_same_placement(title: str, level: Level, carries: Carries) -> None:
    """Classifying is a function of its input."""
    texts = replace(TEXTS, title=title, summary="드론 " + title, level=level, carries=carries)
    assert classify(texts, RULES) == classify(texts, compile_rules(load_rules()))


def test_each_section_says_what_kept_the_story_out() -> None:
    """As a slug, the last thing looked at coming nearest."""
    trace = classify(replace(TEXTS, title="청년 정책 안내", level=Level.CITY), RULES).trace
    obstacles = {name: one["obstacle"] for name, one in trace["sections"].items()}

    assert (Obstacle.SCOPE, Obstacle.TOPIC) == (obstacles["issue"], obstacles["trend"])
    assert "trend" == trace["runner_up"]
    assert [] == trace["topic"]["held"]


def test_the_conditions_that_hold_are_named() -> None:
    """All of the gate, in the order of the rules; the first one opens it."""
    topic = classify(replace(TEXTS, title="스마트시티 자율주행 실증"), RULES).trace["topic"]

    assert {"core@title", "core+tech"} <= set(topic["held"])
    assert topic["held"][0] == topic["condition"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("core", "a word of core"),
        ("core@title", "a word of core in the title"),
        ("semi@title+tech", "a word of semi in the title and one of tech"),
    ],
)
def test_a_condition_has_words(condition: str, words: str) -> None:
    """For whoever does not write rules."""
    assert words == Condition.parse(condition).words
