"""What decides whether to ask further, found in an answer's bytes without reading it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.read.press_api.codes import GOOD, NO_DATA, bare_code

_IDS = re.compile(
    rb"""<NewsItemId\s{0,9}>\s{0,99}(?:<!\[CDATA\[)?\s{0,99}([^<\]\s]{1,64})"""
    rb"""|"NewsItemId"\s{0,9}:\s{0,9}"?([^",}\s]{1,64})"""
)
_TOTAL = re.compile(
    rb"""(?:<totalCount\s{0,9}>\s{0,99}(?:<!\[CDATA\[)?\s{0,99}|"totalCount"\s{0,9}:\s{0,9}"?)([0-9]{1,9})"""
)
_CODE = re.compile(
    rb"""(?:<resultCode\s{0,9}>\s{0,99}(?:<!\[CDATA\[)?\s{0,99}|"resultCode"\s{0,9}:\s{0,9}"?)([0-9]{1,4})"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """An answer at a glance: whether it is one, the ids of its releases, and how many there are in
    all days asked for, None where it does not say."""

    is_good: bool
    ids: frozenset[bytes] = frozenset()
    total: int | None = None


def glance(body: bytes) -> Glance:
    """A glance at ``body``, in linear time; anything but a good answer of the interface is not good.

    A release that writes about ``<NewsItemId>`` could be counted twice; then one page more is asked
    for, and nothing is lost.
    """
    code = _CODE.search(body)
    if code is None or bare_code(code[1].decode("ascii")) not in {*GOOD, NO_DATA}:
        return Glance(is_good=False)
    total = _TOTAL.search(body)
    return Glance(
        is_good=True,
        ids=frozenset(found[1] or found[2] for found in _IDS.finditer(body)),
        total=int(total[1]) if total else None,
    )
