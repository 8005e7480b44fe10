"""In which of the named states a feed is: decided anew after each visit, the worst one counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.domain.health import Condition, Evidence, Health
from aggregator.domain.items import SEOUL, Item
from aggregator.domain.visits import Move, Rhythm
from aggregator.text.secrets import masked
from aggregator.watch.rhythm import expected

BY_ERROR: Mapping[str, Health] = {
    "blocked_address": Health.BLOCKED_ADDRESS,
    "connect_failed": Health.UNREACHABLE,
    "certificate": Health.CERTIFICATE,
    "refused": Health.REFUSED,
    "timeout": Health.SLOW,
    "too_large": Health.TOO_LARGE,
    "redirect_loop": Health.REDIRECT_LOOP,
    "bad_status": Health.HTTP_ERROR,
    "gone": Health.GONE,
    "throttled": Health.THROTTLED,
    "undecodable": Health.UNDECODABLE,
    "not_a_feed": Health.NOT_A_FEED,
    "html_page": Health.HTML,
    "empty_body": Health.EMPTY,
    "too_deep": Health.TOO_DEEP,
    "reader_killed": Health.READER_KILLED,
    "no_match": Health.NO_MATCH,
    "api_error": Health.API_ERROR,
}
"""The state that each error of a visit means."""

UNEXPLAINED = Health.NOT_A_FEED
"""The state for an error that has no words of its own."""

_WORST_FIRST = {health: place for place, health in enumerate(Health)}

STALE = timedelta(days=60)
"""A feed whose newest entry is older does not grow any more."""

_SURE_SILENCE = 7.0
"""Items that did not come, where silence is no accident: with so many expected, the chance that a
feed of this rhythm brings none is one in a thousand."""

_UNSURE_SHARE = 0.5
"""The share of entries with a date not to believe from which the dates of a feed are unsure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a document held: entries, how many of them have a date that cannot be believed (one that
    says nothing of a date has none), the newest day that can, and whether its entries came under other ids than before. ``whole``: all of it was read,
    not only what differed."""

    entries: int
    unsure: int = 0
    newest: date | None = None
    renumbered: bool = False
    whole: bool = True


def contents_of(items: Iterable[Item], *, renumbered: bool = False, whole: bool = True) -> Contents:
    """The figures of the items that a document became."""
    read = list(items)
    believed = [one.published for one in read if one.published and not one.published.clamped]
    return Contents(
        entries=len(read),
        unsure=sum(map(_is_unsure, read)),
        newest=max((when.day for when in believed), default=None),
        renumbered=renumbered,
        whole=whole,
    )


def _is_unsure(item: Item) -> bool:
    if item.published is not None:
        return item.published.clamped
    return any(item.raw.get(name, "").strip() for name in ("published", "updated"))


def after_failure(
    before: Condition, *, code: str, says: str, evidence: Evidence, now: datetime
) -> Condition:
    """The condition after a visit that failed with the error ``code``."""
    health = BY_ERROR.get(code, UNEXPLAINED)
    return replace(
        before, health=health, since=_since(before, health, now), says=says, evidence=evidence
    )


def after_success(
    before: Condition,
    *,
    move: Move | None,
    last_new_at: datetime | None,
    rhythm: Rhythm,
    evidence: Evidence,
    now: datetime,
    contents: Contents | None = None,
) -> Condition:
    """The condition after a visit that worked: ``move``, ``last_new_at`` and ``rhythm`` are those
    after it; ``contents`` is None where the document was the one of the last visit."""
    document = _of_document(before, contents)
    silence = _of_silence(before, last_new_at, rhythm, contents, now)
    found = [*_of_address(move), *silence]
    if document is not None:
        found.append(document)
    health, says = min(found, key=_badness, default=(Health.OK, ""))
    return Condition(
        health=health,
        since=_since(before, health, now),
        says=says,
        evidence=evidence,
        document=document[0] if document else None,
        document_says=document[1] if document else "",
    )


def _badness(found: tuple[Health, str]) -> int:
    return _WORST_FIRST[found[0]]


def _since(before: Condition, health: Health, now: datetime) -> datetime:
    return before.since if before.health is health and before.since else now


def _of_document(before: Condition, contents: Contents | None) -> tuple[Health, str] | None:
    """The state that the document is in: told by a whole one, else as it was. A part that was read
    because it is new or edited says nothing of the rest."""
    if contents is None or not contents.whole:
        is_empty_no_more = contents is not None and contents.entries > 0
        if before.document is None or (before.document is Health.EMPTY and is_empty_no_more):
            return None
        return before.document, before.document_says
    if contents.entries == 0:
        return Health.EMPTY, "the feed has no entries"
    if contents.renumbered:
        return (
            Health.IDS_CHANGED,
            "all entries came under other ids than before; they were known again",
        )
    if contents.unsure / contents.entries > _UNSURE_SHARE:
        return (
            Health.UNSURE_DATES,
            f"{contents.unsure} of {contents.entries} entries have a date that cannot be believed",
        )
    return None


def _of_address(move: Move | None) -> Iterator[tuple[Health, str]]:
    if move is not None:
        kept = "visits go there now" if move.kept else f"seen on {len(move.days)} of 3 days"
        yield Health.MOVED, f"it redirects for good to {masked(move.url)} ({kept})"


def _of_silence(
    before: Condition,
    since: datetime | None,
    rhythm: Rhythm,
    contents: Contents | None,
    now: datetime,
) -> Iterator[tuple[Health, str]]:
    today = now.astimezone(SEOUL).date()
    if contents is not None and contents.whole and contents.newest is not None:
        age = today - contents.newest
        if age > STALE:
            yield Health.QUIET, f"its newest entry is {age.days} days old ({contents.newest})"
            return
    if before.health is Health.QUIET and not _may_be_over(before, since, contents, today):
        yield Health.QUIET, before.says
        return
    if since is None:
        return
    silent = now - since
    if silent > STALE or expected(rhythm, since, now) >= _SURE_SILENCE:
        yield Health.QUIET, f"nothing new for {max(silent.days, 1)} days, longer than its rhythm"


def _may_be_over(
    before: Condition, last_new_at: datetime | None, contents: Contents | None, today: date
) -> bool:
    """Whether a silence may have ended: a whole document says so, a part by a recent entry, and
    without a document only what came since it began."""
    if contents is None:
        return bool(last_new_at and before.since and last_new_at > before.since)
    is_recent = contents.newest is not None and today - contents.newest <= STALE
    return contents.whole or is_recent


def may_have_lost(*, known_before: bool, entries: int, new: int) -> bool:
    """Whether a document that overlaps with nothing that was known may have let items pass between
    two visits: every one of its entries is new, although the feed had items before."""
    return known_before and entries > 0 and new == entries
