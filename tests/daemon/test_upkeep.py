"""What is thrown away in time is missed by nothing that is published."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from aggregator.daemon.tick import RunningDesk
from aggregator.services.editing.draft import draft_of
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.http import Answer, serve
from tests.fixtures.program import MARCH_4, RELEASE, opened

YEARS = timedelta(days=2000)


def test_the_site_is_the_same_after_upkeep(tmp_path: Path) -> None:
    """Byte for byte, with an issue on it: visits and documents went, nothing else did."""
    with serve(Answer(body=RELEASE)) as office, opened(tmp_path, office.port, now=MARCH_4) as app:
        app.sync()

        async def go() -> None:
            desk = RunningDesk.open(app)
            try:
                await desk.tick(rebuild=True)
            finally:
                await desk.aclose()

        asyncio.run(go())
        publish_issue(app.desk, app.press, number=draft_of(app.desk, None).number)
        app.housekeeper.build_if_due(anyway=True)
        before = {one: one.read_bytes() for one in app.public.rglob("*") if one.is_file()}
        later = app.clock.now() + YEARS
        gone = app.store.throw_away(now=later, payloads_before=later)
        assert gone["visits"] > 0
        assert gone["payloads"] > 0
        assert 0 == app.housekeeper.build_if_due(anyway=True)
        after = {one: one.read_bytes() for one in app.public.rglob("*") if one.is_file()}
        assert before == after
