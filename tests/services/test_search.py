"""Searching over everything stored."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aggregator.curate.matching.spelling import fold_text
from aggregator.curate.searching.search_query import parse_query
from aggregator.curate.searching.search_terms import has_term
from aggregator.domain.errors import StoreBusy, UsageError
from aggregator.domain.issues import Origin, PickField, PickText
from aggregator.domain.searching import Found
from aggregator.domain.stories import Story
from aggregator.services.answers import search as search_module
from aggregator.services.answers.search import Asked, Hit, Results, catch_up, depth_of, search
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept
from aggregator.services.editing.typed_in import NewItem, add_item
from tests.fixtures.desk import bring, lay_in, make_curator, make_desk, release

TEXT = PickText(language="ko", field=PickField.HEADLINE, text="", origin=Origin.EDITOR)


def look(desk: Desk, words: str, **more: object) -> Results:
    """A search of an index that is in step."""
    assert catch_up(desk.store, seconds=60)
    return search(desk, replace(Asked(words=words), **more))  # type: ignore[arg-type]


def keys(results: Results) -> list[str]:
    return [hit.story.primary.item.key for hit in results.hits]


def shown(hit: Hit) -> list[str]:
    """The title and the passages of a hit, its marks in brackets."""
    return [
        "".join(f"[{piece.text}]" if piece.hits else piece.text for piece in pieces)
        for pieces in (hit.title, *(one.pieces for one in hit.passages))
    ]


def test_titles_come_before_leads_and_new_ones_before_old(desk: Desk) -> None:
    """A story needs its lead where one of the words stands nowhere above it."""
    bring(
        desk,
        release("seoul", "lead", date(2024, 2, 20), title="서울 소식", summary="하천 정비와 버스"),
        release("ulsan", "old", date(2024, 2, 3), title="하천 정비", summary="울산의 일"),
        release("molit", "new", date(2024, 2, 9), title="정비된 하천", summary="국토부의 일"),
        release("lx", "other", date(2024, 2, 21), title="하천", summary="측량"),
    )

    found = look(desk, "하천 정비")

    assert ["new", "old", "lead"] == keys(found)
    assert [Found.TITLE, Found.TITLE, Found.LEAD] == [hit.found for hit in found.hits]
    assert ["[정비]된 [하천]", "국토부의 일"] == shown(found.hits[0])
    assert ["서울 소식", "[하천] [정비]와 버스"] == shown(found.hits[2])
    assert "" == found.next


def test_words_may_stand_in_different_members(desk: Desk) -> None:
    """What two sources say of one release is one story, found once."""
    title = "스마트도시 조성사업 공모 결과 발표"
    bring(desk, release("molit", "a", title=title, summary="사업 대상지를 선정해 발표했다."))
    bring(desk, release("seoul", "b", title=title, summary="서울시가 뽑혔다."))
    found = look(desk, "서울시가 대상지")

    assert [2] == [len(hit.story.members) for hit in found.hits]


def test_what_editors_wrote_is_found_and_told(desk: Desk) -> None:
    """A typed-in item by its words and its people; its place in an issue once that is out."""
    new = NewItem(
        section="trend", title="손으로 넣은 소식", day=date(2024, 2, 3), url="https://a.example/"
    )
    add_item(desk, make_curator(desk), new)
    found = look(desk, "손으로")

    assert ["손으로 넣은 소식"] == [hit.story.primary.item.title for hit in found.hits]
    assert [()] == [hit.numbers for hit in found.hits]
    assert 1 == len(look(desk, "손으로", section="trend").hits)
    assert [] == keys(look(desk, "손으로", section="news"))
    assert [] == keys(look(desk, "손으로", published=True))


def test_bodies_are_found_where_they_are_asked_for(desk: Desk) -> None:
    """Behind titles and leads; their words count as excluded only then, too."""
    bring(
        desk,
        release("seoul", "body", title="서울 소식", content="<p>담당자는 <b>버스</b>를 탄다</p>"),
        release("ulsan", "lead", date(2024, 2, 1), title="울산 소식", summary="버스가 온다"),
    )

    assert ["lead"] == keys(look(desk, "버스"))
    found = look(desk, "버스", body=True)
    assert (["lead", "body"], Found.BODY) == (keys(found), found.hits[1].found)
    assert "담당자는 [버스]를 탄다" == shown(found.hits[1])[1]
    assert ["body"] == keys(look(desk, "서울 -버스"))
    assert [] == keys(look(desk, "서울 -버스", body=True))


def test_pages_follow_each_other(desk: Desk) -> None:
    """Whatever their size they show the same stories, each once, and then end."""
    bring(
        desk,
        *(
            release("seoul", f"{number}", date(2024, 2, 1 + number % 9), title=f"버스 {number}호선")
            for number in range(7)
        ),
        *(
            release("ulsan", f"l{number}", title=f"소식 {number}", summary="버스")
            for number in range(4)
        ),
    )
    whole = keys(look(desk, "버스"))

    assert 11 == len(whole)
    for limit in (1, 2, 5, 11):
        pages, after = [], ""
        while True:
            page = look(desk, "버스", limit=limit, after=after)
            pages += keys(page)
            after = page.next
            if not after:
                break
        assert whole == pages


def test_a_page_looks_at_a_bounded_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where most stories only nearly have the words it ends early and says so; the next goes on."""
    monkeypatch.setattr(search_module, "LOOKED_AT", 3)
    bring(desk, *(release("seoul", f"{n}", title=f"파도 시작 {n}") for n in range(5)))
    bring(desk, release("ulsan", "last", date(2024, 1, 2), title="도시"))

    first = look(desk, "도시")
    assert (True, []) == (first.is_cut, keys(first))
    second = look(desk, "도시", after=first.next)
    assert ["last"] == keys(second)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"section": "trends"}, "there is no section 'trends' \\(one of issue, project"),
        ({"since": date(2024, 2, 2), "until": date(2024, 2, 1)}, "the days end before they begin"),
        ({"limit": 0}, "at least one story"),
        ({"after": "9.1"}, "'9.1' is no cursor"),
        ({"after": "0." + "9" * 30}, "is no cursor"),
    ],
)
def test_what_cannot_be_asked_is_told(desk: Desk, changes: dict[str, object], told: str) -> None:
    """In one line each."""
    with pytest.raises(UsageError, match=told):
        look(desk, "도시", **changes)


