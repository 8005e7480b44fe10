"""How feeds are, as command line, page and digest tell it."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.catalogue import Catalogue
from aggregator.domain.errors import AggregatorError, FetchError, ReadError
from aggregator.domain.health import Condition, Evidence, Health
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import FeedState, Move, Rhythm
from aggregator.services.desk import Desk
from aggregator.services.reports.feed_reports import (
    MANY,
    FeedReport,
    health_of,
    health_of_code,
    height_of,
    last_days,
    report_feeds,
    rhythm_words,
    worst_first,
)
from tests.fixtures.records import NOW, make_feed, make_visit

CATALOGUE = Catalogue.load()


def state_of(health: Health = Health.NEW, **changes: object) -> FeedState:
    """The state of a feed that is found in one."""
    return FeedState(feed_id="molit", condition=Condition(health=health), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("health", [health for health in Health if health is not Health.OFF])
def test_what_is_stored_is_told(health: Health) -> None:
    """The state is decided at the visit, not here."""
    assert health is health_of(make_feed(), state_of(health))


def report_of(health: Health, status: int | None = None, says: str = "") -> FeedReport:
    """A feed in a state, with what its last visit saw."""
    condition = Condition(health=health, says=says, evidence=Evidence(status=status))
    state = FeedState(feed_id="molit", condition=condition)
    return FeedReport(feed=make_feed(), state=state, health=health, days={})


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "name and password"),
        (404, "aggregator discover"),
        (400, "what a browser sends"),
        (405, "what a browser sends"),
        (408, "again by itself"),
        (425, "again by itself"),
        (500, "again by itself"),
        (503, "again by itself"),
        (599, "again by itself"),
        (206, "aggregator check"),
        (300, "aggregator check"),
        (None, "aggregator check"),
    ],
)
def test_what_to_do_depends_on_the_status(status: int | None, words: str) -> None:
    """Whose turn it is, the operator's or the server's, is told by its class."""
    advice = report_of(Health.HTTP_ERROR, status).advice

    assert words in CATALOGUE.text(advice, "en")


def test_an_exception_is_proposed_where_it_would_help() -> None:
    """Not for what no exception can name, and not for metadata addresses."""
    private = report_of(
        Health.BLOCKED_ADDRESS, says='(allow_private = ["10.0.0.1:80"] would permit it)'
    )
    metadata = report_of(Health.BLOCKED_ADDRESS, says="a leads to 169.254.169.254, no feed's")

    assert "allow_private" in CATALOGUE.text(private.advice, "en")
    assert "allow_private" not in CATALOGUE.text(metadata.advice, "en")


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (401, "login wanted"),
        (404, "not found"),
        (405, "request rejected"),
        (408, "server error"),
        (500, "server error"),
        (304, "error status"),
        (None, "error status"),
    ],
)
def test_an_error_status_is_named_by_whose_fault_it_is(status: int | None, name: str) -> None:
    """A missing address is no error of the server."""
    report = report_of(Health.HTTP_ERROR, status)

    assert name == CATALOGUE.text(report.name, "en")
    assert report.meaning in CATALOGUE.texts


@pytest.mark.parametrize("health", set(Health) - {Health.HTTP_ERROR, Health.BLOCKED_ADDRESS})
def test_other_states_have_one_advice(health: Health) -> None:
    """Whatever was seen."""
    assert f"health.{health}.do" == report_of(health, 404).advice


def test_the_configuration_switches_off_and_on() -> None:
    """Whatever was found at the last visit."""
    assert Health.OFF is health_of(make_feed(active=False), state_of(Health.HTML))
    assert Health.NEW is health_of(make_feed(), state_of(Health.OFF))


@pytest.mark.parametrize(
    ("code", "health"),
    [
        (None, Health.OK),
        ("timeout", Health.SLOW),
        ("bad_status", Health.HTTP_ERROR),
        ("html_page", Health.HTML),
        ("certificate", Health.CERTIFICATE),
        ("from_the_future", Health.HTTP_ERROR),
    ],
)
def test_what_was_stored_before_states_were_is_told_by_its_error(
    code: str | None, health: Health
) -> None:
    """Until its next visit."""
    assert health is health_of(make_feed(), state_of(error_code=code, last_try_at=NOW))


def codes(error: type[AggregatorError]) -> set[str]:
    """The code of an error and of all below it."""
    return {error.code}.union(*(codes(narrower) for narrower in error.__subclasses__()))


@pytest.mark.parametrize("code", sorted(codes(FetchError) | codes(ReadError)))
def test_every_fault_of_a_feed_is_an_illness(code: str) -> None:
    """None of them passes for well."""
    assert health_of_code(code).is_ill


def test_the_worst_come_first() -> None:
    """In the written order; equals as they came."""
    made = [
        FeedReport(feed=make_feed(name), state=state_of(), health=health, days={})
        for name, health in (("a", Health.OK), ("b", Health.SLOW), ("c", Health.OK))
    ]
    assert ["b", "a", "c"] == [report.feed.id for report in worst_first(made)]


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (Rhythm(), "not known yet"),
        (Rhythm(working=3 / 11, working_hours=110, off_hours=226), "about 3 a working day"),
        (Rhythm(working=1 / 55, working_hours=110, off_hours=226), "about 1 a week"),
        (Rhythm(working=1 / 200, working_hours=110, off_hours=226), "about 1 a month"),
        (Rhythm(off=1 / 24, working_hours=110, off_hours=226), "about 1 a working day"),
        (Rhythm(working=1e-9, working_hours=110, off_hours=226), "less than one a month"),
        (Rhythm(working=9.0, working_hours=10, off_hours=13), "not known yet"),
    ],
)
def test_a_rhythm_is_told_in_words(rhythm: Rhythm, words: str) -> None:
    """In the unit in which there is at least one."""
    assert words == rhythm_words(rhythm, CATALOGUE, "en")


def test_the_last_days_are_those_of_seoul() -> None:
    """Late in the evening in London it is tomorrow there."""
    late = datetime(2024, 3, 4, 16, tzinfo=NOW.tzinfo)
    days = last_days(late)

    assert (60, date(2024, 3, 5)) == (len(days), days[-1])
    assert [timedelta(days=1)] * 59 == [b - a for a, b in itertools.pairwise(days)]


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 40))
def test_more_items_are_no_lower(one: int, other: int, most: int) -> None:
    """Nothing is nothing, something is seen, and a lot is bounded."""
    low, high = sorted((one, other))
    assert height_of(low, most) <= height_of(high, most) <= most
    assert (low > 0) == (height_of(low, most) > 0)
    assert most == height_of(MANY, most)


def test_a_move_is_one_that_visits_follow() -> None:
    """And that the configuration does not know yet."""

    def moved_to(move: Move | None) -> str:
        report = FeedReport(
            feed=make_feed(url="https://a.example/"),
            state=state_of(Health.OK, move=move),
            health=Health.OK,
            days={},
        )
        return report.moved_to

    assert "" == moved_to(None)
    assert "" == moved_to(Move(url="https://b.example/", kept=False))
    assert "https://b.example/" == moved_to(Move(url="https://b.example/", kept=True))
    assert "" == moved_to(Move(url="https://a.example/", kept=True))


@pytest.mark.parametrize(
    ("proxy", "shown"),
    [
        ("", ""),
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("http://kim:s3cret@proxy.example:3128", "http://proxy.example:3128"),
    ],
)
def test_a_proxy_is_told_without_its_password(proxy: str, shown: str) -> None:
    """Where visits pass is no secret; who may is."""
    report = FeedReport(feed=make_feed(proxy=proxy), state=state_of(), health=Health.NEW, days={})
    assert shown == report.proxy


def test_reports_are_of_the_configured_feeds(desk: Desk) -> None:
    """In their order, each with its own days; or of those that are asked for."""
    at = datetime(2024, 3, 4, 9, tzinfo=SEOUL)
    for feed_id in ("msit", "molit"):
        desk.store.record_visit(FeedState(feed_id=feed_id), make_visit(feed_id, at))

    reports = report_feeds(desk, at)
    assert [feed.id for feed in desk.feeds] == [report.feed.id for report in reports]
    assert ["molit", "msit"] == [report.feed.id for report in reports if report.days]
    (only,) = report_feeds(desk, at, ["msit"])
    assert [("msit", date(2024, 3, 4))] == [(day.feed_id, day.day) for day in only.days.values()]
