"""What counts as a change for a reader, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.domain.items import SEOUL, Attachment, Enclosure, EventFacts, Item, When
from aggregator.read.items.fingerprint import fingerprint
from aggregator.text.clean import plain_text
from tests.fixtures.records import make_item, on_day

FILE = "https://city.example/cmm/fms/FileDown.do?bbsId=27&nttId=1&atchFileId={}"
AT = datetime(2024, 2, 27, 9, tzinfo=SEOUL)
EVENT = EventFacts(name="설명회", starts_on=date(2024, 3, 4), ends_on=date(2024, 3, 4), venues=())
ITEM = make_item(
    "1",
    published=When(at=AT),
    embargo_until=AT + timedelta(hours=3),
    event=EVENT,
    attachments=(Attachment(url=FILE.format(3), name="붙임.hwp", kind="hwp"),),
    enclosures=(Enclosure(url="https://city.example/a.mp3"),),
)


def hash_of(item: Item) -> str:
    """The fingerprint, with the text that a reading takes of the content."""
    return fingerprint(item, plain_text(item.content))


@pytest.mark.parametrize(
    "other",
    [
        replace(ITEM, title="스마트도시 2"),
        replace(ITEM, summary="첫 문장"),
        replace(ITEM, content="<p>둘째 문단</p>"),
        replace(ITEM, canonical_url="https://molit.example/2"),
        replace(ITEM, published=When(at=AT + timedelta(minutes=1))),
        replace(ITEM, published=on_day(date(2024, 2, 27))),
        replace(ITEM, embargo_until=None),
        replace(ITEM, event=replace(EVENT, starts_on=date(2024, 3, 3))),
        replace(ITEM, attachments=()),
        replace(ITEM, attachments=(replace(ITEM.attachments[0], url=FILE.format(4)),)),
        replace(ITEM, enclosures=(Enclosure(url="https://city.example/b.mp3"),)),
        replace(ITEM, licence="KOGL-1"),
    ],
)
def test_what_readers_see_counts(other: Item) -> None:
    """Another headline, text, page, date, event, file or licence."""
    assert hash_of(ITEM) != hash_of(other)


@pytest.mark.parametrize(
    "other",
    [
        replace(ITEM, guid="urn:1", key="guid:urn:1", link="http://molit.example/1"),
        replace(ITEM, content="<div>첫&nbsp;<b>문단</b></div>"),
        replace(ITEM, published=When(at=AT.astimezone(UTC))),
        replace(ITEM, embargo_until=(AT + timedelta(hours=3)).astimezone(UTC)),
        replace(
            ITEM,
            attachments=(
                replace(
                    ITEM.attachments[0],
                    url=FILE.format(3)
                    .replace("https:", "http:")
                    .replace(".do", ".do;jsessionid=1"),
                ),
            ),
        ),
    ],
)
def test_other_spellings_do_not(other: Item) -> None:
    """Ids, markup, the zone an instant is told in, sessions."""
    assert hash_of(ITEM) == hash_of(other)
