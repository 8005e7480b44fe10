"""The shape of feeds.toml: one struct per table, one annotated type per kind of value.

``extra`` of an annotation names the reader of ``values`` that judges it; pattern, description and
examples go into the JSON Schema. Keys that are no field here are refused.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from aggregator.config import addresses, values
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries, Identity, Issuer
from aggregator.domain.issues import Balance, IssueDay, Shape
from aggregator.read.decoding.charset import CHARSETS

Id = Annotated[
    str,
    Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="an id", extra={"read": values.read_id}),
]
FeedId = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9]+(-[a-z0-9]+)*$",
        description='an id; "desk" is reserved',
        extra={"read": values.read_feed_id},
    ),
]
GroupId = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9]+([-_][a-z0-9]+)*$",
        description="the id of a word group",
        extra={"read": values.read_group_id},
    ),
]
Text = Annotated[str, Meta(min_length=1, extra={"read": values.read_text})]
Header = Annotated[
    str, Meta(pattern="^[ -~]+$", description="ASCII text", extra={"read": values.read_header})
]
Duration = Annotated[
    str,
    Meta(
        pattern="^[1-9][0-9]{0,5}[smhd]$",
        description="a duration",
        examples=["20s", "60m", "24h", "3d"],
        extra={"read": values.read_duration},
    ),
]
Size = Annotated[
    str,
    Meta(
        pattern="^[1-9][0-9]{0,8}(B|KiB|MiB)$",
        description="a size",
        examples=["5MiB"],
        extra={"read": values.read_size},
    ),
]
Url = Annotated[
    str, Meta(pattern="^https?://", description="a web address", extra={"read": addresses.read_url})
]
BaseUrl = Annotated[
    str,
    Meta(
        pattern="^https?://", description="a web address", extra={"read": addresses.read_base_url}
    ),
]
OptionalUrl = Annotated[
    str,
    Meta(pattern="^(https?://.*)?$", extra={"read": addresses.read_optional_url}),
]
Zone = Annotated[str, Meta(description="an IANA time zone", extra={"read": values.read_timezone})]
Language = Annotated[str, Meta(description="an RFC 5646 tag", extra={"read": values.read_language})]
Charset = Annotated[
    str,
    Meta(
        extra_json_schema={"enum": [*CHARSETS]},
        extra={"read": values.read_charset},
    ),
]
Clock = Annotated[
    str,
    Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", extra={"read": values.read_clock}),
]
TagAuthority = Annotated[
    str, Meta(pattern="^[^,]+,[0-9]{4}", extra={"read": addresses.read_tag_authority})
]
Listen = Annotated[str, Meta(pattern=":[0-9]+$", extra={"read": addresses.read_listen})]
Exempt = Annotated[str, Meta(pattern=":[0-9]+$", extra={"read": addresses.read_exception})]
HostPattern = Annotated[str, Meta(extra={"read": addresses.read_host_pattern})]
Target = Annotated[str, Meta(pattern=":[0-9]+$", extra={"read": addresses.read_target})]
Database = Annotated[
    str,
    Meta(
        pattern="^(sqlite:///|postgresql(\\+psycopg)?://)", extra={"read": addresses.read_database}
    ),
]
Word = Annotated[str, Meta(min_length=1, extra={"read": values.read_word})]
PlainWord = Annotated[
    str, Meta(min_length=1, description="a plain word", extra={"read": values.read_plain_word})
]
Rule = Annotated[
    str,
    Meta(
        min_length=1,
        description="a condition on groups",
        examples=["core", "core@title", "core+tech"],
        extra={"read": values.read_condition},
    ),
]
Selector = Annotated[
    str,
    Meta(
        min_length=1,
        description="a CSS selector, with @attribute where an attribute is meant",
        examples=["td.subject a", "td.subject a@href"],
        extra={"read": values.read_selector},
    ),
]
ItemSelector = Annotated[
    str,
    Meta(
        min_length=1,
        description="a CSS selector of the elements that hold one item each",
        examples=["table.board tbody tr"],
        extra={"read": values.read_item_selector},
    ),
]
Count = Annotated[int, Meta(ge=0, le=1000)]
Positive = Annotated[int, Meta(ge=1, le=1000)]
Days = Annotated[int, Meta(ge=1, le=3660)]
Number = Annotated[int, Meta(ge=1, le=1_000_000)]
Authority = Annotated[int, Meta(ge=0, le=100)]
Points = Annotated[float, Meta(ge=-1000, le=1000)]
Factor = Annotated[float, Meta(ge=0, le=100)]


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
    spacing: Duration = "2s"


class SelectTable(Table, frozen=True):
    """``select`` of a feed: where a page that lists releases says what."""

    item: ItemSelector
    title: Selector
    link: Selector
    date: Selector | None = None
    summary: Selector | None = None
    body: Selector | None = None


class FeedTable(Table, frozen=True):
    """``[[feeds]]``: one feed."""

    id: FeedId
    url: Url
    body: Id
    title: Text | None = None
    kind: Literal["feed", "html_list", "press_api"] = "feed"
    method: Literal["GET", "POST"] = "GET"
    select: SelectTable | None = None
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


class Names(Table, frozen=True):
    """A text in the languages of an edition."""

    ko: Text
    en: Text | None = None


class ScheduleTable(Table, frozen=True):
    """``schedule``: when issues appear, and what they cover."""

    on: IssueDay = IssueDay.FIRST_WORKING_DAY
    calendar: Literal["KR"] = "KR"
    at: Clock = "10:00"
    draft_before: Duration = "3d"
    window: Literal["previous-month"] = "previous-month"
    first_number: Number = 1


class SeriesTable(Table, frozen=True):
    """``[[series]]``: one newsletter."""

    id: Id
    title: Names
    tagline: Names
    languages: Annotated[list[Literal["ko", "en"]], Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["ko"]
    )
    schedule: ScheduleTable = ScheduleTable()


class LeadTable(Table, frozen=True):
    """``lead``: which stories may stand in a section that has an ``overflow``."""

    bodies: list[Id] = []
    groups: list[GroupId] = []


class SectionTable(Table, frozen=True):
    """``[[sections]]``: one section as printed, with the rule that fills it."""

    id: Id
    series: Id
    title: Names
    shape: Shape = Shape.ARTICLE
    limit: Count = 0
    balance: Balance = Balance.NONE
    overflow: Id | None = None
    lead: LeadTable = LeadTable()
    levels: list[Level] = []
    bodies: list[Id] = []
    carries: list[Carries] = []
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


class FileTable(Table, frozen=True):
    """The whole file."""

    schema: Literal[1]
    series: Annotated[list[SeriesTable], Meta(min_length=1)]
    sections: Annotated[list[SectionTable], Meta(min_length=1)]
    publish: PublishTable
    feeds: list[FeedTable] = []
    data_dir: Text = "var"
    database: Database | None = None
    timezone: Zone = "Asia/Seoul"
    server: ServerTable = ServerTable()
    allow_private: list[Exempt] = []
    connect_to: dict[HostPattern, Target] = {}
    user_agent: Header | None = None
    contact: Header | None = None
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
