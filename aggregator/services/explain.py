"""Why a story is folded and placed as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aggregator.domain.stories import Story
from aggregator.issue.edition import day_of
from aggregator.services.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The explanation as plain JSON, and as lines for a person."""

    form: Mapping[str, Any]
    lines: tuple[str, ...]


def explain_story(desk: Desk, story: Story) -> Explanation:
    """The story, each member with the rule that folded it, the words that counted, the points of
    each group, and each section's answer."""
    form = _form(desk, story)
    return Explanation(form=form, lines=tuple(_lines(form)))


def _form(desk: Desk, story: Story) -> dict[str, Any]:
    item = story.primary.item
    day = day_of(story)
    body = desk.bodies.get(item.body)
    why = {membership.item_id: membership for membership in story.memberships}
    titles = {member.id: member.item.title for member in story.members}
    placement = story.placement
    return {
        "id": story.public_id,
        "title": item.title,
        "body": item.body or None,
        "body_name": body.name if body else None,
        "level": str(body.level) if body else None,
        "day": day.isoformat() if day else None,
        "members": [
            {
                "feed": member.item.feed_id,
                "title": member.item.title,
                "url": member.item.link or None,
                "rule": why[member.id].rule if member.id in why else None,
                "with": titles.get(why[member.id].with_item or 0) if member.id in why else None,
                "detail": dict(why[member.id].detail) if member.id in why else {},
            }
            for member in story.members
        ],
        "related": list(story.related),
        "section": placement.section if placement else None,
        "score": placement.score if placement else None,
        "trace": dict(placement.trace) if placement else {},
        "issues": _issues(desk, story),
    }


def _issues(desk: Desk, story: Story) -> list[dict[str, Any]]:
    return [
        {
            "number": issue.number,
            "window": issue.window.start.isoformat(),
            "section": pick.section,
            "state": str(pick.state),
            "why": pick.why,
        }
        for issue, pick in desk.store.picks_of_story(desk.series.id, story.id)
    ]


def _lines(form: Mapping[str, Any]) -> Iterator[str]:
    yield form["title"]
    yield f"  id {form['id']}, {form['day'] or 'no date'}, {form['body_name'] or 'no body'}" + (
        f" ({form['level']})" if form["level"] else ""
    )
    yield ""
    yield "Members"
    for member in form["members"]:
        yield f"  {member['feed']}: {member['title']}  [{_folded(member)}]"
        if member["url"]:
            yield f"    {member['url']}"
    yield ""
    points = "not placed yet" if form["score"] is None else f"{form['score']} points"
    yield f"Section: {form['section'] or 'none'} ({points})"
    yield from _placement(form["trace"])
    for issue in form["issues"]:
        number = f"No. {issue['number']}" if issue["number"] else f"draft over {issue['window']}"
        yield f"{number}: {issue['state']} in {issue['section'] or '-'} ({issue['why']})"


def _folded(member: Mapping[str, Any]) -> str:
    if member["with"] is None:
        return str(member["rule"])
    figures = ", ".join(f"{name} {value}" for name, value in member["detail"].items())
    return f"{member['rule']} with {member['with']!r}" + (f": {figures}" if figures else "")


def _placement(trace: Mapping[str, Any]) -> Iterator[str]:
    hits = trace.get("hits", [])
    if hits:
        yield "  words"
    for hit in hits:
        yield (
            f"    {hit['word']!r} in {hit['field']} at {hit['start']}:"
            f" {hit['points']:+g} ({hit['group']})"
        )
    points = trace.get("points", {})
    if points:
        yield "  points  " + ", ".join(f"{group} {value:+g}" for group, value in points.items())
    if trace.get("topic"):
        yield "  topic   " + ", ".join(f"{k} {v}" for k, v in trace["topic"].items())
    sections = trace.get("sections", {})
    for name, outcome in sections.items() if isinstance(sections, Mapping) else ():
        mark = "passed" if outcome["passed"] else "failed"
        yield f"  {name:<10} {mark}: {outcome['why']} ({outcome['score']} of {outcome['threshold']})"
    if trace.get("runner_up"):
        yield f"  runner-up {trace['runner_up']}"
