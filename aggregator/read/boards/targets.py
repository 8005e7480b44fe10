"""Where a row of a board leads: an address, or the arguments of a call in a script."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.read.boards.page import Element
from aggregator.read.links.addresses import absolute

MAX_CALL = 2000
"""Characters in which the pattern of a call is looked for."""

_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;&]*", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:pageIndex|pageNo|pageNum|nPage|cPage|curPage|currPage|currentPage|nowPage(?:Num)?)=\d*\Z",
    re.IGNORECASE,
)
_CALL = re.compile(r"\s*(?:javascript|vbscript|data|mailto|tel):", re.IGNORECASE)
_PLACE = re.compile(r"\{([1-9])\}")
_ASKED = frozenset({"href", "onclick"})
_UNSAFE = re.compile(r"[^\w.~%:/+-]")


def target_of(
    element: Element, attribute: str, *, pattern: str | None, template: str | None, base: str
) -> str:
    """The absolute address that an element leads to, "" where it names none.

    ``attribute`` is the one that the selector names; without one the element's address, or of the
    first link in it, is meant. Where ``pattern`` fits (in that attribute; else in the address, in
    ``onclick``, in the other attributes) its groups make the address of ``template``. A session in
    an address and the number of the list's page are left out.
    """
    texts = [element.get(attribute) or ""] if attribute else [*_texts(element)]
    if pattern and template:
        for text in texts:
            if made := _made(text, pattern, template):
                return absolute(made, base)
    for text in texts[:1]:
        if text and not _CALL.match(text):
            return _settled(absolute(text, base))
    return ""


def _settled(url: str) -> str:
    """The address without what changes while its row wanders down the list: session and number of
    the list's page. Another spelling would renew the stored item by its row, which has no text."""
    address, mark, query = _SESSION.sub("", url).partition("?")
    kept = [pair for pair in query.split("&") if not _PAGE.match(pair)]
    return f"{address}?{'&'.join(kept)}" if mark and any(kept) else f"{address}{mark}{query}"


def _texts(element: Element) -> list[str]:
    found = element if element.get("href") else element.find(".//a[@href]")
    link = element if found is None else found
    # The element's own calls come before those of a link in it.
    both = [element] if link is element else [link, element]
    texts = [link.get("href") or ""]
    for one in both:
        texts.append(one.get("onclick") or "")
        rest = ((str(name), str(value)) for name, value in one.attrib.items())
        texts.append(" ".join(f'{name}="{value}"' for name, value in rest if name not in _ASKED))
    return texts


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _made(text: str, pattern: str, template: str) -> str:
    match = _compiled(pattern).search(text[:MAX_CALL]) if text else None
    if match is None:
        return ""
    groups = match.groups()
    numbers = [int(number) for number in _PLACE.findall(template)]
    if any(number > len(groups) or not groups[number - 1] for number in numbers):
        return ""
    return _PLACE.sub(
        lambda place: _UNSAFE.sub(_quoted, groups[int(place[1]) - 1].strip()), template
    )


def _quoted(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))
