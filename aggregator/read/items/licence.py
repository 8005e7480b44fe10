"""Under which licence a release may be used: 공공누리 (KOGL) types, Creative Commons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from aggregator.domain.items import Entry
from aggregator.read.items.markup import links_in, pictures_in

_LONG_NAME = re.compile(
    r"공공저작물\s?자유\s?이용\s?허락(?:\s?표시)?(?:\s?제도)?(?:\s?\(?공공누리\)?)?"
)
_TYPE = re.compile(
    r"(?:공공누리|KOGL)[^\n.。]{0,40}?(?:제\s?([0-4])\s?유형|(?<!\d)([0-4])\s?유형|type\s?-?0?([0-4])(?!\d)"
    r"|[\s\-]0?([0-4])(?=\W|\Z)(?![.\d]))",
    re.IGNORECASE,
)
_BARE_TYPE = re.compile(r"\W*(?:제\s?)?0?([0-4])\s?유형\W*|\W*(?:KOGL\W{0,3})?type\W{0,2}0?([0-4])\W*|0?([1-4])|KOGL\W?([0-4])",
                        re.IGNORECASE)  # fmt: skip
_KOGL_ADDRESS = re.compile(r"kogl\.or\.kr/\S{0,80}?(?:type0?([0-4])|#0([1-4])-tab)", re.IGNORECASE)
_BADGE = re.compile(r"(?:opentype|opencode|kogl_?(?:type)?)_?0?([0-4])(?=[_.\-])", re.IGNORECASE)
_CONDITIONS = re.compile(r"출처\s?표시")
_NO_TRADE = re.compile(r"상업적?\s?이용\s?금지|비상업|비영리")
_NO_CHANGE = re.compile(r"변경\s?금지")
_BY_CONDITIONS = {(False, False): "1", (True, False): "2", (False, True): "3", (True, True): "4"}

_CC_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\d\.\d)(?:/([a-z]{2})(?![a-z]))?"
    r"|publicdomain/(zero)/1\.0)",
    re.IGNORECASE,
)
_CC_NAME = re.compile(
    r"(?<![A-Za-z])CC[ \-]?(?:(BY(?:[ \-]NC)?(?:[ \-](?:ND|SA))?)[ \-](\d\.\d)(?![\d.])|(0)(?:[ \-]1\.0)?(?![\d.]))",
    re.IGNORECASE,
)

_SLUG = re.compile(r"KOGL-[0-4]|CC0-1\.0|CC-BY(?:-NC)?(?:-ND|-SA)?-\d\.\d(?:-[A-Z]{2})?")

_KOGL_FIELDS = re.compile(r"kogl|공공누리")
_LICENCE_FIELDS = re.compile(r"licen[sc]e|rights|copyright|이용허락|저작권")

_SUBJECT = re.compile(
    r"\A\W{0,4}(?:본|이|해당|위)\s?(?:공공\s?)?(?:저작물|자료|게시물|보도\s?자료|기사|콘텐츠|문서|글|누리집|저작권)|"
    r"\A\W{0,4}this\s(?:work|article|release|document|text|post)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\A\W{0,4}(?:(?:저작권|이용\s?(?:조건|허락(?:\s?범위)?|약관)|라이[선센]스|licen[sc]e(?:d\sunder)?|copyright)\s?[:：]?\s?\W{0,2})?"
    r"(?:공공누리|KOGL|CC[\s\-]?(?:BY|0)|https?://creativecommons|creative\scommons|크리에이티브)",
    re.IGNORECASE,
)
_TALKED_ABOUT = re.compile(
    r"유형(?:을|를|이|가|은|는|의|과|와|도|에서)(?:\s|\Z)|(?:한|했|된|됐|있|없|킨|낸)다\W*\Z|밝혔|추진|개편|확대"
)
_LONGEST_NOTICE = 300
_LAST_LINES = 400


def licence_of(entry: Entry, text: str) -> str:
    """The licence that an entry states for itself, as a slug (``KOGL-1``, ``CC-BY-4.0``), or "".

    Heard are its fields, its rights, links marked as licence, the badge of 공공누리, and notices in
    its plain ``text``: lines that are a notice and nothing else. A release that reports about
    licences states none. Two different statements, a type that its conditions contradict, and a
    Creative Commons name without version are no statement at all: better none than one too free.
    """
    said = {slug for slug in _statements(entry, text) if slug is not None}
    return said.pop() if len(said) == 1 else ""


def licence_slug(text: str) -> str:
    """The one licence that a short notice or address names, as a slug, or ""."""
    said = set(_slugs(text))
    return (said.pop() or "") if len(said) == 1 else ""


def tidy_licence(text: str) -> str:
    """A licence as somebody wrote it down for a feed: the slug of the one that it names, else the text
    as it stands. A slug stays what it is, the country at its end too."""
    return text if _SLUG.fullmatch(text) else licence_slug(text) or text


def _statements(entry: Entry, text: str) -> Iterator[str | None]:
    """Slugs; "" for a statement that is not clear, None for what is no statement."""
    for name, value in entry.fields.items():
        yield _of_field(name.lower(), value)
    yield _of_notice(entry.rights)
    for markup in dict.fromkeys((entry.content, entry.summary)):
        for link in links_in(markup) if "licen" in markup else ():
            if "license" in link.attributes.get("rel", "").lower().split():
                yield _of_notice(link.href)
        for picture in pictures_in(markup) if "<img" in markup.lower() else ():
            badge = _BADGE.search(picture.src)
            alt = picture.attributes.get("alt", "")
            if badge is not None:
                yield f"KOGL-{badge[1]}"
            if "공공누리" in alt:
                yield _of_notice(alt)
    for line in text.split("\n")[-_LAST_LINES:]:
        if len(line) <= _LONGEST_NOTICE and _is_notice(line):
            yield _of_notice(line)


def _of_field(name: str, value: str) -> str | None:
    if _KOGL_FIELDS.search(name):
        bare = _BARE_TYPE.fullmatch(unicodedata.normalize("NFKC", value.strip()))
        if bare is not None:
            return f"KOGL-{next(number for number in bare.groups() if number)}"
        return _of_notice(value)
    return _of_notice(value) if _LICENCE_FIELDS.search(name) else None


def _of_notice(notice: str) -> str | None:
    said = set(_slugs(notice[:2000]))
    if not said:
        return None
    return said.pop() if len(said) == 1 else ""


def _is_notice(line: str) -> bool:
    line = _LONG_NAME.sub("공공누리", line)
    if _SUBJECT.match(line):
        return True
    return _LABELLED.match(line) is not None and _TALKED_ABOUT.search(line) is None


def _slugs(text: str) -> Iterator[str]:
    text = _LONG_NAME.sub("공공누리", unicodedata.normalize("NFKC", text))
    yield from _kogl(text)
    for match in _CC_ADDRESS.finditer(text):
        if match[4]:
            yield "CC0-1.0"
        else:
            port = f"-{match[3].upper()}" if match[3] else ""
            yield f"CC-{match[1].upper()}-{match[2]}{port}"
    for match in _CC_NAME.finditer(text):
        if match[3]:
            yield "CC0-1.0"
        else:
            yield f"CC-{re.sub('[ ]', '-', match[1].upper())}-{match[2]}"


def _kogl(text: str) -> Iterator[str]:
    types = {
        next(number for number in match.groups() if number)
        for pattern in (_TYPE, _KOGL_ADDRESS)
        for match in pattern.finditer(text)
    }
    conditions = ""
    if _CONDITIONS.search(text) and ("공공누리" in text or "KOGL" in text.upper()):
        conditions = _BY_CONDITIONS[bool(_NO_TRADE.search(text)), bool(_NO_CHANGE.search(text))]
        types.add(conditions)
    if len(types) > 1:
        # Types or conditions that differ: no licence can be told.
        yield ""
    else:
        yield from (f"KOGL-{number}" for number in types)
