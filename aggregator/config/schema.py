"""The shape of feeds.toml: one struct per table. Keys that are no field here are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from aggregator.config.kinds import (
    Authority,
    BaseUrl,
    Charset,
    Clock,
    Count,
    Database,
    Days,
    Duration,
    Exempt,
    Factor,
    FeedId,
    GroupId,
    Header,
    HeaderName,
    HostPattern,
    Id,
    ItemSelector,
    Language,
    Listen,
    ListId,
    Mail,
    Network,
    Number,
    OneClick,
    OptionalUrl,
    Pattern,
    Pause,
    PlainWord,
    Points,
    Positive,
    Region,
    Rule,
    Selector,
    Size,
    Smtp,
    TagAuthority,
    Target,
    Template,
    Text,
    Url,
    Variable,
    Word,
    Zone,
)
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries, Identity, Issuer, Parser
from aggregator.domain.issues import Balance, IssueDay, Shape
from aggregator.domain.net import Tls
from aggregator.domain.people import Role


class Table(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A TOML table of known keys."""


class ServerTable(Table, frozen=True):
    """``server``: where the daemon serves its pages."""

    listen: Listen = "127.0.0.1:8080"


class DefaultsTable(Table, frozen=True):
    """``[defaults]``: what every feed inherits, and the pause between requests to one host."""

    every: Duration = "60m"
    max_interval: Duration = "24h"
    identity: Identity = Identity.AUTO
    language: Language = "ko"
    timeout: Duration = "20s"
    max_bytes: Size = "5MiB"
    parser: Parser = Parser.AUTO
    spacing: Pause = "2s"


class SelectTable(Table, frozen=True):
    """``select`` of a feed: where a page that lists releases says what."""

    item: ItemSelector
    title: Selector
    link: Selector
    date: Selector | None = None
    summary: Selector | None = None
    body: Selector | None = None
    link_pattern: Pattern | None = None
    link_template: Template | None = None


class FeedTable(Table, frozen=True):
    """``[[feeds]]``: one feed."""

    id: FeedId
    url: Url
    body: Id
    title: Text | None = None
    kind: Literal["feed", "html_list", "press_api"] = "feed"
    method: Literal["GET", "POST"] = "GET"
    form: dict[Text, str] = {}
    headers: dict[HeaderName, Header] = {}
    proxy: Url | None = None
    tls: list[Tls] = []
    certificate: Text | None = None
    select: SelectTable | None = None
    pages: Annotated[int, Meta(ge=1, le=50)] = 1
    page_url: Template | None = None
    key_env: Variable | None = None
    days: Annotated[int, Meta(ge=1, le=90)] | None = None
    carries: Carries = Carries.PRESS
    issuer: Issuer = Issuer.BODY
    identity: Identity | None = None
    authority: Authority | None = None
    language: Language | None = None
    timezone: Zone | None = None
    encoding: Charset | None = None
    licence: Text | None = None
    active: bool = True
    checked: date | None = None
    every: Duration | None = None
    max_interval: Duration | None = None
    timeout: Duration | None = None
    max_bytes: Size | None = None
    parser: Parser | None = None


class Names(Table, frozen=True):
    """A text in the languages of an edition."""

    ko: Text
    en: Text | None = None


class ScheduleTable(Table, frozen=True):
    """``schedule``: when issues appear, and what they cover."""

    on: IssueDay = IssueDay.FIRST_WORKING_DAY
    calendar: Literal["KR"] = "KR"
    at: Clock = "10:00"
    unattended: bool = False
    draft_before: Duration = "3d"
    window: Literal["previous-month"] = "previous-month"
    first_number: Number = 1


class MailListTable(Table, frozen=True):
    """``[[series.mail.lists]]``: the list that gets the editions of one language."""

    to: Mail
    language: Literal["ko", "en"] = "ko"
    id: ListId | None = None
    unsubscribe_url: OneClick | None = None
    unsubscribe_mail: Mail | None = None


class MailTable(Table, frozen=True):
    """``[series.mail]``: who sends the issues by mail, through which server, to which lists."""

    sender: Mail | None = None
    reply_to: Mail | None = None
    smtp: Smtp | None = None
    lists: list[MailListTable] = []


class SeriesTable(Table, frozen=True):
    """``[[series]]``: one newsletter."""

    id: Id
    title: Names
    tagline: Names
    languages: Annotated[list[Literal["ko", "en"]], Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["ko"]
    )
    no_repeat: Count = 12
    glossary: Text | None = None
    schedule: ScheduleTable = ScheduleTable()
    mail: MailTable = MailTable()


