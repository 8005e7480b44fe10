"""What the matcher finds is what a plain search finds that takes no shortcut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.edges import has_free_edges, make_term, stands_free
from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.spelling import Folded, fold_text
from aggregator.domain.rules import RuleSet
from tests.curate.ruleset import load_rules, matcher

_PLAIN = (
    *(
        "도시",
        "도시재생",
        "스마트 도시",
        "스마트시티",
        "교통",
        "교통신호",
        "교통부",
        "드론",
        "시",
        "m2",
        "...",
        "AI",
    ),
    *("ITS", "C-ITS", "bus", "smart city", "real-time", "㎢", "fi", "K-시티"),
)
_PLURALS = {"smart city": "smart cities", "real-time": "real-times", "bus stop": "bus stops"}
_PATTERNS = (
    *("다$", "^도시", "(?<![가-힣])도로", "[0-9]+곳.{0,6}(?:확정|선정)", " ?도시", "it is"),
    *("(?:AI|드론|smart)[^.]{0,12}(?:도시|city)", r"\bits\b", "도시|$"),
)
_WORDS = (*_PLAIN, *(f"re:{pattern}" for pattern in _PATTERNS))
_PLAIN_MASKS = ("도시가스", "교통부", "bus stop")
_MASKS = (*_PLAIN_MASKS, "re:[가-힣]{1,3} 시장(?=이)", "re:(?:신|구)도시")
_OTHERS = (
    *(
        "은 ",
        "이 ",
        "을 ",
        "에서 ",
        "입니다",
        "들이",
        "다",
        "신",
        " 에드론",
        "재",
        "수원 시장이",
        "도로",
        "3곳 확정",
    ),
    *(
        "재생",
        "스마트",
        "신호",
        "가스",
        "smart ",
        "CITY",
        "cities",
        "stops",
        "its",
        "It ıs",
        "İ",
        "ﬁ",
    ),
    *("ß", "ＡＩ", "a", "s", "7", "e\u0301", "\u1103\u1169시", "-", "–", ".", ",", "…", "’", "("),
)
_BLANKS = (" ", " ", " ", "\n", "  ", "\u00a0", "\u200b", "\t")
_PARTS = (*_PLAIN, *_PLAIN_MASKS, *_OTHERS, *_BLANKS)


@given(st.lists(st.sampled_from(_PARTS), max_size=14), st.lists(st.sampled_from(_PARTS)))
@settings(max_examples=400)
def test_shortcuts_change_nothing(title: list[str], summary: list[str]) -> None:
    """Words, masks and patterns, in every mixture of spaces, signs and scripts."""
    rules = matcher(*_WORDS, masks=_MASKS)
    for name, text in {"title": "".join(title), "summary": "".join(summary)}.items():
        hits = find_hits(rules, {name: text})
        assert _found(rules.rules, text) == [(h["start"], h["end"], h["word"]) for h in hits]


@given(st.data())
@settings(max_examples=100)
def test_shipped_patterns_are_found_where_they_stand(data: st.DataObject) -> None:
    """Whatever leads to them."""
    groups = load_rules().groups
    patterns = [word for group in groups for word in group.words if word.startswith("re:")]
    word = data.draw(st.sampled_from(patterns))
    text = data.draw(st.from_regex(re.compile(word[3:], re.IGNORECASE)))[:500]
    rules = matcher(word)

    hits = find_hits(rules, {"title": text})

    assert _found(rules.rules, text) == [(h["start"], h["end"], h["word"]) for h in hits]


def _found(rules: RuleSet, text: str) -> list[tuple[int, int, str]]:
    """The words of the one group by place, looked for one by one."""
    words = {(*span, word) for word in rules.groups[0].words for span in _spans(word, text)}
    masks = {span for mask in rules.masks for span in _spans(mask, text, is_mask=True)}
    longer = masks | {(start, end) for start, end, word in words if not word.startswith("re:")}
    kept = [
        (start, end, word)
        for start, end, word in words
        if (start, end) not in masks
        and not any(s <= start and end <= e and (s, e) != (start, end) for s, e in longer)
    ]
    return sorted(kept, key=lambda one: (one[0], -one[1], one[2]))


def _spans(word: str, text: str, *, is_mask: bool = False) -> Iterator[tuple[int, int]]:
    if word.startswith("re:"):
        for match in re.finditer(word[3:], text[:2000], re.IGNORECASE):
            if match.end() > match.start():
                yield match.span()
        return
    folded = fold_text(text)
    plural = [f"{word[:-1]}ies"] if word.endswith("y") else [f"{word}s", f"{word}es"]
    for form in (word, *(plural if word.isascii() and word.islower() else ())):
        if form == word or len(word) > 3:
            yield from _spellings(word, fold_text(form), folded, is_mask=is_mask)


def _spellings(
    word: str, form: Folded, folded: Folded, *, is_mask: bool
) -> Iterator[tuple[int, int]]:
    term = make_term(0, word, form, is_mask=is_mask)
    for start in range(len(folded.text)):
        if folded.text.startswith(form.text, start):
            begin, stop, spaces = folded.locate(start, start + len(form.text))
            if has_free_edges(folded.original, begin, stop) and stands_free(
                term, folded.original, (begin, stop), spaces, [0]
            ):
                yield begin, stop
