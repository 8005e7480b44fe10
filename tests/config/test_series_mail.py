"""Who gets the issues by mail: what belongs together, and how it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.domain.errors import ConfigError
from aggregator.domain.mailing import MailingList, MailOptions
from tests.fixtures.all_states import config_text

SENDER = 'sender = "desk@news.example"'
SMTP = 'smtp = "smtp://mail.example:587"'
LIST = 'lists = [{ to = "news@lists.example" }]'


def loaded(folder: Path, *lines: str, notify: str = "") -> MailOptions:
    """What a configuration with these lines below [series.mail] says."""
    file = folder / "feeds.toml"
    before, mark, after = config_text(1).partition("[[series]]")
    series, blank, rest = after.partition("\n\n")
    text = [before + mark + series, "[series.mail]", *lines, blank + rest, notify, ""]
    file.write_text("\n".join(text), encoding="utf-8")
    return load_config(file, {}).series.mail


def complaints(folder: Path, *lines: str) -> list[tuple[str, str]]:
    with pytest.raises(ConfigError) as error:
        loaded(folder, *lines)
    return [(problem.path, problem.message) for problem in error.value.problems]


def test_nothing_is_sent_where_nothing_is_said(tmp_path: Path) -> None:
    """A sender alone is fine: it stands in the mail that the site shows."""
    assert MailOptions() == loaded(tmp_path)
    assert MailOptions(sender="desk@news.example") == loaded(tmp_path, SENDER)


def test_everything_is_read(tmp_path: Path) -> None:
    """As it stands there."""
    made = loaded(
        tmp_path,
        SENDER,
        SMTP,
        'reply_to = "kim@office.example"',
        "[[series.mail.lists]]",
        'language = "ko"',
        'to = "news@lists.example"',
        'id = "news.lists.example"',
        'unsubscribe_url = "https://lists.example/leave"',
        'unsubscribe_mail = "leave@lists.example"',
    )

    wanted = MailingList(
        language="ko",
        to="news@lists.example",
        id="news.lists.example",
        unsubscribe_url="https://lists.example/leave",
        unsubscribe_mail="leave@lists.example",
    )
    assert wanted == made.list_for("ko")
    assert (
        MailOptions(
            sender="desk@news.example",
            reply_to="kim@office.example",
            smtp="smtp://mail.example:587",
            lists=(wanted,),
        )
        == made
    )


def test_a_list_needs_a_sender_and_a_server(tmp_path: Path) -> None:
    """Both are asked for at once."""
    assert [
        ("series[0].mail.lists", 'mail needs the key "sender", which is missing'),
        ("series[0].mail.lists", 'mail needs the key "smtp", which is missing'),
    ] == complaints(tmp_path, LIST)


def test_the_server_of_the_digest_will_do(tmp_path: Path) -> None:
    """It need not be named twice."""
    made = loaded(tmp_path, SENDER, LIST, notify=f"[notify]\n{SMTP}")
    assert ("", 1) == (made.smtp, len(made.lists))


def test_a_language_has_one_list_and_an_edition(tmp_path: Path) -> None:
    """Of the series that the list belongs to."""
    twice = 'lists = [{ to = "a@b.example" }, { to = "c@d.example" }]'
    assert [("series[0].mail.lists[1].language", "'ko' has a list already")] == complaints(
        tmp_path, SENDER, SMTP, twice
    )


def test_a_list_needs_an_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gets a mail of a language that the series does not have."""
    korean = config_text(1).replace('["ko", "en"]', '["ko"]')
    monkeypatch.setattr(f"{__name__}.config_text", lambda _: korean)
    english = 'lists = [{ language = "en", to = "a@b.example" }]'
    assert [
        ("series[0].mail.lists[0].language", "the series has no edition in 'en'")
    ] == complaints(tmp_path, SENDER, SMTP, english)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("id", "news", "is no id of a mailing list"),
        ("id", "뉴스.example", "is no id of a mailing list"),
        ("unsubscribe_url", "http://lists.example/leave", "is no https address"),
        ("unsubscribe_url", "https://lists.example/떠나기", "cannot stand in a header"),
        ("unsubscribe_mail", "nobody", "is no mail address"),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(
    tmp_path: Path, key: str, value: str, says: str
) -> None:
    """Where the file says it."""
    lines = f'lists = [{{ to = "a@b.example", {key} = "{value}" }}]'
    ((path, message),) = complaints(tmp_path, SENDER, SMTP, lines)
    assert f"series[0].mail.lists[0].{key}" == path
    assert says in message
