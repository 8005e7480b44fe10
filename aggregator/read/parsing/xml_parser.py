"""feedparser's two parsers, kept from losing what they lose. The only module that knows feedparser."""

from __future__ import annotations

import re
import xml.sax
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.urls import _urljoin

from aggregator.domain.errors import NotAFeed
from aggregator.read.mending.prefixes import with_prefixes
from aggregator.read.parsing.bounds import Bounds, Enough
from aggregator.read.parsing.media import MAX_KEPT, MediaHandlers
from aggregator.read.parsing.schedule import ScheduleHandlers
from aggregator.read.parsing.written_people import name_and_mail

MAX_LOOSE = 3_000_000
"""Characters read of a document that is not well-formed; the parser for those is slow."""

_MAX_LOOSE_MARKS = 100_000
"""Tags and references read of one; it takes each of them apart."""

_PARSER_TRIPS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What feedparser lets through on hostile documents."""

_START, _END = "_start_", "_end_"

RELATIONS = "http://www.iana.org/assignments/relation/"
_NETSCAPE = "http://channel.netscape.com/rdf/simple/0.9"
_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
INLINE = frozenset({"a", "b", "br", "em", "font", "i", "p", "span", "strong", "time", "u"})
"""HTML within an element of text: not an element of its own."""

ADDRESSES = frozenset({"comments", "icon", "logo", "wfw_comment", "wfw_commentrss"})

_NEXT = frozenset({"item", "entry", "channel", "guid", "pubdate", "published", "updated"})
_ENDS = frozenset({"item", "entry", "channel", "feed", "rss"})
_NEVER_WITHIN = {
    "title": _NEXT | {"author", "category", "content", "description", "id", "link", "summary"},
    "description": _NEXT, "summary": _NEXT, "content": _NEXT,
}  # fmt: skip
"""What begins behind an element of text, never within it."""

_LAST_END_TAG = re.compile(r"</([^<>\s]{1,80})>\s{0,200}\Z")
_MARK = re.compile("[<&]")
_ROOT_NAME = re.compile(r"<(?![?!/])[^\s/>]{1,80}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document as feedparser's mappings; ``version`` is "" for what is no feed."""

    version: str
    channel: Mapping[str, Any]
    entries: list[Any]
    warnings: tuple[str, ...]


def parse(text: str) -> Parsed:
    """The document in ``text``, read strictly, else loosely (``not-well-formed``).

    Prefixes that the document uses without declaring them get their usual namespace
    (``undeclared-prefixes``). Besides feedparser's own keys, mappings have ``media_pictures``
    (attributes of media:content and media:thumbnail, each with its ``notes``), ``media_notes`` (what media elements tell of
    the whole entry), ``picture`` (the address in an image element) and ``further`` (elements that
    feedparser does not know, with their texts and attributes). A document is read up to
    the last entry that is read of one (``too-many-entries``). Raises NotAFeed and TooDeep.
    """
    whole, warnings = with_prefixes(text)
    parser: _Keeping = _Strict("", "", "utf-8")
    try:
        if not _read_strictly(whole, parser):
            warnings = ("not-well-formed",)
            parser = _Loose("", "", "utf-8")
            parser.feed(_first_marks(whole[:MAX_LOOSE]))
    except Enough:
        warnings = (*warnings, "too-many-entries")
    except _PARSER_TRIPS as error:
        raise NotAFeed(f"a document that no parser can read ({type(error).__name__})") from error
    return _parsed(parser, text, warnings)


def _first_marks(text: str) -> str:
    last = next(islice(_MARK.finditer(text), _MAX_LOOSE_MARKS, None), None)
    return text[: last.start()] if last else text


def _read_strictly(text: str, parser: _Keeping) -> bool:
    reader: Any = xml.sax.make_parser()  # noqa: S317  (document types are gone, so are their entities)
    reader.setFeature(feature_namespaces, True)  # noqa: FBT003
    reader.setFeature(feature_external_ges, False)  # noqa: FBT003
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    try:
        # In one piece: a long text that arrives in several is looked at from its beginning each time.
        reader.feed(text.encode("utf-8", "replace"))
        reader.close()
    except xml.sax.SAXException:
        return False
    return True


def _parsed(parser: _Keeping, text: str, warnings: tuple[str, ...]) -> Parsed:
    version = parser.version
    root = _ROOT_NAME.search(text)
    if not version and root and root.group().lower() == "<channel":
        version = "cdf" if root.group().isupper() else "rss"
    return Parsed(
        version=version,
        channel=parser.feeddata,
        entries=parser.entries,
        warnings=warnings,
    )


