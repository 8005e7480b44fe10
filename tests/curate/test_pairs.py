"""Pairs of items: the same release, related, or neither."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.features import Features
from aggregator.curate.copies.pairs import (
    PairDecision,
    Sameness,
    decide_pair,
    find_boilerplate,
    glance_at_pair,
)
from aggregator.domain.feeds import Carries
from aggregator.read.links.addresses import canonical_url
from tests.curate.make import LEAD, features_of, keys_under, make_item


def decide(a: str, b: str, *, lead: str = "", other: str = "x", hours: float = 3) -> PairDecision:
    return decide_pair(
        features_of(make_item(1, a, summary=lead)),
        features_of(make_item(2, b, summary=lead, body=other, hours=hours)),
        frozenset(),
    )


@pytest.mark.parametrize(
    ("a", "b", "veto"),
    [
        ("2026년 드론 실증도시 추진", "2025년 드론 실증도시 추진", "year"),
        ("제12차 전원회의 개최", "제13차 전원회의 개최", "ordinal"),
        ("7월 1일 대기질 예보", "7월 2일 대기질 예보", "day"),
        ("상반기 사업 성과 점검", "하반기 사업 성과 점검", "period"),
        ("청주시, 스마트도시 공모 선정", "충주시, 스마트도시 공모 선정", "region"),
        ("수소도시 예비 선정 3곳", "수소도시 예비 선정 5곳", "count"),
        ("드론 실증도시 구축사업 공모", "드론 실증도시 구축사업 설명회", "phase"),
        ("드론 실증도시 구축사업 공모", "드론 실증도시 구축사업 추가 공모", "phase"),
        ("호우주의보 발령", "호우주의보 해제", "phase"),
        ("가뭄 ‘주의’ 단계", "가뭄 ‘경계’ 단계", "alert"),
        ("표준협회와 데이터 협약", "카카오와 데이터 협약", "names"),
    ],
)
def test_vetoes(a: str, b: str, veto: str) -> None:
    """Templates that differ in what matters are never one release, whatever their lead."""
    decision = decide(
        a, b, lead="관계기관이 함께 추진 현황을 점검하고 앞으로의 계획을 논의했다고 밝혔다."
    )
    assert decision.sameness is not Sameness.SAME
    assert (f"veto:{veto}", True) == (decision.rule, decision.is_veto)


@pytest.mark.parametrize(
    ("a", "b", "rule"),
    [
        ("[보도자료] 스마트도시 표준 마련", "스마트 도시 표준 마련", "same_title"),
        ("스마트도시 데이터 표준을 마련한다", "지방자치단체가 데이터를 함께 쓰도록", "same_lead"),
        ("스마트도시 데이터 표준 마련 나섰다", "스마트도시 데이터 표준 마련 나섰…", "same_lead"),
    ],
)
def test_copies_with_their_lead(a: str, b: str, rule: str) -> None:
    """Copies are told by their title or by their lead, and the rule is named."""
    assert (Sameness.SAME, rule) == (
        (decision := decide(a, b, lead=LEAD)).sameness,
        decision.rule,
    )


def test_cut_title_without_lead() -> None:
    """A title alone must do where a feed gives no lead."""
    decision = decide("스마트도시 데이터 표준 마련에 나섰다", "스마트도시 데이터 표준 …")
    assert (decision.sameness, decision.rule) == (Sameness.SAME, "title_contained")


def test_boilerplate_leads_count_as_absent() -> None:
    """A lead that stands under many titles makes nothing the same."""
    a = features_of(make_item(1, "스마트도시 표준 마련", summary=LEAD))
    b = features_of(make_item(2, "드론 배송 노선 개통", summary=LEAD))
    assert decide_pair(a, b, {a.lead_key}).sameness is Sameness.UNLIKE


def test_a_lead_under_four_unlike_titles_is_boilerplate() -> None:
    """Copies of one title do not make a lead a stock sentence; unlike titles do."""
    titles = ["드론배송노선개통", "산불예방대책발표", "공무원채용시험공고", "도시가스요금조정"]
    copies = [f"스마트도시데이터표준마련{n}" for n in range(5)]
    assert frozenset({"stock"}) == find_boilerplate({"stock": titles, "own": copies})


PORTAL = "https://www.korea.kr/briefing/pressReleaseView.do?newsId=156635793"
MINISTRY = "https://www.molit.go.kr/portal.do?newsId=156635793"
CITY = "https://www.busan.go.kr/nbtnews/view?newsId=156635793"


def decide_links(a: str, b: str) -> PairDecision:
    """Two unlike entries of two feeds, with canonical links."""
    one = make_item(1, "제1차 회의", url=canonical_url(a))
    other = make_item(2, "농업 기술 보급", url=canonical_url(b), feed="other", hours=30)
    assert keys_under(one) & keys_under(other)
    return decide_pair(features_of(one), features_of(other), ())


@pytest.mark.parametrize("other", [MINISTRY, CITY, PORTAL.replace("www.", "m.")])
def test_the_portals_number_on_another_host_is_the_same_release(other: str) -> None:
    """A site that names the portal's number means the portal's release, either way round."""
    assert "same_release" == decide_links(PORTAL, other).rule
    assert "same_release" == decide_links(other, PORTAL).rule


def test_one_host_numbers_its_own_pages() -> None:
    """Two pages of one host with one number are one release."""
    assert "same_release" == decide_links(MINISTRY, MINISTRY.replace("portal", "mobile")).rule


def test_two_strange_hosts_do_not_share_numbers() -> None:
    """Boards that count on their own reach the same number by chance."""
    assert "same_release" != decide_links(MINISTRY, CITY).rule


def test_same_release_number_needs_nothing_else() -> None:
    """The release number decides before every veto."""
    url = "https://www.korea.example/view.do?newsId=156635793"
    a = features_of(make_item(1, "제1차 회의", url=url))
    b = features_of(make_item(2, "제2차 회의 결과", url=url.replace("www.", "m."), hours=400))
    assert (
        (decision := decide_pair(a, b, ())).sameness,
        decision.rule,
    ) == (Sameness.SAME, "same_release")


def test_correction_lifts_the_number_vetoes_for_three_days() -> None:
    """A corrected release may change its figures."""
    a = features_of(make_item(1, "수소도시 3곳 선정", summary=LEAD))
    soon = features_of(make_item(2, "[정정] 수소도시 5곳 선정", summary=LEAD, body="x", hours=24))
    late = features_of(make_item(3, "[정정] 수소도시 5곳 선정", summary=LEAD, body="x", hours=120))
    assert decide_pair(a, soon, ()).sameness is Sameness.SAME
    assert decide_pair(a, late, ()).rule == "veto:count"


def test_same_office_later_without_its_lead() -> None:
    """An office that uses a title again days later tells something new."""
    a = features_of(make_item(1, "시장상황점검회의 개최"))
    b = features_of(make_item(2, "시장상황점검회의 개최", hours=96))
    assert decide_pair(a, b, ()).rule == "veto:same_office_later"


def test_personnel_notices_of_two_days() -> None:
    """Notices of appointments share title and sentence and are different all the same."""
    assert decide("외교부 인사", "외교부 인사", hours=24, other="molit").rule == "veto:personnel"


def test_article_of_a_portal_is_no_release() -> None:
    """A portal's own piece is shown beside a release, never folded into it."""
    a = features_of(make_item(1, summary=LEAD))
    b = features_of(make_item(2, summary=LEAD, feed="portal"), Carries.ARTICLE)
    decision = decide_pair(a, b, ())
    assert (decision.sameness, decision.is_veto) == (Sameness.RELATED, True)


