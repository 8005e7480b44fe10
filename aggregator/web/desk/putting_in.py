"""Putting a story into the issue in the making, from whatever page it was found on."""

from __future__ import annotations

from aggregator.publish.titles import short_title
from aggregator.services.editing.actions import accept
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import story_of, working_issue
from aggregator.web.desk.actions import Done, Unfit
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import Asked


def put_in(asked: Asked) -> Done:
    """Accept the story of the path, into the ``section`` of the form, else where the rules place it;
    ``version`` is that of the pick that the page showed."""
    public_id = asked.request.path_params["story"]
    section = asked.form.get("section", "")
    desk, version = asked.app.desk, asked.form.get("version", "")
    if section and desk.series.section(section) is None:
        raise Unfit("desk.search.no_section", focus=f"item-{public_id}", section=section)
    story = story_of(desk, public_id)
    done = accept(
        Editor.of(desk, asked.app.curator, asked.who.account.name),
        working_issue(desk).id,
        public_id,
        section=section or None,
        version=int(version) if version.isdecimal() else None,
    )
    text = asked.text(
        "desk.search.put_in",
        title=short_title(story.primary.item.title),
        section=section_title(
            desk.series, done.pick.section if done.pick else section, asked.language
        ),
    )
    return Done(
        text=f"{text} {asked.text('desk.fields.reopened')}" if done.reopened else text,
        version=done.version,
        undo=str(done.action) if done.action else "",
        focus=f"item-{public_id}",
    )
