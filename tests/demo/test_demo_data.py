"""The demo's data: what it promises to hold, and that it is written in the shapes it claims."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.demo.documents import Release, document, releases, styles
from aggregator.demo.script import demo_config, feed_titles, glossary_file
from aggregator.domain.items import SEOUL

ROOT = Path(__file__).parents[2]
MARK = "# --- rules ---\n"


def everything() -> list[tuple[str, Release]]:
    return [(feed, release) for feed in styles() for release in releases(feed)]


def kinds() -> Counter[str]:
    return Counter(release.label.partition(":")[0] for _, release in everything())


def test_some_four_hundred_releases_of_many_bodies() -> None:
    """At least 25 bodies, 40 true releases beside the issue's own, 120 near misses."""
    feeds = tomllib.loads(demo_config(1))["feeds"]

    assert len({feed["body"] for feed in feeds}) >= 25
    assert 380 <= len(everything()) <= 460
    assert kinds()["true"] >= 40
    assert kinds()["near"] >= 120
    assert kinds()["everyday"] >= 100


def test_every_format_and_encoding_is_served() -> None:
    """RSS 2.0, RSS 1.0, Atom, an interface, a board; UTF-8, EUC-KR, CP949; three bodies in English."""
    formats = {source.format for source in styles().values()}
    assert {"rss2", "rss1", "atom", "press_api", "board"} == formats
    assert {"utf-8", "euc-kr", "cp949"} == {source.encoding for source in styles().values()}
    assert 3 == sum(language == "en" for _, language in feed_titles().values())


def test_no_release_lies_in_the_future_of_the_demo() -> None:
    """The demo's clock starts on 4 March 2024 at ten."""
    start = datetime(2024, 3, 4, 10, tzinfo=SEOUL)
    late = [
        (feed, release.id)
        for feed, release in everything()
        if (isinstance(release.at, datetime) and release.at > start)
        or (
            isinstance(release.at, date)
            and not isinstance(release.at, datetime)
            and release.at > start.date()
        )
    ]

    assert [] == late


@pytest.mark.parametrize("feed", list(styles()))
def test_a_document_is_in_the_encoding_it_is_meant_to_be_in(feed: str) -> None:
    """Each title can be read back from the bytes."""
    title, language = feed_titles()[feed]

    text = document(feed, title, language).decode(styles()[feed].encoding)

    name = "charset" if styles()[feed].is_board else "encoding"
    assert f'{name}="{styles()[feed].claimed}"' in text
    for release in releases(feed):
        assert release.id in text


def test_the_demo_uses_the_shipped_rules_word_for_word() -> None:
    """``scripts/sync-demo-rules`` copies them."""
    shipped = (ROOT / "feeds.toml").read_text(encoding="utf-8").partition(MARK)[2]
    demo = (ROOT / "aggregator/demo/feeds.toml").read_text(encoding="utf-8").partition(MARK)[2]

    assert shipped == demo


def test_the_demo_has_the_shipped_glossary() -> None:
    """Names are rendered alike in both."""
    assert (ROOT / "glossary.toml").read_text(encoding="utf-8") == glossary_file()


def test_the_demo_has_the_shipped_series(tmp_path: Path) -> None:
    """Same newsletter, same sections, same numbers."""
    path = tmp_path / "feeds.toml"
    (tmp_path / "glossary.toml").write_text(glossary_file(), encoding="utf-8")
    path.write_text(demo_config(1), encoding="utf-8")

    assert load_config(ROOT / "feeds.toml", {}).series == load_config(path, {}).series


def test_a_feed_can_be_left_out(tmp_path: Path) -> None:
    """Its block is gone and everything else stands."""
    path = tmp_path / "feeds.toml"
    (tmp_path / "glossary.toml").write_text(glossary_file(), encoding="utf-8")
    path.write_text(demo_config(1, ["seoul", "under-maintenance"]), encoding="utf-8")

    left = {feed.id for feed in load_config(path, {}).feeds}

    assert {"seoul", "under-maintenance"} == {
        feed["id"] for feed in tomllib.loads(demo_config(1))["feeds"]
    } - left
