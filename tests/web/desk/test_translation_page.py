"""The page Translation: what is left is found, marked in both texts, and mended where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from aggregator.bootstrap import App
from aggregator.domain.findings import Severity, Span
from aggregator.domain.issues import PickField
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.issue_at_hand import the_pick, working_issue
from aggregator.web.desk.translation import cut_at
from tests.fixtures.doors import Person, desk_opened, person, read, words
from tests.fixtures.press import (
    HUB,
    PLAN,
    PLAN_BLURB,
    editor_at,
    press_opened,
    story_of,
    translate,
)
from tests.fixtures.publication import published

PAGE = "/desk/translation"
RIGHT = "On March 5 MOLIT confirmed the plan: 12 cities get 15 billion won."


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with an issue in the making, one of whose five texts is translated."""
    with press_opened(tmp_path) as made:
        yield made


@pytest.fixture
def kim(app: App) -> Person:
    """Somebody who may translate."""
    return person(app, "editor")


def field(app: App, guid: str, name: str) -> str:
    """The id of a text's form."""
    return f"f-{story_of(app, guid)}-{name}-en"


def english(app: App, guid: str, name: PickField) -> str:
    """The translation that is kept."""
    picked = the_pick(app.desk, working_issue(app.desk).id, story_of(app, guid))
    assert picked is not None
    found = (one.text for one in picked.pick.texts if (one.field, one.language) == (name, "en"))
    return next(found, "")


def test_every_text_stands_beside_its_source(app: App, kim: Person) -> None:
    """In printed order, by section, each with the language that it is in."""
    page = read(kim.get(PAGE))
    sources = [one.text_content() for one in page.xpath("//div[@class='source']/p[@lang]")]
    labels = {section.id: section.titles["ko"] for section in app.desk.series.sections}

    assert [PLAN, PLAN_BLURB, HUB] == sources[:3]
    assert ["ko"] * 5 == [one.get("lang") for one in page.xpath("//div[@class='source']/p[@lang]")]
    assert ["en"] * 5 == [one.get("lang") for one in page.xpath("//textarea[@data-field]")]
    assert [labels["issue"], labels["project"], labels["special"]] == [
        one.text_content() for one in page.xpath("//section[@class='translated']/h2")
    ]


def test_progress_is_counted(app: App, kim: Person) -> None:
    """What is done, missing, out of date or faulty."""
    assert "5개 글 가운데 1개를 옮겼습니다 번역 없음 4" in words(kim.get(PAGE))

    translate(app, PLAN, PickField.BLURB, RIGHT.replace("15 b", "150 b"))

    assert "2개를 옮겼습니다 번역 없음 3 점검에 걸림 1" in words(kim.get(PAGE))


def test_only_what_is_left_is_shown(app: App, kim: Person) -> None:
    """A text that is translated and has no fault is none of it."""
    page = read(kim.get(f"{PAGE}?left=1"))

    assert not page.xpath(f"//*[@id='{field(app, PLAN, 'headline')}']")
    assert page.xpath(f"//*[@id='{field(app, PLAN, 'blurb')}']")


def test_faults_are_marked_in_both_texts(app: App, kim: Person) -> None:
    """And told in words, with what would be right."""
    translate(app, PLAN, PickField.BLURB, RIGHT.replace("15 b", "150 b"))
    page = read(kim.get(PAGE))
    fault = page.xpath("//ul[@class='faults']/li")[0]

    assert ["150억 원", "150 billion won"] == [
        one.text_content() for one in page.xpath("//mark[@class='red']")
    ]
    assert "빨강 금액이 다름" in " ".join(fault.text_content().split())
    assert "15 billion won" in fault.text_content()


def test_names_are_told_with_their_rendering(app: App, kim: Person) -> None:
    """Those of the list of bodies and of the glossary; whether the translation has them."""
    names = read(kim.get(PAGE)).xpath("//ul[@class='names']/li")
    told = [" ".join(one.text_content().split()) for one in names]

    assert any(one.startswith("국토교통부 → Ministry of Land") for one in told)
    assert app.desk.series.glossary.terms


def test_a_text_is_saved_where_it_stands(app: App, kim: Person) -> None:
    """By the form of the field, without a script; the page comes back to it."""
    page = read(kim.get(PAGE))
    form = page.xpath(f"//form[@id='{field(app, PLAN, 'blurb')}']")[0]
    sent = {one.get("name"): one.get("value", "") for one in form.xpath(".//input")}
    answer = kim.post(form.get("action"), {**sent, "text": RIGHT, "do": "save"})

    assert (303, f"{PAGE}#{field(app, PLAN, 'blurb')}-text") == (
        answer.status,
        answer.headers["location"],
    )
    assert RIGHT == english(app, PLAN, PickField.BLURB)
    assert form.get("data-save") is not None


