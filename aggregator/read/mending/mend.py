"""Markup repaired before it is parsed, so that a strict parser can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.read.mending.references import References
from aggregator.read.mending.tags import Tags
from aggregator.text.xml_chars import xml_safe

_ROOT = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:rdf|channel)[\s>]", re.IGNORECASE)
_LAST_END = re.compile(r"</(?:rss|feed|rdf:rdf)\s{0,20}>", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s{0,20}>")
_OPEN_ELEMENT = re.compile(r"<([A-Za-z_][\w:.-]{0,80})(?:\s[^<>]{0,400})?>\s{0,20}\Z")
_CLOSED_SPECIAL = re.compile(r"<\?[^<>]*>|<!DOCTYPE[^<>\[]*>", re.IGNORECASE)
_SPECIAL = re.compile(r"<[!?]")
_LEADING_JUNK = 4000
_LONGEST_INSTRUCTION = 4000
_TRAILING_JUNK = 20_000
_CDATA = "<![CDATA["
_COMMENT = "<!--"
_DOCTYPE = "<!DOCTYPE"
_INSTRUCTION = "<?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A repaired document. ``warnings``: ``leading-junk``, ``trailing-junk``,
    ``control-characters``, ``bare-ampersands``, ``html-entities``, ``own-entities``,
    ``doctype-removed``, ``cut-tag-names``, ``text-like-tags``, ``irregular-attributes``,
    ``open-cdata``."""

    text: str
    warnings: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """The document as UTF-8 text that XML parsers take, its meaning unchanged.

    What stood before the declaration and behind the root goes, with all declarations (the text is
    decoded already), processing instructions and comments; characters that XML forbids go, also as
    references; bare ``&`` and ``<`` are escaped, and so is what looks like a tag and is none; HTML
    entities and those that the document type declares as text become characters, and the document
    type goes; attributes get quotes; ``<deion>`` (a filter that cut "script" out of "description")
    is named right again. CDATA sections are left as they are; one that is not closed ends with its
    element. A document that is cut off stays cut off, without the piece of its last tag.

    Mending twice changes nothing in a document of one root. Linear in the length of the text.
    """
    warnings: list[str] = []
    safe = xml_safe(text)
    if safe != text:
        warnings.append("control-characters")
    safe = _without_junk(safe.lstrip("\ufeff\r\n\t "), warnings)
    doctypes: list[str] = []
    segments = list(_segments(safe, doctypes, warnings))
    references = References("".join(doctypes), warnings)
    tags = Tags("".join(part for part, is_literal in segments if not is_literal), warnings)
    parts: list[str] = []
    for at, (part, is_literal) in enumerate(segments):
        if is_literal:
            parts.append(part)
            continue
        markup = tags.mended(references.mended(part), is_last=at == len(segments) - 1)
        # What was taken out in between must not make an end of a CDATA section.
        parts.append(_without_end_marks(markup, is_first=not at))
    mended = "".join(parts).strip()
    if "open-cdata" in warnings:
        # What ended a section also tells the end of the root from words within the section.
        mended = _without_trailing_junk(mended, warnings)
    return Mended(text=mended, warnings=tuple(dict.fromkeys(warnings)))


def _without_end_marks(markup: str, *, is_first: bool) -> str:
    if "]]>" in markup:
        markup = markup.replace("]]>", "]]&gt;")
    return f"&gt;{markup[1:]}" if markup.startswith(">") and not is_first else markup


def _without_junk(text: str, warnings: list[str]) -> str:
    """Cut off what a server printed around the document, a notice of its own for example."""
    start = _behind_comments(text)
    root = _ROOT.search(text, start, start + _LEADING_JUNK)
    if root is None:
        return text
    before = _CLOSED_SPECIAL.sub("", text[start : root.start()])
    if before.strip() and "<!doctype" not in before.lower() and "<html" not in before.lower():
        warnings.append("leading-junk")
        text = text[root.start() :]
    return _without_trailing_junk(text, warnings)


