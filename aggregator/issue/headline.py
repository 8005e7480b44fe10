"""The headline as it is printed: without the marks of the press office."""

from __future__ import annotations

import re

from aggregator.text.marks import CLOSING, HANDLING_MARKS, HEADLINE_MARKS, OPENING


def _leading(marks: str) -> re.Pattern[str]:
    return re.compile(
        rf"^\s*(?:{OPENING}\s*(?:[\d.월일·,()\s가-힣]{{0,16}}\s*)?(?:{marks})"
        rf"\s*(?:\([^)]*\))?\s*{CLOSING}\s*)+"
    )


_MARK = _leading(HEADLINE_MARKS)
_HANDLING = _leading(HANDLING_MARKS)


def printed_headline(title: str) -> str:
    """The title without leading marks such as ``[보도자료]`` and ``(석간)``, as an issue prints it;
    never empty for a title that is not."""
    return _MARK.sub("", title).strip() or title.strip()


def shown_headline(title: str) -> str:
    """The same as the planet's pages and feeds show it. They have every release, under its source's
    name: what says that it explains, denies or mends something (``[해명]``, ``(정정)``) stays."""
    return _HANDLING.sub("", title).strip() or title.strip()
