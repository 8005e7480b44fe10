"""What services need from outside, as small protocols; adapters are chosen in ``bootstrap``."""

from aggregator.ports.clock import Clock
from aggregator.ports.fetching import (
    Fetched,
    Fetcher,
    FetchRequest,
    Hints,
    NotModified,
    PoliteFetcher,
)
from aggregator.ports.notifying import Mailer, Poster
from aggregator.ports.publishing import Artefact, Pictures, Renderer, Sink
from aggregator.ports.reading import Document, DocumentReader, Inspected, Page
from aggregator.ports.refreshing import (
    Arrived,
    FeedStore,
    KnownItem,
    Moved,
    RefreshPlan,
    Relinked,
    UpkeepStore,
    VisitStore,
)
from aggregator.ports.storing import BlockKeys, Compared, IssueStore, ItemStore, Store, StoryStore

__all__ = [
    "Arrived",
    "Artefact",
    "BlockKeys",
    "Clock",
    "Compared",
    "Document",
    "DocumentReader",
    "FeedStore",
    "FetchRequest",
    "Fetched",
    "Fetcher",
    "Hints",
    "Inspected",
    "IssueStore",
    "ItemStore",
    "KnownItem",
    "Mailer",
    "Moved",
    "NotModified",
    "Page",
    "Pictures",
    "PoliteFetcher",
    "Poster",
    "RefreshPlan",
    "Relinked",
    "Renderer",
    "Sink",
    "Store",
    "StoryStore",
    "UpkeepStore",
    "VisitStore",
]
