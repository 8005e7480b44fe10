"""Who may read the metrics."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from structlog.testing import capture_logs

from aggregator.bootstrap import App
from aggregator.web.doors.meter_door import FORWARDED, meter_refusal
from tests.fixtures.asking import ask
from tests.fixtures.doors import desk_opened, person

TOKEN = "correct-horse-battery"  # noqa: S105 - of a test
HOME = "127.0.0.1:8080"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A desk without a token for its metrics."""
    with desk_opened(tmp_path_factory.mktemp("meter")) as made:
        yield made


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One with a token."""
    with desk_opened(tmp_path_factory.mktemp("locked")) as made:
        made.environ = {"AGG_METRICS_TOKEN": TOKEN}
        yield made


@pytest.mark.parametrize("host", [HOME, "localhost:8080", "[::1]:8080"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_reads_them(app: App, peer: str, host: str) -> None:
    """Without a token."""
    assert 200 == ask(app, "/metrics", peer=peer, host=host).status


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "::ffff:10.0.0.1", ""])
def test_other_machines_do_not(app: App, peer: str) -> None:
    """Nor does who has no address."""
    page = ask(app, "/metrics", peer=peer, host=HOME)
    assert (403, "forbidden\n") == (page.status, page.text)


@pytest.mark.parametrize("host", ["news.example", "evil.example:8080", ""])
def test_another_name_of_this_machine_leads_nowhere(app: App, host: str) -> None:
    """A proxy's public name, or somebody's own that was led here."""
    assert 403 == ask(app, "/metrics", host=host).status


@pytest.mark.parametrize("header", FORWARDED)
def test_what_came_through_a_proxy_is_not_near(app: App, header: str) -> None:
    """The whole world would be, for the proxy stands on this machine."""
    near = {"host": HOME}
    assert meter_refusal("127.0.0.1", near, "") is None
    assert HTTPStatus.FORBIDDEN is meter_refusal("127.0.0.1", {**near, header: "192.0.2.7"}, "")


def test_the_token_reads_from_anywhere(locked: App) -> None:
    """Whatever name is asked."""
    bearer = f"Bearer {TOKEN}"
    page = ask(locked, "/metrics", peer="192.0.2.7", host="desk:8080", authorization=bearer)
    assert 200 == page.status
    assert TOKEN not in page.text


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong-horse-battery", f"Basic {TOKEN}", TOKEN, "Bearer ✓"]
)
def test_without_the_token_nobody_does(locked: App, given: str) -> None:
    """This machine neither; the log does not say what was given."""
    with capture_logs() as logs:
        page = ask(locked, "/metrics", host=HOME, authorization=given)
    assert (401, "Bearer") == (page.status, page.headers["www-authenticate"])
    assert ["metrics_refused"] == [line["event"] for line in logs]
    assert "horse" not in str(logs)


def test_a_short_token_lets_nobody_in(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be guessed."""
    monkeypatch.setattr(app, "environ", {"AGG_METRICS_TOKEN": "short"})
    assert 401 == ask(app, "/metrics", host=HOME, authorization="Bearer short").status


def test_an_account_is_no_token(locked: App) -> None:
    """Metrics are for programs."""
    assert 401 == person(locked, "admin").get("/metrics").status


def test_head_is_guarded_like_get(locked: App) -> None:
    """It says how long they are."""
    assert 401 == ask(locked, "/metrics", method="HEAD", host=HOME).status