TITLES = st.text(alphabet="제123차회의 스마트도시공모선정2026년청주", max_size=24)
STEMS = st.sampled_from(
    [
        "2026년 스마트도시 데이터 표준 마련",
        "청주시, 스마트도시 공모 선정",
        "제3차 스마트도시 위원회 개최",
        "드론 실증도시 구축사업 공모",
    ]
)
ENDS = st.sampled_from(
    ["", " 결과", " 추가", " 설명회", " 나섰다", " 3곳", "…", " 위한 토론회 개최"]
)
LEADS = st.sampled_from(
    [
        "",
        LEAD,
        f"{LEAD} 끝으로 감사를 전했다.",
        f"{LEAD[:60]} {LEAD[::-1]}",
        f"{LEAD[:45]} {LEAD[::-1]}",
        LEAD.replace("내년", "2027년"),
        LEAD[::-1],
        LEAD * 3,
    ]
)


@st.composite
def _likely_pairs(draw: st.DrawFn) -> tuple[Features, Features]:
    """Two items that are often alike: in their titles, their leads, their addresses."""
    a, stem = draw(TITLES), draw(STEMS)
    titles = draw(
        st.sampled_from(
            [(a, draw(TITLES)), (stem, f"{stem}{draw(ENDS)}"), (stem, draw(STEMS)), (a, a)]
        )
    )
    urls = "https://press.example/a", draw(st.sampled_from(["", "", "https://press.example/a"]))
    one, other = (
        features_of(
            make_item(
                number,
                title,
                summary=draw(LEADS),
                url=url,
                feed=draw(st.sampled_from(["molit-press", "portal"])),
                body=draw(st.sampled_from(["molit", "seoul", ""])),
                hours=draw(st.sampled_from([0, 3, 20, 40, 80, 240])),
            ),
            draw(st.sampled_from([*[Carries.PRESS] * 9, Carries.ARTICLE])),
        )
        for number, (title, url) in enumerate(zip(titles, urls, strict=True), start=1)
    )
    return one, other


@settings(max_examples=300)
@given(_likely_pairs(), st.booleans())
def test_a_pair_has_one_answer(
    pair: tuple[Features, Features],
    is_empty: bool,  # noqa: FBT001
) -> None:
    """The order of the two does not matter, and what it comes to is told for itself, too."""
    one, other = pair
    empty = {one.lead_key} if is_empty else set()
    forth, back = decide_pair(one, other, empty), decide_pair(other, one, empty)
    assert (forth.sameness, forth.rule, forth.strength) == (
        back.sameness,
        back.rule,
        back.strength,
    )
    glance = glance_at_pair(one, other, empty)
    assert forth.sameness is glance.sameness
    assert forth.is_veto or not glance.is_veto
