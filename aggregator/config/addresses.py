"""Addresses in the file: of feeds and sites, to listen on, to except, to connect to, of databases.

Like the readers of ``values``: each returns what a text stands for or raises ``BadValue``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from aggregator.config.values import BadValue, shown
from aggregator.domain.net import AddressException, ConnectTo
from aggregator.text.tag_authority import authority_day

_MAX_PORT = 65535
_PATTERN = re.compile(r"(?:\*\.)?[a-z0-9*-]+(?:\.[a-z0-9*-]+)*\.?", re.ASCII)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
_PLACE = re.compile(r"\{(?:[1-9]|page)\}")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_LIST_ID = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", re.ASCII)
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgresql+psycopg://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A host and a port to listen on; port 0 lets the system choose."""

    host: str
    port: int


def read_url(text: str) -> str:
    """An absolute http or https address without credentials, spaces or control characters."""
    remedy = 'an absolute address such as "https://www.example/rss.xml"'
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise BadValue(f"{shown(text)} is no web address", remedy) from None
    if parts.scheme not in {"http", "https"} or not sound or not _is_tight(text):
        raise BadValue(f"{shown(text)} is no web address", remedy)
    if "@" in parts.netloc:
        raise BadValue("the address holds a user name or password", f"leave them out: {remedy}")
    return text


def read_template(text: str) -> str:
    """A web address with places in braces: ``{1}`` … for groups of a pattern, ``{page}``."""
    bare = _PLACE.sub("0", text)
    if bare == text:
        raise BadValue(
            f"{shown(text)} has no place in braces", 'such as "https://www.example/view.do?no={1}"'
        )
    read_url(bare)
    return text


def read_mail(text: str) -> str:
    """A mail address: one name, one host."""
    if _MAIL.fullmatch(text) is None:
        raise BadValue(f"{shown(text)} is no mail address", 'such as "desk@news.example"')
    return text


def read_list_id(text: str) -> str:
    """The identifier of a mailing list (RFC 2919): names with dots between."""
    if _LIST_ID.fullmatch(text) is None:
        raise BadValue(f"{shown(text)} is no id of a mailing list", 'such as "news.lists.example"')
    return text


def read_one_click(text: str) -> str:
    """Where one click leaves a list (RFC 8058): an https address, as mail programs ask no other."""
    remedy = 'such as "https://lists.example/leave/news"'
    if not read_url(text).startswith("https://"):
        raise BadValue(f"{shown(text)} is no https address", remedy)
    if not text.isascii() or any(char in text for char in "<>,"):
        raise BadValue(f"{shown(text)} cannot stand in a header", f"encode it: {remedy}")
    return text


def read_smtp(text: str) -> str:
    """A mail server, ``smtp://host:port`` or ``smtps://host:port``, without credentials."""
    remedy = 'such as "smtp://mail.example:587"; user and password come from the environment'
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise BadValue(f"{shown(text)} is no mail server", remedy) from None
    if parts.scheme not in {"smtp", "smtps"} or not sound or parts.path not in {"", "/"}:
        raise BadValue(f"{shown(text)} is no mail server", remedy)
    if "@" in parts.netloc:
        raise BadValue("the address holds a user name or password", f"leave them out: {remedy}")
    return text


def read_base_url(text: str) -> str:
    """A web address without query and fragment; its trailing slash is cut."""
    read_url(text)
    if "?" in text or "#" in text:
        raise BadValue(
            f"{shown(text)} is no place to publish below",
            'an address without ? and #, such as "https://news.example"',
        )
    return text.rstrip("/")


def read_optional_url(text: str) -> str:
    """A web address, or "" for none."""
    return read_url(text) if text else ""


def read_tag_authority(text: str) -> str:
    """``authority,date`` of tag: URIs (RFC 4151, section 2.1)."""
    if authority_day(text) is None:
        raise BadValue(
            f"{shown(text)} is no tag authority",
            'a name of yours and a year you held it, such as "news.example,2024"',
        )
    return text


def read_listen(text: str) -> Endpoint:
    """``host:port`` to listen on."""
    host, port = _host_and_port(text, 'such as "127.0.0.1:8080"', lowest=0)
    return Endpoint(host=host, port=port)


