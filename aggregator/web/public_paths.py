"""Which file a request's path may mean, decided without looking at the disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from aggregator.publish.addresses import INDEX
from aggregator.publish.files import TEMPORARY

_CODED_SEPARATOR = re.compile(rb"%(?:2f|5c|00)", re.IGNORECASE)
_NEVER = re.compile(r"[\x00-\x1f\x7f\\:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPath:
    """Names of folders and a file below ``public/``; ``folder`` where the path ended in a slash, so
    that the file is the folder's page."""

    parts: tuple[str, ...]
    folder: bool

    @property
    def file(self) -> str:
        """The path below ``public/`` of the file that is meant."""
        return "/".join((*self.parts, INDEX) if self.folder else self.parts)

    @property
    def page(self) -> PublicPath:
        """The same as a folder."""
        return PublicPath(parts=self.parts, folder=True)

    @property
    def to_folder(self) -> str:
        """Where to send who left the slash at a folder's end out: relative to what was asked, so
        that it leads nowhere else, on whatever host and below whatever prefix the site stands."""
        return f"./{quote(self.parts[-1])}/"


def read_path(path: str, raw: bytes | None = None) -> PublicPath | None:
    """The names in ``path`` (decoded, from the root of the site on), None where it can mean no
    published file.

    Never met are hidden names, what is being written, ``.`` and ``..``, empty names (``//host``),
    separators of other systems or in disguise (``raw`` is the path as it was sent, still coded),
    control characters and what is no Unicode.
    """
    if not path.startswith("/") or _NEVER.search(path) or _CODED_SEPARATOR.search(raw or b""):
        return None
    *parts, last = path[1:].split("/")
    names = (*parts, last) if last else tuple(parts)
    try:
        path.encode()
    except UnicodeEncodeError:
        return None
    return None if not all(map(is_public, names)) else PublicPath(parts=names, folder=not last)


def is_public(name: str) -> bool:
    """Whether a folder or file of this name may be served."""
    return bool(name) and not name.startswith(".") and not name.endswith(TEMPORARY)
