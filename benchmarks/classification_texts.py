"""Texts and rule sets to classify, made from a seed: press releases in Korean and English, in which
words of the rules stand as often as in real ones, and the shipped rules with fewer or more words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from aggregator.curate.placing.classify import ClassifyInput
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Group, RuleSet

TITLE = 35
SUMMARY = 200
CONTENT = 800
"""Characters of a field, about."""

_PLANTED_EVERY = 160
"""A word of the rules is put into so many characters. With those that stand in the other words by
chance there is then a hit in about 50, as in real releases."""

_WITH_CONTENT = 5
"""One text of so many has a content."""

_ENGLISH = 6
"""One text of so many is in English."""

_KOREAN_WORDS = [
    "정부는",
    "올해",
    "상반기",
    "예산을",
    "투입해",
    "주민",
    "생활",
    "환경을",
    "개선하고",
    "안전한",
    "일상을",
    "지원한다고",
    "밝혔다",
    "시민",
    "누구나",
    "참여할",
    "수",
    "있으며",
    "자세한",
    "내용은",
    "누리집에서",
    "확인할",
    "수",
    "있다",
    "관계자는",
    "앞으로도",
    "현장의",
    "목소리를",
    "듣고",
    "필요한",
    "제도를",
    "마련하겠다고",
    "말했다",
    "이번",
    "행사에는",
    "전국",
    "17개",
    "기관이",
    "함께했으며",
    "지난해보다",
    "12%",
    "늘어난",
    "2,345명이",
    "다녀갔다",
    "위원회는",
    "관련",
    "법령에",
    "따라",
    "심의를",
    "거쳐",
    "다음",
    "달부터",
    "시행할",
    "계획이다",
    "군은",
    "농가",
    "소득을",
    "높이기",
    "위해",
    "교육과",
    "상담을",
    "이어간다",
    "부산",
    "대전",
    "광주",
    "강릉",
    "여수",
    "김해",
    "종합",
    "계획",
    "수립",
    "협의체",
    "구성",
    "보고회",
    "개최",
    "점검",
    "실시",
    "업무",
    "협약",
    "체결",
    "청소년",
    "어르신",
    "소상공인",
    "일자리",
    "복지",
    "문화",
    "관광",
    "환경",
    "보건",
    "의료",
    "체육",
    "축제",
    "도서관",
    "박물관",
    "하천",
    "정비",
    "도로",
    "포장",
]
_KOREAN_SIGNS = ("“", "”", "‘", "’", "…", " · ", "(", ")", ", ", " - ", "~")
_PARTICLES = ("", "", "", "을", "를", "이", "의", "에서", "으로", "과")
_ENGLISH_WORDS = [
    "the",
    "ministry",
    "said",
    "on",
    "Monday",
    "that",
    "it",
    "will",
    "hold",
    "a",
    "meeting",
    "with",
    "local",
    "firms",
    "and",
    "residents",
    "to",
    "hear",
    "their",
    "views",
    "on",
    "the",
    "new",
    "budget",
    "which",
    "provides",
    "support",
    "for",
    "small",
    "shops",
    "and",
    "young",
    "families",
    "in",
    "17",
    "regions",
    "of",
    "the",
    "country",
    "officials",
    "plan",
    "to",
    "review",
    "current",
    "rules",
    "before",
    "the",
    "end",
    "of",
    "next",
    "month",
    "and",
    "to",
    "publish",
    "results",
    "for",
    "2,345",
    "households",
    "minister",
    "governor",
    "mayor",
    "council",
    "report",
    "annual",
    "health",
    "culture",
    "river",
    "road",
    "park",
    "school",
    "library",
    "festival",
    "farming",
    "fishing",
    "export",
    "training",
    "safety",
    "inspection",
]
_SYLLABLES = (
    "가강건경계고공관광교구국금기남노농단대도동등라로마만명모무문미민박반방배백보본부북사산상새서석선성세소송수"
    "순시식신실안양업여연영예오온완외용우운원위유은음의이인일임자작장재전정제조주중지진차창천철청초총최추충치친"
)
_SOUNDS = (
    "ba",
    "cor",
    "den",
    "el",
    "fi",
    "gra",
    "hon",
    "in",
    "ka",
    "lor",
    "mi",
    "no",
    "pra",
    "sti",
    "ter",
    "vu",
)

_LEVELS = (Level.MINISTRY, Level.AGENCY, Level.CITY, Level.CITY, Level.METRO, Level.PORTAL)
_CARRIES = (*[Carries.PRESS] * 8, Carries.NOTICE, Carries.VIDEO)


def rules_with(shipped: RuleSet, words: int, seed: int) -> RuleSet:
    """The shipped rules with so many plain words in all their groups, and as many masks for each
    word as are shipped. Regular expressions stay as they are."""
    random = Random(f"{seed} rules")  # noqa: S311 - repeatable, not secret
    plain = sum(len(_plain(group.words)) for group in shipped.groups)
    share = words / plain
    made = _made_words(random, {word for group in shipped.groups for word in group.words})
    groups: list[Group] = []
    left = words
    for group in shipped.groups:
        is_last = group is shipped.groups[-1]
        wanted = left if is_last else round(len(_plain(group.words)) * share)
        left -= wanted
        groups.append(replace(group, words=_resized(random, group.words, wanted, made)))
    masks = _resized(random, shipped.masks, round(len(_plain(shipped.masks)) * share), made)
    return replace(shipped, groups=tuple(groups), masks=masks)


def _resized(
    random: Random, words: Sequence[str], wanted: int, made: Iterator[str]
) -> tuple[str, ...]:
    plain = _plain(words)
    kept = plain if wanted >= len(plain) else random.sample(plain, wanted)
    new = [next(made) for _ in range(wanted - len(kept))]
    return (*(word for word in words if word.startswith("re:")), *kept, *new)


def _plain(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.startswith("re:")]


def _made_words(random: Random, known: set[str]) -> Iterator[str]:
    """Words that nobody knows: three of four Korean, one English, a fifth of them of two words."""
    while True:
        parts = 1 + (random.random() < 0.2)  # noqa: PLR2004
        if random.random() < 0.75:  # noqa: PLR2004
            each = [
                "".join(random.choices(_SYLLABLES, k=random.randint(2, 5))) for _ in range(parts)
            ]
        else:
            each = ["".join(random.choices(_SOUNDS, k=random.randint(2, 3))) for _ in range(parts)]
        word = " ".join(each)
        if word not in known:
            known.add(word)
            yield word


def made_texts(rules: RuleSet, items: int, seed: int) -> list[ClassifyInput]:
    """So many releases in which words of ``rules`` stand. The same seed gives texts of the same
    lengths with as many words for every rule set."""
    words = [word for group in rules.groups for word in _plain(group.words)]
    english = [word for word in words if word.isascii()]
    korean = [word for word in words if not word.isascii()]
    return [_release(Random(f"{seed} {number}"), korean, english) for number in range(items)]  # noqa: S311


def _release(random: Random, korean: Sequence[str], english: Sequence[str]) -> ClassifyInput:
    is_english = random.randrange(_ENGLISH) == 0
    planted = english if is_english else korean
    has_content = random.randrange(_WITH_CONTENT) == 0

    def field(length: int) -> str:
        size = round(length * random.uniform(0.6, 1.4))
        return _sentence(random, planted, size, is_english=is_english)

    return ClassifyInput(
        title=field(TITLE),
        summary=field(SUMMARY),
        content=field(CONTENT) if has_content else "",
        level=random.choice(_LEVELS),
        body="molit",
        carries=random.choice(_CARRIES),
        language="en" if is_english else "ko",
    )


def _sentence(random: Random, planted: Sequence[str], length: int, *, is_english: bool) -> str:
    pieces: list[str] = []
    size = 0
    next_word = random.randrange(_PLANTED_EVERY)
    while size < length:
        if size >= next_word:
            # Of the words by their place, so that the same numbers are drawn for every rule set.
            piece = planted[int(random.random() * len(planted))]
            piece += "" if is_english else random.choice(_PARTICLES)
            next_word += _PLANTED_EVERY
        elif random.random() < 0.06:  # noqa: PLR2004
            piece = random.choice((", ", ". ", " - ", "(", ")") if is_english else _KOREAN_SIGNS)
        else:
            piece = random.choice(_ENGLISH_WORDS if is_english else _KOREAN_WORDS)
        pieces.append(piece)
        size += len(piece) + 1
    return " ".join(pieces)[:length]


def read_texts(file: Path, items: int) -> list[ClassifyInput]:
    """The rows of a JSONL file: ``title``, and where there are any ``summary``, ``content``,
    ``level`` and ``carries``; at most so many. Raises ValueError for a row that is none."""
    texts = []
    for line in file.read_text(encoding="utf-8").splitlines()[:items]:
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("title"), str):
            raise ValueError(f"{file}: a row needs a title")  # noqa: TRY004 - of the file
        texts.append(
            ClassifyInput(
                title=row["title"],
                summary=row.get("summary") or "",
                content=row.get("content") or "",
                level=Level(row.get("level", "ministry")),
                body="molit",
                carries=Carries(row.get("carries", "press")),
            )
        )
    return texts
