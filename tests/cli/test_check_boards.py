"""check reads a saved page, and visits one, as the list that its feed is."""

from __future__ import annotations

import json

from tests.cli.conftest import Program

PAGE = """<title>보도자료</title><ul><li><a href="/view?no=1">스마트시티 교차로</a> <b>2024-02-20</b>
<li><a href="/view?no=2">버스 증차</a> <b>어제</b></ul>"""
BOARD = """
[[feeds]]
id = "ulsan-board"
url = "http://ulsan.example/board"
body = "ulsan"
kind = "html_list"
select = { item = "li", title = "a", link = "a@href", date = "b" }
"""


def configure(program: Program) -> None:
    with program.config.open("a", encoding="utf-8") as file:
        file.write(BOARD)


def test_a_saved_page_is_read_as_its_feed_would(program: Program) -> None:
    """Headlines, absolute links, the day that "yesterday" means at --now."""
    configure(program)
    file = program.folder / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    done = program("check", file, "--feed", "ulsan-board", "--json")
    assert (0, "") == (done.status, done.err)
    form = json.loads(done.out)
    assert "html" == form["version"]
    assert [
        ("스마트시티 교차로", "http://ulsan.example/view?no=1", "2024-02-20"),
        ("버스 증차", "http://ulsan.example/view?no=2", "2024-03-03"),
    ] == [
        (entry["title"], entry["link"], entry["published"]["instant"]) for entry in form["entries"]
    ]


def test_a_page_that_was_rebuilt_says_what_was_found(program: Program) -> None:
    """Status 1 and one line."""
    configure(program)
    file = program.folder / "page.html"
    file.write_text("<title>새 누리집</title><table></table>", encoding="utf-8")
    done = program("check", file, "--feed", "ulsan-board")
    assert 1 == done.status
    assert "item = \"li\" matches 0 elements of the page titled '새 누리집'" in done.err


def test_a_board_is_visited_live(program: Program, web: dict[str, bytes]) -> None:
    """Its row stands in the table like that of a feed."""
    configure(program)
    web["/board"] = PAGE.encode()
    (line,) = program("check", "--live", "ulsan-board", "--json").out.splitlines()
    form = json.loads(line)
    assert ("works", "html", 2, "2024-03-03") == tuple(
        form[name] for name in ("verdict", "version", "entries", "newest")
    )


def test_a_refresh_stores_what_a_board_lists(program: Program, web: dict[str, bytes]) -> None:
    """And a second one changes nothing, although "yesterday" is another word for the day."""
    configure(program)
    web["/board"] = PAGE.encode()
    first = json.loads(program("refresh", "ulsan-board", "--json").out)
    web["/board"] = PAGE.replace("어제", "2024-03-03").encode()
    second = json.loads(program("refresh", "ulsan-board", "--json").out)
    assert (2, 0) == (first["new"], first["changed"])
    assert (0, 0) == (second["new"], second["changed"])
