"""Addresses made comparable: one spelling for all the ways to reach the same page."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from aggregator.text.release_numbers import PARAMETER, PORTAL, portal_address

_WEB = ("http://", "https://")
_DEFAULT_PORTS = frozenset({80, 443})
_VARIANT_HOST = re.compile(r"^(?:www|m|mobile)\.(?=[^.]+\.)")
_MOBILE_PATH = re.compile(r"^(?:/(?:m|mobile))+(?=/)", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_UNWANTED = re.compile(r"[\s\x00-\x20\x7f\"<>\\^`{}|]")
_BLANKS = re.compile(r"[\t\r\n\x00-\x1f\x7f]+")
_BARE_HOST = re.compile(r"www\.[^/\s]+\.[a-z]{2,}(?:[/?#]|$)", re.IGNORECASE)
_KEPT_IN_PATH = "/:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = "/:@!$'()*+,;~-._?"

_TRACKERS = frozenset(
    {
        "call_from", "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid",
        "ref", "referer", "referrer", "rssfeed", "cmpid", "ncid", "spm", "jsessionid", "phpsessid", "sessionid", "_ga",
    }
)  # fmt: skip
_TRACKER_PREFIXES = ("utm_", "wt.", "pk_", "mtm_", "hsa_")
_NAVIGATION = frozenset(
    {
        "page", "pageindex", "pageno", "pagenum", "pageunit", "pagesize", "pageidx", "cpage",
        "currpage", "currentpage", "curpage", "nowpage", "gopage", "listcount", "recordcountperpage",
        "srchword", "srchkey", "srchtype", "srchkeyword", "srchbgndt", "srchenddt", "searchword",
        "searchwrd", "searchcnd", "searchcondition", "searchkeyword", "searchtype", "searchkey",
        "searchval", "searchtxt", "searchtext", "sch_text", "startdate", "enddate", "period",
        "lcmspage", "orderby", "order", "sort", "layout", "rowcount", "totalcount", "repcodetype",
        "cp", "integrdeptcode", "cityflag",
    }
)  # fmt: skip
"""Where in its list somebody came from: no part of what a page is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Board:
    """How a kind of board numbers its pages: the page's number, and what must stand beside it."""

    number: str
    beside: tuple[str, ...] = ()


