"""Until when a press office asks not to print: 조간, 석간, 엠바고, 보도시점."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

from aggregator.domain.items import SEOUL, Entry, Precision, When
from aggregator.read.dates.clocks import read_clock
from aggregator.read.dates.when import parse_when

LONGEST = timedelta(days=7)
"""No office asks for more; what lies further ahead is a mistyped day, or another day altogether."""

HEAD = 1500
"""Characters of a text in which the request stands, if there is one."""

_SIGNS = (("‘", "'"), ("’", "'"), ("∼", "~"))
_REACH = 120
_MOST_LABELS = 5
_MORNING_PAPER = time(12)
"""What the morning papers of a day print may be online from noon of the day before."""
_EVENING_PAPER = time(6)

_FIELDS = ("embargodate", "embargodt", "embargotime", "embargo", "엠바고", "보도시점", "보도일시")

_LABEL = re.compile(
    r"보\s?도\s?(?:시\s?점|일\s?시|일자|시간|시기)|보도\s?가능\s?(?:시점|시간|일시)|엠바고(?:\s?해제)?"
    r"|embargo(?:ed)?\s?(?:until|till|date|time|:)",
    re.IGNORECASE,
)
_ASKING_WORDS = ("보도", "보 도", "엠바고")
"""Of these, or the English word, a request has one; few texts do."""

_ASKED = re.compile(r"(?:부터|이후(?:에|부터)?)\s?보도(?:하여|해|가|될|되)")
_OTHER = re.compile(r"배포\s?(?:일시|일자|시점|일)?|제공\s?일|담당|책임자|브리핑|문의|첨부|□|○|■|◇")
_AT_ONCE = re.compile(r"즉시|배포\s?(?:시(?!점)|후|와|부터|에)|immediate", re.IGNORECASE)
_ONLINE = re.compile(r"(?:온라인|인터넷|방송|통신|뉴미디어)[^0-9]{0,12}$")
_DAY = re.compile(
    r"(?<![0-9.:])(?:(?P<year>[0-9]{4}|'[0-9]{2}|[0-9]{2}(?=\s?[.년]\s?[0-9]{1,2}\s?[.월]\s?[0-9]{1,2}(?!\s?[0-9:시])))"
    r"\s?[.년/-]\s?)?"
    r"(?P<month>0?[1-9]|1[0-2])\s?[.월/-]\s?(?P<day>[12][0-9]|3[01]|0?[1-9])(?![0-9:시])"
    r"|(?<![0-9])(?P<yy>[0-9]{2})(?P<mm>0[1-9]|1[0-2])(?P<dd>[0-2][0-9]|3[01])(?=\s?\(?[조석]간)"
    r"|(?<![0-9월./])(?<![월./]\s)(?P<alone>[12][0-9]|3[01]|0?[1-9])\s?일(?!간|째|\s?동안)"
)
_BEHIND = re.compile(
    r"\s?[.일]?\s?[.,]?\s?(?:\(?[월화수목금토일](?:요일)?[).,]?(?![가-힣]))?[\s.,]*"
)
_EDITION = re.compile(r"[\s.,]*\(?\s?(?P<edition>[조석]간)")
_BEFORE_CLOCK = re.compile(r"[^0-9오낮정]{0,25}")
_ASKED_IN_TITLE = re.compile(r"[(\[<](?P<inside>(?:[^()\[\]<>]|\([월화수목금토일]\)){3,60})[)\]>]")
_ASKING = re.compile(r"엠바고|보도\s?시점|(?:부터|이후)\s?보도|embargo", re.IGNORECASE)
_DATE_BEGINS = re.compile(r"(?<![\w.])(?=\w)")
_LONGEST_DATE = 48
_MARK = re.compile(
    r"[(\[]\s?(?P<inside>[^()\[\]]{0,20}(?:\([월화수목금토일]\))?[^()\[\]]{0,10}[조석]간)"
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A day that a request names: with a time, with an edition of the papers, or alone. ``month`` is
    0 where it names none."""

    month: int
    day: int
    year: int | None = None
    clock: time | None = None
    next_day: bool = False
    edition: str = ""
    online: bool = False

    @property
    def rank(self) -> int:
        """The lowest says best when the text may be online."""
        if self.clock:
            return 0 if self.online else 1
        return 2 if self.edition else 3


def parse_embargo(
    entry: Entry, title: str, text: str, *, published: When | None, zone: ZoneInfo
) -> datetime | None:
    """The aware instant before which a release must not be shown, None where nothing asks for it.

    Asked are, in this order, a field of the entry (``EmbargoDate`` of the open-data API, Korean
    time), the request in the first ``HEAD`` characters of ``text`` (보도시점, 보도일시, 엠바고, "부터
    보도하여 주시기 바랍니다") and the mark of the title; the first that says something decides, and 즉시
    says that there is none. When it was handed out (배포일시) asks for nothing.

    Of an online and a printed time the online one holds. 조간 of a day means noon of the day before,
    석간 six o'clock of the day; a day alone its first moment; without a year the one nearest to
    ``published``. Times are local to ``zone``.

    Only an instant after ``published``, and at most ``LONGEST`` after it, counts: a release that is
    dated with its hour has no embargo any more. Where ``published`` is a day, a later day counts.
    So (조간) and (석간) without a day, which are of the day of ``published``, ask for something only
    of a release that is dated before six o'clock of an evening paper's day. Without ``published``
    there is nothing to measure by, and None.
    """
    if published is None:
        return None
    for instant in (
        _of_fields(entry, published, zone),
        _of_text(_flat(text[:HEAD]), published, zone),
        _of_title(_flat(title[:HEAD]), published, zone),
    ):
        if instant is not None:
            return instant if _counts(instant, published) else None
    return None


