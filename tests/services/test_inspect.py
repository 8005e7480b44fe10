"""A document shown as a refresh would read it."""

from __future__ import annotations

import pytest

from aggregator.domain.errors import NotAFeed
from aggregator.services.inspect import inspect_document
from tests.fixtures.records import make_feed

DOCUMENT = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<title>보도자료</title><link>https://molit.example/</link>
<item><title>하나</title><link>/view?id=1</link></item>
<item><title>둘</title><link>/view?id=2</link></item>
"""


def test_the_items_that_would_be_stored_are_shown() -> None:
    """Links are resolved against where the document came from; the feed's settings hold."""
    feed = make_feed("molit", encoding="cp949")
    found = inspect_document(
        DOCUMENT.encode("cp949"), feed=feed, base_url="https://molit.example/rss/all.xml"
    )
    assert "보도자료" == found.parsed.title
    assert [
        ("하나", "https://molit.example/view?id=1"),
        ("둘", "https://molit.example/view?id=2"),
    ] == [(item.title, item.link) for item in found.items]


def test_each_warning_is_named_once() -> None:
    """Oddities of the document and of its entries are one list without repetition."""
    found = inspect_document(DOCUMENT.encode(), feed=make_feed())
    assert {"cut-off", "undated-entries"} <= set(found.warnings)
    assert len(set(found.warnings)) == len(found.warnings)


def test_a_page_is_told_from_a_feed() -> None:
    """What is no feed raises the error that a refresh would record."""
    with pytest.raises(NotAFeed):
        inspect_document(b"<html><title>x</title></html>", feed=make_feed())
