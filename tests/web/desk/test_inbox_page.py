"""The inbox: what nobody decided on, filtered, read and decided, without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickState
from aggregator.domain.items import When
from aggregator.services.editing import actions
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Editor
from aggregator.web.desk import inbox as page_module
from tests.fixtures.asking import Page
from tests.fixtures.desk_items import accepted, brought, issue_at, pick_of, told
from tests.fixtures.doors import desk_opened, person, read, words
from tests.fixtures.records import on_day

INBOX = "/desk/inbox"
JSON = "application/json"
TITLES = ("스마트도시 솔루션 공모", "스마트도시 데이터 허브 착수", "스마트시티 챌린지 선정 결과")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


@pytest.fixture
def stories(app: App) -> list[str]:
    """Three undecided stories."""
    days = (date(2024, 2, 20), date(2024, 2, 14), date(2024, 2, 6))
    return brought(
        app,
        *(
            told(f"k{n}", title, day=day)
            for n, (title, day) in enumerate(zip(TITLES, days, strict=True))
        ),
    )


def listed(page: Page) -> list[str]:
    """The stories of the list, in its order."""
    return [str(one) for one in read(page).xpath("//li/@data-item")]


def row(page: Page, story: str) -> str:
    """What a row says."""
    found = read(page).xpath(f"//li[@id='item-{story}']")
    return " ".join(found[0].text_content().split())


def test_what_nobody_decided_on_is_listed(app: App, stories: list[str]) -> None:
    """With headline, section, score, body and its level, and day."""
    page = person(app, "reader").get(INBOX)

    assert sorted(stories) == sorted(listed(page))
    told_of = row(page, stories[0])
    for part in (TITLES[0], "점", "국토교통부", "중앙행정기관", "2024.2.20 (화)"):
        assert part in told_of


def test_the_words_of_the_rules_are_marked(app: App, stories: list[str]) -> None:
    """Where they stand in the headline."""
    page = read(person(app, "reader").get(INBOX))

    marks = page.xpath(f"//li[@id='item-{stories[0]}']//mark")
    assert ["스마트도시", "공모"] == [one.text for one in marks]


def test_a_decided_story_is_not_listed(app: App, stories: list[str]) -> None:
    """Neither an accepted nor a rejected one."""
    issue = accepted(app, stories[0])
    actions.reject(Editor.of(app.desk, app.curator, "lee"), issue, stories[1], why="주제 밖")

    assert [stories[2]] == listed(person(app, "reader").get(INBOX))


def test_a_story_is_accepted_from_its_row(app: App, stories: list[str]) -> None:
    """The next page shows the one behind it, says what was done and can take it back."""
    kim = person(app, "editor")
    page = kim.get(INBOX)
    first, second = listed(page)[:2]
    form = read(page).xpath(f"//li[@id='item-{first}']//form")[0]

    answer = kim.post(form.get("action"), dict(form.form_values()))

    assert 303 == answer.status
    where, _, focus = answer.headers["location"].partition("#")
    assert (f"{INBOX}?item={second}", f"item-{second}") == (where, focus)
    assert PickState.ACCEPTED is pick_of(app, first).state
    shown = kim.get(where)
    assert [second] == read(shown).xpath("//li[@aria-current]/@data-item")
    assert "채택했습니다" in words(shown)


def test_a_story_is_accepted_into_another_section(app: App, stories: list[str]) -> None:
    """By the form of the reading pane."""
    kim = person(app, "editor")

    kim.post(f"/desk/items/{stories[0]}/accept", {"section": "trend"})

    assert "trend" == pick_of(app, stories[0]).section


def test_what_may_be_an_oversight_is_told(app: App) -> None:
    """In the language of the page: a day outside the window."""
    [old] = brought(app, told("k", TITLES[0], day=date(2023, 12, 20)))
    kim = person(app, "editor")
    kim.post(f"/desk/items/{old}/accept", {"section": "trend"})

    assert "날짜가 이번 호 기간(2024.2.1~2024.2.29) 밖입니다: 2023.12.20." in words(kim.get(INBOX))
    kim.post("/desk/language", {"language": "en"})
    answer = kim.post(f"/desk/items/{old}/move", {"section": "project"}, accept=JSON)
    assert [
        "Its day, 2023.12.20, lies outside the window of the issue, 2024.2.1 to 2024.2.29."
    ] == (json.loads(answer.text)["notes"])


def test_a_story_is_moved(app: App, stories: list[str]) -> None:
    """That was accepted before."""
    accepted(app, stories[0])

    person(app, "editor").post(f"/desk/items/{stories[0]}/move", {"section": "trend"})

    assert "trend" == pick_of(app, stories[0]).section


def test_a_story_is_rejected_for_a_reason(app: App, stories: list[str]) -> None:
    """A usual one and own words, as the log keeps them: in no language."""
    form = {"reason": "off_topic", "why": " 관광  행사 "}

    person(app, "editor").post(f"/desk/items/{stories[0]}/reject", form)

    pick = pick_of(app, stories[0])
    assert (PickState.DROPPED, "reason:off_topic: 관광 행사") == (pick.state, pick.why)


@pytest.mark.parametrize("form", [{}, {"reason": "other"}, {"reason": "no such", "why": "글"}])
def test_a_rejection_needs_a_reason(app: App, stories: list[str], form: dict[str, str]) -> None:
    """Else nothing happens, and the answer says so."""
    page = person(app, "editor").post(f"/desk/items/{stories[0]}/reject", form, accept=JSON)

    assert (422, "desk.inbox.no_reason") == (page.status, json.loads(page.text)["code"])
    assert 3 == len(listed(person(app, "reader").get(INBOX)))


def test_a_story_is_left_out(app: App, stories: list[str]) -> None:
    """Of this issue alone."""
    person(app, "editor").post(f"/desk/items/{stories[0]}/leave", {})

    assert PickState.LEFT_OUT is pick_of(app, stories[0]).state


def test_the_script_is_told_what_came_of_it(app: App, stories: list[str]) -> None:
    """With what undo takes, and where to go on."""
    form = {"then": stories[1], "next": f"{INBOX}?item={stories[1]}"}
    page = person(app, "editor").post(f"/desk/items/{stories[0]}/accept", form, accept=JSON)

    told_of = json.loads(page.text)
    assert (stories[0], stories[1], True) == tuple(told_of[one] for one in ("item", "then", "ok"))
    assert told_of["undo"]
    assert f"{INBOX}?item={stories[1]}#item-{stories[1]}" == told_of["next"]


def test_who_was_slower_is_told_what_the_other_decided(app: App, stories: list[str]) -> None:
    """Nothing is overwritten."""
    accepted(app, stories[0], "lee")
    form = {"version": "0", "reason": "off_topic"}

    page = person(app, "editor").post(f"/desk/items/{stories[0]}/reject", form, accept=JSON)

    assert (409, "field_conflict") == (page.status, json.loads(page.text)["code"])
    assert "lee" in json.loads(page.text)["flash"]
    assert PickState.ACCEPTED is pick_of(app, stories[0]).state


def test_who_was_slower_is_told_so_without_a_script(app: App, stories: list[str]) -> None:
    """By the line of the next page."""
    accepted(app, stories[0], "lee")
    kim = person(app, "editor")

    kim.post(f"/desk/items/{stories[0]}/reject", {"version": "0", "reason": "off_topic"})

    assert "그사이 다르게 정해졌습니다 (lee): 채택" in words(kim.get(INBOX))


def test_a_changed_source_of_a_proposal_is_marked(app: App) -> None:
    """In its row."""
    release = told("가", "스마트도시 데이터 허브 착수")
    [story] = brought(app, release)
    open_draft(app.desk, propose=True)
    brought(app, replace(release, title="스마트도시 데이터 허브 서른 곳 착수", hash="other"))

    assert "원문이 바뀜" in row(person(app, "reader").get(INBOX), story)


def test_filters_keep_what_answers_to_them(app: App, stories: list[str]) -> None:
    """By words of the headline and by day."""
    kim = person(app, "reader")

    assert [stories[1]] == listed(kim.get(f"{INBOX}?text={quote('데이터허브')}"))
    assert [stories[2]] == listed(kim.get(f"{INBOX}?day=2024-02-06"))
    assert [] == listed(kim.get(f"{INBOX}?body=msit"))


def test_each_section_is_a_filter_with_its_count(app: App, stories: list[str]) -> None:
    """Whichever is chosen; the other filters stay."""
    page = read(person(app, "reader").get(f"{INBOX}?section=trend&day=2024-02-06"))

    counts = {
        one.get("value"): one.xpath("string(b)")
        for one in page.xpath("//ul[@class='chips']//button")
    }
    assert "1" == counts[""]
    assert "0" == counts["trend"]
    assert ["2024-02-06"] == page.xpath("//input[@name='day']/@value")
    assert stories


def test_long_lists_come_in_pages(
    app: App, stories: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By cursor: what was decided meanwhile makes no row be missed."""
    monkeypatch.setattr(page_module, "SIZE", 2)
    kim = person(app, "reader")
    page = kim.get(INBOX)
    first = listed(page)
    accepted(app, first[0])
    more = read(page).xpath("//nav[@class='pager']//a[@rel='next']/@href")[0]

    assert (2, {*stories}) == (len(first), {*first, *listed(kim.get(more))})


