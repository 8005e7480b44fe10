"""Markup made harmless, and plain text taken out of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from itertools import islice
from typing import Any

import nh3

from aggregator.text.fold import MAX_ROUNDS, split_at_bare, unescape
from aggregator.text.programs import without_programs
from aggregator.text.stock import LABEL, is_handle, own_lines
from aggregator.text.tag_forms import (
    HTML_NAMES,
    KNOWN_TAG,
    OFFICE_TAG,
    closed_names,
    is_word,
    with_own_brackets,
)
from aggregator.text.unseen import is_plain, without_unseen
from aggregator.text.xml_chars import xml_safe

_SILENT_TAGS = frozenset(
    {
        "script", "style", "iframe", "frame", "frameset", "noscript", "noembed", "noframes",
        "template", "object", "embed", "applet", "svg", "math", "title", "textarea", "select",
        "audio", "video", "canvas", "xmp",
    }
)  # fmt: skip
"""Elements that vanish with everything inside: programs, frames, players, form fields."""

_KEPT_TAGS = frozenset(
    {
        "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt",
        "em", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s",
        "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
        "ul",
    }
)  # fmt: skip
"""What a release needs to be readable. No images: their licence is seldom the text's, and loading
one tells a stranger who reads."""

_KEPT_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_LINK_REL = "noopener noreferrer nofollow"
_SCHEMES = {"http", "https", "mailto"}


def _cleaner(**more: Any) -> nh3.Cleaner:  # noqa: ANN401 - what nh3 takes
    """A cleaner by the rules of this module, and ``more``; relative links lose their target where
    it says nothing else."""
    rules: dict[str, Any] = {"url_relative": "deny", **more}
    return nh3.Cleaner(
        tags=_KEPT_TAGS,
        clean_content_tags=_SILENT_TAGS,
        attributes=_KEPT_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=_LINK_REL,
        **rules,
    )


_CLEANER = _cleaner()
_STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags=_SILENT_TAGS, attributes={}, link_rel=None)

_SILENT_ELEMENT = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{HTML_NAMES})(?=[\s/&])", re.IGNORECASE)
_PARAGRAPH_TAG = re.compile(
    r"<\s*/?\s*(?:p|div|section|article|aside|main|header|footer|blockquote|h[1-6]|ul|ol|dl|table|"
    r"pre|hr|figure|figcaption|center|form|fieldset|address|title|body)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_LINE_TAG = re.compile(
    r"<\s*/?\s*(?:br|li|tr|dt|dd|caption|thead|tbody|tfoot|option)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_CELL_TAG = re.compile(r"<\s*/\s*t[dh]\s*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_BREAK = "\ue000"
_BLANK_LINE = "\ue001"
_TITLE_SIGN = re.compile("[<&}]")
"""What is taken out of a headline has one of these, or the end of a CDATA section."""

_AMPERSAND = "\ue002"
_LESS = "\ue003"

_LEADS_NOWHERE = re.compile(r'<a(?: (?:title|rel)="[^"]*")+>(.*?)</a>', re.DOTALL)
"""A link that has lost its target; a cleaned one always has a ``rel``."""
_BLANK_LINES = re.compile(r"\n[ \t\r\xa0]*\n\s*")
_LINE_END = re.compile(r"[ \t\r]*\n\s*")
_LETTERS_APART = re.compile("[\u1100-\u1112\uac00-\ud7a3][\u1161-\u1175\u11a8-\u11c2]{1,2}")
_CDATA_MARK = re.compile(r"(?:<|&lt;)!\[CDATA\[|\]\](?:>|&gt;)")
_COMMENT = re.compile(r"<!--[^<>]{0,500}-->")
_CUT_TAG = re.compile(
    r"<(?:!--[^<>]{0,500}|(?i:br)|/[a-z]{1,10}|(?i:a|b|div|font|img|p|span|strong)\s+[A-Za-z-]{1,20}\s*="
    r"[^<>]{0,500}|(?:a|div|font|img|p|span|strong)\s+(?:h|hr|hre|href|c|cl|cla|clas|class|s|st|sty|styl|style|sr|src)?)\Z"
)

_TRAILING_CUT = re.compile(r"(?:\.{3,}|…|\[…\]|\[\.\.\.\])\s*$")

_LABEL_REACH = 70
_DASHED = re.compile(r"^[-–―—<〈《\[(【]\s*.{1,120}\s*[-–―—>〉》\])】]$", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<![\d.\s])[.!?][\"'”’)\]]{0,3}$")
_SENTENCE_LENGTH = 60
_LONG_PIECE = 400
_MOST_TAGS = 5000
_HREF = re.compile("href", re.IGNORECASE)
_WHOLE_HREF = re.compile(r"""href=["']https?://[a-z0-9]""", re.IGNORECASE | re.ASCII)

_REMEMBERED = 4
"""Texts of which what was made is remembered: the summary and the content of an entry are looked at
for its text, its lead, its links, its pictures and its licence, one after the other."""


def one_line(text: str) -> str:
    """``text`` without what XML forbids, on one line, with single blanks."""
    return " ".join(xml_safe(text).split())


