"""Angle brackets of texts: which are tags of HTML, and which are the writer's own."""

from __future__ import annotations

import re

HTML_NAMES = (
    "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|"
    "blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|data|datalist|dd|del|"
    "details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|"
    "frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map|"
    "mark|marquee|menu|meta|nav|nobr|noscript|object|ol|option|p|param|picture|pre|q|rp|rt|ruby|s|"
    "samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|table|tbody|"
    "td|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr"
)
"""The elements of HTML, old ones too, as alternatives of a regular expression."""

_ATTRIBUTES = r"(?:\s+[a-z][a-z:_-]*(?:\s*=[^<>]*)?)?\s*/?"
KNOWN_TAG = re.compile(rf"</?(?:{HTML_NAMES}){_ATTRIBUTES}>", re.IGNORECASE)
OFFICE_TAG = re.compile(
    r"</?(?:o|v|w|m|st1):[a-z]{1,30}(?:\s[^<>]*)?/?>|<\?xml[^<>]*>", re.IGNORECASE
)
"""What word processors leave in copied text."""

_SURE_TAG = re.compile(
    r"<(?:/[A-Za-z]|(?:a|b|blockquote|br|div|em|figcaption|figure|font|h[1-6]|hr|i|img|li|ol|p|span|strong|"
    r"table|tbody|td|th|thead|tr|u|ul)(?:/?>|\s[a-z-]+=))"
)
"""Tags about which there is no question, in small letters: bare, or with an attribute."""

_BRACKET = re.compile(
    rf"</?(?:(?:{HTML_NAMES}|noembed|noframes|template|svg|math|xmp|plaintext)(?=[\s/>])|[a-z][\w.-]{{0,80}}:)",
    re.IGNORECASE,
)
_NAME = re.compile(r"</?(?P<name>[A-Za-z][\w.:-]{0,80})(?P<rest>[^<>]{0,2000})", re.ASCII)
_END_NAME = re.compile(r"</([a-z][\w.:-]{0,80})", re.ASCII)
_OTHER = re.compile(r"</[A-Za-z]|<!(?:--|[A-Za-z\[])|<\?[A-Za-z]")
_OWN_WORDS = re.compile(r"\s+[^\x00-\x7f]")
_ATTRIBUTE = re.compile(r"\s+[A-Za-z][\w:.-]{0,80}\s{0,9}=", re.ASCII)
_MOST_LOOKED_AT = 2100
_WORDS_TOO = frozenset(
    {
        "address", "area", "article", "aside", "audio", "base", "button", "canvas", "caption", "data",
        "details", "dialog", "figure", "footer", "form", "frame", "header", "label", "legend", "link",
        "main", "map", "mark", "marquee", "menu", "meta", "object", "option", "picture", "ruby",
        "section", "select", "source", "style", "summary", "table", "time", "title", "track", "video",
    }
)  # fmt: skip
"""Elements whose names are words that stand in headlines, as in ``<Time> 전시``."""

_CAPITALS_TOO = frozenset(
    {
        "a", "b", "big", "body", "center", "cite", "code", "font", "head", "html", "i", "q", "s",
        "small", "strong", "u", "var",
    }
)  # fmt: skip
"""Elements whose names, with a capital and never closed, are a writer's words too: ``<S>등급``."""

_NEVER_BARE = frozenset({"a", "q", "s"})
"""Those of them that in a whole text too mean nothing with a capital, without attributes and end."""


def closed_names(text: str) -> frozenset[str]:
    """The names, in lower case, of the elements that have an end in ``text``."""
    return frozenset(_END_NAME.findall(text.lower())) if "</" in text else frozenset()


def is_word(tag: str, closed: frozenset[str]) -> bool:
    """Whether what has the form of a tag without attributes is a word in brackets: ``<Time>`` where
    no ``</time>`` follows."""
    name = tag[1:-1].strip()
    if name.lower() in closed:
        return False
    return name.lower() in _WORDS_TOO or (name[:1].isupper() and name.lower() in _CAPITALS_TOO)


def with_own_brackets(markup: str, *, sign: str = "&lt;") -> str:
    """HTML in which every ``<`` that begins no tag is ``sign``, so that ``<AI 도시> 공모`` and ``A<B``
    outlive a parser, which takes any letter for the name of an element. Elements that HTML does not
    know are tags where they have attributes or an end."""
    # Nearly all texts have none but the usual tags.
    if "<" not in markup or markup.count("<") == len(_SURE_TAG.findall(markup)):
        return markup
    closed = closed_names(markup)
    first, *pieces = markup.split("<")
    return first + "".join(
        f"<{piece}" if _is_tag(f"<{piece[:_MOST_LOOKED_AT]}", closed) else f"{sign}{piece}"
        for piece in pieces
    )


def _is_tag(piece: str, closed: frozenset[str]) -> bool:
    if _OTHER.match(piece):
        return True
    match = _NAME.match(piece)
    if match is None:
        return False
    name, rest = match["name"].lower(), match["rest"]
    if _BRACKET.match(piece):
        is_bare = not rest.strip() and piece[match.end() : match.end() + 1] == ">"
        if is_bare and match["name"].isupper() and name in _NEVER_BARE:
            return name in closed
        return _OWN_WORDS.match(rest) is None
    return name in closed or rest.endswith("/") or _ATTRIBUTE.match(rest) is not None
