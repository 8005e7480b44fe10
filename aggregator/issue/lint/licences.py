"""What a licence forbids, as far as it says so: by a slug, in words, or by the address of its text."""

from __future__ import annotations

import re

from aggregator.read.items.licence import licence_slug

_NO_CHANGES = re.compile(
    r"\bKOGL-[34]\b|(?<!\d)[34]\s?유형"
    r"|\b(?:CC|Commons)[ \-]?BY(?:[ \-]NC)?[ \-]ND\b|/licenses/by(?:-nc)?-nd\b"
    r"|no[ \-]?deriv|변경\s?(?:을\s)?금지",
    re.IGNORECASE,
)
_NOT_SHOWN = re.compile(
    r"all rights reserved|무단\s?(?:전재|복제|사용|배포)|(?:이용|사용|전재|복제)\s?(?:을|를)?\s?금지"
    r"|\bKOGL-0\b",
    re.IGNORECASE,
)


def forbids_changes(licence: str) -> bool:
    """Whether the text must stay as it is: 공공누리 types 3 and 4, Creative Commons without
    derivatives. Who wrote several licences down is taken at the strictest."""
    return _NO_CHANGES.search(f"{licence_slug(licence)} {licence}") is not None


def forbids_showing(licence: str) -> bool:
    """Whether a picture says of itself that others may not show it.

    One that says nothing is shown: it comes from the source's own feed for that, and stands with a
    link to it.
    """
    return _NOT_SHOWN.search(licence) is not None
