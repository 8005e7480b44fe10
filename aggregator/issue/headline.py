"""The headline as an issue prints it: without the marks of the press office."""

from __future__ import annotations

import re

from aggregator.text.marks import CLOSING, HEADLINE_MARKS, OPENING

_MARK = re.compile(
    rf"^\s*(?:{OPENING}\s*(?:[\d.월일·,()\s가-힣]{{0,16}}\s*)?(?:{HEADLINE_MARKS})"
    rf"\s*(?:\([^)]*\))?\s*{CLOSING}\s*)+"
)


def printed_headline(title: str) -> str:
    """The title without leading marks such as ``[보도자료]`` and ``(석간)``; never empty for a
    title that is not."""
    bare = _MARK.sub("", title).strip()
    return bare or title.strip()
