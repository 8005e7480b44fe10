"""Many values in batches of one size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 1000
"""Items that are read, compared and written together."""

T = TypeVar("T")


def chunks(values: Sequence[T], size: int = 0) -> Iterator[Sequence[T]]:
    """The values in their order, so many at once; CHUNK for 0."""
    size = size or CHUNK
    return (values[start : start + size] for start in range(0, len(values), size))
