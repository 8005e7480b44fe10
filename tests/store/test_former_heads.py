"""Stories that lost their members before it was kept where they went: what the upgrade finds of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from aggregator.domain.issues import Edit
from aggregator.services.desk import Desk
from aggregator.services.editing.find import find_one
from aggregator.services.editing.rulings import merge, split
from aggregator.store.engine import open_database
from aggregator.store.schema import migration_config, open_store
from tests.fixtures.desk import bring, make_curator, make_desk, release

NAMES = ("수출", "교통", "하천", "도서관", "주차")


@pytest.fixture
def desk(url: str, tmp_path: Path) -> Iterator[Desk]:
    """A desk on either database, with five stories."""
    folder = tmp_path / "aside"
    folder.mkdir()
    plain = make_desk(folder)
    plain.store.close()
    made = replace(plain, store=open_store(url))
    made.sync()
    bring(made, *(release("molit", name) for name in NAMES))
    yield made
    made.store.close()


def joined(desk: Desk, *names: str) -> None:
    """Make one story of these."""
    merge(desk, make_curator(desk), [f"{name} 스마트시티" for name in names])


def ids(desk: Desk) -> dict[str, str]:
    """The public id of each story, by its headline's first word."""
    return {one.primary.item.title.split()[0]: one.public_id for one in desk.store.stories()}


def upgraded(desk: Desk, url: str, before: str = "") -> dict[str, str]:
    """Forget where stories went, and bring the database up to date from where that was not known;
    what is found then."""
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(text("DELETE FROM former_heads"))
        if before:
            connection.execute(text(before))
        connection.execute(text("UPDATE alembic_version SET version_num = '0016'"))
        config = migration_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        every = [*connection.scalars(text("SELECT public_id FROM stories"))]
    database.close()
    return desk.store.heirs(every)


def test_what_was_merged_leads_on(desk: Desk, url: str) -> None:
    """Over any number of merges, to where it is now; living stories lead nowhere."""
    was = ids(desk)
    joined(desk, "교통", "수출")
    joined(desk, "하천", "교통")
    kept = desk.store.heirs([*was.values()])

    assert {was["수출"]: was["하천"], was["교통"]: was["하천"]} == kept
    assert kept == upgraded(desk, url)


def test_what_was_left_by_a_split_leads_on(desk: Desk, url: str) -> None:
    """The story, whose id the item that was split off gave it, is where its rest went."""
    was = ids(desk)
    joined(desk, "교통", "수출")
    story = find_one(desk, was["교통"])
    taken = next(one for one in story.members if one.item.title.startswith("교통"))
    split(desk, make_curator(desk), was["교통"], [taken.item.link])
    joined(desk, "하천", "수출")
    kept = desk.store.heirs([*was.values()])

    assert was["하천"] == kept[was["교통"]]
    assert kept == upgraded(desk, url)


def test_an_item_that_moved_is_found_by_the_pick_that_was_passed_on(desk: Desk, url: str) -> None:
    """Its key makes another id by now; without such a line nothing is known, and nothing is said."""
    was = ids(desk)
    joined(desk, "교통", "수출")
    joined(desk, "하천", "도서관")
    line = Edit(
        at=desk.clock.now(),
        actor="curation",
        target=f"pick:1:{was['교통']}",
        field="story",
        old=was["수출"],
        new=was["교통"],
        cause="its items are in this story now",
    )
    desk.store.decide_pairs([], now=line.at, edits=[line])
    moved = (
        "UPDATE items SET entry_key = entry_key || '-moved' WHERE entry_key IN ('수출', '도서관')"
    )

    assert {was["수출"]: was["교통"]} == upgraded(desk, url, moved)
