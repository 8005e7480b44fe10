"""From an accepted file to the records of the domain."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import msgspec

from aggregator import __version__
from aggregator.config import addresses, values
from aggregator.config.bodies import ORDER_STEP, shipped_bodies
from aggregator.config.doors import desk_options
from aggregator.config.glossary import load_glossary
from aggregator.config.records import Config
from aggregator.config.schema import (
    BodyTable,
    FeedTable,
    FileTable,
    MailTable,
    Names,
    NotifyTable,
    SectionTable,
    SelectTable,
    SeriesTable,
)
from aggregator.curate.placing.classifier_version import CLASSIFIER_VERSION
from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.glossary import Glossary
from aggregator.domain.issues import Section, Series
from aggregator.domain.mailing import MailingList, MailOptions
from aggregator.domain.net import TlsProfile
from aggregator.domain.notices import NotifyOptions
from aggregator.domain.problems import Problem
from aggregator.domain.publishing import PublishOptions
from aggregator.domain.rules import FIELDS, Condition, Group, RuleSet, SectionRule, Topic
from aggregator.read.items.licence import tidy_licence

PORTAL_AUTHORITY = 40
"""Authority of a portal's feed: below every issuing body, which has 90."""

DAYS = 3
"""Days back for which an interface is asked: one question covers them."""

_BODY_AUTHORITY = 90
_SQLITE = "sqlite:///"
_ENCODED = str.maketrans({"%": "%25", "?": "%3F", "#": "%23"})


def build_config(
    file: FileTable,
    *,
    path: Path,
    bodies: Mapping[str, Body],
    database: str | None,
    judge: Callable[[Config], tuple[Problem, ...]],
) -> Config:
    """The configuration of an accepted ``file``; ``database`` overrides the file's address, and
    ``judge`` says, when asked, what looks wrong in it.

    Relative paths are taken from the directory of ``path``.
    """
    base = path.resolve().parent
    data_dir = base / file.data_dir
    url = database or file.database or _sqlite(data_dir / "aggregator.db")
    contact = f" (+{file.contact})" if file.contact else ""
    return Config(
        path=path,
        data_dir=data_dir,
        database_url=_anchored(url, base),
        dispatch=file.dispatch,
        timezone=file.timezone,
        listen=addresses.read_listen(file.server.listen),
        allow_private=tuple(addresses.read_exception(text) for text in file.allow_private),
        connect_to=tuple(addresses.read_connect_to(*pair) for pair in file.connect_to.items()),
        user_agent=file.user_agent or f"press-newsletter-desk/{__version__}{contact}",
        spacing=values.read_pause(file.defaults.spacing),
        feeds=tuple(_feed(table, file, bodies, base) for table in file.feeds),
        keep_raw=values.read_duration(file.keep.raw),
        notify=_notify(file.notify),
        desk=desk_options(file.desk),
        series=_series(file.series[0], file.sections, base),
        rules=_rules(file),
        publish=_publish(file),
        bodies=bodies,
        judge=judge,
    )


def merge_bodies(tables: list[BodyTable]) -> dict[str, Body]:
    """The shipped bodies with those of the file: changed where the id is known, else added.

    Aliases are added to the shipped ones. New bodies come last in the administrative order unless
    they say otherwise.
    """
    bodies = shipped_bodies()
    last = max(body.order for body in bodies.values())
    for number, table in enumerate((table for table in tables if table.id), start=1):
        old = bodies.get(table.id)
        order = old.order if old else last + number * ORDER_STEP
        bodies[table.id] = Body(
            id=table.id,
            name=table.name or (old.name if old else table.id),
            print_names=_names(table.print) if table.print else _old_names(old, table),
            level=table.level or (old.level if old else Level.AGENCY),
            order=order if table.order is None else table.order,
            region=(old.region if old else "") if table.region is None else table.region,
            aliases=(*(old.aliases if old else ()), *table.aliases),
            # Whoever names a region says nothing of another one before it.
            former_region=old.former_region if old and table.region is None else "",
            region_since=old.region_since if old and table.region is None else None,
        )
    return bodies


def _old_names(old: Body | None, table: BodyTable) -> Mapping[str, str]:
    return old.print_names if old else {"ko": table.name or table.id}


def _anchored(url: str, base: Path) -> str:
    """SQLite files are relative to the configuration, not to wherever the program was started."""
    if not url.startswith(_SQLITE):
        return url
    file = url.removeprefix(_SQLITE)
    return url if Path(file).is_absolute() else f"{_sqlite(base)}/{file}"


def _sqlite(path: Path) -> str:
    """The address of a file or folder; what would end the path of an address is encoded."""
    return f"{_SQLITE}{str(path).translate(_ENCODED)}"


def _names(names: Names) -> dict[str, str]:
    return {"ko": names.ko} if names.en is None else {"ko": names.ko, "en": names.en}


