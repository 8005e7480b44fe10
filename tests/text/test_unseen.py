"""Signs that nobody sees are taken out of texts, and signs without end are cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.public_url import public_url
from aggregator.text.unseen import typed_line, without_unseen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("스마트\u202e도시\u2066 2024\u2069", "스마트도시 2024"),
        ("스\u200b마\u2060트\ufeff\u00ad\u3164", "스마트"),
        ("스마트\U000e0061\U000e007f", "스마트"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067", "🏴"),
        ("🏴" + "".join(map(chr, range(0xE0061, 0xE0068))) + "\U000e007f", "🏴"),
        ("🏴\U000e0001\U000e0067\U000e0062\U000e0065\U000e007f", "🏴"),
        ("🏳\U000e0067\U000e0062\U000e0065\U000e007f", "🏳"),
        ("a\x7fb", "ab"),
        ("Z" + "\u0300" * 30, "Z" + "\u0300" * 4),
        ("👩\u200d" * 20 + "👩", "👩" * 21),
    ],
)
def test_what_nobody_sees_is_taken_out(text: str, shown: str) -> None:
    """What turns the line around, blanks without width, marks that pile up, chains that never break."""
    assert shown == without_unseen(text)


@pytest.mark.parametrize(
    "text",
    [
        "스마트 도시",
        "Việt Nam e\u0302\u0301",
        "👩\u200d👩\u200d👧\u200d👦",
        "می\u200cخواهم",
        "שלום",
        "☎\ufe0f",
        "ㄱㅏ",
    ],
)
def test_what_is_written_so_stays(text: str) -> None:
    """Accents, families, joiners of Persian, scripts that run the other way, variants of signs."""
    assert text == without_unseen(text)


ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
TEXAS = "🏴\U000e0075\U000e0073\U000e0074\U000e0078\U000e007f"
FLAG = "🏴[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,4}\U000e007f"
TAGS = st.text(st.characters(min_codepoint=0xE0000, max_codepoint=0xE007F), max_size=8)


@given(st.lists(st.sampled_from([ENGLAND, SCOTLAND, TEXAS, "🏴", "가", " ", "👩\u200d👧"]) | TAGS))
def test_tags_stay_in_the_flag_that_they_spell_and_nowhere_else(pieces: list[str]) -> None:
    """Whatever stands around them: the flags are all there, in their order, and every other tag goes."""
    shown = without_unseen("".join(pieces))
    flags = re.findall(FLAG, shown)
    rest = re.sub(FLAG, "", shown)

    assert [one for one in pieces if one in {ENGLAND, SCOTLAND, TEXAS}] == [
        one for one in flags if one in {ENGLAND, SCOTLAND, TEXAS}
    ]
    assert not re.search("[\U000e0000-\U000e007f]", rest)
    assert shown == without_unseen(shown)


def test_what_is_typed_is_kept_on_one_line() -> None:
    """Without what XML forbids, too."""
    assert "가 나다" == typed_line(" 가\n\t나\x00\u202e다 ")


def test_nobody_is_sent_to_an_address_that_reads_the_other_way() -> None:
    """Where it is printed it would turn around what stands beside it."""
    assert "" == public_url("https://news.example/\u202egnp.exe")
