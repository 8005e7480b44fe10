"""The checks of feeds find what they are there for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.domain.publishing import Planet
from tests.fixtures.feed_checks import problems
from tests.fixtures.rendering import render_site

NOW = datetime(2024, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "good", "bad", "named"),
    [
        ("feed.atom", 'rel="self"', 'rel="via"', "MissingSelf"),
        ("feed.atom", "news.example/feed.atom", "news.example/other", "SelfDoesntMatch"),
        ("feed.atom", "story/b2<", "story/a1<", "DuplicateEntries"),
        ("feed.atom", "2024-02-27T00:00:00+09:00<", "2054-02-27T00:00:00+09:00<", "Implausible"),
        ("feed.atom", "2024-02-27T00:00:00+09:00<", "2024-02-27<", "RELAX NG"),
        ("feed.atom", 'type="text">국토부', 'type="text">&lt;b&gt;국토부&lt;/b&gt;', "UndeclaredHTML"),
        ("feed.atom", "&lt;p&gt;전기", "&lt;a href='/x'&gt;전기", "ContainsRelRef"),
        ("feed.atom", "&lt;p&gt;전기", "&lt;script&gt;전기", "SecurityRisk"),
        ("feed.atom", 'length="512"', 'length="0"', "enclosure"),
        ("feed.atom", "<source>", "<other xmlns='urn:x'>", "MissingSourceElement"),
        ("feed.atom", "<entry>", "<entry><logo/>", "RELAX NG"),
        ("feed.rss", 'rel="self"', 'rel="via"', "MissingSelf"),
        ("feed.rss", "<language>ko</language>", "", "language"),
        ("feed.rss", "story/b2<", "story/a1<", "DuplicateEntries"),
        ("feed.rss", 'isPermaLink="false"', 'isPermaLink="true"', "InvalidPermalink"),
        ("feed.json", '"version"', '"versoin"', "schema"),
        ("feed.json", "feed.json", "other.json", "feed_url"),
        ("feed.json", "+09:00", "Z", "Seoul"),
    ],
)  # fmt: skip
def test_a_slip_is_found(planet: Planet, path: str, good: str, bad: str, named: str) -> None:
    """Each by its own name."""
    made = {one.path: one.body.decode() for one in render_site(planet)}
    broken = made[path].replace(good, bad)
    if "other xmlns" in bad:
        broken = broken.replace("</source>", "</other>")
    if "script" in bad:
        broken = broken.replace("&lt;/p&gt;", "&lt;/script&gt;")
    assert broken != made[path]
    found = problems(path, broken.encode(), "https://news.example", NOW)
    assert [line for line in found if named in line], found
