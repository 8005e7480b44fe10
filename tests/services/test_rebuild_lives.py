"""Random lives of feeds, made again from their beginning or their middle: always what was stored."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.test_rebuild import START, Newsroom, open_newsroom, rss

WORDS = [
    "스마트시티",
    "도시",
    "교통",
    "하천",
    "정비",
    "수출",
    "지원",
    "혁신",
    "계획",
    "점검",
    "자료",
    "구축",
    "해외",
    "협력",
    "공모",
    "선정",
]
FEEDS = ("molit", "seoul", "lx", "msit")
DAYS = (19, 20, 21, 22, 0, 28)
"""Of February 2024; 0 is no date, the last lies ahead at first."""


class Life:
    """Boards that gain releases, correct them, lose them, count anew and move to other hosts."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - the same life at every run
        self.boards: dict[str, list[list[str]]] = {feed: [] for feed in FEEDS}
        self.hosts = {feed: f"https://{feed}.example/v?no=" for feed in FEEDS}
        self.releases: list[tuple[str, str]] = []
        self.count = 0

    def happens(self, chance: float) -> bool:
        return self.dice.random() < chance

    def number(self) -> str:
        self.count += 1
        return str(self.count)

    def release(self) -> tuple[str, str]:
        """A new one, or one that an office has put out already."""
        if self.releases and self.happens(0.4):
            return self.dice.choice(self.releases)
        made = " ".join(self.dice.sample(WORDS, 4)), " ".join(self.dice.choices(WORDS, k=30))
        self.releases.append(made)
        return made

    def document(self, feed: str, step: int) -> bytes:
        board = self.boards[feed]
        for _ in range(self.dice.randint(0, 3)):
            board.insert(0, [self.number(), *self.release(), str(self.dice.choice(DAYS))])
        for each in board:
            if self.happens(0.15):
                each[1] += " 수정"
        if self.happens(0.15):
            self.hosts[feed] = f"https://n{step}.{feed}.example/v?no="
        if self.happens(0.15):
            for each in board:
                each[0] = self.number()
        shown = board[: self.dice.randint(1, 6)]
        return rss(*(self.entry(feed, *each) for each in shown))

    def entry(self, feed: str, number: str, title: str, text: str, day: str) -> str:
        date = f"<pubDate>{day} Feb 2024 09:30:00 +0900</pubDate>" if day != "0" else ""
        return (
            f"<item><title>{title}</title><guid isPermaLink='false'>n-{number}</guid>"
            f"<link>{self.hosts[feed]}{number}</link><description>{text}</description>{date}</item>"
        )

    def visits(self) -> Iterator[tuple[timedelta, dict[str, bytes]]]:
        for step in range(6):
            feeds = self.dice.sample(FEEDS, self.dice.randint(1, len(FEEDS)))
            after = timedelta(minutes=self.dice.choice([1, 30, 60, 600, 4000]))
            yield after, {feed: self.document(feed, step) for feed in feeds}


def live(newsroom: Newsroom, seed: int) -> list[datetime]:
    """Lead a life; the instants of its visits."""
    times = [START]
    for after, served in Life(seed).visits():
        times.append(times[-1] + after)
        newsroom.visit(times[-1], served)
    return times[1:]


@pytest.mark.parametrize("seed", range(4))
def test_a_whole_life_is_made_again(tmp_path: Path, seed: int) -> None:
    """Keys, dates, words, public ids, members and sections, whatever the boards did."""
    newsroom = open_newsroom(tmp_path)
    live(newsroom, seed)

    whole = newsroom.rebuild(tmp_path)
    some = newsroom.rebuild(tmp_path, feeds=("seoul", "lx"))
    newsroom.store.close()

    assert () == whole.differs + some.differs
    assert whole.stored.items.keys() > some.stored.items.keys()


@pytest.mark.parametrize(("seed", "visit"), [(1, 2), (3, 4), (14, 1), (17, 3), (17, 4)])
def test_the_rest_of_a_life_is_made_again(tmp_path: Path, seed: int, visit: int) -> None:
    """What happened before the day is known, also where no revision tells of it."""
    newsroom = open_newsroom(tmp_path)
    since = live(newsroom, seed)[visit]

    rest = newsroom.rebuild(tmp_path, since)
    newsroom.store.close()

    assert () == rest.differs
    assert rest.documents
