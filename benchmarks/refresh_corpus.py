"""The feeds of ``benchmarks/refresh.py``: Korean press feeds, the same ones for the same day.

Of 200 feeds 130 are RSS 2.0 (16 of them in EUC-KR), 50 Atom and 20 RSS 1.0. Each item has a text of
some 700 characters as HTML with a picture, a link and an attribute that no reader wants; a quarter
of the feeds carry the whole text too, with a script in it. One item in seven is a release that
other feeds carry as well.
"""

from __future__ import annotations

import gzip
import html
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

ITEMS = 30
"""Items of one feed."""

MONTH = datetime(2026, 9, 1, tzinfo=UTC)
"""When the month of ``render_month`` begins."""

GAINED = 2
"""New items of a feed that changed; as many of the oldest fall off."""

_FIRST = "가 나 다 라 마 바 사 아 자 차 카 타 파 하 고 노 도 로 모 보 소 오 조 초 구 누 두 루 무 부".split()  # noqa: SIM905
_LAST = "온 람 빛 산 울 진 천 포 평 성 주 강 원 림 솔 별 길 터 골 벌 뫼 내 들 숲 섬 봉 촌 호 항 곡".split()  # noqa: SIM905
_KINDS = ("특별시", "광역시", "시", "군", "구")
_THINGS = [
    "교통",
    "하천",
    "도서관",
    "체육관",
    "시장",
    "공원",
    "주차장",
    "상수도",
    "하수도",
    "산림",
    "어항",
    "농지",
    "축제",
    "학교",
    "병원",
    "보건소",
    "박물관",
    "미술관",
    "철도",
    "버스",
    "도로",
    "다리",
    "터널",
    "항만",
    "공항",
    "발전소",
    "주택",
    "골목",
    "마을",
    "광장",
    "정원",
    "온실",
    "목장",
    "양식장",
    "수목원",
    "둘레길",
    "전망대",
    "야영장",
    "경기장",
    "공연장",
    "회의장",
    "연구소",
    "실험실",
    "창고",
    "물류",
    "반도체",
    "로봇",
    "드론",
    "위성",
    "자율주행",
    "데이터",
    "인공지능",
    "통신망",
    "보안",
    "전기차",
    "배터리",
    "수소",
    "태양광",
    "풍력",
    "단열",
    "조명",
    "급식",
    "돌봄",
    "교육",
    "훈련",
    "채용",
    "창업",
    "수출",
    "관광",
    "문화재",
    "방역",
    "백신",
    "검진",
    "상담",
    "복지",
    "연금",
    "세금",
    "민원",
    "통계",
    "지도",
]
_WORKS = [
    "정비",
    "확충",
    "개방",
    "지원",
    "점검",
    "조사",
    "실증",
    "구축",
    "전환",
    "보급",
    "개선",
    "단속",
    "공모",
    "모집",
    "협약",
    "시상",
    "강연",
    "전시",
    "체험",
    "훈련",
    "대책",
    "조례",
    "예산",
    "평가",
    "분양",
    "이전",
    "착공",
    "준공",
    "개통",
    "복원",
]
_WHO = "시장은 과장은 관계자는 위원회는 대표는 연구진은 교수는 이사장은".split()  # noqa: SIM905
_SAYS = "밝혔다 전했다 설명했다 강조했다 덧붙였다 내다봤다 소개했다 당부했다".split()  # noqa: SIM905
_NAMES = "김하늘 이도윤 박서연 최지우 정예준 한수아".split()  # noqa: SIM905
_RSS_SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of all feeds. ``newest`` is the date of their first newest items, ``minute`` what
    the documents' own dates say, ``has_news`` whether the feeds that change have changed."""

    newest: datetime
    minute: int = 0
    has_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    link: str
    title: str
    text: str
    at: datetime
    author: str
    topic: str
    full: str = ""


def changes(number: int) -> bool:
    """Whether a feed is one of the 9 % that bring something new."""
    return number * 7919 % 100 < 9  # noqa: PLR2004


def write(folder: Path, feeds: int, revision: Revision) -> None:
    """Write the documents of all feeds, compressed, into a new folder: ``00000.gz`` and so on."""
    folder.mkdir()
    for number in range(feeds):
        document = gzip.compress(render(number, revision), 5, mtime=0)
        (folder / f"{number:05}.gz").write_bytes(document)


def render(number: int, revision: Revision) -> bytes:
    """The document of one feed."""
    top = ITEMS + (GAINED if revision.has_news and changes(number) else 0)
    items = [_item(number, n, revision.newest) for n in range(top - 1, top - 1 - ITEMS, -1)]
    own_date = revision.newest + timedelta(minutes=revision.minute)
    name = f"{_place(random.Random(f'feed {number}'))} 보도자료 {number}"  # noqa: S311
    kind = number * 7919 % 200
    if kind < 130:  # noqa: PLR2004
        encoding = "euc-kr" if kind < 16 else "utf-8"  # noqa: PLR2004
        return _rss(name, items, own_date, encoding).encode(encoding, "xmlcharrefreplace")
    made = _atom if kind < 180 else _rdf  # noqa: PLR2004
    return made(name, items, own_date).encode()


def released(number: int, minute: int) -> int:
    """How many items a feed has brought by a minute of its month: one each twelve to sixty hours."""
    return minute // _period(number)


