"""What editors put right in published issues, as kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aggregator.domain.corrections import Correction
from aggregator.domain.issues import Edit


class CorrectionStore(Protocol):
    """Corrections: written once, never changed, never thrown away."""

    def corrections(self, series: str) -> list[Correction]:
        """All corrections of a series by issue, in the order in which they were made."""
        ...

    def save_correction(
        self, correction: Correction, *, version: int, edits: Sequence[Edit]
    ) -> Correction:
        """Keep a correction, with its lines for the log, and say how it was kept: ``mailed`` is what
        the table of mails says in the same transaction. The issue's version goes up.

        Raises Conflict when the issue's version is not ``version``, and IllegalTransition unless
        the issue is published.
        """
        ...
