"""The picture of a feed's days."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue import Catalogue
from aggregator.domain.health import Health
from aggregator.domain.visits import FeedDay
from aggregator.web.day_picture import GROUND, Picture, draw, shade

CATALOGUE = Catalogue.load()
FIRST = date(2024, 2, 28)
DAYS = [FIRST + timedelta(days=number) for number in range(6)]


def day(number: int, **changes: object) -> FeedDay:
    """A day with visits."""
    values = {"visits": 24, **changes}
    return FeedDay(feed_id="molit", day=DAYS[number], **values)  # type: ignore[arg-type]


def drawn(*days: FeedDay, language: str = "en") -> Picture:
    """The picture of these days."""
    return draw({one.day: one for one in days}, DAYS, CATALOGUE, language)


def test_a_day_that_brought_something_is_a_bar() -> None:
    """At its place, from the ground up."""
    assert ("M2 7V1", "", "") == paths(drawn(day(2, new=64)))


def paths(picture: Picture) -> tuple[str, str, str]:
    """The three paths of a picture."""
    return picture.well, picture.remarked, picture.failed


def test_a_day_without_news_is_a_stub() -> None:
    """So that it is told from one without visits."""
    assert ("M1 7v-.4", "", "") == paths(drawn(day(1)))
    assert ("", "", "") == paths(drawn())
    assert ("", "", "") == paths(drawn(day(1, visits=0)))


def test_a_day_with_a_remark_is_a_broken_bar() -> None:
    """High enough to be seen as one, whatever came."""
    assert ("", "M0 7V5", "") == paths(drawn(day(0, health=Health.QUIET)))
    assert ("", "M0 7V1", "") == paths(drawn(day(0, health=Health.MOVED, new=64)))


def test_a_failure_is_a_cross_on_top_of_what_came() -> None:
    """On the ground where nothing did."""
    failed = {"failed": 1, "health": Health.SLOW}
    assert ("", "", "M2.65 5.6l.7 1.2m0-1.2l-.7 1.2") == paths(drawn(day(3, **failed)))
    assert ("M3 7V1", "", "M2.65 0l.7 1.2m0-1.2l-.7 1.2") == paths(drawn(day(3, new=64, **failed)))


def test_days_off_are_shaded() -> None:
    """The 1st of March is a holiday, the 2nd and 3rd of 2024 a weekend."""
    assert "M2 0V7M3 0V7M4 0V7" == shade(DAYS)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "6 days: 2 with releases, 1 failed, last failure 2024.3.1"),
        ("ko", "6일 가운데 새 소식 2일, 실패 1일, 마지막 실패 2024.3.1"),
    ],
)
def test_the_same_in_words(language: str, label: str) -> None:
    """For those who do not see it."""
    days = day(0, new=3), day(1), day(2, new=1, failed=2)
    assert label == drawn(*days, language=language).label


def test_words_for_a_feed_that_is_well_or_was_not_visited() -> None:
    """No failure is said to be none."""
    assert "6 days: 1 with releases, none failed" == drawn(day(0, new=3)).label
    assert "6 days: not visited" == drawn().label


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            day,
            st.integers(0, 5),
            new=st.integers(0, 10**6),
            failed=st.integers(0, 24),
            health=st.sampled_from(Health),
        )
    )
)
def test_nothing_is_drawn_outside(days: list[FeedDay]) -> None:
    """However many items came: between the top and the ground, and small."""
    for path in paths(drawn(*days)):
        assert len(path) < 40 * len(DAYS)
        found = re.findall(r"M[-\d.]+ ([\d.]+)l|V([\d.]+)", path)
        tops = [float(cross or bar) for cross, bar in found]
        assert all(0 <= top <= GROUND for top in tops)
