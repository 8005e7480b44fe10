"""Each verb does its work, through the command itself."""

from __future__ import annotations

import json
import re
import sqlite3
import tomllib
from pathlib import Path

import jsonschema
import polib
import pytest

from aggregator import __version__
from aggregator.cli.app import VERBS
from tests.cli.conftest import Program, rss

EVENT = ("add", "--section", "news", "--title", "2024 스마트시티 서밋", "--from", "2024-03-19")


def test_help_lists_every_verb(program: Program) -> None:
    """With its line, and without loading what the verbs need."""
    done = program("--help")

    assert 0 == done.status
    for verb, (_, line) in VERBS.items():
        assert f"  {verb} " in done.out
        assert line[:40] in " ".join(done.out.split())


def test_the_version_is_printed(program: Program) -> None:
    """Name and number."""
    assert f"aggregator, version {__version__}\n" == program("--version").out


def test_a_refresh_says_what_it_did(program: Program) -> None:
    """Feeds, items, changes, failures, files; an inactive feed is left alone."""
    first = program("refresh", "--all")
    again = program("refresh", "--all")

    assert (0, "") == (first.status, first.err)
    assert first.out.startswith("2 feeds visited: 4 new items, 0 changed, 0 feeds without change")
    assert again.out.startswith("2 feeds visited: 0 new items, 0 changed, 2 feeds without change")
    assert (program.folder / "public" / "feed.atom").is_file()


def test_a_refresh_of_what_is_due_visits_nothing_twice(fed: Program) -> None:
    """Without names or --all only due feeds are visited; two days later all are."""
    assert fed("refresh").out.startswith("0 feeds visited")
    assert fed("refresh", "closed").out.startswith("1 feed visited")
    assert fed("refresh", now="2024-03-06T12:00").out.startswith("2 feeds visited")


def test_a_refresh_says_that_changed_rules_took_effect(fed: Program) -> None:
    """How many stories were placed anew and how many of them moved; the next one is silent."""
    text = fed.config.read_text(encoding="utf-8")
    fed.config.write_text(text.replace('["스마트시티"]', '["하천"]'), encoding="utf-8")

    first, again = fed("refresh"), fed("refresh")

    assert (
        "the rules have changed: 4 stories placed anew, 4 of them in another section than before,"
        " or in none"
    ) == first.out.splitlines()[1]
    assert "placed anew" not in again.out


def test_a_feed_that_fails_stops_no_other(program: Program, web: dict[str, bytes]) -> None:
    """Status 1, the failure on standard error in one line, the other feed's items stored."""
    web["/seoul.xml"] = b"<!doctype html><title>maintenance</title><p>closed</p>"

    done = program("refresh", "--all")

    assert 1 == done.status
    assert 1 == len(done.err.splitlines())
    assert done.err.startswith("  seoul: ")
    assert 2 == len(program("items").out.splitlines())
    assert "(failed once)" in program("status").out


def test_what_servers_say_is_no_markup(fed: Program) -> None:
    """Brackets and colons in an error stand in the table as they came."""
    with sqlite3.connect(fed.database) as connection:
        connection.execute(
            "UPDATE feed_state SET health = 'slow', health_says = 'see [/red] [bold]x :smile:'"
            " WHERE feed_id = 'seoul'"
        )
    connection.close()

    assert "see [/red] [bold]x :smile:" in fed("status").out


def test_items_can_be_one_feeds(fed: Program) -> None:
    """By feed, day and key."""
    assert 4 == len(fed("items").out.splitlines())
    assert 2 == len(fed("items", "--feed", "seoul").out.splitlines())


def test_stories_can_be_of_some_days(fed: Program) -> None:
    """Both ends inclusive."""
    assert 2 == len(fed("stories", "--since", "2024-02-20").out.splitlines())
    assert 2 == len(fed("stories", "--until", "2024-02-15").out.splitlines())
    assert 0 == len(fed("stories", "--since", "2024-02-16", "--until", "2024-02-19").out)


