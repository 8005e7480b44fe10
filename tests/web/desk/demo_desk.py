"""The demo's draft of No. 48 at a desk where somebody can sit down, and what became of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.bootstrap import App, open_app
from aggregator.demo.interface import ENVIRON
from aggregator.demo.script import START
from aggregator.domain.editing import ActionKind, Stage
from aggregator.domain.people import Role
from aggregator.passwords.argon2id import Argon2idHasher
from aggregator.services.editing.logbook import MOST, logbook
from aggregator.services.editing.standings import standing_of
from tests.fixtures.browsing import PATIENCE, Room
from tests.fixtures.doors import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[3]
PUBLISHER = "kim"
EVENT = "2024 스마트시티 서밋 엑스포"
DESKTOP = {"width": 1280, "height": 900}
VENUE = "타이베이 난강전시센터 2관"
DONE = frozenset(
    {
        ActionKind.ACCEPT, ActionKind.ACCEPT_ALL, ActionKind.MOVE, ActionKind.REJECT, ActionKind.LEAVE, ActionKind.LATER,
        ActionKind.UNDO, ActionKind.SPLIT, ActionKind.REORDER, ActionKind.ADD, ActionKind.FIELD,
        ActionKind.REVIEW, ActionKind.APPROVE, ActionKind.PUBLISH,
    }
)  # fmt: skip
"""What the log has of a month's work, however it was done."""


def draft_demo(folder: Path) -> None:
    """Everything that the demo brings, with its draft, below a folder."""
    words = [sys.executable, "-m", "aggregator", "demo", "--draft"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(words, cwd=folder, env=environ, capture_output=True, check=True, timeout=300)


@contextmanager
def demo_opened(drafted: Path, folder: Path) -> Iterator[App]:
    """A copy of what ``draft_demo`` made, with a publisher, on the day of the issue."""
    shutil.copytree(drafted, folder)
    config = folder / "var/demo/feeds.toml"
    app = open_app(config, now=START, environ=ENVIRON, running=True)
    try:
        app.__dict__["hasher"] = Argon2idHasher(passes=1, memory=8, lanes=1)
        app.accounts.add(PUBLISHER, role=Role.PUBLISHER, password=PASSWORD, by="test")
        yield app
    finally:
        app.close()


def previewed(page: Page) -> None:
    """Wait until the preview has the event."""
    page.frame_locator("iframe").first.locator("body", has_text=EVENT).wait_for()


def left(page: Page, count: int) -> None:
    """Wait until the inbox has that many rows."""
    page.wait_for_function(
        "count => document.querySelectorAll('.inbox > li[data-item]').length === count", arg=count
    )


def rows(page: Page) -> list[str]:
    """The stories of the inbox, in its order."""
    return [str(one.get_attribute("data-item")) for one in page.locator(".inbox > .row").all()]


def headline(page: Page, story: str) -> str:
    """What the row of a story says."""
    return page.locator(f"#item-{story} .title").inner_text().strip()


def outcome(app: App) -> tuple[Stage, Counter[ActionKind]]:
    """Where the issue stands, and how often what was done to it by the publisher, as the log has it."""
    [issue] = app.store.issues(app.desk.series.id)
    lines = logbook(app.desk, size=MOST).lines
    did = {line.action: line.kind for line in lines if line.edit.actor == PUBLISHER and line.kind}
    return standing_of(app.desk, issue).stage, Counter(did.values())


def printed(app: App) -> str:
    """The page of the issue, as readers have it."""
    return (app.public / "issues/48/index.html").read_text(encoding="utf-8")


def stranger(room: Room, *, script: bool = True) -> Page:
    """Somebody opens the desk, with the script or without, who is asked to log in."""
    page = room.open(viewport=DESKTOP, java_script_enabled=script)
    room.listen(page, PUBLISHER)
    page.set_default_timeout(3 * PATIENCE)
    page.goto(f"{room.base}/desk")
    page.wait_for_url("**/desk/login**")
    return page


def drag(page: Page, story: str, to: str) -> None:
    """Take a row by its handle, and let it go on the upper half of another one."""
    handle = page.locator(f"#item-{story} [data-drag]")
    handle.scroll_into_view_if_needed()
    taken, goal = handle.bounding_box(), page.locator(to).bounding_box()
    assert taken is not None
    assert goal is not None
    page.mouse.move(taken["x"] + 5, taken["y"] + 5)
    page.mouse.down()
    page.mouse.move(goal["x"] + 80, goal["y"] + 8, steps=6)
    page.mouse.up()


def stories(page: Page, section: str) -> list[str]:
    """What stands in a section of the draft, in its order."""
    found = page.locator(f"[data-section={section}] li[data-item]").all()
    return [str(one.get_attribute("data-item")) for one in found]


def fill_event(page: Page) -> None:
    """The fields of an event."""
    for name, text in (
        ("title", EVENT),
        ("starts", "2024-03-19"),
        ("ends", "2024-03-23"),
        ("venues", VENUE),
        ("subject", "디지털·그린 전환"),
    ):
        page.fill(f"#{name}", text)


def is_before(page: Page, story: str) -> bool:
    """Whether the row that has the focus stands before a story's."""
    return bool(
        page.evaluate(
            "id => Boolean(document.activeElement.compareDocumentPosition("
            "document.getElementById(`item-${id}`)) & Node.DOCUMENT_POSITION_FOLLOWING)",
            story,
        )
    )


def current(page: Page) -> str:
    """The story that one is at."""
    return page.locator(".inbox > .row[aria-current]").get_attribute("data-item") or ""
