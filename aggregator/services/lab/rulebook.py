"""What of a configuration decides where a story goes, and in what two of them differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aggregator.domain.bodies import Body
from aggregator.domain.feeds import Feed
from aggregator.domain.issues import Section, Series
from aggregator.domain.rules import RuleSet, SectionRule
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Store
from aggregator.services.curation.curate import Curator

_Value = str | tuple[str, ...]
"""A key's value: one text, or the texts of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of a configuration, and what else a placement and a draft depend on."""

    rules: RuleSet
    series: Series
    feeds: tuple[Feed, ...]
    bodies: Mapping[str, Body]

    def beside(self, live: Rulebook) -> Rulebook:
        """These rules for the stories of ``live``: feeds and bodies that only that one knows are as
        they are there."""
        known = {feed.id for feed in self.feeds}
        more = tuple(feed for feed in live.feeds if feed.id not in known)
        bodies = {**live.bodies, **self.bodies}
        return Rulebook(
            rules=self.rules, series=self.series, feeds=(*self.feeds, *more), bodies=bodies
        )

    def curator(self, store: Store, clock: Clock) -> Curator:
        """The daemon's own code with these rules; only its ``place`` is meant to be used, which
        writes nothing."""
        return Curator(
            store=store,
            clock=clock,
            feeds=self.feeds,
            bodies=self.bodies,
            rules=self.rules,
            issuer=lambda _: None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A key of the file that says something else. ``before`` and ``after`` are one value, "" where
    the key is not there; of a list ``added`` and ``removed`` are what one of the two lacks."""

    place: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def rule_changes(before: Rulebook, after: Rulebook) -> tuple[RuleChange, ...]:
    """What the second says otherwise, each under the key of the file, in the order of the file.

    Only what may move a story: words, weights, conditions, thresholds, places of sections, levels
    of bodies, and what feeds carry.
    """
    old, new = dict(_keys(before)), dict(_keys(after))
    places = [*old, *(place for place in new if place not in old)]
    return tuple(
        _change(place, old.get(place), new.get(place))
        for place in places
        if old.get(place) != new.get(place)
    )


def _change(place: str, old: _Value | None, new: _Value | None) -> RuleChange:
    if isinstance(old, tuple) or isinstance(new, tuple):
        was = old if isinstance(old, tuple) else ()
        now = new if isinstance(new, tuple) else ()
        added = tuple(one for one in now if one not in was)
        removed = tuple(one for one in was if one not in now)
        if added or removed:
            return RuleChange(place=place, added=added, removed=removed)
        return RuleChange(place=place, before=", ".join(was), after=", ".join(now))
    return RuleChange(place=place, before=old or "", after=new or "")


def _keys(book: Rulebook) -> Iterator[tuple[str, _Value]]:
    rules = book.rules
    for field, factor in rules.field_weights.items():
        yield f"match.fields.{field}", f"{factor:g}"
    yield "match.group_cap", str(rules.group_cap)
    yield "match.masks", tuple(sorted(rules.masks))
    for group in rules.groups:
        yield f"groups.{group.id}.weight", f"{group.weight:g}"
        yield f"groups.{group.id}.words", tuple(sorted(group.words))
    yield "topic.groups", tuple(sorted(rules.topic.groups))
    yield "topic.must_any", _texts(rules.topic.must_any)
    yield "topic.threshold", f"{rules.topic.threshold:g}"
    for rule in rules.sections:
        for key, value in _rule_keys(rule):
            yield f"sections.{rule.id}.{key}", value
    for section in book.series.sections:
        for key, value in _section_keys(section):
            yield f"sections.{section.id}.{key}", value
    for body in book.bodies.values():
        yield f"bodies.{body.id}.level", str(body.level)
    for feed in book.feeds:
        yield f"feeds.{feed.id}.carries", str(feed.carries)


def _rule_keys(rule: SectionRule) -> Iterator[tuple[str, _Value]]:
    """Each key with its value. Of most lists the order means nothing."""
    yield "levels", _texts(rule.levels)
    yield "bodies", _texts(rule.bodies)
    yield "carries", _texts(rule.carries)
    yield "must_any", _texts(rule.must_any)
    yield "require", tuple(sorted(" or ".join(map(str, one)) for one in rule.require))
    yield "none", _texts(rule.none)
    yield "none_words", _texts(rule.none_words)
    yield "bonus", _texts(rule.bonus)
    yield "bonus_levels", _texts(f"{level} {p:g}" for level, p in rule.bonus_levels.items())
    topic = rule.topic_threshold
    yield "topic_threshold", "" if topic is None else f"{topic:g}"
    yield "threshold", f"{rule.threshold:g}"
    yield "priority", str(rule.priority)


def _section_keys(section: Section) -> Iterator[tuple[str, _Value]]:
    yield "shape", str(section.shape)
    yield "limit", str(section.limit)
    yield "balance", str(section.balance)
    yield "overflow", section.overflow
    yield "lead.bodies", _texts(section.lead_bodies)
    yield "lead.groups", _texts(section.lead_groups)


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in values))
