"""How a feed is: exactly one named state, the worst by the order in which they stand here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Health(StrEnum):
    """The states, the worst first; of several that hold the first one is the feed's state.

    First what needs a person, then what may mend itself, then what is only remarked, then what is
    well.
    """

    BLOCKED_ADDRESS = "blocked_address"
    """It leads to a private address."""
    READER_KILLED = "reader_killed"
    """Reading its document took too long or too much memory and was ended."""
    TOO_DEEP = "too_deep"
    """Its document is nested too deeply."""
    TOO_LARGE = "too_large"
    """Its document is larger than allowed."""
    CERTIFICATE = "certificate"
    """The server cannot prove who it is."""
    GONE = "gone"
    """The server said 410: the feed has ended, and is suspended."""
    HTML = "html"
    """A page came instead of a feed."""
    NO_MATCH = "no_match"
    """The selectors match nothing on the page."""
    API_ERROR = "api_error"
    """The press-release interface refused the question."""
    UNDECODABLE = "undecodable"
    """The bytes are no text."""
    NOT_A_FEED = "not_a_feed"
    """Something else came, which is neither page nor feed."""
    REDIRECT_LOOP = "redirect_loop"
    """Redirects without end, or into nothing."""
    HTTP_ERROR = "http_error"
    """A status that carries no feed."""
    REFUSED = "refused"
    """The server refuses visitors from here."""
    UNREACHABLE = "unreachable"
    """Nobody answers."""
    SLOW = "slow"
    """No whole answer within the deadline."""
    THROTTLED = "throttled"
    """The server asked to come less often."""
    EMPTY = "empty"
    """Nothing came, or a feed without entries."""
    IDS_CHANGED = "ids_changed"
    """All entries came under other ids than before."""
    UNSURE_DATES = "unsure_dates"
    """The dates cannot be believed."""
    MOVED = "moved"
    """It works, at another address than the configured one."""
    QUIET = "quiet"
    """It works, and has brought nothing for longer than its rhythm."""
    OK = "ok"
    """It works."""
    NEW = "new"
    """It was not visited yet."""
    OFF = "off"
    """It is switched off in the configuration."""

    @property
    def is_ill(self) -> bool:
        """Whether somebody should look."""
        return self not in {Health.OK, Health.NEW, Health.OFF, Health.MOVED, Health.QUIET}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the last visit saw: the status (None where none came), the address it came from, and
    the first characters of what came, made harmless."""

    status: int | None = None
    url: str = ""
    head: str = ""


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A feed's state since when (UTC), with its evidence. ``says`` is one plain English sentence.

    ``document`` is the state that the feed's last document is in, if that is one to remark, with its
    own sentence: it lasts while visits fail or bring the same document.
    """

    health: Health = Health.NEW
    since: datetime | None = None
    says: str = ""
    evidence: Evidence = NO_EVIDENCE
    document: Health | None = None
    document_says: str = ""


NOT_VISITED = Condition()
"""The condition of a feed that was never visited."""
