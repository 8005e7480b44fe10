"""The link that the demo prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.cli.demo import _invite
from tests.fixtures.doors import Person, desk_opened, read


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")],  # noqa: S104 - printed, not bound
)
def test_the_demo_lets_in_its_admin_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, shown: str
) -> None:
    """At the address where it is served; a demo that is shown twice has one admin."""
    with desk_opened(tmp_path) as app:
        for _ in range(2):
            _invite(app, host, 8123)
        printed = re.findall(
            r"^the desk, once: (http://\S+)$", capsys.readouterr().out, re.MULTILINE
        )
        old, link = (address.removeprefix(f"http://{shown}:8123") for address in printed)
        someone = Person(app, host=f"{shown}:8123")

        assert link.startswith("/desk/enter/")
        assert 410 == someone.post(old).status
        assert "/desk" == someone.post(link).headers["location"]
        assert "admin" in {one.name for one in app.accounts.all() if one.role == "admin"}
        assert [] != read(someone.get("/desk/people")).xpath("//a[@aria-current]")