def read_exception(text: str) -> AddressException:
    """``host:port`` or ``network:port``; an IPv6 address or network stands in brackets."""
    example = 'such as "127.0.0.1:8000", "10.0.0.0/8:443" or "[fd00::/8]:443"'
    host, port = _host_and_port(text, example, network=True)
    if "/" not in host:
        return AddressException(host=host, port=port)
    try:
        return AddressException(network=ip_network(host), port=port)
    except ValueError:
        pass
    try:
        meant = ip_network(host, strict=False)
    except ValueError:
        raise BadValue(f"{shown(text)} is no network and port", example) from None
    raise BadValue(f"{shown(text)} has bits set behind its prefix", f'did you mean "{meant}"?')


def read_network(text: str) -> IPv4Network | IPv6Network:
    """An address, or a network of them."""
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        raise BadValue(
            f"{shown(text)} is no address or network", 'such as "127.0.0.1" or "10.0.0.0/8"'
        ) from None
    raise BadValue(f"{shown(text)} has bits set behind its prefix", f'did you mean "{meant}"?')


def read_connect_to(pattern: str, target: str) -> ConnectTo:
    """One line of ``connect_to``: a pattern of host names, and ``host:port`` to go to instead."""
    read_host_pattern(pattern)
    host, port = _host_and_port(target, 'such as "127.0.0.1:8123"')
    return ConnectTo(pattern=pattern, host=host, port=port)


def read_host_pattern(text: str) -> str:
    """A host name in lower case, in which ``*`` stands for anything."""
    if _PATTERN.fullmatch(text) is None:
        raise BadValue(f"{shown(text)} is no pattern of host names", 'such as "*.example"')
    return text


def read_target(text: str) -> str:
    """``host:port`` to connect to, unchanged."""
    _host_and_port(text, 'such as "127.0.0.1:8123"')
    return text


def read_database(text: str) -> str:
    """A database address that holds no secret: an SQLite file, or PostgreSQL."""
    password = _split(text).password if text.startswith(_POSTGRES) else None
    if password is not None:
        raise BadValue(
            "the database address holds a password",
            "put the whole address into the environment variable AGG_DATABASE",
        )
    return read_database_anywhere(text)


def is_postgres(text: str) -> bool:
    """Whether a database address names one on a PostgreSQL server."""
    return text.startswith(_POSTGRES)


def read_database_anywhere(text: str) -> str:
    """A database address; from the environment it may hold a password, which is never shown."""
    remedy = 'such as "sqlite:///var/aggregator.db" or "postgresql+psycopg://host/name"'
    if text.startswith(_SQLITE):
        file = text.removeprefix(_SQLITE)
        if not file or file.startswith((":memory:", "file:")) or "?" in file or "\0" in file:
            raise BadValue("the database must be a plain file", remedy)
        return text
    if not text.startswith(_POSTGRES):
        raise BadValue("that is no database address", remedy)
    parts = _split(text)
    if not parts.path.strip("/") or not _is_tight(text):
        raise BadValue("the database address names no database", remedy)
    return text


def _is_tight(text: str) -> bool:
    return text.isprintable() and " " not in text and "\\" not in text


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        raise BadValue(
            "that is no database address", 'such as "postgresql+psycopg://host:5432/name"'
        ) from None
    return parts


def _host_and_port(
    text: str, example: str, *, lowest: int = 1, network: bool = False
) -> tuple[str, int]:
    host, colon, digits = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    host = host[1:-1] if bracketed else host
    sound = digits.isascii() and digits.isdigit() and len(digits) <= len(str(_MAX_PORT))
    if not colon or not sound or not lowest <= int(digits) <= _MAX_PORT:
        raise BadValue(f"{shown(text)} is no host and port", example)
    if bracketed != (":" in host) or not _is_host(host) or ("/" in host and not network):
        raise BadValue(f"{shown(text)} is no host and port", example)
    return host.lower(), int(digits)


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _HOST.fullmatch(host.lower().partition("/")[0]) is not None
    try:
        ip_address(host.partition("/")[0])
    except ValueError:
        return False
    return True
