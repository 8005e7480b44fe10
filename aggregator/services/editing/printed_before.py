"""Which stories the last issues had already, themselves or in other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.curate.copies.features import FeatureContext, Features, features
from aggregator.curate.copies.fingerprints import lead_hash
from aggregator.curate.copies.office_names import OfficeNames, build_aliases
from aggregator.curate.copies.pairs import find_boilerplate, says_again
from aggregator.domain.bodies import Body
from aggregator.domain.feeds import DESK_FEED
from aggregator.domain.issues import Issue, IssueStatus
from aggregator.domain.items import StoredItem
from aggregator.issue.choices import Printed
from aggregator.ports.issuing import Echo
from aggregator.services.desk import Desk

CROWD = 200
"""Items that may have an address, a headline or a lead; what more have says nothing of any."""


def recent_issues(desk: Desk, issue: Issue, issues: Sequence[Issue]) -> list[Issue]:
    """The published issues before this one whose stories are not repeated, oldest first; none
    where the series has no such rule."""
    published = [
        one
        for one in issues
        if one.status is IssueStatus.PUBLISHED and one.window.start < issue.window.start
    ]
    return published[-desk.series.no_repeat :] if desk.series.no_repeat else []


def printed_before(
    desk: Desk, recent: Sequence[Issue], story_ids: Collection[int] | None = None
) -> dict[int, Printed]:
    """By story id, the last one of these issues that had the story, or another one that said the
    same: under the same address, title or lead, however many days apart. Of all stories, or of
    these."""
    order = {issue.id: place for place, issue in enumerate(recent)}
    numbers = {issue.id: issue.number or 0 for issue in recent}
    if not order or (story_ids is not None and not story_ids):
        return {}
    found = {
        story_id: Printed(number=numbers[issue_id])
        for story_id, issue_id in desk.store.picked_stories(desk.series.id).items()
        if issue_id in order and (story_ids is None or story_id in story_ids)
    }
    echoes = desk.store.echoes([*order], story_ids=story_ids)
    by_story: defaultdict[int, list[Echo]] = defaultdict(list)
    for echo in _telling(echoes):
        if echo.story_id not in found:
            by_story[echo.story_id].append(echo)
    ear = _Ear.of(desk, [one for some in by_story.values() for one in some])
    for story_id, some in by_story.items():
        some.sort(key=lambda one: (-order[one.issue_id], one.printed_id, one.item_id))
        heard = next((one for one in some if ear.hears(one)), None)
        if heard is not None:
            headline = ear.items[heard.printed_id].item.title
            found[story_id] = Printed(number=numbers[heard.issue_id], headline=headline)
    return found


def _telling(echoes: Sequence[Echo]) -> Iterator[Echo]:
    """The echoes whose key says something: one that a crowd of items has says nothing of any."""
    crowds: defaultdict[str, set[int]] = defaultdict(set)
    for echo in echoes:
        crowds[echo.key].add(echo.item_id)
    for echo in echoes:
        if len(crowds[echo.key]) <= CROWD:
            yield echo


class _Names:
    """The names of the bodies that were asked for last: those of a configuration, as long as it is in
    force. They take longer than all else here."""

    def __init__(self) -> None:
        self._made: tuple[Mapping[str, Body], OfficeNames] | None = None

    def of(self, bodies: Mapping[str, Body]) -> OfficeNames:
        """The names of these bodies."""
        made = self._made
        if made is None or made[0] is not bodies:
            made = self._made = (bodies, build_aliases(bodies.values()))
        return made[1]


_NAMES = _Names()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ear:
    """What tells an echo from something new: the items, their features, and leads that say
    nothing."""

    items: dict[int, StoredItem]
    told: dict[int, Features]
    boilerplate: frozenset[str]

    @classmethod
    def of(cls, desk: Desk, echoes: Sequence[Echo]) -> _Ear:
        """One for these echoes."""
        ids = {one for echo in echoes for one in (echo.printed_id, echo.item_id)}
        if not ids:
            return cls(items={}, told={}, boilerplate=frozenset())
        items = desk.store.items_by_id(ids)
        context = FeatureContext(
            aliases=_NAMES.of(desk.bodies),
            carries={feed.id: feed.carries for feed in (*desk.feeds, DESK_FEED)},
        )
        told = {item_id: features(item, context) for item_id, item in items.items()}
        leads = {lead_hash(one.lead_key): one.lead_key for one in told.values() if one.lead_key}
        titles: defaultdict[str, set[str]] = defaultdict(set)
        for lead, title, _ in desk.store.under_leads(leads):
            titles[leads[lead]].add(title)
        return cls(items=items, told=told, boilerplate=find_boilerplate(titles))

    def hears(self, echo: Echo) -> bool:
        """Whether the item says what the printed one said."""
        if not {echo.printed_id, echo.item_id} <= self.told.keys():
            return False
        return says_again(self.told[echo.item_id], self.told[echo.printed_id], self.boilerplate)
