"""What the status pages show, made of how feeds are: pure, and without markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from aggregator.catalogue import Catalogue, print_day, print_minute
from aggregator.domain.bodies import Body
from aggregator.domain.health import Health
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import OTHER_HOSTS, HostHold, Manners, Outcome, Visit
from aggregator.services.reports.feed_reports import (
    FeedReport,
    rhythm_words,
    state_name,
    worst_first,
)
from aggregator.web.day_picture import Picture, draw, shade

ALL = "all"
ILL = "ill"
HOSTS = "hosts"
_KIB = 1024
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every status page depends on: the words and their language, the bodies, the present,
    and the days that are pictured."""

    catalogue: Catalogue
    language: str
    bodies: Mapping[str, Body]
    now: datetime
    days: Sequence[date]

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogue in the page's language."""
        return self.catalogue.text(key, self.language, **values)

    def minute(self, at: datetime | None) -> str:
        """An instant as it is printed, "" for none."""
        return print_minute(at) if at else ""

    def query(self, **changes: str) -> str:
        """The query of a link that keeps the language: "" where nothing is to be said."""
        values = {**({"lang": "en"} if self.language == "en" else {}), **changes}
        return f"?{urlencode(values)}" if values else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One feed in the list. ``tone`` is the class of its state: ill, remark, well or idle."""

    id: str
    name: str
    tone: str
    state: str
    since: str
    do: str
    says: str
    failures: int
    warnings: tuple[str, ...]
    items: int
    last_ok: str
    next_visit: str
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link that shows some of the feeds."""

    name: str
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRow:
    """How one host was treated."""

    host: str
    requests: int
    not_modified: int
    received: str
    saved: str
    gap: str
    hold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit of a feed."""

    at: str
    tone: str
    outcome: str
    status: int | None
    milliseconds: int
    size: str
    new: int
    changed: int
    found: str


def overview(reports: Sequence[FeedReport], setting: Setting, show: str) -> dict[str, object]:
    """The list of feeds that ``show`` names: all, the ill ones, or those of one state; another
    word shows all."""
    counts = Counter(report.health for report in reports)
    show = show if show == ILL or show in set(Health) else ALL
    shown = [report for report in worst_first(reports) if _is_shown(report, show)]
    return {
        "rows": [row_of(report, setting) for report in shown],
        "choices": _choices(counts, setting, show),
        "count": len(reports),
        "ill": sum(count for health, count in counts.items() if health.is_ill),
        "shade": shade(setting.days),
        "show": show,
    }


def _is_shown(report: FeedReport, show: str) -> bool:
    if show == ILL:
        return report.health.is_ill
    return show in {ALL, report.health.value}


def _choices(counts: Counter[Health], setting: Setting, show: str) -> list[Choice]:
    ill = sum(count for health, count in counts.items() if health.is_ill)
    found = [
        (ALL, setting.text("status.all"), counts.total()),
        (ILL, setting.text("status.ill"), ill),
    ]
    found += [
        (health.value, setting.text(f"health.{health}"), counts[health])
        for health in Health
        if counts[health]
    ]
    return [
        Choice(
            name=name,
            count=count,
            query=setting.query(**({} if slug == ALL else {"show": slug})) or "?",
            chosen=slug == show,
        )
        for slug, name, count in found
    ]


def row_of(report: FeedReport, setting: Setting) -> Row:
    """One feed in the list."""
    state, health = report.state, report.health
    is_told = tone_of(health) in {"ill", "remark"}
    return Row(
        id=report.feed.id,
        name=_body_name(report, setting),
        tone=tone_of(health),
        state=setting.text(report.name),
        since=print_day(report.since.astimezone(SEOUL).date()) if report.since else "",
        do=setting.text(report.advice) if is_told else "",
        says=report.says if health.is_ill else report.moved_to or report.says,
        failures=state.failures if report.feed.active else 0,
        warnings=_warnings(report, setting),
        items=report.items,
        last_ok=setting.minute(state.last_ok_at) or setting.text("status.never"),
        next_visit=_next_visit(report, setting),
        picture=draw(report.days, setting.days, setting.catalogue, setting.language),
    )


def tone_of(health: Health) -> str:
    """The class of a state: ``ill``, ``remark``, ``well`` or ``idle``."""
    if health.is_ill:
        return "ill"
    if health in {Health.MOVED, Health.QUIET}:
        return "remark"
    return "well" if health is Health.OK else "idle"


def _body_name(report: FeedReport, setting: Setting) -> str:
    body = setting.bodies.get(report.feed.body)
    return body.print_name(setting.language) if body else report.feed.body


def _warnings(report: FeedReport, setting: Setting) -> tuple[str, ...]:
    found = []
    if report.is_unverified:
        found.append(setting.text("status.unverified"))
    if report.proxy:
        found.append(setting.text("status.proxy", proxy=report.proxy))
    return tuple(found)


def _next_visit(report: FeedReport, setting: Setting) -> str:
    state = report.state
    if not report.feed.active or state.suspended_at is not None:
        return setting.text("status.no_visit")
    if state.next_check_at is None or state.next_check_at <= setting.now:
        return setting.text("status.due")
    return setting.minute(state.next_check_at)


def feed_page(report: FeedReport, visits: Iterable[Visit], setting: Setting) -> dict[str, object]:
    """One feed in full. What is known of it stands as names in the catalogue with values; empty ones are left
    out."""
    evidence = report.state.condition.evidence
    return {
        "row": row_of(report, setting),
        "what": setting.text(report.meaning),
        "do": setting.text(report.advice),
        "since": setting.minute(report.since),
        "evidence": _filled(
            ("says", report.says, "en"),
            ("status", "" if evidence.status is None else str(evidence.status), ""),
            ("seen_at", evidence.url, ""),
        ),
        "head": evidence.head,
        "known": _facts(report, setting),
        "visits": [_visit_row(visit, setting) for visit in visits],
        "shade": shade(setting.days),
        "first": print_day(setting.days[0]),
        "last": print_day(setting.days[-1]),
    }


def _filled(*facts: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """Names of facts with their values and the language of these; those that say something."""
    return [(f"status.{name}", value, language) for name, value, language in facts if value]


def _facts(report: FeedReport, setting: Setting) -> list[tuple[str, str, str]]:
    feed, state = report.feed, report.state
    rhythm = rhythm_words(state.rhythm, setting.catalogue, setting.language)
    return _filled(
        ("address", report.address, ""),
        ("moved_to", _move_words(report, setting), ""),
        ("kind", feed.kind.value, "en"),
        ("items", str(report.items), ""),
        ("rhythm", rhythm, ""),
        ("last_try", setting.minute(state.last_try_at) or setting.text("status.never"), ""),
        ("last_ok", setting.minute(state.last_ok_at) or setting.text("status.never"), ""),
        ("last_new", setting.minute(state.last_new_at) or setting.text("status.never"), ""),
        ("next_visit", _next_visit(report, setting), ""),
        ("suspended", setting.minute(state.suspended_at), ""),
        ("licence", feed.licence, "en"),
    )


def _move_words(report: FeedReport, setting: Setting) -> str:
    move = report.state.move
    if move is None:
        return ""
    key = "status.move_kept" if move.kept else "status.move_seen"
    return setting.text(key, url=move.url, days=len(move.days))


def _visit_row(visit: Visit, setting: Setting) -> VisitRow:
    failed = visit.outcome is Outcome.FAILED
    return VisitRow(
        at=print_minute(visit.started_at),
        tone="ill" if failed else "",
        outcome=setting.text(f"status.outcome.{visit.outcome}"),
        status=visit.status,
        milliseconds=visit.milliseconds,
        size=print_size(visit.body_bytes) if visit.body_bytes else "",
        new=visit.new,
        changed=visit.changed,
        found=setting.text(state_name(visit.health, visit.status)),
    )


def hosts_page(
    manners: Iterable[Manners], holds: Iterable[HostHold], setting: Setting
) -> dict[str, object]:
    """How each host was treated."""
    held = {hold.host: hold for hold in holds}
    rows = [
        HostRow(
            host=one.host if one.host != OTHER_HOSTS else setting.text("status.other_hosts"),
            requests=one.requests,
            not_modified=one.not_modified,
            received=print_size(one.bytes),
            saved=print_size(one.bytes_saved),
            gap="" if one.shortest_gap is None else f"{one.shortest_gap:.1f}",
            hold=f"{print_minute(held[one.host].until)} ({held[one.host].status})"
            if one.host in held
            else "",
        )
        for one in manners
    ]
    return {"hosts": rows, "now": setting.minute(setting.now)}


def print_size(count: float) -> str:
    """Bytes in their largest unit: ``512 B``, ``1.5 MiB``."""
    for unit in _UNITS[:-1]:
        if count < _KIB:
            return f"{count:.0f} {unit}" if unit == _UNITS[0] else f"{count:.1f} {unit}"
        count /= _KIB
    return f"{count:.1f} {_UNITS[-1]}"
