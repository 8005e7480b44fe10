"""The form of titles and leads in which two copies of one release are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from aggregator.domain.bodies import Body
from aggregator.text.clean import strip_boilerplate
from aggregator.text.fold import squash, unescape

_ROUNDS = 3
_MIN_ALIAS = 2
_TAG = re.compile(r"<[!/a-zA-Z][^<>]{0,2000}>")
_DROPPED_ELEMENT = re.compile(
    r"<(script|style|iframe)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_STYLE_RULE = re.compile(r"[.#][\w-]+[^{}<>가-힣]{0,80}\{[^{}]{0,300}\}")
_STOCK_LEAD = re.compile(
    r"[^.]{0,60}(?:첨부|붙임|다음|아래)(?:와|과)\s같이\s(?:알려\s?드립니다|알립니다|공고합니다|안내합니다)\s*\.?",
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MARK_WORDS = (
    r"공동\s?보도자료|보도참고자료|보도해명자료|보도설명자료|보도\s?자료|보도\s?참고|보도\s?설명|보도\s?해명|참고\s?자료|설명\s?자료|해명\s?자료|"
    r"참고|설명|해명|부처\s?합동|관계\s?부처\s?합동|합동|공동|조간|석간|즉시|즉시\s?보도|자료\s?제공|사진\s?자료|배포|재배포|정정|수정|긴급|속보|단독|"
    r"인사|인사발령|동정|장관\s?동정|차관\s?동정|브리핑|안내|알림|공지|새소식|카드뉴스|영상|동영상|인포그래픽|press release|news release"
)
_LEADING_MARK = re.compile(
    rf"^\s*[\[(<〈【\u300a{{]\s*[\d.,/\s월일화수목금토()]{{0,14}}(?:{_MARK_WORDS})[^\])>〉】\u300b}}]{{0,12}}[\])>〉】\u300b}}]\s*",
    re.IGNORECASE,
)
_TRAILING_MARK = re.compile(
    rf"\s*[\[(<〈【]\s*(?:{_MARK_WORDS})[^\])>〉】]{{0,12}}[\])>〉】]\s*$", re.IGNORECASE
)
_TRAILING_DATE = re.compile(
    r"\s*[\[(]\s*(?:(?:20)?\d\d\.\s?)?\d{1,2}\.\s?\d{1,2}\.?(?:\s?[,·]\s?[가-힣]{2,8})?\s*[\])]\s*$",
)
_BADGE = re.compile(
    r"^\s*(?:NEW|새글|새로운\s?글|N)\s+|\s+(?:NEW|새글|새로운\s?글|새창|첨부파일)\s*$"
)
_SITE_TAIL = re.compile(r"\s+\|\s+[^|]{2,30}$")
_OFFICE_TAIL = re.compile(r"\s+/\s+[가-힣]{2,12}\s*$")
_ELLIPSIS = re.compile(r"\s*(?:…|\.{2,}|⋯)+\s*$")
_SHORT_YEAR = re.compile(r"(?:['’‘ʼ`′]|(?<![\d.])(?=\d\d년))(\d{2})(?=\s*[년.\-~/]|\s|도|학년)")
_MARKED_CORRECTION = re.compile(
    r"[\[(<〈【][^\])>〉】]{0,12}(?:정정|수정|재배포|재송부|correct)[^\])>〉】]{0,12}[\])>〉】]",
    re.IGNORECASE,
)


def bare_text(raw: str) -> str:
    """``raw`` as plain text on one line: entities undone, tags removed, NFKC, invisible characters
    and repeated spaces gone. Never raises."""
    text = unescape(raw)
    text = _TAG.sub(" ", _STYLE_RULE.sub(" ", _DROPPED_ELEMENT.sub(" ", text)))
    text = unicodedata.normalize("NFKC", text.replace("…", "\ufffe")).replace("\ufffe", "…")
    return " ".join(_INVISIBLE.sub("", text).split())


def bare_title(raw: str) -> str:
    """A title as plain text without what a site or a desk put around it: marks in brackets in
    front and behind, badges, a trailing date, the name of the site or office behind a bar."""
    text = bare_text(raw)
    for _ in range(_ROUNDS):
        before = text
        for pattern in (_BADGE, _LEADING_MARK, _TRAILING_MARK, _TRAILING_DATE):
            stripped = pattern.sub("", text)
            text = stripped if stripped.strip() else text
        for pattern in (_SITE_TAIL, _OFFICE_TAIL):
            text = pattern.sub("", text)
        if text == before:
            break
    return text.strip()


def is_truncated(title: str) -> bool:
    """Whether a title ends in dots, so that its last word may be cut."""
    return _ELLIPSIS.search(title) is not None


def without_ellipsis(title: str) -> str:
    """The title without its closing dots."""
    return _ELLIPSIS.sub("", title)


def is_correction(raw_title: str) -> bool:
    """Whether a title bears a mark that says it replaces an earlier text."""
    text = bare_text(raw_title)
    return _MARKED_CORRECTION.search(text) is not None or text.startswith(
        ("정정", "수정", "재배포")
    )


def spell_years(text: str) -> str:
    """``'26`` and ``26년`` as ``2026``."""
    return _SHORT_YEAR.sub(r"20\1", text)


def resolve_aliases(text: str, aliases: Mapping[str, str]) -> str:
    """Replace the names of offices by one spelling each, the longest name first.

    A name counts at the left edge of a word, and where it is a short one also at the right edge.
    """
    pattern = _alias_pattern(frozenset(aliases))
    if pattern is None:
        return text
    return pattern.sub(lambda match: aliases[match.group().casefold()], text)


def normal_title(raw: str, aliases: Mapping[str, str]) -> str:
    """The normal form of a title: equal for two copies of one release."""
    text = without_ellipsis(spell_years(bare_title(raw)))
    return squash(resolve_aliases(text, aliases))


def normal_lead(raw: str, aliases: Mapping[str, str]) -> str:
    """The normal form of a lead without the stock sentences of portals."""
    text = _STOCK_LEAD.sub(" ", strip_boilerplate(bare_text(raw)))
    return squash(resolve_aliases(spell_years(text), aliases))


def build_aliases(bodies: Iterable[Body]) -> dict[str, str]:
    """Every name of every body, case folded, and the one spelling that stands for it.

    An alias that two bodies share is left out, as is one of a single character.
    """
    owners: dict[str, set[str]] = {}
    spelling: dict[str, str] = {}
    for body in bodies:
        spelling[body.id] = f" {squash(body.name)} "
        for name in (body.name, *body.print_names.values(), *body.aliases):
            key = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
            if len(key) >= _MIN_ALIAS:
                owners.setdefault(key, set()).add(body.id)
    return {
        name: spelling[next(iter(ids))] for name, ids in sorted(owners.items()) if len(ids) == 1
    }


@lru_cache(maxsize=8)
def _alias_pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    ordered = sorted(names, key=lambda name: (-len(name), name))
    alternatives = "|".join(re.escape(name) for name in ordered)
    edge = r"(?=$|[^가-힣a-z]|(?:은|는|이|가|을|를|의|와|과|에|에서|로|도)(?![가-힣]))"
    return re.compile(rf"(?<![가-힣A-Za-z0-9])(?:{alternatives}){edge}", re.IGNORECASE)
