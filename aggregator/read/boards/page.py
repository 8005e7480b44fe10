"""One HTML page as a tree of elements, whatever its bytes are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from aggregator.domain.errors import EmptyBody, TooDeep
from aggregator.read.decoding.charset import codec_name, decode
from aggregator.read.links.addresses import absolute
from aggregator.text.clean import one_line

Element = etree._Element  # noqa: SLF001 - the only name that the package has for it

MAX_ATTRIBUTES = 1000
"""Attributes of one tag; the parser takes the square of their number."""

MAX_STEPS = 30_000_000
"""Steps that counting siblings may take: for each of them those before it. 5,000 are half of it."""

MAX_TITLE = 60
"""Characters of a page's title that a message repeats."""

_META = re.compile(
    rb"""<meta\s[^<>]{0,300}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_.:+-]{1,40})""",
    re.IGNORECASE,
)
_META_REACH = 8192
_WESTERN = frozenset({"cp1252", "iso8859-15"})
_TAG = re.compile(r"""<[A-Za-z](?:[^"'<>]++|"[^"]*+"|'[^']*+')*+""")
_GAP = re.compile(r"""\s++(?=[^\s=>])""")
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]{0,300}>")
_SILENT = frozenset({"script", "style", "noscript", "template", "head", "title"})
_BREAKS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "td", "th", "tr", "table", "hr", "h1",
     "h2", "h3", "h4", "h5", "h6", "section", "article"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """A page. ``base`` resolves its links; ``encoding`` is the charset that it is in, ``claimed``
    the one it names; ``title`` is plain text."""

    root: Element
    base: str
    title: str
    language: str
    encoding: str
    claimed: str
    warnings: tuple[str, ...]

    def find(self, path: str) -> list[Element]:
        """The elements at an XPath, in the page's order. Raises TooDeep where elements would have
        to be counted of which too many stand beside each other."""
        if "-sibling::" in path and _steps(self.root) > MAX_STEPS:
            raise TooDeep("a page with too many elements beside each other for nth-child, + and ~")
        found = self.root.xpath(path)
        return (
            [each for each in found if isinstance(each, Element)] if isinstance(found, list) else []
        )

    @property
    def shown_title(self) -> str:
        """The title as a message repeats it."""
        return f"titled '{self.title[:MAX_TITLE]}'" if self.title else "without a title"


def read_page(
    body: bytes, *, charset: str = "", encoding: str | None = None, url: str = ""
) -> HtmlPage:
    """The page in ``body``, which came from ``url``.

    ``charset`` is what Content-Type said; where it said nothing, or the western default of its
    server, the page's own ``meta`` is believed. ``encoding`` is the operator's word. Raises
    EmptyBody, Undecodable, and TooDeep for more than 2,048 levels or 1,000 attributes of a tag.
    """
    decoded = decode(body, header=_claim(body, charset), override=encoding)
    text = _DECLARATION.sub("", decoded.text.replace("\0", ""), count=1)
    if not text.strip():
        raise EmptyBody("an empty body instead of a page")
    root = _parsed(text)
    return HtmlPage(
        root=root,
        base=_base(root, url),
        title=_title(root),
        language=(root.get("lang") or "")[:35],
        encoding=decoded.encoding,
        claimed=decoded.claimed,
        warnings=decoded.warnings,
    )


def _claim(body: bytes, charset: str) -> str:
    match = _META.search(body[:_META_REACH])
    own = match.group(1).decode("ascii") if match else ""
    said = codec_name(charset) if charset else None
    return own if own and (said is None or said in _WESTERN) else charset


def _parsed(text: str) -> Element:
    if any(_attributes(match.group()) > MAX_ATTRIBUTES for match in _TAG.finditer(text)):
        raise TooDeep(f"a page with a tag of more than {MAX_ATTRIBUTES:,} attributes")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    root: Element | None = None
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        # Nothing in it was markup or text.
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise TooDeep("a page that is nested more than 2,048 levels deep")
    return etree.Element("html") if root is None else root


def _steps(root: Element) -> int:
    return sum(len(each) ** 2 for each in root.iter("*"))


def _attributes(tag: str) -> int:
    if len(tag) <= MAX_ATTRIBUTES * 2:
        return 0
    return len(_GAP.findall(_QUOTED.sub("", tag)))


def _title(root: Element) -> str:
    found = next(root.iter("title"), None)
    return "" if found is None else one_line((found.text or "")[:1000])[:300]


def _base(root: Element, url: str) -> str:
    found = [link for each in root.iter("base") if (link := each.get("href"))]
    return (absolute(found[0], url) if found else "") or url


def pieces_of(
    element: Element, *, left_out: Callable[[Element], bool] = lambda _: False
) -> Iterator[str]:
    """The pieces of text in an element, in order, with a blank where a line ends; those of
    descendants that ``left_out`` names are passed over, and so are scripts."""
    waiting: list[Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        tag: object = one.tag
        if not isinstance(tag, str):
            # A comment, or an instruction to a program.
            continue
        if one is not element and (tag in _SILENT or left_out(one)):
            continue
        ends = tag in _BREAKS
        if ends:
            yield " "
            waiting.append(" ")
        for child in reversed(one):
            waiting.extend(([child.tail] if child.tail else []) + [child])
        if one.text:
            yield one.text


def text_of(
    element: Element, *, left_out: Callable[[Element], bool] = lambda _: False, most: int = 10_000
) -> str:
    """The text of an element on one line, at most ``most`` characters of it."""
    text, length = [], 0
    for piece in pieces_of(element, left_out=left_out):
        text.append(piece[:most])
        length += len(piece)
        if length > most:
            break
    return one_line("".join(text))[:most]


def markup_of(element: Element) -> str:
    """An element as HTML, without its scripts and styles, which are taken out of the page."""
    for silent in [*element.iter("script", "style", "noscript")]:
        if silent is not element:
            tail = silent.tail
            silent.clear()
            silent.tail = tail
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)
