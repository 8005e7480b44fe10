"""Subscriptions of another program as ``[[feeds]]`` blocks, ready to be put into the file.

Nothing here is sure but the addresses: ids, bodies and titles are guesses that a person looks over,
and a body that nobody can guess stands as a name that ``aggregator check`` complains about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from aggregator.config.addresses import read_url
from aggregator.config.values import BadValue
from aggregator.domain.feeds import DESK_FEED_ID, KEY_PLACE, Feed
from aggregator.domain.net import ALLOW, is_metadata, is_metadata_name
from aggregator.read.links.addresses import canonical_url
from aggregator.read.lists.subscription import Subscription
from aggregator.text.clean import one_line
from aggregator.text.fold import squash
from aggregator.text.offices import find_issuer
from aggregator.text.secrets import repeats_keys, without_keys
from aggregator.text.toml import toml_string

UNKNOWN_BODY = "unknown"
"""The body of a feed whose office could not be guessed; no shipped body has this id."""

_SEVERAL = 2
_LONGEST_ID = 40
_LONGEST_TITLE = 200
_LEAST_SLUG = 3
_LEAST_NAME = 3
_WORDS_AT_ONCE = 8
_SHOWN = 120
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_NUMBERED_HOST = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?")
_HOST_ENDS = re.compile(r"(?:\.(?:go|or|co|re|ac|ne|pe))?\.[a-z]{2,}$")
_HOST_STARTS = re.compile(r"^(?:www|m|rss|feed|feeds|blog)\.")
_LOCAL_ENDS = (".localhost", ".local", ".internal", ".lan", ".home", ".intranet", ".arpa")
_WORD = re.compile(r"[^\s,;:|/·()\[\]<>「」『』\"'-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What is configured already: feeds, and the ids of bodies by their folded names."""

    feeds: Sequence[Feed]
    issuers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One feed as it would be configured; ``body`` may be UNKNOWN_BODY. ``key`` is the parameter of
    its address whose value is left out and comes from the environment variable ``key_env``, both ""
    for none; ``line`` is where the list has it."""

    id: str
    url: str
    body: str
    title: str
    key: str = ""
    key_env: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A subscription that becomes no feed, by a name that holds no secret, and why."""

    name: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is to be put into the file, and what not."""

    taken: list[Proposal] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def propose(subscriptions: Iterable[Subscription], present: Present) -> Proposals:
    """A feed for each subscription that can be one, in their order.

    Left out is what the list itself says is no feed, what is no public web address, and what is
    configured or proposed already, under whatever spelling of its address. Ids clash with no
    configured one. A key in an address is left out and its place kept.
    """
    done = Proposals()
    known = {canonical_url(feed.url): f"it is configured as {feed.id}" for feed in present.feeds}
    ids = {feed.id for feed in present.feeds} | {DESK_FEED_ID}
    hosts = _bodies_of_hosts(present.feeds)
    for one in subscriptions:
        url, keys = without_keys(one.url, KEY_PLACE)
        same = canonical_url(url)
        why = one.problem or _refusal(one.url) or known.get(same, "") or _too_many(keys)
        if why:
            done.left_out.append(LeftOut(name=shown_address(one.url), line=one.line, why=why))
            continue
        title = _title(one)
        name = _new_id(title, one.url, ids)
        proposal = Proposal(
            id=name,
            url=url,
            body=_body(title, one.url, present.issuers, hosts),
            title=title,
            key="".join(keys),
            key_env=key_variable(name) if keys else "",
            line=one.line,
        )
        ids.add(proposal.id)
        known[same] = f"it is {proposal.id} of this list, under another spelling"
        done.taken.append(proposal)
    return done


def as_toml(proposals: Iterable[Proposal]) -> str:
    """The blocks as they stand in the file, a blank line between them."""
    return "\n".join("".join(f"{line}\n" for line in _lines(one)) for one in proposals)


def shown_address(url: str) -> str:
    """An address as messages name it: on one line, without user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or not parts.netloc:
        return _cut(one_line(url.partition("?")[0].rpartition("@")[2]))
    host = parts.netloc.rpartition("@")[2]
    return _cut(one_line(f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"))


def is_public_host(host: str) -> bool:
    """Whether a host may be one that everybody can reach, by its name alone: no number of a private
    network in any spelling, no name of a machine or network of one's own."""
    name = unicodedata.normalize("NFKC", host).lower().strip("[]").rstrip(".")
    try:
        return ip_address(name.partition("%")[0]).is_global
    except ValueError:
        pass
    if _NUMBERED_HOST.fullmatch(name):
        return False
    return "." in name and not name.endswith(_LOCAL_ENDS)


def _title(one: Subscription) -> str:
    """The title as it stands in the file, on one line. Programs call a feed that told no name by its
    address: where that holds a key, the host is the title, before an id and a variable are made of
    it."""
    title = one_line(one.title)
    if repeats_keys(title, one.url):
        title = urlsplit(one.url).hostname or ""
    return title[:_LONGEST_TITLE].strip()


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _refusal(url: str) -> str:
    """Why an address can be no feed's, "" where it can."""
    try:
        read_url(url)
    except BadValue as error:
        is_secret = "password" in error.message
        return error.message if is_secret else "it is no http or https address"
    host = urlsplit(url).hostname or ""
    if is_public_host(host):
        return ""
    remedy = f": write it by hand, with {ALLOW}, if it is meant" if _may_be_meant(host) else ""
    return f"it is a private address{remedy}"


def _too_many(keys: Sequence[str]) -> str:
    if len(keys) < _SEVERAL:
        return ""
    return f"its address holds several keys ({', '.join(keys)}), and there is a place for one"


def key_variable(feed_id: str) -> str:
    """A name of the environment variable for a feed's key."""
    name = f"{feed_id.upper().replace('-', '_')}_KEY"
    return name if name[0].isalpha() else f"FEED_{name}"


def _may_be_meant(host: str) -> bool:
    """Whether somebody may want a feed of a private host: not of one in a disguise, nor of a cloud's
    metadata."""
    name = host.strip("[]").rstrip(".")
    try:
        return not is_metadata(ip_address(name.partition("%")[0]))
    except ValueError:
        return not (_NUMBERED_HOST.fullmatch(name) or is_metadata_name(name))


def _bodies_of_hosts(feeds: Iterable[Feed]) -> dict[str, str]:
    """The body of every host whose feeds all have the same one."""
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for feed in feeds:
        bodies[_host(feed.url)].add(feed.body)
    return {host: min(ids) for host, ids in bodies.items() if len(ids) == 1}


def _host(url: str) -> str:
    return urlsplit(canonical_url(url)).netloc


def _body(title: str, url: str, issuers: Mapping[str, str], hosts: Mapping[str, str]) -> str:
    return _named_body(title, issuers) or hosts.get(_host(url)) or UNKNOWN_BODY


def _named_body(title: str, issuers: Mapping[str, str]) -> str | None:
    """The body that a title names: the longest run of its words that is one, else what it begins
    with where it is written without blanks (국토교통부보도자료)."""
    words = _WORD.findall(title)
    for length in range(_WORDS_AT_ONCE, 0, -1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            if len(squash(name)) >= _LEAST_NAME and (found := find_issuer(issuers, name)):
                return found
    together = squash(title)
    if together.isascii():
        return None
    ends = range(min(len(together), 20), _LEAST_NAME - 1, -1)
    return next((issuers[together[:end]] for end in ends if together[:end] in issuers), None)


def _new_id(title: str, url: str, taken: set[str]) -> str:
    """An id made of the title where that has Latin letters, else of the host; numbered where it is
    taken."""
    is_name = title.isascii() and title != urlsplit(url).hostname
    named = _slug(title) if is_name else ""
    base = named if len(named) >= _LEAST_SLUG else _host_slug(url)
    number, made = 1, base
    while made in taken:
        number += 1
        made = f"{base[: _LONGEST_ID - len(str(number)) - 1].strip('-')}-{number}"
    return made


def _slug(text: str) -> str:
    slug = _NO_SLUG.sub("-", text.lower()).strip("-")
    return slug[:_LONGEST_ID].strip("-")


def _host_slug(url: str) -> str:
    host = (urlsplit(url).hostname or "").rstrip(".")
    name = host if host.replace(".", "").isdigit() else _HOST_ENDS.sub("", host)
    while (shorter := _HOST_STARTS.sub("", name)) != name:
        name = shorter
    return _slug(name) or _slug(host) or "feed"


def _lines(one: Proposal) -> Iterator[str]:
    yield "[[feeds]]"
    yield f"id = {toml_string(one.id)}"
    yield f"url = {toml_string(one.url)}"
    if one.title:
        yield f"title = {toml_string(one.title)}"
    if one.body == UNKNOWN_BODY:
        yield f"body = {toml_string(one.body)} # whose feed is it? an id of docs/config.md, bodies"
    else:
        yield f"body = {toml_string(one.body)}"
    if one.key_env:
        yield f"key_env = {toml_string(one.key_env)} # holds the key that belongs at {KEY_PLACE}"
