"""The daemon and its hub: the whole round, from a changed source to what a subscriber is handed."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
from lxml import etree

from aggregator.bootstrap import App, open_app
from aggregator.daemon.tick import RunningDesk
from aggregator.domain.errors import StoreBusy
from aggregator.web.app import make_web_app
from tests.fixtures.http import Answer, serve
from tests.fixtures.hubs import hubbing, links_of
from tests.fixtures.program import MARCH_4, RELEASE, write_config
from tests.fixtures.serving import Reply, fetch, served

BASE = "https://newsletter.example"
NS = {"a": "http://www.w3.org/2005/Atom"}


def opened(folder: Path, office: int, hub: str) -> App:
    """The program with its feeds at ``office`` and this hub, its clock running."""
    file = write_config(folder, office)
    text = file.read_text(encoding="utf-8").replace("http://hub.example/", hub)
    port = hub.rpartition(":")[2].partition("/")[0]
    text = text.replace("allow_private = [", f'allow_private = ["127.0.0.1:{port}", ', 1)
    file.write_text(text, encoding="utf-8")
    return open_app(file, now=MARCH_4, environ={}, running=True)


def tick(app: App, **asked: bool) -> None:
    """One tick of a desk that is opened for it."""
    app.sync()

    async def go() -> None:
        desk = RunningDesk.open(app)
        try:
            await desk.tick(**asked)
        finally:
            await desk.aclose()

    asyncio.run(go())


def test_a_hub_hands_a_subscriber_what_is_new(tmp_path: Path) -> None:
    """Pinged, it asks the program's own server for the feed, finds itself and the feed's address in
    header and body, and has the new story in its hands."""
    looked: dict[str, Reply] = {}
    served_at: list[int] = []

    def look(topic: str) -> None:
        looked[topic] = fetch(served_at[0], topic.removeprefix(BASE))

    with serve(Answer(body=RELEASE)) as office, hubbing(look=look) as hub:
        app = opened(tmp_path, office.port, hub.url)
        with served(make_web_app(lambda: app)) as port:
            served_at.append(port)
            tick(app)
            tick(app)
        app.close()

    reply = looked[f"{BASE}/feed.atom"]
    root = etree.fromstring(reply.body)
    assert 200 == reply.status
    assert {"hub": hub.url, "self": f"{BASE}/feed.atom"} == links_of(reply.headers["link"])
    assert [hub.url] == root.xpath("/a:feed/a:link[@rel='hub']/@href", namespaces=NS)
    assert [f"{BASE}/feed.atom"] == root.xpath("/a:feed/a:link[@rel='self']/@href", namespaces=NS)
    assert "스마트도시 데이터 허브 구축 착수" in reply.body.decode()
    assert sorted(set(hub.topics)) == sorted(hub.topics)


def test_what_was_not_told_before_a_crash_is_told_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are there and the process has died: the next one finds them at its start."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with serve(Answer(body=RELEASE)) as office, hubbing() as hub:
        app = opened(tmp_path, office.port, hub.url)
        with monkeypatch.context() as crashing:
            crashing.setattr("aggregator.services.publishing.publish.queue_pings", die)
            with pytest.raises(KeyboardInterrupt):
                app.housekeeper.build_if_due(anyway=True)
        app.close()
        assert [] == hub.pings

        app = opened(tmp_path, office.port, hub.url)
        tick(app, rebuild=True)
        app.close()

    assert f"{BASE}/feed.atom" in hub.topics


def test_a_hub_that_hangs_holds_no_tick_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tick goes on after a while, and the desk ends without waiting for the hub."""
    monkeypatch.setattr("aggregator.daemon.tick.PATIENCE", 0.2)
    with (
        serve(Answer(body=RELEASE)) as office,
        hubbing(Answer(status=204, pause=60)) as hub,
    ):
        app = opened(tmp_path, office.port, hub.url)
        app.housekeeper.build_if_due(anyway=True)
        started = time.monotonic()
        tick(app)
        app.close()

    assert 30 > time.monotonic() - started


def test_what_fails_in_pinging_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next tick tries again."""
    calls = threading.Semaphore(0)

    async def fail(_: RunningDesk) -> None:
        calls.release()
        raise StoreBusy("locked")

    monkeypatch.setattr(RunningDesk, "_tell_hub", fail)
    with serve(Answer(body=RELEASE)) as office, hubbing() as hub:
        app = opened(tmp_path, office.port, hub.url)
        tick(app)
        tick(app)
        app.close()

    assert calls.acquire(blocking=False)
    assert calls.acquire(blocking=False)