_BOARDS = (
    _Board(number="nttNo", beside=("bbsNo",)),
    _Board(number="nttId", beside=("bbsId",)),
    _Board(number="searchNttId", beside=("searchBbsId",)),
    _Board(number="list_no", beside=("bid",)),
    _Board(number="cntId", beside=("boardId",)),
    _Board(number="articleNo", beside=("boardNo",)),
    _Board(number="bbs_seq"),
    _Board(number="pSeq"),
    _Board(number=PARAMETER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """Pages of one site (and its subdomains) known by one part of their address.

    ``path`` must match the path; ``number`` names the parameter (or the group of ``path``) that is
    the identity. ``form`` is the canonical address with ``{number}`` and ``{path}``.
    """

    host: str
    form: str
    number: str
    path: re.Pattern[str]


_SITES = (
    _Site(host=PORTAL, number=PARAMETER, path=re.compile(r".*"), form=portal_address("{number}")),
    _Site(host="molit.go.kr", number="id", path=re.compile(r"/USR/.*/dtl\.jsp"),
          form="https://molit.go.kr{path}?id={number}"),
    _Site(host="youtube.com", number="v", path=re.compile(r"/watch"),
          form="https://youtube.com/watch?v={number}"),
    _Site(host="youtube.com", number="", path=re.compile(r"/(?:shorts|embed|live|v)/(?P<number>[\w-]+)"),
          form="https://youtube.com/watch?v={number}"),
    _Site(host="youtu.be", number="", path=re.compile(r"/(?P<number>[\w-]+)"),
          form="https://youtube.com/watch?v={number}"),
    _Site(host="doi.org", number="", path=re.compile(r"/(?P<number>10\.\d{4,9}/.+)"),
          form="https://doi.org/{number}"),
)  # fmt: skip

_ROUTE = re.compile(r"/[^/]*\d")
_WHOLE_PATH = re.compile(r"/bbs/[^/]+/\d+/\d+/artclView\.do")
"""Boards whose path alone is the page; every parameter is navigation."""


def is_web(link: str) -> bool:
    """Whether a link is an http or https address with a host that may be printed as it is."""
    if not link[:8].lower().startswith(_WEB) or _UNWANTED.search(link):
        return False
    parts = _split(link)
    return parts is not None and bool(parts.hostname)


def absolute(link: str, base: str) -> str:
    """``link`` resolved against ``base`` (RFC 3986 section 5), or "" where no web address results.

    Blanks are encoded, line ends removed, and a bare ``www.…`` gets a scheme. A server's number in
    place of its name (which no certificate covers) is replaced by the name of ``base``.
    """
    text = _BLANKS.sub("", link.strip()).replace("&amp;", "&")
    if not text or text.startswith("#"):
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
    text = _BLANKS.sub("", url.strip()).replace("&amp;", "&").replace("&#38;", "&")
    parts = _split(text)
    if parts is None or parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return text
    host = _host(parts)
    path = _path(parts.path)
    pairs = _pairs(parts.query)
    if (known := _known_site(host, path, pairs)) is not None:
        return known
    if _WHOLE_PATH.fullmatch(path):
        pairs = []
    query = "&".join(sorted(_pair(name, value) for name, value in _telling(pairs)))
    fragment = f"#{quote(parts.fragment, safe='/!?=&%-._~:')}" if _is_route(parts.fragment) else ""
    return f"https://{host}{path}{'?' + query if query else ''}{fragment}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def _named_host(url: str, base: str) -> str:
    parts, base_parts = _split(url), _split(base)
    if parts is None or base_parts is None or not base_parts.hostname or not parts.hostname:
        return url
    if not _is_number(parts.hostname) or _is_number(base_parts.hostname):
        return url
    return parts._replace(scheme=base_parts.scheme, netloc=base_parts.netloc).geturl()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    while (shorter := _VARIANT_HOST.sub("", host)) != host:
        host = shorter
    port = parts.port
    return host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"


def _path(path: str) -> str:
    path = _SESSION.sub("", path)
    path = _SLASHES.sub("/", _requote(path, _KEPT_IN_PATH))
    path = _MOBILE_PATH.sub("", path)
    return path.rstrip("/") or "/"


def _requote(text: str, safe: str) -> str:
    """One spelling of percent-encoding; what does not decode as UTF-8 stays encoded as it is."""
    try:
        plain = unquote(text, errors="strict")
    except UnicodeDecodeError:
        return quote(text, safe=safe + "%")
    # An encoded delimiter means something else than a bare one, so such text is only tidied.
    if any(c in plain and c not in text for c in "/?#&=+%;"):
        return quote(text, safe=safe + "%", errors="replace")
    return quote(plain, safe=safe, errors="replace")


def _pairs(query: str) -> list[tuple[str, str | None]]:
    pairs: list[tuple[str, str | None]] = []
    for piece in query.split("&"):
        name, equals, value = piece.partition("=")
        if name:
            pairs.append((name, value if equals else None))
    return pairs


def _pair(name: str, value: str | None) -> str:
    if value is None:
        return _requote(name, _KEPT_IN_QUERY)
    return f"{_requote(name, _KEPT_IN_QUERY)}={_requote(value, _KEPT_IN_QUERY + '=')}"


def _known_site(host: str, path: str, pairs: list[tuple[str, str | None]]) -> str | None:
    for site in _SITES:
        if host != site.host and not host.endswith("." + site.host):
            continue
        match = site.path.fullmatch(path)
        if match is None:
            continue
        number = dict(pairs).get(site.number) if site.number else match["number"]
        if number:
            return site.form.format(number=_requote(number, _KEPT_IN_PATH), path=path)
    return None


def _telling(pairs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """The parameters that say which page it is."""
    values = dict(pairs)
    for board in _BOARDS:
        if values.get(board.number):
            names = (board.number, *board.beside)
            return [(name, values[name]) for name in names if values.get(name)]
    kept = [(name, value) for name, value in pairs if value != "" and not _is_tracker(name)]
    telling = [(name, value) for name, value in kept if name.lower() not in _NAVIGATION]
    return telling or kept


def _is_tracker(name: str) -> bool:
    lower = name.lower()
    return lower in _TRACKERS or lower.startswith(_TRACKER_PREFIXES)


def _is_route(fragment: str) -> bool:
    """Whether a fragment is an address within a page that is drawn by a program, such as
    ``!/view`` or ``view/41087?nttNo=41087``, and no mark in a text."""
    return fragment.startswith(("!", "/")) or bool(_ROUTE.search(fragment))
