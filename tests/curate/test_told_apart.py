"""Facts that tell two releases of one form apart, and those that only seem to."""

from __future__ import annotations

import pytest

from aggregator.curate.copies.features import features
from aggregator.curate.copies.pairs import decide_pair
from aggregator.curate.copies.plain_titles import is_stock_title
from tests.curate.deciding import CONTEXT, decide, is_same
from tests.curate.make import make_item


@pytest.mark.parametrize(
    ("a", "b", "veto"),
    [
        ("국내 발생 현황 (3.5.)", "국내 발생 현황 (3.6.)", "dated"),
        ("국내 발생 현황(3.5., 0시 기준)", "국내 발생 현황(3.6., 0시 기준)", "day"),
        ("일일 먼지 예보(3/5)", "일일 먼지 예보(3/6)", "day"),
        ("호우 대처상황 보고 (3.5. 06:00 기준)", "호우 대처상황 보고 (3.5. 18:00 기준)", "hour"),
        ("A형 간염 예방접종 안내", "B형 간염 예방접종 안내", "letter"),
        ("Form A issued for foreign workers", "Form B issued for foreign workers", "letter"),
        ("다온 제2테크노밸리 입주기업 모집", "다온 제3테크노밸리 입주기업 모집", "ordinal"),
    ],
)
def test_titles_of_one_form_differ_in_small_signs(a: str, b: str, veto: str) -> None:
    """A day in brackets, an hour, a letter or a number within a name: each fills the form anew."""
    assert decide(a, b, bodies=("kdca", "kdca"), lead="").rule == f"veto:{veto}"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("AI 기본법 시행령 제정안 입법예고", "인공지능기본법 시행령 제정안 입법예고"),
        ("다온 가로 설계 기법 안내", "다온가로설계기법 안내"),
        ("K-가람법 시행령 입법예고", "K-가람 법 시행령 입법예고"),
    ],
)
def test_a_law_is_one_however_it_is_spaced(a: str, b: str) -> None:
    """Its last word may stand for it, and what only ends like a law is none."""
    assert is_same(decide(a, b, lead=""))


AIRBASE = (
    "산림청은 봄철 산불에 대비해 진화 헬기 50대를 전진 배치하고 감시카메라 1,446대를 온종일 돌리며, 3월 9일부터"
    " 4월 10일까지 울산과 창원에서 집중 점검을 한다고 밝혔다."
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("산불 진화 헬기 50대 전진 배치", "봄철 산불, 감시카메라 1,446대로 살핀다"),
        ("3월 9일부터 산불 집중 점검", "산불 집중 점검, 4월 10일까지"),
        ("울산 산불 진화 헬기 배치", "창원 산불 감시카메라 배치"),
    ],
)
def test_titles_may_pick_other_facts_of_one_text(a: str, b: str) -> None:
    """Each number and place stands in the lead that both have, letter for letter."""
    assert is_same(decide(a, b, lead=AIRBASE))


def test_a_text_of_both_years_does_not_outweigh_a_form() -> None:
    """Where the leads are no one text, other numbers stand, though each is told somewhere."""
    a = "2025년 산불 진화 헬기 배치"
    assert decide(a, "2026년 산불 진화 헬기 배치", lead="").rule == "veto:year"


@pytest.mark.parametrize("years", ["30년 넘은", "20년 만에 바뀌는", "10년간 이어진"])
def test_a_span_of_years_is_no_year(years: str) -> None:
    """``30년 넘은`` is not 2030."""
    a, b = f"{years} 노후 아파트 재건축 쉬워진다", "노후 아파트 재건축 쉬워진다… 2026년 시행"
    assert decide(a, b, lead="").rule != "veto:year"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("산불 감시카메라 설치사업 공모 결과", "산불 감시카메라 설치사업 선정"),
        ("산불 헬기장 착공… 2027년 준공", "산불 헬기장 첫 삽"),
        ("봄철 산불 진화 헬기 배치계획 공고", "봄철 산불 진화 헬기 배치계획 확정"),
        ("봄철 산불 진화 헬기 대책 회의", "봄철 산불 진화 헬기 대책 회의 결과"),
    ],
)
def test_one_text_of_one_day_tells_one_stage(a: str, b: str) -> None:
    """Whatever word each title has for it, also within one office."""
    assert is_same(decide(a, b, lead=AIRBASE, bodies=("kfs", "kfs")))


