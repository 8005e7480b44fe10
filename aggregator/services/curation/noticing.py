"""Silent edits: what a source changes in a release after readers or editors have it.

An item is watched from the revision on that stood there when it was first picked into an issue or
published on the site. Its later revisions are compared one with the next before they are curated, so
that what changed is told of the story that was published. Everything is made of stored revisions and
noted in one transaction with how far it has been looked: after a crash nothing is missing or double.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from aggregator.curate.copies.source_changes import changes_between, mint_change_id
from aggregator.domain.changes import NoticedItem, SourceChange, Unnoticed
from aggregator.domain.feeds import DESK_FEED_ID
from aggregator.domain.items import Revision
from aggregator.domain.publishing import PlacedStory
from aggregator.observe import get_logger
from aggregator.ports.noticing import ChangeStore

log = get_logger(__name__)

NOTED_TOGETHER = 50
"""Items that are written in one transaction."""


def notice_changes(store: ChangeStore, item_ids: Collection[int] | None = None) -> int:
    """Compare what watched items say by now with what they said, and keep what changed; how many
    changes were kept. ``item_ids``: of these, else of those that wait to be curated. Idempotent."""
    due = store.unnoticed(item_ids)
    kept = 0
    for start in range(0, len(due), NOTED_TOGETHER):
        noticed = [_notice(store, one) for one in due[start : start + NOTED_TOGETHER]]
        kept += store.save_noticed(noticed)
    if kept:
        log.info("source_changes_noticed", items=len(due), changes=kept)
    return kept


def watch_published(store: ChangeStore, stories: Iterable[PlacedStory]) -> None:
    """Watch what is about to be published, from the revisions on that are: whatever comes later is
    a change, also where the files cannot be written at once. All members of a story count, for each
    is named as a place where it stands."""
    shown = {member.id: member.rev for placed in stories for member in placed.story.members}
    if gone_on := store.watch(shown):
        notice_changes(store, gone_on)


def _notice(store: ChangeStore, due: Unnoticed) -> NoticedItem:
    revisions = store.revisions(due.item_id, due.looked)
    changes = []
    # What editors type in and mend is no source's.
    if due.feed_id != DESK_FEED_ID:
        changes = [
            change
            for old, new in pairwise(revisions)
            if (change := _change(due, old, new)) is not None
        ]
    return NoticedItem(
        item_id=due.item_id,
        before=due.looked,
        looked=max((one.rev for one in revisions), default=due.looked),
        changes=tuple(changes),
    )


def _change(due: Unnoticed, old: Revision, new: Revision) -> SourceChange | None:
    fields = changes_between(old, new)
    if not fields:
        return None
    return SourceChange(
        public_id=mint_change_id(due.feed_id, due.key, new.rev, new.seen_at.isoformat()),
        item_id=due.item_id,
        from_rev=old.rev,
        rev=new.rev,
        at=new.seen_at,
        story=due.story,
        title=new.title,
        link=new.link,
        fields=fields,
    )
