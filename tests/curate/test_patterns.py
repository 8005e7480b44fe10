"""Regular expressions of the rules: what a text must have for them, and that nothing is lost by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.patterns import (
    DOTTED,
    required_hangul,
    required_head,
    required_pieces,
)
from tests.curate.ruleset import matcher

PATTERNS = [
    "[가-힣]{1,4}시장(?=[이,·])",
    "(?:personal data|privacy)[^.]{0,4}guidelines?",
    "[0-9]+곳.{0,6}확정",
    r"(?:open|invites?)\w* (?:for )?applications?",
    "sky is the limit",
    "ab?c*d+e{0,2}f??g{2}",
    r"연구\s*[-–—:(]",
    "(a(b[)]c)?d)x|y",
    "[0-9]+곳",
    "(?:시|군수)[0-9-]|도[0-9]",
    "[이을]? ?곳.k",
    "(?:도시|드론)(?=을| 시)",
    r"(?<!신)(?:AI|smart) ?(?:도시|city)",
    "(?:도시){2}",
    "(?<=a )도시|(?:드론)+ ",
]


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("[가-힣]{1,4}시장(?=[이,·])", {"시장"}),
        ("(?:personal data|privacy)[^.]{0,40}guidelines?", {"guideline"}),
        ("rental smart farms?[^.]{0,60}(?:contest|chosen)", {"rental smart farm"}),
        (r"\ba study (?:of|on)\b", {"a study o"}),
        ("[]a]bc[^]d]", {"bc"}),
        ("ab{2}cde*", {"cd"}),
        ("드론|자율주행", {"드론", "자율주행"}),
        ("드론|[a-z]+", set()),
        ("(?x) a b", {"ab"}),
        ("(?:드론|위성)", {"드론", "위성"}),
        ("(?:도시|지역)를 (?:확정|뽑)", {"도시를 확정", "도시를 뽑", "지역를 확정", "지역를 뽑"}),
        ("(?:드론)*위성", {"위성"}),
        ("(?!드론)위성", {"위성"}),
        ("위성(?=.{0,9}드론쇼)", {"드론쇼"}),
        (r"\[영상\]", {"영상"}),
        ("x{", set()),
        ("가.나", set()),
        ("iii", {"iii"}),
        ("가|나", set()),
    ],
)
def test_what_every_match_asks_for(pattern: str, pieces: set[str]) -> None:
    """The longest pieces of which one is needed."""
    assert pieces == required_pieces(pattern)


@given(st.data())
@settings(max_examples=300)
def test_no_match_lacks_the_required_pieces(data: st.DataObject) -> None:
    """In whatever a pattern is found with case ignored is one of the pieces, case folded."""
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    pieces = required_pieces(pattern)
    is_found = any(piece in text.casefold() for piece in pieces)
    assert not pieces or is_found or any(letter in text for letter in DOTTED)


@pytest.mark.parametrize(
    ("pattern", "head"),
    [
        ("드론|자율주행", {"드론", "자율주행"}),
        (r"(?<![가-힣])(?:도로|교량) ?공사", {"도로", "교량"}),
        (r"\b(?:AI|drones?|real-time)\b.{0,9}signals?", {"ai", "drone", "real"}),
        ("(?:도시(?:재생)?|드론)(?=을)", {"도시", "드론"}),
        ("(?:도시){2}장", {"도시"}),
        ("(?>도시|드론) ", {"도시", "드론"}),
        ("(?:도시)*장소", set()),
        ("도시|[0-9]+곳", set()),
        ("도?시장", set()),
        (" ?도시", set()),
        (" 도시", {" 도시"}),
        ("(?=도시)", set()),
        ("시.장", set()),
        ("다$", set()),
    ],
)
def test_what_every_match_begins_with(pattern: str, head: set[str]) -> None:
    """Pieces of one of which it is made from its first character on."""
    assert head == required_head(pattern)


@pytest.mark.parametrize(
    ("pattern", "asked"),
    [
        ("[0-9]+곳", [{"곳"}]),
        ("가나|다", [{"가나", "다"}]),
        ("(?:시|군수)[0-9].{0,6}(?:확정)", [{"확정"}, {"시", "군수"}]),
        ("[가나다라]", []),
        ("가|x", []),
        ("[0-9]+곳?", []),
        ("가.드론", [{"가"}, {"드론"}]),
        ("[0-9]{2}x", []),
        ("|".join("가나다라마바사아자차카타파하거너더"), []),
    ],
)
def test_what_every_match_asks_for_of_hangul(pattern: str, asked: list[set[str]]) -> None:
    """Of each set one, where nothing but Hangul would do; none of many."""
    assert asked == [set(pieces) for pieces in required_hangul(pattern)]


@given(st.data())
@settings(max_examples=300)
def test_no_match_lacks_the_required_hangul(data: st.DataObject) -> None:
    """In whatever a pattern is found with case ignored is one of each, as it is written."""
    pattern = data.draw(st.sampled_from(PATTERNS))
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    for pieces in required_hangul(pattern):
        assert any(one in text for one in pieces)


@given(st.data())
@settings(max_examples=300)
def test_a_pattern_is_found_where_the_expression_is(data: st.DataObject) -> None:
    """Asking for pieces first loses nothing, whatever stands around them."""
    pattern = data.draw(st.sampled_from(PATTERNS))
    around = st.text(alphabet="가a \n\u0301ＡK-1…", max_size=4)
    middle = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    text = data.draw(around) + middle + data.draw(around)
    regex = re.compile(pattern, re.IGNORECASE)
    expected = [m.span() for m in regex.finditer(text) if m.end() > m.start()]
    hits = find_hits(matcher(f"re:{pattern}"), {"title": text})
    assert expected == [(hit["start"], hit["end"]) for hit in hits]


@given(st.data(), st.sampled_from(["İ", "ı", "İı"]))
@settings(max_examples=200)
def test_dotted_letters_hide_no_pattern(data: st.DataObject, letters: str) -> None:
    """With case ignored ``i`` also stands for the Turkish ones, which no folded piece has."""
    pattern = data.draw(st.sampled_from([one for one in PATTERNS if "i" in one]))
    regex = re.compile(pattern, re.IGNORECASE)
    plain = data.draw(st.from_regex(regex, fullmatch=True))
    chosen = data.draw(st.lists(st.sampled_from(f"i{letters}"), min_size=plain.count("i")))
    text = "".join(chosen.pop() if char == "i" else char for char in plain)
    expected = [m.span() for m in regex.finditer(text) if m.end() > m.start()]
    assert expected
    hits = find_hits(matcher(f"re:{pattern}"), {"title": text})
    assert expected == [(hit["start"], hit["end"]) for hit in hits]


@pytest.mark.parametrize("letter", ["İ", "ı"])
def test_a_dotted_letter_elsewhere_hides_nothing(letter: str) -> None:
    """Also in another field than the one that a pattern is found in, or beside it."""
    rules = matcher("re:open\\w* applications?", "re:[0-9]+곳")
    for fields in (
        {"title": f"open applıcation, 3곳 {letter}"},
        {"title": f"opens applicat{letter}ons", "summary": "3곳"},
        {"title": letter, "summary": "opening applications 3곳"},
    ):
        assert {"re:open\\w* applications?", "re:[0-9]+곳"} == {
            hit["word"] for hit in find_hits(rules, fields)
        }
