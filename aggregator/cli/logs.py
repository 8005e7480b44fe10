"""How much a command line logs: warnings, the daemon each unit of work, --verbose every step."""

from __future__ import annotations

import logging

from aggregator.observe import configure_logging


def set_up_logs(*, verbose: bool, daemon: bool = False) -> None:
    """Log to standard error. A verb says itself what it did, so only warnings are added; the
    daemon has nobody to say it to, so each unit of work is a line."""
    quiet = logging.INFO if daemon else logging.WARNING
    configure_logging(level=logging.DEBUG if verbose else quiet)