def as_markup(text: str) -> str:
    """Markup as it is read: escaping undone once more where a feed escaped its markup twice, and
    without what XML forbids."""
    return _marked_up(text)


@lru_cache(maxsize=_REMEMBERED)
def _marked_up(text: str) -> str:
    return xml_safe(_as_markup(text))


def clean_html(markup: str, base_url: str = "") -> str:
    """Sanitised HTML: a small list of elements, links to http, https and mailto only.

    Relative links are resolved against ``base_url`` and lose their target where there is none;
    every link gets ``rel``. Markup that arrives escaped is undone first. Well-formed UTF-8 without
    characters that XML forbids. Of more than 5,000 tags or bare ampersands only the text is kept: deep nesting costs
    the square of its depth.
    """
    markup = with_own_brackets(_marked_up(markup))
    if markup.count("<") > _MOST_TAGS or len(split_at_bare(markup)) > _MOST_TAGS:
        return "".join(f"<p>{escape(line)}</p>" for line in plain_text(markup).split("\n") if line)
    if not base_url or not _has_relative_links(markup):
        return _cleaned(_CLEANER, markup)
    try:
        return _cleaned(_cleaner(url_relative=("rewrite_with_base", base_url)), markup)
    except ValueError:  # the base is no address that links can be resolved against
        return _cleaned(_CLEANER, markup)


def _has_relative_links(markup: str) -> bool:
    """Whether any link may be relative: a cleaner that knows the address of one page is made for that
    page alone, which takes as long as to clean it."""
    return len(_HREF.findall(markup)) != len(_WHOLE_HREF.findall(markup))


def _cleaned(cleaner: nh3.Cleaner, markup: str) -> str:
    cleaned = cleaner.clean(markup)
    if is_plain(cleaned):
        return _LEADS_NOWHERE.sub(r"\1", cleaned).strip()
    safe = without_unseen(xml_safe(cleaned))
    # ``&#1`` is undone by the cleaner alone. What is taken out of an address may leave another one,
    # which must be looked at, too.
    return _LEADS_NOWHERE.sub(r"\1", cleaned if safe == cleaned else cleaner.clean(safe)).strip()


def with_links(markup: str, target: Callable[[str], str]) -> str:
    """HTML that ``clean_html`` has made, its web links led to what ``target`` returns for them; a
    link for which that is "" keeps its text only."""
    # An earlier version of the program left in what is invisible and turns a text around.
    markup = without_unseen(markup)
    if "<a" not in markup:
        return markup

    def keep(_tag: str, name: str, value: str) -> str | None:
        if name != "href" or value.lower().startswith("mailto:"):
            return value
        return target(value) or None

    return _LEADS_NOWHERE.sub(r"\1", _cleaner(attribute_filter=keep).clean(markup))


def with_breaks(markup: str) -> str:
    """HTML that ``clean_html`` has made of a text whose only paragraphs are its blank lines: these
    become ``<p>``, and other ends of lines ``<br>``. What has blocks of its own stays."""
    if "\n" not in markup or _PARAGRAPH_TAG.search(markup) or _LINE_TAG.search(markup):
        return markup
    blocks = (block.strip() for block in _BLANK_LINES.split(markup))
    made = "".join(f"<p>{_LINE_END.sub('<br>', block)}</p>" for block in blocks if block)
    # Emphasis that goes over several paragraphs is taken apart.
    return _CLEANER.clean(made)


def plain_text(markup: str) -> str:
    """The text a reader sees: tags gone, one line per block element, no blank lines, entities
    undone, single blanks, nothing that XML forbids."""
    return "\n".join(line for piece in _pieces(markup) for line in piece)


def first_paragraph(markup: str, *, title: str = "") -> str:
    """The first real paragraph as one line of plain text, or "".

    Paragraphs are what ``<p>``, two ``<br>`` or a blank line set apart. Passed over are labels
    (the embargo line, the office in charge), stock sentences of portals, frames that show a file,
    and a repetition of ``title``. A short line is taken only where no full sentence follows.
    """
    heading = _letters(clean_title(title)) if title else ""
    spare = ""
    for piece in _pieces(markup):
        text = _paragraph(piece, heading)
        if not text:
            continue
        if _is_prose(text):
            return text
        if not spare and not _DASHED.match(text):
            spare = text
    return spare


def clean_title(markup: str) -> str:
    """A headline as one line of plain text.

    Entities are undone until nothing changes, HTML tags removed; what merely looks like a tag, as
    ``<2026 도시혁신> 공모`` does, is text and stays. Marks of CDATA sections, a stray closing brace
    at the end, control and invisible characters are removed.
    """
    if not _TITLE_SIGN.search(markup) and "]]" not in markup and is_plain(markup):
        return " ".join(markup.split())
    for _ in range(MAX_ROUNDS):
        title = _bare_title(markup)
        if title == markup:
            break
        markup = title
    return markup


