"""Items folded into stories, many components at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations

from aggregator.curate.copies.fingerprints import rank_of
from aggregator.curate.copies.fold_stories import (
    Known,
    draft_alone,
    fold_component,
    mint_public_id,
)
from aggregator.domain.errors import Conflict
from aggregator.domain.stories import RELATED_MAX, CurationPlan, Verdict
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Compared, Store
from aggregator.services.curation.neighbours import Neighbours

COMPONENT_MAX = 80
"""Items whose candidates are looked up for one decision; what lies beyond has its own turn."""

TOGETHER = 1000
"""Items of the components that are written together."""

ATTEMPTS = 5
"""How often a component is decided anew when another process changes it meanwhile."""

PREFETCHED = 8
"""Steps from item to item that are looked up for many components at once."""

SALTS = 3
"""Public ids that are asked about for each item: its own, and what it would get instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Component:
    """Items that are decided together, beginning with ``start``. ``explored`` are those whose
    neighbours were looked up."""

    start: int
    items: frozenset[int]
    explored: AbstractSet[int]


@dataclass(slots=True, kw_only=True)
class Folder:
    """Folds the items of one run. ``authority`` is by feed id; ``stories`` are written so far,
    ``done`` the items that were decided."""

    store: Store
    clock: Clock
    neighbours: Neighbours
    authority: Mapping[str, int]
    stories: int = 0
    done: set[int] = field(default_factory=set)
    _partners: dict[int, set[int]] | None = None
    _members: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def fold_alone(self, item_ids: Sequence[int]) -> None:
        """Make a story of each of these items that has none and that is the same as nothing, as its
        component would say, all at once. None where another process changes one of them meanwhile;
        they then have their turns one by one."""
        known = self.neighbours
        known.look_up(item_ids)
        alone = [one for one in item_ids if known.story_of[one] is None and not known.same_as(one)]
        told = {one for verdict in self.store.verdicts(alone) for one in verdict.pair}
        alone = [one for one in alone if one not in told]
        if not alone:
            return
        places = known.places(alone)
        taken = self._living([(each.feed_id, each.key) for each in places.values()])
        plan = CurationPlan(
            stories=tuple(
                draft_alone(one, each.feed_id, each.key, taken, known.related_to(one)[:RELATED_MAX])
                for one, each in places.items()
            ),
            read={one: (known.revs[one], None) for one in alone},
            curated={one: known.revs[one] for one in alone},
        )
        if self._write(plan):
            self.done.update(alone)

    def fold(self, item_ids: Sequence[int], on_batch: Callable[[], None] = lambda: None) -> None:
        """Decide the components of these items that were not decided yet. ``on_batch`` is called
        where a break costs nothing."""
        self._prefetch([one for one in item_ids if one not in self.done])
        for batch in self._batches(item_ids):
            self._fold_together(batch)
            on_batch()

    def make_room(self) -> None:
        """Forget what was read where that is much: called where a break costs nothing."""
        if self.neighbours.make_room():
            self._members.clear()

    # --- components -------------------------------------------------------------------------------

    def _batches(self, item_ids: Iterable[int]) -> Iterator[list[_Component]]:
        """The components of these items, in their order; those that come together have no item in
        common, so that none has to know what became of another."""
        batch: list[_Component] = []
        held: set[int] = set()
        for start in item_ids:
            if start in self.done:
                continue
            component = self._component(start)
            if batch and (len(held) >= TOGETHER or not held.isdisjoint(component.items)):
                yield batch
                batch, held = [], set()
                component = self._component(start)
            batch.append(component)
            held.update(component.items)
            self.done.update(component.explored)
        if batch:
            yield batch

    def _prefetch(self, item_ids: Sequence[int]) -> None:
        """Look up together what most components of these items will ask for one by one."""
        found: set[int] = set()
        frontier = {*item_ids}
        for _ in range(PREFETCHED):
            if not frontier:
                break
            self.neighbours.look_up(sorted(frontier))
            found |= frontier
            near = {other for one in frontier for other in self.neighbours.same_as(one)}
            frontier = (near | self._fellows(frontier | near)) - found

    def _component(self, start: int) -> _Component:
        """The item with all that is the same, by rule or by an editor's word, all that is the same
        as these, and whole stories of each.

        Nothing outside could change how these are folded, so the outcome is the same whichever of
        them comes first.
        """
        found = {start}
        explored: set[int] = set()
        while len(explored) <= COMPONENT_MAX:
            frontier = found - explored
            if not frontier:
                break
            explored |= frontier
            self.neighbours.look_up(sorted(frontier))
            for one in frontier:
                found.update(self.neighbours.same_as(one))
            found |= self._told_same(frontier)
            found |= self._fellows(found)
        return _Component(start=start, items=frozenset(found), explored=explored)

    def _told_same(self, item_ids: Iterable[int]) -> set[int]:
        """What an editor said is the same as one of these items. Read once, as editors say little;
        a word that was said since is found out when the plan is made."""
        if self._partners is None:
            self._partners = {}
            for one, other in (v.pair for v in self.store.verdicts() if v.same):
                self._partners.setdefault(one, set()).add(other)
                self._partners.setdefault(other, set()).add(one)
        found = {other for one in item_ids for other in self._partners.get(one, ())}
        self.neighbours.places(found)
        return found

    def _fellows(self, item_ids: Iterable[int]) -> set[int]:
        """All members of the stories that hold one of these items."""
        story_of = self.neighbours.story_of
        stories = {story for one in item_ids if (story := story_of[one]) is not None}
        if unknown := {story for story in stories if story not in self._members}:
            for story, members in self.store.member_ids(unknown).items():
                self._members[story] = members
                story_of.update(dict.fromkeys(members, story))
        return {member for story in stories for member in self._members[story]}

    # --- decisions --------------------------------------------------------------------------------

    def _fold_together(self, batch: Sequence[_Component]) -> None:
        """Decide these components and write them at once. What was read is checked when the plan is
        written: where another process changed it meanwhile each is read and decided anew."""
        plans = self._plans(batch)
        ready: list[CurationPlan] = []
        for component, plan in zip(batch, plans, strict=True):
            if plan is None:
                self._write_all(ready, batch)
                ready = []
                self._fold_anew(component)
            else:
                ready.append(plan)
        self._write_all(ready, batch)

    def _write_all(self, plans: Sequence[CurationPlan], batch: Sequence[_Component]) -> None:
        if not plans or self._write(_together(plans)):
            return
        for component in batch:
            if any(component.items & plan.read.keys() for plan in plans):
                self._fold_anew(component)

    def _fold_anew(self, component: _Component) -> None:
        """Read a component again and fold it by itself. Raises Conflict when another process
        changes it again and again; the items then stay due."""
        for _ in range(ATTEMPTS):
            self.neighbours.renew(component.items)
            self._members.clear()
            self._partners = None
            component = self._component(component.start)
            (plan,) = self._plans([component], is_alone=True)
            if plan is not None and self._write(plan):
                self.done.update(component.explored)
                return
        raise Conflict(
            f"the stories of {len(component.items)} items were changed by another process again "
            "and again: curate again"
        )

    def _plans(
        self, batch: Sequence[_Component], *, is_alone: bool = False
    ) -> list[CurationPlan | None]:
        """What each component comes to; None where what is known of it is not what is stored, or
        where one of its items might be given the public id of a story of others: then it depends on
        what became of those before, unless the component ``is_alone``."""
        items = {
            one.id: one
            for one in self.store.compared([one for each in batch for one in each.items])
        }
        stories = {one.story_id for one in items.values() if one.story_id is not None}
        public_ids = self.store.public_ids(stories)
        verdicts = self.store.verdicts(list(items))
        living = self._living([(one.feed_id, one.key) for one in items.values()])
        related = self.neighbours.related_to
        self.neighbours.places(
            {other for each in batch for one in each.explored for other in related(one)}
        )
        plans: list[CurationPlan | None] = []
        for component in batch:
            mine = [items[one] for one in component.items if one in items]
            existing = {one.id: one.story_id for one in mine if one.story_id is not None}
            known = Known(
                existing=existing,
                public_ids={story: public_ids[story] for story in set(existing.values())},
                verdicts=[v for v in verdicts if not component.items.isdisjoint(v.pair)],
                taken=_minted(mine) & living.keys(),
            )
            is_sure = is_alone or {living[one] for one in known.taken} <= set(existing.values())
            is_whole = _has_all_told(component, known.verdicts)
            is_known = is_sure and is_whole and self._is_as_read(component, mine)
            plans.append(self._plan(component, mine, known) if is_known else None)
        return plans

    def _is_as_read(self, component: _Component, items: Sequence[Compared]) -> bool:
        known = self.neighbours
        return len(items) == len(component.items) and all(
            known.revs.get(one.id, one.rev) == one.rev and known.story_of[one.id] == one.story_id
            for one in items
        )

    def _plan(self, component: _Component, items: Sequence[Compared], known: Known) -> CurationPlan:
        ids = sorted(component.items)
        days = {one.id: one.day for one in items}
        decided = self.neighbours.decided(ids)
        # Of pairs that are decided no features are asked for.
        open_ids = {one for pair in combinations(ids, 2) if pair not in decided for one in pair}
        facts = self.neighbours.features_as_read([one for one in items if one.id in open_ids])
        plan = fold_component(
            items,
            features=facts,
            boilerplate_leads=self.neighbours.boilerplate({f.lead_key for f in facts.values()}),
            authority=self.authority,
            known=known,
            strangers=self.neighbours.strangers(ids) if len(ids) > 1 else (),
            decided=decided,
        )
        return replace(
            plan,
            read={one.id: (one.rev, one.story_id) for one in items},
            told=frozenset(known.verdicts),
            stories=tuple(
                replace(
                    draft,
                    related_item_ids=self._related(
                        {one: days[one] for one in draft.item_ids if one in component.explored},
                        draft.related_item_ids,
                    ),
                )
                for draft in plan.stories
            ),
            # An item whose own neighbours were not looked up stays due.
            curated={one: rev for one, rev in plan.curated.items() if one in component.explored},
        )

    def _related(self, members: Mapping[int, date], within: Sequence[int]) -> tuple[int, ...]:
        """What is shown beside a story with these members (with their days): what its component says
        (``within``), and what else resembles one of them, those of the nearest days first."""
        known = self.neighbours
        if not within and len(members) == 1:
            (only,) = members
            return known.related_to(only)[:RELATED_MAX]
        others = {other for one in members for other in known.related_to(one)}
        others.difference_update(within, members)
        if len(others) + len(within) <= RELATED_MAX:
            return (*within, *sorted(others))
        day = min(members.values())
        near = sorted(
            known.places(others).values(),
            key=lambda place: (abs(place.day - day), rank_of(place.feed_id, place.key)),
        )
        return (*within, *(place.id for place in near))[:RELATED_MAX]

    def _write(self, plan: CurationPlan) -> bool:
        """Write a plan and remember what became of its items; False where it was stale."""
        try:
            ids = self.store.apply_curation(plan, self.clock.now())
        except Conflict:
            return False
        self.stories += len(ids)
        for story in plan.emptied:
            self._members.pop(story, None)
        for story, draft in zip(ids, plan.stories, strict=True):
            self._members[story] = draft.item_ids
            self.neighbours.story_of.update(dict.fromkeys(draft.item_ids, story))
        return True

    def _living(self, entries: Iterable[tuple[str, str]]) -> dict[str, int]:
        """The public ids that entries (feed id and key) would be given and that living stories bear,
        with these stories."""
        plain = {mint_public_id(*entry): entry for entry in entries}
        taken = self.store.living_stories(plain)
        if not taken:
            return taken
        further = [mint_public_id(*plain[one], salt) for one in taken for salt in range(1, SALTS)]
        return taken | self.store.living_stories(further)


def _has_all_told(component: _Component, verdicts: Iterable[Verdict]) -> bool:
    """Whether the component holds whatever an editor said is the same as an item whose neighbours
    were looked up."""
    return all(
        component.items.issuperset(verdict.pair)
        for verdict in verdicts
        if verdict.same and not component.explored.isdisjoint(verdict.pair)
    )


def _minted(items: Iterable[Compared]) -> set[str]:
    return {mint_public_id(one.feed_id, one.key, salt) for one in items for salt in range(SALTS)}


def _together(plans: Sequence[CurationPlan]) -> CurationPlan:
    """Plans of components that have nothing in common, as one."""
    return CurationPlan(
        stories=tuple(draft for plan in plans for draft in plan.stories),
        emptied=tuple(story for plan in plans for story in plan.emptied),
        curated={one: rev for plan in plans for one, rev in plan.curated.items()},
        read={one: what for plan in plans for one, what in plan.read.items()},
        told=frozenset(verdict for plan in plans for verdict in plan.told),
    )
