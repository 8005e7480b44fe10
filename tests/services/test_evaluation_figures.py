"""Precision, recall and F1 with their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.services.evaluation.figures import Figures, Share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # As published by Newcombe (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0000),
    ],
)
def test_known_intervals(hits: int, of: int, low: float, high: float) -> None:
    """Wilson's score interval of 95 %, without a correction for continuity."""
    assert (low, high) == pytest.approx(Share(hits=hits, of=of).interval, abs=0.00005)


def test_no_rows_have_no_share() -> None:
    """Nothing is known, which is neither 0 nor 1."""
    nothing = Share(hits=0, of=0)
    figures = Figures(right=0, found=0, wanted=0)

    assert (None, None) == (nothing.value, nothing.interval)
    assert (None, None) == (figures.f1, figures.f1_interval)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share(case: tuple[int, int]) -> None:
    """It lies within 0 and 1, and ten times as many rows make it narrower."""
    hits, of = case
    share = Share(hits=hits, of=of)
    assert share.value is not None
    assert share.interval is not None
    low, high = share.interval

    assert 0 <= low <= share.value <= high <= 1
    wider = Share(hits=10 * hits, of=10 * of).interval
    assert wider is not None
    assert wider[1] - wider[0] < high - low


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_f1_is_the_harmonic_mean(right: int, wrong: int, missed: int) -> None:
    """Of precision and recall, and its interval holds it."""
    figures = Figures(right=right, found=right + wrong, wanted=right + missed)
    precision, recall = figures.precision.value, figures.recall.value

    if precision and recall:
        assert figures.f1 == pytest.approx(2 * precision * recall / (precision + recall))
    if figures.f1 is not None and figures.f1_interval is not None:
        low, high = figures.f1_interval
        assert 0 <= low <= figures.f1 + 1e-12
        assert figures.f1 <= high + 1e-12 <= 1 + 1e-12


def test_precision_and_recall_have_different_wholes() -> None:
    """What was found, and what was wanted."""
    figures = Figures(right=6, found=8, wanted=12)

    assert (0.75, 0.5, 0.6) == (figures.precision.value, figures.recall.value, figures.f1)
