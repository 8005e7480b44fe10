"""The digest as it is sent: to a real mail server and a real webhook, once a day at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import cast

import pytest

from aggregator.domain.errors import NotifyError
from aggregator.domain.health import Condition, Health
from aggregator.domain.items import SEOUL
from aggregator.domain.notices import Mail, NotifyOptions
from aggregator.domain.visits import Chore, ChoreState, FeedState, Outcome
from aggregator.notify.mail import SmtpMailer
from aggregator.notify.webhook import Webhook
from aggregator.ports.notifying import Mailer
from aggregator.ports.storing import Store
from aggregator.services.desk import Desk
from aggregator.services.reports.digest import (
    CLAIMED_FOR,
    Delivery,
    preview_digest,
    remember_losses,
    send_digest,
    send_digest_if_due,
)
from aggregator.services.reports.digest_words import mail_of, subject_of
from aggregator.services.visits.leases import make_token
from tests.fixtures.hooks import Hook, hooked
from tests.fixtures.http import free_port
from tests.fixtures.mailbox import Box, serving
from tests.fixtures.posting import PostingFetcher
from tests.fixtures.records import make_visit

EIGHT = datetime(2024, 3, 5, 8, tzinfo=SEOUL)
START = EIGHT - timedelta(hours=12)
DAY = timedelta(days=1)
TO = ("kim@office.example",)


def fall(desk: Desk, health: Health, feed_id: str = "molit", **changes: object) -> None:
    """Let a feed be found in a state."""
    state = FeedState(
        feed_id=feed_id,
        last_try_at=START,
        condition=Condition(health=health, since=START, says=f"{feed_id} said so"),
        **changes,  # type: ignore[arg-type]
    )
    visit = make_visit(feed_id, START, outcome=Outcome.FAILED, health=health)
    desk.store.record_visit(state, visit)


class Office:
    """An operator with a mailbox and a webhook."""

    def __init__(self, desk: Desk, server: str, hook: Hook | None = None) -> None:
        self.desk = desk
        self.server = server
        self.hook = hook
        self.options = NotifyOptions(
            to=TO, sender="desk@news.example", smtp=server, webhook=hook.url if hook else ""
        )

    def tick(self, at: datetime, *, force: bool = False) -> tuple[Delivery, ...]:
        """One tick of the daemon."""
        poster = Webhook(PostingFetcher(), self.hook.url) if self.hook else None
        send = send_digest if force else send_digest_if_due
        return asyncio.run(send(self.desk, self.options, SmtpMailer(self.server), poster, at))


def test_a_digest_comes_at_its_hour(desk: Desk) -> None:
    """Not before, and not again at the next tick."""
    box = Box()
    fall(desk, Health.HTML)
    with serving(box) as server:
        office = Office(desk, server)
        for at in (START, EIGHT - timedelta(minutes=1)):
            assert () == office.tick(at)
        assert [""] == [delivery.error for delivery in office.tick(EIGHT)]
        assert () == office.tick(EIGHT + timedelta(minutes=1))

    ((_, _, message),) = box.mails
    assert "[desk] 1 feed ill" == message["Subject"]


def test_nothing_new_is_no_mail(desk: Desk) -> None:
    """However long a feed stays ill, it is told once; when it is well again, that is told."""
    box = Box()
    fall(desk, Health.HTML)
    with serving(box) as server:
        office = Office(desk, server)
        office.tick(START)
        for day in range(4):
            office.tick(EIGHT + day * DAY)
        fall(desk, Health.OK)
        office.tick(EIGHT + 4 * DAY)

    assert ["[desk] 1 feed ill", "[desk] 1 well again"] == [m["Subject"] for _, _, m in box.mails]


def test_at_most_one_a_day(desk: Desk) -> None:
    """What happens after the hour waits for the next day's."""
    box = Box()
    fall(desk, Health.HTML)
    with serving(box) as server:
        office = Office(desk, server)
        office.tick(START)
        office.tick(EIGHT)
        fall(desk, Health.SLOW, "msit")
        for hour in range(1, 24):
            assert () == office.tick(EIGHT + timedelta(hours=hour))
        assert 1 == len(office.tick(EIGHT + DAY))

    assert 2 == len(box.mails)


def test_the_mail_is_in_both_languages(desk: Desk) -> None:
    """With state, since when, what to do, and what was said."""
    fall(desk, Health.HTML)
    digest = preview_digest(desk, NotifyOptions(), EIGHT)
    assert digest is not None
    text = mail_of(
        digest, NotifyOptions(to=TO, sender="desk@news.example"), desk.catalogue, desk.bodies
    ).text

    for words in (
        "* 국토교통부 (molit): 웹 페이지가 옴, 2024.3.4 20:00부터",
        "  할 일: 며칠 지나도 그대로면",
        "* Ministry of Land (molit): page instead of feed, since 2024.3.4 20:00",
        "  What to do: If it stays for days",
        "  > molit said so",
    ):
        assert words in text


