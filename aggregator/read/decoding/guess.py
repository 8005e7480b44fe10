"""Which charset the bytes of an undeclared text look like.

A text is read in every charset that feeds of the field are written in, and each reading is judged
by its characters: how many of them are the ones that the language uses most. The general detection
libraries learn pairs of characters and want a page of text; a press feed may have one syllable in a
title, and they take it for Chinese or Turkish. Common syllables tell Korean from its neighbours at
that length, and no more than a hint is wanted, for nearly every document says truly what it is in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

SAMPLE = 40_000
"""Bytes that are looked at, from shortly before the first one that is not ASCII."""

_BEFORE = 400
_HOME = 0.1
"""What speaks for Korean before the text has been looked at."""

_HINT = 0.25
"""What a language that a document names adds for the charsets it is written in."""

_BROKEN = "\ufffd"
_BROKEN_WEIGHT = -2.5
_HIGH = re.compile("[^\x00-\x7f]")
_FIRST_HIGH = re.compile(rb"[\x80-\xff]")
_LANGUAGE = re.compile(
    rb"""<(?:dc:)?language>\s{0,9}([A-Za-z]{2})\b|xml:lang\s{0,3}=\s{0,3}["']([A-Za-z]{2})\b"""
)

_SYLLABLES = frozenset(
    "시다기이지을는부도에정사스자한전고의원로국를하대가공보업마주관수서트과장인해교상통회산리일제구은성동위"
    "소개안청계행년으역티진터군비료체방선화식용경발세어여신토했모차민문학광조와간연남내최니나아농영단운실무"
    "중양참재건치등월확별강라호협책유합생술명바우며드설반울특현종력포천면적출점함있결금형활표축예육들요추분"
    "능밝평품입게약심담까거환획검만혔물노향억오미목달직급범후흥음려련할첨림집데복번처께및파감야증항립버배충준"
    "곳센열율북린올난황김새석험랍레권그론코뉴창된본프디속작록외응날순되착누투임불알따량령송법였저르당격촌매습"
    "총맞온털타길근브각류태초철택두규너논받병피말늘취질페접플앞융례혁찾승침것박크래찰릉같살았독더카겨변꾸편먼"
    "봉익됐절판족허었탄윤히손견층쓰메델네객글채루랑홍채키돌뜻없읍앙컨필높왕옮막답벌팀희효춘겠네좋봤싶때왜못"
)
"""The syllables that Korean releases use most; they are 97 of 100 in running text."""

_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么"
    "心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样"
    "现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打"
    "便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市"
)
_TRADITIONAL = frozenset(
    "的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼"
    "心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣"
    "現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打"
    "便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市"
)
_MARKS = frozenset("·‘’“”「」『』【】〈〉《》…～～→※ㆍ○●□■▶△▲◆◇ー、。，．・！？：；（）％℃㎡")
_TYPED = frozenset("ㅋㅎㅠㅜㅡㅇ")
_EUROPEAN_MARKS = frozenset("“”‘’–—…£€©®°·«»¿¡§™•„\xa0№")
_WESTERN = frozenset("éèàùçêâôîûëïüöäßñáíóúãõåøæœýðþ")
_CENTRAL = frozenset("ąćęłńóśźżčďěňřšťůžáéíýúöüőűô")
_ALPHABETS = {
    "cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў",
    "greek": "αοιετσνηυρπκμλςγδωχθφβξζψόάίέήύώ",
    "hebrew": "יוהלארתבשמנעדחקפםצטכןסזגךףץ",
    "thai": "านรอกเงมยลวดทตสปบคหแจพขชใไ่้ิี็์ัุูืึะำโ",
}
"""Letters by how often they are used, the commonest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A charset by Python's name. ``score``: 1 for a text of the commonest characters alone, below
    0 for what cannot be meant; ``characters`` is how many are not ASCII in the sample."""

    name: str
    score: float
    characters: int


def guess(body: bytes) -> Guess:
    """The charset that a text looks most like; ``cp1252`` with score 0 for pure ASCII."""
    sample = _sample(body)
    hinted = _HINTS.get(language_of(body), ())
    found = Guess(name="cp1252", score=0.0, characters=0)
    best = -10.0
    for name in _JUDGES:
        each = likeness(sample, name)
        rank = each.score + (_HINT if name in hinted else 0.0) + (_HOME if name == "cp949" else 0.0)
        if each.characters and rank > best:
            best, found = rank, each
    return found


def likeness(body: bytes, name: str) -> Guess:
    """How much a text looks like one in the charset ``name``; score 0 for charsets unknown here."""
    text = _sample(body).decode(name, "replace")
    counts = Counter(_HIGH.findall(text))
    total = counts.total()
    judge = _JUDGES.get(name)
    if judge is None or not total:
        return Guess(name=name, score=0.0, characters=total)
    return Guess(name=name, score=judge(text, counts) / total, characters=total)


def common_syllables(text: str) -> int:
    """How many of the characters are common Korean syllables."""
    return sum(character in _SYLLABLES for character in text)


def language_of(body: bytes) -> str:
    """The language that a document names near its beginning (two letters), or ""."""
    match = _LANGUAGE.search(body[:8000])
    return (match[1] or match[2]).decode("ascii").lower() if match else ""


def _sample(body: bytes) -> bytes:
    if len(body) <= SAMPLE:
        return body
    first = _FIRST_HIGH.search(body)
    start = max(0, first.start() - _BEFORE) if first else 0
    return body[start : start + SAMPLE].rsplit(b"<", 1)[0]


