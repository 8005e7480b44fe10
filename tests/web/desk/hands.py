"""A desk with three releases in the draft, and somebody at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.bootstrap import App
from aggregator.services.editing.actions import accept, reorder
from aggregator.services.editing.editor import Editor
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import desk_opened
from tests.web.desk.test_draft_page import NAMES, issue_id, story

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def draft_of_three(folder: Path) -> Iterator[App]:
    """Three releases of a ministry in one section of the working issue, in the order of NAMES."""
    with desk_opened(folder) as made:
        bring(made.desk, *(release("molit", name) for name in NAMES))
        editor = Editor.of(made.desk, made.curator, "kim")
        for name in NAMES:
            accept(editor, issue_id(made), story(made, name), section="project")
        for place, name in enumerate(NAMES, start=1):
            reorder(editor, issue_id(made), story(made, name), place)
        yield made


def focused(page: Page) -> str:
    """The headline of the row that has the focus, or holds what has it."""
    return (
        str(
            page.evaluate(
                "document.activeElement.closest('[data-item]')?.querySelector('.headline [lang], .headline[lang]').textContent ?? ''"
            )
        )
        .strip()
        .removesuffix(" 스마트시티")
    )


def said(page: Page, text: str) -> None:
    """Wait until this was said to who listens."""
    page.locator("#said", has_text=text).wait_for()


def arrived(page: Page, address: str) -> None:
    """Wait until this page is there, with its script."""
    page.wait_for_url(f"**{address}")
    page.wait_for_load_state("load")


def in_field(page: Page, name: str) -> None:
    """Wait until the field of this name has the focus."""
    page.wait_for_function("name => document.activeElement.name === name", arg=name)


def keys(page: Page, *pressed: str) -> None:
    """Press these, one after the other; a capital takes Shift."""
    for key in pressed:
        is_capital = len(key) == 1 and key.isupper()
        page.keyboard.press(f"Shift+{key}" if is_capital else key)
