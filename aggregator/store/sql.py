"""The store as services see it, put together from its parts."""

from __future__ import annotations

from aggregator.store.actions import ActionRows
from aggregator.store.changes import ChangeRows
from aggregator.store.condition import ConditionRows
from aggregator.store.corrections import CorrectionRows
from aggregator.store.curation import CurationRows
from aggregator.store.deliveries import DeliveryRows
from aggregator.store.engine import Database
from aggregator.store.feeds import FeedRows
from aggregator.store.fingerprints import FingerprintRows
from aggregator.store.glance import GlanceRows
from aggregator.store.heirs import HeirRows
from aggregator.store.inbox import InboxRows
from aggregator.store.issues import IssueRows
from aggregator.store.items import ItemRows
from aggregator.store.logbook import LogRows
from aggregator.store.looking import LookingRows
from aggregator.store.manners import MannersRows
from aggregator.store.people import AccountRows
from aggregator.store.pings import PingRows
from aggregator.store.placements import PlacementRows
from aggregator.store.search import SearchRows
from aggregator.store.stories import StoryRows
from aggregator.store.supply import SupplyRows
from aggregator.store.upkeep import UpkeepRows
from aggregator.store.visits import VisitRows


class SqlStore(
    FeedRows,
    VisitRows,
    MannersRows,
    UpkeepRows,
    ConditionRows,
    ItemRows,
    FingerprintRows,
    CurationRows,
    StoryRows,
    PlacementRows,
    SupplyRows,
    HeirRows,
    IssueRows,
    ActionRows,
    LogRows,
    InboxRows,
    ChangeRows,
    DeliveryRows,
    CorrectionRows,
    PingRows,
    AccountRows,
    SearchRows,
    GlanceRows,
    LookingRows,
):
    """The whole store in one SQL database; ``schema.open_store`` makes it.

    Every method is one transaction (``throw_away`` many short ones) and may be called from any
    thread. What fails below is raised as StoreBusy, StoreFull, StoreUnavailable or StoreError, and
    has changed nothing.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def place(self) -> str:
        """Which database this is, as messages name it."""
        return self._db.place

    def close(self) -> None:
        """Give back connections."""
        self._db.close()