def test_explain_names_the_words(fed: Program) -> None:
    """And the section's reasons."""
    done = fed("explain", "수출")

    assert 0 == done.status
    assert "[스마트시티 +" in done.out
    assert "\x1b" not in done.out


def test_why_says_where_a_story_is(fed: Program) -> None:
    """The draft has it; the site, too."""
    fed("draft")
    done = fed("why", "수출")

    assert (0, "") == (done.status, done.err)
    assert "not missing: in the draft of No. 48, issue, place 1 of 1" in done.out
    assert "site: it is shown" in done.out


def test_why_says_that_something_was_never_seen(fed: Program) -> None:
    """The nearest feed with its health, and like titles; that is an answer, no failure."""
    by_link = fed("why", "https://molit.example/none")
    by_title = fed("why", "스마트시티 수출 지웜")

    assert (0, 0) == (by_link.status, by_title.status)
    assert "never seen: no stored item has this link" in by_link.out
    assert "nearest feed: molit (same host, molit.example): fine since" in by_link.out
    assert "2 items of it stored, of 2024-02-15 to 2024-02-15" in by_link.out
    assert "did you mean\n    2024-02-15  스마트시티 수출 지원  (molit, id " in by_title.out


def test_why_answers_for_each_of_several(fed: Program) -> None:
    """A line says how many."""
    assert fed("why", "스마트시티").out.startswith("3 stories answer to '스마트시티'\n\n")


def test_a_draft_is_shown_by_section(fed: Program) -> None:
    """Labels in both languages, state and reason of each item."""
    done = fed("draft")

    assert 0 == done.status
    assert done.out.startswith("No. 48, 2024-03-04 (draft), window 2024-02-01 to 2024-02-29")
    assert "trend  정책동향 / Policy Trend" in done.out
    assert "2024.2.20 / 서울시  [proposed: " in done.out


def test_a_review_is_switched_on_and_off(fed: Program) -> None:
    """The draft says so as long as it is one, and keeps it."""
    says = "a review: what earlier issues printed may be proposed again"

    assert says not in fed("draft").out
    assert says in fed("draft", "--review").out
    assert says in fed("draft").out
    assert says not in fed("draft", "--no-review").out


def test_what_is_carried_over_is_a_tray_of_its_own(fed: Program) -> None:
    """With the reason for which it waited."""
    text = fed.config.read_text(encoding="utf-8")
    fed.config.write_text(
        text.replace('levels = ["metro", "city"]', 'levels = ["metro", "city"]\nlimit = 1'),
        encoding="utf-8",
    )
    assert "[trend is full (1 place)]" in fed("draft").out
    fed("publish", "--accept-warnings", "Kim")

    said = fed("draft", now="2024-04-01T10:00").out

    assert "\ncarried over (1)\n  2024-02-20  " in said
    assert "[carried over from No. 48, where trend was full (1 place)]" in said


def test_a_series_of_one_language_has_a_draft(fed: Program) -> None:
    """Its labels stand alone."""
    text = fed.config.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("languages")]
    bare = "\n".join(
        line.partition(', en = "')[0] + " }" if ", en" in line else line for line in lines
    )
    fed.config.write_text(bare, encoding="utf-8")

    done = fed("draft")

    assert (0, "") == (done.status, done.err)
    assert "\ntrend  정책동향\n" in done.out


def test_the_clock_is_the_one_that_was_given(fed: Program) -> None:
    """A time without a zone is one in Seoul; the draft of that time is shown."""
    assert fed("draft", now="2024-02-08T23:59").out.startswith("No. 48, 2024-02-01 (draft)")
    assert fed("draft", now="2024-03-01T09:59").out.startswith("No. 48, 2024-02-01 (draft)")
    assert fed("draft", now="2024-03-01T01:00+00:00").out.startswith("No. 48, 2024-03-04")
    assert "its day has passed" not in fed("draft", now="2024-03-04T23:59").out
    assert "its day has passed" in fed("draft", now="2024-03-05T00:30").out