class LeadTable(Table, frozen=True):
    """``lead``: which stories may stand in a section that has an ``overflow``."""

    bodies: list[Id] = []
    groups: list[GroupId] = []


class ExcludeTable(Table, frozen=True):
    """``exclude``: whose stories never belong in a section."""

    bodies: list[Id] = []
    regions: list[Region] = []


class SectionTable(Table, frozen=True):
    """``[[sections]]``: one section as printed, with the rule that fills it."""

    id: Id
    series: Id
    title: Names
    shape: Shape = Shape.ARTICLE
    limit: Count = 0
    fill: Count = 0
    balance: Balance = Balance.NONE
    overflow: Id | None = None
    lead: LeadTable = LeadTable()
    levels: list[Level] = []
    bodies: list[Id] = []
    regions: list[Region] = []
    carries: list[Carries] = []
    exclude: ExcludeTable = ExcludeTable()
    must_any: list[Rule] = []
    require: list[Annotated[list[Rule], Meta(min_length=1)]] = []
    none: list[Rule] = []
    none_words: list[PlainWord] = []
    bonus: list[GroupId] = []
    bonus_levels: dict[Level, Points] = {}
    topic_threshold: Points | None = None
    threshold: Points = 0.0
    priority: Annotated[int, Meta(ge=-1000, le=1000)] = 0


class FieldsTable(Table, frozen=True):
    """``match.fields``: the factor of each field of an item."""

    title: Factor = 2.0
    summary: Factor = 1.0
    content: Factor = 0.3


class MatchTable(Table, frozen=True):
    """``[match]``: how hits are counted."""

    fields: FieldsTable = FieldsTable()
    group_cap: Positive = 2
    masks: list[Word] = []


class GroupTable(Table, frozen=True):
    """``[groups.<id>]``: words that count the same."""

    weight: Points
    words: Annotated[list[Word], Meta(min_length=1)]


class TopicTable(Table, frozen=True):
    """``[topic]``: the gate that a story passes before any section is asked."""

    groups: list[GroupId] = []
    must_any: list[Rule] = []
    threshold: Points = 0.0


class BodyTable(Table, frozen=True):
    """``[[bodies]]``: a body of your own, or changes to one that is shipped."""

    id: Id
    name: Text | None = None
    print: Names | None = None
    aliases: list[Text] = []
    level: Level | None = None
    region: Id | None = None
    order: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None


class PublishTable(Table, frozen=True):
    """``[publish]``: where the site will stand."""

    base_url: BaseUrl
    tag_authority: TagAuthority
    hub: OptionalUrl = ""
    everything: bool = False
    feed_limit: Positive = 100
    feed_days: Days = 45


class KeepTable(Table, frozen=True):
    """``keep``: for how long what came is kept."""

    raw: Duration = "90d"


class NotifyTable(Table, frozen=True):
    """``[notify]``: who is told, at most once a day, what changed with the feeds."""

    to: list[Mail] = []
    sender: Mail | None = None
    smtp: Smtp | None = None
    webhook: Url | None = None
    at: Clock = "08:00"


class DeskTable(Table, frozen=True):
    """``[desk]``: how people come in."""

    address: BaseUrl | None = None
    status: Literal["login", "public"] = "login"
    idle: Duration = "12h"
    lifetime: Duration = "7d"
    link_life: Duration = "1h"
    trusted_header: HeaderName | None = None
    proxies: list[Network] = []
    auto_create: Role | None = None


class FileTable(Table, frozen=True):
    """The whole file."""

    schema: Literal[1]
    series: Annotated[list[SeriesTable], Meta(min_length=1)]
    sections: Annotated[list[SectionTable], Meta(min_length=1)]
    publish: PublishTable
    feeds: list[FeedTable] = []
    data_dir: Text = "var"
    database: Database | None = None
    dispatch: Literal["local", "postgres"] = "local"
    timezone: Zone = "Asia/Seoul"
    server: ServerTable = ServerTable()
    allow_private: list[Exempt] = []
    connect_to: dict[HostPattern, Target] = {}
    user_agent: Header | None = None
    contact: Header | None = None
    keep: KeepTable = KeepTable()
    notify: NotifyTable = NotifyTable()
    desk: DeskTable = DeskTable()
    defaults: DefaultsTable = DefaultsTable()
    match: MatchTable = MatchTable()
    groups: dict[GroupId, GroupTable] = {}
    topic: TopicTable = TopicTable()
    bodies: list[BodyTable] = []


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file; days are strings in it, as in any JSON."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(FileTable),
    }
