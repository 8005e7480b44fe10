"""The verb evaluate: labelled rows and a configuration without feeds, and no database anywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from aggregator.curate.copies.vetoes import WINDOW
from tests.cli.conftest import Done, Program

SETS = Path(__file__).parent / "evaluate"
FILES = {
    "duplicates": "duplicates.jsonl",
    "sections": "sections.jsonl",
    "distractors": "distractors.jsonl",
    "keywords": "keywords.txt",
}
DOCS = Path(__file__).parents[2] / "docs" / "json.md"


@pytest.fixture
def rules(program: Program) -> Program:
    """The program in a folder that holds a configuration of rules alone."""
    shutil.copy(SETS / "feeds.toml", program.config)
    return program


def evaluate(program: Program, name: str, *options: str) -> Done:
    return program("evaluate", name, SETS / FILES[name], *options)


def as_json(program: Program, name: str, *options: str) -> dict[str, Any]:
    done = evaluate(program, name, "--json", *options)
    assert (0, "", 1) == (done.status, done.err, len(done.out.splitlines()))
    form: dict[str, Any] = json.loads(done.out)
    return form


def one_line(done: Done, pattern: str, status: int = 1) -> None:
    assert (status, "") == (done.status, done.out)
    assert 1 == len(done.err.splitlines()), done.err
    assert re.fullmatch(f"aggregator: {pattern}\n", done.err), done.err


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("options", [("--errors",), ("--errors", "--json")], ids=["text", "json"])
def test_what_it_says_is_as_it_was(rules: Program, name: str, options: tuple[str, ...]) -> None:
    """Every figure and every wrong row; it changes only together with its golden file."""
    done = evaluate(rules, name, *options)
    said = done.out
    if "--json" in options:
        said = json.dumps(json.loads(said), ensure_ascii=False, indent=1) + "\n"
    golden = SETS / f"{name}.{'golden.json' if '--json' in options else 'golden.txt'}"
    if os.environ.get("AGG_UPDATE_GOLDEN") == "1":
        golden.write_text(said, encoding="utf-8")

    assert (0, "") == (done.status, done.err)
    assert golden.read_text(encoding="utf-8") == said


@pytest.mark.parametrize("name", FILES)
def test_it_fits_a_terminal(rules: Program, name: str) -> None:
    """80 columns, of which a Korean character takes two."""
    for line in evaluate(rules, name, "--errors").out.splitlines():
        assert cell_len(line) <= 80, line


@pytest.mark.parametrize("name", FILES)
def test_without_errors_only_figures(rules: Program, name: str) -> None:
    """The same lines without the wrong rows, and null in their place."""
    short, full = evaluate(rules, name).out, evaluate(rules, name, "--errors").out

    assert full.startswith(short)
    assert "\nline " not in short
    assert as_json(rules, name)["errors"] is None


def documented(heading: str) -> set[str]:
    """The fields of a chapter's tables, each of them under its set's heading or the common one."""
    chapter = (
        DOCS.read_text(encoding="utf-8").partition("\n## evaluation\n")[2].partition("\n## ")[0]
    )
    part = chapter.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    cells = [row.split("|")[1] for row in part.splitlines() if row.startswith("| `")]
    return {field for cell in cells for field in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("name", FILES)
def test_every_field_is_documented(rules: Program, name: str) -> None:
    """Those of every set, those of this one, and those of its wrong rows."""
    form = as_json(rules, name, "--errors")
    wrong = "place" if name in {"sections", "distractors"} else name.removesuffix("s")

    assert documented("every set") | documented(name) == form.keys()
    assert form["errors"]
    for one in form["errors"]:
        assert documented(f"a wrong {wrong}") == one.keys()


def test_the_confusion_adds_up(rules: Program) -> None:
    """Each row is in one cell, and the right ones on the diagonal."""
    form = as_json(rules, "sections")
    cells = [(m, s, n) for m, chosen in form["confusion"].items() for s, n in chosen.items()]

    assert form["rows"] == sum(count for _, _, count in cells)
    assert form["right"] == sum(count for meant, said, count in cells if meant == said)
    assert form["accuracy"] == round(form["right"] / form["rows"], 4)


def test_a_wide_confusion_is_a_list(rules: Program, tmp_path: Path) -> None:
    """Where a line has no room for all sections, what is wrong stands there row by row."""
    text = rules.config.read_text(encoding="utf-8")
    block = text[text.rindex("[[sections]]") :]
    more = [f"a-very-long-name-of-section-{number}" for number in range(4)]
    rules.config.write_text(
        text + "".join(block.replace('"trend"', f'"{one}"') for one in more), encoding="utf-8"
    )
    rows = [{"title": "스마트시티", "agency": "서울특별시", "label": one} for one in more]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    out = rules("evaluate", "sections", file).out
    assert "wanted and chosen, where they differ" in out
    assert re.search(rf"^  {more[3]}  +trend  +1$", out, re.MULTILINE)
    assert all(cell_len(line) <= 80 for line in out.splitlines())


def test_the_rules_are_those_of_the_configuration(rules: Program) -> None:
    """Another threshold, another answer; other masks, other words."""
    before = as_json(rules, "sections"), as_json(rules, "keywords")
    text = rules.config.read_text(encoding="utf-8")
    text = text.replace("threshold = 8.0", "threshold = -1.0").replace('"드론축구", ', "")
    rules.config.write_text(text, encoding="utf-8")
    after = as_json(rules, "sections"), as_json(rules, "keywords")

    assert (0, 3) == tuple(one["by_kind"]["issue"]["found"] for one in (before[0], after[0]))
    assert (6, 7) == (before[1]["found"], after[1]["found"])


def test_of_a_pattern_what_it_found(rules: Program) -> None:
    """The pattern itself only for programs."""
    text = rules.config.read_text(encoding="utf-8")
    pattern = "re:데이터.{0,3}표준"
    rules.config.write_text(text.replace('"데이터"]', f'"{pattern}"]'), encoding="utf-8")

    out = " ".join(evaluate(rules, "sections", "--errors").out.split())
    assert "“데이터 표준” (by a pattern) +2 (tech, title)" in out
    assert "re:" not in out
    words = [
        hit["word"] for hit in as_json(rules, "sections", "--errors")["errors"][0]["trace"]["hits"]
    ]
    assert pattern in words


def test_the_gate_is_that_of_each_section(rules: Program) -> None:
    """A condition of one section opens no other's gate, and each has its own threshold."""
    text = rules.config.read_text(encoding="utf-8")
    trend = text[text.rindex('levels = ["metro"') :]
    own = f'must_any = ["tech@title"]\ntopic_threshold = 1.0\n{trend}'
    rules.config.write_text(text.replace(trend, own), encoding="utf-8")
    row = {"title": "드론 도입", "level": "ministry", "label": "trend"}

    done = rules("evaluate", "sections", "-", "--errors", stdin=json.dumps(row).encode())
    out = " ".join(done.out.split())
    assert "trend: 1 needed, opened by tech@title" in out
    assert "needed, no condition holds" in out


