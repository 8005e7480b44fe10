"""A frozen issue thaws to what was printed, through any JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import SchemaMismatch, StoreError
from aggregator.domain.issues import (
    Edition,
    Issue,
    IssueStatus,
    Phrase,
    PrintedItem,
    PrintedSection,
    Shape,
    Window,
)
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.snapshot import freeze, thaw

AT = datetime(2024, 3, 4, 1, tzinfo=UTC)
DRAFT = Issue(
    id=1,
    series="smart-city",
    window=Window(start=date(2024, 2, 1), end=date(2024, 2, 29)),
    issue_on=date(2024, 3, 4),
    status=IssueStatus.DRAFT,
    opened_at=AT,
)

texts = st.text(max_size=40)
phrases = st.builds(Phrase, text=texts, language=st.sampled_from(["ko", "en"]))
items = st.builds(
    PrintedItem,
    story=texts,
    shape=st.sampled_from(Shape),
    headline=phrases,
    byline=texts,
    blurb=st.none() | phrases,
    note=texts,
    url=texts,
    thumbnail=texts,
    alt=st.none() | phrases,
    authors=st.none() | phrases,
    lines=st.lists(st.lists(phrases, max_size=3).map(tuple), max_size=3).map(tuple),
    region=texts,
    region_name=texts,
    region_order=st.integers(0, 10_000),
)
sections = st.builds(
    PrintedSection, id=texts, label=texts, items=st.lists(items, max_size=3).map(tuple)
)
editions = st.builds(
    Edition,
    series=texts,
    language=texts,
    number=st.integers(1, 9999),
    issue_on=st.dates(),
    title=texts,
    tagline=texts,
    heading=texts,
    sections=st.lists(sections, max_size=3).map(tuple),
)


def published(snapshot: dict[str, object]) -> Issue:
    return replace(
        DRAFT, status=IssueStatus.PUBLISHED, number=48, published_at=AT, snapshot=snapshot
    )


@settings(max_examples=80)
@given(st.lists(editions, max_size=2).map(tuple))
def test_what_was_frozen_thaws(found: tuple[Edition, ...]) -> None:
    """The same editions, whatever characters are in them."""
    stored = json.loads(json.dumps(freeze(found)))

    assert PrintedIssue(number=48, published_at=AT, editions=found) == thaw(published(stored))


@settings(max_examples=20)
@given(editions)
def test_freezing_is_deterministic(edition: Edition) -> None:
    """Equal editions give equal bytes."""
    assert json.dumps(freeze([edition])) == json.dumps(freeze([replace(edition)]))


ITEM = PrintedItem(
    story="s1", shape=Shape.ARTICLE, headline=Phrase(text="제목", language="ko"), byline="2024.2.1"
)
EDITION = Edition(
    series="smart-city",
    language="ko",
    number=48,
    issue_on=date(2024, 3, 4),
    title="소식",
    tagline="확인하세요!",
    heading="No. 48 (2024.3.4)",
    sections=(PrintedSection(id="issue", label="이슈", items=(ITEM,)),),
)


def plain() -> Any:  # noqa: ANN401 - JSON
    """A print as JSON that may be spoilt."""
    return json.loads(json.dumps(freeze([EDITION])))


def test_what_is_not_known_is_passed_over() -> None:
    """A field that a later program of the same version added disturbs nobody."""
    snapshot = plain()
    edition = snapshot["editions"][0]
    for place in (snapshot, edition, edition["sections"][0], edition["sections"][0]["items"][0]):
        place["colour"] = "red"
    edition["sections"][0]["items"][0]["headline"]["colour"] = "red"

    assert PrintedIssue(number=48, published_at=AT, editions=(EDITION,)) == thaw(
        published(snapshot)
    )


def test_what_is_not_there_stays_empty() -> None:
    """A field that was not printed then is printed as nothing."""
    snapshot = plain()
    item = snapshot["editions"][0]["sections"][0]["items"][0]
    for name in ("byline", "blurb", "note", "url", "thumbnail", "alt", "authors", "lines"):
        del item[name]
    del snapshot["editions"][0]["tagline"]

    thawed = thaw(published(snapshot))

    assert thawed is not None
    section = replace(EDITION.sections[0], items=(replace(ITEM, byline=""),))
    assert (replace(EDITION, tagline="", sections=(section,)),) == thawed.editions


@pytest.mark.parametrize("version", [2, "1", None])
def test_another_version_is_refused(version: object) -> None:
    """In one line that says which versions, and what to do."""
    with pytest.raises(
        SchemaMismatch, match=r"No\. 48 of smart-city has version .* version 1: use"
    ):
        thaw(published(plain() | {"version": version}))


@pytest.mark.parametrize(
    "editions", [None, 7, [7], [{}], [{"issue_on": "today"}], [{"sections": [{}]}]]
)
def test_what_is_no_print_is_refused(editions: object) -> None:
    """In one line, without a traceback."""
    with pytest.raises(StoreError, match=r"the print of No\. 48 .* cannot be read") as told:
        thaw(published({"version": 1, "editions": editions}))

    assert 1 == len(str(told.value).splitlines())


def test_a_draft_has_no_print() -> None:
    """There is nothing to thaw before publication."""
    assert thaw(DRAFT) is None
