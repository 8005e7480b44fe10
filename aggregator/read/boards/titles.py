"""Headlines of a board's rows without what its design adds: marks of new posts, of files, words
for the blind."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from aggregator.read.boards.page import Element, text_of

_MARK = re.compile(
    r"[\[(]?\s*(?:new|n|hot|h|up|new\s?post|new\s?icon|새\s?글|새로운\s?글|새\s?게시물|최신\s?글|신규(?:\s?글)?|인기\s?글|"
    r"(?:첨부\s?)?파일(?:\s?(?:있음|첨부|아이콘|이미지))?|첨부(?:\s?있음)?|이미지(?:\s?첨부)?|비밀\s?글|잠금|"
    r"(?:새\s?글|new|hot|파일|첨부(?:\s?파일)?)\s?아이콘|새\s?창(?:\s?열림|으로\s?열기)?|attach(?:ment|ed)?|file)\s*[\])]?",
    re.IGNORECASE,
)
"""What a mark beside a headline says, all of it."""

_MARK_LENGTH = 20
_MARK_ELEMENTS = 5
"""Elements that a mark is made of, at most."""

_HIDDEN = re.compile(
    r"sr[-_]?only|blind|hidden|hide|skip|ir|screen[-_]out|screen-reader-text|visually-?hidden"
    r"|a11y(?:-hidden)?|for-a11y|txt_hidden|hidden-text|sound[-_]only|offscreen"
)
"""Classes of what only screen readers say."""

MAX_HEADLINE = 1000
"""Characters read of a headline."""


def headline_of(element: Element, *, left_out: Callable[[Element], bool] = lambda _: False) -> str:
    """The headline in an element, without the descendants that ``left_out`` names. Marks ("NEW",
    "새글", "첨부파일") and what only screen readers say are left out, counts such as "(3)" stay;
    where nothing else is there, what is hidden is the headline."""

    def is_mark(one: Element) -> bool:
        return left_out(one) or _is_mark(one)

    def is_decoration(one: Element) -> bool:
        return _is_hidden(one) or is_mark(one)

    return text_of(element, left_out=is_decoration, most=MAX_HEADLINE) or text_of(
        element, left_out=is_mark, most=MAX_HEADLINE
    )


def _is_hidden(element: Element) -> bool:
    return any(_HIDDEN.fullmatch(name) for name in (element.get("class") or "").lower().split())


def _is_mark(element: Element) -> bool:
    if sum(1 for _ in islice(element.iter(), _MARK_ELEMENTS + 1)) > _MARK_ELEMENTS:
        return False
    text = text_of(element, most=_MARK_LENGTH + 1)
    return len(text) <= _MARK_LENGTH and _MARK.fullmatch(text) is not None