# --- what it leaves alone -------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_no_database_is_used(
    rules: Program, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is made beside the configuration, one out of reach is not asked for, and what was needed
    meanwhile is gone."""
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("AGG_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:1/nowhere")

    done = evaluate(rules, name)

    assert (0, "") == (done.status, done.err)
    assert [rules.config, scratch] == sorted(rules.folder.iterdir())
    assert [] == [*scratch.iterdir()]


def test_the_shipped_rules_can_be_evaluated(rules: Program) -> None:
    """Whatever they say of these rows; the sections of the rows are among theirs."""
    shipped = Path(__file__).parents[2] / "feeds.toml"
    shutil.copy(shipped, rules.config)

    for name in FILES:
        assert as_json(rules, name, "--errors")["set"] == name


def test_no_room_for_temporary_files(rules: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line; no other set needs such room."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")

    one_line(evaluate(rules, "duplicates"), r"there is no room for temporary files: .* \(TMPDIR .*")
    assert 0 == evaluate(rules, "sections").status


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_marks_and_line_ends(rules: Program, name: str, change: Any) -> None:  # noqa: ANN401
    """A mark of the byte order, and line ends of Windows, change nothing; - is standard input."""
    text = (SETS / FILES[name]).read_text(encoding="utf-8")
    said = rules("evaluate", name, "-", stdin=change(text).encode())

    assert (0, "") == (said.status, said.err)
    assert evaluate(rules, name).out == said.out


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("body", "pattern"),
    [
        (b"", "standard input has no rows"),
        (b"\n\r\n", "standard input has no rows"),
        (b"\xff\xfea\0", "standard input is not UTF-8 text"),
        ("드론|1|드론".encode("cp949"), "standard input is not UTF-8 text"),
        (b"nonsense", r"standard input: line 1: want .*"),
    ],
)
def test_a_file_that_is_none(rules: Program, name: str, body: bytes, pattern: str) -> None:
    """One line, as docs/errors.md has it."""
    one_line(rules("evaluate", name, "-", stdin=body), pattern)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read(rules: Program, name: str, tmp_path: Path) -> None:
    """It is named, with the reason."""
    one_line(rules("evaluate", name, tmp_path), r"cannot read /.*: Is a directory")
    one_line(rules("evaluate", name, "a\nb"), r"cannot read 'a\\nb': No such file or directory")


def test_a_file_that_is_too_large(rules: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not taken into memory."""
    monkeypatch.setattr("aggregator.cli.given.LARGEST", 1 << 20)
    too_large = b" " * ((1 << 20) + 1)

    one_line(
        rules("evaluate", "keywords", "-", stdin=too_large),
        "cannot read standard input: it is larger than 1 MiB",
    )


