"""What the lint says of an issue, kept until something of it changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

from aggregator.bootstrap import App
from aggregator.domain.findings import Finding
from aggregator.issue.lint.publishing import IssueFacts, LinkAnswer, lint_issue
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.linting import ask_links, facts_of

KEPT = 8
"""Issues of which it is remembered what the lint said."""

Made = TypeVar("Made")


class Kept:
    """What was made of an issue, as long as the issue is the same."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = Lock()

    def of(self, app: App, draft: Draft, what: str, make: Callable[[], Made]) -> Made:
        """What ``make`` made of the issue as it stands, under this configuration."""
        key = (what, *state_of(draft), app)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]  # type: ignore[return-value]
        made = make()
        self.put(app, draft, what, made)
        return made

    def put(self, app: App, draft: Draft, what: str, made: object) -> None:
        """Keep something of the issue as it stands in the place of what was made of it before."""
        with self._lock:
            self._made[what, *state_of(draft), app] = made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)


def state_of(draft: Draft) -> tuple[object, ...]:
    """What is another with every change of an issue: its version, and its stories' revisions."""
    revisions = tuple(
        (one.story.public_id, one.story.primary.id, one.story.primary.rev, one.pick.version)
        for one in draft.picked
    )
    return draft.issue.id, draft.issue.version, draft.number, revisions


class Checks:
    """Asks the lint; links only where somebody wants it: these may take minutes."""

    def __init__(self) -> None:
        self._kept = Kept()
        self._asking = Lock()

    def ask_links(self, app: App, draft: Draft) -> bool:
        """Ask whether each link of the issue answers; until the issue changes that is among what was
        found. False where somebody is asking already."""
        if not self._asking.acquire(blocking=False):
            return False
        try:
            facts = facts_of(app.desk, draft, mails=app.letters)
            facts = replace(facts, links=asyncio.run(_answers(app, facts)))
            self._kept.put(app, draft, "lint", lint_issue(facts))
            self._kept.put(app, draft, "asked", app.clock.now())
        finally:
            self._asking.release()
        return True

    def asked_at(self, app: App, draft: Draft) -> datetime | None:
        """When that was; None where nobody has asked since the issue changed."""

        def nobody() -> datetime | None:
            return None

        return self._kept.of(app, draft, "asked", nobody)

    def findings(self, app: App, draft: Draft) -> tuple[Finding, ...]:
        """What the gate before publishing would find."""

        def look() -> tuple[Finding, ...]:
            return lint_issue(facts_of(app.desk, draft, mails=app.letters))

        return self._kept.of(app, draft, "lint", look)


async def _answers(app: App, facts: IssueFacts) -> tuple[LinkAnswer, ...]:
    fetcher = app.new_remembering_fetcher()
    try:
        return await ask_links(fetcher, facts)
    finally:
        await fetcher.aclose()
