"""The ``urls`` file of newsboat and newsbeuter: an address a line, then tags.

Words stand apart by blanks, in double quotes where they hold some; a backslash takes the next
character as it is. A tag that begins with ``~`` is the feed's title, ``!`` hides it.
"""

from __future__ import annotations

import re

from aggregator.read.lists.subscription import MOST, Subscription, plain_address
from aggregator.text.clean import one_line

_WORD = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"?|(?P<bare>(?:[^\s"\\]|\\.)+)|(?P<stray>\\)')
_ESCAPE = re.compile(r"\\(.)")
_PROBLEMS = {
    "exec:": "it is a command, which is never run",
    "filter:": "it is a command and an address, which is never run",
    "query:": "it is a query over other feeds",
    "file:": "it is a file of this machine",
}
_ADDRESS = re.compile(
    r'\s*"?(?:(?:https?|feed)://|feed:|exec:|filter:|query:|file:)', re.IGNORECASE
)


def looks_like_newsboat(text: str) -> bool:
    """Whether a text has a line that begins as lines of a ``urls`` file do."""
    return any(_ADDRESS.match(line) for line in text.splitlines())


def read_newsboat(text: str) -> list[Subscription]:
    """The lines of a ``urls`` file in their order, each address once. Commands, filters and
    queries say what they are, and nothing of them is carried out."""
    found: dict[str, Subscription] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#") or len(found) >= MOST:
            continue
        words = _words(line)
        if not words:
            continue
        url = plain_address(words[0])
        scheme = next((name for name in _PROBLEMS if url.lower().startswith(name)), "")
        titles = [word[1:] for word in words[1:] if word.startswith("~")]
        found.setdefault(
            url,
            Subscription(
                url=url,
                title=one_line(titles[0]) if titles else "",
                tags=tuple(one_line(w) for w in words[1:] if not w.startswith(("~", "!")) and w),
                line=number,
                problem=_PROBLEMS.get(scheme, ""),
            ),
        )
    return list(found.values())


def _words(line: str) -> list[str]:
    return [
        _ESCAPE.sub(r"\1", part["quoted"] if part["quoted"] is not None else part["bare"] or "")
        for part in _WORD.finditer(line)
        if part["stray"] is None
    ]
