"""Issues by mail: each once, whatever the server says and whoever dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.catalogue import Catalogue, print_minute
from aggregator.cli.mailing import _said
from aggregator.domain.errors import IllegalTransition, NotFound, StoreBusy, UsageError
from aggregator.domain.mailing import (
    Answer,
    Delivery,
    DeliveryKind,
    DeliveryState,
    MailingList,
    MailOptions,
    Outcome,
)
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.snapshot import thaw
from aggregator.notify.mail import SmtpMailer
from aggregator.publish.mail.letters import IssueLetters
from aggregator.publish.pictures import PictureFolder
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.publishing.mailing import (
    LEASE,
    MOST_ATTEMPTS,
    Postman,
    _Claim,
    pause_after,
    settle,
    wanted_deliveries,
)
from aggregator.services.publishing.publish import publish_issue
from aggregator.store.schema import open_store
from tests.fixtures.desk import (
    ISSUE_DAY,
    bring,
    make_desk,
    make_press,
    make_series,
    release,
    set_clock,
)
from tests.fixtures.mailbox import Box, serving

LISTS = (
    MailingList(language="ko", to="news@lists.example", id="news.lists.example"),
    MailingList(language="en", to="news-en@lists.example"),
)
MAIL = MailOptions(sender="desk@news.example", lists=LISTS[:1])
SENT, PENDING, FAILED = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.FAILED


def desk_with(folder: Path, mail: MailOptions) -> Desk:
    """A desk with a published No. 48 of one item."""
    desk = make_desk(folder, series=make_series(mail=mail))
    bring(desk, release("molit", "a"))
    open_draft(desk)
    publish_issue(desk, make_press(folder), number=48)
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """No. 48, queued for the Korean list."""
    made = desk_with(tmp_path, MAIL)
    yield made
    made.store.close()


def postman(desk: Desk, server: str | None) -> Postman:
    return Postman(
        desk=desk,
        maker=IssueLetters(
            series=desk.series,
            options=desk.options,
            catalogue=Catalogue.load(),
            pictures=PictureFolder(Path("nowhere")),
        ),
        carrier=SmtpMailer(server, timeout=2) if server else None,
    )


def kept(desk: Desk) -> list[tuple[str, DeliveryState, int]]:
    return [(one.language, one.state, one.attempts) for one in desk.store.deliveries("smart-city")]


def later(desk: Desk, wait: timedelta) -> None:
    set_clock(desk, desk.clock.now() + wait)


def printed(desk: Desk) -> PrintedIssue:
    found = [thaw(issue) for issue in desk.store.issues("smart-city")]
    return next(one for one in found if one is not None)


def test_publishing_queues_a_mail_for_each_list(tmp_path: Path) -> None:
    """With the issue itself; publishing again queues nothing more."""
    desk = desk_with(tmp_path, replace(MAIL, lists=LISTS))
    publish_issue(desk, make_press(tmp_path), number=48)

    assert [("ko", PENDING, 0), ("en", PENDING, 0)] == kept(desk)
    desk.store.close()


def test_without_lists_nothing_is_queued(tmp_path: Path) -> None:
    """Nor for a language that the series does not have."""
    desk = desk_with(tmp_path, MailOptions(sender="desk@news.example"))

    assert [] == kept(desk)
    assert () == wanted_deliveries(make_series(mail=MAIL, languages=("en",)))
    desk.store.close()


def test_a_mail_goes_to_its_list_once(desk: Desk) -> None:
    """The whole of it, under the sender's and the list's address."""
    box = Box()
    with serving(box) as server:
        (sent,) = postman(desk, server).send_due()
        assert [] == postman(desk, server).send_due()
        later(desk, timedelta(days=30))
        assert [] == postman(desk, server).send_due()

    ((sender, to, message),) = box.mails
    assert ("desk@news.example", ["news@lists.example"]) == (sender, to)
    assert "스마트시티 뉴스레터 No. 48 (2024.3.4)" == message["Subject"]
    assert "<smart-city.48.ko@news.example>" == message["Message-ID"] == sent.message_id
    assert [("ko", SENT, 1)] == kept(desk)
    text = message.get_body(("plain",))
    assert text is not None
    assert "a 스마트시티" in text.get_content()


def test_a_mail_that_is_not_taken_now_waits(desk: Desk) -> None:
    """Longer each time; what the server said is kept."""
    box = Box(answer="451 come back later")
    with serving(box) as server:
        postman(desk, server).send_due()
        assert [] == postman(desk, server).send_due()
        (waits,) = desk.store.deliveries("smart-city")
        assert ("451 come back later", ISSUE_DAY + pause_after(1)) == (
            waits.error,
            waits.next_try_at,
        )
        later(desk, pause_after(1))
        box.answer = "250 fine"
        postman(desk, server).send_due()

    assert [("ko", SENT, 2)] == kept(desk)


@pytest.mark.parametrize(
    "box",
    [Box(answer="554 no thanks"), Box(refuse={"news@lists.example"})],
    ids=["content", "recipient"],
)
def test_a_mail_that_is_refused_is_given_up(desk: Desk, box: Box) -> None:
    """Nobody knocks again."""
    with serving(box) as server:
        postman(desk, server).send_due()
        later(desk, timedelta(days=2))
        assert [] == postman(desk, server).send_due()

    assert [("ko", FAILED, 1)] == kept(desk)


def test_a_server_that_is_away_is_no_refusal(desk: Desk) -> None:
    """Nor is one that does not let us in."""
    box = Box()
    with serving(box) as server:
        pass
    (waits,) = postman(desk, server).send_due()
    assert (PENDING, True) == (waits.state, "refused" in waits.error)

    later(desk, pause_after(1))
    with serving(box) as server:
        carrier = SmtpMailer(server, user="kim", password="wrong")
        (waits,) = replace(postman(desk, server), carrier=carrier).send_due()
    assert (PENDING, "user or password is wrong (535)") == (waits.state, waits.error)


def test_after_a_day_it_is_given_up(desk: Desk) -> None:
    """With the last reason."""
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert timedelta(hours=20) < sum(pauses, timedelta()) < timedelta(hours=28)
    assert sorted(pauses) == pauses
    (claimed,) = desk.store.deliveries("smart-city")

    last = replace(claimed, attempts=MOST_ATTEMPTS)
    answer = Answer(outcome=Outcome.LATER, reason="451 busy")
    settled = settle(last, answer, "", ISSUE_DAY)
    assert (FAILED, "451 busy") == (settled.state, settled.error)


class Died(Exception):
    """The process is gone."""


def test_a_crash_before_settling_sends_a_known_copy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody touches the mail while the lease holds; then it goes again under the same id."""
    box = Box()

    def die(*_: object, **__: object) -> bool:
        raise Died

    with serving(box) as server:
        with monkeypatch.context() as patch:
            patch.setattr(desk.store, "settle_delivery", die)
            with pytest.raises(Died):
                postman(desk, server).send_due()
        later(desk, LEASE - timedelta(seconds=1))
        assert [] == postman(desk, server).send_due()
        assert 1 == len(box.mails)
        later(desk, timedelta(seconds=1))
        postman(desk, server).send_due()

    ids = [message["Message-ID"] for _, _, message in box.mails]
    assert ["<smart-city.48.ko@news.example>"] * 2 == ids
    assert [("ko", SENT, 2)] == kept(desk)


