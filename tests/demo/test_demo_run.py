"""The demo end to end: real HTTP, the public verbs, No. 48 in two editions."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from aggregator.demo.documents import releases, styles
from tests.fixtures.feed_checks import problems

pytestmark = pytest.mark.long

PUBLIC = "https://newsletter.example"
FEEDS = (".atom", ".rss", ".json")
SECTIONS = {
    "스마트시티 이슈": 1,
    "스마트시티 정책·사업": 3,
    "스마트시티 정책동향": 7,
    "스마트시티 스페셜": 2,
    "스마트시티 문헌": 2,
    "스마트시티 소식": 1,
}
KOREAN_BYLINES = [
    "2024.2.15 / 국토교통부",
    "2024.2.29 / 국토교통과학기술진흥원",
    "2024.2.27 / 국토교통부",
    "2024.2.16 / 대한민국 정책브리핑",
    "2024.2.27 / 서울시",
    "2024.2.27 / 경기도",
    "2024.2.27 / 충청북도",
    "2024.2.25 / 제주특별자치도",
    "2024.2.21 / 울산광역시",
    "2024.2.20 / 성남시",
    "2024.2.1 / 해남군",
    "2024.2.23 / 한국국토정보공사",
    "2024.2.21 / 국토교통부",
]
ENGLISH_BYLINES = [
    "2024.2.15 / Ministry of Land, Infrastructure, and Transport",
    "2024.2.29 / Korea Agency for Infrastructure Technology Advancement (KAIA)",
    "2024.2.27 / Ministry of Land, Infrastructure, and Transport",
    "2024.2.16 / Korea Policy Briefing",
    "2024.2.27 / Seoul",
    "2024.2.27 / Gyeonggi-do",
    "2024.2.27 / Chungcheongbuk-do",
    "2024.2.25 / Jeju Island",
    "2024.2.21 / Ulsan City",
    "2024.2.20 / Seongnam City",
    "2024.2.1 / Haenam-gun",
    "2024.2.23 / LX Korea Land Information Corporation",
    "2024.2.21 / Ministry of Land, Infrastructure, and Transport",
]


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder in which the demo ran."""

    folder: Path
    said: str

    @property
    def public(self) -> Path:
        return self.folder / "var/demo/public"

    def ask(self, *words: str) -> list[Any]:
        """The JSON lines of a verb, run on the demo's configuration at its time."""
        options = ["--config", "var/demo/feeds.toml", "--now", "2024-03-04T10:00"]
        done = aggregator(self.folder, *options, *words, "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def page(self, path: str) -> html.HtmlElement:
        return html.parse(self.public / path, parser=html.HTMLParser(encoding="utf-8")).getroot()

    def files(self) -> dict[str, bytes]:
        files = (path for path in self.public.rglob("*") if path.is_file())
        return {str(path.relative_to(self.public)): path.read_bytes() for path in files}


def aggregator(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("AGG_")}
    return subprocess.run(
        [sys.executable, "-m", "aggregator", *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("published")
    return Demo(folder, aggregator(folder, "demo", "--once").stdout)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("drafted")
    return Demo(folder, aggregator(folder, "demo", "--draft").stdout)


TRACKERS = re.compile("&call_from=rsslink|tr_code=snews&")
"""What only tells a site which feed somebody came from."""


def gold_links(first: int = 1, last: int = 16) -> dict[int, str]:
    """The link of each item of No. 48 that comes from a body's own feed, by its position."""
    found = {}
    for feed, source in styles().items():
        for release in releases(feed):
            kind, _, position = release.label.partition(":")
            if kind == "gold" and feed != "korea-kr-press" and first <= int(position) <= last:
                found[int(position)] = source.link.format(id=release.id)
    return dict(sorted(found.items()))


def test_the_draft_holds_the_eleven_press_items_and_few_others(drafted: Demo) -> None:
    """Before an editor touches it: all press items of No. 48 and at most twelve others."""
    (draft,) = drafted.ask("draft")
    urls = [item["url"] for section in draft["sections"] for item in section["items"]]
    press = set(gold_links(last=11).values())

    assert 11 == len(press & set(urls))
    assert len(urls) - 11 <= 12


def test_every_other_candidate_is_a_true_one(drafted: Demo) -> None:
    """No near miss and no everyday release is proposed, nor has any a section."""
    labels = {
        source.link.format(id=release.id): release.label.partition(":")[0]
        for feed, source in styles().items()
        for release in releases(feed)
    }
    placed = [story for story in drafted.ask("stories") if story["section"]]

    wrong = [s["title"] for s in placed if labels[s["members"][0]["url"]] in {"near", "everyday"}]

    assert [] == wrong


def test_releases_that_arrived_twice_are_one_story(drafted: Demo) -> None:
    """Joint releases and portal copies fold; the portal's own article does not."""
    story_of = {
        (member["feed"], member["url"]): story["id"]
        for story in drafted.ask("stories")
        for member in story["members"]
    }
    told: dict[str, set[str]] = {}
    for feed, source in styles().items():
        for release in releases(feed):
            if release.story:
                key = (feed, source.link.format(id=release.id))
                told.setdefault(release.story, set()).add(story_of[key])

    assert {} == {
        name: ids for name, ids in told.items() if len(ids) != 1 and name != "honam-youth-camp"
    }


def test_the_published_issue_holds_the_sixteen_in_order(published: Demo) -> None:
    """Six sections, 1 + 3 + 7 + 2 + 2 + 1 items, each linked to its source."""
    page = published.page("issues/48/index.html")
    counts = {
        section.findtext(".//h2").strip(): len(section.findall(".//article"))
        for section in page.iter("section")
        if section.find(".//h2") is not None and section.findall(".//article")
    }
    links = [h3.find(".//a").get("href") for h3 in page.iter("h3") if h3.find(".//a") is not None]

    assert counts == SECTIONS
    wanted = [TRACKERS.sub("", link) for link in gold_links(last=13).values()]
    assert wanted == [link for link in links if link in set(wanted)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("issues/48/index.html", KOREAN_BYLINES), ("issues/48/en/index.html", ENGLISH_BYLINES)],
)
def test_the_bylines_are_the_printed_ones(published: Demo, path: str, expected: list[str]) -> None:
    """Day without padding, print name of the body in the edition's language."""
    page = published.page(path)
    bylines = [" ".join(node.text_content().split()) for node in page.find_class("byline")]

    assert expected == bylines


def test_the_english_edition_has_its_furniture(published: Demo) -> None:
    """Tagline, heading, labels, the paper's authors and the event's three lines."""
    text = " ".join(published.page("issues/48/en/index.html").text_content().split())

    for line in (
        "Check out the latest smart city policy information!",
        "No. 48 (2024.3.4)",
        "Smart City Policy Project",
        (
            "Kang Won-pyeong, Cho Yong-seong, Eo Hyo-kyung, Son Seung-nyeo (Korea Intelligent"
            " Transportation Systems Association) / Kim Gyeong-seok (Kongju National University)"
        ),
        "Event Name: 2024 Smart City Summit & Expo",
        (
            "Date/Location: '24.3.19~23 / Taipei Nangang Exhibition Center Hall 2 & Kaohsiung"
            " Exhibition Center"
        ),
        "Subject: Digital & Green Transformation / 02-3667-3114",
        "※ Go to video > Click image",
    ):
        assert line in text


def test_no_hangul_is_left_in_the_english_items(published: Demo) -> None:
    """Every text of the issue is translated."""
    page = published.page("issues/48/en/index.html")
    texts = [article.text_content() for article in page.iter("article")]

    assert 16 == len(texts)
    assert not [text for text in texts if any("가" <= char <= "힣" for char in text)]


def test_the_editions_point_at_each_other(published: Demo) -> None:
    """hreflang both ways."""
    for path in ("issues/48/index.html", "issues/48/en/index.html"):
        links = published.page(path).xpath("//link[@rel='alternate'][@hreflang]/@hreflang")
        assert {"ko", "en"} <= set(links)


def test_no_loopback_address_is_published(published: Demo) -> None:
    """The demo's server shows nowhere."""
    marks = (b"127.0.0.1", b"localhost", b"[::1]")

    assert [] == [path for path, body in published.files().items() if any(m in body for m in marks)]


def test_nothing_is_wrong_with_any_feed(published: Demo) -> None:
    """Every format keeps its schema and the conditions of validators; two months are closed, and two days of
    the third."""
    made = {
        path: body
        for path, body in published.files().items()
        if path.endswith(FEEDS) and not path.endswith(".ninjs.json")
    }
    now = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)
    found = {path: problems(path, body, PUBLIC, now) for path, body in made.items()}

    assert {} == {path: lines for path, lines in found.items() if lines}
    closed = {path for path, body in made.items() if b"<fh:archive/>" in body}
    walked = {path for path in closed if not path.startswith("archive/2024-02-")}
    assert {f"archive/2024-{name}.atom" for name in ("01", "02", "03-01", "03-02")} == walked


def test_two_runs_are_byte_identical(published: Demo, tmp_path: Path) -> None:
    """Same input, same bytes, in another folder."""
    aggregator(tmp_path, "demo", "--once")

    assert published.files() == Demo(tmp_path, "").files()


@pytest.mark.parametrize(("feed", "left"), [("seoul", 15), ("kits-journal", 15), ("daegu", 16)])
def test_without_a_feed_exactly_its_items_are_gone(
    published: Demo, tmp_path: Path, feed: str, left: int
) -> None:
    """Nothing else disappears and nothing else moves in."""
    aggregator(tmp_path, "demo", "--once", "--without", feed)
    other = Demo(tmp_path, "")

    def titles(demo: Demo) -> list[str]:
        return [h3.text_content().strip() for h3 in demo.page("issues/48/index.html").iter("h3")]

    before = {(i["feed"], i["key"]) for i in published.ask("items")}
    after = {(i["feed"], i["key"]) for i in other.ask("items")}
    assert {feed} == {name for name, _ in before - after}
    assert after <= before
    assert left == len(titles(other))
    assert [title for title in titles(published) if title in titles(other)] == titles(other)


def test_the_ill_feeds_are_named(published: Demo) -> None:
    """A closed feed and a maintenance page each say what is wrong."""
    ill = {row["feed"]: row["error"] for row in published.ask("status") if row["error"]}

    assert {"closed-office": "bad_status", "under-maintenance": "html_page"} == ill
