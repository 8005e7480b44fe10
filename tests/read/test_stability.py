"""The same release in other clothes keeps its key and hash; another release never has both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.feeds import Feed
from aggregator.domain.items import SEOUL, Item
from aggregator.services.trials.inspect import inspect_document

FEED = Feed(id="city", url="https://city.example/rss", title="시정 소식", body="city")
NOW = datetime(2026, 3, 31, tzinfo=UTC)
WORDS = st.text(
    alphabet=st.sampled_from("가나다라마바사아자차카타파하스마트도시AIR&<>·'\"0123456789 "),
    min_size=3,
    max_size=40,
)
SAID = WORDS.map(lambda words: f"시 {' '.join(words.split())} 안내")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What an office says, whatever its board makes of it."""

    number: int
    title: str
    text: str
    at: datetime


RELEASES = st.builds(
    Release,
    number=st.integers(100, 99_999),
    title=SAID,
    text=SAID.map("{}입니다.".format),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 30)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0, second=1, tzinfo=SEOUL)
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clothes:
    """How a board writes it down at one visit."""

    scheme: str
    host: str
    parameters: tuple[str, ...]
    date: int
    literal: bool
    padded: bool
    charset: str

    def document(self, release: Release) -> bytes:
        """A feed with the one release."""
        pairs = [each.format(number=release.number) for each in self.parameters]
        link = f"{self.scheme}://{self.host}/www/selectBbsNttView.do?{'&'.join(pairs)}"
        dates = (
            release.at.strftime("%Y-%m-%d %H:%M:%S.0"),
            release.at.isoformat(),
            release.at.astimezone(UTC).isoformat(),
            release.at.strftime("%Y년 %m월 %d일 %H시 %M분 %S초"),
        )
        title = f"  {release.title.replace(' ', '  ')}\n" if self.padded else release.title
        parts = {"title": title, "link": link, "pubDate": dates[self.date],
                 "description": escape(f"<p>{escape(release.text)}</p>" if self.padded else escape(release.text))
                 if not self.literal else f"<p>{escape(release.text)}</p>"}  # fmt: skip
        written = {
            name: f"<![CDATA[{value}]]>" if self.literal else
            value if name == "description" else escape(value)
            for name, value in parts.items()
        }  # fmt: skip
        body = "".join(f"<{name}>{value}</{name}>" for name, value in written.items())
        return (
            f'<?xml version="1.0" encoding="{self.charset}"?><rss version="2.0"><channel>'
            f"<title>시정 소식</title><item>{body}</item></channel></rss>"
        ).encode("cp949" if self.charset != "utf-8" else "utf-8")


CLOTHES = st.builds(
    Clothes,
    scheme=st.sampled_from(["http", "https"]),
    host=st.sampled_from(["city.example", "www.city.example", "WWW.City.example", "m.city.example"]),
    parameters=st.permutations(["bbsNo=27", "nttNo={number}"]).flatmap(
        lambda own: st.lists(
            st.sampled_from(["utm_source=rss", "pageIndex=3", "searchKrwd=", "call_from=rsslink"]),
            unique=True,
        ).map(lambda more: (*more, *own))
    ),
    date=st.integers(0, 3),
    literal=st.booleans(),
    padded=st.booleans(),
    charset=st.sampled_from(["utf-8", "euc-kr", "ks_c_5601-1987"]),
)  # fmt: skip


def item_of(document: bytes) -> Item:
    """The only item of a document."""
    (item,) = inspect_document(document, feed=FEED, now=NOW, base_url=FEED.url).items
    return item


@settings(max_examples=100, deadline=None)
@given(RELEASES, CLOTHES, CLOTHES)
def test_clothes_change_neither_key_nor_hash(
    release: Release, one: Clothes, other: Clothes
) -> None:
    """Scheme, host, order and extras of parameters, shape of the date, markup, padding, charset."""
    before, after = item_of(one.document(release)), item_of(other.document(release))

    assert (before.key, before.hash) == (after.key, after.hash)


@settings(max_examples=100, deadline=None)
@given(RELEASES, CLOTHES, st.integers(0, 3), SAID)
def test_real_changes_are_seen(release: Release, clothes: Clothes, part: int, said: str) -> None:
    """Another number is another key; another headline, text or minute another hash."""
    changed = (
        replace(release, number=release.number + 1),
        replace(release, title=f"{release.title} {said}"),
        replace(release, text=f"{said} {release.text}"),
        replace(release, at=release.at + timedelta(minutes=1)),
    )[part]
    before, after = item_of(clothes.document(release)), item_of(clothes.document(changed))

    assert (before.key == after.key) is (part > 0)
    assert before.hash != after.hash
