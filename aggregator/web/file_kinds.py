"""How each kind of file is served: its type, how long it keeps, who may read it, what it may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import quote

from aggregator.domain.publishing import PublishOptions
from aggregator.publish.addresses import absolute_url, keyless

PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""A mail carries its styles in itself, as mail programs load none."""

MAIL_PAGE = "mail.html"

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.[a-z0-9]+")
_MONTH = re.compile(r"archive/\d{4}-\d{2}(?:-\d{2}(?:-\d{6}-[0-9a-f]{8})?)?\.(?:atom|rss|json)")
_NINJS = ".ninjs.json"


class Keeping(StrEnum):
    """How long a copy may be shown without asking: Cache-Control."""

    PAGE = f"public, max-age={_MINUTE}"
    FEED = f"public, max-age={5 * _MINUTE}"
    FILE = f"public, max-age={_HOUR}"
    PICTURE = f"public, max-age={_DAY}"
    ARCHIVE = f"public, max-age={_DAY}"
    HASHED = f"public, max-age={365 * _DAY}, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """``media_type`` with its charset; ``shared``: pages of other sites may read it by script
    (CORS); ``text``: smaller with gzip; ``announced``: a feed that a WebSub hub tells of; ``page_type``: the
    type under which browsers show it by its style sheet, "" where its own will do."""

    media_type: str
    keeping: Keeping
    shared: bool = False
    text: bool = True
    announced: bool = False
    policy: str = PAGE_POLICY
    page_type: str = ""

    def shown(self, *, as_page: bool) -> str:
        """The type for who wants a page or not."""
        return self.page_type if as_page and self.page_type else self.media_type


_UTF8 = "; charset=utf-8"
_FEEDS = {
    ".atom": f"application/atom+xml{_UTF8}",
    ".rss": f"application/rss+xml{_UTF8}",
    ".json": "application/feed+json",
}
_TEXTS = {
    ".html": f"text/html{_UTF8}",
    ".css": f"text/css{_UTF8}",
    ".eml": "message/rfc822",
    ".js": f"text/javascript{_UTF8}",
    ".md": f"text/markdown{_UTF8}",
    ".opml": f"text/x-opml{_UTF8}",
    ".svg": "image/svg+xml",
    ".txt": f"text/plain{_UTF8}",
    ".xml": f"application/xml{_UTF8}",
    ".xsl": f"text/xsl{_UTF8}",
}
_OTHERS = {
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_UNKNOWN = "application/octet-stream"


def kind_of(path: str) -> FileKind:
    """The kind of the file at ``path`` below ``public/``, known by its name alone.

    Chromium shows Atom and RSS under their own types as plain text, whatever their style sheet, and
    other browsers save them; so whoever would rather have a page gets them as XML.

    ``.json`` is a JSON Feed, except where the name says that it is ninjs. An asset with a hash in
    its name (``site.0a1b2c3d.css``) is one content for ever. A feed's month is asked for rarely and
    told of by no hub; it may change while it is open, which its name does not say.
    """
    pure = PurePosixPath(path)
    suffix = pure.suffix.lower()
    if path.endswith(_NINJS):
        return FileKind(media_type="application/json", keeping=Keeping.PAGE, shared=True)
    if suffix in _FEEDS:
        month = _MONTH.fullmatch(path) is not None
        return FileKind(
            media_type=_FEEDS[suffix],
            keeping=Keeping.ARCHIVE if month else Keeping.FEED,
            shared=True,
            announced=not month,
            page_type="" if suffix == ".json" else _TEXTS[".xml"],
        )
    if suffix in _TEXTS:
        return FileKind(
            media_type=_TEXTS[suffix],
            keeping=_keeping(pure),
            shared=suffix == ".opml",
            policy=MAIL_POLICY if pure.name == MAIL_PAGE else PAGE_POLICY,
        )
    return FileKind(media_type=_OTHERS.get(suffix, _UNKNOWN), keeping=_keeping(pure), text=False)


def _keeping(path: PurePosixPath) -> Keeping:
    if path.parts[0] == "assets":
        return Keeping.HASHED if _HASHED.search(path.name) else Keeping.FILE
    return Keeping.PICTURE if path.parts[0] == "pictures" else Keeping.PAGE


def headers_of(kind: FileKind, path: str, options: PublishOptions) -> dict[str, str]:
    """The headers that every answer about the file has, also 304: what may be kept and read, and
    for feeds the hub that tells of them with the address that it knows them by (WebSub section 4).
    """
    headers = {"Cache-Control": kind.keeping.value, "Content-Security-Policy": kind.policy}
    if kind.text:
        headers["Vary"] = "Accept, Accept-Encoding" if kind.page_type else "Accept-Encoding"
    if kind.shared:
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = "ETag, Link"
    if kind.announced and options.hub:
        address = _uri(absolute_url(options.base_url, path))
        headers["Link"] = f'<{_uri(keyless(options.hub))}>; rel="hub", <{address}>; rel="self"'
    return headers


def _uri(text: str) -> str:
    """``text`` without anything that ends an address in a header."""
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~-._")