def test_each_page_is_led_to(app: App, stories: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """By its number, and the one that is shown says which it is."""
    monkeypatch.setattr(page_module, "SIZE", 1)
    kim = person(app, "reader")
    links = read(kim.get(INBOX)).xpath("//nav[@class='pages']//a")
    pages = [kim.get(link.get("href")) for link in links]

    assert len(stories) == len(links)
    assert [str(number) for number in range(1, len(stories) + 1)] == [
        read(page).xpath("string(//nav[@class='pages']//a[@aria-current])") for page in pages
    ]
    assert sorted(stories) == sorted(name for page in pages for name in listed(page))


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "day=2024-13-41",
        "section=x",
        "item=x",
        "body=%00",
        "state=x",
        "region=x",
        "text=%25",
    ],
)
def test_an_address_that_cannot_be_meant_is_no_error(
    app: App, stories: list[str], query: str
) -> None:
    """It shows the inbox, or leads there."""
    assert person(app, "reader").get(f"{INBOX}?{query}").status in {200, 303}
    assert stories


def test_a_day_that_its_source_does_not_say_is_marked(app: App) -> None:
    """Inferred, or put right."""
    [undated, clamped] = brought(
        app,
        told("가", "스마트도시 날짜 없는 소식", day=None),
        told(
            "나",
            "스마트도시 앞선 날짜 소식",
            published=When(at=on_day(date(2024, 2, 9)).at, clamped=True),
        ),
    )
    page = person(app, "reader").get(INBOX)

    assert "처음 본 날" in row(page, undated)
    assert "고친 날짜" in row(page, clamped)


