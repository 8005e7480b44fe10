"""What nobody decided on of an issue, as pages name it: with the way to each item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aggregator.domain.stories import Story
from aggregator.services.editing.undecided import Undecided
from aggregator.web.desk.findings import NamedItem, named_item
from aggregator.web.desk.views import query_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItems:
    """The same as ``Undecided``, in words. ``waiting_href`` leads to what was set aside."""

    proposals: tuple[NamedItem, ...]
    aside: tuple[NamedItem, ...]
    outside: tuple[NamedItem, ...]
    outside_total: int
    waiting_href: str

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.proposals or self.aside or self.outside_total)


def open_items(found: Undecided, path_of: Callable[[str], str]) -> OpenItems:
    """The items that nobody decided on; ``path_of`` gives the path of a page."""
    inbox = path_of("inbox")
    return OpenItems(
        proposals=_named((one.story for one in found.proposals), path_of),
        aside=_named((one.story for one in found.aside), path_of),
        outside=_named(found.outside, path_of),
        outside_total=found.outside_total,
        waiting_href=inbox + query_of({"state": "aside"}) if inbox else "",
    )


def _named(stories: Iterable[Story], path_of: Callable[[str], str]) -> tuple[NamedItem, ...]:
    return tuple(named_item(one, path_of) for one in stories)
