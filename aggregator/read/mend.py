"""Markup repaired before it is parsed, so that a strict parser can read it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from aggregator.text.clean import xml_safe

_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));|&")
_BARE_LESS_THAN = re.compile(r"<(?![A-Za-z_:/?])")
_CUT_TAG = re.compile(r"(</?)deion(?=[\s/>])", re.IGNORECASE)
_PROLOG = re.compile(r"<\?xml(?:\s[^>]{0,400})?\?>", re.IGNORECASE)
_ROOT = re.compile(r"<\?xml\s|<rss[\s>]|<feed[\s>]|<rdf:RDF[\s>]")
_SUBSET_END = re.compile(r"\]\s{0,20}>")
_LEADING_JUNK = 4000
_CDATA = "<![CDATA["
_COMMENT = "<!--"
_DOCTYPE = "<!DOCTYPE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A repaired document. ``warnings``: ``leading-junk``, ``control-characters``,
    ``bare-ampersands``, ``html-entities``, ``doctype-removed``, ``cut-tag-names``."""

    text: str
    warnings: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """The document as UTF-8 text that XML parsers take, its meaning unchanged.

    What stood before the declaration goes, with the declaration itself (the text is decoded
    already); characters that XML forbids go; bare ``&`` and ``<`` are escaped; HTML entities that
    XML does not know become characters; a document type with its entities goes, and so do comments;
    ``<deion>`` (a filter that cut "script" out of "description") is named right again. CDATA
    sections are left as they are. Linear in the length of the text.
    """
    warnings: list[str] = []
    safe = xml_safe(text)
    if safe != text:
        warnings.append("control-characters")
    safe = _without_junk(safe.lstrip("\ufeff\r\n\t "), warnings)
    parts = [part if is_literal else _mend_markup(part, warnings) for part, is_literal in
             _segments(_PROLOG.sub("", safe, count=1), warnings)]  # fmt: skip
    return Mended(text="".join(parts).strip(), warnings=tuple(dict.fromkeys(warnings)))


def _without_junk(text: str, warnings: list[str]) -> str:
    """Cut off what a server printed before the document, a notice of its own for example."""
    if text.startswith("<") and not text[:4].lower().startswith(("<br", "<b>")):
        return text
    root = _ROOT.search(text, 0, _LEADING_JUNK)
    if root is None or "<html" in text[: root.start()].lower():
        return text
    warnings.append("leading-junk")
    return text[root.start() :]


def _segments(text: str, warnings: list[str]) -> Iterator[tuple[str, bool]]:
    """Markup (False) and CDATA sections (True) in turn; comments and document types left out."""
    start = at = 0
    open_ended: set[str] = set()
    while (at := text.find("<!", at)) != -1:
        opening = _opening(text, at)
        if not opening or opening in open_ended:
            at += 2
            continue
        end = _ENDS[opening](text, at)
        if end == -1 and opening == _CDATA:
            # The document was cut off within the section.
            yield text[start:at], False
            yield f"{text[at:].rstrip(']')}]]>", True
            return
        if end == -1:
            # Looked for once to the end of the text; the others of its kind have no end either.
            open_ended.add(opening)
            at += 2
            continue
        yield text[start:at], False
        if opening == _CDATA:
            yield text[at:end], True
        elif opening == _DOCTYPE:
            warnings.append("doctype-removed")
        start = at = end
    yield text[start:], False


def _opening(text: str, at: int) -> str:
    """The kind of the construct that begins at ``at``, "" for none."""
    for opening in (_CDATA, _COMMENT, _DOCTYPE):
        if text[at : at + len(opening)].upper() == opening:
            return opening
    return ""


def _cdata_end(text: str, at: int) -> int:
    end = text.find("]]>", at)
    return end + 3 if end != -1 else -1


def _comment_end(text: str, at: int) -> int:
    end = text.find("-->", at + len(_COMMENT))
    return end + 3 if end != -1 else -1


def _doctype_end(text: str, at: int) -> int:
    close = text.find(">", at)
    if close == -1 or "[" not in text[at:close]:
        return close + 1 if close != -1 else -1
    end = _SUBSET_END.search(text, at)
    return end.end() if end else -1


_ENDS = {_CDATA: _cdata_end, _COMMENT: _comment_end, _DOCTYPE: _doctype_end}


def _mend_markup(text: str, warnings: list[str]) -> str:
    if "&" in text:
        text = _REFERENCE.sub(lambda match: _mend_reference(match, warnings), text)
    if "]]>" in text:
        text = text.replace("]]>", "]]&gt;")
    if "deion" in text.lower():
        text, changed = _CUT_TAG.subn(r"\1description", text)
        if changed:
            warnings.append("cut-tag-names")
    return _BARE_LESS_THAN.sub("&lt;", text)


def _mend_reference(match: re.Match[str], warnings: list[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if decimal is not None or hexadecimal is not None:
        # Also reads the numbers 128 to 159 as windows-1252, which is what their authors meant.
        return html.escape(xml_safe(html.unescape(match.group())), quote=True)
    if name is None:
        warnings.append("bare-ampersands")
        return "&amp;"
    if name in _XML_ENTITIES:
        return match.group()
    character = html5.get(f"{name};")
    if character is None:
        warnings.append("bare-ampersands")
        return "&amp;" + match.group()[1:]
    warnings.append("html-entities")
    return html.escape(character, quote=True)
