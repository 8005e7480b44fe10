"""How an English translation ends, and which words are two."""

from __future__ import annotations

import pytest

from aggregator.domain.findings import Finding
from aggregator.issue.lint.glued import find_glued
from aggregator.issue.lint.loose_ends import find_loose_ends
from aggregator.issue.lint.pairs import Pair
from tests.fixtures.english48 import shipped_names

LONG = "The city opens a centre where residents try out its new services and say what they think"


def ends(text: str) -> list[tuple[str, str]]:
    """Severity and code of what is wrong with the end of a text."""
    pair = Pair(source="시는 센터를 연다.", translation=text)
    return [(str(one.severity), one.code) for one in find_loose_ends(pair)]


def glued(text: str, source: str = "") -> list[Finding]:
    return list(find_glued(Pair(source=source, translation=text), shipped_names()))


@pytest.mark.parametrize(
    "tail",
    [
        ".",
        ". It opens in May.",
        ". It works.",
        " (why? …) and so on.",
        " and what they may rely on.",
        " at 4 p.m. on Friday.",
        " (see Fig. 3).",
        " with Samsung Co. Ltd.",
        ' of "smart living."',
        " of the U.S. government.",
        " at city.example.kr.",
        ". eVTOL makers take part.",
        " of departments such as IT.",
        ".\n",
    ],
)
def test_sound_ends(tail: str) -> None:
    """Short forms, quotes, addresses, and short sentences are none of these."""
    assert [] == ends(LONG + tail)


@pytest.mark.parametrize(
    "tail",
    [
        ". the",
        ". The",
        ". the.",
        ".the",
        ".The.",
        ". city",
        ". of the city",
        ". of the city.",
        ". The city.",
        ". and residents of the",
        '." the',
    ],
)
def test_a_stray_end_is_red(tail: str) -> None:
    """Behind the last full stop, with a space or without, with a stop of its own or without."""
    assert [("red", "stray-end")] == ends(LONG + tail)


@pytest.mark.parametrize(
    ("tail", "severity"),
    [
        (" the.", "red"),
        (" of", "red"),
        (" of.", "amber"),
        (" and!", "red"),
        (" their.”", "red"),
        (" in", "red"),
        (" in.", "amber"),
        (" is.", "amber"),
        (",", "red"),
        (" –", "red"),
    ],
)
def test_an_open_end_is_told(tail: str, severity: str) -> None:
    """Before the full stop as well; with what some sentences end with it is amber."""
    assert [(severity, "cut-off")] == ends(LONG + tail)


@pytest.mark.parametrize(
    ("word", "halves"),
    [
        ("smartcity", "smart city"),
        ("ofthe", "of the"),
        ("projectis", "project is"),
        ("Seoulwill", "Seoul will"),
        ("Gangnamand", "Gangnam and"),
        ("Thefare", "The fare"),
        ("inGwangju", "in Gwangju"),
        ("FromJuly", "From July"),
        ("kmbetween", "km between"),
        ("safetycentre", "safety centre"),
        ("12buses", "12 buses"),
    ],
)
def test_two_words_are_told_apart(word: str, halves: str) -> None:
    """With what they should be."""
    (finding,) = glued(f"They say {word} today.")
    assert f"'{halves}', or name it under words in the glossary" == finding.remedy
    assert word == f"They say {word} today."[finding.at.start : finding.at.end]  # type: ignore[union-attr]


def test_an_acronym_of_the_source_is_told_apart() -> None:
    """LX is the body's own name there."""
    assert ["LX surveys"] == [f.remedy.split("'")[1] for f in glued("The LXsurveys it.", "LX가")]


@pytest.mark.parametrize(
    "word",
    ["Songdo", "Andong", "Haenam", "Solaseado", "SmartThings", "iPhone", "5G", "40kg", "robotaxis",
     "Byeonsan", "policymakers", "nationwide", "ChatGPT", "PDFs", "3D"],
)  # fmt: skip
def test_names_and_young_words_are_one(word: str) -> None:
    """Romanised names syllable by syllable, brands, units."""
    assert [] == [one for one in glued(f"They say {word} today.") if one.severity == "red"]
