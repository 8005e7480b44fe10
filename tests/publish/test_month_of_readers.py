"""A month of changes as feed readers get to see it: no story twice, none lost, days right."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from lxml import etree
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.domain.items import SEOUL
from aggregator.publish.site import SiteRenderer
from aggregator.services.publishing.publish import planet_of
from aggregator.web.public_files import PublicFiles
from tests.fixtures.feed_programs import (
    NEWEST_WINS,
    WITH_ETAGS,
    Library,
    Newsboat,
    Rss2email,
    Sfeed,
    Shown,
    needs,
)
from tests.fixtures.month import DAYS, DEAD, MONTH, QUIET, TEXT_EDITED
from tests.fixtures.newsroom import FIRST, Month, opened_month
from tests.fixtures.offices import release
from tests.fixtures.serving import fetch, served

pytestmark = pytest.mark.long

ATOM = "{http://www.w3.org/2005/Atom}"
WEEKLY = frozenset({1, 6, 8, 15, 22, DAYS})
"""About weekly, and on both sides of an edit."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as the Atom feed of a day tells it; ``whole`` is all of it."""

    title: str
    link: str
    published: datetime
    updated: datetime
    summary: str
    whole: bytes


def told(body: bytes) -> dict[str, Told]:
    """The entries of an Atom document by id."""
    return {
        entry.findtext(f"{ATOM}id", ""): Told(
            title=entry.findtext(f"{ATOM}title", ""),
            link=entry.findall(f"{ATOM}link[@rel='alternate']")[0].get("href", ""),
            published=datetime.fromisoformat(entry.findtext(f"{ATOM}published", "")),
            updated=datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")),
            summary=entry.findtext(f"{ATOM}summary", ""),
            whole=etree.tostring(entry),
        )
        for entry in etree.fromstring(body).findall(f"{ATOM}entry")
    }


@dataclass
class Site:
    """The published files over HTTP, with a note of who asked on which day and what was answered."""

    app: ASGIApp | None = None
    day: int = 0
    answers: list[tuple[int, str, str, int]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                who = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
                self.answers.append((self.day, who, scope["path"], message["status"]))
            await send(message)

        assert self.app is not None
        await self.app(scope, receive, note)


@dataclass
class Lived:
    """What was published on each day, and the readers after the month."""

    base: str
    month: Month
    site: Site
    library: Library
    feed: dict[int, dict[str, Told]] = field(default_factory=dict)
    stories: dict[int, dict[str, Told]] = field(default_factory=dict)
    programs: dict[str, Newsboat | Sfeed | Rss2email] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.base}/{path}"

    def seen(self, days: Iterable[int]) -> dict[str, Told]:
        """What the combined feed had on any of these days, as it was last told there."""
        found: dict[str, Told] = {}
        for day in days:
            found |= self.feed[day]
        return found

    def shown(self, program: str, path: str) -> list[Shown]:
        """What a program has of a feed."""
        kept = self.programs[program].shown()
        return [one for one in kept if one.feed == self.url(path)]

    def id_of(self, title: str) -> str:
        """The id of the story that was last called so."""
        ever = self.seen(range(1, DAYS + 1))
        (only,) = (name for name, one in ever.items() if one.title == title)
        return only


