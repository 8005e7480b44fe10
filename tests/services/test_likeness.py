"""Which stored items can be one of a document's entries at all."""

from __future__ import annotations

import pytest

from aggregator.ports.refreshing import KnownItem
from aggregator.services.intake.likeness import Signs, facts_of_known
from tests.read.test_links import SPELLINGS


def known(link: str = "", *, guid: str = "", title: str = "") -> KnownItem:
    return KnownItem(
        id=1, key="guid:x", hash="", rev=1, guid=guid, link=link, canonical_url="", title=title,
        summary="", published=None,
    )  # fmt: skip


@pytest.mark.parametrize("urls", [[canonical, *urls] for canonical, urls in SPELLINGS])
def test_every_spelling_of_an_address_is_a_sign_of_it(urls: list[str]) -> None:
    """Else the entry would be another item."""
    signs = [Signs.of([facts_of_known(known(url))]) for url in urls]
    assert all(each.are_on(known(url)) for each in signs for url in urls)
    assert all(each.are_on(known(guid=url)) for each in signs for url in urls)


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        (known(title="인사 발령"), known(title="[인사발령]"), True),
        (known(guid="news 12"), known(guid=" news  12"), True),
        (known("http://a.example/v?no=12"), known("http://b.example/x/view?page=1&no=12"), True),
        (known("http://a.example/v?no=12", title="가"), known("http://a.example/v?no=13"), False),
        (known(), known(), False),
    ],
)
def test_items_are_alike_by_headline_guid_or_number(
    *, one: KnownItem, other: KnownItem, is_alike: bool
) -> None:
    """What has none of these in common with an entry cannot be it."""
    assert is_alike is Signs.of([facts_of_known(one)]).are_on(other)
