"""Items that an editor types in, in each of the four shapes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from aggregator.domain.errors import UsageError
from aggregator.domain.feeds import DESK_FEED_ID
from aggregator.domain.issues import PrintedItem
from aggregator.domain.items import Person
from aggregator.issue.edition import Picked
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept
from aggregator.services.editing.typed_in import NewItem, add_item
from aggregator.services.publishing.publish import editions_of
from tests.fixtures.desk import EXPO, bring, make_curator, release

ARTICLE = NewItem(
    section="trend",
    title="울산, 모빌리티 개선",
    url="https://ulsan.example/1",
    body="ulsan",
    day=date(2024, 2, 21),
    blurb="울산시는 교통 서비스를 개선한다.",
)
MEDIA = NewItem(
    section="special",
    title="도시를 수출하는 시대",
    url="https://video.example/watch?v=1",
    body="lx",
    day=date(2024, 2, 23),
    thumbnail="https://video.example/1.jpg",
)
PAPER = NewItem(
    section="literature",
    title="도시재생 연구",
    blurb="메타버스를 다룬 연구다.",
    authors=(Person(name="서유강", affiliation="서울대학교"),),
)
EVENT = NewItem(section="news", title="2024 서밋 & 엑스포", event=EXPO)


def add(desk: Desk, new: NewItem, **changes: Any) -> Picked:  # noqa: ANN401 - any field
    return add_item(desk, make_curator(desk), replace(new, **changes)).picked


def printed(desk: Desk, language: str = "ko") -> list[PrintedItem]:
    editions = {edition.language: edition for edition in editions_of(desk, open_draft(desk))}
    return [item for section in editions[language].sections for item in section.items]


@pytest.mark.parametrize("new", [ARTICLE, MEDIA, PAPER, EVENT], ids=lambda new: new.section)
def test_each_shape_can_be_typed(desk: Desk, new: NewItem) -> None:
    """It is accepted into its section at once."""
    added = add(desk, new)

    assert (new.section, "accepted") == (added.pick.section, added.pick.state)
    assert [new.title] == [item.headline.text for item in printed(desk)]


def test_an_article_bears_the_print_name_of_its_body(desk: Desk) -> None:
    """In the language of the edition."""
    add(desk, ARTICLE)

    assert ["2024.2.21 / 울산시"] == [item.byline for item in printed(desk)]
    assert ["2024.2.21 / Ulsan City"] == [item.byline for item in printed(desk, "en")]


@pytest.mark.parametrize("name", ["ulsan", "울산시", "Ulsan City", " 울산시 "])
def test_a_body_is_known_by_any_of_its_names(desk: Desk, name: str) -> None:
    """Its id, its official name, or another."""
    assert "ulsan" == add(desk, ARTICLE, body=name).story.primary.item.body


@pytest.mark.parametrize("new", [ARTICLE, MEDIA], ids=lambda new: new.section)
def test_a_body_may_be_missing(desk: Desk, new: NewItem) -> None:
    """Then the day is printed alone."""
    add(desk, new, body=" ")

    assert [f"2024.2.{new.day.day}" if new.day else ""] == [i.byline for i in printed(desk)]


def test_a_day_outside_the_window_is_noted(desk: Desk) -> None:
    """The item is in the draft all the same."""
    new = replace(ARTICLE, day=date(2024, 3, 1))

    edited = add_item(desk, make_curator(desk), new)

    assert 1 == len(edited.notes)
    assert edited.notes[0].text.startswith("its day, 2024-03-01, lies outside the issue's window")
    assert 1 == len(printed(desk))


def test_an_unknown_body_is_refused(desk: Desk) -> None:
    """The message says how a body can be named."""
    with pytest.raises(UsageError, match="no body is called '무진시': give its id"):
        add(desk, ARTICLE, body="무진시")

    assert {} == desk.store.count_items()


@pytest.mark.parametrize(
    ("new", "changes", "missing"),
    [
        (ARTICLE, {"day": None}, "--day"),
        (ARTICLE, {"body": "", "url": " "}, "--url"),
        (MEDIA, {"day": None, "body": "", "url": ""}, "--day, --url"),
        (PAPER, {"authors": ()}, "--author"),
        (PAPER, {"authors": (), "blurb": " "}, "--author, --blurb"),
        (EVENT, {"event": None}, "--from"),
    ],
)
def test_missing_fields_are_named(
    desk: Desk, new: NewItem, changes: dict[str, object], missing: str
) -> None:
    """All of them at once, with section and shape; nothing is stored."""
    with pytest.raises(UsageError, match=rf"an item of \w+ \(shape \w+\) needs {missing} too"):
        add(desk, new, **changes)

    assert {} == desk.store.count_items()
    assert () == open_draft(desk).picked


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"section": "sport"}, r"no section 'sport' \(one of issue, project"),
        ({"title": " \t"}, "needs a title"),
        ({"url": "javascript:alert(1)"}, "--url must be an http or https address"),
        ({"thumbnail": "data:image/png;base64,"}, "--thumbnail must be an http or https"),
        ({"language": "Korean!"}, "--language wants a tag such as ko or en"),
        ({"authors": (Person(name=""),)}, "--author wants a name"),
    ],
)
def test_wrong_fields_are_named(desk: Desk, changes: dict[str, object], message: str) -> None:
    """One line that says what would be right; nothing is stored."""
    with pytest.raises(UsageError, match=message) as told:
        add(desk, ARTICLE, **changes)

    assert 1 == len(str(told.value).splitlines())
    assert {} == desk.store.count_items()


@pytest.mark.parametrize("new", [ARTICLE, MEDIA, PAPER, EVENT], ids=lambda new: new.section)
def test_typing_twice_changes_nothing(desk: Desk, new: NewItem) -> None:
    """One item, one story, one pick, and no second revision."""
    first = add(desk, new)
    again = add(desk, new)

    assert first.story.public_id == again.story.public_id
    assert 1 == again.story.primary.rev
    assert 1 == len(printed(desk))


@pytest.mark.parametrize(
    "changes",
    [
        {"blurb": "다시 쓴 첫 문단이다."},
        {"day": date(2024, 2, 22)},
        {"body": "seoul"},
        {"title": "울산  모빌리티, 개선!"},
        {"url": "http://ulsan.example/1"},
        {"thumbnail": "https://ulsan.example/1.png"},
        {"language": "en"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_changed_field_changes_the_item(desk: Desk, changes: dict[str, object]) -> None:
    """Typed again with the same section, title and link, the item gets a revision."""
    add(desk, ARTICLE)

    again = add(desk, ARTICLE, **changes)

    assert 2 == again.story.primary.rev
    assert 1 == len(printed(desk))


def test_a_changed_event_is_printed(desk: Desk) -> None:
    """New days come into the same item."""
    add(desk, EVENT)
    add(desk, EVENT, event=replace(EXPO, ends_on=date(2024, 3, 24)))

    (item,) = printed(desk)
    assert "'24.3.19~24 / " in "".join(phrase.text for phrase in item.lines[1])


def test_an_items_hash_is_the_same_in_every_version(desk: Desk) -> None:
    """It hangs on what was typed, not on how this program writes its records."""
    found = [add(desk, new).story.primary.item.hash[:16] for new in (ARTICLE, PAPER, EVENT)]

    assert ["1b0951e8611b6167", "d6d45ac11ac4c6e8", "82f62969fd89576e"] == found


def test_other_sections_hold_other_items(desk: Desk) -> None:
    """The same title typed into another section is another item."""
    add(desk, ARTICLE)
    add(desk, ARTICLE, section="project", url="https://ulsan.example/2", blurb="다른 글이다.")

    assert {DESK_FEED_ID: 2} == desk.store.count_items()


def test_a_position_is_kept(desk: Desk) -> None:
    """Typed again without one, the item stays where it was put."""
    add_item(desk, make_curator(desk), ARTICLE, position=2)

    assert 2 == add(desk, ARTICLE, blurb="다시 쓴 첫 문단이다.").pick.position


def test_texts_are_one_line_that_xml_can_hold(desk: Desk) -> None:
    """Line ends and control characters of a shell's argument are gone."""
    item = add(desk, ARTICLE, title="울산,\n모빌리티\x07\u2028개선", blurb="첫\x00 문단\n이다.")

    assert "울산, 모빌리티 개선" == item.story.primary.item.title
    assert "첫 문단 이다." == item.story.primary.item.summary


def test_what_a_feed_brings_joins_the_typed_item(desk: Desk) -> None:
    """The same release from its feed folds into the typed story and is printed once."""
    title = "울산 언양 일원 스마트시티 모빌리티로 교통서비스 개선"
    typed = add(desk, ARTICLE, title=title)
    bring(
        desk, release("ulsan", "1", date(2024, 2, 21), title=title, link="https://ulsan.example/1",
                      canonical_url="https://ulsan.example/1", summary=ARTICLE.blurb)
    )  # fmt: skip

    again = accept(desk, typed.story.public_id).picked

    assert ["desk", "ulsan"] == [member.item.feed_id for member in again.story.members]
    assert 1 == len(printed(desk))
