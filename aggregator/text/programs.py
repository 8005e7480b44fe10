"""Programs and style rules in texts that lost the element around them."""

from __future__ import annotations

import re

_CODE = (
    (
        ("{",),
        re.compile(
            r"(?:\(?function\s?[\w$]{0,40}\s?\([^()<>{}]{0,100}\)\s?|(?<![A-Za-z])[@.#A-Za-z][\w.#:,* -]{0,60})?"
            r"\{\s{0,40}[A-Za-z_$@.#/'\"*-][^{}<>]{0,800}?[;:=][^{}<>]{0,800}\}(?:\s?\)?\s?\([^()<>]{0,100}\))?\s?;?"
        ),
    ),
    (("var", "let", "const"), re.compile(r"\b(?:var|let|const)\s[\w$]{1,40}\s?=[^;<>\n]{0,300};")),
    (
        ("document", "window", "$", "jQuery"),
        re.compile(r"(?:\bdocument|\bwindow|\$|\bjQuery)[.(][^;<>\n]{0,300};"),
    ),
)
"""Each with words of which it has one: to look for a word is quicker."""


def without_programs(text: str) -> str:
    """The text with a blank for each program and each rule."""
    if "{" in text or ";" in text:
        for words, code in _CODE:
            if any(word in text for word in words):
                text = code.sub(" ", text)
    return text
