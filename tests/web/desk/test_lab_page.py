"""The page Rule lab: what other rules change, and how they get into force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.bootstrap import App
from aggregator.config.load import read_text
from aggregator.config.rule_part import rule_part
from aggregator.daemon.reload import ConfigFile
from tests.fixtures.asking import Page
from tests.fixtures.doors import Person, person, read, words
from tests.fixtures.looking import desk_with_releases

ROAD = '"국도 보수"'


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases."""
    with desk_with_releases(tmp_path) as made:
        yield made


def box(page: Page) -> str:
    """What stands in the box: a browser leaves the line end behind the tag out."""
    text: str = read(page).xpath("//textarea")[0].text_content()
    return text.removeprefix("\n")


def typed(who: Person) -> dict[str, str]:
    """The form as the page shows it."""
    page = who.get("/desk/lab")
    assert 200 == page.status
    (form,) = read(page).xpath("//form[@data-lab]")
    return {
        "rules": box(page),
        "base": form.xpath(".//input[@name='base']/@value")[0],
        "months": "3",
    }


def changed(form: dict[str, str]) -> dict[str, str]:
    """With a word more in the first group: that gains the road."""
    return {**form, "rules": form["rules"].replace("words = [", f"words = [{ROAD}, ", 1)}


def told(page: Page) -> Any:  # noqa: ANN401 - JSON
    return json.loads(page.text)


def test_the_rules_of_the_file_are_there_to_be_changed(app: App) -> None:
    """Word for word, comments too."""
    assert rule_part(app.config.path).text == typed(person(app, "editor"))["rules"]


def test_a_reader_may_look(app: App) -> None:
    """And neither try nor change anything."""
    kim = person(app, "reader")
    page = read(kim.get("/desk/lab"))

    assert (["readonly"], []) == (
        page.xpath("//textarea/@readonly"),
        page.xpath("//main//button | //form[@data-lab]"),
    )
    assert 403 == kim.post("/desk/lab", {"rules": "x"}).status


def test_what_other_rules_gain_is_shown(app: App) -> None:
    """With the words that did it, without a script."""
    kim = person(app, "editor")
    page = kim.post("/desk/lab", changed(typed(kim)))
    text = words(page)

    assert 200 == page.status
    assert "3건 가운데 새로 들어옴 1건, 빠짐 0건" in text
    assert "국도 보수 2024.2.21" in text
    assert "국도 보수 0 →" in text


def test_the_same_rules_change_nothing(app: App) -> None:
    """And that is said."""
    kim = person(app, "editor")

    assert "지금 규칙과 같습니다" in words(kim.post("/desk/lab", typed(kim)))


def test_the_script_gets_the_result_alone(app: App) -> None:
    """As markup, and in one line for who hears it."""
    kim = person(app, "editor")
    form = changed(typed(kim))
    found: Any = {"state": "counting"}
    while found["state"] == "counting":
        found = told(kim.post("/desk/lab", form, accept="application/json"))

    assert (True, "done") == (found["ok"], found["state"])
    assert "<html" not in found["html"]
    assert "새로 들어옴 1건" in found["says"]


def test_a_mistake_is_named_with_its_line(app: App) -> None:
    """In the box, with what stands there; what was typed stays."""
    kim = person(app, "editor")
    form = typed(kim)
    form["rules"] = form["rules"].replace("[topic]", "[topic]\ncolour = <script>", 1)
    page = kim.post("/desk/lab", form)
    line = form["rules"].split("\n").index("colour = <script>") + 1

    assert 422 == page.status
    assert f"{line}째 줄" in words(page)
    assert form["rules"] == box(page)
    assert "<script>" not in page.text.replace('<script src="', "")
    assert "mistakes" == told(kim.post("/desk/lab", form, accept="application/json"))["state"]


