"""What is called out of reach is so for every story."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.words import compile_rules
from aggregator.curate.placing.classify import ClassifyInput, classify
from aggregator.curate.placing.reach import Reach, always_loses, carries_left, falls_short, refuses
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Condition, Group, RuleSet, SectionRule, Topic

GROUPS = ("core", "tech", "video", "off")
WORDS = {
    "core": ("스마트시티", "도시"),
    "tech": ("AI", "드론"),
    "video": ("영상",),
    "off": ("축제",),
}
CONDITIONS = st.lists(
    st.builds("{}{}".format, st.sampled_from(GROUPS), st.sampled_from(["", "@title", "@summary"])),
    min_size=1,
    max_size=2,
).map(lambda parts: Condition.parse("+".join(parts)))
SOME = st.lists(CONDITIONS, max_size=2).map(tuple)
LEVELS = st.sampled_from([Level.MINISTRY, Level.CITY])
CARRIES = st.sampled_from([Carries.PRESS, Carries.VIDEO])
POINTS = st.sampled_from([0.0, 1.0, 3.0, 6.0, 12.0, 20.0])
SECTIONS = st.builds(
    SectionRule,
    id=st.just("s"),
    levels=st.frozensets(LEVELS, max_size=1),
    carries=st.frozensets(CARRIES, max_size=1),
    must_any=SOME,
    require=st.lists(st.lists(CONDITIONS, min_size=1, max_size=2).map(tuple), max_size=1).map(
        tuple
    ),
    none=SOME,
    none_words=st.sampled_from([(), ("수상",)]),
    bonus=st.lists(st.sampled_from(GROUPS), max_size=2).map(tuple),
    bonus_levels=st.dictionaries(LEVELS, POINTS, max_size=1),
    topic_threshold=st.none() | POINTS,
    threshold=POINTS,
    priority=st.integers(0, 1),
)
RULES = st.builds(
    lambda weights, cap, topic, sections: RuleSet(
        field_weights={"title": 2.0, "summary": 1.0, "content": 0.0},
        group_cap=cap,
        masks=(),
        groups=tuple(
            Group(id=g, weight=w, words=WORDS[g]) for g, w in zip(GROUPS, weights, strict=True)
        ),
        topic=topic,
        sections=tuple(replace(one, id=f"s{place}") for place, one in enumerate(sections)),
        hash="h",
    ),
    st.tuples(*[st.sampled_from([-3.0, 0.0, 1.0, 3.0])] * len(GROUPS)),
    st.integers(1, 2),
    st.builds(
        Topic,
        groups=st.lists(st.sampled_from(GROUPS), max_size=3).map(tuple),
        must_any=SOME,
        threshold=POINTS,
    ),
    st.lists(SECTIONS, min_size=1, max_size=3),
)
TEXT = st.lists(st.sampled_from([w for ws in WORDS.values() for w in ws] + ["수상"]), max_size=8)
STORIES = st.builds(
    lambda title, summary, level, carries: ClassifyInput(
        title=" ".join(title),
        summary=" ".join(summary),
        content="",
        level=level,
        body="molit",
        carries=carries,
    ),
    TEXT,
    TEXT,
    LEVELS,
    CARRIES,
)


def reach_of(rules: RuleSet) -> Reach:
    return Reach(rules=rules, words={group.id: len(group.words) for group in rules.groups})


@settings(max_examples=300)
@given(RULES, st.lists(STORIES, min_size=1, max_size=5))
def test_what_is_taken_was_within_reach(rules: RuleSet, stories: list[ClassifyInput]) -> None:
    """A section that takes a story is none that is shown never to take one."""
    reach, matcher = reach_of(rules), compile_rules(rules)
    by_id = {section.id: section for section in rules.sections}
    for story in stories:
        placement = classify(story, matcher)
        if placement.section is None:
            continue
        section = by_id[placement.section]
        gate = (*rules.topic.must_any, *section.must_any)
        assert placement.score <= reach.points(section) + 0.001
        assert not falls_short(reach.topic_points(section), placement.trace["topic"]["points"])
        assert story.carries in carries_left(section)
        assert not gate or any(refuses(section, one) is None for one in gate)
        assert all(any(refuses(section, c) is None for c in e) for e in section.require)
        assert always_loses(rules, rules.sections.index(section)) is None


def test_the_bound_is_reached() -> None:
    """Two words in each field, the hit of the feed, the bonus of the level."""
    section = SectionRule(
        id="s", bonus=("video",), bonus_levels={Level.CITY: 1.5}, levels=frozenset({Level.CITY})
    )
    rules = RuleSet(
        field_weights={"title": 2.0, "summary": 1.0, "content": 0.5},
        group_cap=2,
        masks=(),
        groups=tuple(Group(id=g, weight=2.0, words=WORDS[g]) for g in GROUPS),
        topic=Topic(groups=("core",), must_any=(), threshold=0.0),
        sections=(section,),
        hash="h",
    )
    text = "스마트시티 도시 영상"
    story = ClassifyInput(
        title=text, summary=text, content=text, level=Level.CITY, body="x", carries=Carries.VIDEO
    )
    bound = 2 * 2.0 * 3.5 + 2.0 * 3.5 + 2.0 * 2.0 + 1.5
    assert bound == reach_of(rules).points(section)
    assert bound == classify(story, compile_rules(rules)).score
    closed = replace(section, none=(Condition.parse("video"),))
    assert 2 * 2.0 * 3.5 + 1.5 == reach_of(rules).points(closed)
