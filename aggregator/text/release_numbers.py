"""Release numbers of the policy portal, which other sites put into addresses of their own.

The portal gives every release one number for all its hosts and pages. Ministries link to it, and
some sites carry a parameter of the same name. Elsewhere the name proves nothing: two boards that
count on their own can both have a page 156635793. A number from another host is therefore only
good for meeting the portal's own copy, or one on that same host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

PORTAL = "korea.kr"
"""The policy portal, with all hosts below it."""

PARAMETER = "newsId"
_NUMBER = re.compile(r"\d{5,15}", re.ASCII)
_PORTAL_PATH = re.compile(rf"/{PARAMETER}/(?P<number>\d+)", re.ASCII)
_VARIANT = re.compile(r"^(?:www|m|mobile)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNumber:
    """A release number with the host that it was read from; ``PORTAL`` for all of the portal's."""

    number: str
    host: str

    @property
    def is_portal(self) -> bool:
        """Whether the portal itself says so."""
        return self.host == PORTAL

    @property
    def key(self) -> str:
        """The number as copies are looked up by it, whatever host names it."""
        return f"news:{self.number}"

    def names_same(self, other: ReleaseNumber) -> bool:
        """Whether both mean one release: equal numbers, of one host or one of them the portal's."""
        if self.number != other.number:
            return False
        return self.host == other.host or self.is_portal or other.is_portal


def is_portal_host(host: str) -> bool:
    """Whether ``host`` is the policy portal or lies below it."""
    return host == PORTAL or host.endswith(f".{PORTAL}")


def portal_address(number: str) -> str:
    """The canonical address of a release of the portal; it is for comparing, nothing answers it."""
    return f"https://{PORTAL}/{PARAMETER}/{number}"


def release_number(url: str) -> ReleaseNumber | None:
    """The release number in an address, canonical or as a feed prints it; None where there is
    none. Never raises."""
    if PARAMETER not in url:
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        number = dict(parse_qsl(parts.query)).get(PARAMETER, "")
    except ValueError:
        return None
    if is_portal_host(host):
        host = PORTAL
        if (path := _PORTAL_PATH.fullmatch(parts.path)) is not None:
            number = path["number"]
    if not host or not _NUMBER.fullmatch(number):
        return None
    return ReleaseNumber(number=number, host=_VARIANT.sub("", host))
