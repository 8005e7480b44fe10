"""What the log shows of a line: pure, without markup."""

from __future__ import annotations

import re
from collections.abc import Collection

from aggregator.catalogue import Catalogue, print_minute
from aggregator.domain.editing import Stage
from aggregator.domain.issues import Edit, PickField, PickState, Series
from aggregator.text.word_diff import diff_words
from aggregator.web.desk.views import section_title

LONGEST = 2000
"""Characters of a value that are shown, and compared."""

Pieces = list[tuple[str, str]]
"""A difference as the macro ``diff`` takes it: texts, each "same", "del" or "ins"."""

FIELDS = frozenset(
    {
        "state", "section", "position", "seen", "members", "stage", "text", "resolved", "review",
        "withdrawn", "snapshot", "status", "later", "rules", "lint", "verdicts",
    }
)  # fmt: skip
"""Fields that have a name of their own in the catalogue, beside the texts of a pick."""

_BLANKS = re.compile(r"\s+|\S+")
_TEXTS = frozenset(one.value for one in PickField) | {"text", "members", "rules"}


def field_name(field: str, catalogue: Catalogue, language: str) -> str:
    """What was changed: "Headline (Korean)"; what has no name, as the log has it."""
    name, _, tongue = field.partition(".")
    if name in {one.value for one in PickField}:
        text = catalogue.text(f"desk.log.field.{name}", language)
        return f"{text} ({_tongue(tongue, catalogue, language)})" if tongue else text
    return catalogue.text(f"desk.log.field.{field}", language) if field in FIELDS else field


def _tongue(tongue: str, catalogue: Catalogue, language: str) -> str:
    key = f"language.{tongue}"
    return catalogue.text(key, language) if key in catalogue.texts else tongue


def difference(edit: Edit, series: Series, catalogue: Catalogue, language: str) -> Pieces:
    """From what to what: of texts word by word, else the old and the new one."""
    old, new = edit.old[:LONGEST], edit.new[:LONGEST]
    if edit.field.partition(".")[0] in _TEXTS:
        return word_pieces(old, new)
    shown = [value_in_words(edit.field, one, series, catalogue, language) for one in (old, new)]
    kinds = [(shown[0], "del"), (" → " if all(shown) else "", "same"), (shown[1], "ins")]
    return [(text, kind) for text, kind in kinds if text]


def is_cut(edit: Edit) -> bool:
    """Whether a value is longer than what is shown."""
    return max(len(edit.old), len(edit.new)) > LONGEST


def word_pieces(old: str, new: str) -> Pieces:
    """How one text is made of another, word by word."""
    before, after = _BLANKS.findall(old), _BLANKS.findall(new)
    pieces: Pieces = []
    for span in diff_words(before, after):
        was, now = "".join(before[span.i1 : span.i2]), "".join(after[span.j1 : span.j2])
        if span.same:
            pieces.append((now, "same"))
            continue
        pieces += [(text, kind) for text, kind in ((was, "del"), (now, "ins")) if text]
    return pieces


def value_in_words(
    field: str, value: str, series: Series, catalogue: Catalogue, language: str
) -> str:
    """What a field held, in the words of a language where it has any."""
    if field == "section" and value:
        return section_title(series, value, language)
    if value == "None":
        return ""
    if field == "later" and value:
        return catalogue.text("desk.inbox.state.aside", language)
    names: dict[str, Collection[str]] = {
        "state": [*PickState],
        "stage": [*Stage],
        "status": [*Stage],
    }
    if value in names.get(field, ()):
        kind = "state" if field == "state" else "stage"
        return catalogue.text(f"desk.log.{kind}.{value.replace('-', '_')}", language)
    return value


def minute(edit: Edit) -> str:
    """When it was, Korean time."""
    return print_minute(edit.at)
