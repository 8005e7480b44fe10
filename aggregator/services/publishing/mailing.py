"""Issues by mail: each edition once to its list, tried again for a day, never by two at once.

A mail is claimed with a lease, handed to the server, and settled by its answer. It goes a second time
only where that answer was lost: the connection broke behind the text, or the process died before it
could settle. The copy has the same Message-ID, so that lists and mail programs can know it as one.
What is corrected while a mail is under way is missing from it for good where it was taken, or where its
answer was lost; where the server did not take it, the next letter has it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.domain.errors import (
    IllegalTransition,
    NotFound,
    RenderError,
    StoreBusy,
    StoreError,
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
from aggregator.services.publishing.trying_again import doubled

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
    return doubled(FIRST_PAUSE, attempts, LONGEST_PAUSE)


@dataclass(slots=True, kw_only=True)
class _Claim:
    """A mail that is being sent: under which id, and with which corrections it was made; when that
    ``began`` by the performance counter, in seconds."""

    delivery: Delivery
    token: str
    message_id: str = ""
    corrections: tuple[str, ...] = ()
    began: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Sends mails. ``carrier`` None where no mail server is configured; once ``stopping`` is set no
    mail is begun."""

    desk: Desk
    maker: LetterMaker
    carrier: LetterCarrier | None
    stopping: threading.Event = field(default_factory=threading.Event)
    _claims: dict[str, _Claim] = field(default_factory=dict)

    def send_due(
        self, *, issue_id: int | None = None, queued_before: datetime | None = None
    ) -> list[Delivery]:
        """Send every mail that is due, of one issue or all, and say what became of each. Raises
        the errors of the store; without a server nothing is claimed."""
        done: list[Delivery] = []
        if self.carrier is None:
            return done
        store, series = self.desk.store, self.desk.series.id
        while not self.stopping.is_set():
            now, token = self.desk.clock.now(), secrets.token_hex(8)
            claimed = store.claim_delivery(
                series,
                now=now,
                until=now + LEASE,
                token=token,
                issue_id=issue_id,
                queued_before=queued_before,
                most=MOST_ATTEMPTS,
            )
            if claimed is None:
                break
            done.append(self._send(self.carrier, claimed, token))
        return done

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

    def give_back(self) -> None:
        """Let what is under way be sent again at once, by whoever comes next: this program ends. It may
        be out by then; the server's answer is heard no more. Raises the errors of the store."""
        self.stopping.set()
        for claim in list(self._claims.values()):
            stopped = Answer(
                outcome=Outcome.LATER, reason="stopped while it was being sent", is_lost=True
            )
            self._settle(claim, stopped, again_at=self.desk.clock.now())

    def _send(self, carrier: LetterCarrier, claimed: Delivery, token: str) -> Delivery:
        listed = self.desk.series.mail.list_for(claimed.language)
        # What was queued for an address that has been mended goes to where the list is now.
        address = listed.to if listed is not None else claimed.address
        claim = _Claim(delivery=replace(claimed, address=address), token=token)
        self._claims[token] = claim
        try:
            answer = self._hand_over(carrier, claim)
        except BaseException:
            with suppress(StoreError):
                self.give_back()
            raise
        finally:
            self._claims.pop(token, None)
        return self._settle(claim, answer)

    def _settle(
        self, claim: _Claim, answer: Answer, *, again_at: datetime | None = None
    ) -> Delivery:
        settled = settle(claim.delivery, answer, claim.message_id, self.desk.clock.now())
        if again_at is not None and settled.state is DeliveryState.PENDING:
            settled = replace(settled, next_try_at=again_at)
        log.info(
            "mail_handed_over",
            number=settled.number,
            language=settled.language,
            outcome=answer.outcome.value,
            attempts=settled.attempts,
            ms=round((time.perf_counter() - claim.began) * 1000),
            reason=answer.reason,
        )
        is_out = answer.outcome is Outcome.TAKEN or (answer.is_lost and claim.message_id)
        if not self._write(settled, claim.token, claim.corrections if is_out else None):
            log.warning("mail_lease_lost", number=settled.number, language=settled.language)
        return settled

    def _hand_over(self, carrier: LetterCarrier, claim: _Claim) -> Answer:
        """The server's answer. The claim knows then what the letter was made of."""
        claimed = claim.delivery
        try:
            issue = self._printed(claimed.issue_id)
            letter = self.maker.letter(
                as_mailed(issue, claimed.language, self.desk.catalogue),
                claimed.language,
                to=claimed.address,
            )
        except (NotFound, RenderError) as error:
            # Another configuration may have the language, or shorter texts.
            return Answer(outcome=Outcome.LATER, reason=str(error))
        claim.corrections = tuple(one.public_id for one in issue.corrections)
        claim.message_id = letter.message_id
        return carrier.hand_over(letter)

    def _write(self, settled: Delivery, token: str, out_with: Collection[str] | None) -> bool:
        for seconds in _SETTLED_AGAIN:
            try:
                return self.desk.store.settle_delivery(settled, token, out_with=out_with)
            except StoreBusy:
                time.sleep(seconds)
        return self.desk.store.settle_delivery(settled, token, out_with=out_with)

    def _printed(self, issue_id: int) -> PrintedIssue:
        for issue in self.desk.store.issues(self.desk.series.id):
            if issue.id == issue_id and (printed := printed_issue(self.desk, issue)) is not None:
                return printed
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
