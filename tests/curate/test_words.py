"""Words found in texts: edges, spaces, masks, the longest match."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.spelling import _NOT_PLAIN, Folded, fold_char, fold_text, is_latin
from aggregator.curate.matching.words import Matcher, find_masked, find_masks
from tests.curate.ruleset import matcher

_PLAIN_SAMPLE = st.characters(min_codepoint=0x21, max_codepoint=0xD7A3).filter(
    lambda char: _NOT_PLAIN.match(char) is None
)


def found(rules: Matcher, text: str) -> list[str]:
    return [text[hit["start"] : hit["end"]] for hit in find_hits(rules, {"title": text})]


def spans_of(folded: Folded) -> list[tuple[int, int]]:
    return [folded.span(place, place + 1) for place in range(len(folded.text))]


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("스마트시티", "스마트 시티로 간다", ["스마트 시티"]),
        ("스마트시티", "「스마트시티」 챌린지", ["스마트시티"]),
        ("스마트 시티", "K-스마트시티 수출", ["스마트시티"]),
        ("도시재생", "신도시 재생에너지 설비", []),
        ("도시재생", "도시 재생에너지 자립", []),
        ("도시재생", "도시 재생을 시작한다", ["도시 재생"]),
        ("솔루션 확산", "솔루션 확산사업", ["솔루션 확산"]),
        ("AI", "AIDS 예방과 생성형AI로 답변", ["AI"]),
        ("AI", "ai 기반 신호", ["ai"]),
        ("ITS", "BITS 교육과 ITS 구축", ["ITS"]),
        ("ITS", "The city published its plan", []),
        ("K-City", "K-CITY에서 시험", ["K-CITY"]),
        ("smart city", "Smart cities and a smart-city plan", ["Smart cities", "smart-city"]),
        ("electric bus", "2,000 electric buses", ["electric buses"]),
        ("드론", "에드론 제약사와 드론", ["드론"]),
        ("도시", "신도시와 중소도시", ["도시", "도시"]),
        ("수소", "세수소폭 감소", []),
        ("final report", "the ﬁ nal report", []),
        ("C-ITS", "C-ITS 실증, C‐ITS", ["C-ITS", "C‐ITS"]),
        ("self driving", "self-driving", ["self-driving"]),
        ("m2", "120㎡ 규모", ["㎡"]),
        ("(주)", "㈜ 한빛", ["㈜"]),
        ("...", "확정… 발표", ["…"]),
        ("도시재생", "도시\u200b재생과 도시\u00a0재생", ["도시\u00a0재생"]),
    ],
)
def test_edges(word: str, text: str, expected: list[str]) -> None:
    """A word is found where it stands as that word, whatever its spacing and particles."""
    assert expected == found(matcher(word), text)


def test_longest_match_wins() -> None:
    """A word inside a longer word of the rules is no hit of its own."""
    assert found(matcher("스마트", "스마트시티"), "스마트시티 조성") == ["스마트시티"]


def test_mask_swallows_what_it_covers_and_no_more() -> None:
    """A mask hides the word inside it, but not the same word elsewhere."""
    rules = matcher("교통", masks=("교통카드",))
    hits = find_hits(rules, {"title": "교통카드로 교통 개편"})
    assert [(hit["start"], hit["end"]) for hit in hits] == [(6, 8)]


def test_mask_of_the_same_word_silences_it() -> None:
    """A pattern among the masks hides a word in one context only."""
    rules = matcher("시장", masks=("re:수원시장(?=이)",))
    assert found(rules, "수원시장이 말했다") == []
    assert found(rules, "반도체 시장 성장세") == ["시장"]


def test_patterns_look_at_the_original_text() -> None:
    """A word that starts with re: is a regular expression."""
    assert found(matcher("re:[0-9]+곳.{0,6}확정"), "대상 10곳 확정") == ["10곳 확정"]


def test_points_count_distinct_words_up_to_the_cap_in_each_field() -> None:
    """A repeated word and words beyond the cap score nothing; each field counts anew."""
    rules = matcher("드론", "로봇", "센서", weight=1.5)
    hits = find_hits(rules, {"title": "드론 드론 로봇 센서", "summary": "센서"})
    assert [hit["points"] for hit in hits] == [3.0, 0.0, 3.0, 0.0, 1.5]


def test_decomposed_text_is_found_with_spans_of_the_original() -> None:
    """Text in decomposed form matches; the span covers the original characters."""
    text = unicodedata.normalize("NFD", "드론 배송")
    (hit,) = find_hits(matcher("드론"), {"title": text})
    assert (hit["start"], hit["end"]) == (0, 5)


@settings(max_examples=100)
@given(st.text(alphabet="스마트시티 드론AI-dx's\n가은을", max_size=40))
def test_spans_point_at_the_word(text: str) -> None:
    """What a span covers is the word again once both are folded."""
    for hit in find_hits(matcher("스마트시티", "드론", "AI"), {"title": text}):
        covered = fold_text(text[hit["start"] : hit["end"]]).text
        assert fold_text(hit["word"]).text == covered


@settings(max_examples=60)
@given(st.text(alphabet="도시 재생데이터허브", max_size=30))
def test_no_hit_lies_inside_another(text: str) -> None:
    """Of two hits neither contains the other."""
    hits = find_hits(matcher("도시", "도시재생", "도시데이터", "데이터허브"), {"title": text})
    spans = [(hit["start"], hit["end"]) for hit in hits]
    for one in spans:
        assert not any(
            other != one and other[0] <= one[0] and one[1] <= other[1] for other in spans
        )


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_is_taken(text: str) -> None:
    """No text raises, and folding keeps every span inside it."""
    folded = fold_text(text)
    find_hits(matcher("AI", "re:a+b"), {"title": text})
    assert all(0 <= start < end <= len(text) for start, end in spans_of(folded))


@given(
    st.text(alphabet="가나 \n\t-–—abZ19…ﬁ㎢①ＡÀ´`“\u00a0\u00ad\u0301\u1161\x00ß½", max_size=40)
    | st.text(max_size=40)
)
@settings(max_examples=300)
def test_folding_at_once_is_folding_by_character(text: str) -> None:
    """Each character of the folded text comes from the characters it is traced to, and what is left
    out is white space or a hyphen within Latin letters."""
    folded = fold_text(text)
    origin = dict.fromkeys(spans_of(folded), "")
    for char, span in zip(folded.text, spans_of(folded), strict=True):
        origin[span] += char
    for (start, end), chars in origin.items():
        piece = text[start:end]
        lines = ("".join(fold_char(line).split()) for line in piece.split("\n"))
        assert chars == "\n".join(lines)
    covered = {place for start, end in origin for place in range(start, end)}
    for place in set(range(len(text))) - covered:
        left_out = text[place]
        is_hyphen = left_out in "-‐‑‒–—" and _is_between_latin(text, place)
        assert (
            is_hyphen
            or (left_out.isspace() and left_out != "\n")
            or not fold_char(left_out).split()
        )
    assert not [p for p in covered if text[p] in "-‐‑‒–—" and _is_between_latin(text, p)]


def _is_between_latin(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and is_latin(text[place - 1]) and is_latin(text[place + 1])


@given(st.lists(st.text(alphabet="스마트시티 드론AIits-\n\u0301구", max_size=20), max_size=3))
@settings(max_examples=200)
def test_fields_are_searched_each_by_itself(texts: list[str]) -> None:
    """What is found in a field does not depend on the other fields."""
    rules = matcher(
        *("스마트시티", "드론", "AI", "ITS", "re:시티$", "re:^드론", "re:시[^티]", "re:[가-티]구"),
        masks=("스마트드론", "re:[A-Z]구"),
    )
    fields = {str(number): text for number, text in enumerate(texts)}
    alone = [hit for name, text in fields.items() for hit in find_hits(rules, {name: text})]
    assert alone == find_hits(rules, fields)


@given(st.text(alphabet=_PLAIN_SAMPLE, min_size=1, max_size=40))
@settings(max_examples=200)
def test_plain_characters_fold_by_their_case_alone(text: str) -> None:
    """What is folded at once becomes what it becomes one by one."""
    assert "".join(map(fold_char, text)) == text.casefold()


def masked(rules: Matcher, text: str) -> list[tuple[str, str]]:
    """The words that masks swallow, each with what the mask covers."""
    return [(one.word, one.mask) for one in find_masked(rules, text)]


def test_what_a_mask_swallows_is_told() -> None:
    """The word with the text that the longest mask over it covers, and no word that counts."""
    rules = matcher("교통", "도시", masks=("국토교통부", "국토교통"))

    assert [("교통", "국토교통부")] == masked(rules, "국토교통부, 교통 도시")
    assert [] == masked(rules, "교통 도시")
    assert [] == masked(rules, "")


def test_a_word_in_a_longer_word_is_not_masked() -> None:
    """The longer word counts in its place."""
    assert [] == masked(matcher("도시", "스마트도시"), "스마트도시 조성")


@given(st.text("국토교통부 도시가스공사", max_size=30))
def test_a_place_counts_or_is_masked(text: str) -> None:
    """Never both."""
    rules = matcher("교통", "도시", masks=("국토교통부", "도시가스"))
    counted = {(hit["word"], hit["start"]) for hit in find_hits(rules, {"title": text})}

    assert counted.isdisjoint((one.word, one.start) for one in find_masked(rules, text))


def test_masks_are_found_by_themselves() -> None:
    """Each that stands in a text, in the order of place, whether or not it covers a word."""
    rules = matcher("드론", masks=("드론축구", "드론축구 대회", "re:[가-힣]+ 시장", "없는 말"))

    assert [
        ("드론축구", 0, 4),
        ("드론축구 대회", 0, 7),
        ("re:[가-힣]+ 시장", 8, 13),
    ] == [(one.word, one.start, one.end) for one in find_masks(rules, "드론축구 대회 청주 시장")]
    assert [] == find_masks(rules, "드론을 띄운다")
