"""An edition as Markdown: one file that any renderer shows alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.catalogue import Catalogue, print_day
from aggregator.domain.issues import Edition, Phrase, PrintedItem, Shape
from aggregator.domain.items import SEOUL
from aggregator.domain.publishing import PrintedIssue
from aggregator.publish.correction_views import correction_line, corrections_of
from aggregator.publish.titles import short_title
from aggregator.text.clean import one_line
from aggregator.text.public_url import public_url
from aggregator.text.xml_chars import xml_safe

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""Not escaped with a backslash, which some renderers do not know of these."""

_MARKUP = re.compile(r"[\\`*_{}\[\]()#+.!|~^$=:@&<>-]")
_ALWAYS = frozenset("\\`*_[]#|~^$&<>")
_LINK_START = re.compile(r"(?:https?|ftps?|mailto|xmpp)$|\bwww$", re.IGNORECASE)
_LIST_START = re.compile(r"\d{1,9}$")


def escape_markdown(text: str) -> str:
    """``text`` as one line of Markdown in which nothing is markup: no emphasis, link, picture,
    heading, list, table or HTML, and no address that renderers would make a link of by themselves.

    Points and dashes within a line stay as they are, so that a person can read the file.
    """
    line = one_line(xml_safe(text))

    def escaped(found: re.Match[str]) -> str:
        char = found[0]
        if char in _ENTITIES:
            return _ENTITIES[char]
        return f"\\{char}" if _means_something(char, line, found.start()) else char

    return _MARKUP.sub(escaped, line)


def _means_something(char: str, line: str, at: int) -> bool:
    """Whether ``char`` may be markup where it stands."""
    if char in _ALWAYS or char == "@":
        return True
    before = line[:at]
    if char in "-+=:" and not before:
        return True
    if char in ".)" and _LIST_START.fullmatch(before) and line[at + 1 : at + 2] in {"", " "}:
        return True
    # An address is told by its first letters, and by two of them with a point between.
    return char in ":." and _LINK_START.search(before[-8:]) is not None


def markdown_link(text: str, url: str) -> str:
    """A link to an address that the public can reach; the text alone for any other."""
    target = public_url(url)
    label = escape_markdown(text)
    return f"[{label}](<{target.replace('&', '&amp;')}>)" if target else label


def render_markdown(
    issue: PrintedIssue, edition: Edition, page_url: str, catalogue: Catalogue
) -> bytes:
    """The edition with its sections and items as UTF-8, a correction after publication said below
    the heading and at its item, and a link to the page at the end. The same edition gives the same bytes."""
    language = edition.language
    blocks = [f"# {escape_markdown(f'{edition.title} {edition.heading}')}"]
    if edition.tagline:
        blocks.append(escape_markdown(edition.tagline))
    corrected = issue.corrected.get(language)
    if corrected is not None:
        day = print_day(corrected.astimezone(SEOUL).date())
        note = catalogue.text("issue.corrected", language)
        blocks.append(f"*{escape_markdown(f'{note} {day}')}*")
    sections = [section for section in edition.sections if section.items]
    for section in sections:
        blocks.append(f"## {escape_markdown(section.label)}")
        for item in section.items:
            blocks += _item(item, catalogue.text("letter.watch", language))
            blocks += _corrections(issue, edition, item.story, catalogue)
    if not sections:
        blocks.append(escape_markdown(catalogue.text("issue.empty", language)))
    blocks += ["---", f"<{page_url}>"]
    return ("\n\n".join(blocks) + "\n").encode()


def _item(item: PrintedItem, watch: str) -> Iterator[str]:
    """``watch`` is what the link to a video says: the note that is printed with its picture would
    speak of one that is not here."""
    yield f"### {markdown_link(short_title(one_line(item.headline.text)), item.url)}"
    for text in (item.byline, _text(item.blurb), _text(item.authors)):
        if one_line(text):
            yield escape_markdown(text)
    if item.shape is Shape.MEDIA and public_url(item.url):
        yield markdown_link(watch, item.url)
    lines = ("".join(phrase.text for phrase in line) for line in item.lines)
    facts = [f"- {escape_markdown(line)}" for line in lines if one_line(line)]
    if facts:
        yield "\n".join(facts)


def _corrections(
    issue: PrintedIssue, edition: Edition, story: str, catalogue: Catalogue
) -> Iterator[str]:
    """What was put right in an item, each in a paragraph."""
    for one in corrections_of(issue, edition, story):
        yield f"*{escape_markdown(correction_line(one, edition.language, catalogue))}*"


def _text(phrase: Phrase | None) -> str:
    return phrase.text if phrase is not None else ""
