"""Sketches: what is told at a glance is what a close look says."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.features import (
    ADDRESS_KEY,
    FeatureContext,
    Outline,
    block_keys,
    features,
    outline,
)
from aggregator.curate.minhash import bands
from aggregator.curate.pairs import Sameness, decide_pair, glance
from aggregator.curate.sketches import Sketch, sketch
from aggregator.domain.feeds import Carries
from aggregator.domain.items import StoredItem
from tests.curate.make import LEAD, features_of, make_item

WORDS = st.sampled_from(
    [
        "스마트도시",
        "데이터",
        "표준",
        "마련",
        "드론",
        "실증",
        "2026년",
        "제3차",
        "공모",
        "추진",
        "개최",
        "청주시",
        "결과",
        "…",
    ]
)
TITLES = st.lists(WORDS, max_size=6).map(" ".join)
LEADS = st.sampled_from(["", LEAD, LEAD[:90], LEAD[40:], LEAD[::-1], f"{LEAD[:60]} {LEAD[::-1]}"])
ADDRESSES = st.sampled_from(
    ["", "https://a.example/", "https://a.example/1", "https://a.example/2?newsId=156635793"]
)


@st.composite
def _items(draw: st.DrawFn) -> StoredItem:
    return make_item(
        draw(st.integers(1, 99)),
        draw(TITLES),
        summary=draw(LEADS),
        feed=draw(st.sampled_from(["molit-press", "other"])),
        url=draw(ADDRESSES),
        hours=draw(st.sampled_from([0, 30, 120])),
    )


def outline_of(stored: StoredItem, **known: str) -> Outline:
    item = stored.item
    text = item.summary or item.content
    return outline(
        address=item.canonical_url, title=item.title, text=text, context=CONTEXT, **known
    )


def sketch_of(stored: StoredItem) -> Sketch:
    return sketch(outline_of(stored), day=stored.day, feed=stored.item.feed_id, key="")


CONTEXT = FeatureContext(carries={"other": Carries.ARTICLE})


@settings(max_examples=400)
@given(a=_items(), b=_items(), empty=st.booleans())
def test_a_glance_says_what_a_close_look_would(
    a: StoredItem, b: StoredItem, *, empty: bool
) -> None:
    """Whatever is said at a glance, ``decide_pair`` says too, boilerplate or not."""
    facts = features(a, CONTEXT), features(b, CONTEXT)
    leads = {one.lead_key for one in facts} if empty else frozenset()
    said = glance(sketch_of(a), sketch_of(b))
    keys = [{key for key in block_keys(one) if key.startswith(ADDRESS_KEY)} for one in facts]
    if keys[0].isdisjoint(keys[1]):
        assert said in {None, decide_pair(*facts, leads).sameness}
    assert said == glance(sketch_of(b), sketch_of(a))
    assert said is not Sameness.SAME


def test_most_pairs_are_told_apart_at_a_glance() -> None:
    """Unlike titles and leads need no closer look, and near titles alone make things related."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD)
    unlike = make_item(2, "겨울철 산불 예방 대책 발표", summary=LEAD[::-1])
    near = make_item(3, "스마트도시 데이터 표준 공청회 열려", summary=LEAD[::-1])
    copy = make_item(4, "스마트도시 데이터 표준 마련", summary=LEAD)
    said = [glance(sketch_of(one), sketch_of(other)) for other in (unlike, near, copy)]
    assert [Sameness.UNLIKE, Sameness.RELATED, None] == said


@given(_items())
def test_an_outline_is_what_features_say(stored: StoredItem) -> None:
    """Made by itself, or of keys that are known, it equals what the features have."""
    facts = features(stored, CONTEXT)
    made = outline_of(stored)
    expected = (facts.release, facts.number, facts.title, facts.lead)
    assert expected == (made.release, made.number, made.title, made.lead)
    assert made == outline_of(stored, title_key=made.title, lead_key=made.lead_key)


def test_a_sketch_stands_where_its_item_arrived() -> None:
    """Day, feed and key say in which order items are met."""
    later, sooner = make_item(1, hours=30), make_item(2)
    assert sketch_of(sooner).place < sketch_of(later).place
    assert later.day - sooner.day == timedelta(1)


@given(st.sets(st.text(min_size=1, max_size=5), max_size=70), st.integers(1, 8))
def test_bands_are_the_least_values_of_each_seed(pieces: set[str], count: int) -> None:
    """Computing all values at once gives what computing them one by one gives."""
    assert _bands_one_by_one(pieces, count) == list(bands(pieces, count))


def _bands_one_by_one(pieces: set[str], count: int) -> list[str]:
    from hashlib import blake2b  # noqa: PLC0415
    from zlib import crc32  # noqa: PLC0415

    def seed(letter: str, number: int) -> int:
        digest = blake2b(f"{letter}{number}".encode(), digest_size=7).digest()
        return int.from_bytes(digest, "big")

    values = [crc32(piece.encode("utf-8", "surrogatepass")) for piece in pieces]
    least = [
        str(
            min((((seed("a", n) | 1) * value + seed("b", n)) % ((1 << 61) - 1)) for value in values)
        )
        for n in range(2 * count if values else 0)
    ]
    joined = [f"{least[n]},{least[n + 1]}" for n in range(0, len(least), 2)]
    return [blake2b(text.encode(), digest_size=8).hexdigest() for text in joined]


def test_keys_of_an_item_without_words_are_few() -> None:
    """No title, no lead: no bands, as a text without pieces has none."""
    facts = features_of(make_item(1, "", summary="", url="https://a.example/7"))
    assert (frozenset(), frozenset()) == (facts.title_grams, facts.lead_grams)
    assert [] == list(bands(facts.title_grams, 8))
