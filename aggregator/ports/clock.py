"""What tells the time."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the present; everything else is given ``now``."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...
