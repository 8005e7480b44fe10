"""Labelled pairs folded as the daemon folds them, each as if it were alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.services.curation.curate import Curator
from aggregator.services.evaluation.duplicates import (
    Decided,
    KeptApart,
    PairJudge,
    figures_of,
    without_common_keys,
)
from aggregator.services.evaluation.figures import Figures
from aggregator.services.evaluation.rows import Pair, Release
from aggregator.services.rebuilding.replay import ReplayClock, write
from aggregator.store.scratch import SqlScratchStore, scratch_store
from tests.fixtures.desk import make_rules
from tests.fixtures.evaluation import (
    LEAD,
    TITLE,
    first_sights,
    make_material,
    make_pair,
    make_release,
    portal,
    read_release,
)

LATER = "2024-02-14T09:00:00+09:00"
NEXT_MONTH = "2024-03-10T09:00:00+09:00"
OF_LEAD = "지방자치단체가 데이터를 함께 쓰도록"
PORTAL = "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156635793"


@pytest.fixture(scope="module")
def scratch() -> Iterator[SqlScratchStore]:
    """A store that is emptied again and again."""
    with scratch_store() as opened:
        yield opened


def decide(scratch: SqlScratchStore, *pairs: Pair) -> list[Decided]:
    judge = PairJudge(material=make_material(), rules=make_rules(), scratch=scratch)
    return judge.decide(pairs)


def decide_one(scratch: SqlScratchStore, a: Release, b: Release) -> Decided:
    (decided,) = decide(scratch, make_pair(a, b))
    return decided


# --- one pair -------------------------------------------------------------------------------------


def test_two_equal_rows_are_one_release(scratch: SqlScratchStore) -> None:
    """They come by two feeds, of which neither takes the other's for its own."""
    same = make_release(summary=LEAD, url="https://molit.example/1")

    found = decide_one(scratch, same, same)

    assert (True, "same_release") == (found.is_folded, found.rule)


@pytest.mark.parametrize(
    ("a", "b", "rule"),
    [
        (make_release(), make_release(), "same_title"),
        (make_release(url="https://a.example/v?seq=1"),
         make_release("전혀 다른 회의 결과", url="https://a.example/v?seq=1"), "same_release"),
        (make_release(summary=LEAD), make_release(OF_LEAD, summary=LEAD), "same_lead"),
        (make_release(agency="", published=""), make_release(agency="", published=""), "same_title"),
        (make_release(published=""), make_release(published=NEXT_MONTH), "same_title"),
        (make_release(published=NEXT_MONTH), make_release(published=""), "same_title"),
        (make_release(url="http://["), make_release(url="javascript:alert(1)"), "same_title"),
    ],
)  # fmt: skip
def test_what_is_folded(scratch: SqlScratchStore, a: Release, b: Release, rule: str) -> None:
    """With the rule that stands in the membership; whatever a row lacks is no hindrance."""
    found = decide_one(scratch, a, b)

    assert (True, rule, None) == (found.is_folded, found.rule, found.kept_apart)


@pytest.mark.parametrize(
    ("a", "b", "rule"),
    [
        (make_release("2024년 스마트시티 공모"), make_release("2023년 스마트시티 공모"), "veto:year"),
        (make_release(), Release(title=TITLE, carries=Carries.ARTICLE),
         "veto:article"),
        # Days later an office means another thing by the same words, known to us or not.
        (make_release("스마트시티 시장상황점검회의 개최", agency="없는처"),
         make_release("스마트시티 시장상황점검회의 개최", agency="없는처",
                      published=LATER), "veto:same_office_later"),
    ],
)  # fmt: skip
def test_what_is_not_folded(scratch: SqlScratchStore, a: Release, b: Release, rule: str) -> None:
    """With the veto and what it goes by."""
    found = decide_one(scratch, a, b)

    assert (False, rule, None) == (found.is_folded, found.rule, found.kept_apart)
    assert "title" in found.detail


