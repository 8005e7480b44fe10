"""The daemon and the mails of issues."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from aggregator.bootstrap import App, open_app
from aggregator.daemon.tick import RunningDesk
from aggregator.domain.errors import StoreBusy
from aggregator.domain.issues import IssueStatus
from aggregator.domain.mailing import DeliveryState
from aggregator.domain.visits import Chore
from aggregator.services.editing.draft import draft_of
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.http import Answer, serve
from tests.fixtures.mailbox import Box, serving
from tests.fixtures.program import MARCH_4, RELEASE, opened, write_config
from tests.services.test_mail_faults import SILENCE, Server

LISTS = """[series.mail]
sender = "desk@news.example"
smtp = "{server}"
lists = [{{ to = "news@lists.example" }}]

[publish]
"""


def tick(app: App) -> None:
    """One tick of a desk that is opened for it."""
    app.sync()

    async def go() -> None:
        desk = RunningDesk.open(app)
        try:
            await desk.tick()
        finally:
            await desk.aclose()

    asyncio.run(go())


def test_a_mail_goes_when_the_site_has_its_issue(tmp_path: Path) -> None:
    """Not before the daemon made it anew, and once."""
    box = Box()
    with serve(Answer(body=RELEASE)) as office, serving(box) as server:
        file = write_config(tmp_path, office.port)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("[publish]\n", LISTS.format(server=server), 1), "utf-8")
        app = open_app(file, now=MARCH_4, environ={}, running=True)
        tick(app)
        number = draft_of(app.desk, None).number
        publish_issue(app.desk, app.press, number=number)
        tick(app)
        assert [] == box.mails

        app.housekeeper.ask_for(Chore.BUILD)
        tick(app)
        tick(app)
        app.close()

    ((sender, to, message),) = box.mails
    assert ("desk@news.example", ["news@lists.example"]) == (sender, to)
    assert f"No. {number} " in message["Subject"]


def test_a_mail_server_that_does_not_answer_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tick goes on after a while, and the desk ends without waiting for the server."""
    monkeypatch.setattr("aggregator.daemon.tick.PATIENCE", 0.2)
    monkeypatch.setattr(RunningDesk, "_send_mails", lambda _: threading.Event().wait(60))
    with serve(Answer(body=RELEASE)) as office, opened(tmp_path, office.port) as app:
        started = time.monotonic()
        tick(app)

    assert 30 > time.monotonic() - started


def test_a_desk_that_stops_gives_a_mail_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that says nothing to the text keeps it from nobody: it is due again at once."""
    silent = Server({".": SILENCE})
    with serve(Answer(body=RELEASE)) as office:
        file = write_config(tmp_path, office.port)
        text = file.read_text(encoding="utf-8")
        lists = LISTS.format(server=silent.address)
        file.write_text(text.replace("[publish]\n", lists, 1), "utf-8")
        app = open_app(file, now=MARCH_4, environ={}, running=True)
        tick(app)
        publish_issue(app.desk, app.press, number=draft_of(app.desk, None).number)
        app.housekeeper.ask_for(Chore.BUILD)
        monkeypatch.setattr("aggregator.daemon.tick.PATIENCE", 2)
        monkeypatch.setattr("aggregator.daemon.tick.LAST_MAIL", 0.2)
        tick(app)
        (mail,) = app.store.deliveries(app.config.series.id)
        app.close()
    silent.close()

    assert 1 == len(silent.letters)
    assert DeliveryState.PENDING is mail.state
    assert "stopped while it was being sent" == mail.error


def test_what_fails_in_mailing_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next tick tries again."""
    calls = []

    def fail(_: RunningDesk) -> None:
        calls.append(1)
        raise StoreBusy("locked")

    monkeypatch.setattr(RunningDesk, "_send_mails", fail)
    with serve(Answer(body=RELEASE)) as office, opened(tmp_path, office.port) as app:
        tick(app)
        tick(app)

    assert 2 == len(calls)


def test_an_issue_that_is_held_back_at_its_hour_is_told(tmp_path: Path) -> None:
    """Where the series is published unattended: by mail to the operator, and the draft stays one."""
    box = Box()
    with serve(Answer(body=RELEASE)) as office, serving(box) as server:
        file = write_config(tmp_path, office.port)
        text = file.read_text(encoding="utf-8")
        text = text.replace("first_number = 48", "first_number = 48\nunattended = true", 1)
        told = (
            f'[notify]\nto = ["kim@office.example"]\nsender = "d@news.example"\nsmtp = "{server}"\n'
        )
        file.write_text(text.replace("[publish]\n", f"{told}\n[publish]\n", 1), "utf-8")
        app = open_app(file, now=MARCH_4, environ={}, running=True)
        tick(app)
        issue = draft_of(app.desk, None).issue
        app.close()

    held = [message for _, _, message in box.mails if "is not published" in message["Subject"]]
    assert (1, IssueStatus.DRAFT) == (len(held), issue.status)
    assert "amber" in held[0].get_content()
