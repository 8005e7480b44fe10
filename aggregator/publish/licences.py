"""What a licence is called, and where its text stands, for readers and programs that want to know."""

from __future__ import annotations

import re
from functools import reduce

from aggregator.catalogue import Catalogue
from aggregator.read.items.licence import licence_slug
from aggregator.text.clean import one_line

_KOGL = re.compile(r"KOGL-([0-4])")
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.\d)(?:-([A-Z]{2}))?")


_CONDITIONS = {
    "0": ("free",),
    "1": ("source",),
    "2": ("source", "no_trade"),
    "3": ("source", "no_change"),
    "4": ("source", "no_trade", "no_change"),
}
"""What the types of 공공누리 ask for."""


def licence_words(licence: str, language: str, catalogue: Catalogue) -> str:
    """A notice or slug as people read it: ``공공누리 제1유형(출처표시)``, ``CC BY-NC 4.0
    (Attribution, NonCommercial)``. One that is not known is what it is."""

    def t(key: str, /, **values: object) -> str:
        return catalogue.text(f"licence.{key}", language, **values)

    slug = licence if _is_known(licence) else licence_slug(licence)
    if slug == "CC0-1.0":
        name, conditions = "CC0 1.0", [t("cc.zero")]
    elif found := _KOGL.fullmatch(slug):
        name, conditions = t("kogl", type=found[1]), [t(one) for one in _CONDITIONS[found[1]]]
    elif found := _CREATIVE_COMMONS.fullmatch(slug):
        name = " ".join(part for part in ("CC", *found.groups()) if part)
        conditions = [t(f"cc.{part.lower()}") for part in found[1].split("-")]
    else:
        return one_line(licence)
    asked = reduce(lambda one, other: t("and", one=one, other=other), conditions)
    return t("named", name=name, conditions=asked)


def attribution(words: str, name: str) -> str:
    """Licence and office in one line, ``공공누리 제1유형(출처표시) · 국토교통부``; "" without a
    licence."""
    return " · ".join(part for part in (words, one_line(name)) if part) if words else ""


def _is_known(slug: str) -> bool:
    return slug == "CC0-1.0" or any(p.fullmatch(slug) for p in (_KOGL, _CREATIVE_COMMONS))


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
