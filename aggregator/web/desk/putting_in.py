"""Putting a story into the issue in the making, from whatever page it was found on."""

from __future__ import annotations

from dataclasses import replace

from aggregator.publish.titles import short_title
from aggregator.services.editing.edit import accept
from aggregator.web.desk.actions import Done, Unfit
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import Asked


def put_in(asked: Asked) -> Done:
    """Accept the story of the path, into the ``section`` of the form, else where the rules place it."""
    story = asked.request.path_params["story"]
    section = asked.form.get("section", "")
    series = asked.app.desk.series
    if section and series.section(section) is None:
        raise Unfit("desk.search.no_section", focus=f"story-{story}", section=section)
    desk = replace(asked.app.desk, actor=asked.who.account.name)
    picked = accept(desk, story, section=section or None).picked
    return Done(
        text=asked.text(
            "desk.search.put_in",
            title=short_title(picked.story.primary.item.title),
            section=section_title(series, picked.pick.section, asked.language),
        ),
        version=picked.pick.version,
        focus=f"story-{story}",
    )
