"""Names of offices found in running text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.office_names import OfficeNames, names_in

NAMES = OfficeNames({
    "국토부": " 국토교통부 ", "국토교통부": " 국토교통부 ", "국토": "<국토>", "lh": " 토지공사 ",
    "(주)에스알": " 에스알 ", "ministry of land": " 국토교통부 ",
})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("국토부는 밝혔다", " 국토교통부 는 밝혔다"),
        ("국토교통부, LH와", " 국토교통부 ,  토지공사 와"),
        ("신국토부 국토부장관", "신국토부 국토부장관"),
        ("(주)에스알이", " 에스알 이"),
        ("The Ministry of Land said", "The  국토교통부  said"),
        ("LHS", "LHS"),
    ],
)
def test_names_count_at_the_edges_of_words(text: str, expected: str) -> None:
    """The longest name first; a particle may follow."""
    assert expected == NAMES.resolve(text)


@settings(max_examples=80)
@given(st.text(alphabet="국토부교통LHlh는와 (주)에스알,", max_size=30))
def test_a_look_up_finds_what_an_alternation_finds(text: str) -> None:
    """The same as one regular expression over all names, the longest first."""
    names = "|".join(re.escape(name) for name in sorted(NAMES, key=lambda n: (-len(n), n)))
    edge = r"(?=$|[^가-힣a-z]|(?:은|는|이|가|을|를|의|와|과|에|에서|로|도)(?![가-힣]))"
    pattern = re.compile(rf"(?<![가-힣A-Za-z0-9])(?:{names}){edge}", re.IGNORECASE)
    expected = pattern.sub(lambda match: NAMES[match.group().casefold()], text)
    assert expected == NAMES.resolve(text)


def test_half_a_character_hides_no_name() -> None:
    """A text that was not stored yet may have one, alone and in a word that folds to two."""
    assert "\ud800  국토교통부 는 \udfff" == NAMES.resolve("\ud800 국토부는 \udfff")
    assert "ß\ud800  토지공사 와" == NAMES.resolve("ß\ud800 LH와")


def test_no_names_change_nothing() -> None:
    """And what is ready stays as it is."""
    assert "국토부" == names_in({}).resolve("국토부")
    assert names_in(NAMES) is NAMES
