"""The cases of the zoo, and how what a parser says is held against one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

NOW = "2026-11-20T12:00:00+09:00"
"""When a case is read that does not say it itself."""

KINDS = ("charset", "markup", "dates", "identity and links", "text", "refusals", "JSON Feed")

Found = Mapping[str, Any]
"""What a parser says of one entry, by the names that cases use; a field that a parser does not
offer is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim about reading. ``files`` holds one document, or those of several visits in turn.

    ``entries`` are expected fields, ``others`` whether there may be more of them; ``items`` the number of distinct releases that remain after
    the last visit, ``titles`` their titles, ``changed`` how many of them the last visit changed.
    """

    name: str
    claim: str
    quirk: str
    kind: str
    files: tuple[Path, ...]
    content_type: str
    url: str
    now: datetime
    timezone: str = "Asia/Seoul"
    encoding: str | None = None
    refused: bool = False
    is_over_visits: bool = False
    feed: Mapping[str, Any] = field(default_factory=dict)
    entries: tuple[Mapping[str, Any], ...] | None = None
    others: bool = False
    items: int | None = None
    titles: tuple[str, ...] | None = None
    changed: int | None = None
    warnings: tuple[str, ...] | None = None
    remedies: tuple[str, ...] = ()
    why_no_remedy: str = ""

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters."""
        return _content_type(self.content_type).get_content_type()

    @property
    def charset(self) -> str:
        """The charset parameter of the Content-Type, or ""."""
        return str(_content_type(self.content_type).get_param("charset", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a parser says of one document. ``refused`` is its complaint that this is no feed, ""
    where it took the document for one."""

    refused: str = ""
    feed: Found = field(default_factory=dict)
    entries: Sequence[Found] = ()
    warnings: Sequence[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a reader holds after the last visit of a case. ``changed`` None: it does not say."""

    titles: Sequence[str]
    changed: int | None = None


def load() -> list[Case]:
    """Every case, by its number."""
    return [_case(path) for path in sorted(HERE.glob("[0-9]*.json"))]


def _case(path: Path) -> Case:
    told = json.loads(path.read_text(encoding="utf-8"))
    settings = told.get("settings", {})
    remedy = told["remedy"]
    return Case(
        name=path.stem,
        claim=told["claim"],
        quirk=told["quirk"],
        kind=told["kind"],
        files=tuple(HERE / name for name in told.get("visits", [told.get("input")])),
        content_type=told["http"]["content-type"],
        url=told["http"]["url"],
        now=datetime.fromisoformat(settings.get("now", NOW)),
        timezone=settings.get("timezone", "Asia/Seoul"),
        encoding=settings.get("encoding"),
        refused=told.get("refused", False),
        is_over_visits="visits" in told,
        feed=told.get("feed", {}),
        entries=_tuple(told.get("entries")),
        others=told.get("others", False),
        items=told.get("items"),
        titles=_tuple(told.get("titles")),
        changed=told.get("changed"),
        warnings=_tuple(told.get("warnings")),
        remedies=tuple([remedy] if isinstance(remedy, str) else remedy or ()),
        why_no_remedy=told.get("why_no_remedy", ""),
    )


def _tuple(values: Sequence[Any] | None) -> tuple[Any, ...] | None:
    return None if values is None else tuple(values)


def _content_type(text: str) -> Message:
    message = Message()
    message["content-type"] = text
    return message


def faults(case: Case, said: Said) -> list[str]:
    """What is wrong in what was said of the document of a case, in words; empty where all is right.

    Entries may come in any order. Fields that were not said are not judged.
    """
    if case.refused:
        return [] if said.refused else ["taken for a feed"]
    if said.refused:
        return [f"refused: {said.refused}"]
    found = [
        f"feed {name}: {value!r} expected, {said.feed[name]!r} said"
        for name, value in case.feed.items()
        if name in said.feed and said.feed[name] != value
    ]
    if case.entries is not None:
        found += _wrong_entries(case.entries, said.entries, others=case.others)
    if case.warnings is not None and said.warnings is not None:
        missing = set(case.warnings) - set(said.warnings)
        found += [f"no warning {name}" for name in sorted(missing)]
        if not case.warnings:
            found += [f"warning {name}" for name in said.warnings]
    return found


def _wrong_entries(expected: Sequence[Found], said: Sequence[Found], *, others: bool) -> list[str]:
    left = list(said)
    unmet: list[Found] = []
    for entry in expected:
        match = next((each for each in left if not _differences(entry, each)), None)
        if match is None:
            unmet.append(entry)
        else:
            left.remove(match)
    found: list[str] = []
    if len(said) < len(expected) or (left and not unmet and not others):
        found.append(f"{len(expected)} entries expected, {len(said)} said")
    for entry, other in zip(unmet, left, strict=False):
        found += _differences(entry, other)
    return found or [f"no entry like {entry}" for entry in unmet]


def _differences(expected: Found, said: Found) -> list[str]:
    return [
        f"{name}: {value!r} expected, {said[name]!r} said"
        for name, value in expected.items()
        if name in said and not _JUDGES.get(name, _is_equal)(value, said[name])
    ]


def _is_equal(expected: object, said: object) -> bool:
    return expected == said


def _is_same_instant(expected: str | None, said: str | None) -> bool:
    if expected is None or said is None:
        return expected is said
    return datetime.fromisoformat(expected) == datetime.fromisoformat(said)


def _is_same_text(expected: str, said: str) -> bool:
    return expected.split() == said.split()


def _are_such(expected: Sequence[Found], said: Sequence[Found]) -> bool:
    """Whether each part has the fields that are expected of it; it may have more."""
    return len(expected) == len(said) and all(
        each.items() <= other.items() for each, other in zip(expected, said, strict=True)
    )


_JUDGES: Mapping[str, Callable[[Any, Any], bool]] = {
    "title": _is_same_text,
    "summary": _is_same_text,
    "lead": _is_same_text,
    "instant": _is_same_instant,
    "updated": _is_same_instant,
    "embargo_until": _is_same_instant,
    "content_text": _is_same_text,
    "attachments": _are_such,
    "images": _are_such,
}


def held_faults(case: Case, held: Held) -> list[str]:
    """What is wrong in what a reader holds after the visits of a case, in words."""
    found = []
    if case.items is not None and len(held.titles) != case.items:
        found.append(f"{case.items} releases expected, {len(held.titles)} held")
    if case.titles is not None and sorted(held.titles) != sorted(case.titles):
        found.append(f"{sorted(case.titles)} expected, {sorted(held.titles)} held")
    if case.changed is not None and held.changed is not None and held.changed != case.changed:
        found.append(f"{case.changed} changed expected, {held.changed} said")
    return found
