"""What the log may know of a request."""

from __future__ import annotations

import re

from starlette.requests import Request

_KEY = re.compile(r"(/enter/).*", re.IGNORECASE | re.DOTALL)


def logged_path(request: Request) -> str:
    """The path that was asked for, with ``{token}`` where that of a one-time link stands: whoever reads
    the log may not come in with it."""
    return _KEY.sub(r"\1{token}", request.url.path)
