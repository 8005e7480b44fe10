"""What the next page says of what was just done: kept by the browser in a cookie, for one page."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum

from starlette.responses import Response

from aggregator.web.doors.asked import Asked, safe_next
from aggregator.web.doors.cookies import FLASH, forget_flash, keep_flash, read_cookie

_LONGEST = 400
"""Characters of a text: in a cookie there is room for that, in whatever script."""


class Kind(StrEnum):
    """How it went."""

    DONE = "done"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """A line for the next page. ``detail`` is what the program itself says, in English; ``undo`` the
    id of the action that can be taken back, "" for none; ``see`` the page of what is new by it, ""
    for none."""

    text: str
    kind: Kind = Kind.DONE
    detail: str = ""
    undo: str = ""
    see: str = ""


def say_next(asked: Asked, response: Response, flash: Flash) -> None:
    """Let the next page say it."""
    values = [flash.kind.value, _cut(flash.text), _cut(flash.detail), flash.undo, flash.see]
    packed = urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode("ascii")
    keep_flash(response, packed.rstrip("="), asked.options)


def read_flash(asked: Asked) -> Flash | None:
    """What this page is to say; None for nothing, and for what nobody here wrote."""
    packed = read_cookie(asked.request, FLASH, asked.options)
    if not packed:
        return None
    try:
        kind, text, detail, undo, see = map(
            str, json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        )
        way = safe_next(see) if see else ""
        return Flash(kind=Kind(kind), text=text, detail=detail, undo=undo, see=way)
    except (ValueError, TypeError):
        return None


def forget(asked: Asked, response: Response) -> None:
    """It has been said."""
    forget_flash(response, asked.options)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
