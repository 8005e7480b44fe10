"""Publishing: an issue is frozen with its number, and the site is made anew."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from aggregator.domain.errors import (
    Conflict,
    IllegalTransition,
    NotFound,
    RenderError,
    SinkError,
)
from aggregator.domain.issues import Issue, IssueStatus
from aggregator.domain.items import SEOUL, When
from aggregator.domain.publishing import Planet
from aggregator.domain.stories import Story
from aggregator.ports.publishing import Artefact
from aggregator.publish.files import locked
from aggregator.publish.sink import FileSink, SiteFiles
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import draft_of, open_draft
from aggregator.services.editing.edit import accept, drop
from aggregator.services.publishing.publish import (
    Press,
    Shown,
    build_site,
    planet_of,
    publish,
    publish_issue,
    shown_now,
)
from tests.fixtures.desk import (
    ISSUE_DAY,
    PNG,
    bring,
    make_press,
    public_files,
    release,
    set_clock,
)

ROOT = Path(__file__).parents[2]

FULL_DISK = """
    import logging, resource, sys
    from pathlib import Path
    from aggregator.domain.errors import SinkError
    from aggregator.observe import configure_logging
    from aggregator.services.curation.noticing import watch_published
    from aggregator.services.publishing.publish import build_site, planet_of
    from tests.fixtures.desk import bring, make_desk, make_press, public_files, release
    configure_logging(level=logging.ERROR)
    folder = Path(sys.argv[1])
    desk, press = make_desk(folder), make_press(folder)
    bring(desk, release("seoul", "연구"))
    build_site(desk, press)
    before = public_files(folder)
    bring(desk, release("ulsan", "교통"))
    watch_published(desk.store, planet_of(desk, press.pictures).stories)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
    try:
        build_site(desk, press)
    except SinkError as error:
        print(error)
    after = public_files(folder)
    whole = [path for path, body in after.items() if body == before[path]]
    print(before.keys() == after.keys(), "feed.atom" in whole, len(before) - len(whole))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(build_site(desk, press) > 0, "교통" in public_files(folder)["feed.atom"].decode())
    desk.store.close()
"""


def numbers(desk: Desk) -> list[tuple[IssueStatus, int | None]]:
    return [(issue.status, issue.number) for issue in desk.store.issues(desk.series.id)]


def test_an_issue_is_published_with_its_number(desk: Desk, tmp_path: Path) -> None:
    """The draft becomes No. 48 in both languages, and its pages are there."""
    bring(desk, release("molit", "수출"))

    made = publish_issue(desk, make_press(tmp_path))

    assert 48 == made.issue.number
    assert ["ko", "en"] == [edition.language for edition in made.issue.editions]
    files = public_files(tmp_path)
    assert {"issues/48/index.html", "issues/48/en/index.html"} <= files.keys()
    assert "No. 48 (2024.3.4)" in files["issues/48/index.html"].decode()


def test_publishing_twice_publishes_one_issue(desk: Desk, tmp_path: Path) -> None:
    """Right after an issue the next one's draft is not made yet, and is not published by accident."""
    bring(desk, release("molit", "수출"), release("seoul", "삼월", date(2024, 3, 2)))
    publish_issue(desk, make_press(tmp_path))

    with pytest.raises(IllegalTransition, match=r"No\. 49 is due on 2024-04-01 .*publish 49\)"):
        publish_issue(desk, make_press(tmp_path))

    assert [(IssueStatus.PUBLISHED, 48), (IssueStatus.DRAFT, None)] == numbers(desk)


def test_a_number_publishes_before_its_day(desk: Desk, tmp_path: Path) -> None:
    """Named, the next issue can go out early with what was accepted."""
    bring(desk, release("molit", "수출"), release("seoul", "삼월", date(2024, 3, 2)))
    publish_issue(desk, make_press(tmp_path))
    accept(desk, "삼월")

    assert 49 == publish_issue(desk, make_press(tmp_path), number=49).issue.number


