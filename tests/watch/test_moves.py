"""Permanent redirects, believed after three days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aggregator.domain.net import Hop
from aggregator.domain.visits import Move
from aggregator.watch.moves import after_failure, after_feed, permanent_target

OLD, NEW, NEWER = "https://old.example/", "https://new.example/", "https://newer.example/"
DAY = date(2024, 3, 4)


@pytest.mark.parametrize(
    ("statuses", "target"),
    [
        ([301], NEW), ([308], NEW), ([302], ""), ([307], ""), ([301, 302], NEW), ([302, 301], ""),
        ([301, 308], NEWER), ([], ""),
    ],
)  # fmt: skip
def test_only_permanent_redirects_at_the_beginning_count(statuses: list[int], target: str) -> None:
    """What stands behind a temporary one belongs to another day."""
    urls = [OLD, NEW, NEWER][: len(statuses) + 1]
    hops = [Hop(url=url, status=status) for url, status in zip(urls, statuses, strict=False)]
    assert target == permanent_target(hops, urls[-1])


def visits(*days: int, target: str = NEW, move: Move | None = None) -> Move | None:
    for day in days:
        asked = move.url if move and move.kept else OLD
        found = "" if asked == target else target
        move = after_feed(move, asked=asked, target=found, today=DAY + timedelta(days=day))
    return move


def test_three_days_make_it_kept() -> None:
    """Not three visits of one day, but days; they need not follow each other."""
    assert [False, False, False, True] == [
        bool(move and move.kept)
        for move in (visits(0), visits(0, 0, 0), visits(0, 1), visits(0, 1, 5))
    ]


def test_another_target_begins_anew() -> None:
    """A redirect that changes its mind is not believed."""
    move = visits(0, 1, 2, target=NEWER, move=visits(0, 1))
    assert move == Move(url=NEWER, days=(DAY, DAY + timedelta(1), DAY + timedelta(2)), kept=True)
    assert not (visits(0, target=NEWER, move=visits(0, 1)) or Move(url="", kept=True)).kept


def test_a_redirect_that_is_gone_is_forgotten() -> None:
    """The configured address answers by itself again."""
    assert after_feed(visits(0, 1), asked=OLD, target="", today=DAY) is None


def test_a_kept_address_stays_kept() -> None:
    """It answers without a redirect, which is what it is for."""
    kept = visits(0, 1, 2)
    assert kept == visits(3, 4, move=kept)


def test_a_kept_address_that_fails_is_given_up() -> None:
    """After three failures the configured address is tried again; one that was only seen stays."""
    kept, seen = visits(0, 1, 2), visits(0)
    assert [kept, None] == [after_failure(kept, 2), after_failure(kept, 3)]
    assert seen == after_failure(seen, 9)


def test_a_kept_address_that_moves_on_stays_in_force_meanwhile() -> None:
    """The configured one may be long dead; the third day makes the new one kept."""
    kept = visits(0, 1, 2)
    assert kept is not None
    moves = [kept]
    for day in (3, 4, 5):
        after = after_feed(
            moves[-1], asked=moves[-1].url, target=NEWER, today=DAY + timedelta(days=day)
        )
        assert after is not None
        moves.append(after)
    assert [(NEW, True), (NEW, True), (NEW, True), (NEWER, True)] == [
        (move.url, move.kept) for move in moves
    ]
