"""The configuration of Planet and Venus: an INI file with a section for each feed's address.

Read by hand, since the files that people keep break the rules of configuration parsers: addresses
with brackets and percent signs, keys twice, lines that are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aggregator.read.lists.subscription import MOST, Subscription, plain_address
from aggregator.text.clean import one_line

_HEADER = re.compile(r"\[(?P<name>.*)\]\s*(?:[#;].*)?")
_OPEN_HEADER = re.compile(r"\[(?P<name>[a-z]+://[^\s\]]+)\s*", re.IGNORECASE)
_OPTION = re.compile(r"(?P<key>[\w.-]+)\s*[=:]\s*(?P<value>.*)")
_NOTE = re.compile(r"\s[;#]\s.*")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:/|feed:)", re.IGNORECASE)
_OWN_SECTIONS = frozenset({"planet", "default"})
_LISTS = frozenset({"opml", "foaf", "config", "csv"})


@dataclass(slots=True)
class _Section:
    """A section with what its options say, and the line it begins at."""

    name: str
    line: int
    options: dict[str, str] = field(default_factory=dict)


def looks_like_planet(text: str) -> bool:
    """Whether a text has a section that is named by an address, or one of Planet's own."""
    return any(
        _ADDRESS.match(section.name) or section.name.lower() == "planet"
        for section in _sections(text)
    )


def read_planet(text: str) -> list[Subscription]:
    """The feeds of a Planet or Venus configuration in its order, each once.

    A feed's name is its own, or that of ``[DEFAULT]``. Reading lists (``content_type = opml``),
    which lead to further feeds, are no feeds and say so.
    """
    found: dict[str, Subscription] = {}
    sections = list(_sections(text))
    defaults: dict[str, str] = {}
    for section in sections:
        if section.name.lower() == "default":
            defaults |= section.options
    for section in sections:
        if section.name.lower() in _OWN_SECTIONS or not _ADDRESS.match(section.name):
            continue
        options = defaults | section.options
        url = plain_address(section.name)
        kind = options.get("content_type", "").partition(";")[0].strip().lower()
        is_list = kind.rpartition("/")[2] in _LISTS
        if len(found) < MOST:
            found.setdefault(
                url,
                Subscription(
                    url=url,
                    title=one_line(options.get("name") or options.get("title") or ""),
                    tags=tuple(
                        dict.fromkeys(re.split(r"[\s,]+", options.get("tags", "").strip(" ,")))
                    )
                    if options.get("tags", "").strip(" ,")
                    else (),
                    site=options.get("link", ""),
                    line=section.line,
                    problem="it is a reading list: import that one by itself" if is_list else "",
                ),
            )
    return list(found.values())


def _sections(text: str) -> Iterator[_Section]:
    section: _Section | None = None
    key = ""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith(("#", ";")) or bare.lower().startswith("rem "):
            continue
        is_indented = line[0] in " \t"
        header = None if is_indented and key else _header(bare)
        if header is not None:
            if section is not None:
                yield section
            section, key = _Section(name=header, line=number), ""
            continue
        if section is None:
            continue
        if is_indented and key:
            section.options[key] = f"{section.options[key]} {bare}".strip()
            continue
        option = _OPTION.fullmatch(bare)
        if option is not None:
            key = option["key"].lower()
            section.options[key] = _NOTE.sub("", option["value"]).strip()
    if section is not None:
        yield section


def _header(bare: str) -> str | None:
    """The name of a section, also where its closing bracket is missing; None for another line."""
    found = _HEADER.fullmatch(bare) or _OPEN_HEADER.fullmatch(bare)
    return found["name"].strip() if found else None