def test_a_published_number_builds_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    """Whatever its sources say by then, and with nothing written where nothing else changed."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    publish_issue(desk, make_press(tmp_path))
    before = public_files(tmp_path)
    set_clock(desk, ISSUE_DAY + timedelta(days=1))

    assert () == publish_issue(desk, make_press(tmp_path), number=48).files
    assert before == public_files(tmp_path)

    bring(desk, release("molit", "수출", title="고친 제목 스마트시티"))
    publish_issue(desk, make_press(tmp_path), number=48)
    after = public_files(tmp_path)
    for page in ("issues/48/index.html", "issues/48/en/index.html", "issues.atom"):
        assert before[page] == after[page]
    assert "고친 제목" in after["feed.atom"].decode()


def test_an_empty_draft_is_refused(desk: Desk, tmp_path: Path) -> None:
    """There is nothing to publish, and nothing is written."""
    with pytest.raises(IllegalTransition, match=r"No\. 48 holds no item"):
        publish_issue(desk, make_press(tmp_path))

    assert [(IssueStatus.DRAFT, None)] == numbers(desk)
    assert {} == public_files(tmp_path)


@pytest.mark.parametrize("number", [47, 49, 0, -1])
def test_other_numbers_are_not_found(desk: Desk, tmp_path: Path, number: int) -> None:
    """Only the draft's number and published ones are."""
    bring(desk, release("molit", "수출"))

    with pytest.raises(NotFound, match=rf"no issue No\. {number}: the draft is No\. 48"):
        publish_issue(desk, make_press(tmp_path), number=number)


def test_a_published_issue_is_read_as_it_was(desk: Desk, tmp_path: Path) -> None:
    """By its number it is found long after, without proposals or trays."""
    bring(desk, release("molit", "수출"))
    publish_issue(desk, make_press(tmp_path))
    set_clock(desk, datetime(2024, 9, 1, tzinfo=SEOUL))
    bring(desk, release("seoul", "가을", date(2024, 8, 20)))

    draft = draft_of(desk, 48)

    assert IssueStatus.PUBLISHED == draft.issue.status
    assert ["수출"] == [one.story.primary.item.key for one in draft.picked]
    assert ((), ()) == (draft.late, draft.waiting)


def test_a_blocked_folder_leaves_the_draft(desk: Desk, tmp_path: Path) -> None:
    """Where pages cannot be written the issue is not published; later it can be."""
    bring(desk, release("molit", "수출"))
    blocked = tmp_path / "public"
    blocked.write_text("in the way")

    with pytest.raises(SinkError, match="public"):
        publish_issue(desk, make_press(tmp_path))

    assert [(IssueStatus.DRAFT, None)] == numbers(desk)
    assert "in the way" == blocked.read_text()
    blocked.unlink()
    assert 48 == publish_issue(desk, make_press(tmp_path)).issue.number


def test_a_page_that_cannot_be_written_leaves_the_draft(desk: Desk, tmp_path: Path) -> None:
    """Also where it is a page of the issue itself: nothing is frozen, nothing of it is shown."""
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    build_site(desk, make_press(tmp_path))
    blocked = tmp_path / "public" / "issues" / "48" / "en" / "index.html"
    (blocked / "mine").mkdir(parents=True)
    before = public_files(tmp_path)

    with pytest.raises(SinkError, match=r"index\.html: Is a directory"):
        publish_issue(desk, make_press(tmp_path))

    assert [(IssueStatus.DRAFT, None)] == numbers(desk)
    assert before == public_files(tmp_path)


def test_what_breaks_behind_the_freezing_is_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the number that is out and the verb that writes its pages; that verb does."""
    bring(desk, release("molit", "수출"))
    publish_in_store = desk.store.publish_issue
    blocked = tmp_path / "public" / "issues" / "48" / "index.html"

    def then_blocked(issue_id: int, **more: Any) -> Issue:  # noqa: ANN401 - the port's
        issue = publish_in_store(issue_id, **more)
        blocked.mkdir()
        return issue

    monkeypatch.setattr(desk.store, "publish_issue", then_blocked)
    told = r"No\. 48 is published; its pages are not written: .*\(publish 48 writes them\)"
    with pytest.raises(SinkError, match=told):
        publish_issue(desk, make_press(tmp_path))

    assert [(IssueStatus.PUBLISHED, 48)] == numbers(desk)
    blocked.rmdir()
    assert "issues/48/index.html" in publish_issue(desk, make_press(tmp_path), number=48).files


def test_what_was_published_is_what_the_next_build_makes(desk: Desk, tmp_path: Path) -> None:
    """Although its pages were made before it was frozen."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    open_draft(desk)
    accept(desk, "수출")
    publish_issue(desk, make_press(tmp_path))

    assert 0 == build_site(desk, make_press(tmp_path))


