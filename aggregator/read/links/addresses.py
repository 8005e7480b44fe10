"""Addresses made comparable: one spelling for all the ways to reach the same page."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from aggregator.read.links.boards import Page, find_page
from aggregator.text.unseen import UNSEEN

_WEB = ("http://", "https://")
_REMEMBERED = 300
"""Characters of an address up to which its other forms are remembered: each is asked for ten times."""

_DEFAULT_PORTS = frozenset({80, 443})
_VARIANT_HOST = re.compile(r"^(?:www|m|mobile)\.(?=[^.]+\.)(?!(?:go|or|re)\.kr$)")
_MOBILE_PATH = re.compile(r"^(?:/(?:m|mobile))+(?=/)", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;&]*", re.IGNORECASE)
_ENCODED_DELIMITER = re.compile(r"(%(?:2F|3F|23|26|3D|2B|25|3B))", re.IGNORECASE)
_ENCODED_DOT = re.compile(r"%2E", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SLASHES = re.compile(r"/{2,}")
_UNWANTED = re.compile(rf"[\s\x00-\x20\"<>\\^`{{}}|]|{UNSEEN}")
"""What no address may hold as it is, and what would turn around the text in which it is printed."""
_SIMPLE = re.compile(
    r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9/._~%!$'()*+,:@=&-]*)?"
    r"(?:\?[A-Za-z0-9/._~%!$'()*+,:@=&?-]+)?(?:#[A-Za-z0-9/._~%!$'()*+,:@=&?-]+)?"
)
"""An absolute address that stays as it is against whatever base: a name for its host and no port,
nothing that would be encoded, no empty part that would be left out."""

_BLANKS = re.compile(r"[\t\r\n\x00-\x1f\x7f]+")
_BARE_HOST = re.compile(r"www\.[^/\s]+\.[a-z]{2,}(?:[/?#]|$)", re.IGNORECASE)
_NEVER_QUOTED = re.compile(r"[A-Za-z0-9/:@!$'()*+,;~._-]*")
"""What is written as it is in paths and queries."""

_KEPT_IN_PATH = "/:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = "/:@!$'()*+,;~-._?"

_TRACKERS = frozenset(
    {
        "call_from", "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid",
        "referer", "referrer", "rssfeed", "cmpid", "ncid", "tr_code", "spm", "xtor", "jsessionid",
        "phpsessid", "sessionid", "aspsessionid", "_ga", "_", "napm",
    }
)  # fmt: skip
_TRACKER_PREFIXES = ("utm_", "wt.", "pk_", "mtm_", "hsa_")
_NAVIGATION = frozenset(
    {
        "page", "pageindex", "pageno", "pagenum", "pageunit", "pagesize", "pageidx", "cpage",
        "currpage", "currentpage", "curpage", "nowpage", "gopage", "listcount", "recordcountperpage",
        "srchword", "srchkey", "srchtype", "srchkeyword", "srchbgndt", "srchenddt", "searchword",
        "searchwrd", "searchcnd", "searchcondition", "searchkeyword", "searchtype", "searchkey",
        "searchval", "searchtxt", "searchtext", "searchkrwd", "searchctgry", "searchopt", "sch_text",
        "srchctgry", "srchbegindt", "srchbgnde", "srchendde", "lcmspage", "npage", "orderby",
        "rowperpage", "rowcount", "totalcount", "repcodetype", "cp", "integrdeptcode", "cityflag",
        "q_currpage", "q_rowperpage", "q_searchkey", "q_searchval", "q_sortname", "q_sortorder",
    }
)  # fmt: skip
"""Where in its list somebody came from: no part of what a page is."""

_NAVIGATION_IN_WORDS = frozenset({"order", "sort", "layout", "period", "ref"})
"""The same, unless they have a number: with one they can be what the page goes by."""
_FROM_A_FEED = frozenset({"from", "src", "via", "source", "inflow"})
_FEEDS = frozenset({"rss", "rsslink", "feed"})

_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"/\d{3,}$")
_ROUTE = re.compile(r"/[^/]*\d")
_STATE = re.compile(r"(?P<name>[a-z]\w*)=(?P<value>[\w-]*\d[\w-]*)", re.IGNORECASE)
_VIEW = re.compile(r"(?P<route>!?/?view/\d+)\?.*")
"""A page that a program draws, with what else is said to it."""
_DRAWN = re.compile(r"!?/?view/(?P<number>\d+)")


def is_web(link: str) -> bool:
    """Whether a link is an http or https address with a host that may be printed as it is."""
    if _SIMPLE.fullmatch(link):
        return True
    if not link[:8].lower().startswith(_WEB) or _UNWANTED.search(link):
        return False
    parts = _split(link)
    return parts is not None and bool(parts.hostname)


_LONGEST = 20_000
"""Characters of an address; servers refuse longer ones, most of them much shorter ones."""


def absolute(link: str, base: str) -> str:
    """``link`` resolved against ``base`` (RFC 3986 section 5), or "" where no web address results.

    Blanks are encoded, line ends removed, and a bare ``www.…`` gets a scheme. A server's number in
    place of its name (which no certificate covers) is replaced by the name of ``base``.
    """
    if not link:
        return ""
    if "&amp;" not in link and len(link) <= _LONGEST and _SIMPLE.fullmatch(link):
        return link if _can_be_base(base) else ""
    is_short = len(link) <= _REMEMBERED and len(base) <= _REMEMBERED
    return _absolute(link, base) if is_short else _absolute.__wrapped__(link, base)


@lru_cache(maxsize=1024)
def _can_be_base(base: str) -> bool:
    """Whether a base can be taken apart: nothing is resolved against one that cannot."""
    try:
        urlsplit(base)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def _absolute(link: str, base: str) -> str:
    text = _BLANKS.sub("", link.strip()).replace("&amp;", "&")
    if not text or text.startswith("#") or len(text) > _LONGEST:
        return ""
    if _BARE_HOST.match(text):
        text = f"https://{text}"
    try:
        joined = urljoin(base, text) if base else text
    except ValueError:
        return ""
    joined = _named_host(quote(joined, safe="%/:?#[]@!$&'()*+,;=~-._") if _UNWANTED.search(joined)
                         else joined, base)  # fmt: skip
    return joined if is_web(joined) else ""


def canonical_url(url: str) -> str:
    """The address under which a page is compared; it need not be reachable itself.

    https, host in lower case without ``www.`` and ``m.``, default ports, fragments, sessions,
    trackers and navigation out, parameters sorted, and one form for each board that has several.
    What is no web address comes back stripped. Applying it twice changes nothing.
    """
    return _canonical(url) if len(url) <= _REMEMBERED else _canonical.__wrapped__(url)


@lru_cache(maxsize=4096)
def _canonical(url: str) -> str:
    text = _BLANKS.sub("", url).strip()
    while (plain := text.replace("&amp;", "&").replace("&#38;", "&")) != text:
        text = plain
    parts = _split(text)
    if parts is None or parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return text
    pairs = _pairs(parts.query)
    if (page := _page(parts, pairs)) is not None and page.address:
        return page.address
    path = _path(parts.path)
    query = "&".join(sorted(_pair(*pair) for pair in _telling(path, pairs)))
    where = f"https://{_host(parts)}{path}{'?' + query if query else ''}"
    return f"{where}{_fragment(parts.fragment)}"


def page_of(canonical: str) -> Page | None:
    """The page of a board at a canonical address, None where no board is known by it."""
    return _page_of(canonical) if len(canonical) <= _REMEMBERED else _page_of.__wrapped__(canonical)


@lru_cache(maxsize=4096)
def _page_of(canonical: str) -> Page | None:
    parts = _split(canonical)
    if parts is None or not parts.hostname:
        return None
    if (page := _page(parts, _pairs(parts.query))) is not None:
        return page
    if (match := _DRAWN.fullmatch(parts.fragment)) is None:
        return None
    return Page(address=canonical, number=f"view={match['number']}", board="view=")


def page_number(canonical: str) -> str | None:
    """The board's own identity of the page at a canonical address, without host and path, such as
    ``bbsNo=41&nttNo=123``; None where the address has no such number.

    By it a page is known again whose site moved to another host or folder. Alone it proves
    nothing: two offices with the same software count from the same number.
    """
    page = page_of(canonical)
    return page.number if page else None


def is_listing(canonical: str) -> bool:
    """Whether a canonical address seems to be that of a whole site or of a list, so that any
    number of releases can be linked to it."""
    parts = _split(canonical)
    if parts is None or not parts.hostname or parts.fragment or "view" in canonical.lower():
        return False
    last = parts.path.rpartition("/")[2].lower()
    if not last:
        return not parts.query
    return "list" in last and page_of(canonical) is None


def same_but_tracking(one: str, other: str) -> bool:
    """Whether two spellings of an address differ in nothing but sessions and trackers, which may
    be others at every visit."""
    return _plain(one) == _plain(other)


def untracked(url: str) -> str:
    """The address without sessions and trackers in its query; everything else as it is written."""
    before, mark, rest = url.partition("?")
    query, sign, fragment = rest.partition("#")
    pieces = [piece.partition("=") for piece in query.split("&")]
    kept = ["".join(one) for one in pieces if not _is_tracker(one[0], one[2])]
    if len(kept) == len(pieces):
        return url
    return before + (mark + "&".join(kept) if kept else "") + sign + fragment


def _plain(url: str) -> str:
    parts = _split(url.strip())
    if parts is None:
        return url
    pairs = [pair for pair in _pairs(parts.query) if not _is_tracker(*pair)]
    query = "&".join(_pair(name, value) for name, value in pairs)
    return parts._replace(path=_SESSION.sub("", parts.path), query=query).geturl()


def _page(parts: SplitResult, pairs: list[tuple[str, str | None]]) -> Page | None:
    parameters: dict[str, str] = {}
    for name, value in pairs:
        # Of a parameter that comes twice most servers take the first.
        parameters.setdefault(name, _requote(value or "", _KEPT_IN_PATH))
    return find_page(_host(parts), _path(parts.path), parameters)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def _named_host(url: str, base: str) -> str:
    parts = _split(url)
    if parts is None or not parts.hostname or not _is_number(parts.hostname):
        return url
    base_parts = _split(base)
    if base_parts is None or not base_parts.hostname or _is_number(base_parts.hostname):
        return url
    return parts._replace(scheme=base_parts.scheme, netloc=base_parts.netloc).geturl()


def _is_number(host: str) -> bool:
    # To be refused by the module takes long.
    if ":" not in host and not host[-1:].isdigit():
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    while (shorter := _VARIANT_HOST.sub("", host)) != host:
        host = shorter
    port = parts.port
    return host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"


def _path(path: str) -> str:
    path = _SLASHES.sub("/", _ENCODED_DOT.sub(".", _SESSION.sub("", path)))
    if "/." in path:
        path = urlsplit(urljoin("https://host", path)).path
    path = _MOBILE_PATH.sub("", _requote(path, _KEPT_IN_PATH))
    return path.rstrip("/") or "/"


def _requote(text: str, safe: str) -> str:
    """One spelling of percent-encoding. An encoded delimiter means something else than a bare one
    and stays encoded, as does what is no UTF-8."""
    if _NEVER_QUOTED.fullmatch(text):
        return text
    pieces = _ENCODED_DELIMITER.split(text)
    pieces[::2] = (_respell(piece, safe) for piece in pieces[::2])
    return "".join(pieces[:1]) + "".join(
        one.upper() + other for one, other in zip(pieces[1::2], pieces[2::2], strict=True)
    )


def _respell(text: str, safe: str) -> str:
    try:
        plain = unquote(text, errors="strict")
    except UnicodeDecodeError:
        return _ESCAPE.sub(lambda found: found[0].upper(), quote(text, safe=safe + "%"))
    return quote(plain, safe=safe, errors="replace")


def _pairs(query: str) -> list[tuple[str, str | None]]:
    pairs: list[tuple[str, str | None]] = []
    # In a query a plus sign is a blank.
    for piece in _SESSION.sub("", query).replace("+", "%20").split("&"):
        name, equals, value = piece.partition("=")
        if name or value:
            pairs.append((name, value if equals else None))
    return pairs


def _pair(name: str, value: str | None) -> str:
    if value is None:
        return _requote(name, _KEPT_IN_QUERY)
    return f"{_requote(name, _KEPT_IN_QUERY)}={_requote(value, _KEPT_IN_QUERY + '=')}"


def _telling(path: str, pairs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """The parameters that say which page it is: the place in a list too, where nothing else does."""
    kept = [pair for pair in pairs if pair[1] != "" and not _is_tracker(*pair)]
    telling = [pair for pair in kept if not _is_navigation(*pair)]
    return telling if telling or _NUMBERED.search(path) else kept


def _is_tracker(name: str, value: str | None) -> bool:
    lower = name.lower()
    if lower in _FROM_A_FEED:
        return (value or "").lower() in _FEEDS
    return lower in _TRACKERS or lower.startswith(_TRACKER_PREFIXES)


def _is_navigation(name: str, value: str | None) -> bool:
    lower = name.lower()
    if lower in _NAVIGATION_IN_WORDS:
        return not _DIGIT.search(unquote(value or ""))
    return lower in _NAVIGATION


def _fragment(fragment: str) -> str:
    """What of a fragment tells pages apart, with its mark: a route within a page that is drawn by
    a program, such as ``!/view``, ``view/41087`` or ``id=17``, and no mark in a text."""
    if (state := _STATE.fullmatch(fragment)) is not None:
        said = state["name"], state["value"]
        return "" if _is_tracker(*said) or _is_navigation(*said) else f"#{fragment}"
    if not fragment.startswith(("!", "/")) and not _ROUTE.search(fragment):
        return ""
    if (match := _VIEW.fullmatch(fragment)) is not None:
        fragment = match["route"]
    return f"#{quote(fragment, safe='/!?=&%-._~:')}"
