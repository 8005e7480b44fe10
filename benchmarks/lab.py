"""The rule lab on a large store: ``python -m benchmarks.lab --help``.

Stories are made up of filler and of words of the shipped rules, each of one item with a headline, a
lead and a text of some paragraphs. What is measured, in processor time, is one run of the lab with a changed threshold
and a new word: reading, placing, and the report; and the most memory that the process had.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.calendar.clocks import FixedClock
from aggregator.config import load_config
from aggregator.domain.items import SEOUL, Item, Precision, When
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import CurationPlan, Membership, StoryDraft
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.ports.refreshing import RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.lab.lab import Lab, span_of
from aggregator.services.lab.rule_trials import with_word
from aggregator.services.lab.rulebook import Rulebook
from aggregator.store.schema import open_store

SHIPPED = Path(__file__).parents[1] / "feeds.toml"
NOW = datetime(2024, 3, 4, 1, tzinfo=UTC)
DAYS = 365
BATCH = 500
_FILLER = (
    "주민 설명회 개최 지역 경제 회복 위한 현장 점검 나서 시민 의견 수렴 올해 예산 편성 복지 시설 확충 업무 보고 환경 정비 추진 "
    "청년 일자리 마련 문화 행사 안내 하천 공사 착수 안전 관리 강화 교육 과정 운영 관광객 맞이 준비 상황 공유"
)
_FILLER_WORDS = tuple(_FILLER.split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the store, run the lab once, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.lab")
    parser.add_argument("--stories", type=int, default=20_000)
    asked = parser.parse_args(arguments)
    config = load_config(SHIPPED, {})
    live = Rulebook(
        rules=config.rules, series=config.series, feeds=config.feeds, bodies=config.bodies
    )
    with TemporaryDirectory(prefix="lab-benchmark-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'lab.db'}")
        try:
            store.sync_feeds(live.feeds, NOW)
            _fill(store, live, asked.stories)
            _measure(store, live)
        finally:
            store.close()
    return 0


def _measure(store: Store, live: Rulebook) -> None:
    lab = Lab(
        store=store,
        clock=FixedClock(NOW),
        live=live,
        other=replace(live, rules=_changed(live.rules)),
    )
    started = time.process_time()
    live.curator(store, lab.clock).curate()
    took = time.process_time() - started
    print(f"placed by the daemon's code in {took:.1f} s")  # noqa: T201
    before = _memory()
    started = time.process_time()
    span = span_of(store, NOW.astimezone(SEOUL).date(), since=None, until=None)
    report = lab.run(span, examples=5)
    took = time.process_time() - started
    moved = sum(move.count for move in report.moves)
    rate = report.stories / took
    told = f"{report.stories} stories in the lab in {took:.1f} s, {rate:.0f} a second"
    print(f"{told}; {moved} elsewhere; {before} MiB before, {_memory()} at most")  # noqa: T201


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _changed(rules: RuleSet) -> RuleSet:
    sections = tuple(
        replace(one, threshold=one.threshold + 2) if one.id == "trend" else one
        for one in rules.sections
    )
    return replace(with_word(rules, "semi", "하천"), sections=sections)


def _fill(store: Store, live: Rulebook, many: int) -> None:
    chance = random.Random(48)  # noqa: S311 - the same store each time, nothing secret
    words = [w for group in live.rules.groups for w in group.words if not w.startswith("re:")]
    feeds = [feed.id for feed in live.feeds][:100]
    for start in range(0, many, BATCH):
        items = [
            _item(chance, words, feeds[number % len(feeds)], number)
            for number in range(start, min(start + BATCH, many))
        ]
        for feed_id in dict.fromkeys(item.feed_id for item in items):
            mine = tuple(item for item in items if item.feed_id == feed_id)
            plan = RefreshPlan(feed_id=feed_id, seen_at=NOW, new=mine)
            visit = Visit(feed_id=feed_id, started_at=NOW, milliseconds=1, outcome=Outcome.FETCHED)
            store.apply_refresh(plan, FeedState(feed_id=feed_id), visit)
        new = store.uncurated_ids()
        plan_ = CurationPlan(stories=tuple(map(_story, new)), curated=dict.fromkeys(new, 1))
        store.apply_curation(plan_, NOW)


def _story(item_id: int) -> StoryDraft:
    return StoryDraft(
        id=None,
        public_id=f"{item_id:016x}",
        item_ids=(item_id,),
        memberships=(Membership(item_id=item_id, rule="first"),),
    )


def _item(chance: random.Random, words: Sequence[str], feed_id: str, number: int) -> Item:
    def text(length: int, share: float) -> str:
        return " ".join(
            chance.choice(words) if chance.random() < share else chance.choice(_FILLER_WORDS)
            for _ in range(length)
        )

    day = date(2024, 3, 4) - timedelta(days=chance.randrange(DAYS))
    paragraphs = "".join(f"<p>{text(60, 0.02)}.</p>" for _ in range(5))
    return Item(
        feed_id=feed_id,
        key=str(number),
        guid=str(number),
        link=f"https://{feed_id}.example/{number}",
        canonical_url=f"https://{feed_id}.example/{number}",
        title=text(9, 0.1),
        summary=text(40, 0.03),
        content=paragraphs,
        body=feed_id.partition("-")[0],
        language="ko",
        published=When(
            at=datetime(day.year, day.month, day.day, tzinfo=SEOUL), precision=Precision.DAY
        ),
        hash=str(number),
    )


if __name__ == "__main__":
    sys.exit(main())
