"""Where a story is, or what keeps it out of the issue in the making: facts in, one answer out.

Nothing here reads a store or a clock. The rules of ANSWERS are asked in their order, the most
specific first; the first that has something to say answers.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from aggregator.curate.copies.rule_words import rule_words
from aggregator.domain.issues import Edit, Issue, IssueStatus, Pick, PickState, Series
from aggregator.domain.items import SEOUL, StoredItem
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Membership, Placement, Story
from aggregator.issue.choices import Choice
from aggregator.issue.edition import Picked
from aggregator.issue.windows import predecessor
from aggregator.services.answers.why_no_section import no_section
from aggregator.services.answers.why_reply import Answer, Reply
from aggregator.services.answers.why_window import Working, outside
from aggregator.services.editing.outlook import Outlook
from aggregator.services.lab.word_usage import texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAt:
    """Where a published issue prints a story: the section, its place in it from 1, of so many."""

    section: str
    place: int
    of: int


class Drafts(Protocol):
    """The issue in the making, read as far as is asked for."""

    @property
    def made(self) -> Outlook | None:
        """What waits in the draft, None where opening it would make it."""
        ...

    @property
    def foreseen(self) -> Outlook:
        """What waits as the issue stands without being opened."""
        ...

    @property
    def picked(self) -> Sequence[Picked]:
        """What is in it, in printed order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """What is known of a story that is asked for.

    ``folded`` is the member that was meant, where another one represents the story, with its
    reason, and ``folded_with`` the headline it was compared with. ``placement`` is what today's
    rules say.
    ``picks`` are its picks in the order of the issues' windows, ``edits`` who last changed whether
    it is in, and ``printed`` where it is printed, both by issue id. ``drafts`` are gathered only where
    an answer asks for them: all candidates of an issue are many.
    """

    story: Story
    now: datetime
    series: Series
    rules: RuleSet
    placement: Placement
    working: Working
    issues: tuple[Issue, ...]
    drafts: Drafts
    picks: tuple[tuple[Issue, Pick], ...] = ()
    edits: Mapping[int, Edit] = field(default_factory=dict)
    printed: Mapping[int, PrintedAt] = field(default_factory=dict)
    folded: tuple[StoredItem, Membership] | None = None
    folded_with: str = ""

    @property
    def draft(self) -> Outlook | None:
        """What waits in the draft, None where opening it would make it."""
        return self.drafts.made

    @property
    def held_until(self) -> datetime | None:
        """Until when its source does not want it read, None where it may be."""
        item = self.story.primary
        if not item.is_held(self.now):
            return None
        ahead = (
            item.item.embargo_until,
            item.item.published.at if item.item.published else None,
        )
        return max((at for at in ahead if at is not None and at > self.now), default=None)


def answer(facts: StoryFacts) -> Reply:
    """The most specific answer that holds."""
    return next(reply for rule in ANSWERS if (reply := rule(facts)) is not None)


