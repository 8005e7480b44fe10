"""Trials beside the pages: one a person, bounded."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from aggregator.domain.errors import UsageError
from aggregator.services.desk import Desk
from aggregator.services.lab import bench as bench_module
from aggregator.services.lab.bench import Bench, OnStep, newest
from aggregator.services.lab.lab import LabReport
from tests.fixtures.desk import bring, release

EMPTY = LabReport(
    span=None,
    stories=0,
    rules=(),
    sections=(),
    moves=(),
    words=(),
    issues=(),
    idle=None,
    rejected=(),
    dropped=0,
)


def test_what_is_quick_is_answered_at_once() -> None:
    """With its report."""
    assert EMPTY is Bench().ask("kim", "a", lambda _: EMPTY, patience=10).report


def test_what_takes_long_says_how_far_it_is() -> None:
    """Asked again it goes on, and does not begin anew."""
    bench, gate = Bench(), threading.Event()
    begun: list[str] = []

    def run(step: OnStep) -> LabReport:
        begun.append("x")
        step(200, 900)
        assert gate.wait(10)
        return EMPTY

    asked = bench.ask("kim", "a", run, patience=0.5)
    gate.set()
    again = bench.ask("kim", "a", run, patience=10)

    assert (None, 200, 900) == (asked.report, asked.done, asked.of)
    assert (EMPTY, ["x"]) == (again.report, begun)


def test_another_question_ends_the_one_before() -> None:
    """At its next step; another person's goes on."""
    bench, gate, ended = Bench(), threading.Event(), threading.Event()

    def old(step: OnStep) -> LabReport:
        assert gate.wait(10)
        try:
            step(1, 2)
        finally:
            ended.set()
        return EMPTY

    bench.ask("kim", "old", old, patience=0)
    bench.ask("kim", "new", lambda _: EMPTY, patience=0)
    gate.set()

    assert ended.wait(10)
    assert EMPTY is bench.ask("kim", "new", lambda _: EMPTY, patience=10).report


def test_what_fails_is_said() -> None:
    """A mistake of the asker's in its words, one of the program's as such."""

    def wrong(_: OnStep) -> LabReport:
        raise UsageError("no such thing")

    def broken(_: OnStep) -> LabReport:
        raise ZeroDivisionError

    bench = Bench()

    assert "no such thing" == bench.ask("kim", "a", wrong, patience=10).failed
    assert "broke down" in bench.ask("kim", "b", broken, patience=10).failed


def test_it_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is to count."""
    monkeypatch.setattr(bench_module, "LONGEST", -1.0)

    def endless(step: OnStep) -> LabReport:
        step(200, 10**9)
        return EMPTY

    assert "given up" in Bench().ask("kim", "a", endless, patience=10).failed


def test_only_so_many_people_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked longest ago is forgotten."""
    monkeypatch.setattr(bench_module, "PEOPLE", 1)
    bench, begun = Bench(), []

    def run(_: OnStep) -> LabReport:
        begun.append(1)
        return EMPTY

    for person in ("kim", "lee", "kim"):
        bench.ask(person, "a", run, patience=10)

    assert 3 == len(begun)


def test_no_more_is_counted_than_may_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest; a span begins with a day of a story."""
    bring(desk, *(release("molit", f"{day}", date(2024, 2, day)) for day in (1, 5, 9)))
    today = date(2024, 3, 4)
    whole = newest(desk.store, today=today, days=31)
    monkeypatch.setattr(bench_module, "MOST", 2)
    cut = newest(desk.store, today=today, days=31)

    assert whole is not None
    assert cut is not None
    assert (date(2024, 2, 1), date(2024, 2, 9)) == (whole.start, whole.end)
    assert (date(2024, 2, 5), date(2024, 2, 9)) == (cut.start, cut.end)
    assert None is newest(desk.store, today=date(2023, 1, 1), days=31)
