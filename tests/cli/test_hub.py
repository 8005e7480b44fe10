"""The verb hub, and what other verbs tell a hub on loopback."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from lxml import etree

from tests.cli.conftest import Program, rss
from tests.fixtures.http import Answer, free_port
from tests.fixtures.hubs import HubOffice, hubbing

NS = {"a": "http://www.w3.org/2005/Atom"}


def with_hub(program: Program, url: str) -> Program:
    """The program, its feeds named to the hub at this address."""
    text = program.config.read_text(encoding="utf-8")
    port = url.rpartition(":")[2].partition("/")[0]
    text = text.replace("[publish]", f'[publish]\nhub = "{url}"', 1)
    text = text.replace("allow_private = [", f'allow_private = ["127.0.0.1:{port}", ', 1)
    program.config.write_text(text, encoding="utf-8")
    return program


def hrefs(root: etree._Element, rel: str) -> list[str]:
    """Where the links of this kind lead, those of the feed before those of its entries."""
    return [str(link.get("href")) for link in root.iterfind(f".//a:link[@rel='{rel}']", NS)]


def base_of(program: Program) -> str:
    root = etree.fromstring((program.folder / "public" / "feed.atom").read_bytes())
    own, *_ = hrefs(root, "self")
    return own.removesuffix("/feed.atom")


def file_of(program: Program, topic: str) -> Path:
    return program.folder / "public" / topic.removeprefix(f"{base_of(program)}/")


def test_refresh_tells_the_hub(program: Program) -> None:
    """Of every feed that it made, and again of nothing when nothing came."""
    with hubbing() as hub:
        with_hub(program, hub.url)
        done = program("refresh", "--all")
        first = len(hub.pings)
        program("refresh", "--all", now="2024-03-04T11:00")

    assert (0, "") == (done.status, done.err)
    assert f"{base_of(program)}/feed.atom" in hub.topics
    assert first == len(hub.pings)


def test_publish_tells_the_hub(fed: Program) -> None:
    """Of the feed of issues, among others."""
    with hubbing() as hub:
        with_hub(fed, hub.url)
        fed("draft")
        assert 0 == fed("publish", "48", "--accept-warnings", "Kim").status

    assert f"{base_of(fed)}/issues.atom" in hub.topics


@pytest.mark.parametrize(
    "answers",
    [Answer(status=403), Answer(status=500), Answer(status=429, headers=[("Retry-After", "60")])],
    ids=lambda answer: str(answer.status),
)
def test_a_hub_that_takes_nothing_fails_no_verb(program: Program, answers: Answer) -> None:
    """One line says so, and the site is made."""
    with hubbing(answers) as hub:
        with_hub(program, hub.url)
        done = program("refresh", "--all")

    assert 0 == done.status
    assert 1 == done.err.count("aggregator: note:")
    assert f"answered {answers.status}" in done.err
    assert (program.folder / "public" / "feed.atom").exists()


def test_a_hub_that_is_closed_is_told_by_the_next_verb(program: Program) -> None:
    """When the pause is over."""
    port = free_port()
    with_hub(program, f"http://127.0.0.1:{port}/publish")
    closed = program("refresh", "--all")
    assert 0 == closed.status
    assert "wait for the hub" in closed.err

    with ExitStack() as stack:
        hub = stack.enter_context(hubbing())
        text = program.config.read_text(encoding="utf-8")
        program.config.write_text(text.replace(str(port), str(hub.office.port)), encoding="utf-8")
        program("refresh", "--all", now="2024-03-04T10:02")

    assert f"{base_of(program)}/feed.atom" in hub.topics


def test_the_state_of_the_hub_is_listed(program: Program) -> None:
    """Each feed with what became of it; keys of the address are masked."""
    assert "No hub is configured: see publish.hub.\n" == program("hub", "status").out
    with hubbing(Answer(status=403)) as hub:
        with_hub(program, f"{hub.url}?token=s3cretkey")
        program("refresh", "--all")
        lines = program("hub", "status").out.splitlines()
        forms = [json.loads(line) for line in program("hub", "status", "--json").out.splitlines()]

    assert f"hub {hub.url}?token=***" == lines[0]
    combined = f"{base_of(program)}/feed.atom"
    (line,) = (line for line in lines if line.startswith(f"{combined}  "))
    assert "given up: the hub at 127.0.0.1 did not take it" in line
    (form,) = (form for form in forms if form["feed"] == combined)
    assert ("failed", 1, None) == (form["state"], form["attempts"], form["next_try"])


def test_what_was_given_up_can_be_sent_again(program: Program) -> None:
    """With status 1 while the hub does not take it."""
    with hubbing([Answer(status=403)] * 99) as hub:
        with_hub(program, hub.url)
        program("refresh", "--all")
        assert 1 == program("hub", "send").status
    with hubbing() as hub:
        text = program.config.read_text(encoding="utf-8")
        text = text.replace(
            "allow_private = [", f'allow_private = ["127.0.0.1:{hub.office.port}", '
        )
        head, _, rest = text.partition('hub = "')
        text = f'{head}hub = "{hub.url}"{rest.partition(chr(34))[2]}'
        program.config.write_text(text, encoding="utf-8")
        done = program("hub", "send")

    assert (0, f"{len(hub.pings)} feeds told, 0 refused, 0 waiting\n") == (done.status, done.out)


def test_without_a_hub_there_is_nothing_to_send(program: Program) -> None:
    """Wrong use, with the key that is missing."""
    done = program("hub", "send")

    assert 2 == done.status
    assert "publish.hub" in done.err


def test_no_file_holds_a_key_of_the_hub(program: Program) -> None:
    """Readers are shown its address without it; the ping goes to the whole of it."""
    with hubbing() as hub:
        with_hub(program, f"{hub.url}?token=s3cretkey")
        program("refresh", "--all")

    assert {"/publish?token=s3cretkey"} == {asked.path for asked in hub.office.asked}
    for file in (program.folder / "public").rglob("*.*"):
        assert b"s3cret" not in file.read_bytes(), file
    assert f'href="{hub.url}"' in file_of(program, f"{base_of(program)}/feed.atom").read_text(
        "utf-8"
    )


def test_a_hub_hands_a_subscriber_what_is_new(program: Program, web: dict[str, bytes]) -> None:
    """The whole round: the hub is pinged, looks at the feed as it is served, finds itself and the
    feed's own address in it, and gives the subscriber the bytes."""
    given: list[bytes] = []

    def look(topic: str) -> None:
        body = file_of(program, topic).read_bytes()
        if topic.endswith(".json"):
            feed = json.loads(body)
            named, own = feed["hubs"][0]["url"], feed["feed_url"]
        else:
            root = etree.fromstring(body)
            (named,), (own, *_) = hrefs(root, "hub"), hrefs(root, "self")
        assert (hub.url, topic) == (named, own)
        if topic == subscribed:
            given.append(body)

    subscribed = ""
    with hubbing(look=look) as hub:
        with_hub(program, hub.url)
        program("refresh", "--all")
        subscribed = f"{base_of(program)}/feed.atom"
        web["/seoul.xml"] = rss("서울 스마트시티 새 소식", feed="seoul-new", day=28)
        program("refresh", "--all", now="2024-03-04T11:00")

    assert isinstance(hub, HubOffice)
    (body,) = given
    assert "서울 스마트시티 새 소식" in body.decode()
