"""How much a command line logs: warnings, or every step with --verbose."""

from __future__ import annotations

import logging

from aggregator.observe import configure_logging


def set_up_logs(*, verbose: bool) -> None:
    """Log to standard error: errors only, as the command says the rest itself, or everything."""
    configure_logging(level=logging.DEBUG if verbose else logging.ERROR)