def test_the_same_digest_has_the_same_key(desk: Desk) -> None:
    """A mail that is sent twice by a crash in between can be known; another one has another."""
    options = NotifyOptions(to=TO, sender="desk@news.example")

    def key(at: datetime) -> str:
        digest = preview_digest(desk, options, at)
        assert digest is not None
        return mail_of(digest, options, desk.catalogue, desk.bodies).key

    fall(desk, Health.HTML)
    first = key(EIGHT)
    assert first == key(EIGHT + timedelta(minutes=5))
    fall(desk, Health.GONE, "msit")
    assert first != key(EIGHT)


def test_the_webhook_gets_json(desk: Desk) -> None:
    """The text for chat programs, and each change for others."""
    fall(desk, Health.GONE)
    with serving(Box()) as server, hooked() as hook:
        office = Office(desk, server, hook)
        office.tick(START)
        office.tick(EIGHT)

    ((_, posted),) = hook.got
    assert posted["text"].startswith("[desk] 1 feed ill\n")
    assert ("2024-03-05T08:00:00+09:00", 1) == (posted["at"], posted["ill"])
    (change,) = posted["changes"]
    assert ("molit", "ill", "gone", "ok") == tuple(
        change[name] for name in ("feed", "change", "health", "before")
    )


def test_a_failure_is_tried_again_within_the_hour_and_not_before(desk: Desk) -> None:
    """And then delivered, once."""
    box = Box(answer="451 later")
    fall(desk, Health.HTML)
    with serving(box) as server:
        office = Office(desk, server)
        office.tick(START)
        (failed,) = office.tick(EIGHT)
        assert "451 later" in failed.error
        assert () == office.tick(EIGHT + timedelta(minutes=59))
        box.answer = "250 fine"
        assert [""] == [d.error for d in office.tick(EIGHT + timedelta(hours=1))]
        assert () == office.tick(EIGHT + timedelta(hours=2))

    assert 2 == len(box.mails)


def test_one_way_that_fails_is_not_the_others_burden(desk: Desk) -> None:
    """The webhook is told once, though the mail is tried again and again."""
    fall(desk, Health.HTML)
    with hooked() as hook:
        office = Office(desk, f"smtp://127.0.0.1:{free_port()}", hook)
        office.tick(START)
        for hour in range(4):
            office.tick(EIGHT + timedelta(hours=hour))

    assert 1 == len(hook.got)


def test_it_can_be_sent_by_hand(desk: Desk) -> None:
    """Before its hour; the hour then has nothing to tell."""
    box = Box()
    fall(desk, Health.HTML)
    with serving(box) as server:
        office = Office(desk, server)
        assert [""] == [d.error for d in office.tick(START, force=True)]
        assert () == office.tick(EIGHT)

    assert 1 == len(box.mails)


def test_losses_are_told_once(desk: Desk) -> None:
    """Noted by whoever sees them, kept until the next digest, then forgotten."""
    box = Box()
    with serving(box) as server:
        office = Office(desk, server)
        office.tick(START)
        remember_losses(desk, ["molit"], START + timedelta(hours=1))
        office.tick(EIGHT)
        office.tick(EIGHT + DAY)

    assert ["[desk] 1 may have lost items"] == [m["Subject"] for _, _, m in box.mails]
    assert {} == desk.store.chores()[Chore.DIGEST].note["maybe_lost"]


def test_nobody_to_tell_is_nothing_to_do(desk: Desk) -> None:
    """Nothing is noted either, so that whoever is named later hears everything."""
    fall(desk, Health.HTML)
    assert () == asyncio.run(send_digest_if_due(desk, NotifyOptions(), None, None, EIGHT))
    assert {} == desk.store.chores()[Chore.DIGEST].note


@pytest.mark.parametrize(("hour", "day"), [(7, 5), (8, 6), (9, 6)])
def test_the_next_hour_is_one_of_seoul(desk: Desk, hour: int, day: int) -> None:
    """Today's while it is to come, else tomorrow's."""
    options = NotifyOptions(
        to=TO, sender="desk@news.example", smtp="smtp://127.0.0.1:9", at=time(8)
    )
    now = datetime(2024, 3, 5, hour, tzinfo=SEOUL)
    asyncio.run(send_digest_if_due(desk, options, SmtpMailer(options.smtp), None, now))

    assert datetime(2024, 3, day, 8, tzinfo=SEOUL) == desk.store.chores()[Chore.DIGEST].due_at


def test_a_subject_counts(desk: Desk) -> None:
    """Several feeds, each kind once."""
    fall(desk, Health.HTML)
    fall(desk, Health.GONE, "msit")
    remember_losses(desk, ["seoul"], START)
    digest = preview_digest(desk, NotifyOptions(), EIGHT)
    assert digest is not None
    assert "[desk] 2 feeds ill, 1 may have lost items" == subject_of(digest, desk.catalogue)


