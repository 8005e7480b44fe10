"""The page Preview: what it shows is what would go out, and nothing of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import IssueStatus
from aggregator.issue.snapshot import freeze
from aggregator.publish.site import SiteRenderer
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.services.publishing.previewing import preview_planet
from aggregator.services.publishing.publish import as_printed, editions_of, planet_of
from aggregator.web.desk.checking import Checks
from aggregator.web.desk.looks import Look, Scheme
from aggregator.web.desk.preview_files import mail_part
from tests.fixtures.desk import Shelf
from tests.fixtures.doors import Person, desk_opened, person, read, words
from tests.fixtures.press import NUMBER, PICTURE, press_opened

ROOT = f"/desk/preview/{NUMBER}"
KOREAN = f"issues/{NUMBER}/index.html"
ENGLISH = f"issues/{NUMBER}/en/index.html"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A desk with an issue in the making; looking at it changes nothing."""
    with press_opened(tmp_path_factory.mktemp("press")) as made:
        yield made


@pytest.fixture(scope="module")
def kim(app: App) -> Person:
    """Somebody who may look."""
    return person(app, "reader")


def whole_site(app: App) -> dict[str, bytes]:
    """What publishing would write."""
    draft = draft_at_hand(app.desk)
    coming = replace(
        draft.issue,
        number=draft.number,
        status=IssueStatus.PUBLISHED,
        published_at=app.clock.now(),
        snapshot=freeze(editions_of(app.desk, draft)),
    )
    planet = planet_of(app.desk, app.press.pictures, coming=coming)
    return {one.path: one.body for one in SiteRenderer().render(planet)}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_is_the_publishers(app: App, language: str) -> None:
    """Byte for byte what the whole site would have, though only this page is made."""
    planet = preview_planet(app.desk, app.press.pictures, draft_at_hand(app.desk))
    site = whole_site(app)
    files = app.previewer.issue_files(planet, NUMBER, language)

    assert 2 == len(files)
    for one in files:
        assert site[one.path] == one.body, one.path


def test_what_is_served_is_what_was_made(app: App, kim: Person) -> None:
    """To who leaves the colours to his device not a byte is changed."""
    site = whole_site(app)

    for path in (KOREAN, ENGLISH, "assets/site.css"):
        assert site[path].decode() == kim.get(f"{ROOT}/own/{path}").text


@pytest.mark.parametrize("form", ["html", "txt"])
def test_the_mail_is_what_the_list_would_get(app: App, kim: Person, form: str) -> None:
    """But for the address of its picture, which is not on the site yet."""
    printed = as_printed(app.desk, draft_at_hand(app.desk))
    letter = app.letters.letter(printed, "en", to="")
    text = mail_part(letter.body, "plain" if form == "txt" else "html")
    base = app.desk.options.base_url
    shown = kim.get(f"{ROOT}/own/mail.en.{form}").text

    assert "MOLIT confirms" in shown
    assert text.replace(f"{base}/pictures/", "pictures/") == shown


def test_pictures_stand_where_the_page_looks_for_them(app: App, kim: Person) -> None:
    """Below the look that was chosen."""
    picture = app.press.pictures.path_of(PICTURE)
    page = kim.get(f"{ROOT}/dark/{KOREAN}").text

    assert f'src="../../{picture}"' in page
    for path in (picture, "assets/skyline.svg", f"issues/{NUMBER}/month.svg"):
        assert 200 == kim.get(f"{ROOT}/dark/{path}").status, path


@pytest.mark.parametrize(
    "path",
    [
        "feeds.opml",
        "assets/../../../feeds.toml",
        "pictures/0123456789abcdef0123.png",
        "issues/47/index.html",
        "mail.fr.html",
        "mail.en.eml",
    ],
)
def test_nothing_else_is_served(kim: Person, path: str) -> None:
    """Neither other files nor other issues."""
    assert 404 == kim.get(f"{ROOT}/light/{path}").status


@pytest.mark.parametrize("root", ["/desk/preview/47/light", "/desk/preview/48/pink"])
def test_an_unknown_issue_or_look_is_none(kim: Person, root: str) -> None:
    """Whatever the path."""
    assert 404 == kim.get(f"{root}/{KOREAN}").status


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("path", [KOREAN, "assets/site.css", "mail.ko.html"])
def test_a_forced_look_asks_nobody(kim: Person, scheme: Scheme, path: str) -> None:
    """No question of the style sheet is left, and its answer is the one that was chosen."""
    text = kim.get(f"{ROOT}/{scheme}/{path}").text

    assert "prefers-color-scheme" not in text
    assert "light dark" not in text
    assert f"only {scheme}" in text


def test_only_the_words_about_colours_differ(kim: Person) -> None:
    """Of a page whose look is forced."""
    own = kim.get(f"{ROOT}/own/{KOREAN}").text
    dark = kim.get(f"{ROOT}/dark/{KOREAN}").text

    assert own == dark.replace('content="only dark"', 'content="light dark"')


