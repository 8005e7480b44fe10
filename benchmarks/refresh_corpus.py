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
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

ITEMS = 30
"""Items of one feed."""

GAINED = 2
"""New items of a feed that changed; as many of the oldest fall off."""

_PLACES = "가온 나루 다솜 라온 마루 바름 새빛 아라 한별 누리 온새 도담 해든 미르 솔빛 여울".split()  # noqa: SIM905
_KINDS = ("특별시", "광역시", "시", "군", "구")
_TOPICS = (
    "스마트도시 통합플랫폼|자율주행 셔틀|도시재생 사업|공공데이터 개방|탄소중립 실천|청년 창업 지원|"
    "전통시장 활성화|산불 예방 활동|겨울철 한파 대책|노후 상수관 정비|드론 배송 실증|디지털 트윈 구축"
).split("|")
_ACTS = "본격 추진|참여자 모집|업무협약 체결|시범 운영 시작|성과 보고회 개최|현장 점검".split("|")
_WHO = "이 시장은|담당 과장은|관계자는|위원회는|주민 대표는|연구진은".split("|")  # noqa: SIM905
_WHAT = (
    "시민이 일상에서 느낄 수 있는 변화를 만들겠다고 밝혔다|올해 안에 필요한 예산을 확보하기로 했다|"
    "관계 기관과 협력하여 안전한 환경을 조성할 계획이다|현장의 의견을 들어 세부 계획을 보완하기로 했다|"
    "지난해보다 참여 기관이 크게 늘었다고 설명했다|결과를 누리집에 공개하고 의견을 받을 예정이다|"
    "인공지능을 활용한 교통 관리 체계를 단계적으로 넓힌다|누구나 무료로 이용할 수 있다고 덧붙였다"
).split("|")
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


def _place(chance: random.Random) -> str:
    return chance.choice(_PLACES) + chance.choice(_KINDS)


def _item(number: int, serial: int, newest: datetime) -> _Item:
    """An item: the same for the same feed and serial number, of which 0 is the oldest."""
    own = random.Random(f"item {number} {serial}")  # noqa: S311
    shared = random.Random(f"release {own.randrange(2000)}") if own.random() < 0.15 else own  # noqa: S311, PLR2004
    place, topic = _place(shared), shared.choice(_TOPICS)
    title = f"{place} {topic} {shared.randint(2, 99)}곳 {shared.choice(_ACTS)}"
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
        told += f" {chance.choice(_WHO)} {chance.randint(2, 900)}개 사업에서 {chance.choice(_WHAT)}."
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
