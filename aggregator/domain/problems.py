"""What is wrong with a configuration file, one record for each mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a configuration file.

    ``line`` counts from 1 and is None where the whole file is meant; ``path`` is the TOML path
    such as ``feeds[3].url``; ``remedy`` says what would be right.
    """

    path: str
    message: str
    remedy: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{where}{self.path}: {self.message}{remedy}"