def test_a_busy_store_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server said is written down as soon as it can be."""
    settle_delivery, calls = desk.store.settle_delivery, []

    def busy_once(delivery: Delivery, token: str, **more: Any) -> bool:  # noqa: ANN401 - the port's
        calls.append(token)
        if len(calls) == 1:
            raise StoreBusy("locked")
        return settle_delivery(delivery, token, **more)

    monkeypatch.setattr(desk.store, "settle_delivery", busy_once)
    with serving(Box()) as server:
        postman(desk, server).send_due()

    assert ([("ko", SENT, 1)], 2) == (kept(desk), len(calls))


def test_two_at_once_send_one(desk: Desk, tmp_path: Path) -> None:
    """Whoever claims first; each has a connection of its own."""
    box, start = Box(), threading.Barrier(4)
    stores = [open_store(f"sqlite:///{tmp_path / 'desk.db'}") for _ in range(4)]

    def send(store: object, server: str) -> None:
        mine = postman(replace(desk, store=store), server)  # type: ignore[arg-type]
        start.wait()
        mine.send_due()

    with serving(box) as server:
        threads = [threading.Thread(target=send, args=(store, server)) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for store in stores:
        store.close()

    assert 1 == len(box.mails)
    assert [("ko", SENT, 1)] == kept(desk)


def test_who_lost_the_lease_writes_nothing(desk: Desk) -> None:
    """The other one's word stands."""
    now = desk.clock.now()
    first = desk.store.claim_delivery("smart-city", now=now, until=now, token="one")
    second = desk.store.claim_delivery("smart-city", now=now, until=now + LEASE, token="two")
    assert first is not None
    assert second is not None

    taken = Answer(outcome=Outcome.TAKEN)
    assert not desk.store.settle_delivery(settle(first, taken, "<x>", now), "one")
    assert desk.store.settle_delivery(settle(second, taken, "<x>", now), "two")
    assert [("ko", SENT, 2)] == kept(desk)


def test_only_what_was_queued_before_the_site_was_made_goes(desk: Desk) -> None:
    """Its links must lead somewhere."""
    with serving(Box()) as server:
        before = ISSUE_DAY - timedelta(seconds=1)
        assert [] == postman(desk, server).send_due(queued_before=before)
        assert 1 == len(postman(desk, server).send_due(queued_before=ISSUE_DAY))


def test_a_mended_address_gets_what_was_not_sent(desk: Desk) -> None:
    """Given up under the old one, it goes to the one that is configured now."""
    box = Box(refuse={"news@lists.example"})
    with serving(box) as server:
        postman(desk, server).send_due()
        assert [("ko", FAILED, 1)] == kept(desk)
        (old,) = desk.series.mail.lists
        mail = replace(desk.series.mail, lists=(replace(old, to="letters@lists.example"),))
        mended = replace(desk, series=replace(desk.series, mail=mail))
        postman(mended, server).send_issue(48)

    assert [["letters@lists.example"]] == [to for _, to, _ in box.mails]
    (sent,) = desk.store.deliveries("smart-city")
    assert (SENT, "letters@lists.example") == (sent.state, sent.address)


