"""Terms that press offices write in two ways, brought to one: AI and 인공지능, 3천 and 3000."""

from __future__ import annotations

import re

_ABBREVIATED = {
    "AI": "인공지능",
    "IoT": "사물인터넷",
    "R&D": "연구개발",
    "MOU": "업무협약",
    "SW": "소프트웨어",
    "UAM": "도심항공교통",
    "FTA": "자유무역협정",
    "ODA": "공적개발원조",
}
"""Abbreviations and the term that they stand for, which may stand beside them in brackets."""

_WORDS = {
    "동절기": "겨울철",
    "하절기": "여름철",
    "홈페이지": "누리집",
    "양해각서": "업무협약",
    "이달의": "이번 달",
    "이번 달의": "이번 달",
}
_ENGLISH = {"gov": "Government", "int": "International", "nat": "National"}
_READINGS = dict(
    zip(
        "韓美日中北英獨佛伊露印新前現展對大小女男與野軍民官産學硏銀金株家車社故上下",
        "한미일중북영독불이러인신전현전대대소여남여야군민관산학연은금주가차사고상하",
        strict=True,
    )
)
"""Single Chinese characters that headlines use for a word, by their reading."""

_ABBREVIATIONS = {
    short: re.compile(
        rf"{long}\s?\(\s?{short}\s?\)|(?<![A-Za-z]){short}\s?\(\s?{long}\s?\)"
        rf"|(?<![A-Za-z&]){short}(?![A-Za-z])"
    )
    for short, long in _ABBREVIATED.items()
}
_BIRD_FLU = re.compile(r"(?:조류\s?인플루엔자\s?\(\s?AI\s?\)|(?<=고병원성)\s?AI(?![A-Za-z]))")
"""Where the same two letters mean another thing."""

_CUT_ENGLISH = re.compile(r"\b(gov|int|nat)(?:['’`]?t|['’`]l)\b(?!['’])", re.IGNORECASE)
_ALONE = r"(?<![\d.,])"
_THOUSANDS = re.compile(
    r"천(?=\s?(?:[여만억조원명개건곳대가톤호㎡종필]|$))"
    rf"(?:(?<={_ALONE}\d천)|(?<={_ALONE}\d\d천)|(?<={_ALONE}\d\d\d천))"
)
"""Behind one to three digits. What begins with a letter is found by that, several times as quickly as
what begins with any digit."""

_HANJA_GLOSS = re.compile(r"(?<=[가-힣])\s?\([\u4e00-\u9fff][\u4e00-\u9fff\s·,]{1,30}\)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def unify(text: str) -> str:
    """``text`` (of ``bare_text``) with one spelling for each of these terms; the words of a term may
    stand in any copy of it. Unifying twice changes nothing."""
    if "AI" in text:
        text = _BIRD_FLU.sub(" 조류인플루엔자", text)
    for short, pattern in _ABBREVIATIONS.items():
        if short in text:
            text = pattern.sub(f"{_ABBREVIATED[short]}", text)
    for word, other in _WORDS.items():
        if word in text:
            text = text.replace(word, other)
    if "천" in text:
        text = _THOUSANDS.sub("000", text)
    if "ov" in text or "'l" in text or "’l" in text:
        text = _CUT_ENGLISH.sub(lambda found: _ENGLISH[found[1].casefold()], text)
    if _CHINESE.search(text):
        text = _CHINESE.sub(_by_reading, _HANJA_GLOSS.sub("", text))
    return text


def _by_reading(found: re.Match[str]) -> str:
    return _READINGS.get(found.group(), found.group())