def _without_trailing_junk(text: str, warnings: list[str]) -> str:
    ends = [match.end() for match in _LAST_END.finditer(text, max(0, len(text) - _TRAILING_JUNK))]
    is_literal = ends and text.rfind(_CDATA, 0, ends[-1]) > text.rfind("]]>", 0, ends[-1])
    if ends and not is_literal and text[ends[-1] :].strip():
        warnings.append("trailing-junk")
        text = text[: ends[-1]]
    return text


def _behind_comments(text: str) -> int:
    at = 0
    while text.startswith(_COMMENT, at):
        end = text.find("-->", at)
        if end == -1:
            break
        at = end + 3
        at += len(text[at : at + 200]) - len(text[at : at + 200].lstrip())
    return at


def _segments(text: str, doctypes: list[str], warnings: list[str]) -> Iterator[tuple[str, bool]]:
    """Markup (False) and CDATA sections (True) in turn; comments, processing instructions and
    document types left out, the last put into ``doctypes``."""
    start = at = 0
    ends = _Ends(text)
    while (special := _SPECIAL.search(text, at)) is not None:
        at = special.start()
        opening = _opening(text, at)
        end = ends.of(opening, at)
        if opening == _CDATA and (closed := _closed_by_element(text, start, at, end)) is not None:
            warnings.append("open-cdata")
            yield text[start:at], False
            yield f"{text[at:closed]}]]>", True
            start = at = closed
            continue
        if end == -1 and opening == _CDATA:
            # The document was cut off within the section.
            yield text[start:at], False
            yield f"{text[at:].rstrip(']')}]]>", True
            return
        if end == -1:
            at += 2
            continue
        yield text[start:at], False
        if opening == _CDATA:
            yield text[at:end], True
        elif opening == _DOCTYPE:
            warnings.append("doctype-removed")
            doctypes.append(text[at:end])
        start = at = end
    yield text[start:], False


class _Ends:
    """Where the constructs of a text end, none looked for twice: a kind without an end has none
    further on either, and sections that their element ends leave the next mark unused."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open_ended = {""}
        self._cdata = 0

    def of(self, opening: str, at: int) -> int:
        """The end of the construct that begins at ``at``; -1 for none."""
        if opening == _CDATA:
            if self._cdata != -1 and self._cdata < at + len(_CDATA) + len("]]>"):
                self._cdata = _cdata_end(self._text, at)
            return self._cdata
        end = -1 if opening in self._open_ended else _ENDS[opening](self._text, at)
        if end == -1:
            self._open_ended.add(opening)
        return end


def _closed_by_element(text: str, start: int, at: int, end: int) -> int | None:
    """Where the element ends whose CDATA section has no end of its own: it closes before another
    section begins. None for a section that is closed, or that the document's end cuts off."""
    bound = len(text) if end == -1 else end
    other = text.find(_CDATA, at + len(_CDATA), bound)
    if end != -1 and other == -1:
        return None
    element = _OPEN_ELEMENT.search(text, max(start, at - 500), at)
    if element is None:
        return None
    closed = text.find(f"</{element[1]}>", at, bound if other == -1 else other)
    return closed if closed != -1 else None


def _opening(text: str, at: int) -> str:
    """The kind of the construct that begins at ``at``, "" for none."""
    if text.startswith(_INSTRUCTION, at):
        return _INSTRUCTION
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


def _instruction_end(text: str, at: int) -> int:
    if text[at : at + 6].lower().rstrip() == "<?xml":
        end = text.find(">", at, at + _LONGEST_INSTRUCTION)
        return end + 1 if end != -1 else -1
    end = text.find("?>", at, at + _LONGEST_INSTRUCTION)
    return end + 2 if end != -1 else -1


_ENDS = {
    _COMMENT: _comment_end,
    _DOCTYPE: _doctype_end,
    _INSTRUCTION: _instruction_end,
}
