"""The pages that the desk has. A new one is a module with a class like these, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from aggregator.web.desk.adding import AddPage
from aggregator.web.desk.correcting import CorrectPage
from aggregator.web.desk.decisions import Decisions
from aggregator.web.desk.draft import DraftPage
from aggregator.web.desk.feeds import FeedsPage
from aggregator.web.desk.fields import FieldsPage
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.inbox import InboxPage
from aggregator.web.desk.issues import IssuesPage
from aggregator.web.desk.item import ItemPage
from aggregator.web.desk.item_forms import ItemForms
from aggregator.web.desk.lab import LabPage
from aggregator.web.desk.log import LogPage
from aggregator.web.desk.missing import MissingPage
from aggregator.web.desk.preview import PreviewPage
from aggregator.web.desk.search import SearchPage
from aggregator.web.desk.today import TodayPage
from aggregator.web.desk.translation import TranslationPage
from aggregator.web.desk.undo import UndoPage
from aggregator.web.doors.asked import HOME
from aggregator.web.doors.guard import DeskRoute


class Page(Protocol):
    """A page, or several that belong together."""

    def routes(self) -> list[DeskRoute]:
        """Its routes. One whose name is in ``frame.PLACES`` is in the navigation."""
        ...


PAGES: tuple[Callable[[Frame], Page], ...] = (
    TodayPage,
    InboxPage,
    ItemPage,
    FieldsPage,
    Decisions,
    ItemForms,
    DraftPage,
    AddPage,
    UndoPage,
    TranslationPage,
    PreviewPage,
    IssuesPage,
    CorrectPage,
    SearchPage,
    MissingPage,
    FeedsPage,
    LogPage,
    LabPage,
)


def desk_routes(frame: Frame) -> list[DeskRoute]:
    """The routes of all pages, and of the files that they need."""
    assets = DeskRoute(
        name="desk_asset",
        path=f"{HOME}/assets/{{asset}}",
        handlers={"GET": frame.assets.serve},
    )
    return [assets, *(route for make in PAGES for route in make(frame).routes())]