def test_nothing_is_written_by_a_trial(app: App) -> None:
    """Neither file nor placements."""
    kim = person(app, "editor")
    before = (read_text(app.config.path), [one.placement for one in app.store.stories()])
    kim.post("/desk/lab", changed(typed(kim)))

    assert before == (read_text(app.config.path), [one.placement for one in app.store.stories()])


@pytest.mark.parametrize(("role", "name"), [("editor", "rules.toml"), ("admin", "feeds.toml")])
def test_the_rules_can_be_taken_along(app: App, role: str, name: str) -> None:
    """An editor gets what he has seen, an admin the whole file."""
    kim = person(app, role)
    form = changed(typed(kim))
    page = kim.post("/desk/lab/file", form)

    assert f'attachment; filename="{name}"' == page.headers["content-disposition"]
    assert form["rules"] in page.text
    assert ("[[feeds]]" in page.text) is (role == "admin")


def test_an_admin_puts_them_live(app: App) -> None:
    """The daemon takes them at its next turn."""
    kim = person(app, "admin")
    file = ConfigFile.of(app)
    form = changed(typed(kim))
    done = kim.post("/desk/lab/live", form)
    config = file.look(app)

    assert (303, "/desk/lab") == (done.status, done.headers["location"])
    assert "규칙을 적용했습니다" in words(kim.get("/desk/lab"))
    assert form["rules"] == rule_part(app.config.path).text
    assert config is not None
    assert "국도 보수" in {word for group in config.rules.groups for word in group.words}


def test_the_log_says_who_put_which_rules_live(app: App) -> None:
    """With the lines that went and those that came, and the file that has the former ones."""
    kim = person(app, "admin")
    kim.post("/desk/lab/live", changed(typed(kim)))
    page = read(kim.get("/desk/log?kind=rules"))
    [line] = page.xpath("//main//li[.//*[contains(@class,'badge')]]")
    told_of = " ".join(line.text_content().split())

    assert "admin" in told_of
    assert "규칙 적용" in told_of
    assert "국도 보수" in " ".join(line.xpath(".//ins/text()"))
    assert "feeds.toml.20240304T" in told_of


def test_an_editor_may_not(app: App) -> None:
    """Nor is he offered to."""
    kim = person(app, "editor")
    form = changed(typed(kim))

    assert 403 == kim.post("/desk/lab/live", form).status
    assert [] == read(kim.get("/desk/lab")).xpath("//button[@formaction='/desk/lab/live']")


def test_who_comes_second_is_shown_both(app: App) -> None:
    """And has the last word, if he wants it."""
    kim = person(app, "admin")
    form = typed(kim)
    mine = {**form, "rules": form["rules"].replace("[topic]", "# mine\n[topic]")}
    kim.post("/desk/lab/live", changed(form))
    page = kim.post("/desk/lab/live", mine)

    assert 409 == page.status
    assert "국도 보수" in " ".join(read(page).xpath("//pre/del/text()"))
    assert mine["rules"] == box(page)
    again = {**mine, "base": read(page).xpath("//input[@name='base']/@value")[0]}
    assert 303 == kim.post("/desk/lab/live", again).status
    assert mine["rules"] == rule_part(app.config.path).text


def test_the_script_is_told_of_both(app: App) -> None:
    """As JSON."""
    kim = person(app, "admin")
    form = typed(kim)
    kim.post("/desk/lab/live", changed(form))
    page = kim.post("/desk/lab/live", form, accept="application/json")

    assert (409, form["rules"], changed(form)["rules"]) == (
        page.status,
        told(page)["mine"],
        told(page)["theirs"],
    )


def test_what_is_wrong_is_not_put_live(app: App) -> None:
    """The file stays."""
    kim = person(app, "admin")
    before = read_text(app.config.path)
    form = typed(kim)
    form["rules"] += "\n[server]\nlisten = '0.0.0.0:80'\n"

    assert 422 == kim.post("/desk/lab/live", form).status
    assert before == read_text(app.config.path)
