"""Labelled rows as their files have them: releases, pairs of releases, words in sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX
from aggregator.domain.bodies import Level
from aggregator.domain.errors import BadRow
from aggregator.domain.feeds import Carries
from aggregator.domain.items import SEOUL
from aggregator.read.dates.when import parse_when
from aggregator.text.xml_chars import xml_safe

NONE = "none"
"""What rows and tables call no section."""

_KINDS = {
    **{carries.value: carries for carries in Carries},
    "cardnews": Carries.VIDEO,
    "interview": Carries.VIDEO,
}
"""What a row says that its feed carries, and what that is in the configuration."""

_LEVELS = {level.value: level for level in Level}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_KOREAN = "ko"
_PARTS_OF_KEYWORD = 3
_LONGEST_QUOTE = 60
T = TypeVar("T")


class _Odd(Exception):
    """What is wrong with a row, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release as a feed would bring it: raw strings. ``level`` is the row's word for its
    office, used where the configuration does not know ``agency``; ``at`` is the instant that
    ``published`` means, None where it has none."""

    title: str
    summary: str = ""
    agency: str = ""
    level: Level | None = None
    published: str = ""
    at: datetime | None = None
    url: str = ""
    carries: Carries = Carries.PRESS
    language: str = _KOREAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two releases and whether people say that they are the same one. ``line`` counts from 1."""

    line: int
    a: Release
    b: Release
    is_same: bool
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A release with the section that people gave it, None for none. ``kind`` groups rows."""

    line: int
    release: Release
    section: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """Whether a word of the rules, as it is meant, occurs in a sentence."""

    line: int
    word: str
    occurs: bool
    sentence: str


def read_pairs(text: str, name: str) -> list[Pair]:
    """The pairs of a JSONL file called ``name``. Raises BadRow with the line."""
    return _each(text, name, lambda line, raw: _pair(line, _object(raw)))


def read_placed(text: str, name: str, sections: frozenset[str]) -> list[Placed]:
    """The labelled releases of a JSONL file; their sections are among ``sections``. Raises BadRow
    with the line."""
    return _each(text, name, lambda line, raw: _placed(line, _object(raw), sections))


def read_keywords(text: str, name: str) -> list[Keyword]:
    """The rows ``word|1 or 0|sentence`` of a file. Raises BadRow with the line."""
    return _each(text, name, _keyword)


def _each(text: str, name: str, read: Callable[[int, str], T]) -> list[T]:
    """What is read of each line of a file, but for empty ones and those with # in front."""
    rows = []
    # A text may have signs within a line that ``splitlines`` takes for the end of one.
    for line, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        try:
            rows.append(read(line, stripped))
        except _Odd as error:
            raise BadRow(f"{name}: line {line}: {error}") from error
    if not rows:
        raise BadRow(f"{name} has no rows")
    return rows


def _object(raw: str) -> Mapping[str, Any]:
    try:
        row = json.loads(raw)
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at character {error.pos + 1}"
    except (ValueError, RecursionError):
        reason = "a number is too long, or it is nested too deeply"
    else:
        if isinstance(row, dict):
            return row
        reason = f"not {_quoted(row)}"
    raise _Odd(f"want a JSON object on each line: {reason}")


def _pair(line: int, row: Mapping[str, Any]) -> Pair:
    label = row.get("label")
    if label not in (0, 1):
        raise _Odd(f"label: want 1 (the same release) or 0, not {_quoted(label)}")
    return Pair(
        line=line,
        a=_side(row, "a"),
        b=_side(row, "b"),
        is_same=label == 1,
        kind=_text(row, "kind") or "-",
    )


def _side(row: Mapping[str, Any], side: str) -> Release:
    release = row.get(side)
    if not isinstance(release, dict):
        raise _Odd(
            f"{side}: want an object with title, summary, agency, published and url,"
            f" not {_quoted(release)}"
        )
    return _release(release, f"{side}.")


def _placed(line: int, row: Mapping[str, Any], sections: frozenset[str]) -> Placed:
    section = _section(row, sections)
    release = _release(row, "")
    kind = _text(row, "category") or (release.level.value if release.level else "-")
    return Placed(line=line, release=release, section=section, kind=kind)


def _section(row: Mapping[str, Any], sections: frozenset[str]) -> str | None:
    name = next((name for name in ("label", "section") if name in row), None)
    if name is None:
        raise _Odd("want 'label' or 'section': the id of a section, or null for none")
    label = row[name]
    if label in (None, "", NONE):
        return None
    if not isinstance(label, str) or label not in sections:
        known = ", ".join(sorted(sections))
        raise _Odd(f"{name}: want one of {known}, or null for none, not {_quoted(label)}")
    return label


def _keyword(line: int, raw: str) -> Keyword:
    parts = [xml_safe(part).strip() for part in raw.split("|", _PARTS_OF_KEYWORD - 1)]
    if len(parts) < _PARTS_OF_KEYWORD or not parts[0] or parts[1] not in {"0", "1"}:
        raise _Odd(f"want 'word|1 or 0|sentence', not {_quoted(raw)}")
    word, label, sentence = parts
    if word.startswith(PATTERN_PREFIX):
        _check_pattern(word)
    return Keyword(line=line, word=word, occurs=label == "1", sentence=sentence)


def _check_pattern(word: str) -> None:
    try:
        re.compile(word.removeprefix(PATTERN_PREFIX))
    except (re.error, OverflowError, RecursionError) as error:
        raise _Odd(f"{_quoted(word)} is no regular expression: {error}") from error


def _release(row: Mapping[str, Any], where: str) -> Release:
    title = _text(row, "title", where)
    if not title.strip():
        raise _Odd(f"{where}title: want the headline")
    level = _text(row, "level", where)
    if level and level not in _LEVELS:
        raise _Odd(f"{where}level: want one of {', '.join(_LEVELS)}, not {_quoted(level)}")
    published = _text(row, "published", where)
    when = parse_when(published, zone=SEOUL) if published.strip() else None
    if published.strip() and when is None:
        raise _Odd(
            f"{where}published: want a date such as 2024-02-29T10:00:00+09:00,"
            f" not {_quoted(published)}"
        )
    # A pair's kind names its trap; a release's own says what its feed carries.
    kind = _text(row, "carries", where) or _text(row, "kind", where)
    return Release(
        title=title,
        summary=_text(row, "summary", where),
        agency=_text(row, "agency", where).strip(),
        level=_LEVELS.get(level),
        published=published,
        at=when.at if when else None,
        url=_text(row, "url", where).strip(),
        carries=_KINDS.get(kind, Carries.PRESS),
        language=_language(row, where),
    )


def _language(row: Mapping[str, Any], where: str) -> str:
    name = "lang" if row.get("lang") is not None else "language"
    language = _text(row, name, where) or _KOREAN
    if not _LANGUAGE.fullmatch(language):
        raise _Odd(f"{where}{name}: want a tag such as ko or en, not {_quoted(language)}")
    return language


def _text(row: Mapping[str, Any], name: str, where: str = "") -> str:
    """A text of the row as a document can hold it, "" where it has none."""
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Odd(f"{where}{name}: want a text, not {_quoted(value)}")
    return xml_safe(value)


def _quoted(value: object) -> str:
    """What a row holds, for a message: in full only where that is short."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    quoted = repr(value) if isinstance(value, str) else json.dumps(value)
    return quoted if len(quoted) <= _LONGEST_QUOTE else f"{quoted[:_LONGEST_QUOTE]}…"
