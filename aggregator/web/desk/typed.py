"""What an editor types into the form of a new item, and what is wrong with it: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from aggregator.domain.issues import Section, Shape
from aggregator.domain.items import EventFacts, Person
from aggregator.read.items.people import parse_author
from aggregator.read.links.addresses import is_web
from aggregator.services.editing.typed_in import NewItem
from aggregator.services.trials.page_look import PageLook

FIELDS = {
    Shape.ARTICLE: ("title", "day", "body", "blurb"),
    Shape.MEDIA: ("title", "day", "body", "thumbnail"),
    Shape.PAPER: ("title", "authors", "blurb"),
    Shape.EVENT: ("title", "event_name", "starts", "ends", "venues", "subject", "phone"),
}
"""The fields of each shape beside the link, in the order of the form."""

NEEDED = {
    Shape.ARTICLE: ("url", "title", "day"),
    Shape.MEDIA: ("url", "title", "day"),
    Shape.PAPER: ("title", "authors", "blurb"),
    Shape.EVENT: ("title", "starts"),
}
LONG = frozenset({"blurb", "authors", "venues"})
"""Fields of several lines."""

DAYS = frozenset({"day", "starts", "ends"})
ADDRESSES = frozenset({"url", "thumbnail"})
LONGEST = 5000
"""Characters of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields as they were sent, by name; ``aside`` are those that other sections print, as somebody
    may have typed before he chose this one."""

    section: Section
    texts: Mapping[str, str]
    aside: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, section: Section, form: Mapping[str, str]) -> Typed:
        """What a form holds for this section."""
        names = ("url", "language", "position", *FIELDS[section.shape])
        others = {name for fields in FIELDS.values() for name in fields}.difference(names)
        return cls(
            section=section,
            texts={name: form.get(name, "").strip() for name in names},
            aside={name: text for name in sorted(others) if (text := form.get(name, "").strip())},
        )

    def text(self, name: str) -> str:
        """A field, "" where the shape has none of the name."""
        return self.texts.get(name, "")

    def filled(self, look: PageLook, name_of: Callable[[str], str]) -> Typed:
        """With what the page says in fields that are empty; ``name_of`` is a body's printed name."""
        item = look.item
        event = item.event
        said = {
            "title": item.title,
            "url": item.link,
            "day": item.published.day.isoformat() if item.published else "",
            "body": name_of(look.body) if look.body else "",
            "blurb": item.summary,
            "thumbnail": item.thumbnail,
            "authors": "\n".join(map(_author, item.authors)),
            "event_name": event.name if event else "",
            "starts": event.starts_on.isoformat() if event else "",
            "ends": event.ends_on.isoformat() if event else "",
            "venues": "\n".join(event.venues) if event else "",
            "language": item.language if item.language in {"ko", "en"} else "",
        }
        kept = {
            name: said.get(name, "") if name in {"url", "language"} or not text else text
            for name, text in self.texts.items()
        }
        texts = {name: text or self.text(name) for name, text in kept.items()}
        return replace(self, texts=texts)

    def problems(self, knows_body: Callable[[str], bool]) -> dict[str, str]:
        """What is wrong, as keys of the catalogue by field."""
        found = {name: "needed" for name in NEEDED[self.section.shape] if not self.text(name)}
        for name, text in self.texts.items():
            if len(text) > LONGEST:
                found[name] = "long"
            elif text and name in DAYS and _day(text) is None:
                found[name] = "no_day"
            elif text and name in ADDRESSES and not is_web(text):
                found[name] = "no_address"
        if self.text("body") and not knows_body(self.text("body")):
            found["body"] = "no_body"
        starts, ends = _day(self.text("starts")), _day(self.text("ends"))
        if starts and ends and ends < starts:
            found["ends"] = "ends_before"
        return {name: f"desk.add.problem.{what}" for name, what in found.items()}

    def item(self) -> NewItem:
        """The item, once there is no problem."""
        starts = _day(self.text("starts"))
        event = None
        if self.section.shape is Shape.EVENT and starts is not None:
            event = EventFacts(
                name=self.text("event_name") or self.text("title"),
                starts_on=starts,
                ends_on=_day(self.text("ends")) or starts,
                venues=tuple(_lines(self.text("venues"))),
                subject=self.text("subject"),
                phone=self.text("phone"),
            )
        return NewItem(
            section=self.section.id,
            title=self.text("title"),
            url=self.text("url"),
            body=self.text("body"),
            day=_day(self.text("day")),
            blurb=self.text("blurb"),
            authors=tuple(parse_author(line) for line in _lines(self.text("authors"))),
            thumbnail=self.text("thumbnail"),
            event=event,
            language=self.text("language") or "ko",
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _author(person: Person) -> str:
    return f"{person.name} ({person.affiliation})" if person.affiliation else person.name
