"""What an editor may have overlooked, as a code with its values and as an English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """``code`` is the name of what is told (``desk.note.<code>`` in the catalogue), ``values`` what it
    is about: days as dates, numbers of issues (0 for the draft), states and sections by their names.
    As a string it is ``text``."""

    code: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence."""
        return self.text
