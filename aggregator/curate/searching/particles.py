"""The particle at the end of a Korean word as somebody types it into a search."""

from __future__ import annotations

import re

from aggregator.curate.matching.spelling import is_hangul, is_latin

_ANYWHERE = (
    "에서는",
    "에서도",
    "에서",
    "에게",
    "에는",
    "에도",
    "까지",
    "부터",
    "보다",
    "처럼",
    "에",
)
_BEHIND_A_FINAL = ("으로는", "으로서", "으로써", "으로", "을", "은", "이나")
_BEHIND_A_VOWEL = ("를", "는", "와")
_OF = "의"
_SUBJECT = ("이", "가")

_NOUNS_IN_OF = frozenset("회건합협논정주강동문결심명예호거발제상토편창임자고경적선유열")
"""Syllables before 의 with which it is the end of a noun: 회의, 협의, 주의."""

_LEAST = 2
_LEAST_BEFORE_SUBJECT = 3
"""어린이 and 인허가 are nouns."""

_FINALS = 28
_FIRST = ord("가")
_STEM = re.compile(r"[가-힣A-Za-z0-9]+")


def stem_of(word: str) -> str:
    """The word without its particle; the word itself where it has none, or where what stays would be
    too short to say so. A noun that ends as a particle does loses its end: what stays finds the noun,
    too."""
    for particle in (*_ANYWHERE, *_BEHIND_A_FINAL, *_BEHIND_A_VOWEL, _OF, *_SUBJECT):
        stem = word.removesuffix(particle)
        if stem != word and len(stem) >= _LEAST and _STEM.fullmatch(stem):
            return stem if _goes_with(stem, particle) else word
    return word


def _goes_with(stem: str, particle: str) -> bool:
    last = stem[-1]
    if particle in _SUBJECT and len(stem) < _LEAST_BEFORE_SUBJECT and is_hangul(last):
        return False
    if particle == _OF and last in _NOUNS_IN_OF:
        return False
    if particle in _ANYWHERE or particle == _OF or is_latin(last):
        return True
    has_final = (ord(last) - _FIRST) % _FINALS != 0
    return has_final == (particle in (*_BEHIND_A_FINAL, "이"))
