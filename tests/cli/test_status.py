"""The verbs status and digest, on a store in which every state occurs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from aggregator.bootstrap import open_app
from aggregator.catalogue import Catalogue
from aggregator.cli import feed_lines
from aggregator.cli.feed_lines import day_mark, host_table, size
from aggregator.domain.health import Health
from aggregator.domain.visits import OTHER_HOSTS, FeedDay, Manners
from tests.cli.conftest import Done, Program
from tests.cli.test_json import documented
from tests.fixtures.all_states import NOW, advice_on, fill, meaning_of, name_of, write_all
from tests.fixtures.hooks import hooked
from tests.fixtures.mailbox import Box, serving

CATALOGUE = Catalogue.load()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration and a full store, which nobody changes."""
    folder = tmp_path_factory.mktemp("states")
    app = open_app(write_all(folder), now=NOW, environ={})
    fill(app, len(Health))
    app.close()
    return folder


@pytest.fixture
def ask(
    filled: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    quiet_logs: None,
) -> Callable[..., Done]:
    """The program on that store."""
    monkeypatch.delenv("AGG_DATABASE", raising=False)
    return Program(filled, capsys, monkeypatch)


def test_every_state_is_said_in_words(ask: Callable[..., Done]) -> None:
    """The worst first, in the written order."""
    done = ask("status")
    table = done.out.split("\n\n")[0]
    names = [CATALOGUE.text(name_of(health), "en") for health in Health]

    assert (0, "") == (done.status, done.err)
    places = [table.index(f" {name} ") for name in names]
    assert sorted(places) == places


def test_an_ill_feed_says_what_to_do(ask: Callable[..., Done]) -> None:
    """Below the table, with what the state means."""
    below = ask("status").out.split("\n\n", 1)[1]

    for health in (health for health in Health if health.is_ill):
        for key in (meaning_of(health), advice_on(health)):
            assert CATALOGUE.text(key, "en") in below


def test_evidence_is_shown(ask: Callable[..., Done]) -> None:
    """The status, the address, the first of what came, and what was said."""
    chapter = ask("status").out.split("\nhtml: ")[1].split("\n\n")[0]

    for words in (
        "(failed 6 times in a row)",
        "says www-6.example said something about html",
        "status 200",
        "at https://www-6.example/rss/news.xml",
        'saw <!DOCTYPE html><html lang="ko">',
    ):
        assert words in chapter


def test_what_is_reached_loosely_is_warned_of(ask: Callable[..., Done]) -> None:
    """Well or ill: no verified server, or a proxy between."""
    out = ask("status").out

    assert "warning its server need not prove who it is" in out
    assert "warning it is read through the proxy http://proxy.example:3128" in out


def test_only_the_ill_ones(ask: Callable[..., Done]) -> None:
    """Remarks are no illness."""
    found = [json.loads(line) for line in ask("status", "--ill", "--json").out.splitlines()]

    assert [health.value for health in Health if health.is_ill] == [one["health"] for one in found]


def test_one_feed_in_full(ask: Callable[..., Done]) -> None:
    """Its last days and visits too, and no other feed."""
    out = ask("status", "moved").out

    for words in (
        "moved to https://new-20.example/feed (seen on 3 days, followed)",
        "rhythm about 3 a working day",
        "licence KOGL-1",
        "60 days to 2024-03-04",
        "2024-03-04 09:54  not modified     304",
    ):
        assert words in out
    assert 20 == out.count("09:54")
    assert "html" not in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("htm",), "did you mean html?"),
        (("--hosts", "html"), "leave out FEED"),
        (("--hosts", "--ill"), "leave out FEED"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    ask: Callable[..., Done], args: tuple[str, ...], says: str
) -> None:
    """With status 2."""
    done = ask("status", *args)
    assert (2, True) == (done.status, says in done.err)


def test_hosts(ask: Callable[..., Done]) -> None:
    """The ledger, and who asked to be left alone."""
    lines = ask("status", "--hosts").out.splitlines()

    (held,) = [line for line in lines if line.startswith("www-16.example")]
    for words in ("1456", "1200", "5.1MiB", "93.5MiB", "1.0s", "2024-03-04T12:00:00+09:00 (429)"):
        assert words in held


def test_hosts_that_share_a_row_are_named_so() -> None:
    """Not by the sign that stands for them in the store."""
    console = Console(width=100)
    with console.capture() as shown:
        console.print(host_table([Manners(host=OTHER_HOSTS, requests=3)], {}))
    assert shown.get().splitlines()[1].startswith("other hosts  ")


def test_hosts_as_json(ask: Callable[..., Done]) -> None:
    """As docs/json.md has them."""
    found = [json.loads(line) for line in ask("status", "--hosts", "--json").out.splitlines()]

    assert [documented("host")] * len(Health) == [form.keys() for form in found]
    assert ["www-16.example"] == [one["host"] for one in found if one["hold_status"] == 429]


