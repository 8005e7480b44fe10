"""The headline as an issue prints it: without the marks of the press office."""

from __future__ import annotations

import re

MARKS = (
    "보도자료",
    "보도참고",
    "보도설명",
    "보도해명",
    "참고",
    "참고자료",
    "설명",
    "설명자료",
    "해명",
    "조간",
    "석간",
    "자료제공",
    "부처합동",
    "관계부처합동",
    "공동보도",
    "수정",
    "정정",
    "재배포",
    "배포",
    "동정",
    "포토",
    "단독",
)
"""What stands in brackets before a title and is no part of it."""

_MARK = re.compile(
    r"^\s*(?:[\[(【〔<〈]\s*(?:[\d.월일·,()\s가-힣]{0,12}\s*)?(?:"
    + "|".join(MARKS)
    + r")\s*(?:\([^)]*\))?\s*[\])】〕>〉]\s*)+"
)


def printed_headline(title: str) -> str:
    """The title without leading marks such as ``[보도자료]`` and ``(석간)``; never empty for a
    title that is not."""
    bare = _MARK.sub("", title).strip()
    return bare or title.strip()
