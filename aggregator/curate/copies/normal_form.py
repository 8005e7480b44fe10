"""The form of titles and leads in which two copies of one release are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from aggregator.curate.copies.office_names import names_in
from aggregator.curate.copies.synonyms import unify
from aggregator.text.clean import strip_boilerplate
from aggregator.text.fold import squash, unescape
from aggregator.text.marks import CLOSING, COMPARISON_MARKS, OPENING, WITHIN

_ROUNDS = 3
_TAG = re.compile(r"<[!/a-zA-Z][^<>]{0,2000}>")
_DROPPED_ELEMENT = re.compile(
    r"<(script|style|iframe)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_STYLE_RULE = re.compile(r"[.#][\w-]+[^{}<>가-힣]{0,80}\{[^{}]{0,300}\}")
_STOCK_LEAD = re.compile(
    r"[^.]{0,60}(?:첨부|붙임|다음|아래)(?:와|과)\s같이\s(?:알려\s?드립니다|알립니다|공고합니다|안내합니다)\s*\.?",
)
_STOCK_CUE = "같이"
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LEADING_MARK = re.compile(
    rf"^\s*{OPENING}\s*[\d.,/\s월일화수목금토()]{{0,16}}(?:{COMPARISON_MARKS}){WITHIN}{{0,12}}{CLOSING}\s*",
    re.IGNORECASE,
)
_TRAILING_MARK = re.compile(
    rf"\s*{OPENING}\s*(?:{COMPARISON_MARKS}){WITHIN}{{0,12}}{CLOSING}\s*$", re.IGNORECASE
)
_TRAILING_DATE = re.compile(
    r"\s*[\[(]\s*(?:(?:20)?\d\d\.\s?)?\d{1,2}\.\s?\d{1,2}\.?(?:\s?[,·]\s?[가-힣]{2,8})?\s*[\])]\s*$",
)
_BADGE = re.compile(
    r"^\s*(?:NEW|새글|새로운\s?글|N)\s+|\s+(?:NEW|새글|새로운\s?글|새창|첨부파일)\s*$"
)
_BADGES_IN_FRONT = ("N", "새글", "새로운")
_BADGES_BEHIND = ("NEW", "글", "새창", "첨부파일")
_SITE_TAIL = re.compile(r"\s+\|\s+[^|]{2,30}$")
_OFFICE_TAIL = re.compile(r"\s+/\s+[가-힣]{2,12}\s*$")
_ELLIPSIS = re.compile(r"\s*(?:…|\.{2,}|⋯)+\s*$")
_SHORT_YEAR = re.compile(
    r"(?:['’‘ʼ`′]|(?<![\d.])(?=[1-4]\d년(?!\s?(?:만|간|넘|이상|이하|미만|째|된|동안|물|차|전|뒤|후|새|내|묵|사|지기|[여가]))))"
    r"(\d{2})(?=\s*[년.\-~/]|\s|도|학년)"
)
"""A bare ``26년`` is a year, ``30년 넘은`` and ``20년 만에`` are not."""

_TWO_DIGITS = re.compile(r"\d\d(?!\d)(?<!\d\d\d)(?=\s*[년.\-~/]|\s|도|학년)")
_YEAR_SIGNS = "년'’‘ʼ`′"
"""Both, the digits and one of the signs, stand in all that is found by the pattern before them, and
are looked for more quickly."""

_MARKED_CORRECTION = re.compile(
    rf"{OPENING}{WITHIN}{{0,12}}(?:정정|수정|재배포|재송부|correct){WITHIN}{{0,12}}{CLOSING}",
    re.IGNORECASE,
)


def bare_text(raw: str) -> str:
    """``raw`` as plain text on one line: entities undone, tags removed, NFKC, invisible characters
    and repeated spaces gone. Never raises."""
    text = unescape(raw)
    if "<" in text:
        text = _DROPPED_ELEMENT.sub(" ", text)
    if "{" in text:
        text = _STYLE_RULE.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text.replace("…", "\ufffe")).replace("\ufffe", "…")
    return " ".join(_INVISIBLE.sub("", text).split())


def bare_title(raw: str) -> str:
    """A title as plain text without what a site or a desk put around it: marks in brackets in
    front and behind, badges, a trailing date, the name of the site or office behind a bar."""
    return undress(bare_text(raw))


def undress(text: str) -> str:
    """What ``bare_title`` does, for a text that ``bare_text`` has made."""
    return undress_dated(text)[0]


def undress_dated(text: str) -> tuple[str, str]:
    """The same, and the date that stood behind the title, "" where none did."""
    dated = ""
    for _ in range(_ROUNDS):
        before = text
        for pattern in _dressings(text):
            stripped = pattern.sub("", text)
            if not stripped.strip():
                continue
            if pattern is _TRAILING_DATE and len(stripped) < len(text):
                dated = text[len(stripped) :]
            text = stripped
        if "|" in text:
            text = _SITE_TAIL.sub("", text)
        if "/" in text:
            text = _OFFICE_TAIL.sub("", text)
        if text == before:
            break
    return text.strip(), dated


def _dressings(text: str) -> list[re.Pattern[str]]:
    """The patterns of marks and badges that may be found in a text, by its two ends: most titles
    begin and end with a word, which is told more quickly than by searching."""
    bare = text.strip()
    may_have = (
        [_BADGE] if bare.startswith(_BADGES_IN_FRONT) or bare.endswith(_BADGES_BEHIND) else []
    )
    if not bare[:1].isalnum():
        may_have.append(_LEADING_MARK)
    if not bare[-1:].isalnum():
        may_have += (_TRAILING_MARK, _TRAILING_DATE)
    return may_have


def is_truncated(title: str) -> bool:
    """Whether a title ends in dots, so that its last word may be cut."""
    return _ELLIPSIS.search(title) is not None


def without_ellipsis(title: str) -> str:
    """The title without its closing dots."""
    return _ELLIPSIS.sub("", title)


def is_correction(text: str) -> bool:
    """Whether a title that ``bare_text`` has made says that it replaces an earlier text."""
    return _MARKED_CORRECTION.search(text) is not None or text.startswith(
        ("정정", "수정", "재배포")
    )


def spell_years(text: str) -> str:
    """``'26`` and ``26년`` as ``2026``."""
    if any(sign in text for sign in _YEAR_SIGNS) and _TWO_DIGITS.search(text):
        return _SHORT_YEAR.sub(r"20\1", text)
    return text


def normal_title(raw: str, aliases: Mapping[str, str]) -> str:
    """The normal form of a title: equal for two copies of one release."""
    return form_of_title(bare_title(raw), aliases)


def form_of_title(bare: str, aliases: Mapping[str, str]) -> str:
    """The normal form of a title that ``bare_title`` or ``undress`` has made."""
    return squash(names_in(aliases).resolve(without_ellipsis(unify(spell_years(bare)))))


def normal_lead(raw: str, aliases: Mapping[str, str]) -> str:
    """The normal form of a lead without the stock sentences of portals."""
    return form_of_lead(bare_text(raw), aliases)


def form_of_lead(bare: str, aliases: Mapping[str, str]) -> str:
    """The normal form of a lead that ``bare_text`` has made."""
    return squash(tell_lead(bare, aliases))


def tell_lead(bare: str, aliases: Mapping[str, str]) -> str:
    """A lead that ``bare_text`` has made without the stock sentences of portals, and with one
    spelling for each office, year and term; its words are still apart."""
    text = strip_boilerplate(bare)
    if _STOCK_CUE in text:
        text = _STOCK_LEAD.sub(" ", text)
    return names_in(aliases).resolve(unify(spell_years(text)))
