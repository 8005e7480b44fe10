"""What single values of the file may look like: each reader returns the value it stands for.

A reader raises ``BadValue`` with what is wrong and what would be right. Nothing here knows where
in the file a value stands.
"""

from __future__ import annotations

import re
import warnings
from datetime import time, timedelta
from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from aggregator.curate.matching.pattern_tree import parse_pattern
from aggregator.domain.feeds import DESK_FEED_ID
from aggregator.read.decoding.charset_names import CHARSETS

_LANGUAGES = (
    "aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht "
    "hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko ks ku kv kw ky la "
    "lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc "
    "oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za "
    "zh zu "
)
# No IANA names, but what feeds call the zones of Korea and Japan; the likeness of letters misleads.
_ZONES = {"KST": "Asia/Seoul", "JST": "Asia/Tokyo"}
# "kr" is Kanuri, a language of Nigeria; whoever writes it here means the country.
_COUNTRIES = {"kr": "ko", "jp": "ja", "cn": "zh"}
_SHOWN = 60
_SURE = 0.8
_DURATION = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = re.compile(r"([1-9][0-9]{0,8})(B|KiB|MiB)", re.ASCII)
_BYTES = {"B": 1, "KiB": 1024, "MiB": 1024 * 1024}
_LONGEST = timedelta(days=366)
_LARGEST = 256 * 1024 * 1024
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_GROUP_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.ASCII)
_LANGUAGE = re.compile(r"([a-z]{2})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?", re.ASCII)
_ATTRIBUTE = re.compile(r"@[A-Za-z_][A-Za-z0-9_:.-]*$", re.ASCII)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}", re.ASCII)
_OWN_HEADERS = frozenset(
    {
        "connection", "content-length", "content-type", "cookie", "expect",
        "host", "if-modified-since", "if-none-match", "range", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,60}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class BadValue(ValueError):
    """A value that cannot be taken, and what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(message)


def shown(value: object) -> str:
    """A value as a message shows it: quoted, on one line, never longer than a line."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 2]}…{text[-1]}"


def nearest(word: str, allowed: list[str]) -> str:
    """A near miss is asked for by name; where nothing is near, the allowed words are listed."""
    close = [name for name in get_close_matches(word, allowed) if _is_near(word, name)]
    if close:
        best = max(close, key=lambda name: (_likeness(word, name), _shared_start(word, name)))
        return f'did you mean "{best}"?'
    few = 24
    if not allowed:
        return "there are none yet"
    listed = ", ".join(allowed[:few])
    return f"allowed: {listed}" + (", …" if len(allowed) > few else "")


def _likeness(word: str, name: str) -> float:
    return SequenceMatcher(None, name, word).ratio()


def _shared_start(word: str, name: str) -> int:
    pairs = zip(word, name, strict=False)
    return len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])


def _is_near(word: str, name: str) -> bool:
    """Typing errors seldom hit the first letter; where one does, the rest must agree well."""
    return word[:1] == name[:1] or _likeness(word, name) >= _SURE


def read_id(text: str) -> str:
    """A slug: lower-case ASCII letters, digits and single hyphens."""
    if _ID.fullmatch(text) is None:
        raise BadValue(
            f"{shown(text)} is no id",
            'lower-case letters, digits and hyphens, such as "molit-press"',
        )
    return text


def read_group_id(text: str) -> str:
    """A slug in which single underscores may stand as well."""
    if _GROUP_ID.fullmatch(text) is None:
        raise BadValue(
            f"{shown(text)} is no id of a group",
            'lower-case letters, digits, hyphens and underscores, such as "event_cue"',
        )
    return text


def read_feed_id(text: str) -> str:
    """A slug that is not the reserved id of the desk's own feed."""
    if text == DESK_FEED_ID:
        raise BadValue(
            f'the id "{DESK_FEED_ID}" is reserved for what editors type in',
            'choose another id, such as "desk-press"',
        )
    return read_id(text)


def read_text(text: str) -> str:
    """A text that is not blank and holds no line break or other control character."""
    if not text.strip() or not text.isprintable():
        raise BadValue(f"{shown(text)} is no printable text", "write some words on one line")
    return text


def read_header(text: str) -> str:
    """A text that may stand in an HTTP header: printable ASCII."""
    if not text.strip() or not (text.isascii() and text.isprintable()):
        raise BadValue(
            f"{shown(text)} cannot stand in an HTTP header",
            'plain ASCII, such as "mailto:desk@news.example"',
        )
    return text


def read_header_name(text: str) -> str:
    """The name of a request header that a feed may set; those that the program sets are its own."""
    if _HEADER_NAME.fullmatch(text) is None:
        raise BadValue(f"{shown(text)} is no name of a header", 'such as "Referer"')
    if text.lower() in _OWN_HEADERS:
        raise BadValue(f"the header {text} is set by the program", "leave it out")
    return text


def read_variable(text: str) -> str:
    """The name of an environment variable."""
    if _VARIABLE.fullmatch(text) is None:
        raise BadValue(
            f"{shown(text)} is no name of an environment variable",
            'write the name, not the key itself, such as "PRESS_API_KEY"',
        )
    return text