def test_proposals_are_accepted_all_at_once(fed: Program) -> None:
    """Else somebody answers by name for what nobody looked at; each is named then."""
    fed("draft")
    refused = fed("publish")
    assert "amber unconfirmed: 3 proposals that nobody confirmed" in refused.err

    assert (
        "accepted in issue: 스마트시티 수출 지원\n"
        "accepted in trend: 스마트시티 연구 협력\n"
        "accepted in trend: 서울 스마트시티 교통\n"
    ) == fed("accept", "--rest").out
    assert "unconfirmed" not in fed("lint", "--offline").out
    assert "" == fed("accept", "--rest").out


def test_the_editors_day(fed: Program) -> None:
    """Accept, move, drop, leave the rest, type an event, publish: each says what it did."""
    fed("draft")

    assert fed("accept", "연구", "--section", "issue", "--position", "1").out == (
        "accepted in issue, moved from trend: 스마트시티 연구 협력\n"
    )
    assert "dropped in issue: 스마트시티 수출 지원\n" == fed("drop", "수출", "--why", "old").out
    assert "left-out in trend: 서울 스마트시티 교통\n" == fed("drop", "--rest").out
    assert "accepted in news: 2024 스마트시티 서밋\n" == fed(*EVENT).out
    done = fed("publish", "--accept-warnings", "Kim")
    assert done.out.startswith("No. 48 is published: 2 items, ")
    assert "changed: feed.atom, " in done.out.splitlines()[2]
    page = Path(done.out.splitlines()[1])
    assert "2024 스마트시티 서밋" in page.read_text(encoding="utf-8")
    feed = (fed.folder / "public" / "feed.atom").read_text(encoding="utf-8")
    assert "수출 지원" not in feed
    assert "스마트시티 교통" in feed


def test_publishing_twice_is_refused(fed: Program) -> None:
    """The next issue has its own day; the published one is rebuilt by its number."""
    fed("draft")
    assert 0 == fed("publish", "--accept-warnings", "Kim").status

    done = fed("publish", "--accept-warnings", "Kim")

    assert 1 == done.status
    assert done.err.startswith("aggregator: No. 49 is due on 2024-04-01")
    again = fed("publish", "--accept-warnings", "Kim", "48")
    assert (0, True) == (again.status, "0 files written" in again.out)


def test_a_draft_can_be_skipped(fed: Program) -> None:
    """It says which days are given up."""
    done = fed("draft", "--skip")

    assert "the issue over 2024-02-01 to 2024-02-29 is skipped\n" == done.out
    assert fed("draft").out.startswith("No. 48, 2024-04-01 (draft)")


def test_the_next_draft_is_not_skipped_too(fed: Program) -> None:
    """Asked twice, the second time is refused in one line that names the date."""
    fed("draft", "--skip")

    done = fed("draft", "--skip")

    assert (1, "", 1) == (done.status, done.out, len(done.err.splitlines()))
    assert done.err.startswith(
        "aggregator: No. 48 of 2024-04-01 cannot be skipped before its draft"
    )


def test_a_draft_shows_what_each_shape_prints(fed: Program) -> None:
    """Days and venues of an event, not a byline that is not printed."""
    fed(*EVENT, "--until", "2024-03-23", "--venue", "타이베이", "--venue", "가오슝")

    assert "\n     '24.3.19~23 / 타이베이 및 가오슝  [accepted: accepted]" in fed("draft").out


def test_a_draft_shows_the_authors_of_a_paper(fed: Program) -> None:
    """With their affiliations, as they are printed."""
    text = fed.config.read_text(encoding="utf-8")
    fed.config.write_text(text.replace('shape = "event"', 'shape = "paper"'), encoding="utf-8")
    authors = ("--author", "홍길동 (서울대학교)", "--author", "김철수 (서울대학교)")
    fed("add", "--section", "news", "--title", "연구", "--blurb", "초록이다.", *authors)

    assert "\n     홍길동, 김철수 (서울대학교)  [accepted: accepted]" in fed("draft").out


