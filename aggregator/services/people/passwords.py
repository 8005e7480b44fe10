"""What a password must be: NIST SP 800-63B, section 3.1.1.2, and no more than it asks for."""

from __future__ import annotations

import unicodedata

from aggregator.domain.errors import PasswordRefused

SHORTEST = 12
"""Characters. There is no rule about which ones."""

LONGEST = 256
_RUN = 4
"""Different characters that a password has at least: "aaaaaaaaaaaa" is the first that is tried."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ",
    "가나다라마바사아자차카타파하",
)
_COMMON = frozenset(
    {
        "administrator", "changemeplease", "correcthorsebatterystaple", "iloveyouforever",
        "letmeinletmein", "newsletterdesk", "passwordpassword", "qwerqwerqwer", "asdfasdfasdf",
        "welcomewelcome", "pressnewsletter", "smartcitykorea", "비밀번호비밀번호",
    }
)  # fmt: skip
"""Long ones that everybody thinks of, without their digits."""

_STEMS = ("password", "qwerty", "admin", "welcome", "letmein", "aggregator", "비밀번호")


def normalised(password: str) -> str:
    """The password as it is hashed: the same characters typed on another keyboard are the same
    password (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str) -> str:
    """The password of the account ``name`` as it is hashed. Raises PasswordRefused."""
    made = normalised(password)
    if len(made) < SHORTEST:
        raise PasswordRefused(f"the password has fewer than {SHORTEST} characters", reason="short")
    if len(made) > LONGEST:
        raise PasswordRefused(f"the password has more than {LONGEST} characters", reason="long")
    if is_guessable(made, name):
        raise PasswordRefused("the password is one of those that are tried first", reason="common")
    return made


def is_guessable(password: str, name: str) -> bool:
    """Whether a password is among the first that anybody would try: a row of the keyboard, few
    characters over and over, a common word or the account's own name with digits."""
    whole = password.casefold()
    plain = "".join(char for char in whole if char.isalnum())
    if len(set(whole)) <= _RUN or _is_repeated(whole):
        return True
    if len(plain) < SHORTEST - _RUN:
        return False
    if _is_repeated(plain) or any(plain in row * 3 or plain in row[::-1] * 3 for row in _ROWS):
        return True
    bare = plain.strip("0123456789")
    own = "".join(char for char in name.casefold() if char.isalnum())
    return bare in _COMMON or bare in {*_STEMS, own, own * 2, own * 3}


def _is_repeated(text: str) -> bool:
    """Whether a text is a shorter one at least three times over."""
    return any(
        text == text[:size] * (len(text) // size)
        for size in range(1, len(text) // 3 + 1)
        if len(text) % size == 0
    )
