"""What comes near something that was never seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aggregator.domain.health import Condition, Health
from aggregator.domain.visits import FeedState
from aggregator.services.answers import never_seen
from aggregator.services.answers.never_seen import common_labels, near_feeds, near_titles
from aggregator.services.answers.search import catch_up
from aggregator.services.desk import Desk
from tests.fixtures.desk import bring, release
from tests.fixtures.records import make_visit

SINCE = date(2024, 2, 1)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("www.molit.go.kr", "molit.go.kr", 3),
        ("news.seoul.go.kr", "www.seoul.go.kr", 3),
        ("molit.go.kr", "msit.go.kr", 0),
        ("a.example.com", "b.example.com", 2),
        ("a.com", "b.com", 0),
        ("www.seongnam.kr", "seongnam.kr", 2),
        ("", "molit.go.kr", 0),
    ],
)
def test_hosts_are_near_beyond_a_public_suffix(one: str, other: str, count: int) -> None:
    """``go.kr`` is no office."""
    assert count == common_labels(one, other) == common_labels(other, one)


def feeds(desk: Desk, words: str, issuers: dict[str, str] | None = None) -> list[str]:
    return [near.report.feed.id for near in near_feeds(desk, issuers or {}, words)]


def test_a_feed_is_near_by_its_host(desk: Desk) -> None:
    """Or by the host of the site that its document names."""
    now = desk.clock.now()
    state = FeedState(feed_id="ulsan", link="https://www.city-of-ulsan.example/")
    desk.store.record_visits([(state, make_visit("ulsan", now))])

    assert ["seoul"] == feeds(desk, "https://m.seoul.example/9")
    assert ["ulsan"] == feeds(desk, "https://city-of-ulsan.example/9")
    assert [] == feeds(desk, "https://elsewhere.example/9")


def test_a_feed_is_near_by_the_body_that_a_title_names(desk: Desk) -> None:
    """By a name of the body, or by its region."""
    assert ["seoul"] == feeds(desk, "서울시 한강 개방", {"서울시": "seoul"})
    assert ["ulsan"] == feeds(desk, "울산시, 한강 개방")
    assert [] == feeds(desk, "한강 개방", {"서울시": "seoul"})


def test_a_feed_that_is_off_comes_last(desk: Desk) -> None:
    """What is visited is nearer."""
    off = replace(desk.feeds[2], id="seoul-old", active=False)
    desk = replace(desk, feeds=(off, *desk.feeds))

    assert ["seoul", "seoul-old"] == feeds(desk, "https://seoul.example/9")


def test_a_near_feed_says_how_it_is(desk: Desk) -> None:
    """Its state, and which days it has."""
    bring(desk, release("seoul", "1", date(2024, 2, 3)), release("seoul", "2"))
    condition = Condition(health=Health.HTML, says="an HTML page")
    now = desk.clock.now()
    state = FeedState(feed_id="seoul", condition=condition, last_try_at=now)
    desk.store.record_visits([(state, make_visit("seoul", now))])

    (near,) = near_feeds(desk, {}, "https://seoul.example/9")

    assert (Health.HTML, "an HTML page") == (near.report.health, near.report.says)
    assert (date(2024, 2, 3), date(2024, 2, 10), 2) == (
        near.first_day,
        near.last_day,
        near.report.items,
    )


@pytest.mark.parametrize(
    "words", ["수원 스마트시티 설계 첫걸음", "스마트시티 설계 수원", "스마트시티설계첫발이다"]
)
def test_a_title_is_near_in_spite_of_slips(desk: Desk, words: str) -> None:
    """Another word, another order, other spaces."""
    bring(desk, release("seoul", "1", title="수원 스마트시티 설계 첫발"))
    bring(desk, release("seoul", "2", title="강릉 바다 축제"))

    assert catch_up(desk.store, seconds=60)

    assert ["수원 스마트시티 설계 첫발"] == [one.title for one in near_titles(desk, words, SINCE)]


def test_what_many_titles_have_tells_none_of_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece that stands in more titles than are looked at is passed over."""
    monkeypatch.setattr(never_seen, "_COMMON", 1)
    bring(desk, release("seoul", "1", title="수원 스마트시티 설계 첫발"))
    bring(desk, release("seoul", "2", title="강릉 스마트시티 축제"))
    assert catch_up(desk.store, seconds=60)

    assert () == near_titles(desk, "스마트시티", SINCE)
    assert ["강릉 스마트시티 축제"] == [
        one.title for one in near_titles(desk, "강릉 스마트시티 축전", SINCE)
    ]


def test_copies_of_one_story_are_one_answer(desk: Desk) -> None:
    """And what lies before the days that are looked at is none."""
    title = "수원 스마트시티 설계 첫발"
    bring(desk, release("seoul", "1", title=title), release("molit", "2", title=f"[석간] {title}"))
    assert catch_up(desk.store, seconds=60)

    assert 1 == len(near_titles(desk, "수원 스마트시티 설계 착수", SINCE))
    assert () == near_titles(desk, "수원 스마트시티 설계 착수", date(2024, 2, 11))


def test_two_letters_say_too_little(desk: Desk) -> None:
    """Everything would be near."""
    bring(desk, release("seoul", "1"))
    assert catch_up(desk.store, seconds=60)

    assert () == near_titles(desk, "시설", SINCE)
