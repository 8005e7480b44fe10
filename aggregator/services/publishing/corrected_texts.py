"""What a correction puts into each edition of an issue: checked, and in the words that are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import date, timedelta

from aggregator.catalogue import print_day
from aggregator.domain.bodies import Body
from aggregator.domain.corrections import CorrectedField, CorrectedText
from aggregator.domain.errors import IllegalTransition, UsageError
from aggregator.domain.issues import Issue, Phrase, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import EVENT_FIELDS, FIELDS_OF, is_withdrawn, split_byline, text_of
from aggregator.issue.regions import region_on
from aggregator.read.links.addresses import is_web
from aggregator.services.desk import Desk
from aggregator.text.public_url import public_url

LONGEST = 5000
"""Characters of a corrected text or a note."""

AT_MOST_BEFORE = timedelta(days=366)
"""How long before the window of an issue the day of an item may be."""

ANY = ""
"""The language of a value that is the same in every edition."""

SAME_EVERYWHERE = (CorrectedField.BODY, CorrectedField.DAY, CorrectedField.LINK)
"""What has one value for all editions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an editor wants put right: in issue ``number`` the item that ``item`` names. ``values``
    are the new texts by language, ``ANY`` for one that is not told by language; ``notes`` what
    readers are told, by language. ``accepted_by`` answers for what the lint finds amber."""

    number: int
    item: str
    field: CorrectedField
    by: str
    values: Mapping[str, str] = made(default_factory=dict)
    notes: Mapping[str, str] = made(default_factory=dict)
    accepted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A wish with what it is about; ``items`` are the printed item by edition, as read now."""

    desk: Desk
    wanted: Wanted
    issue: Issue
    printed: PrintedIssue
    items: Mapping[str, PrintedItem]
    issuer: Callable[[str], str | None]


def check_words(case: Case, story: str) -> None:
    """Raise UsageError for a wish without a name, in a language that the issue has not, or too long;
    and IllegalTransition for a withdrawal of what is withdrawn."""
    wanted, known = case.wanted, [edition.language for edition in case.printed.editions]
    if not wanted.by:
        raise UsageError("a correction needs a name: --by NAME says who answers for it")
    for language in (*wanted.values, *wanted.notes):
        if language != ANY and language not in known:
            raise UsageError(
                f"No. {wanted.number} has no edition in {language!r} (it has {', '.join(known)})"
            )
    for text in (*wanted.values.values(), *wanted.notes.values()):
        if len(text) > LONGEST:
            raise UsageError(f"a text has {len(text)} characters, at most {LONGEST} are taken")
    if not wanted.field.has_text:
        _check_word(case, story)


def _check_word(case: Case, story: str) -> None:
    """A note, a withdrawal, or the end of one: what changes no text."""
    wanted = case.wanted
    if wanted.values:
        raise UsageError(f"a correction of the kind {wanted.field} has no new text: leave it out")
    if not wanted.notes and wanted.field is not CorrectedField.RESTORED:
        raise UsageError("readers are to be told why: give a note (--note-ko, --note-en)")
    withdrawn = is_withdrawn(story, case.printed.corrections)
    if wanted.field is CorrectedField.WITHDRAWN and withdrawn:
        raise IllegalTransition(f"the item is withdrawn from No. {wanted.number} already")
    if wanted.field is CorrectedField.RESTORED and not withdrawn:
        raise IllegalTransition(f"the item is not withdrawn from No. {wanted.number}")


def texts_of(case: Case) -> dict[str, CorrectedText]:
    """What changes in each edition. Raises UsageError where nothing does."""
    name, values = case.wanted.field, _values(case)
    found: dict[str, CorrectedText] = {}
    known = False
    moved = _body(case, case.wanted.values[ANY]) if name is CorrectedField.BODY else None
    for edition, item in case.items.items():
        # The label of an event's line belongs to it.
        label = ""
        if name in EVENT_FIELDS:
            label = f"{case.desk.catalogue.text(f'issue.{name}', edition)}: "
        old = text_of(without_mark(case, edition, item), name, label=label)
        if old is None and name in EVENT_FIELDS:
            continue
        known = True
        new = _new(values, edition, old)
        was = old.text if old is not None else ""
        if new is not None and was != label + new.text:
            region = region_on(moved, _printed_on(case, item), case.desk.bodies, edition)
            found[edition] = CorrectedText(
                old=was,
                new=label + new.text,
                language=new.language,
                region=region.id,
                region_name=region.name,
                region_order=region.order,
            )
    if not known:
        raise UsageError(
            f"the item is printed without a line {name}: nothing can be put right in it"
        )
    if not found:
        said = "; ".join(f"{language or 'it'}: {text}" for language, text in values.items())
        raise UsageError(f"nothing would change: the {name} says so already ({said})")
    return found


