"""The verb lab: other rules tried on the live store, told and left alone."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from aggregator.cli import app
from aggregator.cli.fitting import WORD_MAX, fitted, short_word, wrapped
from tests.cli.conftest import Program, rss

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def tried(fed: Program, web: dict[str, bytes]) -> Program:
    """The program after its first issue, with other rules beside its own: a word more, a word less,
    a threshold, another section."""
    web["/seoul.xml"] = rss(
        "스마트시티 연구 협력", "서울 스마트시티 교통", "디지털트윈 하천 관리", feed="seoul", day=20
    )
    fed("refresh", "--all")
    fed("draft")
    fed("drop", "서울 스마트시티 교통", "--why", "an advertisement")
    fed(
        "add", "--section", "trend", "--title", "손으로", "--url", "https://x.example/",
        "--day", "2024-02-03",
    )  # fmt: skip
    assert 0 == fed("publish", "--accept-warnings", "Kim").status
    text = fed.config.read_text(encoding="utf-8")
    text = text.replace('words = ["스마트시티"]', 'words = ["디지털트윈", "하천", "연구 협력"]')
    text = text.replace('levels = ["ministry"]', 'levels = ["ministry"]\nthreshold = 4.0')
    (fed.folder / "other.toml").write_text(text, encoding="utf-8")
    return fed


def test_the_report(tried: Program) -> None:
    """As it is printed; AGG_UPDATE_GOLDEN=1 writes it anew."""
    done = tried("lab", "--config", tried.folder / "other.toml")

    assert (0, "") == (done.status, done.err)
    told = done.out.replace(f"{tried.folder}/", "")
    golden = GOLDEN / "lab.txt"
    if os.environ.get("AGG_UPDATE_GOLDEN") == "1":
        golden.write_text(told, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == told


def test_the_live_configuration_may_be_the_usual_one(
    tried: Program, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``aggregator lab --config other.toml`` in its folder: what stands before the verb is live,
    what stands behind it is tried."""
    monkeypatch.chdir(tried.folder)
    monkeypatch.setattr(sys, "argv", ["aggregator", "lab", "--config", "other.toml"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        app.main()

    assert 0 == ended.value.code
    assert capsys.readouterr().out.startswith(
        "other.toml tried against feeds.toml\n6 stories from "
    )


def test_the_live_store_is_left_alone(tried: Program) -> None:
    """Other feeds and another place of the data are of no matter to it, and nothing is made."""
    other = tried.folder / "other.toml"
    text = other.read_text(encoding="utf-8")
    text = text.replace('data_dir = "."', 'data_dir = "elsewhere"').replace(
        'id = "closed"', 'id = "new"'
    )
    other.write_text(text, encoding="utf-8")
    before = tried.rows()

    assert 0 == tried("lab", "--config", other).status

    assert before == tried.rows()
    assert not (tried.folder / "elsewhere").exists()


def test_the_live_rules_alone(tried: Program) -> None:
    """Without another file: sections, agreement, words."""
    done = tried("lab")

    assert 0 == done.status
    assert done.out.splitlines()[0] == (
        f"{tried.config} as it is; nothing is compared (lab --config FILE tries the rules of FILE)"
    )
    assert "before   after" not in done.out
    assert "Gained" not in done.out
    assert "No. 48" in done.out


def test_equal_rules_are_said_to_be_equal(tried: Program) -> None:
    """Whatever else stands in the file."""
    done = tried("lab", "--config", tried.config)

    assert "The rules are the same." in done.out
    assert "Lost, stories without a section now: 0" in done.out


def test_examples_are_as_many_as_asked(tried: Program) -> None:
    """None, or all; what is left out is said."""
    other = tried.folder / "other.toml"

    none = tried("lab", "--config", other, "--examples", 0).out
    every = tried("lab", "--config", other, "--all").out

    assert "  trend → none: 1\n    … and 1 more (--all shows them)" in none
    assert "2024-02-20  seoul  서울 스마트시티 교통" in every
    assert "more (--all" not in every


def test_days_without_stories(tried: Program) -> None:
    """Are said to have none, and days in the wrong order are refused."""
    other = tried.folder / "other.toml"

    none = tried("lab", "--config", other, "--since", "2024-03-01")
    wrong = tried("lab", "--config", other, "--since", "2024-03-01", "--until", "2024-02-01")

    assert 0 == none.status
    assert "no story of these days is stored: nothing to try rules on" in none.out
    assert "sections.issue.threshold  0 → 4" in none.out
    assert (2, "aggregator: --until 2024-02-01 lies before --since 2024-03-01\n") == (
        wrong.status, wrong.err,
    )  # fmt: skip


def test_mistakes_of_the_other_file(tried: Program) -> None:
    """As check tells them, each with its line."""
    other = tried.folder / "other.toml"
    text = other.read_text(encoding="utf-8").replace("weight = 3.0", 'weight = "3"')
    other.write_text(text.replace('must_any = ["core@title"]', 'must_any = ["cor"]'))

    done = tried("lab", "--config", other)

    assert (2, "") == (done.status, done.out)
    checked = tried("check", "--json")
    assert 0 == checked.status
    assert ["groups.core.weight", "topic.must_any[0]"] == [
        line.split(": ")[3] for line in done.err.splitlines()
    ]
    assert all(line.startswith(f"aggregator: {other}: line ") for line in done.err.splitlines())


def test_a_file_that_is_not_there(tried: Program) -> None:
    """Is named."""
    done = tried("lab", "--config", tried.folder / "nothing.toml")

    assert 2 == done.status
    assert "nothing.toml: file: there is no such file" in done.err


def test_a_file_without_rules(tried: Program) -> None:
    """Is hardly what was meant."""
    text = tried.config.read_text(encoding="utf-8")
    begin, end = text.index("[groups.core]"), text.index("[[sections]]")
    other = tried.folder / "bare.toml"
    other.write_text(text[:begin] + text[end:], encoding="utf-8")

    done = tried("lab", "--config", other)

    assert 2 == done.status
    assert "bare.toml has no rules to try, no [groups.…]" in done.err


def test_what_is_put_live_is_what_the_lab_said(tried: Program) -> None:
    """The other file in the place of the live one: the next refresh places stories as foretold."""
    other = tried.folder / "other.toml"
    report = json.loads(tried("lab", "--config", other, "--all", "--json").out)
    other.rename(tried.config)

    tried("refresh", "--all")

    now = {
        (line["id"], line["section"])
        for line in map(json.loads, tried("stories", "--json").out.splitlines())
    }
    changed = [*report["gained"], *report["lost"], *report["moved"]]
    assert changed
    assert {(one["id"], one["to"]) for one in changed} <= now


def test_a_pattern_that_sees_little_is_one_plain_warning(tried: Program) -> None:
    """As with check, and no line of the log between."""
    other = tried.folder / "other.toml"
    text = other.read_text(encoding="utf-8").replace('"하천"', '"하천", "re:(x+)+y"')
    other.write_text(text, encoding="utf-8")

    done = tried("lab", "--config", other)

    (line,) = done.err.splitlines()
    assert line.startswith(f"{other}: warning: line ")
    assert "re:(x+)+y" in line
    assert "pattern_may_take_long" not in done.out


def test_words_without_a_hit_are_named_where_their_group_changed(tried: Program) -> None:
    """Of other groups it is said how many they are, until all are asked for."""
    other = tried.folder / "other.toml"
    group = '\n[groups.more]\nweight = 1.0\nwords = ["수소충전소", "드론배송"]\n'
    for file in (tried.config, other):
        file.write_text(file.read_text(encoding="utf-8") + group, encoding="utf-8")
    other.write_text(
        other.read_text(encoding="utf-8").replace('"하천"', '"하천", "로봇배달"'), encoding="utf-8"
    )

    some = tried("lab", "--config", other).out
    every = tried("lab", "--config", other, "--all").out

    assert "  core (1)\n    로봇배달\n  more 2\n  (--all names them)\n" in some
    assert "  more (2)\n    수소충전소, 드론배송\n" in every


def test_lines_fit_a_terminal() -> None:
    """Korean syllables take two columns."""
    assert "스마트" == fitted("스마트", 6)
    assert "스마…" == fitted("스마트시티", 6)
    assert "스마트시티" == fitted("스마트시티", None)


def test_patterns_that_begin_alike_are_told_apart() -> None:
    """A long one is cut in its middle."""
    long = [
        f"re:(?:인공지능|스마트|지능형|사물인터넷)[^.]{{0,12}}(?:{end})" for end in ("교통", "침수")
    ]
    assert ["교통)", "침수)"] == [short_word(word)[-3:] for word in long]
    assert {WORD_MAX} == {len(short_word(word)) for word in long}
    assert "스마트시티" == short_word("스마트시티")


def test_lists_are_wrapped() -> None:
    """Behind their label, by columns; a long word stands on a line of its own."""
    lines = list(wrapped(["스마트시티"] * 12, first="  words  ", width=40))

    assert lines[0].startswith("  words  스마트시티, ")
    assert all(line.startswith("         스마트시티") for line in lines[1:])
    assert all(cell_len(line) <= 40 for line in lines)
    assert 12 == sum(line.count("스마트시티") for line in lines)
    assert [] == list(wrapped([], first="  words  "))
