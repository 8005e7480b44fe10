"""What an issue printed of stories in another language than their sources': the pages of that language
show it wherever the story stands."""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.domain.issues import Phrase, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.publish.correction_views import withdrawn_stories


def translations(issues: Iterable[PrintedIssue], language: str) -> dict[str, PrintedItem]:
    """By story what the newest issue with an edition of ``language`` printed of it, where all its
    words are in that language and no issue took it back."""
    found: dict[str, PrintedItem] = {}
    gone: set[str] = set()
    for issue in sorted(issues, key=lambda issue: issue.number):
        gone |= withdrawn_stories(issue)
        for edition in issue.editions:
            if edition.language == language:
                items = (item for section in edition.sections for item in section.items)
                found |= {item.story: item for item in items if _is_in(item, language)}
    return {story: item for story, item in found.items() if story not in gone}


def _is_in(item: PrintedItem, language: str) -> bool:
    texts: list[Phrase | None] = [item.headline, item.blurb, item.authors]
    texts += [phrase for line in item.lines for phrase in line]
    return all(text is None or text.language == language for text in texts)
