"""Fingerprints: the same for the same text, alike for alike texts, whatever else is made with them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.features import (
    LEAD_GRAM,
    LEAD_KEY_LENGTH,
    TITLE_GRAM,
    FeatureContext,
    Outline,
    features,
    grams,
)
from aggregator.curate.copies.fingerprints import (
    ADDRESS_KIND,
    KEYS,
    KIND_BITS,
    LEAD_KINDS,
    LEAD_WORDS,
    SIZE,
    TITLE_WORDS,
    fingerprints,
    keys_of,
    lead_hash,
    rank_of,
    unpack,
)
from tests.curate.make import LEAD, keys_under, make_item, outline_of

LETTERS = "스마트도시데이터표준0123ab😀𝐀\U0010ffff"
TEXTS = st.one_of(
    st.text(st.sampled_from(LETTERS), max_size=40),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
)
ADDRESSES = st.sampled_from(
    [
        "",
        "https://a.example/",
        "https://a.example/1",
        "https://b.example/1?newsId=156635793",
        "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156635793",
        "http://[broken",
    ]
)
OUTLINES = st.builds(
    lambda address, title, lead: Outline(address=address, title=title, lead=lead),
    ADDRESSES,
    TEXTS,
    TEXTS,
)


def one(title: str = "", lead: str = "", address: str = "") -> Outline:
    return Outline(address=address, title=title, lead=lead)


def keys(outline: Outline) -> frozenset[int]:
    (bits,) = fingerprints([outline])
    return keys_of(bits)


@given(st.lists(OUTLINES, max_size=8), st.randoms())
def test_a_fingerprint_is_its_items_alone(outlines: list[Outline], chance: random.Random) -> None:
    """It does not depend on what else is made with it, nor on the order."""
    shuffled = [*range(len(outlines))]
    chance.shuffle(shuffled)
    together = fingerprints([outlines[at] for at in shuffled])
    assert [fingerprints([outlines[at]])[0] for at in shuffled] == together


def test_a_fingerprint_does_not_depend_on_how_many_are_made() -> None:
    """More than are hashed at once are the same, too, beside long and empty ones."""
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    outlines = [
        one("".join(chance.choices(LETTERS, k=n % 45)), "".join(chance.choices(LETTERS, k=n % 401)))
        for n in range(450)
    ]
    made = fingerprints(outlines)
    assert [fingerprints([each])[0] for each in outlines[::29]] == made[::29]
    assert fingerprints(outlines[7:]) == made[7:]


@given(OUTLINES, ADDRESSES)
def test_equal_texts_have_equal_bits(outline: Outline, address: str) -> None:
    """Whatever their address, which only makes keys."""
    (mine,) = fingerprints([outline])
    assert [mine] == fingerprints([one(outline.title, outline.lead, outline.address)])
    counts, titles, leads, _ = unpack([mine, *fingerprints([replace(outline, address=address)])])
    assert all(np.array_equal(part[0], part[1]) for part in (counts, titles, leads))


@given(OUTLINES, OUTLINES, st.sampled_from(["title", "lead", "address"]))
def test_one_thing_in_common_is_one_key_in_common(a: Outline, b: Outline, what: str) -> None:
    """Two items with one title, one lead or one address meet, whatever else they say."""
    b = replace(b, **{what: getattr(a, what)})
    says = a.release or a.number if what == "address" else getattr(a, what)
    if says:
        assert keys(a) & keys(b)


@given(OUTLINES)
def test_leads_that_begin_alike_share_a_key(outline: Outline) -> None:
    """The key is made of the start, as is the number by which boilerplate is counted."""
    lead = f"{LEAD * 3}"[:LEAD_KEY_LENGTH]
    a, b = replace(outline, lead=lead, address=""), one("다른 제목", f"{lead}{outline.lead}")
    assert keys(a) & keys(b)
    assert lead_hash(a.lead_key) == lead_hash(b.lead_key)


@given(TEXTS)
def test_a_lead_is_numbered_as_databases_can_hold_it(lead: str) -> None:
    """A signed number of 64 bits, the same for the same lead and no other in practice."""
    assert -(2**63) <= lead_hash(lead) < 2**63
    assert lead_hash(lead) == lead_hash("".join([*lead]))
    assert lead_hash(lead) != lead_hash(f"{lead}.")


def test_copies_share_a_key() -> None:
    """A shortened title with the same lead, and a reworded lead with the same title, are found."""
    whole = keys_under(make_item(1, summary=LEAD))
    assert whole & keys_under(make_item(2, "스마트도시 데이터…", summary=LEAD))
    assert whole & keys_under(make_item(3))


def test_unlike_items_share_none() -> None:
    """Different releases have different keys."""
    other = make_item(2, "겨울철 산불 예방 대책 발표", summary=LEAD[::-1])
    assert not keys_under(make_item(1, summary=LEAD)) & keys_under(other)


def test_titles_that_differ_in_a_letter_share_a_key() -> None:
    """Nearly always: of a thousand such pairs at most two do not meet."""
    chance = random.Random(3)  # noqa: S311 - repeatable on purpose
    alphabet = [chr(code) for code in range(0xAC00, 0xAC00 + 400)]
    missed = 0
    for _ in range(1000):
        title = "".join(chance.choices(alphabet, k=30))
        at = chance.randrange(30)
        other = f"{title[:at]}{chance.choice(alphabet)}{title[at + 1 :]}"
        missed += not keys(one(title)) & keys(one(other))
    assert missed <= 2


def test_bands_are_made_of_the_pieces_alone() -> None:
    """Titles of the same pieces share all their bands, however often each piece comes."""
    a, b = one("abcabcabc"), one("abcabcabcabcabc")
    assert grams(a.title, TITLE_GRAM) == grams(b.title, TITLE_GRAM)
    # The whole title and its beginning are keys of each alone; the bands are eight.
    assert 2 == len(keys(a) - keys(b))
    assert 10 == len(keys(a))


def test_the_same_letters_say_nothing_across_title_and_lead() -> None:
    """A title and a lead with one text have no key in common, so that none is met by the other."""
    assert not keys(one(title=LEAD)) & keys(one(lead=LEAD))


def test_fingerprints_are_the_same_in_another_process() -> None:
    """They are stored, and met by those that other processes make."""
    code = (
        "from tests.curate.make import *\n"
        "print(fingerprints([outline_of(make_item(1, summary=LEAD))])[0].hex())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    (mine,) = fingerprints([outline_of(make_item(1, summary=LEAD))])
    assert mine.hex() == ran.stdout.strip()


def test_fingerprints_are_those_that_are_stored() -> None:
    """Databases are full of them: whoever changes what they are made of writes a migration that
    makes all items due again, and then this."""
    outlines = [
        one("스마트도시데이터표준마련", "가" * 400, "https://a.example/1"),
        one("ab"),
        one(),
    ]
    digest = blake2b(b"|".join(fingerprints(outlines)), digest_size=8).hexdigest()
    assert digest == "f22e969d1773f5eb"


@given(TEXTS, TEXTS)
def test_pieces_are_counted(title: str, lead: str) -> None:
    """Bits that are set, and pieces that came to a bit that was set: together all pieces; and no
    more bits than different pieces."""
    counts, titles, leads, _ = unpack(fingerprints([one(title, lead)]))
    for text, size, bit_map, (set_, lost) in (
        (title, TITLE_GRAM, titles[0], counts[0][:2]),
        (lead, LEAD_GRAM, leads[0], counts[0][2:]),
    ):
        pieces = max(1, len(text) - size + 1) if text else 0
        assert pieces == set_ + lost
        assert set_ == np.bitwise_count(bit_map).sum() <= len(grams(text, size))


@pytest.mark.parametrize("text", ["가", "가나", "a", "😀", "😀😀", "\U0010ffff"])
def test_a_short_text_is_one_piece(text: str) -> None:
    """By itself, other than a part of a longer one."""
    counts, *_ = unpack(fingerprints([one(text, text)]))
    assert [1, 0, 1, 0] == counts[0].tolist()
    assert keys(one(text)).isdisjoint(keys(one(f"{text}x")))


def test_an_item_without_words_has_no_bits() -> None:
    """No title and no lead: no key but that of an address, none at all without."""
    (bare,) = fingerprints([one()])
    assert not any(part.any() for part in unpack([bare]))
    assert frozenset() == keys_of(bare)
    assert 1 == len(keys(one(address="https://a.example/7")))
    assert [] == fingerprints([])


def test_a_number_and_its_address_are_two_keys() -> None:
    """Elsewhere than on the portal; there the number is the address."""
    assert 2 == len(keys(one(address="https://b.example/1?newsId=156635793")))
    assert 1 == len(keys(one(address="https://www.korea.kr/a.do?newsId=156635793")))


def test_a_long_text_is_counted_to_its_end() -> None:
    """As many characters as are ever compared, of one kind or all unlike."""
    chance = random.Random(5)  # noqa: S311 - repeatable on purpose
    wide = "".join(chr(chance.randrange(0x10000, 0x110000)) for _ in range(20_000))
    counts, titles, leads, _ = unpack(fingerprints([one("가" * 20_000, wide), one(wide)]))
    assert [1, 19_997] == counts[0][:2].tolist()
    assert 19_996 == counts[0][2:].sum()
    assert 19_998 == counts[1][:2].sum()
    assert (titles[1] == 2**64 - 1).all()
    assert (leads[0] != 0).all()


@settings(max_examples=50)
@given(st.lists(OUTLINES, max_size=6))
def test_what_is_stored_is_read_again(outlines: list[Outline]) -> None:
    """Side by side, each part whole, and the keys of each in its row; what it has none of is 0."""
    made = fingerprints(outlines)
    counts, titles, leads, found = unpack(made)
    assert (len(made), TITLE_WORDS) == titles.shape
    assert (len(made), LEAD_WORDS) == leads.shape
    assert (len(made), KEYS) == found.shape
    for at, bits in enumerate(made):
        assert SIZE == len(bits)
        mine = found[at][found[at] != 0].tolist()
        assert keys_of(bits) == {*mine}
        assert len(mine) == len(keys_of(bits))
        parts = (counts[at], titles[at], leads[at], found[at])
        assert bits == b"".join(part.tobytes() for part in parts)


@settings(max_examples=50)
@given(OUTLINES)
def test_a_key_says_what_it_was_made_of(outline: Outline) -> None:
    """Address, title and lead have kinds of their own, by which those of one are told from others."""
    if outline.lead:
        outline = replace(outline, counts=("20 곳",), names=("여름여행",))
    leadless = replace(outline, lead="", counts=(), names=())
    alone = {
        "address": replace(leadless, title=""),
        "title": replace(leadless, address=""),
        "lead": replace(outline, address="", title=""),
    }
    kinds = {
        name: {key & ((1 << KIND_BITS) - 1) for key in keys(each)} for name, each in alone.items()
    }
    assert keys(outline) == keys(alone["address"]) | keys(alone["title"]) | keys(alone["lead"])
    assert kinds["address"] <= {ADDRESS_KIND}
    assert kinds["lead"] == (LEAD_KINDS if outline.lead else set())
    assert kinds["title"].isdisjoint({ADDRESS_KIND, *LEAD_KINDS})
    assert bool(outline.title) == bool(kinds["title"])


@given(TEXTS, TEXTS)
def test_a_rank_is_an_items_own(feed: str, key: str) -> None:
    """A signed number of 64 bits, the same for the same feed and key and no others in practice."""
    assert -(2**63) <= rank_of(feed, key) < 2**63
    assert rank_of(feed, key) == rank_of("".join([*feed]), "".join([*key]))
    others = {(f"{feed}.", key), (feed, f"{key}."), (f"{feed}{key[:1]}", key[1:])} - {(feed, key)}
    assert rank_of(feed, key) not in {rank_of(*other) for other in others}


@pytest.mark.parametrize("text", ["\ud800", "제목 \udfff 끝"])
def test_half_a_character_does_no_harm(text: str) -> None:
    """No database has one, but what was not stored yet may."""
    whole = make_item(1, summary=LEAD)
    broken = make_item(
        2, f"{whole.item.title} {text}", summary=f"{LEAD}{text}", url=f"https://a/{text}"
    )
    assert keys_under(broken) - keys_under(whole)
    assert keys_under(broken) & keys_under(whole)
    assert lead_hash(text) != lead_hash("제목")
    assert rank_of(text, text) != rank_of("제목", text)


def test_an_outline_is_what_features_say() -> None:
    """What is met by its keys is what is compared closely."""
    for summary in ("", LEAD, f"스마트도시 데이터 표준 마련 {LEAD}", LEAD[:10]):
        for url in ("", "https://a.example/", "https://a.example/2?newsId=156635793"):
            stored = make_item(1, summary=summary, url=url)
            facts, made = features(stored, FeatureContext()), outline_of(stored)
            expected = (facts.release, facts.number, facts.title, facts.lead, facts.lead_key)
            assert expected == (made.release, made.number, made.title, made.lead, made.lead_key)


def test_a_lead_told_in_other_words_is_met_by_what_it_counts_and_names() -> None:
    """Two offices tell one thing each in its own way, with the same counts and the same name in
    quotes."""
    a, b = (
        outline_of(make_item(number, title, summary=lead))
        for number, title, lead in (
            (
                1,
                "휴양마을 싸게 다녀오세요",
                "농식품부는 농촌 휴양마을에서 쓰는 3만 원 할인권 20만 장을 ‘여름 농촌여행’ 행사로 나눠 준다고 밝혔다.",
            ),
            (
                2,
                "여름휴가는 농촌으로",
                "올여름 ‘여름 농촌여행’ 행사에서 선착순 20만 장이 풀리는 할인권은 소도시 숙박업소에서도 3만 원까지 된다.",
            ),
        )
    )
    assert 2 == len(keys(a) & keys(b))
