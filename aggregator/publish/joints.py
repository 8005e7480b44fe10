"""Words of Korean text that browsers would tear apart at the end of a line.

``word-break: keep-all`` keeps letters together, and nothing else: behind a closing mark or a unit a
browser still breaks, so that the particle of a word stands alone on the next line.
"""

from __future__ import annotations

import re

PAGE_JOINT = '<span class="joint">'
"""What ``site.css`` keeps on one line."""

MAIL_JOINT = '<span style="white-space:nowrap">'
"""The same for programs that know no classes."""

# What readers see is between the tags; everything printed there is escaped, so that ">" ends a tag.
_NO_TEXT = re.compile(
    r"<!--.*?-->|<(script|style|title)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE
)
# Not "…", "·", "/", "~" and ends of sentences: headlines part there, and a line may, too.
_CLOSED = re.compile(
    r"((?:[’”)\]}」』》〉】〕）］｝›»%％℃℉㎡㎢㎥㎞㎝㎜㎏㎎㎾㎿™®]|&#3[49];|&gt;)+[가-힣])"
)


def keep_particles(html: str, joint: str = PAGE_JOINT) -> str:
    """``html`` with each closing mark kept on one line with the Hangul that stands right behind it:
    ``’을``, ``)와``, ``%를``. No character is added, so that what is copied or searched for is as
    it was; attributes, scripts, styles and the title are left alone."""
    made, end = [], 0
    for found in _NO_TEXT.finditer(html):
        made += [_CLOSED.sub(rf"{joint}\1</span>", html[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*made, _CLOSED.sub(rf"{joint}\1</span>", html[end:])])
