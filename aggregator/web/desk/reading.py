"""Everything that an editor reads of one story: gathered for the reading pane and the page of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aggregator.curate.matching.hit_marks import Piece, cut_at_hits, excerpts
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX
from aggregator.domain.issues import Issue, Origin, Pick, PickState, Shape
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked
from aggregator.publish.licences import licence_url, licence_words
from aggregator.publish.titles import short_lead, short_title
from aggregator.services.answers.explain import explain_story
from aggregator.services.desk import Desk
from aggregator.services.editing.issue_at_hand import the_pick
from aggregator.text.clean import one_line
from aggregator.web.desk.facts import Facts, Glass, Marked, at_hits, looking
from aggregator.web.desk.fields import FieldForm, field_forms
from aggregator.web.desk.given_reasons import reason_in_words
from aggregator.web.desk.reasons import Reasons, reasons_of
from aggregator.web.desk.views import BodyName, body_name
from aggregator.web.desk.wording import Pieces, word_pieces
from aggregator.web.doors.asked import Asked

_LEAD = 2000
"""Characters of a lead that are shown and compared."""

_PLACES = 6
"""Marked places of the text behind the lead that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A member of the story: who sent it, and what in it differs from the primary, as word-level
    pieces (() where it is the same). ``rule`` is the text of the catalogue that says why it is here,
    ``why`` the rule's own words. ``names`` is what a form calls it."""

    name: str
    body: BodyName
    feed: str
    title: str
    title_pieces: Pieces
    lead: str
    lead_pieces: Pieces
    language: str
    day: date
    other_day: bool
    link: str
    seen_at: datetime
    rule: str
    why: str
    is_first: bool
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The story's thumbnail: the address of our copy, else the text of the catalogue that says why there
    is none; ``source`` is where the source has it."""

    url: str
    alt: str
    why: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is read of a story. ``form`` is the whole explanation; ``forms`` are its texts, () where it is
    not in the issue; ``lead`` and ``more`` are the source's own words with what the rules found.
    ``moved_why`` is the reason of its pick. ``is_aside``: somebody set it aside for later, and nobody has decided since."""

    facts: Facts
    story: Story
    picked: Picked | None
    link: str
    lead: Marked
    more: Marked
    reasons: Reasons
    sources: tuple[Source, ...]
    picture: Picture
    licence: tuple[str, str]
    forms: tuple[FieldForm, ...]
    sections: tuple[tuple[str, str], ...]
    issues: tuple[Mapping[str, Any], ...]
    apart: tuple[Mapping[str, Any], ...]
    moved_why: str
    is_aside: bool = False

    @property
    def moved(self) -> bool:
        """Whether it stands in another section of the issue than the one that the rules chose."""
        chosen = self.reasons.chosen.section if self.reasons.chosen else ""
        return self.is_in and self.facts.section != chosen

    @property
    def is_in(self) -> bool:
        """Whether the issue has it."""
        return self.picked is not None and self.picked.pick.state.is_in


def reading_of(asked: Asked, issue: Issue, story: Story, glass: Glass | None = None) -> Reading:
    """Everything of a story, for the page's language and the issue in hand; ``glass`` is one that was
    made for more stories, this one among them."""
    desk, curator, language = asked.app.desk, asked.app.curator, asked.language
    form = explain_story(desk, curator, story)
    picked = the_pick(desk, issue.id, story.public_id) if issue.id else None
    section = picked.pick.section if picked else (form["section"] or form["section_due"] or "")
    pick: Pick | None = picked.pick if picked else None
    glass = glass or looking(desk, curator.matcher, issue, language, [story])
    own = story.primary.item.language
    texts: Mapping[str, str] = form["texts"]
    hits = form["trace"]["hits"]
    lead = [hit for hit in hits if hit["field"] == "summary"]
    return Reading(
        facts=glass.facts(story, pick, section, form["score"] or 0.0),
        story=story,
        picked=picked,
        link=story.primary.item.link,
        lead=at_hits(texts["summary"][:_LEAD], lead),
        more=_more(texts["content"], [hit for hit in hits if hit["field"] == "content"]),
        reasons=reasons_of(form, desk, language),
        sources=sources_of(desk, story, form, language),
        picture=_picture(asked, story),
        licence=_licence(desk, story.primary, language),
        forms=tuple(field_forms(asked, picked, own)) if picked else (),
        sections=_sections(desk, story, language),
        issues=tuple(form["issues"]),
        apart=tuple(form["apart"]),
        moved_why=_why(desk, pick, language) if pick else "",
        is_aside=_is_aside(desk, issue, story, pick),
    )


