"""The verb discover, against pages on loopback."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from tests.cli.conftest import Program, rss
from tests.cli.test_json import documented

HOST = "http://ulsan.example"
BOARD = (
    "<title>보도자료 | 울산광역시</title><table class='list'>"
    + "".join(
        f'<tr><td>{n}</td><td class="subject"><a href="/view?no={n}">시의 소식 {n}</a></td><td>2024-02-{n:02}</td></tr>'
        for n in range(1, 6)
    )
    + "</table>"
).encode()


def block(out: str) -> dict[str, Any]:
    (feed,) = tomllib.loads(out)["feeds"]
    return dict(feed)


def test_an_announced_feed_is_found(program: Program, web: dict[str, bytes]) -> None:
    """Tried, read, and told with what it holds."""
    web["/news"] = b"<title>News</title><link rel=alternate type=application/rss+xml href=/rss.xml>"
    web["/rss.xml"] = rss("하나", "둘")
    done = program("discover", f"{HOST}/news")
    assert (0, "") == (done.status, done.err)
    assert "# announced: rss20, 2 entries, newest 2024-02-15" in done.out
    assert f"{HOST}/rss.xml" == block(done.out)["url"]


def test_the_form_of_the_board_system_is_tried(program: Program, web: dict[str, bytes]) -> None:
    """No word about it stands on the page."""
    web["/www/selectBbsNttList.do?bbsNo=65&key=1"] = BOARD
    web["/www/rssBbsNtt.do?bbsNo=65"] = rss("하나")
    done = program("discover", f"{HOST}/www/selectBbsNttList.do?bbsNo=65&key=1")
    assert "# board form: rss20, 1 entry, newest 2024-02-15" in done.out
    assert f"# tried {HOST}/rssBbsNtt.do?bbsNo=65: ulsan.example answered 404" in done.out


def test_the_address_of_a_feed_is_a_feed(program: Program) -> None:
    """There is nothing to look for."""
    done = program("discover", "http://molit.example/molit.xml")
    assert "# given: rss20, 2 entries" in done.out


def test_without_a_feed_the_list_is_proposed(program: Program, web: dict[str, bytes]) -> None:
    """With the body whose name the page bears, and the first items to look at."""
    web["/board"] = BOARD
    done = program("discover", f"{HOST}/board")
    feed = block(done.out)
    assert ("ulsan-press", "ulsan", "html_list") == (feed["id"], feed["body"], feed["kind"])
    assert f"# 2024-02-01 시의 소식 1 {HOST}/view?no=1" in done.out
    assert 3 == done.out.count("/view?no=")


@pytest.mark.parametrize("path", ["/board", "/molit.xml"])
def test_check_accepts_the_block(program: Program, web: dict[str, bytes], path: str) -> None:
    """Appended to the configuration as it is printed."""
    web["/board"] = BOARD
    web["/molit.xml"] = rss("하나", feed="서울특별시 보도자료")
    printed = program("discover", f"{HOST}{path}").out
    with program.config.open("a", encoding="utf-8") as file:
        file.write(f"\n{printed}")
    done = program("check")
    assert (0, "") == (done.status, done.err)
    assert "fine. 4 feeds (3 active)" in done.out


def test_a_body_that_is_not_known_is_to_be_filled_in(
    program: Program, web: dict[str, bytes]
) -> None:
    """Rather than guessed wrong."""
    web["/feed"] = rss("하나", feed="어느 모임")
    done = program("discover", "http://club.example/feed")
    assert "body" not in block(done.out)
    assert '\n# body = "…" (whose releases these are' in done.out


def test_nothing_found_says_what_came(program: Program, web: dict[str, bytes]) -> None:
    """Status 1, and the page's title."""
    web["/"] = "<title>점검 안내</title>".encode()
    done = program("discover", f"{HOST}/")
    assert (1, "") == (done.status, done.out)
    assert f"neither a feed nor a list was found at {HOST}/: 점검 안내" in done.err