@pytest.mark.parametrize(
    ("name", "other", "pattern"),
    [
        ("duplicates", "sections", r"line 1: label: want 1 \(the same release\) or 0, not 'issue'"),
        ("sections", "duplicates", "line 1: label: want one of issue, project, trend, or null .*"),
        ("keywords", "sections", r"line 1: want 'word\|1 or 0\|sentence', not .*"),
        ("distractors", "keywords", "line 2: want a JSON object on each line: Expecting value .*"),
    ],
)
def test_the_file_of_another_set(rules: Program, name: str, other: str, pattern: str) -> None:
    """It says what it wants instead."""
    one_line(rules("evaluate", name, SETS / FILES[other]), f"{SETS}/.*: {pattern}")


def test_a_section_that_the_configuration_does_not_have(rules: Program) -> None:
    """Its sections are named."""
    rows = b'{"title": "t", "label": null}\n{"title": "t", "section": "special"}\n'

    for name in ("sections", "distractors"):
        one_line(
            rules("evaluate", name, "-", stdin=rows),
            "standard input: line 2: section: want one of issue, project, trend, or null for none,"
            " not 'special'",
        )


def test_no_configuration(rules: Program) -> None:
    """Its rules are what is evaluated."""
    rules.config.unlink()

    one_line(evaluate(rules, "keywords"), ".*there is no such file.*", status=2)


@pytest.mark.parametrize(
    ("args", "pattern"),
    [
        (("sections",), r"Missing argument 'FILE'. \(see aggregator evaluate sections --help\)"),
        (("nonsense", "x"), "No such command 'nonsense'.*"),
        (("sections", "x", "y"), r"Got unexpected extra argument \(y\).*"),
    ],
)
def test_a_wrong_call(rules: Program, args: tuple[str, ...], pattern: str) -> None:
    """Wrong use is status 2."""
    one_line(rules("evaluate", *args), pattern, status=2)


def test_hostile_rows_move_no_cursor(rules: Program) -> None:
    """What would act on a terminal is not shown, in whatever field it stands."""
    evil = "\x1b[2J\x07\u202e스마트시티\u2028"
    pair = {"a": {"title": evil, "agency": evil, "summary": evil}, "b": {"title": "다른 일"},
            "label": 1, "kind": evil}  # fmt: skip
    row = {"title": evil, "agency": evil, "summary": evil, "category": evil, "section": None,
           "level": "city"}  # fmt: skip
    word = f"드론{evil}|1|{evil}"
    for name, line in (
        ("duplicates", json.dumps(pair)),
        ("sections", json.dumps(row)),
        ("distractors", json.dumps(row)),
        ("keywords", word),
    ):
        done = rules("evaluate", name, "-", "--errors", stdin=line.encode())
        assert (0, "") == (done.status, done.err)
        assert "\nline 1" in done.out
        assert all(part.isprintable() for part in done.out.split("\n")), done.out


def test_progress_is_for_terminals(rules: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes, standard error stays empty where nobody looks."""
    monkeypatch.setattr("aggregator.cli.progress.PATIENCE", -1.0)
    assert "" == evaluate(rules, "duplicates").err

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "Folding pairs" in evaluate(rules, "duplicates").err


def test_the_window_is_said_right(rules: Program) -> None:
    """The number of days is that of the rules."""
    out = evaluate(rules, "duplicates", "--errors").out

    assert f"more than {WINDOW.days} days between them" in out