def make_programs(
    url: Callable[[str], str], folder: Path
) -> dict[str, Newsboat | Sfeed | Rss2email]:
    """The readers that are installed."""
    made: dict[str, Newsboat | Sfeed | Rss2email] = {}
    if shutil.which("newsboat"):
        made["newsboat"] = Newsboat(
            folder=folder / "newsboat",
            urls=[url("feed.atom"), url("en/issues.atom")],
            told_again=[url("feed.atom")],
        )
        made["newsboat weekly"] = Newsboat(folder=folder / "weekly", urls=[url("feed.rss")])
    if shutil.which("sfeed_update"):
        made["sfeed"] = Sfeed(folder=folder / "sfeed", urls=[url("feed.atom")])
        more = NEWEST_WINS + WITH_ETAGS
        made["sfeed by id"] = Sfeed(folder=folder / "by-id", urls=[url("feed.rss")], more=more)
    if shutil.which("r2e"):
        made["r2e weekly"] = Rss2email(
            folder=folder / "r2e",
            urls=[url("feed.atom"), url("feed.rss")],
            replies=[url("feed.atom")],
        )
    return made


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The month, lived once, with every reader that is installed."""
    folder = tmp_path_factory.mktemp("month")
    site = Site()
    with served(site) as port, opened_month(folder, f"http://127.0.0.1:{port}", MONTH) as month:
        site.app = PublicFiles(month.public, lambda: month.desk.options)
        base = month.desk.options.base_url
        paths = ("feed.atom", "feed.rss", "feed.json", "en/issues.atom")
        library = Library(file=folder / "reader.db", urls=[f"{base}/{path}" for path in paths])
        found = Lived(base=base, month=month, site=site, library=library)
        found.programs = make_programs(found.url, folder)
        for _ in range(DAYS):
            month.live()
            remember(found)
            for name, program in found.programs.items():
                if month.day in WEEKLY or "weekly" not in name:
                    program.poll()
            found.troubles += library.poll(month.now)
            if month.day == 6:
                read_all(found)
        yield found


def remember(found: Lived) -> None:
    """Keep what is published today."""
    month = found.month
    found.site.day = month.day
    found.feed[month.day] = told((month.public / "feed.atom").read_bytes())
    found.stories[month.day] = {
        name: one
        for file in (*(month.public / "archive").glob("*.atom"), month.public / "feed.atom")
        for name, one in told(file.read_bytes()).items()
    }


def read_all(found: Lived) -> None:
    """People have read everything so far."""
    if "newsboat" in found.programs:
        cast("Newsboat", found.programs["newsboat"]).read_all()
    found.library.read_all()


def assert_once(shown: Iterable[Shown], expected: Mapping[str, Told]) -> None:
    """Each of these stories is there once, and nothing else."""
    assert Counter(expected.keys()) == Counter(one.id for one in shown)


def test_a_month_happens(lived: Lived) -> None:
    """The feed moves on by more than it holds, and goes on in the months before."""
    assert len(lived.seen(lived.feed)) > 4 * len(lived.feed[1])
    files = sorted(file.stem for file in (lived.month.public / "archive").glob("*.atom"))
    months = [name for name in files if len(name) == len("2024-02")]
    assert ["2024-02"] == [name for name in months if name >= "2024-02"]


def test_the_feeds_are_those_of_the_whole_site(lived: Lived) -> None:
    """The month made the feeds alone; with all pages the same bytes come."""
    month = lived.month
    whole = SiteRenderer().render(planet_of(month.desk, month.press.pictures))
    made = {one.path: one.body for one in whole}
    for file in month.public.rglob("*.*"):
        path = file.relative_to(month.public).as_posix()
        assert made[path] == file.read_bytes(), path


def test_whatever_comes_is_in_the_feed_once(lived: Lived) -> None:
    """Also what a server had put out while it could not be reached: whoever reads daily loses
    nothing."""
    later = set().union(*lived.stories.values()) - set(lived.stories[1])
    assert set() == later - set(lived.seen(lived.feed))
    backlog = set(lived.stories[DEAD.stop]) - set(lived.stories[DEAD.stop - 1])
    dead_since = FIRST + timedelta(days=DEAD.start)
    assert 2 == sum(lived.stories[DAYS][name].published < dead_since for name in backlog)


@needs("newsboat")
@pytest.mark.parametrize(
    ("program", "path", "days"),
    [("newsboat", "feed.atom", range(1, DAYS + 1)), ("newsboat weekly", "feed.rss", WEEKLY)],
)
def test_newsboat_has_every_story_once(
    lived: Lived, program: str, path: str, days: Iterable[int]
) -> None:
    """With the title and the link that it was last told."""
    shown, expected = lived.shown(program, path), lived.seen(sorted(days))
    assert_once(shown, expected)
    assert {name: (one.title, one.link) for name, one in expected.items()} == {
        one.id: (one.title, one.link) for one in shown
    }


@needs("newsboat")
def test_newsboat_shows_the_days_of_seoul(lived: Lived) -> None:
    """It keeps the date that it was told first."""
    first = lived.seen(sorted(lived.feed, reverse=True))
    assert {name: one.published for name, one in first.items()} == {
        one.id: one.at.astimezone(SEOUL) for one in lived.shown("newsboat", "feed.atom")
    }


@needs("newsboat")
def test_newsboat_tells_again_only_what_says_something_else(lived: Lived) -> None:
    """All was read on the sixth day; of that, the text that was edited afterwards is unread, and a
    story whose text another release gives."""
    old = set(lived.seen(range(1, 7)))
    unread = {
        one.id for one in lived.shown("newsboat", "feed.atom") if one.unread and one.id in old
    }
    changed = {
        name
        for name in old
        if len({day[name].summary for n, day in lived.feed.items() if n > 5 and name in day}) > 1
    }
    assert lived.id_of(release(TEXT_EDITED, "", FIRST).title) in unread
    assert changed == unread


@needs("newsboat")
def test_newsboat_has_the_issue_once(lived: Lived) -> None:
    """Published on the 29th day and corrected on the 30th."""
    (issue,) = lived.shown("newsboat", "en/issues.atom")
    assert ("tag:news.example,2024:issue/48/en", "2024-03-04") == (
        issue.id,
        f"{issue.at.astimezone(SEOUL):%Y-%m-%d}",
    )
    assert "Corrected afterwards" in issue.text


@needs("sfeed_update")
def test_sfeed_by_its_own_rule_has_a_line_for_each_title_and_link(lived: Lived) -> None:
    """It goes by id, title and link together; nothing else makes a second line."""
    expected = {
        (name, one.title, one.link) for day in lived.feed.values() for name, one in day.items()
    }
    shown = [(one.id, one.title, one.link) for one in lived.shown("sfeed", "feed.atom")]
    assert Counter(expected) == Counter(shown)


@needs("sfeed_update")
def test_sfeed_by_id_has_every_story_once_and_as_it_is_now(lived: Lived) -> None:
    """With one line of configuration, from RSS."""
    shown, expected = lived.shown("sfeed by id", "feed.rss"), lived.seen(lived.feed)
    assert_once(shown, expected)
    assert {name: (one.title, one.link, one.published) for name, one in expected.items()} == {
        one.id: (one.title, one.link, one.at.astimezone(SEOUL)) for one in shown
    }


@needs("r2e")
def test_rss2email_mails_every_story_once(lived: Lived) -> None:
    """As it ships: a change is no second mail, and the mail bears the release's own day."""
    shown, expected = lived.shown("r2e weekly", "feed.rss"), lived.seen(sorted(WEEKLY))
    assert_once(shown, expected)
    first = lived.seen(sorted(WEEKLY, reverse=True))
    assert {name: one.published for name, one in first.items()} == {
        one.id: one.at.astimezone(SEOUL) for one in shown
    }


