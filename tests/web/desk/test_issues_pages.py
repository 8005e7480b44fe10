"""The pages Issues and one issue: where it stands, out by its number, and put right in the open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.domain.editing import Stage
from aggregator.domain.findings import Severity
from aggregator.domain.issues import IssueStatus, PickField
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.standings import standing_of
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.web.desk.checking import Checks
from aggregator.web.desk.findings import title_key
from tests.fixtures.doors import Person, desk_opened, person, read, words
from tests.fixtures.press import HUB, PLAN, press_opened, story_of, translate
from tests.fixtures.publication import approved, published, site_file

PAGE = "/desk/issues/48"
CORRECT = f"{PAGE}/correct"
JSON = {"accept": "application/json"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with an issue in the making; the lint finds amber in it, and no red."""
    with press_opened(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A desk whose issue is out; who changes it, corrects the second item."""
    with press_opened(tmp_path_factory.mktemp("out")) as made:
        published(made)
        yield made


def stage(app: App) -> Stage:
    """Where the issue stands."""
    return standing_of(app.desk, app.store.issues(app.desk.series.id)[0]).stage


def hidden(page: Person, path: str, action: str) -> dict[str, str]:
    """The hidden fields of a form of a page."""
    form = read(page.get(path)).xpath(f"//form[@action='{action}']")[0]
    return {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden']")}


# --- the archive ----------------------------------------------------------------------------------


def test_the_archive_names_each_issue(out: App) -> None:
    """Its state, its day, what it holds, in which languages, who answered for it."""
    row = read(person(out, "reader").get("/desk/issues")).xpath("//table//tbody/tr")[0]
    told = [" ".join(one.text_content().split()) for one in row]

    assert ["제48호", "발행됨", "3", "한국어, 영어", "publisher"] == [
        told[place] for place in (0, 1, 3, 4, 5)
    ]
    assert told[2].startswith("2024.3.4 (월)")
    assert told[6] == "2024.3.4 10:00publisher"


def test_an_issue_that_is_not_opened_is_shown_without_opening_it(tmp_path: Path) -> None:
    """With the number that it will take."""
    with desk_opened(tmp_path) as app:
        lee = person(app, "reader")

        assert "제48호 시작 전" in words(lee.get("/desk/issues"))
        assert "초안에 실린 소식이 없습니다." in words(lee.get(PAGE))
        assert [] == app.store.issues(app.desk.series.id)


@pytest.mark.parametrize("number", ["47", "0", "x", "99999999999999999999"])
def test_an_issue_that_there_is_not_leads_to_the_archive(out: App, number: str) -> None:
    """With a line that says so."""
    page = person(out, "reader").get(f"/desk/issues/{number}")

    assert (303, "/desk/issues") == (page.status, page.headers["location"])


# --- out of the house -----------------------------------------------------------------------------


def test_a_draft_says_what_is_next(app: App) -> None:
    """To be looked at and approved; there is no way to publish it yet."""
    page = read(person(app, "publisher").get(PAGE))

    assert "승인하면 발행할 수 있습니다" in page.text_content()
    assert [f"/desk/draft/issue/{step}" for step in ("approve", "review")] == [
        one.get("action") for one in page.xpath("//section[@id='next']//form")
    ]


def test_it_goes_out_by_its_number(app: App) -> None:
    """Under the name of whoever takes on what is amber; then the page says what went out."""
    approved(app)
    kim = person(app, "publisher")
    form = {**hidden(kim, PAGE, f"{PAGE}/publish"), "typed": "제48호", "accepted_by": "Kim"}
    answer = kim.post(f"{PAGE}/publish", form)
    page = kim.get(PAGE)

    assert (303, f"{PAGE}#out") == (answer.status, answer.headers["location"])
    assert Stage.PUBLISHED is stage(app)
    assert PLAN in site_file(app, "issues/48/index.html")
    assert "제48호가 나갔습니다." in words(page)
    assert "바뀐 피드" in words(page)
    assert "feed.atom" in words(page)
    assert "메일 목록이 설정되지 않아" in words(page)
    assert "점검을 받아들임: 빈 분야 ×3, 번역이 없는 글 Kim" in words(page)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"typed": "47", "accepted_by": "Kim"}, "desk.issues.not_confirmed"),
        ({"typed": "", "accepted_by": "Kim"}, "desk.issues.not_confirmed"),
        ({"typed": "48"}, "desk.issues.refused_amber"),
        ({"typed": "48", "accepted_by": "  "}, "desk.issues.refused_amber"),
    ],
)
def test_without_its_number_or_a_name_it_stays(app: App, form: dict[str, str], code: str) -> None:
    """And whoever asked is told why, and that nothing went out."""
    approved(app)
    answer = person(app, "publisher").post(f"{PAGE}/publish", form, **JSON)

    assert (422, Stage.APPROVED) == (answer.status, stage(app))
    assert f'"code":"{code}"' in answer.text


def test_red_blocks_it(app: App) -> None:
    """There is no form, and whoever sends one is refused."""
    translate(app, PLAN, PickField.BLURB, "The plan is 확정, 12 cities get 15 billion won.")
    approved(app)
    kim = person(app, "publisher")
    answer = kim.post(f"{PAGE}/publish", {"typed": "48", "accepted_by": "Kim"}, **JSON)

    assert not read(kim.get(PAGE)).xpath(f"//form[@action='{PAGE}/publish']")
    assert "빨간 점검 1개를 고쳐야" in words(kim.get(PAGE))
    assert '"code":"desk.issues.refused_red"' in answer.text
    assert Stage.APPROVED is stage(app)


def test_a_draft_is_not_published(app: App) -> None:
    """Nobody answers for it."""
    answer = person(app, "publisher").post(f"{PAGE}/publish", {"typed": "48"}, **JSON)

    assert (409, Stage.DRAFT) == (answer.status, stage(app))


def test_an_hour_is_set_and_taken_back(app: App) -> None:
    """The issue stays approved by who approved it."""
    approved(app)
    kim = person(app, "publisher")
    form = {**hidden(kim, PAGE, f"{PAGE}/schedule"), "at": "2024-03-05T09:30"}

    assert 303 == kim.post(f"{PAGE}/schedule", {**form, "accepted_by": "Kim"}).status
    assert Stage.SCHEDULED is stage(app)
    assert "2024.3.5 09:30" in words(kim.get(PAGE))
    assert 303 == kim.post(f"{PAGE}/unschedule", hidden(kim, PAGE, f"{PAGE}/unschedule")).status
    assert Stage.APPROVED is stage(app)
    assert "publisher 님이 승인했습니다." in words(kim.get(PAGE))
    assert 422 == kim.post(f"{PAGE}/unschedule", {}, **JSON).status


@pytest.mark.parametrize("at", ["tomorrow", "2024-03-01T10:00"])
def test_an_hour_that_is_none_or_past_is_refused(app: App, at: str) -> None:
    """The issue stays as it is."""
    approved(app)
    kim = person(app, "publisher")
    form = {**hidden(kim, PAGE, f"{PAGE}/schedule"), "at": at}

    assert (422, Stage.APPROVED) == (
        kim.post(f"{PAGE}/schedule", form, **JSON).status,
        stage(app),
    )


def test_it_can_be_a_draft_again(app: App) -> None:
    """Which an editor may ask for."""
    approved(app)

    assert 303 == person(app, "editor").post(f"{PAGE}/back", {}).status
    assert Stage.DRAFT is stage(app)


def test_who_may_not_publish_is_told_who_does(app: App) -> None:
    """And has no form for it."""
    approved(app)
    page = person(app, "editor").get(PAGE)

    assert "승인과 발행은 발행인이 합니다." in words(page)
    assert not read(page).xpath("//form[contains(@action, 'publish')]")


def test_the_way_of_the_issue_is_told(out: App) -> None:
    """Stage by stage, by whom, with what they said."""
    told = words(person(out, "reader").get(PAGE))

    assert "초안 → 승인됨 publisher · 2024.3.4 10:00 · fine" in told
    assert "승인됨 → 발행됨 publisher" in told


# --- put right in the open ------------------------------------------------------------------------


def test_each_item_leads_to_its_correction(out: App) -> None:
    """For who may correct; the form has what is printed now."""
    links = read(person(out, "publisher").get(PAGE)).xpath("//a[contains(@href, 'correct')]/@href")
    page = read(person(out, "publisher").get(links[0]))

    assert 3 == len(links)
    assert not read(person(out, "editor").get(PAGE)).xpath("//a[contains(@href, 'correct')]")
    assert [PLAN, "MOLIT confirms the smart city plan"] == [
        one.text for one in page.xpath("//textarea[starts-with(@name, 'value')]")
    ]


def test_it_is_shown_before_it_is_done(out: App) -> None:
    """As readers of each edition will see it; nothing is recorded by that."""
    kim = person(out, "publisher")
    form = {
        "item": story_of(out, PLAN),
        "field": "headline",
        "value.ko": PLAN,
        "value.en": "MOLIT adopts the smart city plan",
        "note.ko": "영문 제목을 바로잡았습니다.",
        "note.en": "The headline was wrong.",
        "do": "look",
    }
    page = kim.post(CORRECT, form)
    seen = read(page).xpath("//section[@id='seen']")[0]

    assert 200 == page.status
    assert ["adopts"] == [one.text for one in seen.xpath(".//ins")]
    assert "영문 제목을 바로잡았습니다." in seen.text_content()
    assert "MOLIT adopts the smart city plan" == read(page).xpath("//textarea[@lang='en']")[0].text
    assert [] == out.store.corrections(out.desk.series.id)


def test_it_is_recorded_and_the_site_shows_it(app: App) -> None:
    """Under the name of who did it, dated, with the note in each language."""
    published(app)
    app.clock = FixedClock(app.clock.now() + timedelta(days=1))
    app.__dict__.pop("desk")
    kim = person(app, "publisher")
    form = {
        "item": story_of(app, PLAN),
        "field": "headline",
        "value.ko": PLAN,
        "value.en": "MOLIT adopts the smart city plan",
        "note.en": "The headline was wrong.",
        "do": "record",
    }
    answer = kim.post(CORRECT, form)
    (made,) = app.store.corrections(app.desk.series.id)

    assert (303, f"{PAGE}#corrections") == (answer.status, answer.headers["location"])
    assert ("publisher", ["en"]) == (made.by, [*made.texts])
    assert "MOLIT adopts the smart city plan" in site_file(app, "issues/48/en/index.html")
    assert "The headline was wrong." in words(kim.get(PAGE))
    assert Stage.CORRECTED is stage(app)
    assert "정정됨" in words(kim.get("/desk/issues"))


def test_a_text_without_a_translation_has_an_empty_box(out: App) -> None:
    """Beside what is printed in its place, and what becomes of it."""
    page = read(person(out, "publisher").get(f"{CORRECT}?item={story_of(out, HUB)}&field=headline"))
    korean, english = page.xpath("//textarea[starts-with(@name, 'value')]")
    beside = page.get_element_by_id(english.get("aria-describedby"))

    assert (HUB, None) == (korean.text, english.text)
    assert "비워 두면 한국어 글을 고친 대로 함께 바뀝니다" in beside.text_content()
    assert [("ko", HUB)] == [(one.get("lang"), one.text) for one in page.xpath("//blockquote")]


@pytest.mark.parametrize(
    ("typed", "changed", "english"),
    [
        ({"value.ko": "데이터 허브 확대", "value.en": ""}, {"ko", "en"}, "데이터 허브 확대"),
        ({"value.ko": HUB, "value.en": "A data hub"}, {"en"}, "A data hub"),
        ({"value.ko": "데이터 허브 확대", "value.en": "A hub"}, {"ko", "en"}, "A hub"),
    ],
)
def test_what_is_shown_in_place_of_a_translation_follows(
    app: App, typed: dict[str, str], changed: set[str], english: str
) -> None:
    """Unless one is given now; print and feed of both languages tell the same."""
    published(app)
    form = {"item": story_of(app, HUB), "field": "headline", "do": "record", **typed}
    answer = person(app, "publisher").post(CORRECT, {**form, "accepted_by": "Kim"})
    (made,) = app.store.corrections(app.desk.series.id)

    assert 303 == answer.status
    assert changed == {*made.texts}
    assert english in site_file(app, "issues/48/en/index.html")
    assert english in site_file(app, "en/corrections.atom")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"field": "headline", "value.ko": PLAN}, "이렇게는 할 수 없습니다."),
        ({"field": "note"}, "이렇게는 할 수 없습니다."),
        ({"field": "day", "value": "yesterday"}, "이렇게는 할 수 없습니다."),
        ({"field": "link", "value": "javascript:alert(1)"}, "이렇게는 할 수 없습니다."),
        ({"field": "headline", "value.en": "The 계획 stands"}, "빨간 점검이 생깁니다"),
    ],
)
def test_what_cannot_be_recorded_keeps_what_was_typed(
    out: App, form: dict[str, str], told: str
) -> None:
    """The form comes back with it, and says why."""
    sent = {"item": story_of(out, PLAN), "do": "record", **form}
    page = person(out, "publisher").post(CORRECT, sent)
    typed = {**form}.get("value.en") or form.get("value", "")

    assert 422 == page.status
    assert told in words(page)
    assert typed in page.text
    assert [] == out.store.corrections(out.desk.series.id)


@pytest.mark.parametrize("field", ["body", "day", "link", "blurb", "withdrawn", "note"])
def test_every_field_has_a_form(out: App, field: str) -> None:
    """With what is printed now, as a form takes it."""
    page = person(out, "publisher").get(f"{CORRECT}?item={story_of(out, PLAN)}&field={field}")
    values = read(page).xpath("//input[@id='value']/@value")

    assert 200 == page.status
    assert {
        "body": ["국토교통부"],
        "day": ["2024-02-20"],
        "link": [f"https://molit.example/{PLAN}"],
    }.get(field, []) == values


@pytest.mark.parametrize("path", [f"{CORRECT}?item=no-such", "/desk/issues/49/correct?item=x"])
def test_what_is_not_printed_cannot_be_corrected(out: App, path: str) -> None:
    """It leads to the archive with a line."""
    assert 303 == person(out, "publisher").get(path).status


def test_the_lint_is_remembered_until_something_changes(app: App) -> None:
    """A change of a text is found at once."""
    checks = Checks()
    before = checks.findings(app, draft_at_hand(app.desk))

    assert checks.findings(app, draft_at_hand(app.desk)) is before
    translate(app, PLAN, PickField.BLURB, "The plan is 확정, 12 cities get 15 billion won.")
    after = checks.findings(app, draft_at_hand(app.desk))
    assert {Severity.AMBER} == {one.severity for one in before}
    assert "hangul-left" in {one.code for one in after}


def test_every_kind_of_finding_has_a_name(app: App) -> None:
    """In both languages, whatever docs/lint.md lists."""
    text = (Path(__file__).parents[3] / "docs" / "lint.md").read_text(encoding="utf-8")
    rows = (line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    codes = {code.strip(" `") for row in rows for code in row.split(",")}
    known = app.desk.catalogue.texts

    assert len(codes) > 40
    assert set() == {one for one in codes if f"desk.lint.{one.replace('-', '_')}" not in known}
    assert IssueStatus.DRAFT is working_issue(app.desk).status
    for finding in Checks().findings(app, draft_at_hand(app.desk)):
        assert title_key(finding) in known


def test_what_was_typed_is_there_when_a_publication_is_refused(app: App) -> None:
    """The number stays, the field that is wrong says so, and the page is no redirect."""
    approved(app)
    kim = person(app, "publisher")
    form = {**hidden(kim, PAGE, f"{PAGE}/publish"), "typed": "48", "accepted_by": ""}
    page = kim.post(f"{PAGE}/publish", form)

    fields = {one.get("name"): one for one in read(page).xpath("//form[@id='publish']//input")}
    assert (422, Stage.APPROVED) == (page.status, stage(app))
    assert ("48", "true") == (
        fields["typed"].get("value"),
        fields["accepted_by"].get("aria-invalid"),
    )
    assert read(page).xpath("//*[@id='problem']")


def test_a_wrong_number_is_said_at_its_field(app: App) -> None:
    """With the name that was given."""
    approved(app)
    form = {"typed": "47", "accepted_by": "Kim Su"}
    page = read(person(app, "publisher").post(f"{PAGE}/publish", form))

    fields = {one.get("name"): one for one in page.xpath("//form[@id='publish']//input")}
    assert ("47", "true", "Kim Su") == (
        fields["typed"].get("value"),
        fields["typed"].get("aria-invalid"),
        fields["accepted_by"].get("value"),
    )


def test_who_takes_it_on_is_proposed_by_his_account(app: App) -> None:
    """Wherever a name is asked for: to publish, to schedule, on the page of the draft."""
    approved(app)
    kim = person(app, "publisher")
    found = [
        one.get("value")
        for path in (PAGE, "/desk/draft")
        for one in read(kim.get(path)).xpath("//input[@name='accepted_by']")
    ]

    assert ["publisher"] * 3 == found


def test_an_hour_that_is_set_in_the_draft_keeps_the_name(app: App) -> None:
    """So that what is amber does not hold the issue back then."""
    approved(app)
    kim = person(app, "publisher")
    page = read(kim.get("/desk/draft"))
    form = page.xpath("//form[@action='/desk/draft/issue/schedule']")[0]
    kim.post(form.get("action"), {**dict(form.form_values()), "at": "2024-03-05T09:30"})

    standing = standing_of(app.desk, app.store.issues(app.desk.series.id)[0])
    assert (Stage.SCHEDULED, "publisher") == (standing.stage, standing.accepted_by)