def _each(weigh: Callable[[str], float]) -> Callable[[str, Mapping[str, int]], float]:
    weigh = cache(weigh)

    def judge(_text: str, counts: Mapping[str, int]) -> float:
        return sum(
            (_BROKEN_WEIGHT if character == _BROKEN else weigh(character)) * count
            for character, count in counts.items()
        )

    return judge


def _lead(character: str, name: str) -> int:
    """The first byte of a character, 0 where the charset does not have it in two bytes."""
    try:
        coded = character.encode(name)
    except UnicodeEncodeError:
        return 0
    return coded[0] if len(coded) == 2 else 0  # noqa: PLR2004


def _korean(character: str) -> float:
    if character in _SYLLABLES:
        return 1.0
    if character in _MARKS:
        return 0.7
    if "가" <= character <= "힣":
        return 0.45 if _lead(character, "euc_kr") else -0.4
    if character in _TYPED:
        return 0.5
    return 0.1 if "一" <= character <= "龥" else -0.3


def _japanese(character: str) -> float:
    if "ぁ" <= character <= "ん" or "ァ" <= character <= "ヶ":
        return 1.0
    if character in _MARKS:
        return 0.8
    if "一" <= character <= "龥":
        return 0.5 if 0xB0 <= _lead(character, "euc_jp") <= 0xCF else 0.0  # noqa: PLR2004
    return -0.3


def _simplified(character: str) -> float:
    if character in _SIMPLIFIED:
        return 1.0
    if character in _MARKS:
        return 0.7
    lead = _lead(character, "gb2312")
    if "一" <= character <= "龥" and lead:
        return 0.5 if lead <= 0xD7 else 0.1  # noqa: PLR2004
    return -0.3


def _traditional(character: str) -> float:
    if character in _TRADITIONAL:
        return 1.0
    if character in _MARKS:
        return 0.7
    lead = _lead(character, "big5")
    if "一" <= character <= "龥" and lead:
        return 0.5 if lead <= 0xC6 else 0.0  # noqa: PLR2004
    return -0.3


def _letters(script: str) -> Callable[[str, Mapping[str, int]], float]:
    """Alphabets of one byte a letter: the commoner the letters the better; a capital within a word
    and a word half Latin are signs of another charset."""
    order = _ALPHABETS[script]
    weights = {letter: 1.0 - 0.7 * rank / len(order) for rank, letter in enumerate(order)}
    weights |= {letter.upper(): 0.5 for letter in order if letter.upper() != letter}
    weights |= dict.fromkeys(_EUROPEAN_MARKS, 0.3)
    capitals = "".join(letter.upper() for letter in order if letter.upper() != letter)
    odd = re.compile(f"[a-zA-Z][{order}{capitals}]|[{order}{capitals}][a-zA-Z]")
    within = re.compile(f"(?<=[{order}])[{capitals}]") if capitals else None

    def judge(text: str, counts: Mapping[str, int]) -> float:
        total = sum(
            count * (_BROKEN_WEIGHT if character == _BROKEN else weights.get(character, -0.6))
            for character, count in counts.items()
        )
        total -= len(odd.findall(text))
        return total - 2.0 * len(within.findall(text)) if within else total

    return judge


def _accented(
    letters: frozenset[str], weight_of_letters: float
) -> Callable[[str, Mapping[str, int]], float]:
    """Latin alphabets with accents: single letters among plain ones, seldom two together."""
    letters = letters | {letter.upper() for letter in letters if len(letter.upper()) == 1}
    lower = "".join(letter for letter in letters if letter.islower())
    capitals = "".join(letter for letter in letters if letter.isupper())
    odd = re.compile(f"[{lower}a-z][{capitals}]")
    pair = re.compile(f"[{lower}{capitals}]{{2}}")

    def judge(text: str, counts: Mapping[str, int]) -> float:
        total = 0.0
        for character, count in counts.items():
            if character == _BROKEN:
                weight = _BROKEN_WEIGHT
            elif character in letters:
                weight = weight_of_letters if character.islower() else 0.5
            else:
                weight = 0.6 if character in _EUROPEAN_MARKS else -0.5
            total += weight * count
        return total - 1.5 * len(odd.findall(text)) - 0.6 * len(pair.findall(text))

    return judge


_judge_korean = _each(_korean)
_JUDGES: Mapping[str, Callable[[str, Mapping[str, int]], float]] = {
    "cp949": _judge_korean,
    "cp1252": _accented(_WESTERN, 0.9),
    "cp1250": _accented(_CENTRAL, 0.8),
    "iso8859-2": _accented(_CENTRAL, 0.8),
    "gb18030": _each(_simplified),
    "cp950": _each(_traditional),
    "euc_jp": _each(_japanese),
    "cp932": _each(_japanese),
    "cp1251": _letters("cyrillic"),
    "koi8-r": _letters("cyrillic"),
    "cp1253": _letters("greek"),
    "cp1255": _letters("hebrew"),
    "cp874": _letters("thai"),
    "johab": _judge_korean,
}
"""The charsets that are tried; of equal ones the first is taken."""

_HINTS = {
    "ko": ("cp949",),
    "ja": ("euc_jp", "cp932"),
    "zh": ("gb18030", "cp950"),
    "ru": ("cp1251", "koi8-r"),
    "uk": ("cp1251",),
    "bg": ("cp1251",),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "th": ("cp874",),
    "pl": ("cp1250", "iso8859-2"),
    "cs": ("cp1250", "iso8859-2"),
    "hu": ("cp1250", "iso8859-2"),
}