def test_two_people_at_one_text_choose(app: App, kim: Person) -> None:
    """Both texts are shown, nothing is overwritten."""
    form = read(kim.get(PAGE)).xpath(f"//form[@id='{field(app, PLAN, 'headline')}']")[0]
    sent = {one.get("name"): one.get("value", "") for one in form.xpath(".//input")}
    translate(
        app,
        PLAN,
        PickField.HEADLINE,
        "Smart city plan confirmed",
        base="MOLIT confirms the smart city plan",
        name="lee",
    )
    answer = kim.post(form.get("action"), {**sent, "text": "The plan stands"})

    assert 409 == answer.status
    assert "The plan stands" in words(answer)
    assert "Smart city plan confirmed" in words(answer)
    assert "Smart city plan confirmed" == english(app, PLAN, PickField.HEADLINE)


def test_one_that_no_longer_fits_is_confirmed_by_a_button(app: App, kim: Person) -> None:
    """The page says what changed in the source; after the button it is printed again."""
    where = Where(story=story_of(app, PLAN), field=PickField.HEADLINE, language="ko")
    edit_field(editor_at(app), working_issue(app.desk).id, where, f"{PLAN}했다", base=PLAN)
    page = read(kim.get(PAGE))
    form = page.xpath("//div[@class='changed']//form")[0]
    sent = {one.get("name"): one.get("value", "") for one in form.xpath(".//input")}

    assert ["확정했다"] == [one.text for one in page.xpath("//div[@class='changed']//ins")]
    assert "다시 확인 1" in words(kim.get(PAGE))
    assert 303 == kim.post(form.get("action"), sent).status
    assert "다시 확인 1" not in words(kim.get(PAGE))


def test_a_reader_sees_the_texts_and_no_form(app: App) -> None:
    """Neither of a text nor of a file."""
    page = read(person(app, "reader").get(PAGE))

    assert not page.xpath("//main//form")
    assert "MOLIT confirms" in page.text_content()


def test_the_file_goes_out_and_comes_back(app: App, kim: Person) -> None:
    """As PO, and by its text."""
    page = kim.get(f"{PAGE}/file?language=en")
    file = polib.pofile(page.text + "\n")
    next(entry for entry in file if entry.msgid == HUB).msgstr = "Smart city data hub for all"
    answer = kim.post(f"{PAGE}/import", {"number": "48", "language": "en", "po": str(file)})

    assert 'attachment; filename="issue-48.en.po"' == page.headers["content-disposition"]
    assert 5 == len(file)
    assert 303 == answer.status
    assert "Smart city data hub for all" == english(app, HUB, PickField.HEADLINE)
    assert "2개 글을 받았습니다. 확인할 번역 0개, 빈 글 3개." in words(kim.get(PAGE))


@pytest.mark.parametrize(
    ("po", "code"),
    [
        ("", "desk.translation.no_file"),
        ("nothing of the kind", "translation"),
        ('msgid ""\nmsgstr "X-Issue: 47\\n"\n', "translation"),
    ],
)
def test_a_file_that_is_none_is_refused(kim: Person, po: str, code: str) -> None:
    """Nothing is changed; the script is told why."""
    form = {"number": "48", "language": "en", "po": po}
    answer = kim.post(f"{PAGE}/import", form, accept="application/json")

    assert 422 == answer.status
    assert f'"code":"{code}"' in answer.text


def test_a_published_issue_is_translated_by_its_publisher_alone(tmp_path: Path) -> None:
    """Its texts have no forms; a file changes what is printed."""
    with press_opened(tmp_path) as app:
        published(app)
        lee = person(app, "editor")
        page = lee.get(f"{PAGE}?number=48")
        file = lee.get(f"{PAGE}/file?number=48&language=en").text
        form = {"number": "48", "language": "en", "po": file}

        assert not read(page).xpath("//textarea[@data-field]")
        assert "이 호는 이미 나갔습니다." in words(page)
        assert 422 == lee.post(f"{PAGE}/import", form, accept="application/json").status
        assert (
            200
            == person(app, "publisher")
            .post(f"{PAGE}/import", form, accept="application/json")
            .status
        )


def test_an_empty_draft_says_what_to_do(tmp_path: Path) -> None:
    """First something is to be accepted; nothing is opened by looking."""
    with desk_opened(tmp_path) as app:
        page = person(app, "reader").get(PAGE)

        assert "먼저 받은 소식에서 고르십시오." in words(page)
        assert [] == app.store.issues(app.desk.series.id)


def test_a_text_is_cut_where_it_is_marked() -> None:
    """Where two marks overlap the red one counts; what reaches beyond the text is left out."""
    spans = [
        (Span(start=1, end=4), Severity.AMBER),
        (Span(start=2, end=3), Severity.RED),
        (Span(start=5, end=99), Severity.AMBER),
        (None, Severity.RED),
    ]

    assert (("a", ""), ("b", "amber"), ("c", "red"), ("d", "amber"), ("e", ""), ("f", "amber")) == (
        cut_at("abcdef", spans)
    )
