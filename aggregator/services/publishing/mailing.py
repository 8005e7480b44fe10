"""Issues by mail: each edition once to its list, tried again for a day, never by two at once.

A mail is claimed with a lease, handed to the server, and settled by its answer. It goes a second time
only where that answer was lost: the connection broke behind the text, or the process died before it
could settle. The copy has the same Message-ID, so that lists and mail programs can know it as one.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.domain.errors import (
    IllegalTransition,
    NotFound,
    RenderError,
    StoreBusy,
    UsageError,
)
from aggregator.domain.issues import Series
from aggregator.domain.mailing import (
    Answer,
    Delivery,
    DeliveryState,
    NewDelivery,
    Outcome,
)
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import as_mailed
from aggregator.observe import get_logger
from aggregator.ports.mailing import LetterCarrier, LetterMaker
from aggregator.services.desk import Desk
from aggregator.services.publishing.printed import printed_issue

log = get_logger(__name__)

LEASE = timedelta(minutes=30)
"""For how long a claimed mail is nobody else's: longer than any conversation with a server."""

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10
"""A mail that is not taken is tried again after 5 minutes, then 10, 20 … at most 6 hours, a day
together; then it is given up."""

_SETTLED_AGAIN = (0.2, 1.0, 5.0)
"""Seconds between attempts to write down what the server said: unwritten it would go twice."""


def wanted_deliveries(series: Series) -> tuple[NewDelivery, ...]:
    """The mails of an issue: one for each list whose language the series has."""
    return tuple(
        NewDelivery(language=one.language, address=one.to)
        for one in series.mail.lists
        if one.language in series.languages
    )


def pause_after(attempts: int) -> timedelta:
    """How long a mail waits that was not taken for the ``attempts``-th time."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 16)
    return min(LONGEST_PAUSE, doubled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Sends mails. ``carrier`` None where no mail server is configured."""

    desk: Desk
    maker: LetterMaker
    carrier: LetterCarrier | None

    def send_due(
        self, *, issue_id: int | None = None, queued_before: datetime | None = None
    ) -> list[Delivery]:
        """Send every mail that is due, of one issue or all, and say what became of each. Raises
        the errors of the store; without a server nothing is claimed."""
        done: list[Delivery] = []
        if self.carrier is None:
            return done
        store, series = self.desk.store, self.desk.series.id
        while True:
            now, token = self.desk.clock.now(), secrets.token_hex(8)
            claimed = store.claim_delivery(
                series,
                now=now,
                until=now + LEASE,
                token=token,
                issue_id=issue_id,
                queued_before=queued_before,
            )
            if claimed is None:
                return done
            done.append(self._send(self.carrier, claimed, token))

    def send_issue(self, number: int) -> list[Delivery]:
        """Send what of a published issue has not been sent, also what was given up or was never
        queued. Raises IllegalTransition where no published issue has that number, and
        UsageError where no list or no server is configured."""
        wanted = wanted_deliveries(self.desk.series)
        if not wanted or self.carrier is None:
            missing = "list" if not wanted else "mail server"
            raise UsageError(f"no {missing} is configured: see [series.mail] in docs/config.md")
        issue_id = self._issue_id(number)
        self.desk.store.queue_deliveries(issue_id, wanted, self.desk.clock.now())
        return self.send_due(issue_id=issue_id)

    def send_test(self, issue: PrintedIssue, languages: Sequence[str], to: str) -> list[Answer]:
        """Send editions to one address, marked as a test. Nothing is kept of it, and nothing of it
        keeps the list from its mail. Raises NotFound without such an edition, RenderError, and
        UsageError where no server is configured."""
        if self.carrier is None:
            raise UsageError("no mail server is configured: see [series.mail] in docs/config.md")
        now = self.desk.clock.now()
        letters = [self.maker.letter(issue, one, to=to, test=now) for one in languages]
        return [self.carrier.hand_over(letter) for letter in letters]

    def _send(self, carrier: LetterCarrier, claimed: Delivery, token: str) -> Delivery:
        answer, ident = self._hand_over(carrier, claimed)
        settled = settle(claimed, answer, ident, self.desk.clock.now())
        log.info(
            "mail_handed_over",
            number=settled.number,
            language=settled.language,
            outcome=answer.outcome.value,
            attempts=settled.attempts,
        )
        if not self._write(settled, token):
            log.warning("mail_lease_lost", number=settled.number, language=settled.language)
        return settled

    def _hand_over(self, carrier: LetterCarrier, claimed: Delivery) -> tuple[Answer, str]:
        """The server's answer, and the Message-ID under which the letter went."""
        try:
            issue = self._printed(claimed.issue_id, claimed.language)
            letter = self.maker.letter(issue, claimed.language, to=claimed.address)
        except (NotFound, RenderError) as error:
            # Another configuration may have the language, or shorter texts.
            return Answer(outcome=Outcome.LATER, reason=str(error)), ""
        return carrier.hand_over(letter), letter.message_id

    def _write(self, settled: Delivery, token: str) -> bool:
        for seconds in _SETTLED_AGAIN:
            try:
                return self.desk.store.settle_delivery(settled, token)
            except StoreBusy:
                time.sleep(seconds)
        return self.desk.store.settle_delivery(settled, token)

    def _printed(self, issue_id: int, language: str) -> PrintedIssue:
        """The issue as its mail in a language has it."""
        for issue in self.desk.store.issues(self.desk.series.id):
            if issue.id == issue_id and (printed := printed_issue(self.desk, issue)) is not None:
                return as_mailed(printed, language, self.desk.catalogue)
        raise NotFound("the issue is not published any more")

    def _issue_id(self, number: int) -> int:
        for issue in self.desk.store.issues(self.desk.series.id):
            if issue.number == number:
                return issue.id
        raise IllegalTransition(f"there is no published No. {number}: publish it first")


def settle(claimed: Delivery, answer: Answer, message_id: str, now: datetime) -> Delivery:
    """What becomes of a claimed mail by the server's answer."""
    known = replace(
        claimed,
        message_id=message_id or claimed.message_id,
        error=answer.reason,
        lease_until=None,
        lease_token="",
    )
    if answer.outcome is Outcome.TAKEN:
        return replace(known, state=DeliveryState.SENT, settled_at=now)
    if answer.outcome is Outcome.REFUSED or claimed.attempts >= MOST_ATTEMPTS:
        return replace(known, state=DeliveryState.FAILED, settled_at=now)
    again = now + pause_after(claimed.attempts)
    return replace(known, state=DeliveryState.PENDING, next_try_at=again)
