"""Where the text of a licence stands, for readers and programs that want to know."""

from __future__ import annotations

import re

from aggregator.read.items.licence import licence_slug

_KOGL = re.compile(r"KOGL-([1-4])")
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.\d)(?:-([A-Z]{2}))?")


def licence_url(licence: str) -> str:
    """The address of the licence that a notice or slug (``KOGL-1``, ``공공누리 제1유형``,
    ``CC-BY-4.0``) names, "" for one that nobody has put on a page of its own."""
    return _url_of(licence) or _url_of(licence_slug(licence))


def _url_of(slug: str) -> str:
    if slug == "KOGL-0":
        return "https://www.kogl.or.kr/info/license.do"
    if slug == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if found := _KOGL.fullmatch(slug):
        return f"https://www.kogl.or.kr/info/licenseType{found[1]}.do"
    if found := _CREATIVE_COMMONS.fullmatch(slug):
        terms, version, country = found[1].lower(), found[2], found[3]
        land = f"{country.lower()}/" if country else ""
        return f"https://creativecommons.org/licenses/{terms}/{version}/{land}"
    return ""
