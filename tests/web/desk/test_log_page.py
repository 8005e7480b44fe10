"""The page Log: what was done, in words, and from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.bootstrap import App
from aggregator.catalogue import LANGUAGES, Catalogue
from aggregator.domain.editing import ActionKind, LogFilter, Stage
from aggregator.domain.issues import Edit, PickField, PickState
from aggregator.services.editing.actions import accept, reject
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.web.desk import log as log_module
from aggregator.web.desk.log_views import FIELDS, LONGEST, difference, field_name
from tests.fixtures.desk import make_series, release
from tests.fixtures.doors import Person, person, read, words
from tests.fixtures.looking import HOSTILE, desk_with_releases, public_id, stock

CATALOGUE = Catalogue.load()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases, one accepted by kim and edited, one rejected by lee."""
    with desk_with_releases(tmp_path) as made:
        kim, lee = (Editor.of(made.desk, made.curator, name) for name in ("kim", "lee"))
        issue = working_issue(made.desk)
        hub = public_id(made, "데이터 허브")
        accept(kim, issue.id, hub, section="trend")
        where = Where(story=hub, field=PickField.HEADLINE, language="ko")
        edit_field(
            kim, issue.id, where, "스마트시티 데이터 거점 구축", base="스마트시티 데이터 허브 구축"
        )
        edit_field(
            kim, issue.id, where, "스마트시티 데이터 중심 구축", base="스마트시티 데이터 거점 구축"
        )
        reject(lee, issue.id, public_id(made, "통신망"), why="홍보")
        yield made


def rows(who: Person, query: str = "") -> list[Any]:
    page = who.get(f"/desk/log{query}")
    assert 200 == page.status
    return list(read(page).xpath("//ol/li[@class='row']"))


def text(row: Any) -> str:  # noqa: ANN401 - lxml's element
    return " ".join(row.text_content().split())


def edit(field: str, old: str, new: str) -> Edit:
    return Edit(
        at=datetime(2024, 3, 4, tzinfo=UTC), actor="kim", target="x", field=field, old=old, new=new
    )


def test_the_newest_comes_first(app: App) -> None:
    """Who, what, when, why."""
    first = text(rows(person(app, "reader"))[0])

    assert "lee 제외" in first
    assert "스마트시티 통신망 개통" in first
    assert "이유: 홍보" in first


def test_a_comment_names_what_it_is_about(app: App) -> None:
    """By its headline; no number of its own stands there, and no reason."""
    issue = working_issue(app.desk).id
    (story, *_) = app.store.stories()
    editor = Editor.of(app.desk, app.curator, "lee")
    add_comment(editor, issue, "누가 봅니까?", story=story.public_id)
    add_comment(editor, issue, "금요일까지.")

    whole, one = (text(row) for row in rows(person(app, "reader"))[:2])

    assert story.primary.item.title in one
    assert "누가 봅니까?" in one
    assert story.public_id not in one
    assert not any("이유" in told or "comment:" in told for told in (whole, one))


def test_texts_are_compared_word_by_word(app: App) -> None:
    """What stayed stands there once."""
    page = person(app, "reader").get("/desk/log?kind=field")
    (row, _) = read(page).xpath("//ol/li[@class='row']")

    assert (["거점"], ["중심"]) == (
        [one.strip() for one in row.xpath(".//del/text()")],
        [one.strip() for one in row.xpath(".//ins/text()")],
    )


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("?person=kim", {"kim"}),
        ("?person=lee", {"lee"}),
        ("?kind=reject", {"lee"}),
        ("?kind=field", {"kim"}),
    ],
)
def test_some_lines_are_shown(app: App, query: str, who: set[str]) -> None:
    """Of a person, of a kind."""
    found = rows(person(app, "reader"), query)

    assert who == {row.xpath(".//b[@class='who']/text()")[0] for row in found}


def test_an_item_has_its_history(app: App) -> None:
    """By its id, and by words of its title."""
    kim = person(app, "reader")
    by_id = rows(kim, f"?item={public_id(app, '통신망')}")
    by_words = rows(kim, "?item=%ED%86%B5%EC%8B%A0%EB%A7%9D")

    assert by_id
    assert [text(one) for one in by_id] == [text(one) for one in by_words]
    assert {"lee"} == {one.xpath(".//b[@class='who']/text()")[0] for one in by_id}


def test_of_several_items_the_newest_is_meant(app: App) -> None:
    """And it is said that there are others."""
    page = person(app, "reader").get("/desk/log?item=%EC%8A%A4%EB%A7%88%ED%8A%B8%EC%8B%9C%ED%8B%B0")

    assert (
        "이 항목만: 스마트시티 데이터 허브 구축 이 말에 해당하는 항목이 1건 더 있습니다"
        in words(page)
    )


def test_an_item_that_there_is_not_is_said_to_be_none(app: App) -> None:
    """And not everything shown instead."""
    page = person(app, "reader").get("/desk/log?item=nowhere")

    assert "그런 항목이 저장되어 있지 않습니다" in words(page)
    assert [] == read(page).xpath("//ol")


def test_a_long_log_goes_on(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line once."""
    kim = person(app, "reader")
    whole = [row.get("id") for row in rows(kim)]
    monkeypatch.setattr(log_module, "ON_A_PAGE", 2)
    found: list[str] = []
    query = "?"
    while query:
        page = read(kim.get(f"/desk/log{query}"))
        found += page.xpath("//ol/li[@class='row']/@id")
        query = next(iter(page.xpath("//a[@rel='next']/@href")), "")

    assert whole == found


def test_filters_that_mean_nothing_are_passed_over(app: App) -> None:
    """An address that somebody wrote by hand."""
    assert rows(person(app, "reader"), "?kind=x&issue=y&after=z")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_logged_has_words(language: str) -> None:
    """Kinds, fields, states and stages."""
    for kind in ActionKind:
        assert CATALOGUE.text(f"desk.log.kind.{kind.value.replace('-', '_')}", language)
    for field in (*FIELDS, *(f"{one}.ko" for one in PickField)):
        assert field != field_name(field, CATALOGUE, language)
    for field, values in (("state", PickState), ("stage", Stage)):
        for value in values:
            pieces = difference(edit(field, "", value), make_series(), CATALOGUE, language)
            assert [("ins")] == [kind for _, kind in pieces]


def test_the_form_has_each_filter_of_the_log() -> None:
    """None is forgotten."""
    assert len(fields(LogFilter)) == len(log_module.FILTERS)


def test_a_long_value_is_cut() -> None:
    """Before it is compared."""
    pieces = difference(edit("blurb.ko", "", "말 " * LONGEST), make_series(), CATALOGUE, "ko")

    assert LONGEST == sum(len(one) for one, _ in pieces)


def test_hostile_texts_are_text_and_short(app: App) -> None:
    """In titles and in reasons."""
    stock(app, release("molit", "evil", date(2024, 2, 5), title=HOSTILE))
    lee = Editor.of(app.desk, app.curator, "lee")
    reject(lee, working_issue(app.desk).id, public_id(app, "alert(1)"), why=HOSTILE)
    page = person(app, "reader").get("/desk/log")

    assert "<script>alert" not in page.text
    assert len(page.text) < 80_000
