"""Metrics: what docs/metrics.md says is what is there, and a tick counts."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.bootstrap import App
from aggregator.daemon.tick import RunningDesk
from aggregator.domain.errors import StoreUnavailable
from aggregator.domain.mailing import Outcome as MailOutcome
from aggregator.domain.visits import Chore, Outcome
from aggregator.web.doors.roles import ROLES
from tests.fixtures.asking import Page, ask
from tests.fixtures.http import Answer, serve
from tests.fixtures.program import RELEASE, opened
from tests.fixtures.records import NOW, make_visit

DOCS = Path(__file__).parents[2] / "docs/metrics.md"
LINE = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| (\w+)", re.MULTILINE)


def documented() -> dict[str, str]:
    """Name and type of each metric of the document; those of the process without a type."""
    found = {}
    for names, kind in LINE.findall(DOCS.read_text(encoding="utf-8")):
        for name in re.findall(r"`((?:aggregator|process)_\w+)`", names):
            found[name] = "" if name.startswith("process_") else kind
    return found


def families(page: Page) -> dict[str, str]:
    """Name and type of each metric of an answer, as the document writes them."""
    found = {}
    for one in text_string_to_metric_families(page.text):
        name = f"{one.name}_total" if one.type == "counter" else one.name
        found[name] = "" if name.startswith("process_") else one.type
    return found


def samples(page: Page, name: str) -> dict[tuple[str, ...], float]:
    """The values of a metric by the values of its labels, in the order of their names."""
    return {
        tuple(one.labels[label] for label in sorted(one.labels)): one.value
        for family in text_string_to_metric_families(page.text)
        for one in family.samples
        if one.name == name
    }


def metrics(app: App) -> Page:
    """What a program on this machine reads."""
    page = ask(app, "/metrics", host="127.0.0.1:8080")
    assert 200 == page.status, page.text
    return page


def use_all(app: App) -> None:
    """Count one of everything."""
    app.meter.ticked(seconds=1.5, failed=False, at=NOW)
    for chore in (Chore.DRAFT, Chore.BUILD, Chore.MAINTENANCE):
        app.meter.did_chore(chore, seconds=0.5, failed=True)
    for outcome in Outcome:
        app.meter.visited(make_visit(outcome=outcome, new=2, changed=1, body_bytes=10))
    app.meter.curated(items=3, placed=2, seconds=0.1)
    for one in MailOutcome:
        app.meter.mailed(one)
    app.meter.pinged(taken=4, refused=1)
    app.meter.told("mail", failed=True)


def tick(app: App) -> None:
    """One tick of a desk that is opened for it."""
    app.sync()

    async def go() -> None:
        desk = RunningDesk.open(app)
        try:
            await desk.tick(rebuild=True)
        finally:
            await desk.aclose()

    asyncio.run(go())


def test_the_document_names_every_metric_and_no_other(tmp_path: Path) -> None:
    """With its type."""
    with opened(tmp_path, 1) as app:
        app.sync()
        use_all(app)
        assert documented() == families(metrics(app))


def test_verbs_that_do_not_serve_load_nothing_of_it() -> None:
    """Each would pay for the import."""
    asked = "import sys, aggregator.cli.doctor, aggregator.bootstrap, aggregator.web.app"
    told = f"{asked}; print('prometheus_client' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], check=True, capture_output=True, text=True, timeout=60
    )
    assert "False\n" == done.stdout


def test_a_counter_grows_by_what_was_done(tmp_path: Path) -> None:
    """Once for each visit, with what it brought."""
    with opened(tmp_path, 1) as app:
        app.sync()
        use_all(app)
        page = metrics(app)
        visits = {(outcome.value,): 1.0 for outcome in Outcome}
        assert visits == samples(page, "aggregator_visits_total")
        assert {("new",): 10.0, ("changed",): 5.0} == samples(page, "aggregator_items_total")
        assert {("taken",): 4.0, ("refused",): 1.0} == samples(page, "aggregator_pings_total")
        failed = {("failed", "mail"): 1.0}
        assert failed == samples(page, "aggregator_digests_total")


def test_values_of_labels_are_bounded(tmp_path: Path) -> None:
    """Whatever is asked for: routes are those of the table, and no sample names a feed."""
    with opened(tmp_path, 1) as app:
        app.sync()
        use_all(app)
        for number in range(20):
            ask(app, f"/wp-login-{number}.php")
            ask(app, f"/status/{number}")
        page = metrics(app)
        routes = {name for (name, _) in samples(page, "aggregator_http_requests_total")}
        assert routes <= {name for name, _ in ROLES} | {"none"}
        assert {"public", "status_feed"} <= routes
        assert "molit" not in page.text


def test_a_tick_shows(tmp_path: Path) -> None:
    """Its visit, its chores and its end; the figures of the store with them."""
    with serve(Answer(body=RELEASE)) as office, opened(tmp_path, office.port) as app:
        tick(app)
        page = metrics(app)

        def value(name: str, *labels: str) -> float:
            return samples(page, f"aggregator_{name}")[labels]

        feeds = len([feed for feed in app.desk.feeds if feed.active])
        assert value("visits_total", "fetched") == feeds
        assert value("ticks_total", "ok") == 1
        assert value("chores_total", "build", "ok") == 1
        assert value("items_total", "new") == value("curated_items_total") > 0
        assert value("feeds", "ok") == feeds
        assert value("feeds_due") == 0
        assert value("store_bytes") > 0
        now = app.clock.now().timestamp()
        assert now - 60 < value("last_tick_timestamp_seconds") <= now
        assert now - 60 < value("chore_done_timestamp_seconds", "build") <= now


def test_a_due_feed_is_late(tmp_path: Path) -> None:
    """One that nobody visited yet has no time, and so no lateness."""
    with opened(tmp_path, 1) as app:
        app.sync()
        page = metrics(app)
        assert {(): len(app.desk.feeds)} == samples(page, "aggregator_feeds_due")
        assert {(): 0.0} == samples(page, "aggregator_feeds_oldest_lateness_seconds")


def test_a_store_that_is_away_leaves_the_counters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says so; nothing of the store is made up."""

    def away(*_: object) -> Mapping[str, object]:
        raise StoreUnavailable("the database is away")

    with opened(tmp_path, 1) as app:
        app.sync()
        monkeypatch.setattr(type(app.desk.store), "feed_states", away)
        page = metrics(app)
        assert {(): 0.0} == samples(page, "aggregator_store_up")
        assert "aggregator_feeds" not in families(page)
        assert "aggregator_ticks_total" in families(page)
