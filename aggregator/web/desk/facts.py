"""What a row of the inbox and the page of an item say of a story at a glance: pure, without markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.curate.matching.hit_marks import HitForm, cut_at_hits
from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX
from aggregator.curate.matching.words import Matcher
from aggregator.domain.issues import Issue, Pick, PickField, Shape
from aggregator.domain.stories import Story
from aggregator.issue.choices import Printed
from aggregator.issue.texts import own_text, source_texts
from aggregator.publish.titles import TITLE_LIMIT, short_title
from aggregator.services.curation.published_changes import last_changed
from aggregator.services.desk import Desk
from aggregator.services.editing.printed_before import printed_before, recent_issues
from aggregator.text.clean import one_line
from aggregator.web.desk.views import BodyName, body_name, section_title

Marked = tuple[tuple[str, bool], ...]
"""A text cut at the words that the rules found: each piece with whether it is one."""

_BY_DAY = frozenset({Shape.ARTICLE, Shape.MEDIA})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A story at a glance. ``headline`` is as it will be printed, ``title`` the same as plain text.
    ``day_mark`` is ``inferred`` (its source names no day: it is when it was first seen), ``clamped`` (it
    names one that cannot be true) or "". ``outside``: the day lies outside the issue's window.
    ``state`` is that of its pick, "" where it has none; ``version`` is the pick's then, else 0."""

    story: str
    language: str
    headline: Marked
    title: str
    section: str
    section_title: str
    score: str
    body: BodyName
    day: date
    day_mark: str
    outside: bool
    members: int
    earlier: Printed | None
    state: str
    why: str
    version: int
    edited: bool
    source_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """What a story is looked at with: the newsroom, the words of its rules, the issue, the page's
    language, what earlier issues had, by story id, and the revisions of the last changes of sources, by
    item id."""

    desk: Desk
    matcher: Matcher
    issue: Issue
    language: str
    earlier: Mapping[int, Printed]
    changed: Mapping[int, int]

    def facts(self, story: Story, pick: Pick | None, section: str, score: float) -> Facts:
        """The story at a glance, proposed for ``section`` with that score."""
        item = story.primary.item
        series = self.desk.series
        found = series.section(section)
        shape = found.shape if found else Shape.ARTICLE
        text = headline_of(story, pick, shape)
        published = item.published
        day = story.primary.day
        mark = "inferred" if published is None else "clamped" if published.clamped else ""
        return Facts(
            story=story.public_id,
            language=item.language,
            headline=marked(self.matcher, text),
            title=text,
            section=section,
            section_title=section_title(series, section, self.language),
            score=f"{score:g}",
            body=body_name(item.body, self.desk.bodies, self.language),
            day=day,
            day_mark=mark,
            outside=shape in _BY_DAY and not mark and day not in self.issue.window,
            members=len(story.members),
            earlier=self.earlier.get(story.id),
            state=pick.state.value if pick else "",
            why=pick.why if pick else "",
            version=pick.version if pick else 0,
            edited=pick is not None and any(one.language == item.language for one in pick.texts),
            source_changed=pick is not None
            and self.changed.get(story.primary.id, 0) > pick.source_rev > 0,
        )


def looking(
    desk: Desk, matcher: Matcher, issue: Issue, language: str, stories: Sequence[Story]
) -> Glass:
    """What these stories are looked at with."""
    issues = [] if issue.review else desk.store.issue_heads(desk.series.id)
    recent = recent_issues(desk, issue, issues)
    return Glass(
        desk=desk,
        matcher=matcher,
        issue=issue,
        language=language,
        earlier=printed_before(desk, recent, [one.id for one in stories]),
        changed=last_changed(desk.store.changes(item_ids=[one.primary.id for one in stories])),
    )


def marked(matcher: Matcher, text: str) -> Marked:
    """A headline with the words that the rules look for."""
    return at_hits(text, find_hits(matcher, {"title": text}))


def at_hits(text: str, hits: Sequence[HitForm]) -> Marked:
    """A text cut at its hits: those of words, and of patterns where no word was found; what a pattern
    spans may be half a sentence."""
    words = [hit for hit in hits if not str(hit["word"]).startswith(PATTERN_PREFIX)]
    return tuple((piece.text, bool(piece.hits)) for piece in cut_at_hits(text, words or hits))


def headline_of(story: Story, pick: Pick | None, shape: Shape) -> str:
    """The headline as it will be printed, cut to what a row has room for."""
    stored = story.primary
    texts = pick.texts if pick else ()
    source = source_texts(stored, shape)
    text = own_text(PickField.HEADLINE, source, texts, stored.item.language)
    return short_title(one_line(text[: TITLE_LIMIT * 4])) or stored.item.link[:TITLE_LIMIT]
