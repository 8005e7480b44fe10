"""What the program says of its decisions in English, where it is stored or explained, in the page's
language."""

from __future__ import annotations

import re

from aggregator.services.desk import Desk
from aggregator.web.desk.views import body_name, section_title

_Table = tuple[tuple[re.Pattern[str], str], ...]


def _table(*rows: tuple[str, str]) -> _Table:
    return tuple((re.compile(pattern), f"desk.said.{name}") for name, pattern in rows)


_OF_SECTIONS = _table(
    ("level", r"level (?P<level>\S+) is outside its scope"),
    ("body", r"body (?P<body>\S+) is outside its scope"),
    ("region", r"region (?P<region>\S+) is outside its scope"),
    ("no_region", r"a body without a region is outside its scope"),
    ("carries", r"the feed carries (?P<carries>\S+), which is outside its scope"),
    ("not_body", r"body (?P<body>\S+) is excluded from it"),
    ("not_region", r"region (?P<region>\S+) is excluded from it"),
    ("asks", r"asks for (?P<conditions>.+)"),
    ("refused_word", r"refused by the word (?P<word>.+) in the title"),
    ("refused", r"refused by (?P<rule>.+?): (?P<words>.+)"),
    ("topic_points", r"(?P<score>\S+) topic points, (?P<needed>\S+) needed"),
)
"""Why a section does not take a story."""

_OF_PLACES = _table(
    ("points", r"(?P<score>-?[\d.e+]+) points"),
    ("leads", r"leads: (?P<office>.+) with the topic in the title"),
    ("no_lead", r"does not lead (?P<section>\S+)"),
    ("no_days", r"its feed does not say the event's days"),
    ("late", r"arrived after the draft was made"),
    ("has_place", r"(?P<office>.+) has a place in (?P<section>\S+) already"),
    ("full", r"(?P<section>\S+) is full \((?P<count>\d+) places?\)"),
    ("short", r"(?P<whence>.+): (?P<section>\S+) is short of (?P<fill>\d+) items"),
    ("another", r"(?:second|third|\d+th) of (?P<office>.+)"),
    ("printed_as", r"printed in No\. (?P<number>\d+) as (?P<headline>.+)"),
    ("printed", r"printed in No\. (?P<number>\d+)"),
    ("carried", r"carried over from No\. (?P<number>\d+), where (?P<then>.+)"),
    ("was_full", r"(?P<section>\S+) was full \((?P<count>\d+) places?\)"),
    ("had_place", r"(?P<office>.+) had a place in (?P<section>\S+)"),
    ("was_free", r"(?P<section>\S+) had a place left"),
    ("free", r"a place is free"),
    ("to_propose", r"will be proposed"),
)
"""Why a story has a place in an issue, or waits for one."""

_OF_ACTIONS = _table(
    ("undone", r"undo of (?P<kind>[a-z-]+) \(action \d+\)"),
    ("redone", r"redo of (?P<kind>[a-z-]+) \(action \d+\)"),
    ("at_place", r"place (?P<count>\d+)"),
    ("source_again", r"the source's text again"),
    ("source_kept_out", r"the source changed: what was written stays"),
    ("source_taken", r"the source changed: its text is taken"),
    ("source_merged", r"the source changed: both are put together"),
    ("source_seen", r"the source changed: it was seen"),
)
"""Why a line of the log is there, of an editor's action."""

_PARTS = re.compile(", (?!where )")
"""Between the parts of whence a story comes: what it was carried over from is one of them."""

_BY_PATTERN = " (by a pattern)"
"""Behind what a pattern found, which stands in quotes."""
_WORD = re.compile(r"(?:a word|one) of (?P<group>\S+)(?: in the (?P<field>\w+))?")


def obstacle_in_words(desk: Desk, sentence: str, language: str) -> str:
    """What a rule says against a story, in the page's language."""
    return _told(desk, sentence, language, _OF_SECTIONS)


def place_in_words(desk: Desk, sentence: str, language: str) -> str:
    """Why a story has its place, in the page's language, parts that a semicolon keeps apart each; what
    somebody typed stays as it is."""
    return "; ".join(_told(desk, part, language, _OF_PLACES) for part in sentence.split("; "))


def cause_in_words(desk: Desk, cause: str, language: str, *, by_rules: bool = False) -> str:
    """A reason of the log: what the program itself said of an action in the page's language, and what
    the rules said where it is theirs (``by_rules``); what a person typed stays as it is."""
    key = f"desk.item.cause.{cause.replace(' ', '_').replace('-', '_')}"
    if key in desk.catalogue.texts:
        return desk.catalogue.text(key, language)
    if by_rules:
        return place_in_words(desk, cause, language)
    return _told(desk, cause, language, _OF_ACTIONS)


def _told(desk: Desk, part: str, language: str, table: _Table) -> str:
    for pattern, key in table:
        if found := pattern.fullmatch(part):
            given = found.groupdict().items()
            values = {name: _called(desk, name, value, language) for name, value in given}
            return desk.catalogue.text(key, language, **values)
    return part


def _conditions(desk: Desk, conditions: str, language: str) -> str:
    """``a word of call or one of event in the title``, as rules say what they ask for."""
    told = [
        f" {desk.catalogue.text('desk.said.and', language)} ".join(
            _word_of(desk, one, language) for one in condition.split(" and ")
        )
        for condition in conditions.split(" or ")
    ]
    return f" {desk.catalogue.text('desk.said.or', language)} ".join(told)


def _word_of(desk: Desk, word: str, language: str) -> str:
    found = _WORD.fullmatch(word)
    if found is None:
        return word
    key = "desk.said.word_in" if found["field"] else "desk.said.word"
    field = f"desk.said.field.{found['field']}"
    known = field in desk.catalogue.texts
    return desk.catalogue.text(
        key,
        language,
        group=found["group"],
        field=desk.catalogue.text(field, language) if known else found["field"],
    )


def _called(desk: Desk, name: str, value: str, language: str) -> str:
    if name == "section":
        return section_title(desk.series, value, language)
    if name in {"body", "region"}:
        return body_name(value, desk.bodies, language).name
    if name in {"whence", "then"}:
        return ", ".join(_told(desk, one, language, _OF_PLACES) for one in _PARTS.split(value))
    if name == "words":
        return value.replace(_BY_PATTERN, "")
    if name in {"conditions", "rule"}:
        return _conditions(desk, value, language)
    key = f"desk.undo.kind.{value.replace('-', '_')}" if name == "kind" else f"{name}.{value}"
    return desk.catalogue.text(key, language) if key in desk.catalogue.texts else value
