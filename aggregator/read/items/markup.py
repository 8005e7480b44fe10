"""What lies in the markup of an entry besides its text: links and pictures, with what stands by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from aggregator.text.clean import as_markup, clean_title, one_line

_TAG = re.compile(
    r"""<(/?)(a|img|figure|figcaption|script|style)(?=[\s/>])((?:"[^"<]*"|'[^'<]*'|[^"'<>])*)>""",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:.-]{0,40})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s"'<>]+)""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LINES = re.compile(
    r"</?(?:p|div|br|li|td|tr|table|ul|ol|h[1-6]|figure)(?=[\s/>])[^<>]*>", re.IGNORECASE
)
_MOST = 500
_NEAR = 200
_LONGEST_TEXT = 1000
_REMEMBERED = 4
"""Texts whose links and pictures are remembered: those of an entry are asked for its files, its
pictures and its licence, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as its markup has it. ``text`` is what a reader sees of it, on one line."""

    href: str
    text: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as its markup has it. ``caption`` is that of its figure; ``behind`` the first
    line of text that follows within 200 characters of markup."""

    src: str
    attributes: Mapping[str, str]
    caption: str = ""
    behind: str = ""


def links_in(markup: str) -> list[Link]:
    """The links of a text, in its order, at most 500."""
    return list(_links_in(markup)) if "<" in markup or "&" in markup else []


@lru_cache(maxsize=_REMEMBERED)
def _links_in(markup: str) -> tuple[Link, ...]:
    found: list[Link] = []
    markup = as_markup(markup)
    start, attributes = -1, dict[str, str]()
    for is_end, name, told, at, behind in _tags(markup):
        if name != "a":
            continue
        if start != -1 and attributes.get("href"):
            shown = _shown(markup[start : min(at, start + _LONGEST_TEXT)])
            found.append(Link(href=attributes["href"], text=shown, attributes=attributes))
        start = -1 if is_end else behind
        attributes = {} if is_end else _attributes(told)
    if start != -1 and attributes.get("href"):
        shown = _shown(markup[start : start + _LONGEST_TEXT])
        found.append(Link(href=attributes["href"], text=shown, attributes=attributes))
    return tuple(found[:_MOST])


def pictures_in(markup: str) -> list[Picture]:
    """The pictures of a text, in its order, at most 500."""
    return list(_pictures_in(markup)) if "<" in markup or "&" in markup else []


@lru_cache(maxsize=_REMEMBERED)
def _pictures_in(markup: str) -> tuple[Picture, ...]:
    markup = as_markup(markup)
    found: list[Picture] = []
    figure: int | None = None
    caption_at = -1
    for is_end, name, told, at, behind in _tags(markup):
        if name == "img" and not is_end:
            attributes = _attributes(told)
            near = _first_line(markup[behind : behind + _NEAR])
            found.append(Picture(src=_src(attributes), attributes=attributes, behind=near))
        elif name == "figure":
            figure = None if is_end else len(found)
        elif name == "figcaption" and not is_end:
            caption_at = behind
        elif name == "figcaption" and caption_at != -1:
            caption = _shown(markup[caption_at : min(at, caption_at + _LONGEST_TEXT)])
            for number in range(len(found) if figure is None else figure, len(found)):
                picture = found[number]
                found[number] = Picture(
                    src=picture.src, attributes=picture.attributes, caption=caption
                )
            caption_at = -1
        if len(found) >= _MOST:
            break
    return tuple(found)


def _tags(markup: str) -> Iterator[tuple[bool, str, str, int, int]]:
    """Whether it is an end tag, its name and attributes, where it begins and ends; nothing of what
    lies within programs and styles."""
    at = 0
    while (match := _TAG.search(markup, at)) is not None:
        at = match.end()
        name = match[2].lower()
        if name in {"script", "style"}:
            if not match[1]:
                end = markup.lower().find(f"</{name}", at, at + 100_000)
                at = end if end != -1 else len(markup)
            continue
        yield bool(match[1]), name, match[3], match.start(), match.end()


def _attributes(told: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(told):
        value = match[2][1:-1] if match[2][0] in "\"'" else match[2]
        found.setdefault(match[1].lower(), unescape(value))
    return found


def _first_line(markup: str) -> str:
    """The first line of a piece of markup that has text, without a tag that is cut off."""
    if markup.rfind("<") > markup.rfind(">"):
        markup = markup[: markup.rfind("<")]
    return next((line for each in _LINES.split(markup) if (line := _shown(each))), "")


def _src(attributes: Mapping[str, str]) -> str:
    """Where a picture is; programs that load it late keep that in an attribute of their own."""
    src = attributes.get("src", "")
    if src and not src.startswith("data:"):
        return src
    late = [attributes.get(name, "") for name in ("data-src", "data-original", "data-lazy-src")]
    late += [
        each.split(",")[0].strip().partition(" ")[0] for each in (attributes.get("srcset", ""),)
    ]
    return next((address for address in late if address), src)


def _shown(markup: str) -> str:
    return one_line(clean_title(_ANY_TAG.sub(" ", markup)))
