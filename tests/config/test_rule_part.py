"""The rules as a text of their own, and their way back into the file."""

from __future__ import annotations

import errno
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.config.load import read_text
from aggregator.config.rule_part import cut, put_live, rule_part, try_rules
from aggregator.domain.edit_errors import RulesMoved
from aggregator.domain.errors import ConfigError, StoreError, UsageError
from tests.fixtures.program import write_config

NOW = datetime(2024, 3, 4, 1, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration with comments everywhere."""
    return write_config(tmp_path, 1)


def add_word(text: str) -> str:
    """Other rules: one more word, in the first group."""
    return text.replace("words = [", 'words = ["새낱말", ', 1)


def test_a_file_is_cut_without_a_loss(file: Path) -> None:
    """Before, rules and after are the file."""
    text = read_text(file)
    part = rule_part(file)

    assert text.rstrip("\n") == part.whole(part.text).rstrip("\n")
    assert {"match", "groups", "topic", "sections"} == set(tomllib.loads(part.text))


def test_the_shipped_file_is_cut_without_a_loss() -> None:
    """It is a long one, and its rules come last."""
    text = read_text(Path(__file__).parents[2] / "feeds.toml")
    part = cut(text)

    assert text == part.whole(part.text)
    assert text.split("\n")[part.first - 1] == part.text.split("\n")[0]


@pytest.mark.parametrize("blanks", [0, 1, 3])
def test_what_stands_behind_stays(blanks: int) -> None:
    """With its comment and the blank lines before it."""
    text = "# above\n[topic]\nthreshold = 1\n" + "\n" * blanks + "# of the next\n[publish]\na = 1\n"
    part = cut(text)

    assert (text, "# above\n[topic]\nthreshold = 1\n") == (part.whole(part.text), part.text)


def test_a_file_without_rules_has_no_part() -> None:
    """There is nothing to edit."""
    with pytest.raises(UsageError, match="no rules"):
        cut("schema = 1\n[publish]\n")


def test_a_mistake_has_its_line_in_the_file(file: Path) -> None:
    """Which is where the rules begin, and so much further down."""
    part = rule_part(file)
    lines = part.text.split("\n")
    place = lines.index("[topic]")
    lines.insert(place + 1, "colour = 1")
    with pytest.raises(ConfigError) as refused:
        try_rules(part, "\n".join(lines), file, {})

    assert [part.first + place + 1] == [one.line for one in refused.value.problems]


@pytest.mark.parametrize(
    "more",
    [
        '[server]\nlisten = "0.0.0.0:80"',
        '[[feeds]]\nid = "x"\nurl = "http://a.example/"\nbody = "molit"',
    ],
)
def test_nothing_but_rules_is_taken(file: Path, more: str) -> None:
    """An address, or another feed, is no rule."""
    part = rule_part(file)
    with pytest.raises(ConfigError):
        try_rules(part, f"{part.text}\n{more}\n", file, {})


def test_rules_are_put_into_the_file_and_the_old_one_is_kept(file: Path) -> None:
    """Nothing else of it differs; its rights stay."""
    file.chmod(0o640)
    before, part = read_text(file), rule_part(file)
    kept = put_live(file, add_word(part.text), stamp=part.stamp, environ={}, now=NOW)

    assert add_word(part.text) == rule_part(file).text
    assert before.replace(part.text, add_word(part.text)) == read_text(file)
    assert (before, "feeds.toml.20240304T010000Z") == (read_text(kept), kept.name)
    assert 0o640 == file.stat().st_mode & 0o777
    assert {"feeds.toml", kept.name, "glossary.toml"} == {one.name for one in file.parent.iterdir()}


def test_rules_that_were_changed_meanwhile_stay(file: Path) -> None:
    """Who comes second is shown what stands there."""
    part = rule_part(file)
    put_live(file, add_word(part.text), stamp=part.stamp, environ={}, now=NOW)
    with pytest.raises(RulesMoved) as refused:
        put_live(file, part.text, stamp=part.stamp, environ={}, now=NOW)

    assert add_word(part.text) == refused.value.theirs == rule_part(file).text


def test_another_change_of_the_file_is_kept(file: Path) -> None:
    """Somebody else may switch a feed on at the same time."""
    part = rule_part(file)
    file.write_text(f"# a note\n{read_text(file)}", encoding="utf-8")
    put_live(file, add_word(part.text), stamp=part.stamp, environ={}, now=NOW)

    assert read_text(file).startswith("# a note\n")


def test_lines_end_as_they_did(file: Path) -> None:
    """A form sends other ends than the file has."""
    file.write_bytes(b"\xef\xbb\xbf" + read_text(file).replace("\n", "\r\n").encode())
    part = rule_part(file)
    typed = add_word(part.text).replace("\n", "\r\n")
    put_live(file, typed, stamp=part.stamp, environ={}, now=NOW)
    written = file.read_bytes()

    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\n") == written.count(b"\r\n")
    assert add_word(part.text) == rule_part(file).text


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    """What it leads to is written."""
    link = tmp_path / "elsewhere.toml"
    link.symlink_to(file)
    part = rule_part(link)
    put_live(link, add_word(part.text), stamp=part.stamp, environ={}, now=NOW)

    assert (True, add_word(part.text)) == (link.is_symlink(), rule_part(file).text)


def test_a_full_disk_changes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays as it is."""
    before, part = read_text(file), rule_part(file)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="cannot be written: No space"):
        put_live(file, add_word(part.text), stamp=part.stamp, environ={}, now=NOW)

    assert before == read_text(file)
    assert [] == [one.name for one in file.parent.iterdir() if one.name.startswith(".")]
