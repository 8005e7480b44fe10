"""What keeps two stories apart."""

from __future__ import annotations

from dataclasses import replace

from aggregator.domain.stories import Verdict
from aggregator.services.curation.apart import Apart, keep_apart
from aggregator.services.desk import Desk
from tests.fixtures.desk import ISSUE_DAY, bring, make_curator, release

TITLES = ("서울 스마트시티 드론 실증 사업 공모 시작", "울산 스마트시티 드론 실증 사업 공모 시작")


def apart(desk: Desk, one: str, other: str) -> Apart | None:
    """What keeps two stories, by a part of their titles, apart."""
    (mine,), (theirs,) = desk.store.find_stories(one), desk.store.find_stories(other)
    neighbours = make_curator(desk).neighbours()
    return keep_apart(desk.store, neighbours, mine, [theirs]).get(theirs.public_id)


def test_a_veto_is_told(desk: Desk) -> None:
    """With its figures and the two items."""
    bring(
        desk,
        *(release(feed, feed, title=t) for feed, t in zip(("seoul", "ulsan"), TITLES, strict=True)),
    )

    told = apart(desk, *TITLES)

    assert told is not None
    assert ("veto:region", True, *TITLES) == (
        told.rule,
        told.is_veto,
        told.mine.item.title,
        told.theirs.item.title,
    )


def test_an_editors_word_comes_first(desk: Desk) -> None:
    """Whatever the rules say."""
    bring(
        desk,
        *(release(feed, feed, title=t) for feed, t in zip(("seoul", "ulsan"), TITLES, strict=True)),
    )
    a, b = sorted(one.primary.id for t in TITLES for one in desk.store.find_stories(t))
    desk.store.save_verdicts([Verdict(item_a=a, item_b=b, same=False, by="mina", at=ISSUE_DAY)])

    told = apart(desk, *TITLES)

    assert told is not None
    assert told.verdict is not None
    assert ("verdict", "mina", ISSUE_DAY) == (told.rule, told.verdict.by, told.verdict.at)


def test_what_would_be_folded_by_now_has_no_reason(desk: Desk) -> None:
    """The editor who kept the two apart changed his mind: the story is due."""
    title = "스마트시티 드론 실증 사업"
    bring(desk, release("seoul", "1", title=title), release("molit", "2", title=title))
    (story,) = desk.store.find_stories(title)
    a, b = sorted(member.id for member in story.members)
    said = Verdict(item_a=a, item_b=b, same=False, by="mina", at=ISSUE_DAY)
    desk.store.save_verdicts([said])
    desk.store.make_due([a, b])
    make_curator(desk).curate()
    links = ("https://seoul.example/1", "https://molit.example/2")
    assert apart(desk, *links) is not None

    desk.store.save_verdicts([replace(said, same=True)])

    assert apart(desk, *links) is None
