"""The headline as an issue prints it: without the marks of the press office."""

from __future__ import annotations

import re

from aggregator.text.marks import HEADLINE_MARKS

_MARK = re.compile(
    r"^\s*(?:[\[(【〔<〈]\s*(?:[\d.월일·,()\s가-힣]{0,12}\s*)?(?:"
    + HEADLINE_MARKS
    + r")\s*(?:\([^)]*\))?\s*[\])】〕>〉]\s*)+"
)


def printed_headline(title: str) -> str:
    """The title without leading marks such as ``[보도자료]`` and ``(석간)``; never empty for a
    title that is not."""
    bare = _MARK.sub("", title).strip()
    return bare or title.strip()