def test_offices_without_a_name_are_not_the_same_one(scratch: SqlScratchStore) -> None:
    """No veto of one office holds between them, even where the rows name their level."""
    a = replace(make_release(agency=""), level=Level.MINISTRY)
    b = replace(make_release(agency="", published=LATER), level=Level.MINISTRY)

    assert "same_title" == decide_one(scratch, a, b).rule


@pytest.mark.parametrize(
    ("a", "b", "reason", "rule"),
    [
        (make_release(), make_release("산불 예방"), KeptApart.NO_COMMON_KEY, "likeness"),
        (make_release(url=PORTAL), make_release(url=PORTAL, published=NEXT_MONTH), KeptApart.WINDOW,
         "same_release"),
        (make_release("NOT SUPPORT."), make_release(), KeptApart.NOT_STORED, ""),
        (make_release("not support"), make_release("not support"), KeptApart.NOT_STORED, ""),
    ],
)  # fmt: skip
def test_what_is_never_compared(
    scratch: SqlScratchStore, a: Release, b: Release, reason: KeptApart, rule: str
) -> None:
    """Why, and what the rules would say otherwise."""
    found = decide_one(scratch, a, b)

    assert (False, reason) == (found.is_folded, found.kept_apart)
    assert rule == found.rule or found.rule.startswith("veto:")


# --- many pairs -----------------------------------------------------------------------------------


def test_pairs_with_one_lead_do_not_know_of_each_other(scratch: SqlScratchStore) -> None:
    """In one store a lead under four unlike titles would be boilerplate and make nothing the same."""
    titles = ("지방자치단체 모은다", "예산 함께 챙긴다", "관계기관 협의체 뜬다", "데이터 기술 지원 나선다",
              "시도에 보급한다")  # fmt: skip
    pairs = [
        make_pair(make_release(title, summary=LEAD), make_release(TITLE, summary=LEAD), line=number)
        for number, title in enumerate(titles, start=1)
    ]

    decided = decide(scratch, *pairs)

    assert [(True, "same_lead")] * 5 == [(one.is_folded, one.rule) for one in decided]


def test_pairs_with_one_title_do_not_know_of_each_other(scratch: SqlScratchStore) -> None:
    """In one store a title of several days would make one story, or none, of them all."""
    days = ("2024-02-10", "2024-02-16", "2024-02-22")
    pairs = [
        make_pair(
            make_release(published=day), make_release(agency="서울시", published=other), line=line
        )
        for line, (day, other) in enumerate(zip(days, days[1:] + days[:1], strict=True), start=1)
    ]

    assert [True, True, False] == [one.is_folded for one in decide(scratch, *pairs)]


def test_what_has_no_date_comes_with_its_partner(scratch: SqlScratchStore) -> None:
    """Not with whichever pair is stored beside it."""
    pairs = [
        make_pair(make_release(title, published=""), make_release(title, published=day), line=line)
        for line, (title, day) in enumerate(
            (
                ("드론 배송 노선 개통", "2024-02-10"),
                ("산불 예방 대책", NEXT_MONTH),
                ("채용 시험", ""),
            ),
            start=1,
        )
    ]

    assert [True] * 3 == [one.is_folded for one in decide(scratch, *pairs)]


def test_decisions_stand_in_the_order_of_the_rows(scratch: SqlScratchStore) -> None:
    """Whatever is stored together, or not at all; progress is told to the end."""
    steps: list[tuple[int, int]] = []
    pairs = [
        make_pair(make_release(title), make_release(title), line=line, is_same=title == TITLE)
        for line, title in ((3, TITLE), (5, "not support"), (8, "드론 배송 노선"), (9, TITLE))
    ]
    judge = PairJudge(material=make_material(), rules=make_rules(), scratch=scratch)
    decided = judge.decide(pairs, lambda done, of: steps.append((done, of)))

    assert pairs == [one.pair for one in decided]
    assert [True, False, True, True] == [one.is_folded for one in decided]
    assert [True, True, False, True] == [one.is_right for one in decided]
    assert Figures(right=2, found=3, wanted=2) == figures_of(decided)
    assert (4, 4) == steps[-1]
    assert steps == sorted(steps)