def render_month(number: int, count: int) -> bytes:
    """The document of a feed that has brought so many items since the month began."""
    period = timedelta(minutes=_period(number))
    newest = MONTH + period * count
    items = [_item(number, n, newest) for n in range(ITEMS + count - 1, count - 1, -1)]
    items = [replace(one, at=newest - period * place) for place, one in enumerate(items)]
    return _rss(f"보도자료 {number}", items, newest, "utf-8").encode()


def _period(number: int) -> int:
    """Minutes from one item of a feed to the next."""
    return 720 + number * 7919 % 2880


def _place(chance: random.Random) -> str:
    return chance.choice(_FIRST) + chance.choice(_LAST) + chance.choice(_KINDS)


def _topic(chance: random.Random) -> str:
    return f"{chance.choice(_THINGS)} {chance.choice(_WORKS)}"


def _item(number: int, serial: int, newest: datetime) -> _Item:
    """An item: the same for the same feed and serial number, of which 0 is the oldest."""
    own = random.Random(f"item {number} {serial}")  # noqa: S311
    shared = random.Random(f"release {own.randrange(2000)}") if own.random() < 0.15 else own  # noqa: S311, PLR2004
    place, topic = _place(shared), _topic(shared)
    title = f"{place} {topic}, {_topic(shared)} {shared.randint(2, 99)}곳"
    text = _text(shared, place, topic, 700)
    at = newest - timedelta(minutes=(ITEMS - 1 - serial) * 300 + number % 60)
    return _Item(
        link=f"https://press.example/{number}/{serial}",
        title=title,
        text=_markup(number, serial, title, text),
        at=at,
        author=own.choice(_NAMES),
        topic=topic,
        full="" if number % 4 else f"<p>{_text(own, place, topic, 900)}</p><script>x()</script>",
    )


def _text(chance: random.Random, place: str, topic: str, length: int) -> str:
    told = f"{place}가 {topic} 계획을 발표했다."
    while len(told) < length:
        told += (
            f" {_place(chance)} {chance.choice(_WHO)} {_topic(chance)} {chance.randint(2, 900)}곳과 "
            f"{_topic(chance)} 사업에 {chance.randint(2, 900)}억원을 들인다고 {chance.choice(_SAYS)}."
        )
    return told


def _markup(number: int, serial: int, title: str, text: str) -> str:
    half = len(text) // 2
    return (
        f'<p><img src="https://img.example/{number}/{serial}.jpg" alt="{title}"/></p>'
        f'<p style="color:#333">{text[:half]}</p><p>{text[half:]} '
        f'<a href="https://press.example/{number}/{serial}?utm_source=rss" onclick="x()">원문</a></p>'
    )


def _rss(name: str, items: list[_Item], own_date: datetime, encoding: str) -> str:
    entries = [
        f"<item><title>{escape(each.title)}</title><link>{each.link}</link>"
        f'<guid isPermaLink="false">{each.link}</guid><pubDate>{format_datetime(each.at)}</pubDate>'
        f"<dc:creator>{each.author}</dc:creator><category>{each.topic}</category>"
        f"<description><![CDATA[{each.text}]]></description>{_encoded(each)}</item>\n"
        for each in items
    ]
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0" {_RSS_SPACES}><channel>'
        f"<title>{name}</title><link>https://press.example/</link><description>{name}</description>"
        f"<language>ko</language><lastBuildDate>{format_datetime(own_date)}</lastBuildDate>\n"
        f"{''.join(entries)}</channel></rss>\n"
    )


def _atom(name: str, items: list[_Item], own_date: datetime) -> str:
    entries = [
        f"<entry><title>{escape(each.title)}</title><id>{each.link}</id>"
        f'<link href="{each.link}"/><published>{each.at.isoformat()}</published>'
        f"<updated>{each.at.isoformat()}</updated><author><name>{each.author}</name></author>"
        f'<category term="{each.topic}"/><summary type="html">{html.escape(each.text)}</summary>'
        + (f'<content type="html">{html.escape(each.full)}</content>' if each.full else "")
        + "</entry>\n"
        for each in items
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="ko"><title>{name}</title><id>urn:press:{name}</id>'
        f'<link href="https://press.example/"/><updated>{own_date.isoformat()}</updated>\n'
        f"{''.join(entries)}</feed>\n"
    )


def _rdf(name: str, items: list[_Item], own_date: datetime) -> str:
    entries = [
        f'<item rdf:about="{each.link}"><title>{escape(each.title)}</title><link>{each.link}</link>'
        f"<description>{html.escape(each.text)}</description><dc:date>{each.at.isoformat()}"
        f"</dc:date><dc:creator>{each.author}</dc:creator>{_encoded(each)}</item>\n"
        for each in items
    ]
    order = "".join(f'<rdf:li resource="{each.link}"/>' for each in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {_RSS_SPACES}><channel rdf:about="urn:press">'
        f"<title>{name}</title><link>https://press.example/</link><description>{name}</description>"
        f"<dc:date>{own_date.isoformat()}</dc:date><items><rdf:Seq>{order}</rdf:Seq></items>"
        f"</channel>\n{''.join(entries)}</rdf:RDF>\n"
    )


def _encoded(item: _Item) -> str:
    return f"<content:encoded><![CDATA[{item.full}]]></content:encoded>" if item.full else ""
