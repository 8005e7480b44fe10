"""Imports without what is optional to a package and of no use here.

Half of the time that httpx and structlog take to load goes into rich and pygments, for a command
line and for tracebacks in colour. Each command would pay for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNWANTED = ("rich", "pygments", "httpx._main")


@contextmanager
def without_extras() -> Iterator[None]:
    """Within the block, what is not loaded yet of ``UNWANTED`` cannot be imported; after it, it can
    be as before."""
    hidden = [name for name in UNWANTED if name not in sys.modules]
    # None makes the import raise ModuleNotFoundError, as where the package is not installed.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
