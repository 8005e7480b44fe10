"""Items that an editor types in, in any section's shape."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time

from aggregator.domain.errors import StoreError, UsageError
from aggregator.domain.feeds import DESK_FEED_ID
from aggregator.domain.issues import Section, Shape
from aggregator.domain.items import SEOUL, EventFacts, Item, Person, Precision, When
from aggregator.domain.stories import Story
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.read.links.addresses import canonical_url, is_web
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.edit import Edited, accept
from aggregator.services.intake.refresh_plan import plan_refresh
from aggregator.text.fold import squash
from aggregator.text.unseen import typed_line

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""The tags of RFC 5646 that a press item may have."""

_HASH_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What an editor typed; ``body`` is an id or any name of a body, "" where none issued it, days
    are local."""

    section: str
    title: str
    url: str = ""
    body: str = ""
    day: date | None = None
    blurb: str = ""
    authors: tuple[Person, ...] = ()
    thumbnail: str = ""
    event: EventFacts | None = None
    language: str = "ko"


def add_item(desk: Desk, curator: Curator, new: NewItem, *, position: int | None = None) -> Edited:
    """Store a typed item and accept its story into the working draft. Raises as ``keep_item``."""
    public_id = keep_item(desk, curator, new)
    return accept(desk, public_id, section=new.section, position=position)


def keep_item(desk: Desk, curator: Curator, new: NewItem) -> str:
    """Store a typed item; its story's public id.

    Typing the same section, title and link again changes the item and adds nothing. Raises
    UsageError when a field that the section's shape prints is missing or wrong; then nothing is
    stored.
    """
    new = _tidy(new)
    section = desk.series.section(new.section)
    if section is None:
        known = ", ".join(s.id for s in desk.series.sections)
        raise UsageError(f"there is no section {new.section!r} (one of {known})")
    _check_shape(section, new)
    item = _item(new, _body(desk, curator, new.body))
    now = desk.clock.now()
    known_items = desk.store.known_items(DESK_FEED_ID, [item.key])
    plan = plan_refresh(DESK_FEED_ID, known_items, [item], now)
    state = desk.store.feed_states().get(DESK_FEED_ID) or FeedState(feed_id=DESK_FEED_ID)
    visit = Visit(
        feed_id=DESK_FEED_ID,
        started_at=now,
        milliseconds=0,
        outcome=Outcome.FETCHED,
        new=len(plan.new),
        changed=len(plan.changed),
    )
    desk.store.apply_refresh(plan, replace(state, last_ok_at=now), visit)
    curator.curate()
    stored = desk.store.item_by_key(DESK_FEED_ID, item.key)
    if stored is None or stored.story_id is None:
        raise StoreError("the typed item is stored but in no story yet: add it again")
    return desk.store.public_ids([stored.story_id])[stored.story_id]


def section_typed_into(desk: Desk, story: Story) -> str | None:
    """Where an editor put what was typed in, in the last issue that has it; None where none has. What
    the rules say of it is of no matter."""
    picks = desk.store.picks_of_story(desk.series.id, story.id)
    return next((pick.section or None for _, pick in reversed(picks)), None)


def _tidy(new: NewItem) -> NewItem:
    """The item with every text on one line, without what XML forbids."""
    event = new.event
    return replace(
        new,
        title=typed_line(new.title),
        url=new.url.strip(),
        body=new.body.strip(),
        blurb=typed_line(new.blurb),
        authors=tuple(
            Person(name=typed_line(person.name), affiliation=typed_line(person.affiliation))
            for person in new.authors
        ),
        thumbnail=new.thumbnail.strip(),
        event=event
        and replace(
            event,
            name=typed_line(event.name),
            venues=tuple(venue for venue in map(typed_line, event.venues) if venue),
            subject=typed_line(event.subject),
            phone=typed_line(event.phone),
        ),
    )


def _body(desk: Desk, curator: Curator, name: str) -> str:
    if not name or name in desk.bodies:
        return name
    found = curator.issuer(name)
    if found is None:
        raise UsageError(
            f"no body is called {name!r}: give its id, its official name or an alias"
            " (bodies can be added as [[bodies]] in the configuration)"
        )
    return found


def _check_shape(section: Section, new: NewItem) -> None:
    if not new.title:
        raise UsageError("an item needs a title")
    if not _LANGUAGE.fullmatch(new.language):
        raise UsageError(f"--language wants a tag such as ko or en, not {new.language!r}")
    if not all(person.name for person in new.authors):
        raise UsageError('--author wants a name, as in "Hong Gil-dong (Hankuk University)"')
    for name, url in (("--url", new.url), ("--thumbnail", new.thumbnail)):
        if url and not is_web(url):
            raise UsageError(f"{name} must be an http or https address, not {url!r}")
    needed = {
        Shape.ARTICLE: (("--day", new.day), ("--url", new.url)),
        Shape.MEDIA: (("--day", new.day), ("--url", new.url)),
        Shape.PAPER: (("--author", new.authors), ("--blurb", new.blurb)),
        Shape.EVENT: (("--from", new.event),),
    }[section.shape]
    missing = [name for name, value in needed if not value]
    if missing:
        raise UsageError(
            f"an item of {section.id} (shape {section.shape}) needs {', '.join(missing)} too"
        )


def _item(new: NewItem, body: str) -> Item:
    identity = "\n".join((new.section, squash(new.title), canonical_url(new.url)))
    return Item(
        feed_id=DESK_FEED_ID,
        key="typed:" + hashlib.sha256(identity.encode()).hexdigest()[:24],
        guid="",
        link=new.url,
        canonical_url=canonical_url(new.url) if new.url else "",
        title=new.title,
        summary=new.blurb,
        content="",
        body=body,
        language=new.language,
        published=_when(new.day),
        authors=new.authors,
        thumbnail=new.thumbnail,
        event=new.event,
        hash=_hash(new, body),
    )


def _hash(new: NewItem, body: str) -> str:
    """What changes with anything that a reader can see: of canonical JSON, so that another version
    of the program comes to the same."""
    seen = asdict(new) | {"body": body, "version": _HASH_VERSION}
    del seen["section"]
    plain = json.dumps(
        seen, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a hash")


def _when(day: date | None) -> When | None:
    if day is None:
        return None
    return When(at=datetime.combine(day, time(), tzinfo=SEOUL), precision=Precision.DAY)
