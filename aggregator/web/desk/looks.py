"""How a document is looked at: in light or dark, with pictures or without. Pure.

The bytes are the publisher's. A browser shows a page as its own settings say, so that a forced look
takes the question out of the style sheets; pictures are kept away by the document's policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_QUERY = re.compile(rb"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")
_SCHEME = re.compile(rb"(color-scheme:\s*)light dark")
_META = re.compile(rb'(<meta name="color-scheme" content=")light dark(")')
_BARE = "-bare"


class Scheme(StrEnum):
    """What the browser is told to prefer; ``OWN`` leaves it to whoever looks."""

    OWN = "own"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A scheme, and whether pictures are shown."""

    scheme: Scheme = Scheme.OWN
    images: bool = True

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return f"{self.scheme}{'' if self.images else _BARE}"

    @classmethod
    def of(cls, slug: str) -> Look | None:
        """The look of that name, None where there is none."""
        images = not slug.endswith(_BARE)
        try:
            return cls(scheme=Scheme(slug.removesuffix(_BARE)), images=images)
        except ValueError:
            return None

    def forced(self, body: bytes) -> bytes:
        """A page or style sheet that asks nobody which scheme to take."""
        if self.scheme is Scheme.OWN:
            return body
        wanted = self.scheme.value.encode()

        def answer(asked: re.Match[bytes]) -> bytes:
            # A range that every screen has, or none: it stands wherever a feature may.
            return b"(min-width: 0)" if asked[1] == wanted else b"(max-width: 0)"

        body = _SCHEME.sub(rb"\g<1>only " + wanted, _QUERY.sub(answer, body))
        return _META.sub(rb"\g<1>only " + wanted + rb"\g<2>", body)