@needs("r2e")
def test_rss2email_answers_its_own_mail_with_what_has_changed(lived: Lived) -> None:
    """Where it is told to: once for each week in which a text changed."""
    shown = lived.shown("r2e weekly", "feed.atom")
    assert_once([one for one in shown if one.unread], lived.seen(sorted(WEEKLY)))
    answers = Counter(one.id for one in shown if not one.unread)
    assert 1 == answers[lived.id_of(release(TEXT_EDITED, "", FIRST).title)]
    assert 0 == answers[lived.id_of("스마트시티 ‘안심 골목’ 준공")]


@pytest.mark.parametrize("path", ["feed.atom", "feed.rss", "feed.json"])
def test_the_library_has_every_story_once_and_as_it_is_now(lived: Lived, path: str) -> None:
    """The Python package reader, in each format: title, link and day."""
    shown = [one for one in lived.library.shown() if one.feed == lived.url(path)]
    expected = lived.seen(lived.feed)
    assert [] == lived.troubles
    assert_once(shown, expected)
    assert {name: (one.title, one.link, one.published) for name, one in expected.items()} == {
        one.id: (one.title, one.link, one.at.astimezone(SEOUL)) for one in shown
    }


def test_the_library_takes_nothing_for_changed_that_is_not(lived: Lived) -> None:
    """Only what differs in the feed since the day before, and that is little."""
    for day in range(2, DAYS + 1):
        before, after = lived.feed[day - 1], lived.feed[day]
        different = {
            name for name in before.keys() & after.keys() if before[name].whole != after[name].whole
        }
        changed = {name for name in lived.library.changed[day - 1] if ":story/" in name}
        assert set() == changed - different, day
        assert len(changed) <= 6, day


def test_the_library_leaves_read_what_was_read(lived: Lived) -> None:
    """Whatever changes of an entry."""
    unread = {one.id for one in lived.library.shown() if one.unread}
    assert set() == unread & set(lived.seen(range(1, 7)))


@pytest.mark.parametrize(
    "title", ['스마트시티 R&D "5 < 10" 성과 & 계획', "스마트시티 강조 표시와 & 기호 안내"]
)
def test_a_title_comes_through_as_it_is(lived: Lived, title: str) -> None:
    """Quotes and ampersands, and what of a source's title had looked like markup."""
    story = lived.id_of(title)
    kept = [one for program in lived.programs.values() for one in program.shown()]
    titles = {one.title for one in (*kept, *lived.library.shown()) if one.id == story}
    assert {title} == titles


def test_nobody_gets_what_he_has_already(lived: Lived) -> None:
    """On days without news, readers that ask with conditions get 304 for every feed."""
    quiet = [one for one in lived.site.answers if one[0] in QUIET and "feed." in one[2]]
    asking = [one for one in quiet if one[1]]
    assert asking
    assert {304} == {status for _, _, _, status in asking}


def test_who_comes_once_a_month_finds_everything(lived: Lived) -> None:
    """Along the archives (RFC 5005, section 4) from the feed of the last day: with what the feed of
    the first day had, each story that there is, once in the archives."""
    port = int(lived.base.rpartition(":")[2])
    path, archived = "/feed.atom", Counter[str]()
    current: dict[str, Told] = {}
    while path:
        body = fetch(port, path).body
        names = list(told(body))
        if path == "/feed.atom":
            current = told(body)
        else:
            archived.update(names)
        previous = etree.fromstring(body).find(f"{ATOM}link[@rel='prev-archive']")
        path = "/" + previous.get("href", "").split("/", 3)[3] if previous is not None else ""
    assert {1} == set(archived.values())
    assert set(lived.stories[DAYS]) == set(archived) | set(current)
