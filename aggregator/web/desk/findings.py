"""Findings of the lint as pages show them: in the page's language, with the way to where each is mended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from aggregator.domain.findings import Finding, Named, Severity
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked
from aggregator.issue.lint.sentences import sentences_of
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import Asked

_OF_TRANSLATIONS = frozenset({"untranslated", "fuzzy"})
_IN_INBOX = {"unconfirmed": "proposed", "set-aside": "aside"}
"""What is decided in the inbox, with the state by which it is found there."""
_OF_MAILS = frozenset({"mail-large", "mail-cut"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedItem:
    """An item by its headline, with that one's language and the way to it."""

    title: str
    language: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding as pages show it. ``title`` names its kind and ``language`` that of the text, "" for
    none; ``message`` says what is wrong and ``remedy`` what would be right, or, where the desk has a way of
    its own for it, what to do there; ``about`` is what it is about, in words, ``href`` the place where it
    is mended, "" where there is none; ``named`` are the items of a finding of the whole."""

    title: str
    language: str
    message: str
    remedy: str
    finding: Finding
    about: str = ""
    href: str = ""
    named: tuple[NamedItem, ...] = ()

    @property
    def is_red(self) -> bool:
        """Whether it blocks publishing."""
        return self.finding.severity is Severity.RED


def called(asked: Asked, language: str) -> str:
    """What the page's language calls a language; its tag where the catalogue does not know it."""
    key = f"language.called.{language}"
    return asked.text(key) if key in asked.app.desk.catalogue.texts else language


def title_key(finding: Finding) -> str:
    """The catalogue's name of a kind of finding. Two kinds of faults are called ``day-missing``."""
    name = finding.code.replace("-", "_")
    is_item = name == "day_missing" and "/" not in finding.where
    return f"desk.lint.{'item_' if is_item else ''}{name}"


def kinds_in(asked: Asked, codes: str) -> str:
    """``section-empty x3, fuzzy``, as the log keeps what somebody took on, in the page's language."""
    told = []
    for one in codes.split(", "):
        code, _, count = one.partition(" x")
        key = f"desk.lint.{code.replace('-', '_')}"
        name = asked.text(key) if key in asked.app.desk.catalogue.texts else code
        told.append(f"{name} ×{count}" if count else name)
    return ", ".join(told)


def view_of(
    asked: Asked,
    finding: Finding,
    *,
    about: str = "",
    href: str = "",
    named: tuple[NamedItem, ...] = (),
) -> FindingView:
    """A finding in the page's language."""
    desk = asked.app.desk
    message, remedy = sentences_of(
        finding, desk.catalogue, asked.language, name=lambda key, value: _name(asked, key, value)
    )
    key = title_key(finding)
    advice = key.replace("desk.lint.", "desk.lint.do.", 1)
    if advice in desk.catalogue.texts:
        values = {name: _name(asked, name, value) for name, value in finding.values}
        remedy = asked.text(advice, **values)
    return FindingView(
        title=asked.text(key),
        language=called(asked, finding.language) if finding.language else "",
        message=message,
        remedy=remedy,
        finding=finding,
        about=about,
        href=href,
        named=named,
    )


def _name(asked: Asked, key: str, value: object) -> object:
    """How the page calls a value of a sentence."""
    if key == "section":
        return section_title(asked.app.desk.series, str(value), asked.language)
    if isinstance(value, Named):
        known = value.text in asked.app.desk.catalogue.texts
        return asked.text(value.text).rstrip(".") if known else value.word
    return value


def views_of(
    asked: Asked,
    findings: Iterable[Finding],
    picked: Collection[Picked],
    number: int,
    path_of: Callable[[str], str],
) -> list[FindingView]:
    """Findings of the issue ``number`` with what they are about and the way to it. ``path_of`` gives the
    path of a page."""
    titles = {one.story.public_id: one.story.primary.item.title for one in picked}
    series = asked.app.desk.series
    names = {one.id: section_title(series, one.id, asked.language) for one in series.sections}
    names |= titles
    items = {one.story.public_id: named_item(one.story, path_of) for one in picked}
    return [
        view_of(
            asked,
            one,
            about=names.get(story_of(one), ""),
            href=_place(one, number, path_of, titles),
            named=tuple(items[story] for story in one.stories if story in items),
        )
        for one in findings
    ]


def named_item(story: Story, path_of: Callable[[str], str]) -> NamedItem:
    """A story as lists name it; ``path_of`` gives the path of a page."""
    item = story.primary.item
    href = item_address(path_of, story.public_id)
    return NamedItem(title=item.title, language=item.language, href=href)


def story_of(finding: Finding) -> str:
    """The public id of the story that a finding is about, or the section's; "" for the issue."""
    return finding.where.partition("/")[0]


def _place(
    finding: Finding, number: int, path_of: Callable[[str], str], titles: Mapping[str, str]
) -> str:
    story, _, field = finding.where.partition("/")
    if finding.code in _IN_INBOX and path_of("inbox"):
        return f"{path_of('inbox')}?{urlencode({'state': _IN_INBOX[finding.code]})}"
    if finding.code in _OF_TRANSLATIONS:
        return translation_address(path_of, number, finding.language, left=True)
    if finding.code in _OF_MAILS:
        return path_of("draft")
    if field:
        return text_address(path_of, number, story, field, finding.language)
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
