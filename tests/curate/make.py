"""Items made from the few fields that a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aggregator.curate.copies.features import FeatureContext, Features, Outline, features, outline
from aggregator.curate.copies.fingerprints import fingerprints, keys_of
from aggregator.domain.feeds import Carries
from aggregator.domain.items import Item, StoredItem, When

NINE = datetime(2026, 7, 6, 0, 0, tzinfo=UTC)
LEAD = (
    "국토교통부는 지방자치단체가 데이터를 함께 쓰도록 표준을 정하고 내년까지 모든 시도에 보급한다고 밝혔다. "
    "이를 위해 관계기관 협의체를 꾸려 기술 지원과 예산을 함께 챙길 계획이다."
)


def make_item(
    number: int = 1,
    title: str = "스마트도시 데이터 표준 마련",
    *,
    summary: str = "",
    body: str = "molit",
    feed: str = "molit-press",
    hours: float = 0,
    url: str = "",
    key: str = "",
) -> StoredItem:
    link = url or f"https://press.example/view?seq={number}"
    at = NINE + timedelta(hours=hours)
    return StoredItem(
        id=number,
        item=Item(
            feed_id=feed,
            key=key or link,
            guid="",
            link=link,
            canonical_url=link,
            title=title,
            summary=summary,
            content="",
            body=body,
            language="ko",
            published=When(at=at),
        ),
        rev=1,
        first_seen_at=at,
        last_seen_at=at,
    )


def features_of(item: StoredItem, carries: Carries = Carries.PRESS) -> Features:
    context = FeatureContext(carries={item.item.feed_id: carries})
    return features(item, context)


def outline_of(stored: StoredItem, context: FeatureContext | None = None) -> Outline:
    """The outline of an item as it is stored."""
    return outline(features(stored, context or FeatureContext()))


def keys_under(stored: StoredItem) -> frozenset[int]:
    """The keys under which copies of an item are found."""
    (bits,) = fingerprints([outline_of(stored)])
    return keys_of(bits)