def _feed(table: FeedTable, file: FileTable, bodies: Mapping[str, Body], base: Path) -> Feed:
    defaults = file.defaults
    body = bodies[table.body]
    authority = PORTAL_AUTHORITY if body.level is Level.PORTAL else _BODY_AUTHORITY
    return Feed(
        id=table.id,
        url=table.url,
        title=table.title or body.print_name("ko"),
        body=table.body,
        kind=FeedKind(table.kind),
        method=table.method,
        form=table.form,
        headers=table.headers,
        proxy=table.proxy or "",
        tls=TlsProfile(
            relax=frozenset(table.tls),
            certificate=str(base / table.certificate) if table.certificate else "",
        ),
        select=None if table.select is None else _selectors(table.select),
        pages=table.pages,
        page_url=table.page_url or "",
        key_env=table.key_env or "",
        days=table.days or DAYS,
        carries=table.carries,
        issuer=table.issuer,
        identity=table.identity or defaults.identity,
        authority=authority if table.authority is None else table.authority,
        language=table.language or defaults.language,
        timezone=table.timezone or file.timezone,
        encoding=table.encoding,
        parser=table.parser or defaults.parser,
        licence=tidy_licence(table.licence or ""),
        active=table.active,
        every=_length(table.every, defaults.every),
        max_interval=_length(table.max_interval, defaults.max_interval),
        timeout=_length(table.timeout, defaults.timeout),
        max_bytes=values.read_size(table.max_bytes or defaults.max_bytes),
    )


def _selectors(table: SelectTable) -> ListSelectors:
    return ListSelectors(**msgspec.structs.asdict(table))


def _notify(table: NotifyTable) -> NotifyOptions:
    return NotifyOptions(
        to=tuple(table.to),
        sender=table.sender or "",
        smtp=table.smtp or "",
        webhook=table.webhook or "",
        at=values.read_clock(table.at),
    )


def _length(own: str | None, inherited: str) -> timedelta:
    return values.read_duration(own or inherited)


def _series(table: SeriesTable, sections: list[SectionTable], base: Path) -> Series:
    schedule = table.schedule
    return Series(
        id=table.id,
        titles=_names(table.title),
        taglines=_names(table.tagline),
        languages=tuple(table.languages),
        sections=tuple(_section(section) for section in sections),
        first_number=schedule.first_number,
        issue_day=schedule.on,
        at=values.read_clock(schedule.at),
        unattended=schedule.unattended,
        draft_before=values.read_duration(schedule.draft_before),
        no_repeat=table.no_repeat,
        mail=_mail(table.mail),
        glossary=_glossary(base / table.glossary) if table.glossary else Glossary(),
    )


def _glossary(place: Path) -> Glossary:
    return load_glossary(place) if place.exists() else Glossary()


def _mail(table: MailTable) -> MailOptions:
    return MailOptions(
        sender=table.sender or "",
        reply_to=table.reply_to or "",
        smtp=table.smtp or "",
        lists=tuple(
            MailingList(
                language=one.language,
                to=one.to,
                id=one.id or "",
                unsubscribe_url=one.unsubscribe_url or "",
                unsubscribe_mail=one.unsubscribe_mail or "",
            )
            for one in table.lists
        ),
    )


def _section(table: SectionTable) -> Section:
    return Section(
        id=table.id,
        series=table.series,
        titles=_names(table.title),
        shape=table.shape,
        limit=table.limit,
        fill=table.fill,
        balance=table.balance,
        overflow=table.overflow or "",
        lead_bodies=tuple(table.lead.bodies),
        lead_groups=tuple(table.lead.groups),
    )


def _conditions(texts: list[str]) -> tuple[Condition, ...]:
    return tuple(Condition.parse(text) for text in texts)


def _rules(file: FileTable) -> RuleSet:
    match, topic = file.match, file.topic
    rules = RuleSet(
        field_weights={name: getattr(match.fields, name) for name in FIELDS},
        group_cap=match.group_cap,
        masks=tuple(match.masks),
        groups=tuple(
            Group(id=group, weight=table.weight, words=tuple(table.words))
            for group, table in file.groups.items()
        ),
        topic=Topic(
            groups=tuple(topic.groups),
            must_any=_conditions(topic.must_any),
            threshold=topic.threshold,
        ),
        sections=tuple(_section_rule(section) for section in file.sections),
        hash="",
    )
    return replace(rules, hash=hash_rules(rules))


def _section_rule(table: SectionTable) -> SectionRule:
    return SectionRule(
        id=table.id,
        levels=frozenset(table.levels),
        bodies=frozenset(table.bodies),
        regions=frozenset(table.regions),
        not_bodies=frozenset(table.exclude.bodies),
        not_regions=frozenset(table.exclude.regions),
        carries=frozenset(table.carries),
        must_any=_conditions(table.must_any),
        require=tuple(_conditions(either) for either in table.require),
        none=_conditions(table.none),
        none_words=tuple(table.none_words),
        bonus=tuple(table.bonus),
        bonus_levels=table.bonus_levels,
        topic_threshold=table.topic_threshold,
        threshold=table.threshold,
        priority=table.priority,
    )


def hash_rules(rules: RuleSet) -> str:
    """sha256, as hexadecimal digits, of the rules as JSON with sorted keys and without the hash,
    and of the version of the classifier that applies them."""
    plain = asdict(rules)
    del plain["hash"]
    plain["classifier"] = CLASSIFIER_VERSION
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def _publish(file: FileTable) -> PublishOptions:
    table = file.publish
    return PublishOptions(
        base_url=addresses.read_base_url(table.base_url),
        tag_authority=table.tag_authority,
        hub=table.hub,
        everything=table.everything,
        feed_limit=table.feed_limit,
        feed_days=table.feed_days,
    )
