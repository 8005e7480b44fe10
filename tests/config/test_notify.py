"""Who is told: what belongs together, and how it is read."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.domain.errors import ConfigError
from aggregator.domain.notices import NotifyOptions
from tests.fixtures.all_states import config_text

TO = 'to = ["kim@office.example"]'
SENDER = 'sender = "desk@news.example"'
SMTP = 'smtp = "smtp://mail.example:587"'


def loaded(folder: Path, *lines: str) -> NotifyOptions:
    """What a configuration with these lines below [notify] says."""
    file = folder / "feeds.toml"
    file.write_text("\n".join([config_text(1), "[notify]", *lines, ""]), encoding="utf-8")
    return load_config(file, {}).notify


def test_a_mail_needs_a_sender_and_a_server(tmp_path: Path) -> None:
    """Both are asked for at once, with an example."""
    with pytest.raises(ConfigError) as error:
        loaded(tmp_path, TO)

    assert [
        ("notify.to", 'mail needs the key "sender", which is missing'),
        ("notify.to", 'mail needs the key "smtp", which is missing'),
    ] == [(problem.path, problem.message) for problem in error.value.problems]
    assert ["desk@news.example", "smtp://mail.example:587"] == [
        problem.remedy.split('"')[1] for problem in error.value.problems
    ]


@pytest.mark.parametrize("lines", [(TO, SENDER), (TO, SMTP)], ids=["no server", "no sender"])
def test_one_of_them_is_not_enough(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """The other one is named."""
    with pytest.raises(ConfigError) as error:
        loaded(tmp_path, *lines)
    assert 1 == len(error.value.problems)


def test_a_webhook_needs_nothing_else(tmp_path: Path) -> None:
    """Nor does nobody."""
    assert NotifyOptions() == loaded(tmp_path)
    hook = "https://chat.example/hook"
    assert NotifyOptions(webhook=hook) == loaded(tmp_path, f'webhook = "{hook}"')


def test_everything_is_read(tmp_path: Path) -> None:
    """As it stands there."""
    assert NotifyOptions(
        to=("kim@office.example",),
        sender="desk@news.example",
        smtp="smtp://mail.example:587",
        at=time(7, 30),
    ) == loaded(tmp_path, TO, SENDER, SMTP, 'at = "07:30"')


@pytest.mark.parametrize(
    "line",
    [
        'to = ["kim@office.example\\r\\nBcc: all@office.example"]',
        'to = ["kim@office.example, lee@office.example"]',
        'sender = "The desk <desk@news.example>"',
        'smtp = "smtp://kim:secret@mail.example"',
    ],
)
def test_an_address_is_one_address(tmp_path: Path, line: str) -> None:
    """Nothing that could become a header or a second recipient, and no password."""
    with pytest.raises(ConfigError) as error:
        loaded(tmp_path, line)
    assert "secret" not in str(error.value)