@pytest.mark.parametrize(
    "title",
    ["2026년 시무식 개최", "설맞이 전통시장 장보기", "신입사원 채용 공고", "국정감사 업무보고"],
)
def test_an_occasion_of_every_office_is_nobodys(title: str) -> None:
    """Without leads that show it, two offices that write it do not mean one release."""
    assert decide(title, title, lead="", bodies=("motie", "molit")).rule in {
        "veto:plain_title",
        "veto:stock_title",
    }


def test_a_daily_title_is_of_its_day() -> None:
    """The next day's release has the title too, and no number tells them apart."""
    title = "시장상황점검회의 개최"
    assert decide(title, title, lead="", bodies=("mofe", "mofe"), hours=25).rule == (
        "veto:same_office_later"
    )


def test_one_title_with_other_figures_is_another_edition() -> None:
    """Auctions and counts of an office come with one title and other numbers."""
    leads = (
        "국고채 3년물 2조 8,000억 원을 입찰한 결과 응찰률 281.3%, 낙찰금리 2.615%로 낙찰되었다.",
        "국고채 5년물 1조 9,000억 원을 입찰한 결과 응찰률 255.1%, 낙찰금리 2.710%로 낙찰되었다.",
    )
    title = "국고채권 경쟁입찰 결과"
    assert not is_same(decide(title, title, lead=leads, bodies=("mofe", "mofe")))


def test_a_corrected_count_is_the_same_release() -> None:
    """The mark says that the figure in the title replaces the other one; another turn it never is."""
    a, b = "근로장려금 115만 가구에 지급[정정]", "근로장려금 112만 가구에 지급"
    assert is_same(decide(a, b, lead=""))
    assert not is_same(decide("제12차 위원회 개최[정정]", "제13차 위원회 개최", lead=""))


def test_a_daily_title_is_of_its_day_though_its_lead_is_a_form() -> None:
    """The same habits of speech stand in both leads; only one text would show one release."""
    leads = (
        "재정경제부는 관계기관과 시장상황점검회의를 열고 중동 정세가 금융·외환시장에 미치는 영향을 점검하였다. 24시간 점검체계를 이어 간다.",
        "재정경제부는 관계기관과 시장상황점검회의를 열고 국제유가가 금융·외환시장에 미치는 영향을 점검하였다. 24시간 점검체계를 이어 간다.",
    )
    title = "시장상황점검회의 개최"
    decision = decide(title, title, lead=leads, bodies=("mofe", "mofe"), hours=25)
    assert decision.rule == "veto:same_office_later"


def test_one_name_for_another_is_a_form_however_long_the_lead() -> None:
    """English leads are long, and this one names neither palace."""
    lead = (
        "The administration will open the palace at night for four weeks this spring. Tickets for foreign visitors"
        " are sold on site with a passport, while domestic visitors must book online. The number of visitors is"
        " limited to 3,000 a day."
    )
    titles = (
        "Night tours of Garam Palace to begin on April 8",
        "Night tours of Nuri Palace to begin on April 8",
    )
    assert decide(*titles, lead=lead, bodies=("khs", "khs")).rule == "veto:names"


def test_a_whole_text_of_one_day_is_one_release_whatever_is_added() -> None:
    """One title says 추가, the other says it in a word of its own."""
    a, b = "산불 감시카메라 1,446대 추가 설치", "산불 감시카메라 1,446대 더 놓는다"
    assert is_same(
        decide(
            a,
            b,
            lead=f"{AIRBASE} 감시원도 지난해의 두 배로 늘리고 마을마다 방송을 한다.",
            bodies=("kfs", "kfs"),
        )
    )


def test_a_title_of_many_numbers_is_told_at_once() -> None:
    """There is one way to take it apart, so that none has to be tried after another."""
    title = "1주" * 200 + "축제"
    assert not is_stock_title(title, "")
    assert is_stock_title("3월2주주간보도계획", "")


def test_a_lead_that_counts_as_absent_is_no_text() -> None:
    """What stands under many unlike titles shows nothing, however many figures are in it."""
    told = "봄철 산불 상황을 매일 9시에 알립니다. 문의는 042-481-4119 산림재난통제관 3팀으로 하시기 바랍니다."
    a, b = (
        features(
            make_item(n, "산불 위험 예보", summary=told, body="kfs", feed=f"f{n}", hours=hours),
            CONTEXT,
        )
        for n, hours in ((1, 0), (2, 25))
    )
    assert decide_pair(a, b, {a.lead_key}).rule == "veto:same_office_later"
