"""The verb lint, and the gate before publishing."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.cli.conftest import Program
from tests.cli.test_json import documented


def test_the_table_is_by_severity(fed: Program) -> None:
    """A head with the counts, then each finding with its item; amber ends with 1."""
    fed("draft")

    done = fed("lint", "--offline")

    assert 1 == done.status
    assert done.out.startswith("No. 48: 0 red, ")
    assert "; links not asked\n\namber (" in done.out
    assert "section news is empty" in done.out


def test_the_form_is_documented(fed: Program) -> None:
    """Each finding too."""
    fed("draft")

    form = json.loads(fed("lint", "--offline", "--json").out)

    assert documented("lint") == form.keys()
    assert [documented("finding")] * form["amber"] == [one.keys() for one in form["findings"]]
    assert form["links"] is None


def test_red_ends_with_1_too(fed: Program) -> None:
    """2 is for wrong use, and the head says what it is."""
    fed("draft")
    (fed.folder / "48.po").write_text(_translated(fed), encoding="utf-8")
    fed("translation", "import", "48", str(fed.folder / "48.po"), "--lang", "en")

    done = fed("lint", "--offline")

    assert 1 == done.status
    assert not done.out.startswith("No. 48: 0 red")


def test_an_issue_that_is_not_there(fed: Program) -> None:
    """Nothing is looked at, and a line says so; wrong use ends with another status."""
    done = fed("lint", "99", "--offline")
    assert (1, "") == (done.status, done.out)
    assert done.err.startswith("aggregator: there is no issue No. 99")
    assert 2 == fed("lint", "--no-such-option").status


def test_what_is_not_asked_is_counted(fed: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes links for good that were left out."""
    for place in ("aggregator.services.publishing.linting", "aggregator.cli.lint"):
        monkeypatch.setattr(f"{place}.LINKS_AT_MOST", 2)
    fed("draft")

    form = json.loads(fed("lint", "--json").out)

    assert (2, 1) == (form["links"], form["links_left_out"])
    assert "2 links asked, 1 more not (at most 2)\n" in fed("lint").out


def test_links_are_asked_of_their_servers(fed: Program) -> None:
    """The server of the test speaks no TLS: three pages do not answer, which is amber."""
    fed("draft")

    done = fed("lint", "--json")

    form = json.loads(done.out)
    assert (1, 3) == (done.status, form["links"])
    assert 3 == sum(one["code"] == "link-silent" for one in form["findings"])


def test_amber_needs_a_name(fed: Program) -> None:
    """Without one there is a line for each finding, and the draft stays one."""
    fed("draft")

    done = fed("publish")

    head, *lines = done.err.splitlines()
    assert (1, "") == (done.status, done.out)
    assert head.startswith("aggregator: No. 48 is not published, ")
    assert head.endswith("take them on: --accept-warnings NAME")
    assert all(line.startswith("aggregator: amber ") for line in lines)
    assert "(draft)" in fed("draft").out


def test_the_log_keeps_the_name(fed: Program) -> None:
    """And what was taken on, with the publication."""
    fed("draft")
    fed("publish", "--accept-warnings", " Kim  Ji-won ")

    with sqlite3.connect(fed.folder / "aggregator.db") as store:
        rows = store.execute("select actor, cause, new from edits where field = 'lint'").fetchall()

    ((actor, cause, told),) = rows
    assert ("Kim Ji-won", "accept-warnings") == (actor, cause)
    assert "untranslated" in told.split(", ")


@pytest.mark.parametrize("name", [(), ("--accept-warnings", "Kim")])
def test_red_is_not_taken_on(fed: Program, name: tuple[str, ...]) -> None:
    """By nobody: an English headline with Hangul left in it."""
    fed("draft")
    (fed.folder / "48.po").write_text(_translated(fed), encoding="utf-8")
    taken = fed("translation", "import", "48", str(fed.folder / "48.po"), "--lang", "en")
    assert 0 == taken.status, taken.err

    done = fed("publish", *name)

    assert 1 == done.status
    assert "mend them\n" in done.err
    assert "red hangul-left" in done.err
    assert "amber" not in done.err


def test_a_mail_that_cannot_be_made_is_red(fed: Program) -> None:
    """Before the issue is frozen, so that nothing is half done: here the tagline alone is too long."""
    text = fed.config.read_text(encoding="utf-8")
    fed.config.write_text(text.replace("확인하세요!", "확인 " * 20_000), encoding="utf-8")
    fed("draft")

    done = fed("publish", "--accept-warnings", "Kim")

    assert 1 == done.status
    assert "red mail-large ko: the mail of No. 48" in done.err
    assert "(draft)" in fed("draft").out


def _translated(fed: Program) -> str:
    """Every text of the draft translated into the same words, some of them Korean."""
    text = fed("translation", "export", "--lang", "en").out
    head, *entries = text.split("\n\n")
    return "\n\n".join(
        [head, *(e.replace('msgstr ""', 'msgstr "A plan for 스마트시티"') for e in entries)]
    )
