"""Names of authors as feeds print them."""

from __future__ import annotations

import re

from aggregator.domain.items import Person
from aggregator.text.clean import clean_title

_MAX_LENGTH = 500
_ADDRESS = re.compile(r"[^\s<>()@,;]+@[^\s<>()@,;]+")
_WITH_AFFILIATION = re.compile(r"(?P<name>[^()]+?)\s*\((?P<affiliation>.+)\)")
_ONLY_BRACKETED = re.compile(r"\((?P<name>[^()]+)\)")
_SEPARATOR = re.compile(r"\s*[;；]\s*|\s*[,，、·ㆍ]\s*(?=[가-힣])|(?<=\))\s*[,，/]\s*")
_LABEL = re.compile(r"\A(?:작성자|글쓴이|담당자|담당|기자명?|by)\s?[:：]\s?", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s._-]+")


def parse_author(raw: str) -> Person:
    """One author: "홍길동 (한국대학교)" and "Hong (KAIST)" have an affiliation in brackets; the form
    of RSS, "mail@address (Name)", has the name there. A lone number or mail address is no name:
    the name is then "". Plain text, at most 500 characters read."""
    text = clean_title(raw[:_MAX_LENGTH])
    bare = " ".join(_ADDRESS.sub(" ", text).replace("<>", " ").split()).strip(" ,;<>")
    if only := _ONLY_BRACKETED.fullmatch(bare):
        bare = only["name"].strip()
    bare = _LABEL.sub("", bare)
    if not any(c.isalpha() for c in bare) or _NUMBER.fullmatch(bare):
        return Person(name="")
    if match := _WITH_AFFILIATION.fullmatch(bare):
        affiliation = match["affiliation"].strip()
        # A telephone number in the brackets is none.
        known = affiliation if any(c.isalpha() for c in affiliation) else ""
        return Person(name=match["name"].strip(), affiliation=known)
    return Person(name=bare)


def split_authors(raw: str) -> tuple[str, ...]:
    """The authors of one string apart: at semicolons, at commas and dots before a Korean name, and
    at commas after a closing bracket; never inside brackets."""
    raw = raw[: _MAX_LENGTH * 4]
    parts: list[str] = []
    start = 0
    for match in _SEPARATOR.finditer(raw):
        before = raw[start : match.start()]
        if before.count("(") <= before.count(")"):
            parts.append(before.strip())
            start = match.end()
    parts.append(raw[start:].strip())
    return tuple(part for part in parts if part)
