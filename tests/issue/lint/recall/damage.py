"""What machines do to translations: each way at every place where it can be done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from aggregator.issue.lint.pairs import Pair

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
_MONTH = "|".join(MONTHS)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:\s(?:million|billion|trillion))?"
_NUMBER = re.compile(
    rf"(?:\b[Ss]ome |\babout |\bup to |US\$)?(?<![\w.,])(?:{_DIGITS}){_SCALE}(?=[\s.,;%-]|$)"
)
_WORD_NUMBER = re.compile(r"\b(?:[Tt]hree|[Ff]our|[Ff]ive|[Ee]ighteen|One hundred|[Ff]ourth)\b")
_SUM = re.compile(
    rf"(?P<digits>{_DIGITS})(?:\s(?P<scale>million|billion|trillion))?(?=\s?(?:won\b|homes|people|members|buildings|rooms|km))"
)
_DAY = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?=(?:-\d\d|\sto\s\d\d)?\s(?:{_MONTH})\b)|(?<=to )(?P<last>\d\d)(?=\s(?:{_MONTH}))"
)
_NAME = re.compile(rf"\b({_MONTH})\b")
_YEAR = re.compile(r"\b20[23]\d\b")
_WORDS = re.compile(r"(?<![\w-])([A-Za-z]{2,}|a)( )(?=[A-Za-z]{2,}(?![\w-]))")
_KOREAN = re.compile(r"[가-힣]{2,}")
FUNCTION_WORDS = ("the", "of", "and", "to", "in", "with", "for", "a", "by", "which", "from", "will")
CONTENT_WORDS = ("city", "smart", "service", "plan", "data", "project", "system", "public")


def _swap(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def lose_numbers(pair: Pair) -> Iterator[str]:
    """Each number gone, with what stands for about before it and the scale behind it."""
    text = pair.translation
    for pattern in (_NUMBER, _WORD_NUMBER):
        for match in pattern.finditer(text):
            gone = _swap(text, match, "").replace("  ", " ").replace(" .", ".").replace(" ,", ",")
            yield gone[:1].upper() + gone[1:].lstrip()


def shift_sums(pair: Pair) -> Iterator[str]:
    """Each sum and each count of many times ten, a tenth, and one scale off."""
    text = pair.translation
    scales = ("million", "billion", "trillion")
    for match in _SUM.finditer(text):
        digits, scale = match["digits"], match["scale"]
        if scale is None and float(digits.replace(",", "")) < 500:
            continue
        value = float(digits.replace(",", ""))
        behind = f" {scale}" if scale else ""
        yield _swap(text, match, f"{value * 10:,.10g}{behind}")
        yield _swap(text, match, f"{value / 10:,.10g}{behind}")
        if scale:
            place = scales.index(scale)
            yield _swap(text, match, f"{digits} {scales[place - 1 if place else 1]}")


def change_days(pair: Pair) -> Iterator[str]:
    """Each day of a month, month and year another one."""
    text = pair.translation
    behind = re.compile(
        "|".join(rf"(?<={month} )(?P<d{n}>\d{{1,2}})\b" for n, month in enumerate(MONTHS))
    )
    for match in (*_DAY.finditer(text), *behind.finditer(text)):
        day = int(match[0])
        for other in (day - 1 or 9, day + 2 if day < 27 else 5, int(str(day)[::-1])):
            if 1 <= other <= 28 and other != day:
                yield _swap(text, match, str(other))
    for match in _NAME.finditer(text):
        yield _swap(text, match, MONTHS[(MONTHS.index(match[0]) + 1) % 12])
        yield _swap(text, match, MONTHS[(MONTHS.index(match[0]) - 3) % 12])
    for match in _YEAR.finditer(text):
        yield _swap(text, match, str(int(match[0]) + 1))


def leave_hangul(pair: Pair) -> Iterator[str]:
    """Every third word of four letters in Korean again, or with a Korean particle."""
    text, korean = pair.translation, _KOREAN.findall(pair.source)
    for number, match in enumerate(re.finditer(r"\b[A-Za-z]{4,}\b", text)):
        if number % 3 == 0:
            yield _swap(text, match, korean[number % len(korean)])
        elif number % 7 == 1:
            yield _swap(text, match, f"{match[0]}을")


def glue_words(pair: Pair) -> Iterator[str]:
    """Every second space between two words gone."""
    text = pair.translation
    for number, match in enumerate(_WORDS.finditer(text)):
        if number % 2 == 0:
            yield text[: match.start(2)] + text[match.end(2) :]


def leave_strays(pair: Pair) -> Iterator[str]:
    """A word at the end: behind the full stop or before it, with a space or without."""
    whole = pair.translation
    text, number = whole.removesuffix("."), int(pair.where)
    last = text.split()[-1]
    some = FUNCTION_WORDS[number % len(FUNCTION_WORDS)]
    more = CONTENT_WORDS[number % len(CONTENT_WORDS)]
    yield f"{whole} {some}"
    yield f"{whole} {some}."
    yield f"{whole}{some}"
    yield f"{text} {some}."
    yield f"{whole} {more}"
    yield f"{whole} {more.capitalize()}"
    yield f"{whole} {more}."
    yield f"{whole} {some} {more}"
    yield f"{whole} {some.capitalize()} {more}."
    yield f"{whole}{more}"
    if last.isalpha():
        yield f"{text}{some}."
        yield f"{text}{more}."
        yield f"{text} {last}."


def hide_strays(pair: Pair) -> Iterator[str]:
    """A word of the subject before the full stop, where grammar alone might forbid it."""
    number = int(pair.where)
    yield f"{pair.translation.removesuffix('.')} {CONTENT_WORDS[number % len(CONTENT_WORDS)]}."


KINDS: dict[str, tuple[Callable[[Pair], Iterator[str]], tuple[str, ...]]] = {
    "a lost number": (lose_numbers, ("-missing", "-wrong")),
    "a sum off by ten": (shift_sums, ("amount-wrong", "number-wrong", "amount-missing")),
    "a day changed": (change_days, ("day-wrong", "day-missing", "weekday-wrong")),
    "Hangul left": (leave_hangul, ("hangul-left",)),
    "two words glued": (glue_words, ("glued-words", "no-space")),
    "a stray word at the end": (
        leave_strays,
        ("stray-end", "cut-off", "doubled", "glued-words", "no-space"),
    ),
}
"""What is done, and what a finding about it is called at its end."""


def damaged(pair: Pair, make: Callable[[Pair], Iterator[str]]) -> list[Pair]:
    """The pair, damaged in each way."""
    texts = dict.fromkeys(make(pair))
    return [replace(pair, translation=text) for text in texts if text != pair.translation]
