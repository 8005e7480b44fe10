"""OPML 1.0, 1.1 and 2.0: outlines within outlines, of which those with an address are feeds.

Read with expat from the standard library: no entity that a document declares is ever expanded,
nothing outside the document is looked up, and its depth is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from aggregator.domain.errors import NotAList, TooDeep
from aggregator.read.lists.subscription import MOST, Subscription, plain_address
from aggregator.read.mending.mend import mend
from aggregator.text.clean import one_line

DEEPEST = 64
"""Elements within one another; lists that people keep have four."""

_ADDRESSES = ("xmlurl", "feedurl", "rssurl")
_FEED_TYPES = frozenset({"rss", "rss1", "rss2", "atom", "feed", "rdf", "pie"})


def read_opml(text: str) -> list[Subscription]:
    """The feeds of an OPML document in its order, each once, with the outlines that hold it as
    tags.

    Names of attributes are taken in any case, ``url`` counts as the feed's address where the type
    says that it is one, and a missing type means nothing. What is no well-formed XML is mended as
    feeds are; of a document that breaks off, what came before is taken. Raises NotAList for what is
    no OPML or declares entities, and TooDeep.
    """
    found = _read(text)
    if found.broken:
        # Mending would take a document type out: what declares entities was refused by now.
        mended = _read(mend(text).text)
        found = mended if len(mended.feeds) >= len(found.feeds) else found
    if not found.is_opml:
        raise NotAList("it is XML, but no OPML: an <opml> with outlines is expected")
    return found.feeds


class _Outlines:
    """Collects subscriptions while a document is parsed."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.feeds: list[Subscription] = []
        self.is_opml = False
        self.broken = False
        self._seen: set[str] = set()
        self._groups: list[str] = []
        self._depth = 0
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.EntityDeclHandler = _refuse_entity
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeep(
                f"the list is nested more than {DEEPEST} levels deep: it is no honest one"
            )
        tag = name.rpartition(":")[2].lower()
        self.is_opml = self.is_opml or tag in {"opml", "outline"}
        if tag != "outline":
            return
        told = {key.rpartition(":")[2].lower(): value for key, value in attributes.items()}
        label = one_line(told.get("title") or told.get("text") or "")
        self._note(told, label)
        self._groups.append(label)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name.rpartition(":")[2].lower() == "outline":
            self._groups.pop()

    def _note(self, told: Mapping[str, str], label: str) -> None:
        url, problem = _address(told)
        if not url or url in self._seen or len(self.feeds) >= MOST:
            return
        self._seen.add(url)
        filed = [part for group in self._groups if (part := group)]
        named = [part.strip(" /") for part in told.get("category", "").split(",")]
        self.feeds.append(
            Subscription(
                url=url,
                title=label,
                tags=tuple(dict.fromkeys([*filed, *(one_line(part) for part in named if part)])),
                site=told.get("htmlurl", "").strip(),
                line=self.parser.CurrentLineNumber,
                problem=problem,
            )
        )


def _read(text: str) -> _Outlines:
    found = _Outlines()
    try:
        found.parser.Parse(text, True)  # noqa: FBT003 - expat takes it by place
    except expat.ExpatError:
        found.broken = True
    except UnicodeEncodeError:
        # A lone surrogate; mending takes it out.
        found.broken = True
    return found


def _refuse_entity(*declared: object) -> None:
    raise NotAList(
        f"the list declares an entity ({str(declared[0])[:40]}): such documents are not read"
    )


def _address(told: Mapping[str, str]) -> tuple[str, str]:
    """The feed's address of an outline, and what is wrong with it; ("", "") where it has none."""
    kind = told.get("type", "").strip().lower()
    for name in _ADDRESSES:
        if told.get(name, "").strip():
            return plain_address(told[name]), ""
    url = told.get("url", "").strip()
    if url and kind in _FEED_TYPES:
        return plain_address(url), ""
    if url and kind in {"include", "list"}:
        return url, "it includes another list: import that one by itself"
    page = url or told.get("htmlurl", "").strip()
    return (page, "it is a page: its feed is not named") if page else ("", "")
