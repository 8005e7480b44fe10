"""A store that is thrown away."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from aggregator.domain.errors import StoreUnavailable
from aggregator.domain.searching import Wanted
from aggregator.store.scratch import scratch_store
from tests.fixtures.records import NOW, make_feed, make_item, take_in, tell


def test_it_can_be_emptied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Then it is as new, however full it was, and in the end nothing is left of it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_store() as store:
        for _ in range(2):
            take_in(store, make_item("a"), make_item("b", "seoul"))
            assert 2 == len(store.uncurated_ids())
            store.empty()
            assert [] == store.uncurated_ids()
            assert {} == store.feed_states()
            assert [] == store.stories()
        store.sync_feeds([make_feed()], NOW)
        assert [*tmp_path.iterdir()]

    assert [] == [*tmp_path.iterdir()]


def test_what_was_searched_is_gone_with_the_rest() -> None:
    """The index is no table like the others."""
    wanted = Wanted(needs=[[("도시",)]], depth=0)
    with scratch_store() as store:
        for _ in range(2):
            tell(store, "one", take_in(store, make_item("a")))
            assert 1 == store.index_stories(10)
            assert 1 == len(store.candidates(wanted, below=None, most=10))
            store.empty()
            assert [] == store.candidates(wanted, below=None, most=10)


def test_no_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which folder is meant."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")

    with pytest.raises(StoreUnavailable, match=r"No such file or directory \(TMPDIR names"):
        scratch_store().__enter__()
