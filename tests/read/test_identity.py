from __future__ import annotations

from datetime import datetime

import pytest

from aggregator.domain.feeds import Identity
from aggregator.domain.items import SEOUL, Entry, When
from aggregator.read.identity import Identified, disambiguate, entry_key
from aggregator.read.links import canonical_url

WHEN = When(at=datetime(2024, 2, 27, 9, tzinfo=SEOUL))


def candidate(guid: str = "", link: str = "", title: str = "스마트도시 공모") -> Identified:
    return Identified(
        entry=Entry(guid=guid, link=link, title=title), canonical=canonical_url(link), when=WHEN
    )


@pytest.mark.parametrize(
    ("key", "guid", "link", "policy"),
    [
        ("guid:urn:7", "urn:7", "https://a.example/1", Identity.AUTO),
        ("link:https://a.example/1", "", "http://www.a.example/1?utm_source=x", Identity.AUTO),
        ("link:https://a.example/1", "https://a.example/1", "", Identity.GUID),
        ("link:https://a.example/1", "https://a.example/", "https://a.example/1", Identity.AUTO),
        ("link:https://a.example/1", "0", "https://a.example/1", Identity.AUTO),
        ("guid:0", "0", "https://a.example/1", Identity.GUID),
        ("link:https://a.example/1", "urn:7", "https://a.example/1", Identity.LINK),
        ("guid:urn:7", "urn:7", "", Identity.LINK),
        ("title:스마트도시공모@2024-02-27", "urn:7", "https://a.example/1", Identity.TITLE_DATE),
        ("title:스마트도시공모@2024-02-27", "", "", Identity.AUTO),
    ],
)
def test_entry_key(key: str, guid: str, link: str, policy: Identity) -> None:
    """Each policy takes its part of the entry, and the next best where that is missing."""
    each = candidate(guid, link)
    assert key == entry_key(each.entry, each.canonical, each.when, policy)


def test_key_survives_a_move_to_https() -> None:
    """Neither the scheme nor a tracker of a guid that is an address makes a new key."""
    old = candidate("http://www.korea.kr/v.do?newsId=1&call_from=rsslink")
    new = candidate("https://m.korea.kr/v.do?call_from=x&newsId=1")
    keys = {entry_key(each.entry, "", WHEN, Identity.AUTO) for each in (old, new)}
    assert {"link:https://korea.kr/newsId/1"} == keys


def test_long_keys_are_cut_and_stay_apart() -> None:
    """A key has at most 200 characters, and its end tells long ones apart."""
    keys = [entry_key(Entry(guid="x" * 500 + end), "", None, Identity.AUTO) for end in "ab"]
    assert [200, 200] == [len(key) for key in keys]
    assert 2 == len(set(keys))


def test_shared_guid_falls_to_the_link() -> None:
    """Two entries with one guid but two links are two."""
    found = disambiguate(
        [candidate("urn:1", "https://a.example/1"), candidate("urn:1", "https://a.example/2")],
        Identity.GUID,
    )
    assert ["link:https://a.example/1", "link:https://a.example/2"] == found


def test_shared_link_falls_to_the_headline() -> None:
    """Entries that all lead to the list of their board are told by headline and day."""
    found = disambiguate(
        [candidate(link="https://a.example/l", title=title) for title in ("가", "나")],
        Identity.AUTO,
    )
    assert ["title:가@2024-02-27", "title:나@2024-02-27"] == found


def test_the_same_entry_twice_keeps_its_key() -> None:
    """What differs in nothing is one entry."""
    found = disambiguate([candidate("urn:1", "https://a.example/1")] * 2, Identity.AUTO)
    assert ["guid:urn:1", "guid:urn:1"] == found
