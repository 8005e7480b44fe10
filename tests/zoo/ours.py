"""Our own reading of a case, through the services that everything else uses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed
from aggregator.domain.items import Item, When
from aggregator.domain.visits import HostHold, Manners
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.ports.storing import Store
from aggregator.services.trials.inline_reader import InlineReader
from aggregator.services.trials.inspect import inspect_document
from aggregator.services.visits.refresh import Refresher
from aggregator.store.schema import open_store
from aggregator.text.clean import plain_text
from tests.zoo.cases import Case, Found, Held, Said, faults, held_faults


def check(case: Case, folder: Path) -> list[str]:
    """What our reading of a case gets wrong; ``folder`` takes the database of visits."""
    if case.is_over_visits:
        return held_faults(case, hold(case, folder))
    return faults(case, read(case))


def read(case: Case) -> Said:
    """What we say of the document of a case."""
    (file,) = case.files
    try:
        inspected = inspect_document(
            file.read_bytes(),
            feed=_feed(case),
            now=case.now,
            charset=case.charset,
            media_type=case.media_type,
            base_url=case.url,
        )
    except ReadError as error:
        return Said(refused=str(error))
    return Said(
        feed={"title": inspected.parsed.title},
        entries=[_found(item) for item in inspected.items],
        warnings=inspected.warnings,
    )


def hold(case: Case, folder: Path) -> Held:
    """What is stored after all visits of a case, an hour apart.

    A visit that cannot be read is recorded by the refresh like any other failure.
    """
    with _store(folder / f"{case.name}.db") as store:
        feed = _feed(case)
        store.sync_feeds((feed,), case.now)
        script = _Script(case=case, at=case.now)
        refresher = Refresher(store=store, fetcher=script, clock=script, reader=READER)
        changed = 0
        for number in range(len(case.files)):
            script.number, script.at = number, case.now + timedelta(hours=number)
            (report,) = asyncio.run(refresher.refresh((feed,)))
            # A defect of the program must not pass for a case that is read wrong.
            assert not report.error.endswith("in the program"), report.error
            changed = report.visit.changed
        return Held(titles=[stored.item.title for stored in store.items()], changed=changed)


READER = InlineReader(issuer=lambda _name: None)


@dataclass
class _Script:
    """A fetcher that hands out the documents of a case, and the clock that goes with it."""

    case: Case
    at: datetime
    number: int = 0

    def now(self) -> datetime:
        return self.at

    async def fetch(self, request: FetchRequest) -> Fetched:
        return Fetched(
            url=request.url,
            status=200,
            body=self.case.files[self.number].read_bytes(),
            media_type=self.case.media_type,
            charset=self.case.charset,
            etag=None,
            last_modified=None,
        )

    def hold(self, holds: Sequence[HostHold]) -> None:
        """Nobody asks to be left alone."""

    def done_with(self, feed_id: str) -> None:
        """Nothing is held."""

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        """Nobody was visited."""
        return [], []

    async def aclose(self) -> None:
        return None


@contextmanager
def _store(path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{path}")
    try:
        yield store
    finally:
        store.close()


def _feed(case: Case) -> Feed:
    return Feed(
        id="zoo",
        url=case.url,
        title="Zoo",
        body="zoo",
        timezone=case.timezone,
        encoding=case.encoding,
    )


def _found(item: Item) -> Found:
    found: dict[str, Any] = {
        "title": item.title,
        "title_exact": item.title,
        "link": item.link,
        "id": item.guid,
        "summary": item.summary,
        "lead": item.summary,
        "content_text": plain_text(item.content),
        "authors": [person.name for person in item.authors],
        "enclosures": [each.url for each in item.enclosures],
        "attachments": [
            {"url": each.url, "name": each.name, "kind": each.kind} for each in item.attachments
        ],
        "images": [
            {"url": each.url, "alt": each.alt, "licence": each.licence} for each in item.images
        ],
        "licence": item.licence,
        "embargo_until": item.embargo_until.isoformat() if item.embargo_until else None,
        "updated": item.updated.at.isoformat() if item.updated else None,
    }
    return found | _date(item.published)


def _date(when: When | None) -> dict[str, Any]:
    if when is None:
        return {"day": None, "instant": None, "precision": None, "clamped": False}
    return {
        "day": when.day.isoformat(),
        "instant": when.at.isoformat(),
        "precision": when.precision.value,
        "clamped": when.clamped,
    }
