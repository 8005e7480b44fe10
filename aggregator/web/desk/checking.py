"""What the lint says of an issue, kept until something of it changes; and where each fault is mended."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar
from urllib.parse import quote, urlencode

from aggregator.bootstrap import App
from aggregator.domain.findings import Finding, Severity
from aggregator.issue.lint.publishing import IssueFacts, LinkAnswer, lint_issue
from aggregator.services.editing.draft import Draft
from aggregator.services.publishing.linting import ask_links, facts_of
from aggregator.web.doors.asked import Asked

KEPT = 8
"""Issues of which it is remembered what the lint said."""

_OF_TRANSLATIONS = frozenset({"untranslated", "fuzzy"})
_OF_MAILS = frozenset({"mail-large", "mail-cut"})

Made = TypeVar("Made")


class Kept:
    """What was made of an issue, as long as the issue is the same."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = Lock()

    def of(self, app: App, draft: Draft, what: str, make: Callable[[], Made]) -> Made:
        """What ``make`` made of the issue as it stands, under this configuration."""
        key = (what, *state_of(draft), app)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]  # type: ignore[return-value]
        made = make()
        self.put(app, draft, what, made)
        return made

    def put(self, app: App, draft: Draft, what: str, made: object) -> None:
        """Keep something of the issue as it stands in the place of what was made of it before."""
        with self._lock:
            self._made[what, *state_of(draft), app] = made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)


def state_of(draft: Draft) -> tuple[object, ...]:
    """What is another with every change of an issue: its version, and its stories' revisions."""
    revisions = tuple(
        (one.story.public_id, one.story.primary.id, one.story.primary.rev, one.pick.version)
        for one in draft.picked
    )
    return draft.issue.id, draft.issue.version, draft.number, revisions


class Checks:
    """Asks the lint; links only where somebody wants it: these may take minutes."""

    def __init__(self) -> None:
        self._kept = Kept()
        self._asking = Lock()

    def ask_links(self, app: App, draft: Draft) -> bool:
        """Ask whether each link of the issue answers; until the issue changes that is among what was
        found. False where somebody is asking already."""
        if not self._asking.acquire(blocking=False):
            return False
        try:
            facts = facts_of(app.desk, draft, mails=app.letters)
            facts = replace(facts, links=asyncio.run(_answers(app, facts)))
            self._kept.put(app, draft, "lint", lint_issue(facts))
            self._kept.put(app, draft, "asked", app.clock.now())
        finally:
            self._asking.release()
        return True

    def asked_at(self, app: App, draft: Draft) -> datetime | None:
        """When that was; None where nobody has asked since the issue changed."""

        def nobody() -> datetime | None:
            return None

        return self._kept.of(app, draft, "asked", nobody)

    def findings(self, app: App, draft: Draft) -> tuple[Finding, ...]:
        """What the gate before publishing would find."""

        def look() -> tuple[Finding, ...]:
            return lint_issue(facts_of(app.desk, draft, mails=app.letters))

        return self._kept.of(app, draft, "lint", look)


async def _answers(app: App, facts: IssueFacts) -> tuple[LinkAnswer, ...]:
    fetcher = app.new_remembering_fetcher()
    try:
        return await ask_links(fetcher, facts)
    finally:
        await fetcher.aclose()


def called(asked: Asked, language: str) -> str:
    """What the page's language calls a language; its tag where the catalogue does not know it."""
    key = f"language.called.{language}"
    return asked.text(key) if key in asked.app.desk.catalogue.texts else language


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding as pages show it. ``title`` names its kind, ``remedy`` says what to do, ``language`` is
    that of the text, "" for none; ``about`` is what it is about, in words, ``href`` the place where it
    is mended, "" where there is none."""

    title: str
    remedy: str
    language: str
    finding: Finding
    about: str
    href: str

    @property
    def is_red(self) -> bool:
        """Whether it blocks publishing."""
        return self.finding.severity is Severity.RED


def title_key(finding: Finding) -> str:
    """The catalogue's name of a kind of finding. Two kinds of faults are called ``day-missing``."""
    name = finding.code.replace("-", "_")
    is_item = name == "day_missing" and "/" not in finding.where
    return f"desk.lint.{'item_' if is_item else ''}{name}"


def kind_title(asked: Asked, finding: Finding) -> str:
    """What the page's language calls a kind of finding."""
    key = title_key(finding)
    return asked.text(key) if key in asked.app.desk.catalogue.texts else finding.code


def remedy_of(asked: Asked, finding: Finding) -> str:
    """What is to be done at the desk, in the page's language; most faults are of a text."""
    key = title_key(finding).replace("desk.lint.", "desk.lint.do.", 1)
    known = asked.app.desk.catalogue.texts
    return asked.text(key if key in known else "desk.lint.do.text")


def views_of(
    asked: Asked, findings: Sequence[Finding], draft: Draft, path_of: Callable[[str], str]
) -> list[FindingView]:
    """Findings with what they are about and the way to it. ``path_of`` gives the path of a page."""
    titles = {one.story.public_id: one.story.primary.item.title for one in draft.picked}
    sections = {
        one.id: one.titles.get(asked.language, one.id) for one in asked.app.desk.series.sections
    }
    names = {**sections, **titles}
    return [
        FindingView(
            title=kind_title(asked, one),
            remedy=remedy_of(asked, one),
            language=called(asked, one.language) if one.language else "",
            finding=one,
            about=names.get(one.where.partition("/")[0], ""),
            href=_place(one, draft, path_of, titles),
        )
        for one in findings
    ]


def _place(
    finding: Finding,
    draft: Draft,
    path_of: Callable[[str], str],
    titles: Mapping[str, str],
) -> str:
    story, _, field = finding.where.partition("/")
    if finding.code in _OF_TRANSLATIONS:
        return translation_address(path_of, draft.number, finding.language, left=True)
    if finding.code in _OF_MAILS:
        return path_of("draft")
    if field:
        return text_address(path_of, draft.number, story, field, finding.language)
    if story in titles:
        return item_address(path_of, story)
    inbox = path_of("inbox")
    return f"{inbox}?{urlencode({'section': story})}" if inbox and story else path_of("draft")


def translation_address(
    path_of: Callable[[str], str], number: int, language: str, *, left: bool = False
) -> str:
    """The page Translation for an issue and a language, with all texts or what is left of them."""
    query = {"number": str(number), "language": language, **({"left": "1"} if left else {})}
    return f"{path_of('translation')}?{urlencode(query)}"


def text_address(
    path_of: Callable[[str], str], number: int, story: str, field: str, language: str
) -> str:
    """A text on the page Translation."""
    return f"{translation_address(path_of, number, language)}#f-{quote(story)}-{field}-{language}"


def item_address(path_of: Callable[[str], str], story: str) -> str:
    """The page of an item, else its row in the draft, "" where neither page is there."""
    item, draft = path_of("item"), path_of("draft")
    if item:
        return item.replace("{story}", quote(story))
    return f"{draft}#item-{quote(story)}" if draft else ""
