"""The bytes of the mails, held against the standards; and the lint that does so against bad mails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aggregator.domain.issues import Phrase
from aggregator.notify.mail import seven_bit
from aggregator.publish.mail.maker import MOST_BYTES, MadeMail
from tests.fixtures.mime_lint import faults
from tests.publish.test_mail import LIST, headlines, item, made


def forty(characters: int) -> MadeMail:
    """A mail of forty items with blurbs of so many characters."""
    text = ("도시의 여러 기관이 함께 쓰는 자료를 한곳에 모은다. " * 40)[:characters]
    return made(*(item(story=f"s{n}", blurb=Phrase(text=text, language="ko")) for n in range(40)))


@pytest.mark.parametrize(
    "mail",
    [made, lambda: forty(150), lambda: forty(900), lambda: made(item(story="s"))],
    ids=["No. 48", "forty items", "forty long items", "one item"],
)
def test_a_mail_is_sound(mail: Callable[[], MadeMail]) -> None:
    """Lines, headers, encoded words, parts, the way out of the list; in seven bits as well."""
    body = mail().letter.body

    assert [] == faults(body)
    assert [] == faults(seven_bit(body))
    assert LIST.unsubscribe_url.encode() in body


@pytest.mark.parametrize(("characters", "cut"), [(150, False), (900, True)])
def test_forty_items_stay_below_the_limit(characters: int, cut: bool) -> None:  # noqa: FBT001
    """All headlines stay; blurbs are shortened where they must be, with a way to the page."""
    mail = forty(characters)

    assert len(mail.letter.body) < MOST_BYTES
    assert cut is mail.is_cut
    assert 40 == len(headlines(mail))
    assert cut is ("웹에서 이어 읽기" in mail.html)


def test_the_line_beside_the_subject_stands_first() -> None:
    """Programs show the first text of a mail: the preheader, which nobody else sees."""
    html = made().html
    body = html[html.index("<body") :]
    first = body[body.index("<div") :]
    assert first.startswith('<div class="preheader"')
    assert "display: none" in first[: first.index(">")]


BODY = made(item(story="s")).letter.body


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"\r\nSubject:", b"\nSubject:", "a line ends in CR or LF alone"),
        (b"\r\nSubject:", b"\r\nX-Long: " + b"x" * 999 + b"\r\nSubject:", "a line has 1007 bytes"),
        (
            b"\r\nSubject:",
            "\r\nX-Name: 이름\r\nSubject:".encode(),
            "a header holds bytes beyond ASCII",
        ),
        (b"\r\nSubject:", b"\r\nSubject: a\r\nSubject:", "subject stands 2 times"),
        (b"\r\nMessage-ID:", b"\r\nX-Id:", "message-id is missing"),
        (b"Message-ID: <", b"Message-ID: ", "Message-ID is none"),
        (b"+0900", b"KST", "Date is none"),
        (b"=?utf-8?b?", b"=?utf-8?b?!", "does not decode"),
        (b"=?utf-8?b?", b"=?utf-9?b?", "does not decode"),
        (b"List-Unsubscribe: <https://", b"List-Unsubscribe: <http://", "List-Unsubscribe holds"),
        (b"One-Click", b"Two-Clicks", "one click leads nowhere"),
        (b"multipart/alternative", b"multipart/mixed", "its parts are multipart/mixed"),
        (b"Content-Transfer-Encoding: 8bit", b"Content-Transfer-Encoding: 7bit", "beyond ASCII"),
        (b'boundary="', b'boundary="x', "StartBoundaryNotFoundDefect"),
    ],
)
def test_a_bad_mail_is_told(old: bytes, new: bytes, fault: str) -> None:
    """Each fault by its name."""
    assert old in BODY
    found = faults(BODY.replace(old, new, 1))
    assert any(fault in one for one in found), found
