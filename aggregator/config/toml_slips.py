"""What people mistype in TOML, told in their words instead of the parser's."""

from __future__ import annotations

import re

REMEDY = 'texts stand in quotes, lists in brackets, each key on its own line: key = "…"'
"""What is right in general."""

_CURLY = "“”„‟‘’‚‛「」"
_PLAIN = (
    (
        "Unescaped '\\'",
        'a backslash in a text between " means something else',
        "write patterns between single quotes, 're:\\d+', or each backslash twice, \"re:\\\\d+\"",
    ),
    ("Illegal character '\\n'", "a text has no closing quote on its line", 'close it: "…"'),
)
"""How the parser begins, the mistake, and what would be right."""

_BARE = (
    "a value begins with a letter",
    'texts stand in quotes: "…"; true and false in none, and in small letters',
)
_TABLE_TWICE = re.compile(r"Cannot declare \((?P<names>.*)\) twice")
_NAME = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def explain_slip(text: str, said: str, line: int, column: int | None) -> tuple[str, str]:
    """The mistake and what would be right, of the parser's words ``said`` about a place of
    ``text`` (both counted from 1; ``column`` None where the text ends too early)."""
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    at = here[column - 1 : column] if column else ""
    if (at and at in _CURLY) or (said.startswith("Illegal character '\\n'") and _has_curly(here)):
        return "curly quotes are no quotes here", 'write straight ones: "…"'
    for begin, message, remedy in _PLAIN:
        if said.startswith(begin):
            return message, remedy
    if said.startswith("Unclosed array"):
        message = f"a list is not closed, or lacks a comma or a quote{_begun(lines, line)}"
        return message, 'close it, with commas between its texts: ["…", "…"]'
    if found := _TABLE_TWICE.search(said):
        return _twice(found["names"], lines, line)
    if said.startswith("Cannot overwrite a value"):
        key = here.partition("=")[0].strip()
        return f"{key or 'a key'} is there twice in its table", "leave one of the two out"
    is_bare = said.startswith("Invalid value") and at.isalpha()
    return _BARE if is_bare else (said, REMEDY)


def _has_curly(line: str) -> bool:
    return any(sign in line for sign in "“”„‟")


def _begun(lines: list[str], line: int) -> str:
    """Where the list begins that the parser gave up in: the last line up to it that opens one."""
    for number in range(min(line, len(lines)), 0, -1):
        _, is_key, value = lines[number - 1].partition("=")
        if is_key and value.lstrip().startswith("["):
            return f" (it begins on line {number})" if number != line else ""
    return ""


def _twice(names: str, lines: list[str], line: int) -> tuple[str, str]:
    parts = [single or double for single, double in _NAME.findall(names)]
    header = f"[{'.'.join(parts)}]"
    first = next((n for n, one in enumerate(lines, 1) if _header(one) == header), line)
    where = f" under the first, on line {first}" if first != line else " into one"
    return f"the table {header} is there twice", f"put its keys together{where}"


def _header(line: str) -> str:
    """A header without the blanks and the comment around it."""
    return "".join(line.partition("#")[0].split())
