"""What leaves as JSON: valid lines, and every field as docs/json.md has it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aggregator.services.answers.why_reply import Answer
from tests.cli.conftest import Program, rss
from tests.fixtures.hubs import hubbing

DOCS = Path(__file__).parents[2] / "docs" / "json.md"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00")
ITEM = ("add", "--section", "news", "--title", "2024 서밋", "--from", "2024-03-19", "--json")


def chapters() -> dict[str, tuple[str, list[str]]]:
    """By heading: the chapter's text, and the fields of its tables."""
    found = {}
    for chapter in DOCS.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, _, text = chapter.partition("\n")
        first = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `")]
        found[name] = (text, [field for cell in first for field in re.findall(r"`(\w+)`", cell)])
    return found


CHAPTERS = chapters()


def lines(program: Program, *args: object, status: int = 0) -> list[dict[str, Any]]:
    done = program(*args, "--json")
    assert (status, "") == (done.status, done.err)
    return [json.loads(line) for line in done.out.splitlines()]


def documented(name: str, *more: str) -> set[str]:
    return {field for chapter in (name, *more) for field in CHAPTERS[chapter][1]}


def mentioned(name: str, form: dict[str, Any]) -> None:
    """Each key of a nested form stands in the chapter as code."""
    assert [] == [key for key in form if f"`{key}`" not in CHAPTERS[name][0]]


def test_items(fed: Program) -> None:
    """One line each, Korean as it is, instants in Korean time."""
    found = lines(fed, "items")

    assert 4 == len(found)
    assert [documented("item")] * 4 == [form.keys() for form in found]
    assert all(INSTANT.fullmatch(form["published"]) for form in found)
    assert "스마트시티" in fed("items", "--json").out


def test_a_typed_items_day_is_a_day(fed: Program) -> None:
    """Where only the day is known no time is made up."""
    fed(
        "add", "--section", "trend", "--title", "t", "--url", "https://seoul.example/t",
        "--body", "seoul", "--day", "2024-02-03",
    )  # fmt: skip

    assert ["2024-02-03"] == [form["published"] for form in lines(fed, "items", "--feed", "desk")]


def test_stories(fed: Program) -> None:
    """Each with its members."""
    found = lines(fed, "stories")

    assert [documented("story")] * 4 == [form.keys() for form in found]
    mentioned("story", found[0]["members"][0])


def test_a_search(fed: Program) -> None:
    """The story with where its words are."""
    found = lines(fed, "search", "스마트시티 문단")

    assert [documented("story", "hit")] * 3 == [form.keys() for form in found]
    mentioned("hit", found[0]["passages"][0])


def test_a_draft(fed: Program) -> None:
    """Sections, trays and dropped ones, each pick and tray as documented."""
    fed("draft")
    fed("drop", "수출")
    (form,) = lines(fed, "draft")

    assert documented("draft") == form.keys()
    mentioned("draft", form["window"])
    mentioned("draft", form["sections"][0])
    mentioned("draft", form["translations"]["en"])
    for pick in (form["sections"][0]["items"][0], form["dropped"][0]):
        assert documented("story", "pick") == pick.keys()
    assert INSTANT.fullmatch(form["proposed"])


def test_changes(fed: Program, web: dict[str, bytes]) -> None:
    """What a source changed in a published release."""
    web["/molit.xml"] = rss("스마트시티 수출 확대", "하천 정비 계획")
    fed("refresh", "molit", now="2024-03-04T11:00")
    (form,) = lines(fed, "changes")

    assert documented("change") == form.keys() | form["fields"][0].keys()
    mentioned("change", form["fields"][0]["pieces"][0])
    assert INSTANT.fullmatch(form["at"])
    assert ([], None) == (form["issues"], form["draft"])


def test_a_correction(fed: Program) -> None:
    """As it is made, with the number of files; and as it is listed."""
    fed("publish", "48", "--accept-warnings", "Lee")
    day = ("--field", "day", "--value", "2024-02-16", "--note-ko", "16일")
    (made,) = lines(fed, "correct", "48", "수출", *day, "--by", "Kim")
    (listed,) = lines(fed, "corrections")

    assert documented("correction") == listed.keys()
    assert made == listed | {"files": made["files"]}
    mentioned("correction", made["texts"]["ko"])
    assert INSTANT.fullmatch(made["at"])


def test_late_ones(fed: Program, web: dict[str, bytes]) -> None:
    """A story that came after the draft was made."""
    fed("draft")
    web["/seoul.xml"] = rss("스마트시티 늦은 소식", feed="seoul-late", day=28)
    fed("refresh", "seoul", now="2024-03-04T11:00")
    form = json.loads(fed("draft", "--json", now="2024-03-04T11:00").out)

    assert ["스마트시티 늦은 소식"] == [one["title"] for one in form["late"]]
    assert documented("story", "tray") == form["late"][0].keys()


@pytest.mark.parametrize(
    "args",
    [
        ("accept", "연구", "--json"),
        ("accept", "--rest", "--json"),
        ("drop", "연구", "--json"),
        ("drop", "--rest", "--json"),
        ITEM,
    ],
    ids=lambda args: args[0],
)
def test_picks(fed: Program, args: tuple[str, ...]) -> None:
    """Every verb that makes or changes one prints it."""
    fed("draft")
    done = fed(*args)

    found = [json.loads(line) for line in done.out.splitlines()]
    assert found
    assert all(documented("story", "pick") == form.keys() for form in found)


def test_a_publication(fed: Program) -> None:
    """Number, items, page and files."""
    fed("draft")
    (form,) = lines(fed, "publish", "--accept-warnings", "Kim")

    assert documented("publication") == form.keys()
    assert {"en": {"missing": 6, "fuzzy": 0}} == form["translations"]
    assert (48, 3, True) == (form["number"], form["items"], Path(form["page"]).is_file())


def test_mails(fed: Program) -> None:
    """One line each, before it is sent."""
    text = fed.config.read_text(encoding="utf-8")
    lists = (
        '[series.mail]\nsender = "desk@news.example"\nsmtp = "smtp://127.0.0.1:9"\n'
        'lists = [{ to = "news@lists.example" }]\n\n[publish]'
    )
    fed.config.write_text(text.replace("[publish]", lists, 1), encoding="utf-8")
    fed("draft")
    fed("publish", "--accept-warnings", "Kim")
    (form,) = lines(fed, "mail", "status")

    assert documented("mail") == form.keys()
    assert (48, "pending", None) == (form["number"], form["state"], form["settled"])
    assert INSTANT.fullmatch(form["next_try"])
    assert form["claimed_until"] is None


def test_pings(program: Program) -> None:
    """One line a feed."""
    with hubbing() as hub:
        text = program.config.read_text(encoding="utf-8")
        text = text.replace("[publish]", f'[publish]\nhub = "{hub.url}"', 1)
        port = hub.office.port
        text = text.replace("allow_private = [", f'allow_private = ["127.0.0.1:{port}", ', 1)
        program.config.write_text(text, encoding="utf-8")
        program("refresh", "--all")
        found = lines(program, "hub", "status")

    assert all(documented("ping") == form.keys() for form in found)
    assert {"sent"} == {form["state"] for form in found}
    assert all(INSTANT.fullmatch(form["settled"]) for form in found)


def test_visits(program: Program, web: dict[str, bytes]) -> None:
    """Good and failed ones alike."""
    del web["/seoul.xml"]
    done = program("refresh", "--all", "--json")
    found = [json.loads(line) for line in done.out.splitlines()]

    assert 1 == done.status
    assert [documented("visit")] * 2 == [form.keys() for form in found]
    assert [(None, None), (404, "bad_status")] == [
        (form["status"] if form["error"] else None, form["error"]) for form in found
    ]


def test_feeds(fed: Program) -> None:
    """Every configured feed, inactive ones too."""
    found = lines(fed, "status")

    assert [documented("feed")] * 3 == [form.keys() for form in found]
    assert [True, True, False] == [form["active"] for form in found]
    assert INSTANT.fullmatch(found[0]["last_ok"])
    mentioned("feed", found[0]["days"][0])


def test_an_explanation(fed: Program) -> None:
    """With the whole trace."""
    fed("draft")
    (form,) = lines(fed, "explain", "수출")
    trace = form["trace"]

    # What no pattern left unread is not there.
    assert documented("explanation") == form.keys() | trace.keys() | {"unread"}
    for part in (form["members"][0], form["issues"][0], trace["hits"][0], trace["topic"]):
        mentioned("explanation", part)
    for part in (form["groups"][0], form["gate"], form["gate"]["conditions"][0]):
        mentioned("explanation", part)
    mentioned("explanation", trace["sections"]["issue"])


@pytest.mark.parametrize("words", ["수출", "https://molit.example/none", "스마트시티 수출 지웜"])
def test_answers(fed: Program, words: str) -> None:
    """Where something is, never seen things too."""
    fed("draft")
    (form,) = lines(fed, "why", words)

    assert documented("answer") - set(Answer) == form.keys()
    for near in (*form["feeds"], *form["titles"]):
        mentioned("answer", near)


def test_several_answers(fed: Program) -> None:
    """One line each."""
    assert 3 == len(lines(fed, "why", "스마트시티"))


def test_documents(program: Program) -> None:
    """As they would be stored, with the entry's own strings."""
    file = program.folder / "feed.xml"
    file.write_bytes(rss("첫 글"))
    (form,) = lines(program, "check", file)

    assert documented("document") == form.keys()
    assert documented("entry") == form["entries"][0].keys()
    assert documented("reading") == form["items"][0].keys()
    for name in ("date", "identity"):
        mentioned("reading", form["items"][0][name])
    mentioned("document", form["updated"])


def test_probes(program: Program, web: dict[str, bytes]) -> None:
    """Good and failed ones alike."""
    del web["/seoul.xml"]
    found = lines(program, "check", "--live", status=1)

    assert [documented("probe")] * 2 == [form.keys() for form in found]
    assert [(200, None), (404, "bad_status")] == [(form["status"], form["error"]) for form in found]


def test_a_configuration(program: Program) -> None:
    """Counts, and warnings with their lines."""
    text = program.config.read_text(encoding="utf-8")
    unused = '\n[groups.unused]\nweight = 1.0\nwords = ["말"]\n\n[topic]'
    program.config.write_text(text.replace("\n[topic]", unused), encoding="utf-8")
    (form,) = lines(program, "check")

    assert documented("configuration") == form.keys()
    assert (3, 2) == (form["feeds"], form["active"])
    mentioned("configuration", form["warnings"][0])


def test_a_lab(fed: Program) -> None:
    """The whole report, down to the words that made the difference."""
    fed("draft")
    fed("drop", "서울 스마트시티 교통")
    fed("publish", "--accept-warnings", "Kim")
    other = fed.folder / "other.toml"
    text = fed.config.read_text(encoding="utf-8")
    text = text.replace('words = ["스마트시티"]', 'words = ["수출", "하천"]')
    other.write_text(text, encoding="utf-8")

    (form,) = lines(fed, "lab", "--config", other)
    (alone,) = lines(fed, "lab")
    (none,) = lines(fed, "lab", "--since", "2024-03-01")

    assert documented("lab") == form.keys() == alone.keys() == none.keys()
    (gained,), (_, lost) = form["gained"], form["lost"]
    for nested in (
        form["span"], form["rules"][0], form["sections"][0], form["moves"][0], gained,
        gained["after"][0], gained["words"][0], lost, form["issues"][0],
        form["issues"][0]["before"], form["idle"], alone["rejected"][0],
    ):  # fmt: skip
        mentioned("lab", nested)
    assert (None, None, None) == (alone["other"], none["span"], none["idle"])


def test_advice(program: Program, web: dict[str, bytes]) -> None:
    """Suggestions with their lines and evidence, and what nothing mends."""
    web["/seoul.xml"] = rss(
        "도심융합특구 지정 환영", "도심융합특구 착공", "스마트시티 연구", feed="seoul", day=20
    )
    program("refresh", "--all")
    for title in ("도심융합특구 지정 환영", "도심융합특구 착공"):
        program("accept", "--section", "trend", title)
    program("drop", "스마트시티 연구")

    (form,) = lines(program, "suggestions")
    (none,) = lines(program, "suggestions", "--since", "2024-03-01")

    assert documented("advice") == form.keys() == none.keys()
    (one,) = form["suggestions"]
    for nested in (
        form["span"], form["decisions"], one, one["lines"][0], one["evidence"][0],
        form["unexplained"][0], form["behind"][0],
    ):  # fmt: skip
        mentioned("advice", nested)
    assert none["span"] is None
