"""References of a document made ones that XML knows: ``&nbsp;``, ``&#11;``, ``R&D``."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5, name2codepoint

from aggregator.text.fold import joined_halves
from aggregator.text.xml_chars import xml_safe

_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCE = re.compile(
    r"&(?:#(\d{1,9})|#[xX]([0-9a-fA-F]{1,8})|([A-Za-z_][\w.-]{0,39}));|&", re.ASCII
)
_ENTITY = re.compile(
    r"""<!ENTITY\s{1,99}([A-Za-z_][\w.-]{0,39})\s{1,99}(?:"([^"]{0,2000})"|'([^']{0,2000})')\s{0,99}>""",
    re.ASCII,
)
_MOST_ENTITIES = 500
_LONGEST_VALUE = 2000
_DEEPEST = 3
_MOST_EXPANDED = 200_000
"""Characters that the entities of a document may become in all; references beyond stay text."""


class References:
    """The references of one document: those of XML stay, others become the characters they mean.

    ``subset`` is the document type. Entities that it declares are expanded where their value is
    text, to at most 2,000 characters each and 200,000 together; those in files and those that grow
    by nesting are not, and read as text.
    """

    def __init__(self, subset: str, warnings: list[str]) -> None:
        self._warnings = warnings
        self._left = _MOST_EXPANDED
        self._values = _values(subset)

    def mended(self, text: str) -> str:
        """Markup without references that a parser would refuse."""
        if "&" not in text:
            return text
        return _REFERENCE.sub(self._mended, joined_halves(text))

    def _mended(self, match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if decimal is not None or hexadecimal is not None:
            return _character(int(decimal or hexadecimal, 10 if decimal else 16))
        if name is None:
            self._warnings.append("bare-ampersands")
            return "&amp;"
        if name in _XML_ENTITIES:
            return match.group()
        if (value := self._values.get(name)) is not None and len(value) <= self._left:
            self._left -= len(value)
            self._warnings.append("own-entities")
            return html.escape(value, quote=True)
        if (character := character_of(name)) is not None:
            self._warnings.append("html-entities")
            return html.escape(character, quote=True)
        self._warnings.append("bare-ampersands")
        return "&amp;" + match.group()[1:]


def character_of(name: str) -> str | None:
    """What an HTML entity means. ``lang`` and ``rang`` are the brackets of HTML 4, as press offices
    use them; HTML 5 has made mathematical ones of these."""
    if name in name2codepoint:
        return chr(name2codepoint[name])
    return html5.get(f"{name};")


def _character(number: int) -> str:
    # Also reads the numbers 128 to 159 as windows-1252, which is what their authors meant.
    text = html.unescape(f"&#{number};") if number else ""
    return html.escape(xml_safe(text.replace("\ufffd", "")), quote=True)


def _values(subset: str) -> Mapping[str, str]:
    if "<!ENTITY" not in subset:
        return {}
    told: dict[str, str] = {}
    for match in _ENTITY.finditer(subset):
        told.setdefault(match[1], match[2] if match[2] is not None else match[3])
        if len(told) >= _MOST_ENTITIES:
            break
    values = {name: _expanded(value, told, _DEEPEST) for name, value in told.items()}
    return {name: value for name, value in values.items() if value is not None}


def _expanded(value: str, told: Mapping[str, str], depth: int) -> str | None:
    """The text of an entity; None for one that is nested too deep or grows too long."""
    parts: list[str] = []
    done = length = 0
    for match in _REFERENCE.finditer(value):
        name = match[3]
        text: str | None = match.group()
        if name is not None and name in told and name not in _XML_ENTITIES:
            text = _expanded(told[name], told, depth - 1) if depth else None
        elif match[1] or match[2] or name is not None:
            text = html.unescape(match.group())
        if text is None:
            return None
        parts += (value[done : match.start()], text)
        length += match.start() - done + len(text)
        if length > _LONGEST_VALUE:
            return None
        done = match.end()
    parts.append(value[done:])
    return xml_safe("".join(parts))
