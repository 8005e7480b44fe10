"""What services need from outside, as small protocols; adapters are chosen in ``bootstrap``."""

from aggregator.ports.clock import Clock
from aggregator.ports.fetching import Fetched, Fetcher, FetchRequest, NotModified
from aggregator.ports.publishing import Artefact, Pictures, Renderer, Sink
from aggregator.ports.storing import (
    BlockKeys,
    FeedStore,
    IssueStore,
    ItemStore,
    KnownItem,
    Moved,
    RefreshPlan,
    Relinked,
    Store,
    StoryStore,
)

__all__ = [
    "Artefact",
    "BlockKeys",
    "Clock",
    "FeedStore",
    "FetchRequest",
    "Fetched",
    "Fetcher",
    "IssueStore",
    "ItemStore",
    "KnownItem",
    "Moved",
    "NotModified",
    "Pictures",
    "RefreshPlan",
    "Relinked",
    "Renderer",
    "Sink",
    "Store",
    "StoryStore",
]