def test_what_a_server_said_stays_on_its_line(desk: Desk) -> None:
    """It cannot write lines of the mail."""
    state = FeedState(
        feed_id="molit",
        last_try_at=START,
        condition=Condition(health=Health.HTML, since=START, says="x\r\nBcc: all@x.example\n\n* y"),
    )
    desk.store.record_visit(state, make_visit("molit", START, outcome=Outcome.FAILED))
    digest = preview_digest(desk, NotifyOptions(), EIGHT)
    assert digest is not None
    mail = mail_of(digest, NotifyOptions(sender="desk@x.example"), desk.catalogue, desk.bodies)
    assert "  > x Bcc: all@x.example * y" in mail.text.splitlines()


def test_a_loss_that_is_noted_while_a_mail_is_sent_is_told_next(desk: Desk) -> None:
    """Though it happened before the mail went out."""
    options = NotifyOptions(to=TO, sender="desk@news.example", smtp="smtp://127.0.0.1:9")
    subjects: list[str] = []

    class Slow:
        def send(self, mail: Mail) -> None:
            subjects.append(mail.subject)
            if len(subjects) == 1:
                remember_losses(desk, ["msit"], START)

    fall(desk, Health.HTML)
    for at in (EIGHT, EIGHT + DAY, EIGHT + 2 * DAY):
        asyncio.run(send_digest(desk, options, Slow(), None, at))

    assert ["[desk] 1 feed ill", "[desk] 1 may have lost items"] == subjects


# --- two processes ------------------------------------------------------------------------------

MAIL = NotifyOptions(to=TO, sender="desk@news.example", smtp="smtp://127.0.0.1:9")


@dataclass
class Crossing:
    """A mailer during whose first sending somebody else is at work."""

    meanwhile: Callable[[], object]
    subjects: list[str] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.subjects.append(mail.subject)
        if len(self.subjects) == 1:
            self.meanwhile()


def told(
    desk: Desk, mailer: Mailer, at: datetime = EIGHT, *, force: bool = False
) -> tuple[Delivery, ...]:
    send = send_digest if force else send_digest_if_due
    return asyncio.run(send(desk, MAIL, mailer, None, at))


def test_two_that_tell_at_once_tell_once(desk: Desk) -> None:
    """While a mail is on its way the other process finds nothing to do."""
    fall(desk, Health.HTML)
    others: list[object] = []
    mailer = Crossing(lambda: others.append(told(desk, mailer)))
    told(desk, mailer, START)

    assert 1 == len(told(desk, mailer))
    assert ([()], ["[desk] 1 feed ill"]) == (others, mailer.subjects)
    assert () == told(desk, mailer)


def test_a_digest_by_hand_says_that_another_is_on_its_way(desk: Desk) -> None:
    """It is not sent twice, and not passed over in silence."""
    fall(desk, Health.HTML)

    def by_hand() -> None:
        with pytest.raises(NotifyError, match="another process is sending the digest just now"):
            told(desk, mailer, force=True)

    mailer = Crossing(by_hand)
    assert [""] == [one.error for one in told(desk, mailer, force=True)]
    assert ["[desk] 1 feed ill"] == mailer.subjects


def test_what_was_told_since_the_hour_was_read_is_not_told_again(desk: Desk) -> None:
    """The note that decides is the one that is read with the claim."""
    fall(desk, Health.HTML)
    mailer = Crossing(lambda: None)
    told(desk, mailer, START)

    class Late:
        """The store, slow: before its first answer arrives another process has told."""

        def __getattr__(self, name: str) -> object:
            return getattr(desk.store, name)

        def chores(self) -> Mapping[Chore, ChoreState]:
            states = desk.store.chores()
            told(desk, mailer)
            return states

    assert () == told(replace(desk, store=cast("Store", Late())), mailer)
    assert ["[desk] 1 feed ill"] == mailer.subjects


def test_what_a_process_that_died_had_claimed_is_told(desk: Desk) -> None:
    """A crash before the mail went out keeps nobody from telling."""
    fall(desk, Health.HTML)
    mailer = Crossing(lambda: None)
    told(desk, mailer, START)
    host, pid, _, rest = make_token().split("/")
    for token, count in ((f"elsewhere/{pid}/1/{rest}", 0), (f"{host}/{pid}/1/{rest}", 1)):
        store = desk.store
        store.claim_chore(Chore.DIGEST, now=EIGHT, until=EIGHT + CLAIMED_FOR, token=token)
        assert count == len(told(desk, mailer))
        store.release_chore(Chore.DIGEST, token)


def test_a_fault_while_telling_gives_the_chore_back(desk: Desk) -> None:
    """The next tick tries again, and does not wait for the claim to run out."""
    fall(desk, Health.HTML)

    def fail() -> None:
        raise ZeroDivisionError

    mailer = Crossing(fail)
    told(desk, mailer, START)
    with pytest.raises(ZeroDivisionError):
        told(desk, mailer)
    assert [""] == [one.error for one in told(desk, mailer)]
