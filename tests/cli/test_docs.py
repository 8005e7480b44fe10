"""The documents keep up with the program: verbs, options, error codes, commands of the README."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from aggregator.cli.app import VERBS, aggregator
from aggregator.domain import dispatching, edit_errors, errors
from aggregator.domain.errors import AggregatorError

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every verb that does something, verbs of a group by both names."""
    context = click.Context(aggregator)
    for verb in VERBS:
        command = aggregator.get_command(context, verb)
        if isinstance(command, click.Group):
            yield from ((f"{verb} {name}", inner) for name, inner in command.commands.items())
        elif command is not None:
            yield verb, command


COMMANDS = dict(commands())


def chapters() -> dict[str, str]:
    """docs/cli.md by heading; what stands before the first one is ""."""
    head, *rest = (DOCS / "cli.md").read_text(encoding="utf-8").split("\n## ")
    return {"": head} | {name: text for name, _, text in (part.partition("\n") for part in rest)}


def documented_options(text: str) -> set[str]:
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `-")]
    return {option for row in rows for option in re.findall(r"`(--?[a-z-]+)", row)}


def options_of(command: click.Command) -> set[str]:
    found = (p for p in command.params if isinstance(p, click.Option))
    return {name for option in found for name in (*option.opts, *option.secondary_opts)}


def test_every_verb_has_its_chapter() -> None:
    """In the order of the help, and no chapter is left of a verb that is gone."""
    assert ["", *COMMANDS] == list(chapters())


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_option_is_documented(verb: str) -> None:
    """Those of the verb and no others."""
    assert options_of(COMMANDS[verb]) == documented_options(chapters()[verb])


def test_the_options_of_the_program_are_documented() -> None:
    """Those that stand before the verb."""
    assert options_of(aggregator) | {"--help", "-h"} == documented_options(chapters()[""])


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_has_an_example(verb: str) -> None:
    """One that the program understands, up to its pipe."""
    blocks = re.findall(r"```sh\n(.*?)```", chapters()[verb], re.DOTALL)

    assert blocks
    for block in blocks:
        check_commands(block)


def check_commands(block: str) -> None:
    """Let click parse each line that calls the program, without carrying it out."""
    for line in block.splitlines():
        words = shlex.split(line, comments=True)
        if not words or words[0] != "aggregator":
            continue
        end = next((n for n, word in enumerate(words) if word in {"|", ">", "&&"}), len(words))
        verb, *rest = words[1:end]
        while verb in options_of(aggregator):
            _value, verb, *rest = rest
        name = verb if verb in COMMANDS else f"{verb} {rest.pop(0)}"
        COMMANDS[name].make_context(name, rest)


@pytest.mark.parametrize("file", ["README.md", "README.ko.md"])
def test_the_commands_of_the_readme_are_understood(file: str) -> None:
    """Every line that calls the program has verbs and options that exist."""
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|bash|console)?\n(.*?)```", text, re.DOTALL)

    for block in blocks:
        check_commands(block)


@pytest.mark.parametrize("file", [*DOCS.glob("*.md"), *ROOT.glob("*.md")], ids=lambda f: f.name)
def test_links_lead_somewhere(file: Path) -> None:
    """Every relative link of a document names a file, and its fragment a heading."""
    text = file.read_text(encoding="utf-8")
    for target, fragment in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text):
        to = file.parent / target if target else file
        assert to.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.*)$", to.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings}
            anchors = set(re.findall(r'<a id="([\w-]+)">', to.read_text(encoding="utf-8")))
            assert fragment in slugs | anchors, f"{target}#{fragment}"


ERRORS = [
    kind
    for kind in {**vars(errors), **vars(edit_errors), **vars(dispatching)}.values()
    if isinstance(kind, type) and issubclass(kind, AggregatorError)
]


def test_error_codes_are_unique() -> None:
    """A code means one thing."""
    codes = [kind.code for kind in ERRORS]

    assert sorted(set(codes)) == sorted(codes)


def test_every_error_is_drawn_in_the_tree() -> None:
    """The drawings at the heads of the modules name each class."""
    drawn = f"{errors.__doc__}{edit_errors.__doc__}"

    assert [] == [kind.__name__ for kind in ERRORS if not re.search(rf"\b{kind.__name__}\b", drawn)]


def test_every_error_code_is_documented() -> None:
    """With its exit status, in a table of its own, and none that is gone."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d) \|", text, re.MULTILINE)

    assert {kind.code: str(kind.exit_status) for kind in ERRORS} == dict(rows)
    assert len(rows) == len(ERRORS)
