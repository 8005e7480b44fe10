"""The verbs split, merge and verdicts."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Program, rss
from tests.cli.test_json import documented, lines, mentioned

TITLE = "스마트시티 데이터 표준 마련"


@pytest.fixture
def twice(fed: Program, web: dict[str, bytes]) -> Program:
    """Two feeds have the same release."""
    web["/molit.xml"] = rss("스마트시티 수출 지원", "하천 정비 계획", TITLE)
    web["/seoul.xml"] = rss("스마트시티 연구 협력", "서울 스마트시티 교통", TITLE, feed="seoul")
    assert 0 == fed("refresh", "--all").status
    return fed


def test_a_split_says_what_the_stories_are(twice: Program) -> None:
    """With ids, members and sections, and how to take it back; the site has both."""
    done = twice("split", TITLE, "seoul", "--reason", "another year")

    assert (0, "") == (done.status, done.err)
    assert done.out.startswith("now 2 stories\n")
    for words in (
        "  issue  ", "  trend  ", f"  seoul: {TITLE}\n    https://seoul.example/3",
        "aggregator verdicts --forget ",
    ):  # fmt: skip
        assert words in done.out
    page = (twice.folder / "public" / "feed.atom").read_text(encoding="utf-8")
    assert "https://seoul.example/3" in page


def test_a_split_is_taken_back(twice: Program) -> None:
    """By the id that it was given."""
    done = twice("split", TITLE, "seoul")
    ruling = done.out.split("--forget ")[1].split()[0]

    back = twice("verdicts", "--forget", ruling)

    assert back.out.startswith(f"forgotten: {ruling}; now 1 story\n")
    assert "no editor has split or merged a story\n" == twice("verdicts").out


def test_a_merge_is_listed(twice: Program) -> None:
    """Who, when, why, and both headlines."""
    twice("merge", "하천", "연구", "--reason", "one event", now="2024-03-04T11:00")

    told = twice("verdicts").out

    assert "merge by editor on 2024-03-04 11:00 KST (one event)" in told
    assert "  molit: 하천 정비 계획\n    same as seoul: 스마트시티 연구 협력\n" in told
    assert told == twice("verdicts", "하천").out
    assert "no editor has split or merged it\n" == twice("verdicts", "수출").out


def test_explain_and_why_name_the_verbs(twice: Program) -> None:
    """Where a story has several members, where one is like it, where a member is not the primary."""
    told = twice("explain", TITLE).out
    assert "aggregator split " in told
    assert "aggregator split " in twice("why", "https://molit.example/3").out + (
        twice("why", "https://seoul.example/3").out
    )

    twice("split", TITLE, "seoul", "--reason", "another year", now="2024-03-04T11:00")

    told = twice("explain", "https://seoul.example/3").out
    assert "aggregator merge " in told
    assert "by the word of editor (another year), 2024-03-04 11:00 KST" in told


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("merge", TITLE), "name two stories or more to merge"),
        (("split", TITLE, "seoul", "molit"), "nothing would stay in the story"),
        (("verdicts", TITLE, "--forget", "1"), "--forget takes ids of this list"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_wrong_use_is_told(twice: Program, args: tuple[str, ...], says: str) -> None:
    """In one line, and nothing is changed."""
    before = twice.rows()
    done = twice(*args)
    assert (2, True, 1) == (done.status, says in done.err, len(done.err.splitlines()))
    assert before == twice.rows()


def test_an_unknown_ruling_is_told(twice: Program) -> None:
    """Where the ids are to be found."""
    done = twice("verdicts", "--forget", "0000")
    assert 1 == done.status
    assert "no ruling has the id 0000 (aggregator verdicts lists them)" in done.err


def test_the_json_of_all_three(twice: Program) -> None:
    """As documented."""
    (split,) = lines(twice, "split", TITLE, "seoul")
    (merged,) = lines(twice, "merge", "https://molit.example/3", "https://seoul.example/3")
    (listed,) = lines(twice, "verdicts")
    (back,) = [json.loads(twice("verdicts", "--forget", listed["id"], "--json").out)]

    for form in (split, merged, back):
        assert documented("regrouping") == form.keys()
        assert all(documented("story") == story.keys() for story in form["stories"])
    assert documented("ruling") == listed.keys()
    mentioned("ruling", listed["pairs"][0])
    mentioned("ruling", listed["pairs"][0]["a"])
    assert (merged["ruling"], "merge", [True]) == (
        listed["id"],
        listed["kind"],
        [pair["same"] for pair in listed["pairs"]],
    )
    assert [2, 1, 1] == [len(form["stories"]) for form in (split, merged, back)]
