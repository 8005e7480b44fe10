"""Rules that can never fire: the topic gate, and sections that no story can come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aggregator.config.places import KeyPath
from aggregator.config.records import Config
from aggregator.config.values import shown
from aggregator.config.walk import Report
from aggregator.curate.matching.scope import out_of_scope
from aggregator.curate.placing.reach import Reach, always_loses, carries_left, falls_short, refuses
from aggregator.curate.placing.word_trials import IdleWord
from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import Carries, Feed, Issuer
from aggregator.domain.rules import Condition, RuleSet, SectionRule

_NEVER = "this section never takes a story"
_NOBODY = Body(id="", name="", print_names={}, level=Level.MEDIA, order=0)
"""Whoever issued what no known body did."""


def find_rule_oddities(config: Config, idle: Iterable[IdleWord], report: Report) -> None:
    """Report what can be shown to never fire, with the reason, and points that are added twice.

    ``idle`` are the words that never count.
    """
    rules = config.rules
    reach = Reach(rules=rules, words=_living_words(rules, idle))
    _warn_of_topic(reach, report)
    overflows = {section.overflow for section in config.series.sections}
    for index, section in enumerate(rules.sections):
        path: KeyPath = ("sections", index)
        _warn_twice(section.bonus, (*path, "bonus"), report)
        _warn_of_scope(section, config, path, report)
        _warn_of_conditions(section, reach, path, report)
        _warn_of_points(section, reach, path, report)
        # A section that others overflow into need not take a story by itself.
        winner = None if section.id in overflows else always_loses(rules, index)
        if winner is not None:
            message = f'{_NEVER}: whatever it could take goes to "{winner.id}"'
            remedy = "give it a lower threshold or a higher priority, or the other a narrower rule"
            report(path, message, remedy)


def _living_words(rules: RuleSet, idle: Iterable[IdleWord]) -> Mapping[str, int]:
    """How many different words of each group can count."""
    dead = {(one.group, one.index) for one in idle}
    return {
        group.id: len({w for at, w in enumerate(group.words) if (group.id, at) not in dead})
        for group in rules.groups
    }


def _warn_twice(groups: Sequence[str], path: KeyPath, report: Report) -> None:
    for index, group in enumerate(groups):
        if group in groups[:index]:
            message = f"{shown(group)} is in the list twice: its points are added twice"
            report((*path, index), message, "leave one of them out")


def _warn_of_topic(reach: Reach, report: Report) -> None:
    topic = reach.rules.topic
    _warn_twice(topic.groups, ("topic", "groups"), report)
    for index, condition in enumerate(topic.must_any):
        _warn_of_idle_condition(condition, reach, ("topic", "must_any", index), report)
    best = reach.topic_points()
    is_used = any(section.topic_threshold is None for section in reach.rules.sections)
    if is_used and falls_short(best, topic.threshold):
        message = f"no story reaches it: the groups of the topic give {best:g} points at most"
        report(("topic", "threshold"), message, "lower it, raise weights, or name more groups")


def _warn_of_scope(section: SectionRule, config: Config, path: KeyPath, report: Report) -> None:
    bodies = (*config.bodies.values(), _NOBODY)
    some = next(iter(section.carries), Carries.PRESS)
    if not any(_is_open(section, body, some) for body in bodies):
        message = f"{_NEVER}: no body is in its scope (levels, bodies, regions, exclude)"
        report(path, message, "leave out what shuts out the rest")
        return
    feeds = [feed for feed in config.feeds if feed.active]
    if feeds and not any(_brings(feed, section, config.bodies) for feed in feeds):
        message = "no active feed brings what is in its scope"
        report(path, message, "activate one, or widen levels, bodies, regions or carries")


def _is_open(section: SectionRule, body: Body, carries: Carries) -> bool:
    return not out_of_scope(
        section, level=body.level, body=body.id, region=body.home_region, carries=carries
    )


def _brings(feed: Feed, section: SectionRule, bodies: Mapping[str, Body]) -> bool:
    """Whether a feed may bring a story in the section's scope; one that names an issuer with each
    entry may bring those of any body."""
    if feed.issuer is not Issuer.BODY:
        return not section.carries or feed.carries in section.carries
    return _is_open(section, bodies[feed.body], feed.carries)


def _warn_of_conditions(section: SectionRule, reach: Reach, path: KeyPath, report: Report) -> None:
    """The gate and each requirement: as a whole where no condition can help, else one by one."""
    if not carries_left(section):
        message = f"{_NEVER}: none refuses all that its feeds may carry"
        report((*path, "none"), message, "leave the groups named like it out of none")
        return
    gate = (*reach.rules.topic.must_any, *section.must_any)
    if why := _never(gate, section, reach):
        is_told = not section.must_any and all(map(reach.idle_group, gate))
        message = f"{_NEVER}: no condition of its gate can help ({why})"
        if not is_told:
            report(path, message, "add another one to must_any")
    else:
        _warn_one_by_one(section.must_any, section, reach, (*path, "must_any"), report)
    for index, either in enumerate(section.require):
        place = (*path, "require", index)
        if why := _never(either, section, reach):
            message = f"{_NEVER}: this requirement cannot be met ({why})"
            report(place, message, "name a group that can be hit and that none does not refuse")
        else:
            _warn_one_by_one(either, section, reach, place, report)
    for index, condition in enumerate(section.none):
        _warn_of_idle_condition(condition, reach, (*path, "none", index), report)


def _never(conditions: Sequence[Condition], section: SectionRule, reach: Reach) -> str:
    """Why none of the conditions can help a story into the section; "" where one can, or where there
    are none."""
    reasons: dict[str, None] = {}
    for condition in conditions:
        idle, refused = reach.idle_group(condition), refuses(section, condition)
        if idle:
            reasons[f'no word of "{idle}" can count'] = None
        elif refused is not None:
            reasons[f'none refuses "{refused}"'] = None
        else:
            return ""
    return "; ".join(reasons)


def _warn_one_by_one(
    conditions: Sequence[Condition],
    section: SectionRule,
    reach: Reach,
    path: KeyPath,
    report: Report,
) -> None:
    for index, condition in enumerate(conditions):
        refused = refuses(section, condition)
        _warn_of_idle_condition(condition, reach, (*path, index), report)
        if refused is not None:
            message = f'"{condition}" never helps: none refuses "{refused}"'
            report((*path, index), message, "leave one of them out")


def _warn_of_idle_condition(
    condition: Condition, reach: Reach, path: KeyPath, report: Report
) -> None:
    if group := reach.idle_group(condition):
        message = f'"{condition}" never holds: no word of "{group}" can count'
        report(path, message, "give the group a word that can, or leave the condition out")


def _warn_of_points(section: SectionRule, reach: Reach, path: KeyPath, report: Report) -> None:
    for level in section.bonus_levels:
        if section.levels and level not in section.levels:
            message = f'the bonus is never given: "{level}" is not among the levels of the section'
            report((*path, "bonus_levels", level), message, "leave it out, or add the level")
    if not carries_left(section):
        return
    own = section.topic_threshold
    needed = reach.rules.topic.threshold if own is None else own
    topic, best = reach.topic_points(section), reach.points(section)
    if falls_short(topic, needed):
        is_told = own is None and falls_short(reach.topic_points(), needed)
        message = f"{_NEVER}: {topic:g} topic points are the most, {needed:g} are needed"
        place = path if own is None else (*path, "topic_threshold")
        if not is_told:
            report(place, message, "lower the threshold of the gate, or raise weights")
    elif falls_short(best, section.threshold):
        message = f"{_NEVER}: {best:g} points are the most, {section.threshold:g} are needed"
        report((*path, "threshold"), message, "lower it, raise weights, or add a bonus")
