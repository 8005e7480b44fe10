"""The index of searches: in step with whatever is written, and the same in both databases."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from aggregator.curate.searching.search_query import parse_query
from aggregator.curate.searching.search_terms import text_pieces
from aggregator.domain.issues import Origin, Pick, PickField, PickState, PickText, Window
from aggregator.domain.items import EventFacts, Person, StoredItem
from aggregator.domain.searching import Candidate, Found, Waiting, Wanted
from aggregator.domain.stories import CurationPlan, Membership, Story, StoryDraft
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import RefreshPlan, Relinked
from aggregator.store.schema import open_store
from aggregator.store.search_tables import search_docs
from aggregator.store.search_texts import LONGEST
from aggregator.store.sql import SqlStore
from aggregator.text.clean import plain_text
from tests.fixtures.records import NOW, make_item, make_visit, on_day, take_in, tell

WINDOW = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))


def catch_up(store: SqlStore) -> None:
    while store.index_stories(2):
        pass


def asked(words: str, **more: object) -> Wanted:
    query = parse_query(words)
    plain = Wanted(needs=[[term.pieces for term in group] for group in query.groups], depth=1)
    return replace(plain, **more)  # type: ignore[arg-type]


def found(store: SqlStore, words: str, **more: object) -> list[int]:
    """The stories that may have the words, in the order of the index."""
    some = store.candidates(asked(words, **more), below=None, most=100)
    return [one.story_id for one in some]


def one_story(store: SqlStore, key: str = "a", **changes: object) -> Story:
    item = replace(make_item(key), **changes)  # type: ignore[arg-type]
    return tell(store, f"story-{key}", take_in(store, item))


def change(store: SqlStore, item: StoredItem, **changes: object) -> None:
    changed = replace(item.item, hash=f"{changes}", **changes)  # type: ignore[arg-type]
    plan = RefreshPlan(feed_id=item.feed_id, seen_at=NOW + timedelta(hours=1), changed=(changed,))
    store.apply_refresh(plan, FeedState(feed_id=item.feed_id), make_visit())


def pick(store: SqlStore, story: Story, *texts: PickText, **changes: object) -> Pick:
    issue = store.open_issue("s", WINDOW, date(2024, 3, 4), NOW)
    made = Pick(
        issue_id=issue.id,
        story_id=story.id,
        section="trend",
        state=PickState.ACCEPTED,
        origin=Origin.EDITOR,
        texts=texts,
        version=0,
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    store.save_pick(made, [])
    return made


def written(field: PickField, words: str, language: str = "ko") -> PickText:
    return PickText(language=language, field=field, text=words, origin=Origin.EDITOR)


def indexed(store: SqlStore) -> dict[int, set[str]]:
    """All that the index holds: the pieces of each place."""
    with store._db.writing() as connection:
        if connection.dialect.name == "postgresql":
            rows = connection.execute(
                text("SELECT place, unnest(tsvector_to_array(pieces)) FROM search_index")
            ).all()
        else:
            connection.execute(
                text(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms"
                    " USING fts5vocab(main, search_index, instance)"
                )
            )
            rows = connection.execute(text("SELECT doc, term FROM temp.search_terms")).all()
    pieces: dict[int, set[str]] = {}
    for place, piece in rows:
        pieces.setdefault(place, set()).add(piece)
    return pieces


def expected(store: SqlStore) -> dict[int, set[str]]:
    """What the index ought to hold, by story, of what is stored now."""
    issue = store.open_issue("s", WINDOW, date(2024, 3, 4), NOW)
    picks = {one.story_id: one for one in store.picks(issue.id)}
    pieces: dict[int, set[str]] = {}
    for story in store.stories():
        texts = picks[story.id].texts if story.id in picks else ()
        heads = [one.text for one in texts if one.field is PickField.HEADLINE]
        rest = [one.text for one in texts if one.field is not PickField.HEADLINE]
        by_mark = {
            "a": [*(member.item.title for member in story.members), *heads],
            "b": [*(member.item.summary for member in story.members), *rest],
            "c": [plain_text(member.item.content) for member in story.members],
        }
        pieces[story.id] = set()
        seen: set[str] = set()
        for mark, mine in by_mark.items():
            fresh = {one.strip() for one in mine} - seen
            pieces[story.id] |= {mark + piece for piece in text_pieces(fresh)}
            seen |= fresh
    return pieces


def by_story(store: SqlStore, pieces: dict[int, set[str]]) -> dict[int, set[str]]:
    with store._db.reading() as connection:
        rows = connection.execute(select(search_docs.c.place, search_docs.c.story_id)).all()
    places = {row.place: row.story_id for row in rows}
    return {places[place]: mine for place, mine in pieces.items()}


def test_a_story_is_found_once_it_is_indexed(store: SqlStore) -> None:
    """Until then it is said to wait, as is an item that is in no story yet."""
    item, *_ = take_in(store, make_item("a"))
    assert Waiting(stories=0, items=1) == store.waiting()

    story = tell(store, "one", [item])
    assert (Waiting(stories=1, items=0), []) == (store.waiting(), found(store, "스마트도시"))

    assert (1, 0) == (store.index_stories(10), store.index_stories(10))
    assert (Waiting(0, 0), [story.id]) == (store.waiting(), found(store, "스마트도시"))


def test_every_kind_of_text_is_found(store: SqlStore) -> None:
    """Titles, leads, people, events, and what editors wrote; bodies at their own depth."""
    event = EventFacts(
        name="국제 박람회",
        starts_on=date(2024, 3, 1),
        ends_on=date(2024, 3, 2),
        venues=("일산 전시장",),
        subject="모빌리티",
    )
    story = one_story(
        store,
        title="수소 버스",
        summary="시내 도로",
        content="<p>담당 <b>주무관</b></p>",
        authors=(Person(name="강원평", affiliation="공주대학교"),),
        event=event,
    )
    pick(
        store,
        story,
        written(PickField.HEADLINE, "새 제목"),
        written(PickField.HEADLINE, "Hydrogen", "en"),
        written(PickField.BLURB, "새 소개글"),
    )
    catch_up(store)

    titles = ("수소버스", "새 제목", "hydrogen")
    for words in (*titles, "시내 도로", "강원평", "공주대학교", "박람회", "일산", "소개글"):
        assert [story.id] == found(store, words), words
        assert [story.id][: words in titles] == found(store, words, depth=0), words
    assert [] == found(store, "주무관")
    assert [story.id] == found(store, "주무관", depth=2)
    (candidate,) = store.candidates(asked("버스", bodies=True), below=None, most=1)
    assert (Found.TITLE, "수소 버스") == candidate.texts[0]
    assert (Found.BODY, "담당 주무관") == candidate.texts[-1]


def test_what_a_source_changes_is_found(store: SqlStore) -> None:
    """The new words are, the old ones are not; it need not be folded again before."""
    story = one_story(store)
    catch_up(store)

    change(store, story.primary, title="수소 버스", published=on_day(date(2024, 2, 3)))
    assert 1 == store.waiting().stories
    catch_up(store)

    assert ([], [story.id]) == (found(store, "스마트도시"), found(store, "수소버스"))
    assert 1 == len(indexed(store))


def test_a_visit_without_news_makes_nothing_due(store: SqlStore) -> None:
    """That an item was seen again changes none of its words."""
    story = one_story(store)
    catch_up(store)

    plan = RefreshPlan(feed_id="molit", seen_at=NOW + timedelta(hours=1), unchanged=("a",))
    store.apply_refresh(plan, FeedState(feed_id="molit"), make_visit())

    assert 0 == store.waiting().stories
    assert [story.id] == found(store, "스마트도시")


def test_what_a_rebuild_renews_is_found(store: SqlStore) -> None:
    """A row that is renewed at its revision has other words, though readers saw no change."""
    story = one_story(store)
    catch_up(store)
    renewed = replace(story.primary.item, title="수소 버스")

    plan = RefreshPlan(
        feed_id="molit",
        seen_at=NOW,
        relinked=(Relinked(item_id=story.primary.id, rev=1, item=renewed),),
    )
    store.apply_refresh(plan, FeedState(feed_id="molit"), make_visit())
    catch_up(store)

    assert ([], [story.id]) == (found(store, "스마트도시"), found(store, "수소버스"))


def test_what_an_editor_takes_back_is_not_found(store: SqlStore) -> None:
    """Texts of picks are found as they are now."""
    story = one_story(store)
    made = pick(store, story, written(PickField.HEADLINE, "새 제목"))
    catch_up(store)
    assert [story.id] == found(store, "새제목")

    store.save_pick(replace(made, version=1, texts=()), [])
    catch_up(store)

    assert [] == found(store, "새제목")


def test_picks_that_are_passed_on_are_found_in_their_heir(store: SqlStore) -> None:
    """With the story that has the items now; the empty one is not found."""
    one, other = (one_story(store, key) for key in "ab")
    pick(store, one, written(PickField.HEADLINE, "새 제목"))
    catch_up(store)

    members = (other.primary.id, one.primary.id)
    draft = StoryDraft(
        id=other.id,
        public_id=other.public_id,
        item_ids=members,
        memberships=tuple(Membership(item_id=item, rule="first") for item in members),
    )
    store.apply_curation(CurationPlan(stories=(draft,), emptied=(one.id,)), NOW)
    catch_up(store)

    assert [other.id] == found(store, "새제목") == found(store, "스마트도시")


def test_the_newest_day_comes_first(store: SqlStore) -> None:
    """Within a day what was indexed last; pages go on below a place."""
    days = (date(2024, 2, 3), date(2024, 2, 5), date(2024, 2, 3), date(2024, 1, 31))
    ids = [
        one_story(store, f"{number}", published=on_day(day)).id for number, day in enumerate(days)
    ]
    catch_up(store)
    first, third, second, last = ids

    assert [third, second, first, last] == found(store, "스마트도시")
    wanted = asked("스마트도시")
    page = store.candidates(wanted, below=None, most=2)
    rest = store.candidates(wanted, below=page[-1].place, most=9)
    assert [first, last] == [one.story_id for one in rest]


def test_days_sections_and_issues_narrow_it(store: SqlStore) -> None:
    """Both ends of the days count; a section is that of the rules or of an issue."""
    one = one_story(store, "a", published=on_day(date(2024, 2, 3)))
    other = one_story(store, "b", published=on_day(date(2024, 2, 5)))
    made = pick(store, other)
    catch_up(store)
    day = date(2024, 2, 3)

    assert [one.id] == found(store, "스마트도시", since=day, until=day)
    assert [other.id] == found(store, "스마트도시", since=date(2024, 2, 4))
    assert [other.id] == found(store, "스마트도시", section="trend")
    assert [] == found(store, "스마트도시", published=True)
    version = store.issues("s")[0].version
    store.publish_issue(made.issue_id, number=48, version=version, snapshot={}, published_at=NOW)
    assert [other.id] == found(store, "스마트도시", published=True)
    assert {other.id: [48]} == store.numbers_of([one.id, other.id])


def test_long_texts_are_searched_to_a_bound(store: SqlStore) -> None:
    """What stands behind it is not found, and is no burden."""
    story = one_story(store, title="가" * LONGEST + "나다", summary="도시 " * 50_000)
    catch_up(store)

    assert ([story.id], []) == (found(store, "가가"), found(store, "나다"))
    assert [story.id] == found(store, "도시도시")


def test_hostile_texts_are_indexed(store: SqlStore) -> None:
    """What would be syntax of an index, and characters that databases do not know."""
    title = "\"' OR * NEAR(a:* \\ 𝒜𠀀도시\ud800\0😀 & | ! <-> \u202e"
    story = one_story(store, title=title, summary="'; DROP TABLE items; --")
    catch_up(store)

    for words in (
        "𠀀도시",
        "near a",
        "drop tables OR table",
        '"\'"도시"',
        "*:도시",
        "\\ 도시 & | !",
    ):
        assert [story.id] == found(store, words), words


@cache
def empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "desk.db"
        open_store(f"sqlite:///{file}").close()
        return file.read_bytes()


@contextmanager
def small_store() -> Iterator[SqlStore]:
    """An empty store, made more quickly than by all migrations."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "desk.db"
        file.write_bytes(empty_database())
        store = open_store(f"sqlite:///{file}")
        try:
            yield store
        finally:
            store.close()