def _bare_title(markup: str) -> str:
    text = _CDATA_MARK.sub(" ", unescape(markup))
    if "<" in text:
        text = _SILENT_ELEMENT.sub(" ", _COMMENT.sub(" ", text))
        text = OFFICE_TAG.sub(" ", text)
        closed = closed_names(text)
        text = KNOWN_TAG.sub(lambda match: _tag_gap(match, closed), text)
        text = _without_cut_tags(text)
    text = " ".join(_shown(_blank_controls(text)).split())
    if text.count("}") > text.count("{"):
        text = text.rstrip("} ")
    return text


def _without_cut_tags(text: str) -> str:
    """The text without tags and comments that break off where it ends, also several in a row."""
    end = len(text)
    while (start := text.rfind("<", 0, end)) >= 0 and _CUT_TAG.match(text, start, end):
        end = start
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end]


def is_boilerplate(text: str) -> bool:
    """Whether plain text says nothing of its own: empty, or only the stock sentences of portals,
    names of files and the words on their buttons."""
    return all(map(is_handle, own_lines(text)))


def strip_boilerplate(text: str) -> str:
    """Plain text without the stock sentences of portals; lines stay lines."""
    return "\n".join(own_lines(text)).strip()


def is_cut_off(text: str) -> bool:
    """Whether a text ends in dots, as an excerpt that its feed cut short does."""
    return _TRAILING_CUT.search(text[-12:]) is not None


def _as_markup(text: str) -> str:
    """Undo escaping once more where a feed escaped its markup twice; no marks of CDATA sections,
    no programs."""
    if "CDATA[" in text or "]]" in text:
        text = _CDATA_MARK.sub("", text)
    text = without_programs(text)
    if "&" in text and not _ANY_TAG.search(text):
        undone = unescape(text)
        if _ESCAPED_TAG.search(text) or (text != undone and KNOWN_TAG.search(undone)):
            return undone
    return text


@lru_cache(maxsize=_REMEMBERED)
def _pieces(markup: str) -> tuple[tuple[str, ...], ...]:
    """The paragraphs, each as its non-empty lines of plain text."""
    markup = _marked_up(markup)
    for sign in (_BREAK, _BLANK_LINE, _AMPERSAND, _LESS):
        markup = markup.replace(sign, "")
    markup = with_own_brackets(markup, sign=_LESS)
    if _PARAGRAPH_TAG.search(markup) or _LINE_TAG.search(markup):
        # In HTML a line end is a blank; only elements break lines.
        markup = markup.replace("\r", " ").replace("\n", " ")
        markup = _PARAGRAPH_TAG.sub(_BLANK_LINE, markup)
        markup = _LINE_TAG.sub(_BREAK, markup)
    else:
        markup = markup.replace("\r\n", _BREAK).replace("\r", _BREAK).replace("\n", _BREAK)
    # The parser takes long for each ampersand that begins no entity.
    markup = _AMPERSAND.join(split_at_bare(_CELL_TAG.sub(" ", markup)))
    text = unescape(_STRIPPER.clean(markup)).replace(_AMPERSAND, "&").replace(_LESS, "<")
    text = _shown(text)
    pieces: list[tuple[str, ...]] = []
    for paragraph in text.split(_BLANK_LINE):
        lines: list[str] = []
        for line in paragraph.split(_BREAK):
            folded = " ".join(line.split())
            if folded:
                lines.append(folded)
            elif lines:
                pieces.append(tuple(lines))
                lines = []
        if lines:
            pieces.append(tuple(lines))
    return tuple(pieces)


def _paragraph(lines: Sequence[str], heading: str) -> str:
    """One piece without leading labels, headline and stock sentences, as one line."""
    kept: list[str] = []
    for line in lines:
        text = strip_boilerplate(line)
        if is_handle(text) or (not kept and (_is_label(text) or _repeats(text, heading))):
            continue
        kept.append(" ".join(text.split()))
    joined = " ".join(kept)
    if len(kept) > 1 and len(joined) > _LONG_PIECE:
        return next((line for line in kept if _is_prose(line)), joined)
    return joined


def _is_label(text: str) -> bool:
    return len(text) <= _LABEL_REACH and LABEL.match(text) is not None and not _ends_sentence(text)


def _is_prose(text: str) -> bool:
    if _DASHED.match(text):
        return False
    return len(text) >= _SENTENCE_LENGTH or _ends_sentence(text)


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text[-8:]) is not None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _repeats(text: str, letters: str) -> bool:
    """Whether a text has these letters and no others; it is read no further than one more."""
    return "".join(islice(filter(str.isalnum, text), len(letters) + 1)) == letters


def _tag_gap(match: re.Match[str], closed: frozenset[str]) -> str:
    tag = match.group()
    if is_word(tag, closed):
        return tag
    return " " if _PARAGRAPH_TAG.match(tag) or _LINE_TAG.match(tag) else ""


def _shown(text: str) -> str:
    """Text as a reader sees it: without what XML forbids and without invisible characters, and with
    syllables whole where a system that keeps letters apart (macOS) wrote them."""
    if is_plain(text):
        return text
    text = without_unseen(xml_safe(text))
    return _LETTERS_APART.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)


def _blank_controls(text: str) -> str:
    return text.replace("\x0b", " ").replace("\x0c", " ").replace("\x85", " ")
