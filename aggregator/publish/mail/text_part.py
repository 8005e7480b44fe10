"""The mail as plain text, written for people who read nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.catalogue import Catalogue, print_day
from aggregator.domain.issues import Phrase, Shape
from aggregator.publish.mail.sheet import Sheet, SheetItem, SheetSection
from aggregator.publish.mail.wrapping import COLUMNS, width, wrap
from aggregator.publish.views import CorrectionView
from aggregator.text.xml_chars import xml_safe


def render_text(sheet: Sheet, catalogue: Catalogue) -> str:
    """The text part: lines of 72 columns at most, but for addresses, which stand whole on lines of
    their own."""
    lines = [*_head(sheet, catalogue)]
    for section in sheet.sections:
        lines += _section(sheet, section, catalogue)
    if not sheet.sections:
        lines += ["", *wrap(catalogue.text("issue.empty", sheet.language))]
    return "\n".join([*lines, *_foot(sheet, catalogue), ""])


def _head(sheet: Sheet, catalogue: Catalogue) -> Iterator[str]:
    if sheet.is_test:
        yield from (*wrap(catalogue.text("letter.test_note", sheet.language)), "")
    for text in (sheet.title, sheet.heading, sheet.tagline):
        yield from _wrapped(text)
    if sheet.corrected_on is not None:
        corrected = catalogue.text("issue.corrected", sheet.language)
        yield from wrap(f"{corrected} {print_day(sheet.corrected_on)}")
    yield from ("", *_link(catalogue.text("letter.web", sheet.language), sheet.page_url))


def _section(sheet: Sheet, section: SheetSection, catalogue: Catalogue) -> Iterator[str]:
    title = _wrapped(section.label)
    yield from ("", "", *title, "=" * min(COLUMNS, max(map(width, title), default=0)))
    for number, item in enumerate(section.items):
        if number:
            yield from ("", "-" * 24)
        yield from ("", *_item(sheet, item, catalogue))
    if section.left_out:
        more = catalogue.text("letter.left_out", sheet.language, count=section.left_out)
        yield from ("", *_link(more, section.url))


def _item(sheet: Sheet, item: SheetItem, catalogue: Catalogue) -> Iterator[str]:
    yield from _wrapped(item.headline.text)
    yield from _wrapped(item.byline)
    for phrase in (item.blurb, item.authors):
        if phrase is not None:
            yield from ("", *_wrapped(phrase.text))
    if item.lines:
        yield ""
    for line in item.lines:
        yield from _bullet(line)
    if item.withdrawn is not None:
        yield from ("", *_wrapped(_why(item.withdrawn, sheet.language, catalogue)))
    if item.url:
        if item.shape is Shape.MEDIA and item.withdrawn is None:
            yield from ("", *_link(catalogue.text("letter.watch", sheet.language), item.url))
        else:
            yield from ("", item.url)
    if item.is_cut:
        yield from ("", *_link(catalogue.text("letter.more", sheet.language), item.page_url))


def _why(withdrawn: CorrectionView, language: str, catalogue: Catalogue) -> str:
    head = catalogue.text("correction.at_item", language)
    what = f"{head} {print_day(withdrawn.at.date())} · {withdrawn.field}"
    return f"{what}: {withdrawn.note.text}" if withdrawn.note is not None else what


def _bullet(line: tuple[Phrase, ...]) -> Iterator[str]:
    """An event's line, indented behind its first."""
    text = xml_safe("".join(phrase.text for phrase in line))
    for number, part in enumerate(wrap(text, COLUMNS - 2)):
        yield f"  {part}" if number else f"* {part}"


def _foot(sheet: Sheet, catalogue: Catalogue) -> Iterator[str]:
    language = sheet.language
    yield from ("", "", "=" * COLUMNS, "")
    yield from _link(catalogue.text("site.archive", language), sheet.archive_url)
    for other in sheet.others:
        yield from ("", *_link(other.label, other.url))
    yield from ("", *wrap(catalogue.text("site.licence", language)))
    for line in sheet.licences:
        yield from ("", *_wrapped(line))
    yield from _leave(sheet, catalogue)


def _leave(sheet: Sheet, catalogue: Catalogue) -> Iterator[str]:
    mine, language = sheet.mailing_list, sheet.language
    if mine is None:
        return
    yield from ("", *_wrapped(catalogue.text("letter.why", language, title=sheet.title)))
    if where := mine.unsubscribe_url or mine.unsubscribe_mail:
        yield from _link(catalogue.text("letter.leave", language), where)


def _link(label: str, url: str) -> list[str]:
    return [*wrap(f"{label}:"), url]


def _wrapped(text: str) -> list[str]:
    return wrap(xml_safe(text))