def test_what_may_be_an_oversight_is_a_note(fed: Program) -> None:
    """On standard error, while the verb does its work."""
    done = fed(
        "add", "--section", "trend", "--title", "t", "--url", "https://seoul.example/t",
        "--day", "2024-03-02", "--json",
    )  # fmt: skip

    assert (0, "t") == (done.status, json.loads(done.out)["title"])
    assert "aggregator: note: its day, 2024-03-02, lies outside the issue's window" in done.err
    assert "aggregator: note: the event ends on 2024-03-01" in fed(*EVENT[:-1], "2024-03-01").err


def test_missing_translations_are_counted(fed: Program) -> None:
    """By the draft and by publication."""
    assert "\ntranslations: en 6 missing, 0 out of date\n" in fed("draft").out
    assert fed("publish", "--accept-warnings", "Kim").out.endswith(
        "\ntranslations: en 6 missing, 0 out of date\n"
    )


def test_hangul_in_a_translation_is_a_note(fed: Program) -> None:
    """With the entry's name; the text is taken."""
    fed("draft")
    po = polib.pofile(fed("translation", "export", "48", "--lang", "en").out)
    po[0].msgstr = "Export 지원"

    done = fed("translation", "import", "48", "--lang", "en", stdin=str(po).encode())

    assert (0, True) == (done.status, done.out.startswith("1 texts taken for 1 items"))
    assert (
        f"aggregator: note: the translation of {po[0].msgctxt} has Hangul left in it\n" == done.err
    )


@pytest.mark.parametrize("cut", [b"</channel></rss>", b"/channel></rss>"])
def test_a_document_that_was_cut_is_warned_of(
    program: Program, web: dict[str, bytes], cut: bytes
) -> None:
    """In one line, with status 0: what came is stored; the JSON names it once."""
    web["/seoul.xml"] = web["/seoul.xml"].removesuffix(cut)

    done = program("refresh", "--all")

    assert (0, 1) == (done.status, len(done.err.splitlines()))
    assert done.err.startswith("  seoul: warning: its document breaks off before its end")
    assert 4 == len(program("items").out.splitlines())


def test_a_translation_goes_out_and_in(fed: Program) -> None:
    """By file or by standard streams, of a draft or of a published issue."""
    fed("draft")
    file = fed.folder / "48.po"
    assert (0, "") == (
        fed("translation", "export", "48", "--lang", "en", "--output", file).status,
        fed("translation", "export", "--lang", "en", "-o", file).out,
    )
    text = fed("translation", "export", "48", "--lang", "en").out
    assert text == file.read_text(encoding="utf-8")
    po = polib.pofile(text)
    for entry in po:
        entry.msgstr = "English words"
    done = fed("translation", "import", "48", "--lang", "en", stdin=str(po).encode())

    assert "6 texts taken for 3 items, 0 of them fuzzy (their source has changed), 0 empty\n" == (
        done.out
    )
    fed("publish", "--accept-warnings", "Kim")
    page = fed.folder / "public" / "issues" / "48" / "en" / "index.html"
    assert "English words" in page.read_text(encoding="utf-8")

    for entry in po:
        entry.msgstr = "Better words"
    file.write_text("\ufeff" + str(po), encoding="utf-8")
    assert 0 == fed("translation", "import", "48", file, "--lang", "en").status
    assert "Better words" in page.read_text(encoding="utf-8")


def test_an_entry_for_nobody_is_named(fed: Program) -> None:
    """On standard error, while the others are taken."""
    po = 'msgctxt "ffff/headline"\nmsgid "없는 글"\nmsgstr "gone"\n'

    done = fed("translation", "import", "48", "--lang", "en", stdin=po.encode())

    assert (0, "aggregator: the file has a text for nobody here: ffff/headline\n") == (
        done.status,
        done.err,
    )


def test_the_configuration_is_checked(program: Program) -> None:
    """Fine, with counts; nothing is written."""
    done = program("check")

    assert 0 == done.status
    assert (
        "fine. 3 feeds (2 active), series smart-city with sections issue, trend, news" in done.out
    )
    assert not program.database.exists()