def _counts(instant: datetime, published: When) -> bool:
    if published.precision is Precision.DAY:
        days = instant.astimezone(SEOUL).date() - published.day
        return timedelta() < days <= LONGEST
    return published.at < instant <= published.at + LONGEST


def _flat(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for sign, plain in _SIGNS:
            text = text.replace(sign, plain)
    return " ".join(text.split())[: HEAD * 2]


def _of_fields(entry: Entry, published: When, zone: ZoneInfo) -> datetime | None:
    for name, value in entry.fields.items():
        bare = re.sub(r"[^a-z가-힣]", "", name.lower())
        if not bare.endswith(_FIELDS):
            continue
        if when := parse_when(value, zone=SEOUL):
            return when.at
        if instant := _of_request(_flat(value[:_REACH]), published, zone):
            return instant
    return None


def _of_text(text: str, published: When, zone: ZoneInfo) -> datetime | None:
    """What the first request of ``text`` asks for; the instant of ``published`` for "at once"."""
    if any(word in text for word in _ASKING_WORDS) or "embargo" in text.lower():
        for label in islice(_LABEL.finditer(text), _MOST_LABELS):
            if instant := _of_request(text[label.end() : label.end() + _REACH], published, zone):
                return instant
        if asked := _ASKED.search(text):
            before = text[max(0, asked.start() - _REACH // 2) : asked.start()]
            if instant := _of_request(before, published, zone):
                return instant
    return _of_mentions(_mentions(text[:_REACH], only_packed=True), published, zone)


def _of_request(request: str, published: When, zone: ZoneInfo) -> datetime | None:
    at_once = _AT_ONCE.search(request)
    first_day = _DAY.search(request)
    if at_once and (first_day is None or at_once.start() < first_day.start()):
        return published.at
    if other := _OTHER.search(request):
        request = request[: other.start()]
    return _of_mentions(_mentions(request), published, zone) or _of_date(request, zone)


def _of_date(request: str, zone: ZoneInfo) -> datetime | None:
    """The first date of a request that has none in the Korean order: 13 February 2026, 15:00 KST."""
    for begin in _DATE_BEGINS.finditer(request):
        words = request[begin.start() : begin.start() + _LONGEST_DATE].split(" ")
        for count in range(len(words), 2, -1):
            if when := parse_when(" ".join(words[:count]).rstrip(".,)"), zone=zone):
                return when.at
    return None


def _of_title(title: str, published: When, zone: ZoneInfo) -> datetime | None:
    for asked in _ASKED_IN_TITLE.finditer(title):
        if _ASKING.search(asked["inside"]) and (
            instant := _of_mentions(_mentions(asked["inside"]), published, zone)
        ):
            return instant
    marks = [mark["inside"] for mark in _MARK.finditer(title)]
    days = [day for inside in marks for day in _mentions(inside)]
    if instant := _of_mentions(days or _mentions(title, only_packed=True), published, zone):
        return instant
    return _of_edition(published.day, marks[0][-2:], zone) if marks else None


def _mentions(text: str, *, only_packed: bool = False) -> list[_Mention]:
    """The days that ``text`` names; with ``only_packed`` those of the form 260717 (조간)."""
    if only_packed and "조간" not in text and "석간" not in text:
        return []
    found = []
    for match in _DAY.finditer(text):
        if match["yy"]:
            year, month, day = 2000 + int(match["yy"]), int(match["mm"]), int(match["dd"])
        elif only_packed:
            continue
        elif match["alone"]:
            year, month, day = 0, 0, int(match["alone"])
        else:
            digits = (match["year"] or "").strip("'")
            year = int(digits) + (2000 if len(digits) == 2 else 0) if digits else 0  # noqa: PLR2004
            month, day = int(match["month"]), int(match["day"])
        found.append(_mention(text, match, (year, month, day)))
    return found


def _mention(text: str, match: re.Match[str], numbers: tuple[int, int, int]) -> _Mention:
    year, month, day = numbers
    behind = _BEHIND.match(text, match.end())
    start = behind.end() if behind else match.end()
    edition = _EDITION.match(text, start)
    clock = None
    if not edition and (gap := _BEFORE_CLOCK.match(text, start)):
        clock = read_clock(text[gap.end() : gap.end() + 20])
    return _Mention(
        month,
        day,
        year or None,
        clock=clock.time if clock else None,
        next_day=clock.next_day if clock else False,
        edition=edition["edition"] if edition else "",
        online=_ONLINE.search(text, max(0, match.start() - 20), match.start()) is not None,
    )


def _of_mentions(mentions: list[_Mention], published: When, zone: ZoneInfo) -> datetime | None:
    for mention in sorted(mentions, key=lambda each: each.rank):
        day = _nearest(mention, published.day)
        if day is None:
            continue
        if mention.edition:
            return _of_edition(day, mention.edition, zone)
        at = datetime.combine(day, mention.clock or time(), tzinfo=zone)
        return at + timedelta(days=1) if mention.next_day else at
    return None


def _of_edition(day: date, edition: str, zone: ZoneInfo) -> datetime:
    if edition == "석간":
        return datetime.combine(day, _EVENING_PAPER, tzinfo=zone)
    return datetime.combine(day - timedelta(days=1), _MORNING_PAPER, tzinfo=zone)


def _nearest(mention: _Mention, published: date) -> date | None:
    """The mentioned day in its year, or in the one that brings it nearest to ``published``."""
    near = [published.year + offset for offset in (-1, 0, 1)]
    months = [mention.month] if mention.month else range(1, 13)
    found = []
    for year, month in product([mention.year] if mention.year else near, months):
        try:
            found.append(date(year, month, mention.day))
        except ValueError:
            continue
    return min(found, key=lambda day: abs(day - published), default=None)
