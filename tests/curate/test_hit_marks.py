"""Texts cut at their hits."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aggregator.curate.matching.hit_marks import AROUND, cut_at_hits, excerpts, group_points, named


def hit(start: int, end: int, group: str = "core", **changes: object) -> dict[str, Any]:
    """A hit as a trace holds it."""
    plain = {"group": group, "word": "w", "field": "title", "points": 1.0}
    return {**plain, "start": start, "end": end, **changes}


HITS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda span: hit(min(span), max(span))),
    max_size=8,
)


@given(text=st.text(max_size=50), hits=HITS)
def test_nothing_of_the_text_is_lost(text: str, hits: list[dict[str, Any]]) -> None:
    """The pieces are the text, and each hit that lies in it is in one piece, once."""
    pieces = cut_at_hits(text, hits)

    assert text == "".join(piece.text for piece in pieces)
    inside = [one for one in hits if one["start"] < one["end"] <= len(text)]
    assert len(inside) == sum(len(piece.hits) for piece in pieces)
    assert all(
        text[one["start"] : one["end"]] in piece.text for piece in pieces for one in piece.hits
    )


def test_hits_that_overlap_share_a_piece() -> None:
    """One place is marked once."""
    pieces = cut_at_hits("abcdef", [hit(1, 3), hit(2, 5, "tech")])

    assert [("a", 0), ("bcde", 2), ("f", 0)] == [(p.text, len(p.hits)) for p in pieces]


def test_a_long_text_is_shown_around_its_hits() -> None:
    """What lies between is left out, and what is not shown is counted."""
    text = "가" * 200 + "X" + "나" * 200 + "Y" + "다" * 200 + "Z"
    shown, more = excerpts(cut_at_hits(text, [hit(200, 201), hit(401, 402), hit(602, 603)]), most=2)
    told = "".join(piece.text for piece in shown)

    assert 1 == more
    assert f"…{'가' * AROUND}X{'나' * AROUND} … {'나' * AROUND}Y{'다' * AROUND}…" == told


def test_a_text_without_hits_shows_its_beginning() -> None:
    """Nothing is marked, and nothing is missing."""
    assert ((), 0) == excerpts((), most=3)
    ((piece,), more) = excerpts(cut_at_hits("가" * 200, []), most=3)

    assert ("가" * 2 * AROUND + "…", 0) == (piece.text, more)


def test_a_group_says_which_words_are_beyond_its_cap() -> None:
    """In the field in which they are; others count."""
    hits = [hit(n, n + 1, word=word) for n, word in enumerate("abca")]
    (told,) = group_points([*hits, hit(0, 1, field="summary", word="c")], {"core": 3.0}, cap=2)

    assert {"a": 2, "b": 1, "c": 2} == told.words
    assert {"title": ("c",)} == told.capped


def test_a_hit_is_called_by_its_word() -> None:
    """However it is spelt in the text; a pattern by what it found, on one line."""
    texts = {"title": "로봇이\n순찰"}
    assert "로봇" == named(hit(0, 2, word="로봇"), texts)
    assert "“로봇이 순찰” (by a pattern)" == named(hit(0, 6, word="re:로봇.*순찰"), texts)
    assert "re:로봇" == named(hit(0, 2, word="re:로봇", field="content"), texts)