def test_a_configuration_with_warnings_is_not_called_fine(program: Program) -> None:
    """They are counted, in the order of their lines."""
    text = program.config.read_text(encoding="utf-8")
    text = text.replace('["스마트시티"]', '["스마트시티", "스마트 시티"]')
    program.config.write_text(
        text + '\n[groups.idle]\nweight = 1.0\nwords = ["가나다"]\n', encoding="utf-8"
    )

    done = program("check")

    lines = [int(line.split(" line ")[1].split(":")[0]) for line in done.err.splitlines()]
    assert (0, 2) == (done.status, len(lines))
    assert sorted(lines) == lines
    assert f"{program.config}: no mistakes, 2 warnings. 3 feeds (2 active)" in done.out
    assert "fine" not in done.out


def test_a_document_is_shown_as_it_would_be_stored(program: Program) -> None:
    """From a file, with its address for relative links, or from the web."""
    file = program.folder / "feed.xml"
    file.write_bytes(rss("첫 글").replace(b"https://molit.example/1", b"/view/1"))

    done = program("check", file, "--base", "https://molit.example/rss")

    assert 0 == done.status
    assert "rss20, utf-8" in done.out
    assert "link https://molit.example/view/1" in done.out
    assert "2024-02-15T09:00:00+09:00" in done.out
    assert not program.database.exists()
    assert "하천 정비 계획" in program("check", "http://molit.example/molit.xml").out


def test_of_several_documents_each_is_shown(program: Program) -> None:
    """One that is no feed does not keep the others from being shown; the status tells."""
    good, bad = program.folder / "good.xml", program.folder / "bad.xml"
    good.write_bytes(rss("첫 글"))
    bad.write_text("hello")

    done = program("check", bad, good)

    assert 1 == done.status
    assert "첫 글" in done.out
    assert 1 == len(done.err.splitlines())
    assert done.err.startswith(f"aggregator: {bad}: ")


def test_the_schema_describes_the_configuration(program: Program) -> None:
    """It is a JSON Schema, and the test's own configuration keeps to it."""
    schema = json.loads(program("check", "--schema").out)

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(tomllib.loads(program.config.read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize(
    ("args", "shape"),
    [
        (("--section", "trend", "--title", "t"), r"article.*--day, --url"),
        (("--section", "news", "--title", "t"), r"event.*--from"),
    ],
)
def test_what_a_shape_needs_is_said(program: Program, args: tuple[str, ...], shape: str) -> None:
    """With the names of the options."""
    done = program("add", *args)

    assert 2 == done.status
    assert re.search(shape, done.err)


def test_a_word_that_very_many_stories_have_is_answered_in_short(
    fed: Program, web: dict[str, bytes]
) -> None:
    """Five lines, how many more there are, and how to ask more closely."""
    districts = ("강남", "강북", "관악", "노원", "도봉", "마포", "성북")
    web["/seoul.xml"] = rss(*(f"{one} 하천 산책로 열림" for one in districts), feed="seoul", day=20)
    fed("refresh", "--all")

    done = fed("why", "산책로")

    lines = done.out.splitlines()
    assert (0, 7) == (done.status, len(lines))
    assert "7 stories answer to '산책로'" == lines[0]
    assert all(" 하천 산책로 열림: off topic" in line for line in lines[1:6])
    assert "… and 2 more: give a longer part of the title, the link or the id" == lines[6]


def test_what_was_typed_in_is_listed_where_it_was_put(fed: Program) -> None:
    """Whatever the rules say of its headline."""
    fed(*EVENT)

    (line,) = (one for one in fed("stories").out.splitlines() if "2024 스마트시티 서밋" in one)

    assert "news" == line.split()[1]


def test_points_are_the_same_in_the_list_and_in_the_draft(fed: Program) -> None:
    """None of their figures is cut."""
    text = fed.config.read_text(encoding="utf-8").replace("weight = 3.0", "weight = 3.25")
    fed.config.write_text(text, encoding="utf-8")
    fed("refresh")

    drafted = fed("draft").out

    (line,) = (one for one in fed("stories").out.splitlines() if "스마트시티 수출" in one)
    assert f"{line.split()[2]} points" in drafted
    assert len(line.split()[2].partition(".")[2]) > 1
