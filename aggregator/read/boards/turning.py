"""Where the further pages of a list are."""

from __future__ import annotations

import re

from aggregator.domain.feeds import Feed

_CUT = re.compile(r"\{page\}")


def page_urls(feed: Feed) -> list[str]:
    """The addresses of the list's further pages, from the second to the last that is read."""
    if not feed.page_url:
        return []
    return [_CUT.sub(str(number), feed.page_url) for number in range(2, feed.pages + 1)]