def kst(at: datetime) -> str:
    """An instant as it is shown: "2024-03-04 10:00 KST"."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M} KST"


def named(issue: Issue) -> str:
    """An issue by its number, else by its window."""
    return f"No. {issue.number}" if issue.number else f"the issue over {issue.window.start:%Y-%m}"


# --- the rules ------------------------------------------------------------------------------------


def _folded(facts: StoryFacts) -> Reply | None:
    if facts.folded is None:
        return None
    member, why = facts.folded
    story = facts.story
    primary = story.primary.item
    partner = f"with “{facts.folded_with}”, " if facts.folded_with else ""
    reason = "" if why.with_item is None else f": {partner}{rule_words(why.rule, why.detail)}"
    return Reply(
        answer=Answer.FOLDED,
        says=f"folded into another story{reason} [{why.rule}]; the headline that is printed is"
        f" “{primary.title}” ({primary.feed_id})",
        do=f"aggregator split {story.public_id} {_member_name(member)} makes it a story of its own",
        figures={
            "feed": member.item.feed_id,
            "title": member.item.title,
            "rule": why.rule,
            "detail": dict(why.detail),
            "headline": primary.title,
        },
        then=answer(replace(facts, folded=None)),
    )


def _member_name(member: StoredItem) -> str:
    return shlex.quote(member.item.link or member.item.title)


def _printed(facts: StoryFacts) -> Reply | None:
    for issue, pick in reversed(facts.picks):
        if issue.status is IssueStatus.PUBLISHED and pick.state.is_in:
            at = facts.printed.get(issue.id)
            place = f", place {at.place} of {at.of}" if at else ""
            return Reply(
                answer=Answer.PRINTED,
                says=f"not missing: printed in No. {issue.number} of {issue.issue_on},"
                f" {at.section if at else pick.section}{place}",
                figures={
                    "number": issue.number,
                    "section": at.section if at else pick.section,
                    "place": at.place if at else None,
                    "of": at.of if at else None,
                },
            )
    return None


def _in_draft(facts: StoryFacts) -> Reply | None:
    working = facts.working
    # What was put in by hand before the places were filled is in it, too.
    is_in = any(issue.id == working.issue_id and pick.state.is_in for issue, pick in facts.picks)
    picked = facts.drafts.picked if is_in else ()
    for pick in [one.pick for one in picked if one.story.id == facts.story.id]:
        here = [one.story.id for one in picked if one.pick.section == pick.section]
        place = here.index(facts.story.id) + 1
        return Reply(
            answer=Answer.IN_DRAFT,
            says=f"not missing: in the draft of No. {working.number}, {pick.section}, place"
            f" {place} of {len(here)} ({pick.state}: {pick.why})",
            figures={
                "number": working.number,
                "section": pick.section,
                "place": place,
                "of": len(here),
                "state": str(pick.state),
                "why": pick.why,
            },
        )
    return None


def _out_by(*states: PickState, working: bool) -> Callable[[StoryFacts], Reply | None]:
    """What an editor took out, of the issue in the making or of another one."""

    def told(facts: StoryFacts) -> Reply | None:
        for issue, pick in reversed(facts.picks):
            is_working = issue.id == facts.working.issue_id
            if pick.state in states and (is_working or not working):
                return _taken_out(facts, issue, pick)
        return None

    return told


def _taken_out(facts: StoryFacts, issue: Issue, pick: Pick) -> Reply:
    edit = facts.edits.get(issue.id)
    who = f" by {edit.actor} on {kst(edit.at)}" if edit else ""
    is_dropped = pick.state is PickState.DROPPED
    done = "dropped from" if is_dropped else "left out of"
    number = (
        f"the draft of No. {facts.working.number}"
        if issue.id == facts.working.issue_id
        else named(issue)
    )
    return Reply(
        answer=Answer.DROPPED if is_dropped else Answer.LEFT_OUT,
        says=f"{done} {number}{who}: {pick.why or 'no reason given'}",
        do=_accept(facts, pick.section),
        figures={
            "number": issue.number,
            "section": pick.section or None,
            "by": edit.actor if edit else None,
            "at": edit.at.astimezone(SEOUL).isoformat(timespec="seconds") if edit else None,
            "why": pick.why,
        },
    )


def _not_placed(facts: StoryFacts) -> Reply | None:
    stored = facts.story.placement
    section = facts.placement.section
    if stored is not None and (stored.section is not None or section is None):
        return None
    return Reply(
        answer=Answer.NOT_CURATED,
        says="seen, but not placed by today's rules yet: at the next curation it comes into"
        f" {section or 'no section'}",
        do="aggregator refresh curates what is due, and so does the daemon within a minute",
        figures={"section": section},
    )


def _no_section(facts: StoryFacts) -> Reply | None:
    stored = facts.story.placement
    if stored is not None and stored.section is not None:
        return None
    return no_section(facts.story.public_id, facts.placement, facts.rules, texts_of(facts.story))


def _held(facts: StoryFacts) -> Reply | None:
    until = facts.held_until
    if until is None:
        return None
    return Reply(
        answer=Answer.HELD_BACK,
        says=f"held back until {kst(until)}: its source does not want it read before"
        " (an embargo, or a date ahead); until then it is in no feed and on no page",
        figures={"until": until.astimezone(SEOUL).isoformat(timespec="seconds")},
        then=next(r for rule in _AFTER_HELD if (r := rule(facts)) is not None),
    )


def _late(facts: StoryFacts) -> Reply | None:
    draft = facts.draft
    found = _in_tray(facts, draft.late) if draft else None
    if draft is None or found is None:
        return None
    filled = draft.issue.proposed_at
    seen = facts.story.first_seen_at
    return Reply(
        answer=Answer.LATE,
        says=f"late for No. {draft.number}: first seen on {kst(seen)}"
        + (f", its places were filled on {kst(filled)}" if filled else "")
        + f" ({found.why}); in the tray, it belongs to the next issue",
        do=_accept(facts, found.section),
        figures=_tray_figures(draft, found),
    )


def _waiting(facts: StoryFacts) -> Reply | None:
    draft = facts.draft
    found = _in_tray(facts, draft.waiting) if draft else None
    if draft is None or found is None:
        return None
    if draft.issue.proposed_at is None:
        says = (
            f"the free places of No. {draft.number} are filled on {kst(draft.due_at)}; until then it"
            f" waits for {found.section} (as things stand: {found.why})"
        )
        kind = Answer.BEFORE_DRAFT
    else:
        says = f"it waits for a place in {found.section} of No. {draft.number}: {found.why}"
        kind = Answer.WAITING
    return Reply(
        answer=kind,
        says=says,
        do=_accept(facts, found.section),
        figures=_tray_figures(draft, found),
    )


def _carried(facts: StoryFacts) -> Reply | None:
    draft = facts.drafts.foreseen
    found = _in_tray(facts, draft.carried)
    if found is None:
        return None
    return Reply(
        answer=Answer.CARRIED_OVER,
        says=f"in the tray of No. {draft.number} for {found.section}: {found.why}; the rules propose"
        " it only where that section is short, and no later issue",
        do=_accept(facts, found.section),
        figures=_tray_figures(draft, found),
    )


def _in_tray(facts: StoryFacts, tray: tuple[Choice, ...]) -> Choice | None:
    return next((one for one in tray if one.candidate.story_id == facts.story.id), None)


def _tray_figures(draft: Outlook, found: Choice) -> dict[str, Any]:
    return {"number": draft.number, "section": found.section, "why": found.why}


def _outside(facts: StoryFacts) -> Reply | None:
    section = facts.series.section(_section(facts))
    if section is None:
        return None
    before = predecessor(facts.issues, facts.working.window)
    reply = outside(facts.story, section, facts.working, before, facts.issues)
    return replace(reply, do=_accept(facts, section.id)) if reply else None


def _draft_not_made(facts: StoryFacts) -> Reply | None:
    if facts.draft is not None:
        return None
    working = facts.working
    return Reply(
        answer=Answer.BEFORE_DRAFT,
        says=f"it is in {_section(facts)}, and it is one of No. {working.number}'s, whose free"
        f" places are filled on {kst(working.due_at)}",
        do="aggregator draft fills them once that time has come, and so does the daemon",
        figures={"number": working.number, "section": _section(facts), "why": None},
    )


def _unexplained(facts: StoryFacts) -> Reply:
    return Reply(
        answer=Answer.UNEXPLAINED,
        says=f"it is in {_section(facts)} and fits No. {facts.working.number}, but the draft has no"
        " word about it",
        do=_accept(facts, _section(facts)),
        figures={"number": facts.working.number, "section": _section(facts)},
    )


def _section(facts: StoryFacts) -> str:
    return (facts.story.placement.section if facts.story.placement else None) or ""


def _accept(facts: StoryFacts, section: str) -> str:
    place = f" --section {section}" if section and section != _section(facts) else ""
    return (
        f"aggregator accept {facts.story.public_id}{place} puts it into No. {facts.working.number}"
    )


_AFTER_HELD: tuple[Callable[[StoryFacts], Reply | None], ...] = (
    _late,
    _waiting,
    _carried,
    _out_by(PickState.LEFT_OUT, working=False),
    _outside,
    _draft_not_made,
    _unexplained,
)
ANSWERS: tuple[Callable[[StoryFacts], Reply | None], ...] = (
    _folded,
    _printed,
    _in_draft,
    _out_by(PickState.DROPPED, PickState.LEFT_OUT, working=True),
    _out_by(PickState.DROPPED, working=False),
    _not_placed,
    _no_section,
    _held,
    *_AFTER_HELD,
)
"""The rules in the order in which they are asked."""
