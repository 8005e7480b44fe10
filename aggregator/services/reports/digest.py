"""The digest as a chore: at most once a day each way, only on changes, and delivered once.

What was last told is kept in the chore's note, for mail and webhook apart: where one of them cannot
be reached, the other is not told twice. Whoever tells claims the chore first and reads the note
after that, so that of two processes one tells and the other finds that it was told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from aggregator.domain.errors import NotifyError
from aggregator.domain.health import Health
from aggregator.domain.items import SEOUL
from aggregator.domain.notices import NotifyOptions
from aggregator.domain.visits import Chore, ChoreState, FeedState
from aggregator.observe import get_logger
from aggregator.ports.notifying import Mailer, Poster
from aggregator.services.desk import Desk
from aggregator.services.reports.digest_changes import Digest, Told, make_digest, now_told
from aggregator.services.reports.digest_words import mail_of, posting_of
from aggregator.services.visits.leases import is_dead, make_token

log = get_logger(__name__)

MAIL = "mail"
WEBHOOK = "webhook"
RETRY = timedelta(hours=1)
"""How long after a failure it is tried again."""

PATIENCE = 120.0
"""Seconds in which a mail must be handed over."""

CLAIMED_FOR = timedelta(minutes=10)
"""How long nobody else tells unless the chore is given back: longer than both ways together take."""

_LOST = "maybe_lost"
_WAYS = "ways"

Send = Callable[[Digest], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is known of one way of telling: what was last told, when, when it is due next,
    and which of the losses that are noted were told."""

    told: Mapping[str, Told]
    told_at: datetime | None = None
    due_at: datetime | None = None
    losses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How telling went one way. ``error`` is "" for a digest that was delivered."""

    way: str
    digest: Digest
    error: str = ""


def ways_of(options: NotifyOptions) -> tuple[str, ...]:
    """The ways that are configured."""
    found = ((MAIL, options.to), (WEBHOOK, options.webhook))
    return tuple(name for name, is_there in found if is_there)


def preview_digest(desk: Desk, options: NotifyOptions, now: datetime) -> Digest | None:
    """What would be told now, the first way that is configured; None for nothing. Where nobody is
    to be told it is everything that there is to tell."""
    note = desk.store.chores()[Chore.DIGEST].note
    way = _way_of(note, (ways_of(options) or (MAIL,))[0])
    return _digest(desk, way, note, desk.store.feed_states(), now)


async def send_digest_if_due(
    desk: Desk,
    options: NotifyOptions,
    mailer: Mailer | None,
    poster: Poster | None,
    now: datetime,
) -> tuple[Delivery, ...]:
    """Tell what changed, each way whose time has come, and note what was told. A way that is new
    is told first at the next ``options.at``. A failure is logged and tried again after RETRY.
    Nothing is told while another process tells.

    Raises nothing but the store's errors; then nothing was noted.
    """
    deliveries = await _tell(desk, options, mailer, poster, now, force=False) or ()
    for delivery in deliveries:
        if delivery.error:
            log.warning("digest_failed", way=delivery.way, error=delivery.error)
        else:
            log.info("digest_sent", way=delivery.way, changes=len(delivery.digest.notices))
    return deliveries


async def send_digest(
    desk: Desk,
    options: NotifyOptions,
    mailer: Mailer | None,
    poster: Poster | None,
    now: datetime,
) -> tuple[Delivery, ...]:
    """As ``send_digest_if_due``, but now, whether it is due or not.

    Raises NotifyError while another process tells.
    """
    deliveries = await _tell(desk, options, mailer, poster, now, force=True)
    if deliveries is None:
        raise NotifyError("another process is sending the digest just now")
    return deliveries


def remember_losses(desk: Desk, feed_ids: Collection[str], now: datetime) -> None:
    """Note that these feeds may have lost items before ``now``, for the next digest."""
    if not feed_ids:
        return
    lost = {feed_id: now.isoformat() for feed_id in feed_ids}
    desk.store.merge_note(Chore.DIGEST, {_LOST: lost})


async def _tell(
    desk: Desk,
    options: NotifyOptions,
    mailer: Mailer | None,
    poster: Poster | None,
    now: datetime,
    *,
    force: bool,
) -> tuple[Delivery, ...] | None:
    """Tell, having the chore to oneself; None where another process has it."""
    senders = _senders(desk, options, mailer, poster)
    if not senders:
        return ()
    state = (await asyncio.to_thread(desk.store.chores))[Chore.DIGEST]
    if not (force or any(_is_due(_way_of(state.note, name), now) for name in senders)):
        return ()
    token = make_token()
    claimed = await asyncio.to_thread(_claim, desk, state, token, now)
    if claimed is None:
        return None
    try:
        deliveries = await _tell_each(desk, options, senders, claimed.note, now, force=force)
    except Exception:
        await asyncio.to_thread(desk.store.release_chore, Chore.DIGEST, token)
        raise
    # Where this is cancelled the claim stays until it runs out or the process ends: a mail may
    # still be on its way.
    await asyncio.to_thread(desk.store.release_chore, Chore.DIGEST, token)
    return deliveries


def _claim(desk: Desk, state: ChoreState, token: str, now: datetime) -> ChoreState | None:
    """Claim the digest, also from a process that died; what the note says by then."""
    holder = _claimed_by(state.note)
    if holder and is_dead(holder):
        desk.store.release_chore(Chore.DIGEST, holder)
    return desk.store.claim_chore(Chore.DIGEST, now=now, until=now + CLAIMED_FOR, token=token)


def _claimed_by(note: Mapping[str, Any]) -> str:
    return str(note.get("claim", {}).get("token", ""))


def _is_due(way: Way, now: datetime) -> bool:
    """Whether there is something to do for a way; one that is new is only given its hour."""
    return way.due_at is None or way.due_at <= now


async def _tell_each(
    desk: Desk,
    options: NotifyOptions,
    senders: Mapping[str, Send],
    note: Mapping[str, Any],
    now: datetime,
    *,
    force: bool,
) -> tuple[Delivery, ...]:
    ways = {name: _way_of(note, name) for name in senders}
    due = [name for name, way in ways.items() if force or _is_due(way, now)]
    if not force:
        fresh = [name for name in due if ways[name].due_at is None]
        ways |= {name: replace(ways[name], due_at=_next(options.at, now)) for name in fresh}
        due = [name for name in due if name not in fresh]
        if fresh:
            await asyncio.to_thread(_save, desk, ways, _losses(note), now)
    deliveries = []
    states = await asyncio.to_thread(desk.store.feed_states) if due else {}
    for name in due:
        digest = _digest(desk, ways[name], note, states, now)
        error = await _deliver(senders[name], digest) if digest else ""
        if digest:
            deliveries.append(Delivery(way=name, digest=digest, error=error))
        failed = replace(ways[name], due_at=now + RETRY)
        ways[name] = failed if error else _told_way(desk, options, note, states, now)
        # Noted at once: what went out one way is not sent again because another way fails.
        await asyncio.to_thread(_save, desk, ways, _losses(note), now)
    return tuple(deliveries)


def _told_way(
    desk: Desk,
    options: NotifyOptions,
    note: Mapping[str, object],
    states: Mapping[str, FeedState],
    now: datetime,
) -> Way:
    """A way that was told everything."""
    return Way(
        told=now_told(desk.feeds, states),
        told_at=now,
        due_at=_next(options.at, now),
        losses=_losses(note),
    )


async def _deliver(send: Send, digest: Digest) -> str:
    """Send; what went wrong, "" for nothing."""
    try:
        await send(digest)
    except NotifyError as error:
        return str(error)
    return ""


def _senders(
    desk: Desk, options: NotifyOptions, mailer: Mailer | None, poster: Poster | None
) -> dict[str, Send]:
    async def mail(digest: Digest) -> None:
        assert mailer is not None  # noqa: S101 - it is asked for only where there is one
        letter = mail_of(digest, options, desk.catalogue, desk.bodies)
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.to_thread(mailer.send, letter)
        except TimeoutError:
            raise NotifyError("the mail server did not take the digest in time") from None

    async def post(digest: Digest) -> None:
        assert poster is not None  # noqa: S101 - the same
        await poster.post(posting_of(digest, desk.catalogue, desk.bodies))

    there = {MAIL: mailer is not None, WEBHOOK: poster is not None}
    known: dict[str, Send] = {MAIL: mail, WEBHOOK: post}
    return {name: known[name] for name in ways_of(options) if there[name]}


def _digest(
    desk: Desk,
    way: Way,
    note: Mapping[str, object],
    states: Mapping[str, FeedState],
    now: datetime,
) -> Digest | None:
    lost = [feed_id for feed_id, at in _losses(note).items() if way.losses.get(feed_id) != at]
    return make_digest(way.told, desk.feeds, states, now, maybe_lost=lost)


def _next(at: time, now: datetime) -> datetime:
    """The first time of day ``at`` in Asia/Seoul after ``now``."""
    local = now.astimezone(SEOUL)
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)).astimezone(now.tzinfo)


def _save(desk: Desk, ways: Mapping[str, Way], losses: Mapping[str, str], now: datetime) -> None:
    """Note what was told. Of the ``losses`` that were known those told every way go; what was noted
    meanwhile stays."""
    gone = {
        feed_id: at
        for feed_id, at in losses.items()
        if all(way.losses.get(feed_id) == at for way in ways.values())
    }
    desk.store.merge_note(
        Chore.DIGEST,
        {_WAYS: {name: _way_form(way) for name, way in ways.items()}},
        drop={_LOST: gone},
        due_at=min(way.due_at for way in ways.values() if way.due_at),
        done_at=now,
    )


def _way_form(way: Way) -> dict[str, object]:
    return {
        "told_at": way.told_at.isoformat() if way.told_at else None,
        "due_at": way.due_at.isoformat() if way.due_at else None,
        "losses": dict(way.losses),
        "told": {
            feed_id: {
                "health": told.health.value,
                "moved_to": told.moved_to,
                "unverified": told.unverified,
            }
            for feed_id, told in way.told.items()
        },
    }


def _way_of(note: Mapping[str, Any], name: str) -> Way:
    form = note.get(_WAYS, {}).get(name, {})
    return Way(
        told={feed_id: _told_of(one) for feed_id, one in form.get("told", {}).items()},
        told_at=_instant(form.get("told_at")),
        due_at=_instant(form.get("due_at")),
        losses=form.get("losses", {}),
    )


def _told_of(form: Mapping[str, Any]) -> Told:
    known = form["health"] in set(Health)
    return Told(
        # Another version of the program may have told of a state that this one does not know.
        health=Health(form["health"]) if known else Health.OK,
        moved_to=form["moved_to"],
        unverified=form["unverified"],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _losses(note: Mapping[str, Any]) -> dict[str, str]:
    return dict(note.get(_LOST, {}))
