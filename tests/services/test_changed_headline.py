"""One headline is changed in the store: exactly the files that show it change."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.publishing.publish import build_site, publish_issue
from tests.fixtures.desk import bring, make_press, public_files, release

OLD, NEW = "옛제목", "새제목"


def showing(folder: Path, words: str) -> set[str]:
    """The files that hold these words."""
    made = public_files(folder)
    return {path for path, body in made.items() if words in body.decode(errors="replace")}


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The files with other bytes; no file comes or goes."""
    assert before.keys() == after.keys()
    return {path for path in before if before[path] != after[path]}


@pytest.fixture
def site(desk: Desk, tmp_path: Path) -> Desk:
    """A site of three stories, one of which is renamed later, and an issue that printed them."""
    named = release("molit", "수출", title=f"스마트시티 {OLD}")
    bring(desk, named, release("seoul", "연구"), release("ulsan", "교통", date(2024, 1, 31)))
    open_draft(desk)
    publish_issue(desk, make_press(tmp_path), number=48)
    return desk


def test_a_source_renames_its_release(site: Desk, tmp_path: Path) -> None:
    """Its pages, feeds, month and file say it anew, the changes tell of it; what was printed stays."""
    press = make_press(tmp_path)
    before = public_files(tmp_path)
    printed = {path for path in showing(tmp_path, OLD) if path.startswith("issues")}

    bring(site, release("molit", "수출", title=f"스마트시티 {NEW}"))
    build_site(site, press)

    after = changed(before, public_files(tmp_path))
    assert showing(tmp_path, NEW) == after
    assert {"index.html", "en/index.html", "feed.json"} <= after
    assert {"bodies/molit/index.html", "sections/issue.rss", "changes.atom"} <= after
    assert {"issues/48/index.html", "issues/48/mail.txt", "issues.atom"} <= printed - after


def test_a_headline_of_an_issue_is_corrected(site: Desk, tmp_path: Path) -> None:
    """The edition's page, mail, Markdown and ninjs, the feeds of issues, and the lists that quote it;
    the release itself keeps its own headline."""
    press = make_press(tmp_path)
    before = public_files(tmp_path)

    _reprint(tmp_path)
    build_site(site, press)

    after = changed(before, public_files(tmp_path))
    assert showing(tmp_path, NEW) == after
    kinds = ("index.html", "mail.html", "mail.txt", "issue.eml", "issue.md", "issue.ninjs.json")
    assert {f"issues/48/{kind}" for kind in kinds} <= after
    assert {"issues/index.html", "index.html", "issues.atom", "issues.rss", "issues.json"} <= after
    assert not {"feed.atom", "sections/issue/index.html", "bodies/molit.json"} & after


def test_a_site_that_was_lost_is_made_again_byte_for_byte(site: Desk, tmp_path: Path) -> None:
    """Every issue, page, feed and mail comes from the store alone."""
    before = public_files(tmp_path)
    (tmp_path / "public").rename(tmp_path / "lost")
    (tmp_path / "public.files.json").unlink()

    assert len(before) == build_site(site, make_press(tmp_path))

    assert before == public_files(tmp_path)


def _reprint(folder: Path) -> None:
    """Change the headline in what the store keeps of the print."""
    with contextlib.closing(sqlite3.connect(folder / "desk.db")) as store, store:
        ((number, kept),) = store.execute("SELECT id, snapshot FROM issues WHERE number = 48")
        print_ = json.dumps(json.loads(kept), ensure_ascii=False)
        assert OLD in print_
        renamed = print_.replace(OLD, NEW)
        store.execute("UPDATE issues SET snapshot = ? WHERE id = ?", (renamed, number))
