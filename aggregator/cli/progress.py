"""A bar with count and rest for whatever takes longer than a second, when a terminal is there."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds before the bar appears."""


class Bar:
    """Counts steps; draws itself on standard error only after PATIENCE and only on a terminal."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._started = time.monotonic()
        self._is_seen = sys.stderr.isatty()
        self._progress: object | None = None

    def step(self) -> None:
        """Count one step done."""
        self.show(self._done + 1, self._total)

    def show(self, done: int, total: int) -> None:
        """Draw ``done`` of ``total``."""
        self._done, self._total = done, total
        if not self._is_seen or time.monotonic() - self._started < PATIENCE:
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        if self._progress is None:
            progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            progress.add_task(self._label, total=self._total)
            progress.start()
            self._progress = progress
        if isinstance(self._progress, Progress):
            self._progress.update(
                self._progress.task_ids[0], completed=self._done, total=self._total
            )

    def close(self) -> None:
        """Remove the bar."""
        stop = getattr(self._progress, "stop", None)
        if stop is not None:
            stop()


@contextmanager
def bar(label: str, total: int = 0) -> Iterator[Bar]:
    """A bar for ``total`` steps; the total may also come with each ``show``."""
    one = Bar(label, total)
    try:
        yield one
    finally:
        one.close()
