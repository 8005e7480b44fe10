"""The region of an issuing body, as an edition prints and keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from aggregator.domain.bodies import Body


class Region(NamedTuple):
    """A first-level government: its id, how it is printed, its place in the administrative order."""

    id: str
    name: str
    order: int


NOWHERE = Region("", "", 0)
"""That of national bodies, and of those that are not known."""


def region_on(body: Body | None, day: date, bodies: Mapping[str, Body], language: str) -> Region:
    """The region that ``body`` lay in on ``day``, as it is printed in ``language``."""
    found = bodies.get(body.region_on(day)) if body is not None else None
    if found is None:
        return NOWHERE
    return Region(found.id, found.print_name(language), found.order)