def test_the_index_says_when_it_is_behind(desk: Desk) -> None:
    """Stories that are not indexed yet, and items that are in none."""
    bring(desk, release("seoul", "a"))
    lay_in(desk, release("seoul", "b"))

    found = search(desk, Asked(words="스마트시티"))
    assert ([], 1, 1) == (keys(found), found.waiting.stories, found.waiting.items)
    assert (["a"], 0, 1) == (
        keys(look(desk, "스마트시티")),
        *desk.store.waiting(),
    )


def test_catching_up_takes_no_longer_than_it_may(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is done the next time."""
    monkeypatch.setattr(search_module, "INDEXED_TOGETHER", 1)
    bring(desk, release("seoul", "a"), release("ulsan", "b"))
    steps: list[tuple[int, int]] = []

    assert not catch_up(desk.store, seconds=0, on_step=lambda *step: steps.append(step))
    assert ([(1, 2)], 1) == (steps, desk.store.waiting().stories)
    assert catch_up(desk.store, seconds=60)


def test_a_busy_database_is_no_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is indexed is searched meanwhile."""
    bring(desk, release("seoul", "a"))

    def busy(_most: int) -> int:
        raise StoreBusy("in use")

    monkeypatch.setattr(desk.store, "index_stories", busy)
    assert not catch_up(desk.store, seconds=1)


def test_a_headline_of_an_issue_is_found(desk: Desk) -> None:
    """The story is shown under its source's title, with the headline below."""
    bring(desk, release("seoul", "a"))
    accept(desk, "a 스마트시티", section="trend")
    from_draft = open_draft(desk).picked[0]
    text = replace(TEXT, text="새로 쓴 제목")
    desk.store.save_picks([(replace(from_draft.pick, texts=(text,)), [])])

    (hit,) = look(desk, "쓴 제목").hits
    assert (Found.HEADLINE, "새로 [쓴] [제목]") == (hit.found, shown(hit)[1])


CHARS = st.sampled_from("가나도시물 AIai5,0-·의를")
TEXTS = st.text(CHARS, max_size=12)
RELEASES = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def shared() -> Iterator[Desk]:
    """One desk for all examples: each brings its releases beside those of the others."""
    with TemporaryDirectory() as folder:
        made = make_desk(Path(folder))
        yield made
        made.store.close()


NUMBERS = itertools.count()


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(texts=RELEASES, words=st.text(CHARS, min_size=1, max_size=6))
def test_whatever_has_the_words_is_found_and_nothing_else(
    shared: Desk, texts: list[tuple[str, str]], words: str
) -> None:
    """A search comes to what looking at every stored text comes to, in the same order."""
    bring(
        shared,
        *(
            release(
                "seoul",
                f"r{next(NUMBERS)}",
                date(2024, 2, 1 + number),
                title=f"{title} {number}호",
                summary=summary,
            )
            for number, (title, summary) in enumerate(texts)
        ),
    )
    try:
        query = parse_query(words)
    except UsageError:
        return
    found = look(shared, words, limit=1000)

    def depth(story: Story) -> int | None:
        titles = [(Found.TITLE, one.item.title) for one in story.members]
        leads = [(Found.LEAD, one.item.summary) for one in story.members]
        return depth_of(query, (*titles, *leads))

    scanned = {story.id: depth(story) for story in shared.store.stories()}
    wanted = {one: depth for one, depth in scanned.items() if depth is not None}
    assert wanted == {hit.story.id: hit.found.depth for hit in found.hits}
    order = [(hit.found.depth, -hit.story.primary.day.toordinal()) for hit in found.hits]
    assert sorted(order) == order


@given(before=TEXTS, word=st.text(st.sampled_from("가나도시물"), min_size=2, max_size=4))
def test_a_korean_word_is_found_wherever_it_stands(before: str, word: str) -> None:
    """In one piece, whatever stands around it and however it ends."""
    (group,) = parse_query(word).groups

    for text in (f"{before}{word}", f"{before} {word}를 {before}", f"{word}{before}"):
        assert all(has_term(term, fold_text(text)) for term in group), text