def test_a_number_of_addresses_is_tried(program: Program, web: dict[str, bytes]) -> None:
    """A page cannot send the program round the world."""
    links = "".join(f"<a href=http://h{n}.example/rss>RSS</a>" for n in range(30))
    web["/many"] = f"<title>x</title>{links}".encode()
    done = program("discover", f"{HOST}/many", "--json")
    assert 8 == len(json.loads(done.out)["tried"])


def test_forbidden_addresses_are_not_tried(program: Program, web: dict[str, bytes]) -> None:
    """What a page links to is as little trusted as a feed."""
    web["/sly"] = b"<title>x</title><a href=http://localhost:1/rss>RSS</a>"
    tried = json.loads(program("discover", f"{HOST}/sly", "--json").out)["tried"]
    assert [True] == ["feeds may not reach" in one["says"] for one in tried]


@pytest.mark.parametrize("url", ["ulsan.example", "file:///etc/passwd", ""])
def test_what_is_no_address_is_refused(program: Program, url: str) -> None:
    """As wrong use."""
    assert 2 == program("discover", url).status


def test_json(program: Program, web: dict[str, bytes]) -> None:
    """Every field is documented; the block is the one that would be printed."""
    web["/board"] = BOARD
    form = json.loads(program("discover", f"{HOST}/board", "--json").out)
    assert documented("discovery") == form.keys()
    assert "ulsan" == block(form["board"]["toml"])["body"]


def test_strangers_cannot_write_into_the_configuration(
    program: Program, web: dict[str, bytes]
) -> None:
    """Titles with quotes, line ends and marks of TOML stay within their text."""
    nasty = 'x"\n[[feeds]]\nid = "evil"\\'
    web["/feed"] = rss("하나", feed=nasty.replace("\n", "&#10;"))
    assert 'x" [[feeds]] id = "evil"\\' == block(program("discover", f"{HOST}/feed").out)["title"]


def test_a_key_in_the_address_stays_out_of_the_block(
    program: Program, web: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is to be appended to a file as it is printed, and works with the key in the environment."""
    web["/rss?token=s3cret-k3y"] = rss("하나", feed="서울특별시 보도자료")
    done = program("discover", f"{HOST}/rss?token=s3cret-k3y")
    feed = block(done.out)
    assert "s3cret" not in done.out + done.err
    assert (f"{HOST}/rss?token={{key}}", "SEOUL_PRESS_KEY") == (feed["url"], feed["key_env"])

    with program.config.open("a", encoding="utf-8") as file:
        file.write(f"\n{done.out}")
    monkeypatch.setenv("SEOUL_PRESS_KEY", "s3cret-k3y")
    assert 0 == program("refresh", "seoul-press").status


def test_what_a_block_has_no_place_for_is_told(program: Program, web: dict[str, bytes]) -> None:
    """Of a list, or of several keys, none is printed, and a comment names them."""
    web["/board?token=s3cret-k3y"] = BOARD
    done = program("discover", f"{HOST}/board?token=s3cret-k3y")
    assert "s3cret" not in done.out + done.err
    assert "# keys are left out of its address: token" in done.out
    assert f"{HOST}/board?token=***" == block(done.out)["url"]


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_no_form_shows_a_key(
    program: Program, web: dict[str, bytes], form: tuple[str, ...]
) -> None:
    """Whether it stands in the address given, in that of a list's items, of a feed or of one that
    was tried."""
    key = "token=s3cret-k3y"
    web[f"/rss?{key}"] = rss("하나", feed=f"{HOST}/rss?{key}")
    web[f"/board?{key}"] = BOARD.replace(b"/view?no=", f"/view?{key}&amp;no=".encode()).replace(
        "시의 소식".encode(), f"{HOST}/view?{key}".encode()
    )
    web[f"/page?{key}"] = (
        f"<title>x</title><a href=/rss?{key}>RSS</a><a href=/rss?{key}&amp;gone=1>RSS</a>"
        f"<a href=http://localhost:1/rss?{key}>RSS</a>"
    ).encode()
    done = [program("discover", f"{HOST}/{of}?{key}", *form) for of in ("rss", "board", "page")]

    assert [0, 0, 0] == [one.status for one in done]
    assert "s3cret" not in "".join(f"{one.out}{one.err}" for one in done)
