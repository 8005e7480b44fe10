"""``[desk]``: what is taken, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.domain.errors import ConfigError
from aggregator.domain.people import DeskOptions, Role
from tests.fixtures.program import write_config


def loaded(folder: Path, text: str) -> DeskOptions:
    return load_config(write_config(folder, 1, text), {}).desk


def test_without_the_table_the_desk_is_for_this_machine(tmp_path: Path) -> None:
    """With a login for all but the public files."""
    options = loaded(tmp_path, "")

    assert DeskOptions() == options
    assert (False, False, "") == (options.is_secure, options.status_public, options.trusted_header)


def test_every_key_is_taken(tmp_path: Path) -> None:
    """As it is meant."""
    text = """[desk]
address = "https://desk.example/"
status = "public"
idle = "30m"
lifetime = "1d"
link_life = "10m"
trusted_header = "X-Remote-User"
proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]
auto_create = "editor"
"""
    expected = DeskOptions(
        address="https://desk.example",
        status_public=True,
        idle=timedelta(minutes=30),
        lifetime=timedelta(days=1),
        link_life=timedelta(minutes=10),
        trusted_header="X-Remote-User",
        proxies=tuple(map(ip_network, ("127.0.0.1", "10.0.0.0/8", "fd00::/8"))),
        auto_create=Role.EDITOR,
    )
    assert expected == loaded(tmp_path, text)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "http://localhost:9000", "http://[::1]:8080"]
)
def test_http_is_for_this_machine(tmp_path: Path, address: str) -> None:
    """Nobody is on the way."""
    assert address == loaded(tmp_path, f'[desk]\naddress = "{address}"\n').address


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('address = "http://desk.example"', "would send passwords in the clear"),
        ('address = "http://10.0.0.5:8080"', "would send passwords in the clear"),
        ('address = "https://desk.example/desk"', "has a path"),
        ('address = "desk.example"', "is no web address"),
        ('trusted_header = "X-Remote-User"', "no proxy is named"),
        ('auto_create = "reader"', "only for names that a proxy vouches for"),
        ('proxies = ["proxy.example"]', "is no address or network"),
        ('proxies = ["10.0.0.1/8"]', 'did you mean "10.0.0.0/8"'),
        ('status = "open"', "desk.status"),
        ('auto_create = "root"', "desk.auto_create"),
        ('idle = "8d"', "it is longer than lifetime"),
    ],
)
def test_what_would_open_a_door_is_refused(tmp_path: Path, line: str, message: str) -> None:
    """With what would be right."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"[desk]\n{line}\n")
    assert message in str(caught.value)
