"""Who may do what, one row for each route and method. A route without a row stops the start."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aggregator.domain.people import DeskOptions, Role


class Open(StrEnum):
    """Routes that ask for no role.

    ``WORLD``: anybody, from anywhere: it holds nothing of the desk. ``DOORSTEP``: anybody who stands
    at the desk's own address; what it changes is asked for by its own pages alone. ``STATUS``: as
    ``[desk] status`` says.
    """

    WORLD = "world"
    DOORSTEP = "doorstep"
    STATUS = "status"


Least = Role | Open
Table = Mapping[tuple[str, str], Least]
"""The name of a route and a method, with the least that somebody must be. "*" is every method, for
what answers methods by itself."""

PUBLIC: Table = {
    ("public", "*"): Open.WORLD,
    ("healthz", "GET"): Open.WORLD,
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

PEOPLE: Table = {
    ("people", "GET"): Role.ADMIN,
    ("people", "POST"): Role.ADMIN,
    ("person_role", "POST"): Role.ADMIN,
    ("person_disable", "POST"): Role.ADMIN,
    ("person_enable", "POST"): Role.ADMIN,
    ("person_reset", "POST"): Role.ADMIN,
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

ROLES: Table = {**PUBLIC, **STATUS, **DOORS, **FRAME, **PEOPLE, **LOOKING}
"""All of them. A new room of the desk adds its rows here."""


def least_of(row: Least, options: DeskOptions) -> Least:
    """What a row asks for as the desk is configured."""
    if row is Open.STATUS:
        return Open.WORLD if options.status_public else Role.READER
    return row
