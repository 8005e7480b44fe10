"""Why a story is folded and placed as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aggregator.curate.copies.fold_stories import VERDICT_RULE
from aggregator.curate.copies.rule_words import rule_words
from aggregator.curate.matching.hit_marks import group_points
from aggregator.curate.matching.words import find_masked
from aggregator.curate.placing.classify import read_texts
from aggregator.curate.placing.gate import gate_forms
from aggregator.curate.placing.nearest import nearest_section
from aggregator.domain.items import SEOUL
from aggregator.domain.rules import Condition, RuleSet
from aggregator.domain.stories import Membership, Placement, Story, Verdict
from aggregator.issue.edition import day_of
from aggregator.services.curation.apart import Apart, keep_apart
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk


def explain_story(desk: Desk, curator: Curator, story: Story) -> dict[str, Any]:
    """The whole explanation as plain JSON (docs/json.md): the story, each member with the rule that
    folded it, like stories with what keeps them apart, the texts that the rules look at with what
    they found there, the points of each group, the gate, and each section's answer.

    It is the stored decision. Where the rules or the text have changed since, it is what today's
    rules say, ``due`` is true, and ``section`` and ``score`` are still the stored ones.
    """
    item = story.primary.item
    day = day_of(story)
    body = desk.bodies.get(item.body)
    stored = story.placement
    now = curator.place(story)
    due = stored is None or not _is_alike(stored, now)
    return {
        "id": story.public_id,
        "title": item.title,
        "url": item.link or None,
        "body": item.body or None,
        "body_name": body.name if body else None,
        "level": str(body.level) if body else None,
        "day": day.isoformat() if day else None,
        "members": _members(desk, story),
        "related": list(story.related),
        "apart": _apart(desk, curator, story),
        "section": stored.section if stored else None,
        "score": stored.score if stored else None,
        "due": due,
        "section_due": now.section if due else None,
        "nearest": None if now.section else nearest_section(now.trace, desk.rules),
        "trace": dict(now.trace),
        "texts": read_texts(curator.look_at(story)),
        "masked": _masked(curator, story),
        "groups": _groups(now, desk.rules),
        "gate": _gate(now, desk.rules),
        "issues": _issues(desk, story),
    }


def _is_alike(stored: Placement, now: Placement) -> bool:
    """Whether a placement is what would be decided now, whatever JSON made of its trace."""
    return (stored.ruleset, stored.section) == (now.ruleset, now.section) and json.loads(
        json.dumps(dict(stored.trace))
    ) == json.loads(json.dumps(dict(now.trace)))


# --- folding --------------------------------------------------------------------------------------


def _members(desk: Desk, story: Story) -> list[dict[str, Any]]:
    reasons = {membership.item_id: membership for membership in story.memberships}
    titles = {member.id: member.item.title for member in story.members}
    by_word = any(one.rule == VERDICT_RULE for one in story.memberships)
    verdicts = desk.store.verdicts(list(titles)) if by_word else []
    members = []
    for member in story.members:
        why = reasons.get(member.id)
        verdict = _verdict_of(why, verdicts) if why else None
        members.append(
            {
                "feed": member.item.feed_id,
                "title": member.item.title,
                "url": member.item.link or None,
                "rule": why.rule if why else None,
                "with": titles.get(why.with_item or 0) if why else None,
                "detail": dict(why.detail) if why else {},
                "why": rule_words(why.rule, why.detail) if why else None,
                "at": _instant(verdict),
            }
        )
    return members


def _verdict_of(why: Membership, verdicts: Iterable[Verdict]) -> Verdict | None:
    if why.rule != VERDICT_RULE or why.with_item is None:
        return None
    pair = {why.item_id, why.with_item}
    return next((v for v in verdicts if {v.item_a, v.item_b} == pair and v.same), None)


def _instant(verdict: Verdict | None) -> str | None:
    return verdict.at.astimezone(SEOUL).isoformat(timespec="seconds") if verdict else None


def _apart(desk: Desk, curator: Curator, story: Story) -> list[dict[str, Any]]:
    ids = desk.store.living_stories(story.related) if story.related else {}
    others = desk.store.stories(ids=list(ids.values())) if ids else []
    if not others:
        return []
    reasons = keep_apart(desk.store, curator.neighbours(), story, others)
    return [_apart_form(other, reasons.get(other.public_id)) for other in others]


def _apart_form(other: Story, why: Apart | None) -> dict[str, Any]:
    day = day_of(other)
    return {
        "id": other.public_id,
        "title": other.primary.item.title,
        "day": day.isoformat() if day else None,
        "feed": other.primary.item.feed_id,
        "rule": why.rule if why else None,
        "why": rule_words(why.rule, why.detail) if why else None,
        "detail": dict(why.detail) if why else {},
        "mine": why.mine.item.title if why else None,
        "theirs": why.theirs.item.title if why else None,
        "at": _instant(why.verdict) if why else None,
    }


# --- placing --------------------------------------------------------------------------------------


def _masked(curator: Curator, story: Story) -> list[dict[str, Any]]:
    return [
        {
            "field": name,
            "group": one.group,
            "word": one.word,
            "start": one.start,
            "end": one.end,
            "mask": one.mask,
        }
        for name, text in read_texts(curator.look_at(story)).items()
        for one in find_masked(curator.matcher, text)
    ]


def _groups(placement: Placement, rules: RuleSet) -> list[dict[str, Any]]:
    trace = placement.trace
    return [
        {
            "group": one.group,
            "points": one.points,
            "words": dict(one.words),
            "capped": {name: list(words) for name, words in one.capped.items()},
        }
        for one in group_points(trace["hits"], trace["points"], rules.group_cap)
    ]


def _gate(placement: Placement, rules: RuleSet) -> dict[str, Any]:
    """Which conditions open the topic gate, for all sections or (with its id) for one, and which of
    them hold."""
    topic: Mapping[str, Any] = placement.trace["topic"]
    held = set(topic["held"])
    asked: list[tuple[Condition, str | None]] = [(one, None) for one in rules.topic.must_any]
    asked += [(condition, one.id) for one in rules.sections for condition in one.must_any]
    return {
        "points": topic["points"],
        "threshold": topic["threshold"],
        "groups": list(rules.topic.groups),
        "conditions": [
            {
                "condition": str(condition),
                "means": condition.words,
                "section": section,
                "holds": str(condition) in held,
            }
            for condition, section in asked
        ],
        "sections": gate_forms(rules, held),
    }


def _issues(desk: Desk, story: Story) -> list[dict[str, Any]]:
    return [
        {
            "number": issue.number,
            "window": issue.window.start.isoformat(),
            "section": pick.section,
            "state": str(pick.state),
            "why": pick.why,
        }
        for issue, pick in desk.store.picks_of_story(desk.series.id, story.id)
    ]
