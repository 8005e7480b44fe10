"""Tags of a document made ones that a strict parser reads, and text that only looks like tags."""

from __future__ import annotations

import re

_CHUNK = re.compile("<[^<]*")
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[^\W\d][\w.-]{0,80}(?::[\w.-]{1,80})?)"""
    r"""(?P<rest>(?:[\s/](?:"[^"]*"|'[^']*'|[^"'>])*)?)>"""
)
_REGULAR = re.compile(r"""(?:\s+[^\W\d][\w:.-]{0,80}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*/?""")
_ATTRIBUTE = re.compile(
    r"""([^\s=<>"'/]{1,200})(?:\s{0,20}=\s{0,20}("[^"]*"|'[^']*'|[^\s"'<>]{1,4000}))?"""
)
_STUMP = re.compile(r"<(?:/?[A-Za-z_][^<>]*|/)?")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][\w.-]{0,80}(?::[\w.-]{1,80})?", re.ASCII)
_CLOSED = re.compile(r"</([^\s<>/]{1,160})\s{0,20}>")
_ROOT = re.compile(r"<([A-Za-z_][\w:.-]{0,160})[\s/>]")
_ROOT_END = re.compile(r"</(?:rss|feed|rdf:RDF)")
_NAME = re.compile(r"</?([A-Za-z_][\w:.-]{0,160})(?=[\s/>])")
_CUT_NAME = re.compile(r"deion", re.IGNORECASE)
_STRUCTURE = frozenset(
    {
        "rss", "rdf", "feed", "channel", "item", "items", "entry", "title", "link", "description",
        "summary", "content", "guid", "id", "author", "category", "image", "url", "source", "name",
        "pubdate", "published", "updated", "lastbuilddate", "language", "copyright", "rights",
        "generator", "docs", "ttl", "enclosure", "comments", "textinput", "cloud", "subtitle",
        "contributor", "email", "uri", "logo", "icon", "div", "date", "webmaster", "managingeditor",
    }
)  # fmt: skip
"""Elements of feeds, in lower case: where a document is cut off they may lack their end."""


class Tags:
    """The tags of one document. What has the form of a tag, is no element of feeds and is never
    closed is text: a headline such as ``<AI 도시> 공모``, or HTML that was not escaped."""

    def __init__(self, text: str, warnings: list[str]) -> None:
        self._warnings = warnings
        self._closed = {
            "description" if _CUT_NAME.fullmatch(name) else name for name in _CLOSED.findall(text)
        }
        if (root := _ROOT.search(text)) is not None:
            self._closed.add(root[1])

    def mended(self, markup: str, *, is_last: bool) -> str:
        """Markup (no CDATA sections in it) with regular tags. ``is_last``: the document ends with
        it, so that a tag left open was cut off and goes."""
        if "<" not in markup:
            return markup
        at = markup.rfind("<")
        stump = markup[at:] if is_last and _STUMP.fullmatch(markup, at) else ""
        mended = _CHUNK.sub(self._chunk, markup[: len(markup) - len(stump)])
        # Only the root's own end is worth completing: the document is whole then.
        return f"{mended}{stump.rstrip()}>" if _ROOT_END.fullmatch(stump.rstrip()) else mended

    def _chunk(self, match: re.Match[str]) -> str:
        chunk = match.group()
        tag = _TAG.match(chunk)
        if tag is None:
            return chunk if self._is_damaged(chunk) else f"&lt;{chunk[1:]}"
        end, name, rest = tag["end"], tag["name"], tag["rest"]
        if _CUT_NAME.fullmatch(name):
            self._warnings.append("cut-tag-names")
            name = "description"
        if end:
            return f"</{name}{rest}>{chunk[tag.end() :]}"
        if not self._is_element(name, rest):
            self._warnings.append("text-like-tags")
            return f"&lt;{chunk[1:]}"
        if _REGULAR.fullmatch(rest) is None:
            rest = self._regular(name, rest)
        return f"<{name}{rest}>{chunk[tag.end() :]}"

    def _is_element(self, name: str, rest: str) -> bool:
        return name in self._closed or rest.endswith("/") or _is_structure(name)

    def _regular(self, name: str, rest: str) -> str:
        """Attributes each once and in quotes."""
        self._warnings.append("irregular-attributes")
        closes = rest.rstrip().endswith("/") and name not in self._closed
        rest = rest.rstrip()[:-1] if closes else rest
        values: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(rest):
            value = match[2] or '""'
            if value[0] not in "\"'":
                value = f'"{value}"'
            if _ATTRIBUTE_NAME.fullmatch(match[1]):
                values.setdefault(match[1], value.replace("<", "&lt;"))
        attributes = "".join(f" {key}={value}" for key, value in values.items())
        return f"{attributes}{' /' if closes else ''}"

    def _is_damaged(self, chunk: str) -> bool:
        """Whether what is no whole tag is still one: quotes in it lack their partner."""
        name = _NAME.match(chunk)
        if name is None or ">" not in chunk:
            return False
        return name[1] in self._closed or _is_structure(name[1])


def _is_structure(name: str) -> bool:
    return name.lower().rpartition(":")[2] in _STRUCTURE
