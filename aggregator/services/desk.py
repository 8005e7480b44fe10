"""What every use case needs: the store, the clock, and the configured newsletter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.catalogue import Catalogue
from aggregator.domain.bodies import Body
from aggregator.domain.feeds import DESK_FEED, Feed
from aggregator.domain.issues import Series
from aggregator.domain.publishing import PublishOptions
from aggregator.domain.rules import RuleSet
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The newsroom as configured. ``feeds`` are the configured ones without the desk's own;
    ``actor`` is the name that the log gives to changes."""

    store: Store
    clock: Clock
    series: Series
    feeds: tuple[Feed, ...]
    bodies: Mapping[str, Body]
    rules: RuleSet
    options: PublishOptions
    catalogue: Catalogue
    actor: str = "editor"

    def sync(self) -> None:
        """Mirror the configured feeds into the store; nothing is written where they stand there
        as they are configured."""
        self.store.sync_feeds([*self.feeds, DESK_FEED], self.clock.now())