def test_a_mail_whose_senders_die_is_given_up(desk: Desk) -> None:
    """After as many claims as there are attempts, although none was ever settled."""
    now = desk.clock.now()
    claims = [
        desk.store.claim_delivery("smart-city", now=now, until=now, token="t", most=3)
        for _ in range(4)
    ]
    assert [True, True, True, False] == [one is not None for one in claims]
    (given_up,) = desk.store.deliveries("smart-city")
    assert (FAILED, now) == (given_up.state, given_up.settled_at)
    assert "3 times" in given_up.error


class Interrupted(BaseException):
    """Ctrl-C, or a signal."""


def test_who_is_interrupted_gives_the_mail_back(desk: Desk) -> None:
    """It is due at once, and says why."""

    class Silent:
        def hand_over(self, _: object) -> Answer:
            raise Interrupted

    mine = replace(postman(desk, None), carrier=Silent())
    with pytest.raises(Interrupted):
        mine.send_due()

    (mail,) = desk.store.deliveries("smart-city")
    assert (PENDING, desk.clock.now()) == (mail.state, mail.next_try_at)
    assert "stopped while it was being sent" == mail.error


def test_without_a_server_nothing_is_claimed(desk: Desk) -> None:
    """It waits until there is one."""
    assert [] == postman(desk, None).send_due()
    assert [("ko", PENDING, 0)] == kept(desk)
    with pytest.raises(UsageError, match="no mail server"):
        postman(desk, None).send_issue(48)


def test_by_hand_what_was_given_up_goes_again(desk: Desk) -> None:
    """But nothing that was sent; a list that came later gets its mail, too."""
    box = Box(answer="554 no thanks")
    with serving(box) as server:
        postman(desk, server).send_due()
        box.answer = "250 fine"
        more = replace(desk, series=replace(desk.series, mail=replace(MAIL, lists=LISTS)))
        sent = postman(more, server).send_issue(48)
        assert [("ko", SENT), ("en", SENT)] == [(one.language, one.state) for one in sent]
        assert [] == postman(more, server).send_issue(48)

    assert [("ko", SENT, 1), ("en", SENT, 1)] == kept(desk)


def test_only_a_published_issue_is_sent(desk: Desk) -> None:
    """And only to lists."""
    mine = postman(desk, "smtp://127.0.0.1:1")
    with pytest.raises(IllegalTransition, match=r"no published No\. 49"):
        mine.send_issue(49)
    alone = replace(desk, series=replace(desk.series, mail=MailOptions()))
    with pytest.raises(UsageError, match="no list is configured"):
        replace(mine, desk=alone).send_issue(48)


def test_a_test_goes_to_one_address_and_leaves_no_trace(desk: Desk) -> None:
    """The list still gets its mail."""
    box = Box()
    with serving(box) as server:
        mine = postman(desk, server)
        answers = mine.send_test(printed(desk), ["ko", "en"], "kim@office.example")
        assert [Answer(outcome=Outcome.TAKEN)] * 2 == answers
        assert [("ko", PENDING, 0)] == kept(desk)
        mine.send_due()

    assert [["kim@office.example"]] * 2 + [["news@lists.example"]] == [to for _, to, _ in box.mails]
    subjects = [message["Subject"] for _, _, message in box.mails]
    assert "[시험 발송] 스마트시티 뉴스레터 No. 48 (2024.3.4)" == subjects[0]
    assert "[Test] Smart City Newsletter No. 48 (2024.3.4)" == subjects[1]
    with pytest.raises(NotFound, match="no edition in fr"):
        mine.send_test(printed(desk), ["fr"], "kim@office.example")


def test_an_edition_that_is_gone_waits_for_another_configuration(desk: Desk) -> None:
    """It is no fault of the mail."""
    made = Delivery(
        id=1,
        kind=DeliveryKind.ISSUE,
        issue_id=1,
        number=48,
        language="fr",
        address="x@y.example",
        state=DeliveryState.SENDING,
        queued_at=datetime(2024, 3, 4, tzinfo=ISSUE_DAY.tzinfo),
        next_try_at=ISSUE_DAY,
        attempts=1,
    )
    claim = _Claim(delivery=made, token="t")
    answer = postman(desk, None)._hand_over(SmtpMailer("smtp://127.0.0.1:1"), claim)
    assert (Outcome.LATER, "No. 48 has no edition in fr", "") == (
        answer.outcome,
        answer.reason,
        claim.message_id,
    )


def test_who_has_claimed_a_mail_is_said(desk: Desk) -> None:
    """Until when, and what happens if its sender died."""
    now = desk.clock.now()
    claimed = desk.store.claim_delivery("smart-city", now=now, until=now + LEASE, token="t")
    assert claimed is not None
    assert " (KST); goes again then if its sender died" in _said(claimed)
    assert print_minute(now + LEASE) in _said(claimed)