def test_a_narrow_terminal_is_enough(
    ask: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than 80 columns, and no state is cut."""
    monkeypatch.setattr("aggregator.cli.feed_status.WIDTH", 80)
    for args in ((), ("html", "moved"), ("--hosts",)):
        out = ask("status", *args).out
        assert 80 >= max(sum(map(columns, line.rstrip())) for line in out.splitlines())
    assert "selectors match nothing" in ask("status").out


def columns(character: str) -> int:
    """How many columns a character takes."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@pytest.mark.parametrize(
    ("new", "failed", "health", "mark"),
    [
        (0, 0, Health.OK, "▁"),
        (1, 0, Health.OK, "▂"),
        (64, 0, Health.OK, "█"),
        (9999, 0, Health.OK, "█"),
        (5, 0, Health.MOVED, "~"),
        (0, 0, Health.EMPTY, "~"),
        (5, 1, Health.SLOW, "×"),
    ],
)
def test_a_day_is_one_mark(new: int, failed: int, health: Health, mark: str) -> None:
    """By what came, and whether something was wrong."""
    day = FeedDay(feed_id="molit", day=NOW.date(), visits=24, failed=failed, new=new, health=health)
    assert mark == day_mark(day)


def test_a_day_without_visits_is_a_dot() -> None:
    """Known or not."""
    assert "·" == day_mark(None) == day_mark(FeedDay(feed_id="molit", day=NOW.date()))


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0B"), (1023, "1023B"), (1536, "1.5KiB"), (2**50, "1024.0TiB")]
)
def test_bytes_are_told_in_their_unit(count: int, shown: str) -> None:
    """Short enough for a column."""
    assert shown == size(count)


def test_cursor_movements_of_a_server_are_blanks() -> None:
    """A value is one line of printable signs."""
    grid = feed_lines._grid([("saw", "a\x1b[2Jb\nc")])
    (cell,) = list(grid.columns[1].cells)
    assert "a [2Jb c" == str(cell)


# --- digest --------------------------------------------------------------------------------------


def told(program: Program, notify: str) -> None:
    """Write who is told into the configuration, and let a feed be ill."""
    text = program.config.read_text(encoding="utf-8")
    program.config.write_text(f"{notify}\n{text}", encoding="utf-8")


def test_a_digest_shows_what_would_be_told(ask: Callable[..., Done]) -> None:
    """As the mail has it: the subject first."""
    done = ask("digest")

    assert (0, "") == (done.status, done.err)
    assert done.out.startswith("[desk] 20 feeds ill, 1 moved, 1 unverified\n\n")


def test_a_digest_as_json(ask: Callable[..., Done]) -> None:
    """As docs/json.md has it."""
    (line,) = ask("digest", "--json").out.splitlines()
    form = json.loads(line)

    assert documented("digest") == form.keys()
    assert (20, 24, 22) == (form["ill"], form["feeds"], len(form["changes"]))


def test_nothing_to_tell_is_said(fed: Program) -> None:
    """And is no JSON."""
    assert "Nothing changed since the last digest.\n" == fed("digest").out
    assert "" == fed("digest", "--json").out


def test_nobody_to_tell_is_a_wrong_call(fed: Program) -> None:
    """With the keys that would be right."""
    done = fed("digest", "--send")
    assert (2, True) == (done.status, "set notify.to or notify.webhook" in done.err)


def test_a_digest_is_sent_by_hand_once(program: Program, web: dict[str, bytes]) -> None:
    """What was sent is noted: there is nothing more to tell."""
    del web["/seoul.xml"]
    box = Box()
    with serving(box) as server:
        told(
            program,
            f'notify = {{ to = ["k@x.example"], sender = "d@x.example", smtp = "{server}" }}',
        )
        program("refresh", "--all")
        done = program("digest", "--send")
        again = program("digest", "--send")

    assert (0, "mail: sent\n") == (done.status, done.err)
    assert "Nothing changed since the last digest.\n" == again.out
    assert ["[desk] 1 feed ill"] == [message["Subject"] for _, _, message in box.mails]


def test_a_digest_that_cannot_be_sent_is_a_failure(program: Program, web: dict[str, bytes]) -> None:
    """Status 1, and the reason in one line."""
    del web["/seoul.xml"]
    with hooked() as hook:
        port = hook.port
    told(program, f'notify = {{ webhook = "http://127.0.0.1:{port}/s3cret" }}')
    program("refresh", "--all")
    done = program("digest", "--send")

    assert 1 == done.status
    assert done.err.startswith("webhook: not sent: the webhook at 127.0.0.1 did not take")
    assert "s3cret" not in done.err
