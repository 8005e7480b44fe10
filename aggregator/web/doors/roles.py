"""Who may do what, one row for each route and method. A route without a row stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aggregator.domain.people import DeskOptions, Role


class Open(StrEnum):
    """Routes that ask for no role.

    ``WORLD``: anybody, from anywhere: it holds nothing of the desk. ``DOORSTEP``: anybody who stands
    at the desk's own address; what it changes is asked for by its own pages alone. ``STATUS``: as
    ``[desk] status`` says. ``METER``: programs on this machine, or whoever has the token of the
    metrics (``meter_door``).
    """

    WORLD = "world"
    DOORSTEP = "doorstep"
    STATUS = "status"
    METER = "meter"


Least = Role | Open
Table = Mapping[tuple[str, str], Least]
"""The name of a route and a method, with the least that somebody must be. "*" is every method, for
what answers methods by itself."""

PUBLIC: Table = {
    ("public", "*"): Open.WORLD,
    ("healthz", "GET"): Open.WORLD,
    ("readyz", "GET"): Open.WORLD,
    ("metrics", "GET"): Open.METER,
}

STATUS: Table = {
    ("status", "GET"): Open.STATUS,
    ("status_feed", "GET"): Open.STATUS,
    ("status_style", "GET"): Open.WORLD,
}

DOORS: Table = {
    ("doors_style", "GET"): Open.WORLD,
    ("login", "GET"): Open.DOORSTEP,
    ("login", "POST"): Open.DOORSTEP,
    ("logout", "POST"): Open.DOORSTEP,
    ("language", "POST"): Open.DOORSTEP,
    ("enter", "GET"): Open.DOORSTEP,
    ("enter", "POST"): Open.DOORSTEP,
    ("password", "GET"): Role.READER,
    ("password", "POST"): Role.READER,
}

FRAME: Table = {
    ("desk_asset", "GET"): Open.WORLD,
    ("today", "GET"): Role.READER,
    ("today_slash", "GET"): Role.READER,
}

INBOX: Table = {
    ("inbox", "GET"): Role.READER,
    ("item", "GET"): Role.READER,
    ("item_accept", "POST"): Role.EDITOR,
    ("item_move", "POST"): Role.EDITOR,
    ("item_leave", "POST"): Role.EDITOR,
    ("item_later", "POST"): Role.EDITOR,
    ("item_reject", "POST"): Role.EDITOR,
    ("item_comment", "POST"): Role.EDITOR,
    ("item_resolve", "POST"): Role.EDITOR,
    ("item_split", "POST"): Role.EDITOR,
    ("item_merge", "POST"): Role.EDITOR,
    ("item_seen", "POST"): Role.EDITOR,
    ("field_save", "POST"): Role.EDITOR,
    ("field_source", "POST"): Role.EDITOR,
}

PEOPLE: Table = {
    ("people", "GET"): Role.ADMIN,
    ("people", "POST"): Role.ADMIN,
    ("person_role", "POST"): Role.ADMIN,
    ("person_disable", "POST"): Role.ADMIN,
    ("person_enable", "POST"): Role.ADMIN,
    ("person_reset", "POST"): Role.ADMIN,
}

PRESS: Table = {
    ("translation", "GET"): Role.READER,
    ("translation_file", "GET"): Role.READER,
    ("translation_import", "POST"): Role.EDITOR,
    ("preview", "GET"): Role.READER,
    ("preview_file", "GET"): Role.READER,
    ("preview_links", "POST"): Role.EDITOR,
    ("issues", "GET"): Role.READER,
    ("issue", "GET"): Role.READER,
    ("issue_back", "POST"): Role.EDITOR,
    ("issue_publish", "POST"): Role.PUBLISHER,
    ("issue_schedule", "POST"): Role.PUBLISHER,
    ("issue_unschedule", "POST"): Role.PUBLISHER,
    ("issue_correct", "GET"): Role.PUBLISHER,
    ("issue_correct", "POST"): Role.PUBLISHER,
}

DRAFT: Table = {
    ("draft", "GET"): Role.READER,
    ("draft_add", "GET"): Role.EDITOR,
    ("draft_add", "POST"): Role.EDITOR,
    ("draft_accept", "POST"): Role.EDITOR,
    ("draft_accept_all", "POST"): Role.EDITOR,
    ("draft_reject", "POST"): Role.EDITOR,
    ("draft_leave", "POST"): Role.EDITOR,
    ("draft_move", "POST"): Role.EDITOR,
    ("draft_place", "POST"): Role.EDITOR,
    ("draft_propose", "POST"): Role.EDITOR,
    ("draft_review", "POST"): Role.EDITOR,
    ("draft_approve", "POST"): Role.PUBLISHER,
    ("draft_schedule", "POST"): Role.PUBLISHER,
    ("draft_back", "POST"): Role.EDITOR,
    ("draft_comment", "POST"): Role.EDITOR,
    ("draft_resolve", "POST"): Role.EDITOR,
    ("undo", "POST"): Role.EDITOR,
    ("redo", "POST"): Role.EDITOR,
}

LOOKING: Table = {
    ("search", "GET"): Role.READER,
    ("search_accept", "POST"): Role.EDITOR,
    ("missing", "GET"): Role.READER,
    ("log", "GET"): Role.READER,
    ("lab", "GET"): Role.READER,
    ("lab", "POST"): Role.EDITOR,
    ("lab_file", "POST"): Role.EDITOR,
    ("lab_live", "POST"): Role.ADMIN,
    ("feeds", "GET"): Role.READER,
    ("feed", "GET"): Role.READER,
    ("feed_retry", "POST"): Role.EDITOR,
    ("feed_capture", "GET"): Role.READER,
    ("feed_document", "GET"): Role.READER,
}

ROLES: Table = {
    **PUBLIC,
    **STATUS,
    **DOORS,
    **FRAME,
    **INBOX,
    **PEOPLE,
    **DRAFT,
    **PRESS,
    **LOOKING,
}
"""All of them. A new room of the desk adds its rows here."""


def least_of(row: Least, options: DeskOptions) -> Least:
    """What a row asks for as the desk is configured."""
    if row is Open.STATUS:
        return Open.WORLD if options.status_public else Role.READER
    return row