def test_a_look_has_a_name_and_back() -> None:
    """All six."""
    looks = [Look(scheme=scheme, images=images) for scheme in Scheme for images in (True, False)]

    assert looks == [Look.of(one.slug) for one in looks]
    assert 6 == len({one.slug for one in looks})


@pytest.mark.parametrize("path", [KOREAN, "mail.ko.html"])
def test_without_pictures_the_policy_keeps_them_away(kim: Person, path: str) -> None:
    """The bytes are the same: mail programs do it so, too."""
    with_them, without = (kim.get(f"{ROOT}/{look}/{path}") for look in ("light", "light-bare"))

    assert with_them.text == without.text
    assert "img-src 'self';" in with_them.headers["content-security-policy"]
    assert "img-src 'none';" in without.headers["content-security-policy"]


@pytest.mark.parametrize("path", [KOREAN, "assets/site.css", "mail.ko.html", "mail.ko.txt"])
def test_a_document_is_shut_in(kim: Person, path: str) -> None:
    """It may be framed by the desk alone, and runs nothing there."""
    headers = kim.get(f"{ROOT}/light/{path}").headers
    policy = headers["content-security-policy"]

    assert "SAMEORIGIN" == headers["x-frame-options"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'self'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy


def test_the_page_frames_its_own_documents_alone(kim: Person) -> None:
    """In a sandbox of their own, too; no other page of the desk frames anything."""
    page = kim.get("/desk/preview?form=all")
    frames = read(page).xpath("//iframe")

    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert "frame-src" not in kim.get("/desk").headers["content-security-policy"]
    assert 3 == len(frames)
    assert {"allow-same-origin allow-popups allow-popups-to-escape-sandbox"} == {
        one.get("sandbox") for one in frames
    }
    assert all(kim.get(one.get("src")).status == 200 for one in frames)


def test_every_choice_is_a_link_that_keeps_the_others(kim: Person) -> None:
    """Language, form, width, colours and pictures, each by itself."""
    page = read(kim.get("/desk/preview?language=en&form=mail&width=375&scheme=dark&images=0"))
    chosen = [one.text_content() for one in page.xpath("//a[@aria-current='true']")]
    light = page.xpath("//a[text()='밝게']/@href")[0]

    assert ["영어", "메일", "375 휴대전화", "어둡게", "없음"] == chosen[-5:]
    assert [f"{ROOT}/dark-bare/mail.en.html"] == page.xpath("//iframe/@src")
    assert "/desk/preview?form=mail&language=en&width=375&scheme=light&images=0" == light


def test_the_lint_is_beside_it_and_leads_to_the_place(app: App, kim: Person) -> None:
    """What is not translated leads to what is left of the translation, an empty section to the inbox
    or the draft."""
    page = kim.get("/desk/preview?language=en")
    links = {one.text_content().partition(":")[0]: one.get("href") for one in
             read(page).xpath("//li[contains(@class, 'finding')]//a")}  # fmt: skip

    assert "번역이 없는 글" in words(page)
    assert links["번역이 없는 글"].endswith("?number=48&language=en&left=1")
    assert app.desk.series.sections[-1].titles["ko"] in words(page)


def test_links_are_asked_where_somebody_wants_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the guarded fetcher; what does not answer is among what was found until the issue
    changes."""
    monkeypatch.setattr(type(app), "new_remembering_fetcher", lambda _: Shelf({}))
    checks, draft = Checks(), draft_at_hand(app.desk)
    before = checks.findings(app, draft)

    assert checks.asked_at(app, draft) is None
    assert checks.ask_links(app, draft)
    after = checks.findings(app, draft)
    assert {"link-silent"} == {one.code for one in after} - {one.code for one in before}
    assert app.clock.now() == checks.asked_at(app, draft)


def test_who_may_edit_can_ask_for_links(
    app: App, kim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a button of the page."""
    monkeypatch.setattr(type(app), "new_remembering_fetcher", lambda _: Shelf({}))
    lee = person(app, "editor")
    answer = lee.post("/desk/preview/links", {"number": "48", "next": "/desk/preview?form=mail"})

    assert (303, "/desk/preview?form=mail#lint") == (answer.status, answer.headers["location"])
    assert "링크를 모두 물어보았습니다." in words(lee.get("/desk/preview"))
    assert "preview/links" not in kim.get("/desk/preview").text


def test_looking_opens_no_issue(tmp_path: Path) -> None:
    """An issue that nobody worked on yet can be looked at, and stays unopened."""
    with desk_opened(tmp_path) as app:
        lee = person(app, "reader")

        assert 200 == lee.get("/desk/preview").status
        assert 200 == lee.get(f"{ROOT}/light/{KOREAN}").status
        assert [] == app.store.issues(app.desk.series.id)


def test_an_issue_that_there_is_not_leads_back(kim: Person) -> None:
    """With a line that says so."""
    page = kim.get("/desk/preview?number=12")

    assert (303, "/desk/preview") == (page.status, page.headers["location"])
    assert "그런 호는 없습니다." in words(kim.get("/desk/preview"))