def resolved(address: str) -> str:
    """An address as feedparser has it in a document without a base."""
    joined: str = _urljoin("", address)
    return joined


def has_handler(name: str) -> bool:
    """Whether feedparser knows an element of no namespace, by its name in small letters."""
    return hasattr(_Strict, f"{_START}{name}") or hasattr(_Strict, f"{_END}{name}")


class _Keeping(MediaHandlers, ScheduleHandlers):
    """What both parsers learn. Names and signatures are those that feedparser calls."""

    can_be_relative_uri = LooseFeedParser.can_be_relative_uri - {"id"}
    """Ids are compared as they are written (RFC 4287 section 4.2.6.1)."""

    elementstack: list[Any]
    incontent: int
    resolve_uri: Callable[[str], str]
    entries: list[Any]
    feeddata: dict[str, Any]
    version: str
    depth: int
    inauthor: int
    incontributor: int
    inentry: int
    infeed: int
    inimage: int
    insource: int
    feed: Callable[[str], None]

    def __init__(self, *args: str) -> None:
        self._bounds = Bounds()
        self._alone = False
        self._namespaces = 0
        super().__init__(*args)

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Handlers for elements that feedparser has none for."""
        if name.startswith(_START):
            return lambda attributes: self._open_further(name.removeprefix(_START), attributes)
        if name.startswith(_END):
            return lambda: self._close_further(name.removeprefix(_END))
        raise AttributeError(name)

    def track_namespace(self, prefix: str | None, uri: str) -> None:
        """Stop counting namespaces where a document has absurdly many: each element is compared
        with all of them."""
        self._namespaces += 1
        if uri.lower().startswith(_NETSCAPE):
            uri = _RSS_090
        if self._namespaces <= MAX_KEPT:
            super().track_namespace(prefix, uri)  # type: ignore[misc]

    def _save_author(self, key: str, value: str, prefix: str = "author") -> None:
        if prefix == "author":
            super()._save_author(key, value, prefix)  # type: ignore[misc]
        else:
            # The owner of a podcast would be written over its author.
            self._get_context().setdefault(f"{prefix}_detail", {})[key] = value

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()
        written = dict.get(context, key)
        detail = (dict.get(context, f"{key}s") or [{}])[-1]
        if detail or not isinstance(written, str):
            super()._sync_author_detail(key)  # type: ignore[misc]
            return
        # feedparser knows top-level domains of up to four letters.
        name, mail = name_and_mail(written)
        detail |= {"name": name} if name else {}
        detail |= {"email": mail} if mail else {}
        context.setdefault(f"{key}_detail", detail)

    def _open_further(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in INLINE and self.elementstack and not self.incontent:
            return
        self.push(name, 0)
        for attribute, value in attributes.items():
            if not attribute.startswith(("xmlns", "xml:")):
                self._keep(f"{name}_{attribute.replace(':', '_')}", value)

    def _close_further(self, name: str) -> None:
        value = self.pop(name)
        if value:
            value = self.decode_entities(name, value)
            self._keep(name, self.resolve_uri(value) if name in ADDRESSES else value)

    def _keep(self, name: str, value: str) -> None:
        further = self._get_context().setdefault("further", {})
        if len(further) < MAX_KEPT:
            further.setdefault(name, value)

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        # Each category is compared with all before it.
        if len(self._get_context().setdefault("tags", [])) < MAX_KEPT:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def _start_item(self, attributes: dict[str, str]) -> None:
        super()._start_item(attributes)  # type: ignore[misc]
        self.entries[-1]["media_notes"] = self.new_notes()

    _start_entry = _start_item

    def _start_link(self, attributes: dict[str, str]) -> None:
        relation = attributes.get("rel", "")
        attributes["rel"] = relation.removeprefix(RELATIONS) or "alternate"
        if not attributes.get("uri", "http").startswith("http"):
            del attributes["uri"]
        super()._start_link(attributes)  # type: ignore[misc]

    def _end_link(self) -> None:
        context = self._get_context()
        before = dict.get(context, "link")
        self.pop("link")
        if (dict.get(context, "links") or [{}])[-1].get("rel") != "alternate":
            # The address of an enclosure may be the text of the element too.
            context["link"] = before or ""

    def _start_image(self, attributes: dict[str, str]) -> None:
        # In RSS 1.0 it stands beside the channel, where texts are passed over.
        if not self.inentry and not self.infeed:
            self.infeed = 1
            self._alone = True
        super()._start_image(attributes)  # type: ignore[misc]

        if resource := attributes.get("rdf:resource"):
            self._get_context().setdefault("href", resource)

    def _end_url(self) -> None:
        super()._end_url()  # type: ignore[misc]
        if not self.inentry or self.insource or self.inauthor or self.incontributor:
            return
        # feedparser keeps the address of a picture, and of anything else, as that of the entry.
        entry = self.entries[-1]
        address = dict.pop(entry, "href", "")
        if address and self.inimage:
            entry.setdefault("picture", address)
        elif address:
            self._keep("url", address)

    def _start_enclosure(self, attributes: dict[str, str]) -> None:
        super()._start_enclosure(attributes)  # type: ignore[misc]
        self.push("enclosure", 0)

    def _end_enclosure(self) -> None:
        address = self.pop("enclosure")
        files = dict.get(self._get_context(), "links") or [{}]
        if address and files[-1].get("rel") == "enclosure":
            files[-1].setdefault("href", address)

    def _end_image(self) -> None:
        address = self.pop("image")
        self.inimage = 0
        if address:
            self._get_context().setdefault("picture", address)
        if self._alone:
            self.infeed = 0
            self._alone = False

    def _start_itunes_summary(self, _attributes: dict[str, str]) -> None:
        self.push("itunes_summary", 0)

    def _end_itunes_summary(self) -> None:
        self._close_further("itunes_summary")

    def _start_itunes_subtitle(self, _attributes: dict[str, str]) -> None:
        self.push("itunes_subtitle", 0)

    def _end_itunes_subtitle(self) -> None:
        self._close_further("itunes_subtitle")

    def _start_itunes_image(self, attributes: dict[str, str]) -> None:
        self._open_further("itunes_image", attributes)

    def _end_itunes_explicit(self) -> None:
        self._close_further("itunes_explicit")

    def _end_itunes_block(self) -> None:
        self._close_further("itunes_block")


class _Strict(_Keeping, StrictFeedParser):  # type: ignore[misc]
    """Reads what is well-formed."""

    sanitize_html = False
    resolve_relative_uris = False
    _root_space: str | None = None

    def __init__(self, *args: str) -> None:
        super().__init__(*args)
        self._said: list[str] = []
        # The parser gives a text in pieces, one for each reference; they are handled as one.
        self.characters = self._said.append

    def startElementNS(  # noqa: N802
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        """Read an element with its first attributes: each is looked for among all."""
        is_text = bool(self.incontent)
        if not self._bounds.enters(name[1], len(self.entries), is_text=is_text):
            return
        self._say()
        if len(attrs) > MAX_KEPT:
            kept = dict(islice(attrs.items(), MAX_KEPT))
            attrs = AttributesNSImpl(kept, {each: attrs.getQNameByName(each) for each in kept})
        if not self.depth and name[1].lower() == "rss":
            self._root_space = name[0]
        super().startElementNS(self._own(name), qname, attrs)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        if self._bounds.leaves():
            self._say()
            super().endElementNS(self._own(name), qname)

    def _say(self) -> None:
        if self._said:
            self.handle_data("".join(self._said))
            self._said.clear()

    def _own(self, name: tuple[str | None, str]) -> tuple[str | None, str]:
        """An element's name, without namespace where it is that of the root: RSS has none, and
        whatever a document declares there is meant to be RSS."""
        return (None, name[1]) if name[0] == self._root_space else name


class _Loose(_Keeping, LooseFeedParser):  # type: ignore[misc]
    """Reads the rest."""

    sanitize_html = False
    resolve_relative_uris = False

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """Begin an element; a text that nobody closed ends before it."""
        if tag in _NEVER_WITHIN.get(self._open_text(), ()):
            self._close_text()
        if self._bounds.opens(tag, len(self.entries), is_text=bool(self.incontent)):
            super().unknown_starttag(tag, attrs)

    def unknown_endtag(self, tag: str) -> None:
        """End an element; a text that nobody closed ends with its entry."""
        if tag in _ENDS:
            self._close_text()
        elif tag in _NEVER_WITHIN and tag != self._open_text() == "title":
            tag = "title"
        super().unknown_endtag(tag)

    def _open_text(self) -> str:
        return str(self.elementstack[-1][0]) if self.incontent and self.elementstack else ""

    def _close_text(self) -> None:
        name = self._open_text()
        if name not in _NEVER_WITHIN:
            return
        text = "".join(self.elementstack[-1][2])
        stray = _LAST_END_TAG.search(text)
        if stray and f"<{stray[1]}" not in text:
            # What was meant to close it: </titel>.
            self.elementstack[-1][2][:] = [text[: stray.start()]]
        super().unknown_endtag(name)