def _is_aside(desk: Desk, issue: Issue, story: Story, pick: Pick | None) -> bool:
    is_open = pick is None or pick.state is PickState.PROPOSED
    return is_open and bool(issue.id) and story.id in desk.store.aside(issue.id)


def _why(desk: Desk, pick: Pick, language: str) -> str:
    by_rules = pick.origin is Origin.RULES
    return reason_in_words(desk, pick.why, language, by_rules=by_rules) if pick.why else ""


def _more(text: str, hits: list[Any]) -> Marked:
    words = [hit for hit in hits if not str(hit["word"]).startswith(PATTERN_PREFIX)]
    pieces, _ = excerpts(cut_at_hits(text, words), most=_PLACES)
    shown: tuple[Piece, ...] = pieces if text else ()
    return tuple((piece.text, bool(piece.hits)) for piece in shown)


def _sections(desk: Desk, story: Story, language: str) -> tuple[tuple[str, str], ...]:
    """The sections that could print the story."""
    has_event = story.primary.item.event is not None
    return tuple(
        (one.id, one.titles.get(language) or one.titles["ko"])
        for one in desk.series.sections
        if has_event or one.shape is not Shape.EVENT
    )


def sources_of(
    desk: Desk, story: Story, form: Mapping[str, Any], language: str
) -> tuple[Source, ...]:
    """The members of a story, the primary first."""
    names = {feed.id: feed.title for feed in desk.feeds}
    first = story.primary
    found = []
    for member, told in zip(story.members, form["members"], strict=True):
        item = member.item
        lead, other = item.summary[:_LEAD], first.item.summary[:_LEAD]
        rule = str(told["rule"] or "first")
        found.append(
            Source(
                name=names.get(item.feed_id) or item.feed_id,
                body=body_name(item.body, desk.bodies, language),
                feed=item.feed_id,
                title=short_title(one_line(item.title)),
                title_pieces=_differs(first.item.title, item.title),
                lead=short_lead(lead),
                lead_pieces=_differs(other, lead) if lead and other else (),
                language=item.language,
                day=member.day,
                other_day=member.day != first.day,
                link=item.link,
                seen_at=member.first_seen_at,
                rule=f"desk.item.rule.{rule.partition(':')[0]}",
                why=str(told["why"] or ""),
                is_first=member.id == first.id,
                names=_names(story, member),
            )
        )
    return tuple(found)


def _names(story: Story, member: StoredItem) -> str:
    """What names the member and no other one: its link, its feed, its title."""
    told = [(one.item.link, one.feed_id, one.item.title) for one in story.members]
    mine = (member.item.link, member.feed_id, member.item.title)
    places = range(len(mine))
    alone = (n for n in places if mine[n] and [one[n] for one in told].count(mine[n]) == 1)
    return mine[next(alone, 0)]


def _differs(one: str, other: str) -> Pieces:
    return word_pieces(one, other) if one.split() != other.split() else ()


def _picture(asked: Asked, story: Story) -> Picture:
    item = story.primary.item
    url = item.thumbnail
    if not url:
        return Picture(url="", alt="", why="desk.item.picture.none", source="")
    alt = next((one_line(image.alt) for image in item.images if image.url == url), "")
    path = asked.app.press.pictures.path_of(url)
    if path is None or not (asked.app.public / path).is_file():
        return Picture(url="", alt=alt, why="desk.item.picture.later", source=url)
    return Picture(url=f"/{path}", alt=alt, why="", source=url)


def _licence(desk: Desk, stored: StoredItem, language: str) -> tuple[str, str]:
    """What may be done with the text, and where that stands."""
    feeds = {feed.id: feed.licence for feed in desk.feeds}
    notice = one_line(stored.item.licence) or one_line(feeds.get(stored.feed_id, ""))
    if not notice:
        return "", ""
    return licence_words(notice, language, desk.catalogue), licence_url(notice)
