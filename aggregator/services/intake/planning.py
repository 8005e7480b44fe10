"""What a feed's items mean for the store as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item
from aggregator.ports.refreshing import RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.intake.refresh_plan import (
    doubtful_ids,
    keys_of,
    make_plan,
    match_items,
    other_ids,
    wanted_candidates,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be written. ``is_plain``: the items are new, or texts that changed under the same
    key and address, so that the rest of their document would change nothing about the plan."""

    plan: RefreshPlan
    is_plain: bool


def plan_for(store: Store, feed: Feed, items: Sequence[Item], at: datetime) -> Planned:
    """What a refresh of ``feed`` at ``at`` that brought these items writes."""
    known = store.known_items(feed.id, keys_of(items))
    wanted = wanted_candidates(known, items)
    like = store.items_like(feed.id, titles=wanted.titles, days=wanted.days) if wanted else ()
    matches = match_items(known, items, like)
    doubtful, others = doubtful_ids(matches), other_ids(matches)
    stored = store.items_by_id(others) if others else {}
    plan = make_plan(feed.id, matches, at, stored)
    if feed.select is not None and feed.select.body:
        # A row of the list has no text of its own; that of the release's page stays.
        plan = replace(plan, relinked=tuple(one for one in plan.relinked if one.item.content))
    changes_more = plan.moved or plan.relinked or plan.renumbered or doubtful
    return Planned(plan=plan, is_plain=not changes_more)
