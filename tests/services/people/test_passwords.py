"""What a password must be."""

from __future__ import annotations

import unicodedata

import pytest

from aggregator.domain.errors import AccountRefused, PasswordRefused
from aggregator.services.people.names import check_display_name, check_name
from aggregator.services.people.passwords import check_password


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "보도자료를 매달 읽는다",
        "correct donkey battery",
        "newsletter desk of march",
        " spaces count too ",
        "🦉🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔",
        "x9" + "가나다라마바사아자차카타파하" * 18,
    ],
)
def test_any_long_password_is_taken(password: str) -> None:
    """There is no rule about which characters."""
    assert check_password(password, "kim")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("eleven char", "short"),
        ("한" * 11, "short"),
        ("long" * 65, "long"),
        ("aaaaaaaaaaaa", "common"),
        ("123456789012", "common"),
        ("qwertyuiop[]", "common"),
        ("abcabcabcabc", "common"),
        ("Password2024!", "common"),
        ("administrator", "common"),
        ("minsu.kim123456", "common"),
        ("minsukim-minsukim", "common"),
        ("............", "common"),
    ],
)
def test_others_are_refused(password: str, reason: str) -> None:
    """With the reason, and without the password in it."""
    with pytest.raises(PasswordRefused) as caught:
        check_password(password, "minsu.kim")

    assert reason == caught.value.reason
    assert not password or password not in str(caught.value)


def test_the_same_characters_are_the_same_password() -> None:
    """Composed on one system, in parts on another."""
    composed = "비밀 번호는 길다 아주"

    assert check_password(composed, "kim") == check_password(
        unicodedata.normalize("NFD", composed), "kim"
    )


@pytest.mark.parametrize("name", ["kim", " Kim.Minsu ", "kim@desk.example", "0"])
def test_a_name_is_kept_in_lower_case(name: str) -> None:
    """Without blanks around it."""
    assert name.strip().lower() == check_name(name)


@pytest.mark.parametrize("name", ["", "김", "kim minsu", "-kim", "k" * 65, "a/b", "a:b"])
def test_other_names_are_refused(name: str) -> None:
    """They stand in addresses, headers and lines of the log."""
    with pytest.raises(AccountRefused) as caught:
        check_name(name)
    assert "name" == caught.value.reason


def test_the_name_to_show_is_any_text() -> None:
    """Blanks as one; the account's own name where there is none."""
    assert ("김 민수", "kim") == (
        check_display_name(" 김  민수 ", "kim"),
        check_display_name("", "kim"),
    )


@pytest.mark.parametrize("text", ["a" * 81, "kim\u202ekim", "kim\u0007"])
def test_what_cannot_be_seen_is_no_name_to_show(text: str) -> None:
    """Signs that turn the text around would let one account look like another."""
    with pytest.raises(AccountRefused) as caught:
        check_display_name(text, "kim")
    assert "display_name" == caught.value.reason
