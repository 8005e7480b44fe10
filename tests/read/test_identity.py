from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from aggregator.domain.feeds import Identity
from aggregator.domain.items import SEOUL, Entry, When
from aggregator.read.items.identity import (
    Identified,
    disambiguate,
    entry_key,
    entry_keys,
    item_keys,
    own_guid,
)
from aggregator.read.links.addresses import canonical_url
from tests.fixtures.records import make_item

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


@pytest.mark.parametrize(
    ("keys", "policy"),
    [
        (
            ["guid:urn:7", "link:https://a.example/1", "title:스마트도시공모@2024-02-27"],
            Identity.AUTO,
        ),
        (
            ["link:https://a.example/1", "guid:urn:7", "title:스마트도시공모@2024-02-27"],
            Identity.LINK,
        ),
        (["title:스마트도시공모@2024-02-27"], Identity.TITLE_DATE),
    ],
)
def test_all_keys_in_order_of_strength(keys: list[str], policy: Identity) -> None:
    """The policy says which part comes first, and each key stands there once."""
    each = candidate("urn:7", "https://a.example/1")
    assert keys == list(entry_keys(each.entry, each.canonical, each.when, policy))


def test_an_item_has_finer_keys() -> None:
    """After its own key come link, headline with day, and all of it; a clamped day is no day."""
    item = make_item("guid:7", title="공모 (1차)", published=WHEN)
    whole = item_keys(item)[-1]
    assert ("guid:7", "link:https://molit.example/guid:7", "title:공모1차@2024-02-27", whole) == (
        item_keys(item)
    )
    assert whole.startswith("whole:")
    clamped = replace(item, published=replace(WHEN, clamped=True))
    assert "title:공모1차@undated" == item_keys(clamped)[2]


def test_a_shared_link_is_no_finer_key() -> None:
    """An item known by its headline although it has a link shares that with others."""
    assert ["title", "whole"] == [
        key.partition(":")[0]
        for key in item_keys(make_item("title:x@2024-02-27", title="x", published=WHEN))
    ]


@pytest.mark.parametrize(
    ("own", "guid"),
    [
        ("", "https://a.example/"),
        ("", "0"),
        ("urn:7", " urn:7\n"),
        ("https://korea.kr/newsId/1", "http://www.korea.kr/v.do?newsId=1&call_from=rsslink"),
    ],
)
def test_a_guid_as_it_is_compared(own: str, guid: str) -> None:
    """Addresses are canonical, and what names a whole site is no guid."""
    assert own == own_guid(guid)


def test_one_guid_for_a_whole_list_falls_to_the_headline() -> None:
    """Entries without links that all have one guid are told by headline and day."""
    found = disambiguate([candidate("list", title=title) for title in "가나다"], Identity.AUTO)
    assert [f"title:{title}@2024-02-27" for title in "가나다"] == found


def test_a_correction_under_one_guid_keeps_its_key() -> None:
    """Two states of one entry in one document are one entry."""
    found = disambiguate(
        [candidate("urn:1", title=title) for title in ("가", "가 (수정)")], Identity.AUTO
    )
    assert ["guid:urn:1", "guid:urn:1"] == found
