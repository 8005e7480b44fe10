"""The verb suggestions: lines to try, with their evidence; and that they do what they say."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Program, rss

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def corrected(program: Program, web: dict[str, bytes]) -> Program:
    """The program after an editor took two that the rules left out, and dropped two."""
    web["/seoul.xml"] = rss(
        "도심융합특구 지정 환영", "올해 도심융합특구 착공", "스마트시티 체험관 휴관",
        "스마트시티 체험관 관람 안내", "스마트시티 연구 협력", feed="seoul", day=20,
    )  # fmt: skip
    program("refresh", "--all")
    for title in ("도심융합특구 지정 환영", "올해 도심융합특구 착공"):
        assert 0 == program("accept", "--section", "trend", title).status
    for title in ("스마트시티 체험관 휴관", "스마트시티 체험관 관람 안내"):
        assert 0 == program("drop", "--why", "no policy", title).status
    return program


def test_the_suggestions(corrected: Program) -> None:
    """As they are printed; AGG_UPDATE_GOLDEN=1 writes them anew."""
    done = corrected("suggestions")

    assert (0, "") == (done.status, done.err)
    told = done.out.replace(f"{corrected.folder}/", "")
    golden = GOLDEN / "suggestions.txt"
    if os.environ.get("AGG_UPDATE_GOLDEN") == "1":
        golden.write_text(told, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == told


def test_nothing_is_changed(corrected: Program) -> None:
    """Neither the store nor the configuration."""
    rows, text = corrected.rows(), corrected.config.read_text(encoding="utf-8")

    corrected("suggestions")

    assert rows == corrected.rows()
    assert text == corrected.config.read_text(encoding="utf-8")


def test_a_line_does_in_the_lab_what_was_said(corrected: Program) -> None:
    """Written into a copy, it gains the stories that were its evidence."""
    advice = json.loads(corrected("suggestions", "--json").out)
    one = next(one for one in advice["suggestions"] if one["kind"] == "missed")
    (line,) = one["lines"]
    assert "groups.core.words" == line["key"]
    text = corrected.config.read_text(encoding="utf-8")
    other = corrected.folder / "other.toml"
    other.write_text(text.replace("words = [", f"words = [{line['line']} "), encoding="utf-8")

    report = json.loads(corrected("lab", "--config", other, "--json").out)

    assert {"trend"} == {one["to"] for one in report["gained"]}
    assert {d["id"] for d in one["evidence"]} == {gained["id"] for gained in report["gained"]}


def test_nothing_to_suggest(fed: Program) -> None:
    """Is said, with what it would take; and that there is no story at all."""
    assert "Nothing to suggest: that takes 2 corrections" in fed("suggestions").out
    none = fed("suggestions", "--since", "2024-03-01")
    assert "No story of these days is stored: nothing to learn from.\n" == none.out
