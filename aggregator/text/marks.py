"""The marks that press offices put in brackets before and behind a title: 보도자료, 석간, 수정.

Each is a piece of a regular expression, for many are written with and without a blank.
"""

from __future__ import annotations

_HANDLING = (
    r"보도\s?자료", r"보도\s?참고", "참고", r"참고\s?자료", "조간", "석간", r"자료\s?제공", r"부처\s?합동",
    r"관계\s?부처\s?합동", "재배포", "배포", "즉시", r"즉시\s?보도", "엠바고",
)  # fmt: skip
_KINDS = (
    r"보도\s?설명", r"보도\s?해명", "설명", r"설명\s?자료", "해명", "수정", r"(?:제목|내용|일부)\s?(?:수정|정정)", "정정",
    "동정", "단독",
)  # fmt: skip
_EVERYWHERE = (*_HANDLING, *_KINDS)
_HEADLINE_ONLY = (r"공동\s?보도", "포토")
_COMPARISON_ONLY = (
    r"[가-힣]{2,12}\s?보도\s?자료", r"공동\s?보도자료", "보도참고자료", "보도해명자료", "보도설명자료", r"해명\s?자료", "합동", "공동",
    r"사진\s?자료", "긴급", "속보", "인사", "인사발령", r"장관\s?동정",
    r"차관\s?동정", "브리핑", "안내", "알림", "공지", "새소식", "카드뉴스", "영상", "동영상", "인포그래픽",
    "press release", "news release",
)  # fmt: skip

HEADLINE_MARKS = "|".join((*_EVERYWHERE, *_HEADLINE_ONLY))
"""What stands in brackets before a title and is no part of the headline that an issue prints."""

HANDLING_MARKS = "|".join((*_HANDLING, r"공동\s?보도"))
"""Those of them that tell the press how to handle a release, and readers nothing. That it explains
something, denies it or puts it right they are told."""

COMPARISON_MARKS = "|".join((*_EVERYWHERE, *_COMPARISON_ONLY))
"""What says nothing about which release it is when two titles are compared. A reader may still want
to see some of these (인사, 긴급), so that headlines keep them."""

OPENING = r"[\[(<{\uff3b\uff08\uff1c\u3008\u300a\u300c\u300e\u3010\u3014\u226a]"
CLOSING = r"[\])>}\uff3d\uff09\uff1e\u3009\u300b\u300d\u300f\u3011\u3015\u226b]"
"""The brackets that such marks stand in: plain, wide, and the Korean kinds."""

WITHIN = "[^" + CLOSING.removeprefix("[")
"""What may stand within them: anything but a closing one."""
