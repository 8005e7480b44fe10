"""What headlines have in common: words and phrases, written as a group of words would have them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.curate.placing.title_terms import LONGEST, shared_terms


def test_what_two_headlines_share() -> None:
    """Words and phrases, with the headlines that have them; what only one has is left out."""
    titles = {
        1: "부산시, 도심융합특구 지정 환영",
        2: "대전 도심융합특구 지정 고시",
        3: "하천 정비 계획",
    }

    found = shared_terms(titles, least=2)

    assert frozenset({1, 2}) == found["도심융합특구"]
    assert frozenset({1, 2}) == found["도심융합특구 지정"]
    assert not {"부산시", "하천", "고시"} & found.keys()


def test_particles_go() -> None:
    """Where headlines write a word with several, or with one that is no noun's end."""
    assert {"특구"} == shared_terms({1: "특구에서", 2: "특구"}, least=2).keys()
    assert {"특구"} == shared_terms({1: "특구를", 2: "특구를"}, least=2).keys()


def test_what_may_be_a_nouns_own_end_stays() -> None:
    """The last syllable of 도로 and 회의 looks like a particle."""
    assert {"지하도로"} == shared_terms({1: "지하도로", 2: "지하도로"}, least=2).keys()
    assert {"국제회의"} == shared_terms({1: "국제회의 ", 2: "(국제회의)"}, least=2).keys()


def test_a_phrase_crosses_no_mark() -> None:
    """Only spaces stand within one."""
    found = shared_terms({1: "특구, 환영", 2: "특구, 환영"}, least=2)

    assert {"특구", "환영"} == found.keys()


def test_words_that_say_nothing_neither_begin_nor_end_a_phrase() -> None:
    """They may stand within one."""
    found = shared_terms({1: "개최 특구 위한 환영 개최", 2: "개최 특구 위한 환영 개최"}, least=2)

    assert {"특구", "환영", "특구 위한 환영"} == found.keys()


@given(st.lists(st.text("가나다라 ,0a", max_size=20), min_size=1, max_size=5))
def test_whatever_headlines_say(titles: list[str]) -> None:
    """Each term is shared by enough of them, is short, and the order of headlines does not count."""
    by_key = dict(enumerate(titles))

    found = shared_terms(by_key, least=2)

    assert all(2 <= len(keys) <= len(titles) for keys in found.values())
    assert all(1 <= len(term.split()) <= LONGEST for term in found)
    assert found == shared_terms(dict(reversed(by_key.items())), least=2)
