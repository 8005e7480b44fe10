"""Corrections from end to end: an issue is published, put right, and the site tells of it."""

from __future__ import annotations

import json

import feedparser
import pytest

from tests.cli.conftest import Program
from tests.fixtures.desk import public_files

LATER = "2024-03-06T09:30"
TITLE = "스마트시티 수출 지원"
BETTER = "스마트시티 수출 지원 확대"
HEADLINE = ("--field", "headline", "--value-ko", BETTER)


@pytest.fixture
def printed(fed: Program) -> Program:
    """No. 48, published."""
    assert 0 == fed("publish", "48", "--accept-warnings", "Lee").status
    return fed


def site(program: Program) -> dict[str, bytes]:
    return public_files(program.folder)


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after if before.get(path) != after.get(path)}


def test_a_correction_is_recorded_shown_and_listed(printed: Program) -> None:
    """What changed, who said so, which note is missing, what became of the mail, where the page is."""
    done = printed(
        "correct", "48", "수출", *HEADLINE, "--note-ko", "확대가 빠졌습니다.", "--by", "Kim",
        now=LATER,
    )  # fmt: skip
    assert (0, "") == (done.status, done.err)
    head, what, korean, english, note, missing, mail, page = done.out.splitlines()
    assert head.startswith("No. 48 is corrected: ")
    assert f"2024.3.6 09:30 KST  headline  {BETTER}" == what
    assert f"  ko: {TITLE} {{+확대+}}" == korean
    assert f"  en: {TITLE} {{+확대+}}" == english
    assert "  note (ko): 확대가 빠졌습니다." == note
    assert "no note in en: its page shows the one in ko" == missing
    assert mail.startswith("mail: none was sent from here")
    assert f"{printed.folder}/public/issues/48/index.html" == page

    text = site(printed)["issues/48/index.html"].decode()
    assert f">{BETTER}</a></h3>" in text
    assert '<time datetime="2024-03-06T09:30:00+09:00">2024.3.6 09:30</time>' in text
    listed = printed("corrections", "48").out.splitlines()
    assert ["No. 48, by Kim", what, korean, english, note] == listed


def test_it_changes_exactly_the_files_that_show_it(printed: Program) -> None:
    """The issue's pages and forms, its entries, the lists with its headlines, and the corrections;
    no feed of stories, no other page, no story. A rebuild changes nothing."""
    before = site(printed)
    assert 0 == printed("correct", "48", "수출", *HEADLINE, "--by", "Kim", now=LATER).status
    after = site(printed)
    forms = ("atom", "rss", "json")
    files = ("index.html", "issue.md", "issue.ninjs.json", "issue.eml", "mail.html", "mail.txt")
    assert {
        *(f"issues/48/{name}" for name in files),
        *(f"issues/48/en/{name}" for name in files),
        *(f"{folder}issues.{form}" for folder in ("", "en/") for form in forms),
        *(f"{folder}corrections.{form}" for folder in ("", "en/") for form in forms),
        "index.html",
        "en/index.html",
        "issues/index.html",
        "issues/en/index.html",
    } == changed(before, after)

    assert 0 == printed("publish", "48", now="2024-03-07T10:00").status
    assert after == site(printed)


def test_only_its_entry_is_updated(printed: Program) -> None:
    """By the time of the correction; the one in `corrections` bears it, too, and leads to the page."""
    printed("correct", "48", "수출", *HEADLINE, "--note-en", "It grew.", "--by", "Kim", now=LATER)
    files = site(printed)
    (issue,) = feedparser.parse(files["issues.atom"]).entries
    assert ("2024-03-04T10:00:00+09:00", "2024-03-06T09:30:00+09:00") == (
        issue.published,
        issue.updated,
    )
    (entry,) = feedparser.parse(files["corrections.atom"]).entries
    assert "2024-03-06T09:30:00+09:00" == entry.published == entry.updated
    assert f"[정정] {BETTER}" == entry.title
    assert "제목: ‘확대’ 추가. It grew." == entry.summary
    page, _, anchor = entry.link.partition("#")
    assert page.endswith("/issues/48/")
    assert f'id="{anchor}"' in files["issues/48/index.html"].decode()