def test_no_pairs(scratch: SqlScratchStore) -> None:
    """Nothing to decide."""
    assert [] == decide(scratch)


@given(st.lists(st.frozensets(st.integers(0, 8).map(str), max_size=4), max_size=12))
def test_groups_without_common_keys(keys: list[frozenset[str]]) -> None:
    """Everything is in one group, beside nothing that it shares a key with."""
    groups = without_common_keys(keys)

    assert list(range(len(keys))) == sorted(number for group in groups for number in group)
    for group in groups:
        together = [key for number in group for key in keys[number]]
        assert len(together) == len(set(together))


def test_few_groups() -> None:
    """A set stands in the first group that has room for it."""
    assert [[0, 2, 3], [1]] == without_common_keys([{"a"}, {"a", "b"}, {"c"}, {"b"}])


# --- the daemon -----------------------------------------------------------------------------------

TITLES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "2024년 ", "2023년 ", "[보도자료] "]),
    st.sampled_from(["", "서울시, ", "울산시, "]),
    st.sampled_from(
        ["스마트시티 데이터 표준", "스마트 시티 데이터 표준을", "드론 실증도시 구축사업"]
    ),
    st.sampled_from(["", " 마련", " 공모", " 설명회 개최", " …", " &amp; <b>확산</b>"]),
)
RELEASES = st.builds(
    make_release,
    TITLES,
    summary=st.sampled_from(
        ["", LEAD, f"<p>{LEAD}</p>", LEAD[20:], "<iframe src='https://x.example/v'></iframe>"]
    ),
    # An office that is not configured is a body of its own for the judge, and nobody for the daemon.
    agency=st.sampled_from(["", "국토교통부", "서울시", "울산시"]),
    published=st.sampled_from(
        ["", "2024-02-10", "2024-02-10T09:00:00+09:00", "2024-02-11T23:40:00+09:00",
         "Tue, 13 Feb 2024 09:00:00 +0900", "2024-02-25"]
    ),
    url=st.sampled_from(["", "https://a.example/v?seq=1", "https://b.example/v?seq=1", PORTAL]),
)  # fmt: skip


def fold_alone(scratch: SqlScratchStore, pair: Pair) -> tuple[bool, str, object]:
    """What the daemon makes of a pair: two documents read, stored and curated, and nothing else in
    the store. Whether there is one story, the rule and its figures."""
    feeds = portal("first"), portal("second")
    sights = first_sights(pair.a, pair.b)
    clock = ReplayClock(max(sights))
    scratch.empty()
    scratch.sync_feeds(feeds, sights[0])
    for feed, release, at in zip(feeds, (pair.a, pair.b), sights, strict=True):
        write(scratch, feed, read_release(release, feed, seen_at=at), at)
    material = make_material()
    Curator(
        store=scratch,
        clock=clock,
        feeds=feeds,
        bodies=material.bodies,
        rules=make_rules(),
        issuer=material.issuer,
    ).curate()
    found = scratch.stories()
    if len(found) != 1:
        return False, "", None
    why = found[0].memberships[-1]
    return True, why.rule, why.detail


@pytest.mark.long
@given(st.lists(st.tuples(RELEASES, RELEASES), min_size=2, max_size=5))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_decision_is_the_daemons(
    scratch: SqlScratchStore, pairs: Sequence[tuple[Release, Release]]
) -> None:
    """Of documents with these releases, in a store that holds nothing else."""
    rows = [make_pair(a, b, line=line) for line, (a, b) in enumerate(pairs, start=1)]
    decided = decide(scratch, *rows)
    alone = [fold_alone(scratch, row) for row in rows]

    for one, (is_folded, rule, detail) in zip(decided, alone, strict=True):
        assert is_folded is one.is_folded, (one.pair, rule, detail)
        if is_folded:
            assert (rule, detail) == (one.rule, one.detail)