def test_what_a_build_shows_is_read_while_no_other_can_show(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a slow build never overwrites what is newer: reading, rendering and writing are one
    turn, of building alone as of publishing."""
    bring(desk, release("molit", "수출"))
    press = make_press(tmp_path)
    lock = tmp_path / "public.lock"
    alone: list[bool] = []

    def look() -> None:
        try:
            with locked(lock, 0):
                alone.append(False)
        except TimeoutError:
            alone.append(True)

    read = desk.store.shown_stories

    def looked_at(**more: Any) -> list[Story]:  # noqa: ANN401 - the port's
        look()
        return read(**more)

    monkeypatch.setattr(desk.store, "shown_stories", looked_at)
    build_site(desk, _edited(press, look))
    publish_issue(desk, _edited(press, look))

    assert len(alone) >= 4
    assert all(alone)


def test_what_is_led_to_is_written_first(desk: Desk, tmp_path: Path) -> None:
    """The issue's pages and mail, then the front pages, then the feeds."""
    bring(desk, release("molit", "수출"))
    files = publish_issue(desk, make_press(tmp_path)).files

    order = ("issues/48/mail.html", "issues/48/en/index.html", "en/index.html", "index.html")
    assert sorted(files.index(path) for path in (*order, "feed.atom")) == [
        files.index(path) for path in (*order, "feed.atom")
    ]


class Broken:
    """A renderer that cannot."""

    def render(self, planet: Planet) -> list[Artefact]:  # noqa: ARG002 - the port's
        """Raise RenderError."""
        raise RenderError("no template")


def test_a_failing_renderer_leaves_the_draft(desk: Desk, tmp_path: Path) -> None:
    """What cannot be rendered is not published."""
    bring(desk, release("molit", "수출"))

    with pytest.raises(RenderError):
        publish_issue(desk, replace(make_press(tmp_path), renderer=Broken()))

    assert [(IssueStatus.DRAFT, None)] == numbers(desk)


def _edited(press: Press, *edits: Callable[[], object]) -> Press:
    """The press with an editor at work: one edit more each time that the site is rendered."""
    waiting = iter(edits)

    class Busy:
        def render(self, planet: Planet) -> list[Artefact]:
            next(waiting, lambda: None)()
            return press.renderer.render(planet)

    return replace(press, renderer=Busy())


def test_what_was_dropped_meanwhile_is_not_printed(desk: Desk, tmp_path: Path) -> None:
    """An editor who is faster than the printing has the last word."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    press = _edited(make_press(tmp_path), lambda: drop(desk, "연구"))

    made = publish_issue(desk, press)

    assert ["issue"] == [section.id for section in made.issue.editions[0].sections]
    assert "연구 스마트시티" not in public_files(tmp_path)["issues/48/index.html"].decode()


def test_a_draft_that_will_not_keep_still_is_a_conflict(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the second try it says so, and the issue stays a draft."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    publish_in_store = desk.store.publish_issue

    def too_late(issue_id: int, **more: Any) -> Issue:  # noqa: ANN401 - the port's
        accept(desk, "연구", position=next(positions))
        return publish_in_store(issue_id, **more)

    positions = count(1)
    monkeypatch.setattr(desk.store, "publish_issue", too_late)
    with pytest.raises(Conflict, match="changed while it was being published; publish again"):
        publish_issue(desk, make_press(tmp_path))

    assert 3 == next(positions)
    assert [(IssueStatus.DRAFT, None)] == numbers(desk)


def test_of_two_that_publish_one_does(desk: Desk, tmp_path: Path) -> None:
    """The second learns that the issue is out."""
    bring(desk, release("molit", "수출"))
    press = make_press(tmp_path)

    class Late(FileSink):
        @contextmanager
        def alone(self) -> Iterator[SiteFiles]:
            publish_issue(desk, press)
            with super().alone() as files:
                yield files

    with pytest.raises(IllegalTransition, match="is published: only a draft can be published"):
        publish_issue(desk, replace(press, sink=Late(tmp_path / "public")))

    assert [(IssueStatus.PUBLISHED, 48)] == numbers(desk)


def test_it_can_be_published_in_a_loop(desk: Desk, tmp_path: Path) -> None:
    """The loop goes on while pictures are fetched and pages are made."""
    bring(desk, release("lx", "공간", thumbnail="https://lx.example/p.png"))

    async def go() -> tuple[int, int]:
        beats = 0
        task = asyncio.create_task(publish(desk, make_press(tmp_path)))
        while not task.done():
            await asyncio.sleep(0)
            beats += 1
        return beats, (await task).issue.number

    beats, number = asyncio.run(go())
    assert beats > 1
    assert 48 == number


def test_a_full_disk_leaves_the_site_whole(tmp_path: Path) -> None:
    """A file that does not fit keeps its former bytes; with room the next build completes."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL_DISK), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    told, whole, mended = done.stdout.splitlines()
    assert "File too large; make room" in told
    assert "True True 0" == whole
    assert "True True" == mended


def test_an_unknown_picture_is_a_warning(desk: Desk, tmp_path: Path) -> None:
    """The issue goes out without it, and says which one is missing."""
    bring(desk, release("lx", "공간", thumbnail="https://lx.example/p.png"))

    made = asyncio.run(publish(desk, make_press(tmp_path)))

    assert ("no thumbnail from https://lx.example/p.png: no such host",) == made.warnings


def test_what_is_no_picture_is_a_warning(desk: Desk, tmp_path: Path) -> None:
    """A page in the place of a picture is not published as one."""
    address = "https://lx.example/p.png"
    bring(desk, release("lx", "공간", thumbnail=address))

    made = asyncio.run(publish(desk, make_press(tmp_path, {address: b"<script>"})))

    assert (f"no thumbnail from {address}: the answer is no PNG, JPEG, GIF or WebP picture",) == (
        made.warnings
    )
    assert not [path for path in public_files(tmp_path) if path.startswith("pictures/")]


def test_pictures_are_copied_with_the_issue(desk: Desk, tmp_path: Path) -> None:
    """The page shows our copy and names the source's address nowhere as a picture."""
    address = "https://lx.example/p.png"
    bring(desk, release("lx", "공간", thumbnail=address))

    asyncio.run(publish(desk, make_press(tmp_path, {address: PNG})))

    files = public_files(tmp_path)
    (copy,) = [path for path in files if path.startswith("pictures/")]
    page = files["issues/48/index.html"].decode()
    assert copy.rpartition("/")[2] in page
    assert f'src="{address}' not in page


def test_building_again_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    """Equal input, equal files."""
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    build_site(desk, make_press(tmp_path))

    assert 0 == build_site(desk, make_press(tmp_path))


def test_a_visit_without_news_changes_no_page(desk: Desk, tmp_path: Path) -> None:
    """On the same day nothing says when it was; on the next the start pages do, and nothing else."""
    bring(desk, release("molit", "수출"))
    open_draft(desk)
    build_site(desk, make_press(tmp_path))
    now = desk.clock.now()

    set_clock(desk, now + timedelta(hours=2))
    bring(desk, release("molit", "수출"))
    assert 0 == build_site(desk, make_press(tmp_path))

    set_clock(desk, now + timedelta(days=1))
    bring(desk, release("molit", "수출"))
    assert 2 == build_site(desk, make_press(tmp_path))


def test_a_rejected_story_leaves_the_files(desk: Desk, tmp_path: Path) -> None:
    """The combined feed has entries of accepted and undecided stories only."""
    bring(desk, release("molit", "수출"), release("seoul", "연구"))
    build_site(desk, make_press(tmp_path))
    assert "연구 스마트시티" in public_files(tmp_path)["feed.atom"].decode()

    drop(desk, "연구")
    build_site(desk, make_press(tmp_path))

    feed = public_files(tmp_path)["feed.atom"].decode()
    assert "연구 스마트시티" not in feed
    assert "수출 스마트시티" in feed


def files_that_tell(folder: Path, words: str) -> list[str]:
    return [
        path
        for path, body in public_files(folder).items()
        if words in body.decode(errors="replace")
    ]


def test_a_release_of_tomorrow_waits_for_its_hour(desk: Desk, tmp_path: Path) -> None:
    """No page and no feed tells of it; the first build at its hour does, without any new visit."""
    hour = ISSUE_DAY + timedelta(hours=20)
    bring(desk, release("seoul", "연구", published=When(at=hour)), release("molit", "수출"))
    build_site(desk, make_press(tmp_path))
    assert [] == files_that_tell(tmp_path, "연구 스마트시티")
    assert "feed.atom" in files_that_tell(tmp_path, "수출 스마트시티")

    set_clock(desk, hour - timedelta(seconds=1))
    assert 0 == build_site(desk, make_press(tmp_path))

    set_clock(desk, hour)
    build_site(desk, make_press(tmp_path))
    assert "feed.atom" in files_that_tell(tmp_path, "연구 스마트시티")


def test_an_embargo_is_kept_whatever_the_date_says(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release dated this morning for the papers of tomorrow; an accepted one waits as well."""
    until = ISSUE_DAY + timedelta(hours=2)
    bring(desk, release("seoul", "연구", date(2024, 3, 4)))
    shown_stories = desk.store.shown_stories

    def asking_to_wait(**asked: Any) -> list[Story]:  # noqa: ANN401
        return [
            replace(
                story,
                members=tuple(
                    replace(member, item=replace(member.item, embargo_until=until))
                    for member in story.members
                ),
            )
            for story in shown_stories(**asked)
        ]

    monkeypatch.setattr(desk.store, "shown_stories", asking_to_wait)
    pictures = make_press(tmp_path).pictures
    assert () == planet_of(desk, pictures).stories
    accept(desk, "연구", section="trend")
    assert () == planet_of(desk, pictures).stories
    set_clock(desk, until)
    assert ["연구 스마트시티"] == [
        placed.story.primary.item.title for placed in planet_of(desk, pictures).stories
    ]


def test_editors_see_what_is_held_and_may_print_it(desk: Desk, tmp_path: Path) -> None:
    """It stands in the draft; printed in an issue it is there, and the feed still waits."""
    hour = ISSUE_DAY + timedelta(hours=20)
    bring(desk, release("seoul", "연구", published=When(at=hour)))
    accept(desk, "연구", section="trend")
    assert ["연구 스마트시티"] == [
        picked.story.primary.item.title for picked in draft_of(desk, None).picked
    ]

    publish_issue(desk, make_press(tmp_path), number=48)

    told = files_that_tell(tmp_path, "연구 스마트시티")
    assert "issues/48/index.html" in told
    assert "feed.atom" not in told


@pytest.mark.parametrize("everything", [False, True])
def test_one_story_is_shown_as_all_are(desk: Desk, tmp_path: Path, *, everything: bool) -> None:
    """What is asked of one agrees with the site: dropped, held back, in no section, or there."""
    desk = replace(desk, options=replace(desk.options, everything=everything))
    bring(
        desk,
        release("seoul", "연구"),
        release("ulsan", "교통"),
        release("msit", "과학", embargo_until=ISSUE_DAY + timedelta(days=1)),
        release("molit", "연못", title="연못 정비", summary=""),
    )
    open_draft(desk)
    drop(desk, "교통")
    told = {one.primary.item.key: shown_now(desk, one) for one in desk.store.stories()}
    planet = planet_of(desk, make_press(tmp_path).pictures)

    assert {
        "연구": Shown.YES,
        "교통": Shown.REJECTED,
        "과학": Shown.HELD,
        "연못": Shown.YES if everything else Shown.NO_SECTION,
    } == told
    assert {key for key, one in told.items() if one is Shown.YES} == {
        placed.story.primary.item.key for placed in planet.stories
    }
