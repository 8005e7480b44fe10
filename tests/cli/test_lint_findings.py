"""What the lint before publishing says, typed in as an editor would have it, fault by fault."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import Program, rss

ROOT = Path(__file__).parents[2]
LINT = ROOT / "aggregator" / "issue" / "lint"
ADD = ("add", "--section", "trend", "--body", "seoul")
DAY = ("--day", "2024-02-20")

FAULTS: Mapping[str, tuple[str, ...]] = {
    "day-outside": (*ADD, "--title", "지난달 소식", "--url", "https://a.example/1", "--day", "2024-01-15"),
    "day-ahead": (*ADD, "--title", "앞날 소식", "--url", "https://a.example/2", "--day", "2024-03-20"),
    "long": (*ADD, "--title", "긴 소식 " * 20, "--url", "https://a.example/3", *DAY),
    "twice": (*ADD, "--title", "두 번째 소식", "--url", "https://a.example/3#top", *DAY),
    "body-unknown": ("add", "--section", "trend", "--title", "누구 소식", "--url", "https://a.example/4", *DAY),
}  # fmt: skip
"""What is typed in, by the code that it comes to."""


def codes(program: Program, *options: str) -> dict[str, str]:
    """Severity by code of what ``lint`` finds."""
    form = json.loads(program("lint", "--json", *(options or ("--offline",))).out)
    return {one["code"]: one["severity"] for one in form["findings"]}


def test_each_fault_is_said_before_publishing(fed: Program) -> None:
    """Red and amber as documented; the red ones refuse, whoever answers for the others."""
    fed("draft")
    for command in FAULTS.values():
        done = fed(*command)
        assert 0 == done.status, done.err

    found = codes(fed)
    done = fed("publish", "--accept-warnings", "Kim")

    wanted = {"day-outside": "amber", "day-ahead": "red", "long": "amber", "body-unknown": "amber"}
    wanted |= {"section-empty": "amber", "untranslated": "amber", "twice": "red"}
    assert wanted == {code: severity for code, severity in found.items() if code in wanted}
    assert 1 == done.status
    head, *lines = done.err.removeprefix("aggregator: ").splitlines()
    assert "No. 48 is not published" in head
    assert {"red"} == {line.removeprefix("aggregator: ").split()[0] for line in lines}


def test_a_page_that_is_gone_is_red(fed: Program, web: dict[str, bytes]) -> None:
    """Asked by a GET; the lint ends with 1, as for anything found."""
    web["/seoul.xml"] = rss("스마트시티 연구 협력", feed="seoul", day=20).replace(
        b"https:", b"http:"
    )
    fed("refresh", "--all")
    fed("draft")

    done = fed("lint", "--json")

    form = json.loads(done.out)
    dead = [one for one in form["findings"] if one["code"] == "link-dead"]
    assert (1, ["red"]) == (done.status, [one["severity"] for one in dead])
    assert "404" in dead[0]["message"]


def test_what_an_earlier_issue_had_is_told(fed: Program) -> None:
    """Once an editor takes it again, by the number of that issue."""
    fed("draft")
    assert 0 == fed("publish", "--accept-warnings", "Kim").status
    fed("draft", now="2024-03-10T10:00")
    assert 0 == fed("accept", "연구", now="2024-03-10T10:00").status

    done = fed("lint", "--offline", now="2024-03-10T10:00")

    assert "it was printed in No. 48" in done.out


@pytest.mark.parametrize(
    ("licence", "wanted"),
    [("KOGL-4", {"licence-translated": "amber"}), ("KOGL-1", {})],
)
def test_a_licence_that_forbids_changes_is_heeded(
    fed: Program, licence: str, wanted: dict[str, str]
) -> None:
    """A translation is told where the feed's licence forbids changes, and only there."""
    text = fed.config.read_text(encoding="utf-8")
    named = text.replace('body = "seoul"', f'body = "seoul"\nlicence = "{licence}"', 1)
    fed.config.write_text(named, encoding="utf-8")
    fed("draft")
    exported = fed("translation", "export", "--lang", "en").out
    head, *entries = exported.split("\n\n")
    file = fed.folder / "48.po"
    file.write_text(
        "\n\n".join(
            [head, *(one.replace('msgstr ""', 'msgstr "A smart city"') for one in entries)]
        ),
        encoding="utf-8",
    )
    assert 0 == fed("translation", "import", "48", str(file), "--lang", "en").status

    found = codes(fed)

    assert wanted == {code: one for code, one in found.items() if code.startswith("licence")}
    assert "untranslated" not in found


def test_every_code_is_documented() -> None:
    """In docs/lint.md, and nothing there that no rule says."""
    named = re.compile(r'code="([a-z-]+)"|_(?:of|found)\(\s*\w+,\s*"([a-z-]+)"')
    said = {
        one or other
        for file in LINT.glob("*.py")
        for one, other in named.findall(file.read_text(encoding="utf-8"))
    }
    table = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
    documented = {
        code
        for line in table.splitlines()
        if re.match(r"\| `[a-z-]+`.*\| (?:red|amber)", line)
        for code in re.findall(r"`([a-z-]+)`", line.split("|")[1])
    }
    sources = "".join(file.read_text(encoding="utf-8") for file in LINT.glob("*.py"))
    assert set() == said - documented
    composed = re.compile(r"(?:number|amount|day|hour|phone)-(?:wrong|missing|added)")
    assert set() == {
        code for code in documented if f'"{code}"' not in sources and not composed.fullmatch(code)
    }
