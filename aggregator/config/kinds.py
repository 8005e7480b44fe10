"""The kinds of values in feeds.toml: one annotated type each.

``extra`` names the reader of ``values`` or ``addresses`` that judges a value; pattern, description
and examples go into the JSON Schema.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from aggregator.config import addresses, values
from aggregator.read.decoding.charset_names import CHARSETS

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
Region = Annotated[
    str,
    Meta(
        min_length=1,
        description="the id of a first-level government",
        examples=["seoul", "gyeonggi"],
        extra={"read": values.read_text},
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
Pause = Annotated[
    str,
    Meta(
        pattern="^(0|[1-9][0-9]{0,5})[smhd]$",
        description='a duration, or "0s" for none',
        examples=["2s", "0s"],
        extra={"read": values.read_pause},
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
Network = Annotated[
    str,
    Meta(
        description="an address or a network",
        examples=["127.0.0.1", "10.0.0.0/8"],
        extra={"read": addresses.read_network},
    ),
]
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
HeaderName = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z][A-Za-z0-9-]*$",
        description="the name of a request header",
        extra={"read": values.read_header_name},
    ),
]
Variable = Annotated[
    str,
    Meta(
        pattern="^[A-Z][A-Z0-9_]*$",
        description="the name of an environment variable",
        extra={"read": values.read_variable},
    ),
]
Pattern = Annotated[
    str,
    Meta(
        min_length=1,
        description="a regular expression",
        examples=[r"fn_view\('(\d+)'\)"],
        extra={"read": values.read_pattern},
    ),
]
Template = Annotated[
    str,
    Meta(
        pattern="^https?://",
        description="a web address with places in braces",
        examples=["https://www.example/view.do?no={1}"],
        extra={"read": addresses.read_template},
    ),
]
Mail = Annotated[
    str,
    Meta(
        pattern="^[^@\\s]+@[^@\\s]+$",
        description="a mail address",
        extra={"read": addresses.read_mail},
    ),
]
ListId = Annotated[
    str,
    Meta(
        pattern=r"^[^@\s<>]+\.[^@\s<>]+$",
        description="the id of a mailing list",
        examples=["news.lists.example"],
        extra={"read": addresses.read_list_id},
    ),
]
OneClick = Annotated[
    str,
    Meta(
        pattern="^https://",
        description="an https address",
        examples=["https://lists.example/leave/news"],
        extra={"read": addresses.read_one_click},
    ),
]
Smtp = Annotated[
    str,
    Meta(
        pattern="^smtps?://",
        description="a mail server",
        examples=["smtp://mail.example:587"],
        extra={"read": addresses.read_smtp},
    ),
]
Count = Annotated[int, Meta(ge=0, le=1000)]
Positive = Annotated[int, Meta(ge=1, le=1000)]
Days = Annotated[int, Meta(ge=1, le=3660)]
Number = Annotated[int, Meta(ge=1, le=1_000_000)]
Authority = Annotated[int, Meta(ge=0, le=100)]
Points = Annotated[float, Meta(ge=-1000, le=1000)]
Factor = Annotated[float, Meta(ge=0, le=100)]
