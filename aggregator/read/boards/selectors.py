"""CSS selectors as the configuration writes them: a path, and behind ``@`` an attribute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError

_ATTRIBUTE = re.compile(r"@(?P<name>[A-Za-z_][A-Za-z0-9_:.-]*)\Z", re.ASCII)


class BadSelector(ValueError):
    """A selector that selects nothing because it is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: an XPath from the page's root, "" for the item itself, and the
    attribute that is meant, "" for the text."""

    path: str
    attribute: str = ""


@lru_cache(maxsize=512)
def read_place(selector: str) -> Place:
    """The place that a selector names. Raises BadSelector."""
    match = _ATTRIBUTE.search(selector)
    css = selector[: match.start()] if match else selector
    attribute = match["name"].lower() if match else ""
    if not css.strip():
        if not attribute:
            raise BadSelector("nothing is selected")
        return Place("", attribute)
    try:
        return Place(HTMLTranslator().css_to_xpath(css), attribute)
    except SelectorError as error:
        raise BadSelector(str(error)) from error