def read_pattern(text: str) -> str:
    """A regular expression."""
    read_text(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(text)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise BadValue(
            f"{shown(text)} is no regular expression: {_fault(error, 0)}",
            "put a backslash before signs meant as they are, as in \"fn_view\\\\('(\\\\d+)'\\\\)\"",
        ) from None
    return text


def _fault(error: Exception, before: int) -> str:
    """What is wrong with an expression, and at which character (from 1) of the text as it is written,
    where it begins ``before`` characters later."""
    if not isinstance(error, re.error) or error.pos is None:
        return str(error)
    return f"{error.msg}, at character {before + error.pos + 1}"


def read_duration(text: str) -> timedelta:
    """``20s``, ``60m``, ``24h`` or ``3d``; more than nothing, at most 366 days."""
    found = _DURATION.fullmatch(text)
    if found is None or (text[0] == "0" and int(found[1])):
        raise BadValue(
            f"{shown(text)} is no duration",
            'a number with s, m, h or d, such as "20s", "60m", "24h" or "3d"',
        )
    length = timedelta(seconds=int(found[1]) * _SECONDS[found[2]])
    if not timedelta() < length <= _LONGEST:
        raise BadValue(
            f"{shown(text)} is too {'long' if length else 'short'}", 'from "1s" to "366d"'
        )
    return length


def read_pause(text: str) -> timedelta:
    """A duration, or ``0s`` for none at all."""
    return timedelta() if text == "0s" else read_duration(text)


def read_size(text: str) -> int:
    """``5MiB``, ``512KiB`` or ``1000B`` in bytes; at most 256 MiB."""
    found = _SIZE.fullmatch(text)
    size = int(found[1]) * _BYTES[found[2]] if found else 0
    if not 0 < size <= _LARGEST:
        raise BadValue(
            f"{shown(text)} is no size",
            'a number with B, KiB or MiB, such as "5MiB" (at most "256MiB")',
        )
    return size


def read_clock(text: str) -> time:
    """``HH:MM`` on a 24-hour clock."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise BadValue(f"{shown(text)} is no time of day", 'hours and minutes, such as "10:00"')
    return time(int(found[1]), int(found[2]))


def read_timezone(text: str) -> str:
    """The name of a zone of the IANA database."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        meant = _ZONES.get(text.upper()) or next(
            iter(get_close_matches(text, sorted(available_timezones()), n=1)), ""
        )
        remedy = f'did you mean "{meant}"?' if meant else 'a name such as "Asia/Seoul"'
        raise BadValue(f"{shown(text)} is no time zone", remedy) from None
    return text


def read_language(text: str) -> str:
    """An RFC 5646 tag: an ISO 639-1 language, with script and region where wanted."""
    found = _LANGUAGE.fullmatch(text)
    if found is None or found[1] not in _LANGUAGES.split():
        meant = _COUNTRIES.get(text[:2].lower())
        remedy = f'did you mean "{meant}"?' if meant else 'a tag such as "ko", "en" or "en-US"'
        raise BadValue(f"{shown(text)} is no known language", remedy)
    return text


def read_charset(text: str) -> str:
    """A charset that a feed may be forced to."""
    if text not in CHARSETS:
        raise BadValue(f"{shown(text)} is no known charset", nearest(text.lower(), [*CHARSETS]))
    return text


def read_selector(text: str) -> str:
    """A CSS selector; ``@name`` at its end, or alone, means an attribute."""
    # Few feeds have selectors, and they are slow to load.
    from aggregator.read.boards.selectors import BadSelector, read_place  # noqa: PLC0415

    read_text(text)
    bare = _QUOTED.sub("", _ATTRIBUTE.sub("", text))
    try:
        read_place(text)
        sound = not any(sign in bare for sign in "@{};")
    except BadSelector:
        sound = False
    if not sound:
        raise BadValue(
            f"{shown(text)} is no CSS selector",
            'such as "td.subject a" for a text or "td.subject a@href" for an attribute',
        )
    return text


def read_item_selector(text: str) -> str:
    """A CSS selector of elements: no attribute can be the item."""
    read_selector(text)
    if _ATTRIBUTE.search(text):
        raise BadValue(
            f"{shown(text)} selects an attribute, not an element",
            'leave the @ part out, as in "table.board tbody tr"',
        )
    return text


def read_word(text: str) -> str:
    """A word of a rule; behind ``re:`` a regular expression."""
    read_text(text)
    expression = text.removeprefix("re:")
    if expression == text:
        return text
    if not expression.strip():
        raise BadValue("the regular expression is empty", 'such as "re:[0-9]+곳.{0,6}확정"')
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(expression, re.IGNORECASE)
            parse_pattern(expression)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise BadValue(
            f"{shown(text)} is no regular expression: {_fault(error, len(text) - len(expression))}",
            'put a backslash before signs meant as they are, as in "re:\\\\(AI\\\\)"',
        ) from None
    return text


def read_plain_word(text: str) -> str:
    """A word that is looked for as it is."""
    if text.startswith("re:"):
        raise BadValue(
            "a regular expression cannot stand here",
            'write plain words, or use a group and none = ["…"]',
        )
    return read_text(text)


def read_condition(text: str) -> str:
    """``group``, ``group@field`` or several joined by ``+``: its form, not its names."""
    for part in text.split("+"):
        group, at, place = part.strip().partition("@")
        if not group or (at and not place) or "@" in place:
            raise BadValue(
                f"{shown(text)} is no condition", 'such as "core", "core@title" or "core+tech"'
            )
    return text