WORDS = st.text(st.sampled_from("가나도시 AI1,\n"), min_size=1, max_size=6)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["new", "join", "change", "day", "write", "index"]),
        st.integers(0, 5),
        WORDS,
    ),
    max_size=10,
)


class Writer:
    """Does to a store what programs and editors do."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.keys = (f"k{number}" for number in itertools.count())
        self.versions: dict[int, int] = {}

    def step(self, what: str, which: int, words: str) -> None:
        stories = self.store.stories()
        if what == "index":
            self.store.index_stories(which + 1)
        elif what == "new" or not stories:
            key = next(self.keys)
            tell(self.store, key, take_in(self.store, make_item(key, title=words, content="")))
        else:
            self.change(what, stories[which % len(stories)], words)

    def change(self, what: str, story: Story, words: str) -> None:
        if what == "join":
            key = next(self.keys)
            (item,) = take_in(self.store, make_item(key, title=words, content=words))
            members = (*(one.id for one in story.members), item.id)
            draft = StoryDraft(
                id=story.id,
                public_id=story.public_id,
                item_ids=members,
                memberships=tuple(Membership(item_id=one, rule="first") for one in members),
            )
            self.store.apply_curation(CurationPlan(stories=(draft,)), NOW)
        elif what == "change":
            change(self.store, story.primary, summary=words)
        elif what == "day":
            change(self.store, story.primary, published=on_day(date(2024, 1, 1 + len(words))))
        else:
            version = self.versions.get(story.id, 0)
            pick(self.store, story, written(PickField.HEADLINE, words), version=version)
            self.versions[story.id] = version + 1


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(STEPS)
def test_the_index_holds_what_is_stored(steps: list[tuple[str, int, str]]) -> None:
    """Whatever was written, in whatever order, however often it was indexed in between: no piece is
    missing, and none is left of what was there before."""
    with small_store() as store:
        writer = Writer(store)
        for step in steps:
            writer.step(*step)
        catch_up(store)

        assert expected(store) == by_story(store, indexed(store))


STEPS_ON_BOTH = (
    *(("new", 0, words) for words in ("스마트도시 서비스", "AI 도시", "하천 정비", "도시 AI 5G")),
    ("index", 2, ""),
    ("join", 1, "스마트 도시"),
    ("change", 2, "도시 재생"),
    ("write", 0, "새 AI 도시"),
    ("day", 3, "가나다"),
    ("index", 5, ""),
    ("new", 0, "마지막 도시"),
)
WORDS_ON_BOTH = ("도시", "AI", "스마트도시", "스마트 도시 OR 하천", "새", "시", "5G 도시", "없음")


@pytest.fixture
def both(tmp_path: Path, postgres_url: str) -> Iterator[tuple[SqlStore, SqlStore]]:
    """A store of either kind with the same history."""
    stores = open_store(f"sqlite:///{tmp_path / 'desk.db'}"), open_store(postgres_url)
    for store in stores:
        writer = Writer(store)
        for step in STEPS_ON_BOTH:
            writer.step(*step)
        catch_up(store)
    yield stores
    for store in stores:
        store.close()


def test_both_databases_come_to_the_same(both: tuple[SqlStore, SqlStore]) -> None:
    """The same stories in the same order with the same places, page by page."""

    def pages(store: SqlStore, words: str, depth: int) -> list[list[Candidate]]:
        found: list[list[Candidate]] = []
        below = None
        wanted = asked(words, depth=depth, bodies=True)
        while page := store.candidates(wanted, below=below, most=2):
            found.append(page)
            below = page[-1].place
        return found

    one, other = both
    assert indexed(one) == indexed(other)
    for words, depth in itertools.product(WORDS_ON_BOTH, range(3)):
        assert pages(one, words, depth) == pages(other, words, depth), (words, depth)


def test_titles_that_have_pieces(store: SqlStore) -> None:
    """Of a day and later, the newest first; the titles of all sources of a story."""
    old, new = (on_day(date(2024, 2, day)) for day in (1, 9))
    first, second, third = take_in(
        store,
        make_item("a", title="스마트 도시", published=old),
        make_item("b", title="새 스마트도시", published=new),
        make_item("c", title="다른 제목", published=new),
    )
    one = tell(store, "s1", [first])
    two = tell(store, "s2", [second, third])
    catch_up(store)

    def titled(since: date, most: int = 9) -> list[int]:
        return store.titled(["스마", "마트"], since=since, most=most)

    every = titled(date(2024, 2, 1))
    assert [two.id, one.id] == [_story_at(store, place) for place in every]
    assert every[:1] == titled(date(2024, 2, 2)) == titled(date(2024, 2, 1), most=1)
    assert [] == store.titled(["마스"], since=date(2024, 1, 1), most=9)
    assert [(second.id, "새스마트도시"), (third.id, "다른제목")] == sorted(
        store.titles_at(every[:1])
    )
    assert [] == store.titles_at([])


def _story_at(store: SqlStore, place: int) -> int:
    with store._db.reading() as connection:
        query = select(search_docs.c.story_id).where(search_docs.c.place == place)
        return int(connection.scalars(query).one())
