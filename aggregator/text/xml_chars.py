"""Characters that XML allows."""

from __future__ import annotations

import re
from functools import cache

_FORBIDDEN = "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_MEANT = {
    chr(code): character
    for code in range(0x80, 0xA0)
    if (character := bytes([code]).decode("cp1252", "ignore"))
}


def xml_safe(text: str) -> str:
    """The text without what XML 1.0 forbids or discourages (production 2, Char): control
    characters, lone surrogates, U+FFFE and U+FFFF. The control characters 80 to 9F become the
    windows-1252 characters that are always meant by them."""
    # What is printable is none of that, and told five times as fast.
    if text.isprintable():
        return text
    return _forbidden().sub(lambda match: _MEANT.get(match[0], ""), text)


@cache
def _forbidden() -> re.Pattern[str]:
    # Compiled when first wanted: so many characters take a while.
    return re.compile(_FORBIDDEN)