def test_more_sources_are_counted_and_compared(app: App) -> None:
    """In the row, and in the reading pane with what differs."""
    one = told(
        "가", "스마트도시 데이터 허브 구축 착수", summary="데이터 허브를 세운다. 전국 열 곳이다."
    )
    other = told(
        "나",
        "[보도자료] 스마트도시 데이터 허브 구축 착수",
        feed="msit",
        body="molit",
        summary=one.summary,
    )
    [story, same] = brought(app, one, other)
    page = person(app, "reader").get(INBOX)

    assert story == same
    assert "외 1곳" in row(page, story)
    assert "출처 (2)" in words(page)


def test_the_reading_pane_says_why(app: App, stories: list[str]) -> None:
    """The words with their points, the section, the runner-up."""
    told_of = words(person(app, "reader").get(f"{INBOX}?item={stories[1]}"))

    for part in ("여기 놓인 이유", "놓인 분야", "다음 후보", "스마트도시"):
        assert part in told_of


def test_a_reader_sees_no_buttons(app: App, stories: list[str]) -> None:
    """Only those that filter."""
    page = read(person(app, "reader").get(INBOX))

    assert [] == page.xpath("//main//form[@method='post' and not(contains(@action, 'undo'))]")
    assert stories


def test_an_empty_inbox_says_what_is_next(app: App) -> None:
    """There is nothing to be decided."""
    assert "모두 정했습니다" in words(person(app, "editor").get(INBOX))


def test_a_look_writes_nothing(app: App, stories: list[str]) -> None:
    """No issue is opened by it."""
    person(app, "reader").get(INBOX)

    assert [] == app.store.issues(app.desk.series.id)
    assert stories


def test_what_waits_is_not_written_to_before_it_is_accepted(app: App, stories: list[str]) -> None:
    """Its pane says so; that of what was proposed or accepted has forms."""
    kim = person(app, "editor")
    before = read(kim.get(f"{INBOX}?item={stories[0]}"))

    assert [] == before.xpath("//form[@data-save]")
    assert issue_at(app)