def test_an_item_is_withdrawn_and_restored(printed: Program) -> None:
    """It stays on the page, marked; and all three lines of its history stay listed."""
    note = ("--note-ko", "취소되었습니다.", "--note-en", "Called off.")
    assert 0 == printed("correct", "48", "수출", "--withdraw", *note, "--by", "Kim").status
    assert f"[철회] {TITLE}" in site(printed)["issues/48/index.html"].decode()
    again = printed("correct", "48", "수출", "--withdraw", *note, "--by", "Kim")
    assert (1, "aggregator: the item is withdrawn from No. 48 already\n") == (
        again.status,
        again.err,
    )
    assert 0 == printed("correct", "48", "수출", "--restore", "--by", "Kim").status
    assert "[철회]" not in site(printed)["issues/48/index.html"].decode()
    assert 0 == printed("correct", "48", "수출", *note, "--by", "Kim").status
    forms = [json.loads(line) for line in printed("corrections", "--json").out.splitlines()]
    assert ["note", "restored", "withdrawn"] == [form["field"] for form in forms]


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (["49", "수출", *HEADLINE], 1, "there is no published No. 49 (the last one is No. 48)"),
        (["48", "하천", *HEADLINE], 1, "No. 48 prints no item that answers to '하천'"),
        (["48", "스마트시티", *HEADLINE], 1, "3 items of No. 48 answer to '스마트시티'"),
        (["48", "수출"], 2, "readers are to be told why"),
        (["48", "수출", "--withdraw"], 2, "readers are to be told why"),
        (["48", "수출", "--restore"], 1, "the item is not withdrawn from No. 48"),
        (["48", "수출", "--value-ko", "x"], 2, "which text is to change? name it: --field"),
        (["48", "수출", "--field", "headline"], 2, "what is the headline to be?"),
        (["48", "수출", "--field", "headline", "--value", " "], 2, "what is the headline to be?"),
        (["48", "수출", "--field", "headline", "--value", TITLE], 2, "nothing would change"),
        (["48", "수출", "--field", "day", "--value", "2월 3일"], 2, "a day is written as"),
        (["48", "수출", "--field", "day", "--value-ko", "2024-02-03"], 2, "the day is the same in"),
        (["48", "수출", "--field", "body", "--value", "없는청"], 2, "no body is called '없는청'"),
        (["48", "수출", "--field", "link", "--value", "ftp://x.example/"], 2, "a link must be"),
        (["48", "수출", "--field", "authors", "--value", "x"], 2, "an item of the shape article"),
        (["48", "수출", *HEADLINE, "--withdraw"], 2, "--field, --withdraw and --restore are three"),
        (["48", "수출", *HEADLINE, "--note-ko", "가" * 5001], 2, "a text has 5001 characters"),
        (["48", "수출", *HEADLINE, "--by", " "], 2, "a correction needs a name"),
    ],
)
def test_bad_input_is_one_clear_line(
    printed: Program, args: list[str], status: int, says: str
) -> None:
    """And nothing is recorded or written."""
    before, rows = site(printed), printed.rows()
    done = printed("correct", "--by", "Kim", *args)
    assert (status, 1) == (done.status, len(done.err.splitlines()))
    assert done.err.startswith(f"aggregator: {says}")
    assert (before, rows) == (site(printed), printed.rows())


def test_what_cannot_be_shown_is_recorded_all_the_same(printed: Program) -> None:
    """Which is said; the next build shows it."""
    public = printed.folder / "public"
    public.rename(printed.folder / "kept")
    public.write_text("in the way")
    done = printed("correct", "48", "수출", *HEADLINE, "--by", "Kim")
    first, *others = done.err.splitlines()
    assert (1, 1) == (done.status, len(others))
    assert "aggregator: it is recorded; publish 48 shows it on the site" == first
    public.unlink()
    assert 0 == printed("publish", "48").status
    assert BETTER in site(printed)["issues/48/index.html"].decode()


def test_a_draft_is_edited_instead(fed: Program) -> None:
    """Which is said."""
    fed("draft")
    done = fed("correct", "48", "수출", *HEADLINE, "--by", "Kim")
    assert 1 == done.status
    assert done.err.startswith("aggregator: No. 48 is a draft: edit it (accept, drop, add,")
    assert "nothing was corrected in No. 48\n" == fed("corrections", "48").out


def test_a_number_that_is_none_is_refused(printed: Program) -> None:
    """In place of "nothing was corrected" in an issue that there is not."""
    done = printed("corrections", "99")
    assert (1, "") == (done.status, done.out)
    assert done.err.startswith("aggregator: there is no published No. 99 (the last one is No. 48)")


def test_amber_is_taken_on_by_name(printed: Program) -> None:
    """A line for each finding says why nothing was recorded."""
    long = ("correct", "48", "수출", "--field", "headline", "--by", "Kim", "--value-en",
            "Smart city export support " * 8)  # fmt: skip
    done = printed(*long, now=LATER)
    assert (1, "") == (done.status, done.out)
    assert "aggregator: amber long" in done.err
    assert 0 == printed(*long, "--accept-warnings", "Lee", now=LATER).status
