"""In what two configurations differ, under the keys of the file."""

from __future__ import annotations

from dataclasses import replace

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Condition, Group
from aggregator.services.lab.rulebook import Rulebook, RuleChange, rule_changes
from tests.fixtures.desk import make_bodies, make_feeds, make_rules, make_series

LIVE = Rulebook(rules=make_rules(), series=make_series(), feeds=make_feeds(), bodies=make_bodies())


def changes(**rules: object) -> list[RuleChange]:
    other = replace(LIVE, rules=replace(LIVE.rules, **rules))  # type: ignore[arg-type]
    return list(rule_changes(LIVE, other))


def test_equal_rules_have_no_change() -> None:
    """Whatever their hash says, and in whatever order words stand."""
    words = replace(LIVE.rules.groups[0], words=("스마트시티",))

    assert [] == changes(hash="other", groups=(words,))


def test_words_are_added_and_removed() -> None:
    """By group; masks alike."""
    core = Group(id="core", weight=2.0, words=("스마트도시",))

    assert [
        RuleChange(place="match.masks", added=("스마트시티랩",)),
        RuleChange(place="groups.core.words", added=("스마트도시",), removed=("스마트시티",)),
    ] == changes(groups=(core,), masks=("스마트시티랩",))


def test_numbers_change() -> None:
    """Weights, thresholds, factors; as they are written."""
    core = replace(LIVE.rules.groups[0], weight=2.5)
    topic = replace(LIVE.rules.topic, threshold=3.0)
    trend = replace(LIVE.rules.sections[1], threshold=4.0, topic_threshold=1.5)
    sections = (LIVE.rules.sections[0], trend, *LIVE.rules.sections[2:])

    assert [
        RuleChange(place="match.fields.title", before="2", after="3"),
        RuleChange(place="groups.core.weight", before="2", after="2.5"),
        RuleChange(place="topic.threshold", before="2", after="3"),
        RuleChange(place="sections.trend.topic_threshold", before="", after="1.5"),
        RuleChange(place="sections.trend.threshold", before="0", after="4"),
    ] == changes(
        field_weights={**LIVE.rules.field_weights, "title": 3.0},
        groups=(core,),
        topic=topic,
        sections=sections,
    )


def test_conditions_change() -> None:
    """A condition more, and what was required otherwise."""
    issue = replace(
        LIVE.rules.sections[0],
        none=(Condition.parse("core@content"),),
        require=((Condition.parse("core"), Condition.parse("core@title")),),
    )

    assert [
        RuleChange(place="sections.issue.require", added=("core or core@title",)),
        RuleChange(place="sections.issue.none", added=("core@content",)),
    ] == changes(sections=(issue, *LIVE.rules.sections[1:]))


def test_a_new_group_and_a_new_section_change() -> None:
    """With all that they say; a section that is gone has no values any more."""
    told = changes(
        groups=(*LIVE.rules.groups, Group(id="guide", weight=3.0, words=("지침",))),
        sections=LIVE.rules.sections[1:],
    )

    assert RuleChange(place="groups.guide.weight", before="", after="3") in told
    assert RuleChange(place="groups.guide.words", added=("지침",)) in told
    assert RuleChange(place="sections.issue.threshold", before="0", after="") in told


def test_what_else_decides_changes_too() -> None:
    """Places of a section, the level of a body, what a feed carries; not how often it is visited."""
    sections = tuple(
        replace(one, limit=3) if one.id == "trend" else one for one in LIVE.series.sections
    )
    seoul = replace(LIVE.bodies["seoul"], level=Level.CITY)
    molit, *rest = LIVE.feeds
    other = replace(
        LIVE,
        series=replace(LIVE.series, sections=sections),
        bodies={**LIVE.bodies, "seoul": seoul},
        feeds=(replace(molit, carries=Carries.NOTICE, active=False), *rest),
    )

    assert [
        RuleChange(place="sections.trend.limit", before="0", after="3"),
        RuleChange(place="bodies.seoul.level", before="metro", after="city"),
        RuleChange(place="feeds.molit.carries", before="press", after="notice"),
    ] == list(rule_changes(LIVE, other))


def test_what_the_other_does_not_know_is_as_in_the_live_one() -> None:
    """Stories of a feed that the other file has dropped are placed as before."""
    video = next(feed for feed in LIVE.feeds if feed.carries is Carries.VIDEO)
    bare = replace(
        LIVE,
        feeds=tuple(feed for feed in LIVE.feeds if feed is not video),
        bodies={"seoul": LIVE.bodies["seoul"]},
    )

    merged = bare.beside(LIVE)

    assert video in merged.feeds
    assert len(LIVE.feeds) == len(merged.feeds)
    assert dict(LIVE.bodies) == dict(merged.bodies)