def _printed_on(case: Case, item: PrintedItem) -> date:
    """The day that an item is printed with, the issue's where it has none."""
    day, _ = split_byline(item.byline)
    return date(*map(int, day.split("."))) if day else case.issue.issue_on


def without_mark(case: Case, edition: str, item: PrintedItem) -> PrintedItem:
    """The item without the mark that it is withdrawn."""
    if not is_withdrawn(item.story, case.printed.corrections):
        return item
    mark = case.desk.catalogue.text("correction.mark", edition)
    text = item.headline.text.removeprefix(f"{mark} ")
    return replace(item, headline=replace(item.headline, text=text))


def _new(values: Mapping[str, str], edition: str, old: Phrase | None) -> Phrase | None:
    """What an edition says from now on: the text in its language; else, where it prints one that
    was not translated, the text in that one's language."""
    if ANY in values:
        return Phrase(text=values[ANY], language=old.language if old is not None else "")
    if edition in values:
        return Phrase(text=values[edition], language=edition)
    if old is not None and old.language in values:
        return Phrase(text=values[old.language], language=old.language)
    return None


def _values(case: Case) -> dict[str, str]:
    """The new texts by language, as they are printed. Raises UsageError."""
    wanted = case.wanted
    name, shape = wanted.field, next(iter(case.items.values())).shape
    if name not in FIELDS_OF[shape]:
        has = ", ".join(FIELDS_OF[shape])
        raise UsageError(f"an item of the shape {shape} has no {name} (it has {has})")
    values = dict(wanted.values)
    if not values or not all(values.values()):
        raise UsageError(f"what is the {name} to be? give the new text (--value, --value-ko, …)")
    if name not in SAME_EVERYWHERE:
        first = case.printed.editions[0].language
        if ANY in values and first in values:
            raise UsageError(f"--value and --value-{first} are both the {first} text: give one")
        return {language or first: text for language, text in values.items()}
    if set(values) != {ANY}:
        raise UsageError(f"the {name} is the same in every edition: give it once, as --value")
    return _same_everywhere(case, name, values[ANY])


def _same_everywhere(case: Case, name: CorrectedField, value: str) -> dict[str, str]:
    if name is CorrectedField.DAY:
        return {ANY: _day(case.issue, value)}
    if name is CorrectedField.LINK:
        if not is_web(value):
            raise UsageError(f"a link must be an http or https address, not {value!r}")
        if not public_url(value):
            raise UsageError(
                f"readers cannot be sent to {value!r}: a link must lead to a host that is public,"
                " without a name and password before it"
            )
        return {ANY: value}
    body = _body(case, value)
    return {edition: body.print_name(edition) for edition in case.items}


def _body(case: Case, value: str) -> Body:
    bodies = case.desk.bodies
    found = bodies.get(value) or bodies.get(case.issuer(value) or "")
    if found is None:
        raise UsageError(
            f"no body is called {value!r}: give its id, its official name or an alias"
            " (bodies can be added as [[bodies]] in the configuration)"
        )
    return found


def _day(issue: Issue, value: str) -> str:
    """The day as it is printed. A late arrival may be from before the window, by a year at most."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"a day is written as 2024-02-27, not {value!r}") from None
    first = issue.window.start - AT_MOST_BEFORE
    if not first <= day <= issue.issue_on:
        raise UsageError(
            f"{value} cannot be the day of an item of this issue: give one from {first} to its own,"
            f" {issue.issue_on}"
        )
    return print_day(day)
